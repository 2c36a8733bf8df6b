"""./dev/setup: prepare this machine, and start nothing but PostgreSQL."""

import argparse

from environment import databases, setup
from environment.report import say


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="./dev/setup", description=__doc__).parse_args(arguments)
    environment = setup.prepare()
    for demo in (False, True):
        databases.template(environment.odoo, environment.server, demo=demo)
    say(f"Ready: Odoo {environment.odoo.version}, PostgreSQL on {environment.server.host}.")
    return 0
