"""A private apt: downloads Debian packages and unpacks them under ``.work``, touching nothing else.

It has its own lists, cache and sources, needs no root, and still checks signatures with the
machine's Debian keyring. The mirror is the one the machine's own apt already uses.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import paths, private_packages, stamps
from .report import Trouble
from .shell import run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ROOT = paths.CACHE / "apt"
FORMAT = "$(ORIGIN)|$(LABEL)|$(RELEASE)|$(SITE)"
LISTS_AGE = 24 * 3600
"""Package lists older than this (seconds) are fetched again before a download."""


class Mirror(NamedTuple):
    """Where this machine gets Debian from, and which release it runs."""

    site: str
    release: str


@cache
def mirror() -> Mirror | None:
    """Debian's mirror as the machine's apt knows it, or None where apt knows no Debian."""
    if not shutil.which("apt-get") or not KEYRING.exists():
        return None
    candidates = _mirrors(_listing()) or _mirrors(_fresh_listing())
    return candidates[0] if candidates else None


def _listing() -> str:
    return subprocess.run(
        ["apt-get", "indextargets", "--format", FORMAT], capture_output=True, text=True
    ).stdout


def _fresh_listing() -> str:
    """The same on a machine whose package lists were never fetched, as in a new container."""
    try:
        return private_packages.indextargets(FORMAT)
    except Trouble:
        return ""


def _mirrors(listing: str) -> list[Mirror]:
    found = [line.split("|") for line in sorted(set(listing.splitlines()))]
    return [
        Mirror(site, release)
        for origin, label, release, site in found
        if origin == label == "Debian" and not release.endswith(("-updates", "-backports"))
    ]


def _options() -> list[str]:
    options = {
        "Dir::State::Lists": ROOT / "lists",
        "Dir::Cache": ROOT / "cache",
        "Dir::Etc::SourceList": ROOT / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "Dir::Etc::Preferences": "-",
        "Dir::Etc::PreferencesParts": "-",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "APT::Sandbox::User": "root" if os.getuid() == 0 else "",
    }
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def refresh() -> None:
    """Fetch the package lists of sid and of the machine's own release, once a day."""
    found = mirror()
    if found is None:
        raise Trouble("this machine's apt knows no Debian mirror.")
    for folder in ("lists/partial", "cache/archives/partial"):
        (ROOT / folder).mkdir(parents=True, exist_ok=True)
    lines = [
        f"deb [signed-by={KEYRING}] {found.site} {suite} main\n"
        for suite in dict.fromkeys(("sid", found.release))
    ]
    (ROOT / "sources.list").write_text("".join(lines))
    stamp = ROOT / "lists.stamp"
    key = stamps.digest(*lines)
    fresh = stamps.is_fresh(stamp, key) and stamp.stat().st_mtime > time.time() - LISTS_AGE
    if not fresh:
        private_packages.fetch_lists(_options(), log="apt-update")
        stamps.write(stamp, key)


def download(packages: Iterable[str], folder: Path) -> list[Path]:
    """Download packages (``name`` or ``name/suite``) as .deb files into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    run(["apt-get", *_options(), "download", *packages], log="apt-download", cwd=folder)
    return sorted(folder.glob("*.deb"))


def unpack(archives: Iterable[Path], root: Path) -> None:
    """Unpack .deb files into a folder that plays the part of ``/``."""
    for archive in archives:
        run(["dpkg", "-x", archive, root], log="dpkg")
