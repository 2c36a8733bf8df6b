"""Where things lie. Everything made here goes under one ignored folder, so deleting it undoes it all."""

import hashlib
import os
from pathlib import Path

ADDON = "customer_success"
"""The technical name. Odoo takes it from the folder's name, hence the symbolic link in ADDONS."""

REPOSITORY = Path(__file__).resolve().parents[2]
DEV = REPOSITORY / "dev"
WORK = Path(os.environ.get("CUSTOMER_SUCCESS_WORK") or REPOSITORY / ".work").expanduser().resolve()

ADDONS = WORK / "addons"
ADDON_LINK = ADDONS / ADDON
CACHE = WORK / "cache"
DATA = WORK / "data"
LOGS = WORK / "logs"
STAGE = WORK / "stage"
VENV = WORK / "venv"
ODOO_CONF = WORK / "odoo.conf"

FINGERPRINT = hashlib.sha256(str(WORK).encode()).hexdigest()[:8]
"""Tells the sockets of two checkouts apart in /tmp."""


def make_folders() -> None:
    """Create the working folder and the link that gives the checkout the addon's name."""
    for folder in (WORK, ADDONS, CACHE, DATA, LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    if not ADDON_LINK.is_symlink() or ADDON_LINK.resolve() != REPOSITORY:
        fresh = ADDONS / f".{ADDON}.{os.getpid()}"
        fresh.symlink_to(REPOSITORY)
        fresh.replace(ADDON_LINK)
