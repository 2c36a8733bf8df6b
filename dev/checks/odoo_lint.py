"""The lints Odoo runs on itself: indexes, override signatures, routes, manifests, gettext, SQL."""

import os
import subprocess

from environment import configuration, databases, paths, python_env, setup, staging
from environment.locks import exclusive

from . import Options, suite

TITLE = "odoo-lint: what Odoo checks on itself"


def run(options: Options) -> list[str]:
    environment = setup.prepare()
    with exclusive(f"database-{suite.DATABASE}"), staging.staged() as stage:
        problems = suite.ensure_database(environment, options)
        done = subprocess.run(
            [
                *(str(python_env.PYTHON), "-m", "inside.odoo_lint"),
                *(suite.DATABASE, str(configuration.write_for(stage.parent)), str(stage)),
            ],
            capture_output=True,
            text=True,
            cwd=paths.WORK,
            env={**os.environ, **databases.odoo_environment(), "PYTHONPATH": str(paths.DEV)},
        )
    if done.returncode == 0:
        return problems
    found = done.stdout.strip().split("odoo-lint: ")[1:] or [done.stderr.strip()[-2000:]]
    return [*problems, *(each.strip() for each in found)]
