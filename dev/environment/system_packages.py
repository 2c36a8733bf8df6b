"""Programs that come from the system's package manager: PostgreSQL, Chromium, wkhtmltopdf.

As root, or where sudo asks for no password, they are installed. Otherwise they are unpacked under
``.work``; where even that fails, the message says what to ask an administrator for, and what does
not work without it.
"""

import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import paths, private_packages
from .report import Trouble, note, step
from .shell import hint, run, succeeds

NOT_OFFERED = ("no installation candidate", "Unable to locate package")
PATIENCE = 24 * 3600
"""Seconds before an optional program that could not be had is tried again."""


class Program(NamedTuple):
    """A program this environment uses, the package that brings it, and what is lost without it."""

    package: str
    find: Callable[[], Path | None]
    without: str
    required: bool


def postgresql() -> Path | None:
    """The folder of the newest PostgreSQL server's programs."""
    for root in (Path("/"), private_packages.ROOT):
        folders = [path.parent for path in root.glob("usr/lib/postgresql/*/bin/initdb")]
        if folders:
            return max(folders, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def chromium() -> Path | None:
    """The browser that Odoo's own tests would pick: ``ChromeBrowser`` in odoo/tests/common.py."""
    names = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    return (
        Path(found) if found else private_packages.launcher("chromium", "usr/lib/chromium/chromium")
    )


def wkhtmltopdf() -> Path | None:
    found = shutil.which("wkhtmltopdf")
    return Path(found) if found else private_packages.launcher("wkhtmltopdf", "usr/bin/wkhtmltopdf")


def chinese_font() -> Path | None:
    """Any font with Chinese characters; fontconfig, which knows, comes with Chromium."""
    if fc_list := shutil.which("fc-list"):
        command = [fc_list, ":lang=zh-cn", "file"]
        found = subprocess.run(command, capture_output=True, text=True).stdout
        if found:
            return Path(found.split(":")[0])
    return next(private_packages.ROOT.glob("usr/share/fonts/truetype/wqy/*.ttc"), None)


def git() -> Path | None:
    found = shutil.which("git")
    return Path(found) if found else None


def libatomic() -> Path | None:
    """A library that playwright's own Node.js is linked with."""
    found = (
        root.glob("usr/lib/*-linux-*/libatomic.so.1") for root in (Path("/"), private_packages.ROOT)
    )
    return next(itertools.chain(*found), None)


POSTGRESQL = Program("postgresql", postgresql, "Odoo has no database", required=True)
CHROMIUM = Program("chromium", chromium, "browser tests and ./dev/pictures fail", required=False)
GIT = Program("git", git, "the lints cannot tell which files there are", required=True)
LIBATOMIC = Program("libatomic1", libatomic, "./dev/pictures does not start", required=False)
CHINESE_FONT = Program(
    "fonts-wqy-microhei", chinese_font, "pictures and PDF reports show no Chinese", required=False
)
WKHTMLTOPDF = Program(
    "wkhtmltopdf", wkhtmltopdf, "reports print as HTML, not as PDF", required=False
)


def ensure(*programs: Program) -> None:
    """Install the programs that are missing, in one go; be clear about those that cannot be had."""
    missing = [program for program in programs if program.find() is None and not _given_up(program)]
    if not missing:
        return
    try:
        _obtain(missing)
    except Trouble as trouble:
        if any(program.required and program.find() is None for program in missing):
            raise
        note(f"{trouble.what} {' '.join(trouble.remedy.splitlines())}")
    missing = [program for program in missing if program.find() is None]
    for program in sorted(missing, key=lambda each: each.required):
        ask = f"Ask an administrator for:  apt-get install {program.package}"
        if program.required:
            raise Trouble(f"{program.package} is missing: without it {program.without}.", ask)
        note(f"{program.package} is missing: {program.without}. {ask}")


def _obtain(programs: list[Program]) -> None:
    """Install them, or unpack them where that is not allowed."""
    rights = _rights()
    if rights is not None:
        with step(f"System: installing {' '.join(program.package for program in programs)}"):
            _install(rights, programs)
    elif private_packages.can():
        for program in programs:
            _try(program, lambda package=program.package: private_packages.unpack(package))


def _refusal(program: Program) -> Path:
    return paths.CACHE / f"{program.package}.missing"


def _given_up(program: Program) -> bool:
    """What the release does not offer is not asked for, nor complained about, until tomorrow."""
    if program.required or not _refusal(program).is_file():
        return False
    return time.time() - _refusal(program).stat().st_mtime < PATIENCE


def _install(rights: list[str], programs: list[Program]) -> None:
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    output = run([*apt, "update"], log="system-update")
    if advice := hint(output):
        raise Trouble("apt could not fetch its package lists.", advice)
    for program in programs:
        command = [*apt, "install", "--yes", "--no-install-recommends", program.package]
        _try(
            program,
            lambda name=program.package, command=command: run(command, log=f"system-{name}"),
        )


def _try(program: Program, action: Callable[[], object]) -> None:
    """A package that is not offered must not keep the others away: what it costs is said later.

    Any other trouble, such as no network, would meet the others too.
    """
    try:
        action()
    except Trouble as trouble:
        if not any(sign in trouble.remedy for sign in NOT_OFFERED):
            raise
        note(f"this release does not offer {program.package}")
        _refusal(program).touch()


@cache
def _rights() -> list[str] | None:
    """What to put before a command that needs root: nothing, or sudo where it asks no password."""
    if not shutil.which("apt-get"):
        return None
    if os.getuid() == 0:
        return []
    return ["sudo", "-n"] if succeeds(["sudo", "-n", "true"]) else None
