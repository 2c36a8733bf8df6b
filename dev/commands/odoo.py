"""./dev/odoo ARGUMENTS: Odoo's own command line, in the prepared environment.

./dev/odoo shell -d customer_success
./dev/odoo -d customer_success -u customer_success --stop-after-init
"""

import os

from environment import databases, setup
from environment.report import Trouble


def main(arguments: list[str]) -> int:
    if arguments[:2] == ["i18n", "export"]:
        raise Trouble(
            "Odoo would walk the addon's folder and never leave its .work.",
            "Use ./dev/i18n instead.",
        )
    setup.prepare()
    command = databases.odoo_command(*arguments)
    os.execve(command[0], command, {**os.environ, **databases.odoo_environment()})
