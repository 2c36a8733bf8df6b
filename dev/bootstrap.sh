# Sourced by every command in dev/: finds a Python that Odoo 19 accepts, then hands over to it.
#
#     . "$(dirname "$(readlink -f "$0")")/bootstrap.sh"
#     run start "$@"        # runs dev/commands/start.py
#
# Everything after this file is Python and needs nothing but the standard library, until the
# project's own virtual environment exists.

set -euo pipefail

DEV="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"

# Odoo 19 runs on Python 3.10 to 3.13. The machine's own interpreter comes first: one from a version
# manager in somebody's home folder cannot be used by another user.
usable_python() {
    local candidate
    for candidate in "${CUSTOMER_SUCCESS_PYTHON:-}" /usr/bin/python3 /usr/bin/python3.1{3,2,1,0} \
        python3 python3.13 python3.12 python3.11 python3.10; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

install_python() {
    local sudo=""
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        sudo="sudo -n"
    fi
    command -v apt-get >/dev/null || return 1
    echo "· Python is missing: installing python3 and python3-venv" >&2
    { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends python3 python3-venv; } >/dev/null 2>&1 || return 1
}

run() {
    local command="$1" python
    shift
    if ! python="$(usable_python)"; then
        if ! install_python || ! python="$(usable_python)"; then
            {
                echo "✗ Finding Python failed: Odoo 19 needs Python 3.10, 3.11, 3.12 or 3.13."
                echo "  Ask an administrator for:  apt-get install python3 python3-venv"
                echo "  or name an interpreter:    CUSTOMER_SUCCESS_PYTHON=/path/to/python3 dev/$command"
            } >&2
            exit 1
        fi
    fi
    PYTHONPATH="$DEV${PYTHONPATH:+:$PYTHONPATH}" PYTHONDONTWRITEBYTECODE=1 \
        exec "$python" -m commands "$command" "$@"
}
