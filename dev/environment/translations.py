"""The addon's translation template, as Odoo exports it, and its translations."""

import os
import shutil
import subprocess
from pathlib import Path

from . import configuration, databases, paths, python_env, setup, staging
from .locks import exclusive
from .report import step
from .shell import run

LANGUAGES = ("zh_CN",)
"""Languages that have to be complete."""
FOLDER = paths.REPOSITORY / "i18n"
TEMPLATE = FOLDER / f"{paths.ADDON}.pot"
DATABASE = "cs_bare"
"""Without demo: what a customer of ours sees is translated, invented customers' names are not."""


def export() -> Path:
    """Export the template from a database that is up to date; return the exported file."""
    environment = setup.prepare()
    target = paths.WORK / TEMPLATE.name
    with exclusive(f"database-{DATABASE}"):
        ours = databases.is_ours(environment.server, DATABASE)
        if not (ours and databases.is_current(DATABASE)):
            databases.build(environment.odoo, environment.server, DATABASE, demo=False)
        # From a copy: Odoo walks the addon's folder and follows links, and the checkout holds .work,
        # which holds a link to the checkout.
        with step("Translations: exporting the template"), staging.staged() as stage:
            command = ["i18n", "export", paths.ADDON, "-d", DATABASE, "-o", str(target)]
            run(
                databases.odoo_command(*command, "-c", str(configuration.write_for(stage.parent))),
                log="i18n-export",
                env=databases.odoo_environment(),
                cwd=paths.WORK,
            )
    return target


def undated(path: Path) -> list[str]:
    """The lines of a template, but for those that say when it was made."""
    dates = ('"POT-Creation-Date', '"PO-Revision-Date')
    return [line for line in path.read_text().splitlines() if not line.startswith(dates)]


def refresh() -> bool:
    """Bring the checkout's template and translations up to date; say if the template changed."""
    exported = export()
    changed = not TEMPLATE.exists() or undated(exported) != undated(TEMPLATE)
    if changed:
        FOLDER.mkdir(exist_ok=True)
        shutil.copyfile(exported, TEMPLATE)
    for language in LANGUAGES:
        po("merge", language)
    return changed


def po(action: str, language: str, *, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """Run ``inside.po`` on the template and one translation."""
    return subprocess.run(
        [str(python_env.PYTHON), "-m", "inside.po", action, TEMPLATE, FOLDER / f"{language}.po"],
        capture_output=quiet,
        text=True,
        env={**os.environ, "PYTHONPATH": str(paths.DEV)},
    )
