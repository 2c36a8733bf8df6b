"""./dev/python ARGUMENTS: the virtual environment's Python, in which Odoo can be imported."""

import os

from environment import databases, setup


def main(arguments: list[str]) -> int:
    setup.prepare()
    command = [databases.odoo_command()[0], *arguments]
    os.execve(command[0], command, {**os.environ, **databases.odoo_environment()})
