"""Where things lie. All that is made here goes under one ignored folder; deleting it undoes it."""

import hashlib
import os
import shutil
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


DEVELOPERS_ONLY = {"dev", "bench", "docs", "build", "dist", "node_modules", "__pycache__"}
"""Top-level folders that are no part of the addon."""


def make_folders() -> None:
    """Create the working folder, and in it the link that gives the checkout the addon's name."""
    for folder in (WORK, ADDONS, CACHE, DATA, LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    if ADDON_LINK.is_symlink() and ADDON_LINK.resolve() == REPOSITORY:
        return
    if ADDON_LINK.is_dir() and not ADDON_LINK.is_symlink():
        shutil.rmtree(ADDON_LINK)
    fresh = ADDONS / f".{ADDON}.{os.getpid()}"
    fresh.symlink_to(REPOSITORY)
    fresh.replace(ADDON_LINK)
