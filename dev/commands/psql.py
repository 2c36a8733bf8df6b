"""./dev/psql DATABASE …: psql on the server that Odoo uses here."""

import os

from environment import paths, setup


def main(arguments: list[str]) -> int:
    server = setup.prepare().server
    command = [server.psql, *(arguments or [paths.ADDON])]
    os.execvpe(command[0], command, {**os.environ, **server.environment})
