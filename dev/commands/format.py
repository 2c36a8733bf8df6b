"""./dev/format: apply the project's layout (ruff and prettier) to the files of the checkout."""

import argparse
import subprocess
import sys

from environment import paths, prettier, setup, staging
from environment.report import say


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev/format", description=__doc__)
    parser.add_argument("paths", nargs="*", help="only these files or folders")
    options = parser.parse_args(arguments)
    setup.python()
    ruff = [str(paths.VENV / "bin" / "ruff")]
    wanted = options.paths or ["."]
    fixed = subprocess.run([*ruff, "check", "--fix", "--quiet", *wanted], cwd=paths.REPOSITORY)
    subprocess.run([*ruff, "format", "--quiet", *wanted], cwd=paths.REPOSITORY, check=True)
    files = [path for path in staging.files() if _is_wanted(str(path), options.paths)]
    done = prettier.call("--write", files)
    sys.stderr.write(done.stderr)
    if fixed.returncode or done.returncode:
        say("What is listed above needs a person.")
        return 1
    return 0


def _is_wanted(name: str, chosen: list[str]) -> bool:
    prefixes = [each.removeprefix("./").rstrip("/") for each in chosen]
    return not prefixes or any(
        name == each or name.startswith(f"{each}/") or each == "." for each in prefixes
    )
