"""./dev/newdb NAME: a fresh database with the addon installed, in seconds."""

import argparse

from environment import databases, setup
from environment.report import say


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev/newdb", description=__doc__)
    parser.add_argument("name", help="the database; replaced when it exists")
    parser.add_argument("--demo", action="store_true", help="with demo data")
    parser.add_argument(
        "--empty", action="store_true", help="only what the addon depends on, not the addon"
    )
    options = parser.parse_args(arguments)
    environment = setup.prepare()
    if options.empty:
        source = databases.template(environment.odoo, environment.server, demo=options.demo)
        databases.copy(environment.server, source, options.name)
    else:
        databases.build(environment.odoo, environment.server, options.name, demo=options.demo)
    say(f"Ready: ./dev/odoo -d {options.name}   ./dev/psql {options.name}")
    return 0
