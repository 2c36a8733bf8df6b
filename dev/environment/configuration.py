"""Odoo's configuration file, written so that Odoo itself has nothing to warn about."""

from pathlib import Path

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
    lines = [f"{name} = {value}\n" for name, value in options.items()]
    _replace(paths.ODOO_CONF, "[options]\n" + "".join(lines))


def write_for(addons: Path) -> Path:
    """A configuration that takes the addon from another folder, such as a staged copy."""
    path = addons / "odoo.conf"
    usual = f"addons_path = {paths.ADDONS},"
    _replace(path, paths.ODOO_CONF.read_text().replace(usual, f"addons_path = {addons},"))
    return path


def _replace(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text() != text:
        partial = path.with_suffix(".partial")
        partial.write_text(text)
        partial.replace(path)
