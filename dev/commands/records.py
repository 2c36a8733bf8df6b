"""./dev/records FILE: real purchase records, imported and judged; ./dev/records --help says more."""

import os
import subprocess

from import_records import options

from environment import databases, paths, setup


def main(arguments: list[str]) -> int:
    chosen = options.parse(arguments)
    environment = setup.prepare()
    databases.build(environment.odoo, environment.server, chosen.database, demo=False)
    try:
        python = databases.odoo_command()[0]
        return subprocess.run(
            [python, "-m", "import_records", *arguments],
            env={**os.environ, **databases.odoo_environment(), "PYTHONPATH": str(paths.DEV)},
        ).returncode
    finally:
        if not chosen.keep:
            databases.drop(environment.server, chosen.database)
