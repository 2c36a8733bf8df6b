"""Lints: ruff and prettier on the checkout; pylint-odoo and the OCA's checks on a staged copy."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from environment import databases, paths, prettier, setup, staging, system_packages

from . import Options

TITLE = "lint: ruff, prettier, pylint-odoo, OCA"
STAGE = paths.STAGE / "lint"

DISABLED_PYLINT = {
    "missing-readme": "it wants a README.rst; this project's README is Markdown",
}
DISABLED_OCA = {
    "prefer-readme-rst": "likewise",
    "xml-header-wrong": "it wants UTF-8 in capitals; Odoo writes utf-8, and both mean the same",
}


def run(options: Options) -> list[str]:
    system_packages.ensure(system_packages.GIT)
    setup.python()
    stage = staging.stage(STAGE)
    # The OCA's tools ask git which files there are.
    for arguments in (["init", "--quiet"], ["add", "--all", "--force"]):
        subprocess.run(["git", *arguments], cwd=STAGE, check=True, capture_output=True)
    return [
        *_ruff("check", "--quiet", "--output-format=concise"),
        *_ruff("format", "--check", "--quiet", "--output-format=concise"),
        *_prettier(),
        *_pylint(stage),
        *_tool("oca-checks-odoo-module", [f"--disable={','.join(DISABLED_OCA)}", stage.name]),
        *_oca_po(stage),
    ]


def _ruff(*arguments: str) -> list[str]:
    return _tool("ruff", [*arguments, "."], cwd=paths.REPOSITORY, label=f"ruff {arguments[0]}")


def _prettier() -> list[str]:
    done = prettier.call("--list-different", staging.files())
    found = [f"prettier: {line}: run ./dev/format" for line in done.stdout.splitlines()]
    return found + [f"prettier: {line}" for line in done.stderr.splitlines() if line.strip()]


def _pylint(stage: Path) -> list[str]:
    rules = f"--rcfile={paths.REPOSITORY / '.pylintrc'}"
    return _tool("pylint", [rules, f"--disable={','.join(DISABLED_PYLINT)}", stage.name])


def _oca_po(stage: Path) -> list[str]:
    files = [str(path.relative_to(STAGE)) for path in sorted(stage.glob("i18n/*.po*"))]
    return _tool("oca-checks-po", files) if files else []


def _tool(name: str, arguments: Sequence[str], *, cwd: Path = STAGE, label: str = "") -> list[str]:
    """The lines a tool of the virtual environment prints when it finds something."""
    done = subprocess.run(
        [str(paths.VENV / "bin" / name), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **databases.odoo_environment()},
    )
    if done.returncode == 0:
        return []
    lines = f"{done.stdout}\n{done.stderr}".splitlines()
    lines = [line for line in lines if line.strip() and not line.startswith("*****")]
    return [f"{label or name}: {line}" for line in lines] or [
        f"{name} ended with status {done.returncode}"
    ]
