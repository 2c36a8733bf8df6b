"""The whole environment in its order: system, Python, Odoo, PostgreSQL, configuration."""

from typing import NamedTuple

from . import configuration, odoo_source, paths, postgres, python_env, system_packages
from .locks import exclusive
from .odoo_source import Odoo
from .postgres import Server


class Environment(NamedTuple):
    """What a command that runs Odoo has in hand."""

    odoo: Odoo
    server: Server


def python() -> None:
    """Enough for the tools that only read files."""
    paths.make_folders()
    with exclusive("setup"):
        python_env.ensure()


def prepare() -> Environment:
    """Everything Odoo needs to run. On a prepared machine: well under a second."""
    paths.make_folders()
    with exclusive("setup"):
        system_packages.ensure(
            system_packages.POSTGRESQL,
            system_packages.CHROMIUM,
            system_packages.WKHTMLTOPDF,
            system_packages.CHINESE_FONT,
        )
        python_env.ensure()
        odoo = odoo_source.ensure()
        python_env.see(odoo.python_path)
        server = postgres.ensure()
        configuration.write(odoo, server)
    return Environment(odoo, server)
