"""./dev/stop: stop the private PostgreSQL server, which otherwise stays up between commands."""

import argparse

from environment import postgres
from environment.report import say


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="./dev/stop", description=__doc__).parse_args(arguments)
    say("PostgreSQL stopped." if postgres.stop() else "PostgreSQL was not running.")
    return 0
