"""./dev/psql DATABASE …: psql on the server that Odoo uses here."""

import os
import shutil

from environment import setup
from environment.report import Trouble


def main(arguments: list[str]) -> int:
    server = setup.prepare().server
    psql = shutil.which("psql") or (str(server.bin / "psql") if server.bin else "")
    if not psql:
        raise Trouble(
            "psql is not installed.", "Ask an administrator for:  apt-get install postgresql-client"
        )
    os.execve(
        psql, [psql, *(arguments or ["customer_success"])], {**os.environ, **server.environment}
    )
