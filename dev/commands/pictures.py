"""./dev/pictures NAME=PATH …: pictures of the running demo, taken by the system's Chromium.

./dev/start &                                      # first
./dev/pictures profiles=/odoo/customers            # .work/pictures/profiles.png
./dev/pictures --dark --lang zh_CN board=/odoo/board
./dev/pictures --width 390 --height 844 --login portal --password portal home=/my
"""

import os

from environment import databases, paths, private_packages, setup, system_packages


def main(arguments: list[str]) -> int:
    setup.python()
    system_packages.ensure(
        system_packages.CHROMIUM, system_packages.CHINESE_FONT, system_packages.LIBATOMIC
    )
    command = [databases.odoo_command()[0], "-m", "inside.pictures", *arguments]
    environment = {**os.environ, **databases.odoo_environment(), "PYTHONPATH": str(paths.DEV)}
    environment.update(private_packages.environment())
    environment["CUSTOMER_SUCCESS_PICTURES"] = str(paths.WORK / "pictures")
    os.execve(command[0], command, environment)
