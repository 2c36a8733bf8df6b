"""Odoo 19.0 Community, from wherever this machine can get it.

In this order: a checkout named by ``ODOO_HOME``; Debian's package ``odoo-19``, unpacked privately;
a shallow clone of Odoo's 19.0 branch.
"""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from . import debian, node, paths, stamps
from .report import Trouble, note, step
from .shell import run

GIT = "https://github.com/odoo/odoo"
BRANCH = "19.0"
SUITE = "sid"
PACKAGE = "odoo-19"
# Debian keeps these out of its Odoo package and links to them instead. The second group is taken
# from the machine's own release, because in sid its files have moved.
LINKED = (
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
)
LINKED_FROM_OWN_RELEASE = ("fonts-font-awesome", "fonts-inconsolata")
# Not in Debian at all; without it the web client logs an error and every browser test fails.
SEGMENTATION = (
    "@mediapipe/selfie_segmentation",
    "selfie_segmentation.js",
    "mail/static/lib/selfie_segmentation",
)

PACKAGED = paths.WORK / "odoo"
CLONED = paths.WORK / "odoo-git"


class Odoo(NamedTuple):
    """An Odoo source tree: what goes on Python's path, its addons, what tells it from others."""

    python_path: Path
    addons: tuple[Path, ...]
    version: str


def ensure() -> Odoo:
    """Make sure that there is an Odoo 19.0 source tree and say where."""
    if home := os.environ.get("ODOO_HOME"):
        return _checkout(Path(home).expanduser().resolve())
    if not debian.mirror():
        return _cloned()
    try:
        return _packaged()
    except Trouble as trouble:
        note(f"{trouble.what} Trying Odoo's own repository instead.")
        try:
            return _cloned()
        except Trouble:
            raise trouble from None


def _checkout(home: Path) -> Odoo:
    release = home / "odoo" / "release.py"
    if not release.is_file():
        raise Trouble(
            f"{home} holds no odoo/release.py.",
            "ODOO_HOME (or --odoo) names the folder of an Odoo 19.0 checkout, with odoo-bin in it.",
        )
    if "version_info = (19, 0" not in release.read_text():
        raise Trouble(
            f"{home} is not Odoo 19.0.", "This addon needs Odoo 19.0: check out that branch there."
        )
    addons = tuple(path for path in (home / "addons", home / "odoo" / "addons") if path.is_dir())
    head = home / ".git" / "HEAD"
    return Odoo(
        home,
        addons,
        f"{home}@{release.stat().st_mtime_ns}{head.read_text() if head.is_file() else ''}",
    )


def _packaged() -> Odoo:
    stamp = paths.WORK / "odoo.stamp"
    packages = PACKAGED / "usr" / "lib" / "python3" / "dist-packages"
    wanted = stamps.digest(PACKAGE, *LINKED, *LINKED_FROM_OWN_RELEASE, *SEGMENTATION)
    if not (stamp.is_file() and stamp.read_text().startswith(wanted) and packages.is_dir()):
        with step(f"Odoo 19.0: downloading Debian's package {PACKAGE} (about 125 MB)"):
            debian.refresh()
            downloads = paths.CACHE / "debs"
            archives = debian.download(
                [f"{name}/{SUITE}" for name in (PACKAGE, *LINKED)], downloads / SUITE
            )
            own = debian.mirror().release
            archives += debian.download(
                [f"{name}/{own}" for name in LINKED_FROM_OWN_RELEASE], downloads / "own"
            )
            version = next(path.name for path in archives if path.name.startswith(PACKAGE)).split(
                "_"
            )[1]
        with step("Odoo 19.0: unpacking"):
            partial = PACKAGED.with_name("odoo.partial")
            shutil.rmtree(partial, ignore_errors=True)
            debian.unpack(archives, partial)
            shutil.rmtree(PACKAGED, ignore_errors=True)
            partial.rename(PACKAGED)
            shutil.rmtree(downloads)
        with step("Odoo 19.0: adding what Debian leaves out"):
            _add_segmentation(packages / "odoo" / "addons")
            _report_dangling_links(packages / "odoo" / "addons")
        stamps.write(stamp, f"{wanted} {version}")
    version = stamp.read_text().split(" ", 1)[1]
    return Odoo(packages, (packages / "odoo" / "addons",), version)


def _add_segmentation(addons: Path) -> None:
    package, name, place = SEGMENTATION
    folder = addons / place
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / name).exists():
        source = node.unpack(package) / name
        shutil.copyfile(source, folder / name)


def _report_dangling_links(addons: Path) -> None:
    dangling = [path for path in addons.rglob("*") if path.is_symlink() and not path.exists()]
    if dangling:
        names = ", ".join(sorted({path.name for path in dangling})[:5])
        note(
            f"{len(dangling)} files of the web client are missing (such as {names}):"
            " some text may look plain"
        )


def _cloned() -> Odoo:
    if not (CLONED / ".git").is_dir():
        if not shutil.which("git"):
            raise Trouble("git is not installed.", "Ask an administrator for:  apt-get install git")
        with step(f"Odoo 19.0: cloning {GIT} (about 1 GB)"):
            partial = CLONED.with_name("odoo-git.partial")
            shutil.rmtree(partial, ignore_errors=True)
            run(
                ["git", "clone", "--quiet", "--depth", "1", "--branch", BRANCH, GIT, partial],
                log="odoo-clone",
                remedy="Point at an Odoo 19.0 checkout instead:  ODOO_HOME=/path/to/odoo",
            )
            partial.rename(CLONED)
    return _checkout(CLONED)
