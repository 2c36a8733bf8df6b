"""Lints: ruff and prettier on the checkout; pylint-odoo and the OCA's checks on a staged copy."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from environment import databases, paths, prettier, setup, staging, system_packages

from . import Options

TITLE = "lint: ruff, prettier, pylint-odoo, OCA"

DISABLED_PYLINT = {
    "consider-merging-classes-inherited": "a model is extended in each room that adds to it",
    "missing-readme": "it wants a README.rst; this project's README is Markdown",
}
DISABLED_OCA = {
    "prefer-readme-rst": "likewise",
    "xml-field-numeric-without-eval": "Odoo turns numbers into numbers, and core writes them so",
    "xml-header-wrong": "it wants UTF-8 in capitals; Odoo writes utf-8, and both mean the same",
}
DISABLED_PO = {
    "po-pretty-format": "it empties translations that equal their source, so none could be complete",
}


def run(options: Options) -> list[str]:
    system_packages.ensure(system_packages.GIT)
    setup.python()
    with staging.staged() as stage:
        # The OCA's tools ask git which files there are.
        for arguments in (["init", "--quiet"], ["add", "--all", "--force"]):
            subprocess.run(["git", *arguments], cwd=stage.parent, check=True, capture_output=True)
        return [
            *_ruff("check", "--quiet", "--output-format=concise"),
            *_ruff("format", "--check", "--quiet", "--output-format=concise"),
            *_prettier(),
            *_pylint(stage),
            *_oca(stage),
        ]


def _ruff(*arguments: str) -> list[str]:
    return _tool("ruff", [*arguments, "."], cwd=paths.REPOSITORY, label=f"ruff {arguments[0]}")


def _prettier() -> list[str]:
    done = prettier.call("--list-different", staging.files())
    found = [f"prettier: {line}: run ./dev/format" for line in done.stdout.splitlines()]
    return found + [f"prettier: {line}" for line in done.stderr.splitlines() if line.strip()]


def _pylint(stage: Path) -> list[str]:
    rules = f"--rcfile={paths.REPOSITORY / '.pylintrc'}"
    disabled = f"--disable={','.join(DISABLED_PYLINT)}"
    return _tool("pylint", [rules, disabled, stage.name], cwd=stage.parent)


def _oca(stage: Path) -> list[str]:
    disabled = f"--disable={','.join(DISABLED_OCA)}"
    found = _tool("oca-checks-odoo-module", [disabled, stage.name], cwd=stage.parent)
    files = [str(path.relative_to(stage.parent)) for path in sorted(stage.glob("i18n/*.po*"))]
    if files:
        disabled = f"--disable={','.join(DISABLED_PO)}"
        found += _tool("oca-checks-po", [disabled, *files], cwd=stage.parent)
    return found


def _tool(name: str, arguments: Sequence[str], *, cwd: Path, label: str = "") -> list[str]:
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
