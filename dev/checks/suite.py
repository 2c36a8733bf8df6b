"""The addon's tests, browser tests included, by pytest-odoo on a database with demo data."""

import os
import subprocess
import sys
from pathlib import Path

from environment import databases, paths, python_env, setup
from environment.locks import exclusive
from environment.setup import Environment

from . import Options, odoo_log, written_tests

TITLE = "odoo: all tests on a database with demo"
DATABASE = "cs_test"
REPORT = paths.LOGS / "tests.xml"
INSTALL_LOG = paths.LOGS / "tests-install.log"
LOG = paths.LOGS / "tests-odoo.log"
NOTHING_COLLECTED = 5
"""pytest's exit status when no test was found."""


def run(options: Options) -> list[str]:
    environment = setup.prepare()
    with exclusive(f"database-{DATABASE}"):
        problems = ensure_database(environment, options)
        for leftover in (REPORT, LOG):
            leftover.unlink(missing_ok=True)
        status = _pytest(options)
        partial = bool(options.expression)
        if status == NOTHING_COLLECTED and partial:
            problems.append(f"no test matches -k {options.expression!r}")
        elif status:
            problems.append("tests fail; see above")
        if LOG.exists():
            problems += odoo_log.problems(LOG, whose="testing")
        if REPORT.exists() and not partial:
            problems += written_tests.problems(REPORT)
    return problems


def ensure_database(environment: Environment, options: Options) -> list[str]:
    """Build the test database when the addon has changed; return what its installation logged."""
    current = databases.is_ours(environment.server, DATABASE) and databases.is_current(DATABASE)
    if current and not options.fresh:
        return []
    databases.build(environment.odoo, environment.server, DATABASE, demo=True, log=INSTALL_LOG)
    return odoo_log.problems(INSTALL_LOG, whose="installing with demo")


def _pytest(options: Options) -> int:
    folders = [paths.ADDON_LINK / folder for folder in written_tests.FOLDERS]
    command: list[str | Path] = [
        *(python_env.PYTHON, "-m", "pytest", *(folder for folder in folders if folder.is_dir())),
        *("-c", paths.ADDON_LINK / "pyproject.toml", f"--rootdir={paths.ADDONS}"),
        *(f"--odoo-database={DATABASE}", f"--odoo-config={paths.ODOO_CONF}", "--odoo-http"),
        *("--odoo-log-level=warn", f"--odoo-extra=logfile={LOG}"),
        *("-q", "--tb=short", "-o", "junit_family=xunit2", f"--junit-xml={REPORT}"),
        *(["-k", options.expression] if options.expression else []),
    ]
    sys.stdout.flush()
    env = {
        **os.environ,
        **databases.odoo_environment(),
        "PYTHONWARNINGS": "ignore::DeprecationWarning",
    }
    return subprocess.run([str(word) for word in command], env=env, cwd=paths.WORK).returncode
