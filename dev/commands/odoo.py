"""./dev/odoo ARGUMENTS: Odoo's own command line, in the prepared environment.

./dev/odoo shell -d customer_success
./dev/odoo -d customer_success -u customer_success --stop-after-init
"""

import os

from environment import databases, setup


def main(arguments: list[str]) -> int:
    setup.prepare()
    command = databases.odoo_command(*arguments)
    os.execve(command[0], command, {**os.environ, **databases.odoo_environment()})
