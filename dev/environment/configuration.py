"""Odoo's configuration file, written so that Odoo itself has nothing to warn about."""

from . import paths
from .odoo_source import Odoo
from .postgres import Server

HTTP_PORT = 8069


def write(odoo: Odoo, server: Server) -> None:
    """Write ``.work/odoo.conf``; every command passes it on through ``ODOO_RC``."""
    options = {
        "addons_path": ",".join(map(str, (paths.ADDONS, *odoo.addons))),
        "data_dir": paths.DATA,
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "http_interface": "127.0.0.1",
        "http_port": HTTP_PORT,
        "with_demo": False,
        "admin_passwd": "admin",
        "max_cron_threads": 1,
    }
    text = "[options]\n" + "".join(f"{name} = {value}\n" for name, value in options.items())
    if not paths.ODOO_CONF.is_file() or paths.ODOO_CONF.read_text() != text:
        partial = paths.ODOO_CONF.with_suffix(".partial")
        partial.write_text(text)
        partial.replace(paths.ODOO_CONF)
