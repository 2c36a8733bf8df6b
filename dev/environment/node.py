"""Node.js and npm, for what only npm's registry carries: a file of the web client, and prettier.

The machine's own serve when they are new enough; otherwise those that a Python wheel ships.
"""

import os
import re
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

from . import paths, python_env
from .report import Trouble
from .shell import run

OLDEST = 18


@cache
def _folder() -> Path:
    """Where ``node`` and ``npm`` lie."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        version = re.match(r"v(\d+)", answer)
        if version and int(version[1]) >= OLDEST:
            return Path(node).parent
    return python_env.ensure_node()


def executable() -> str:
    return str(_folder() / "node")


def npm() -> list[str]:
    found = _folder() / "npm"
    return [str(found) if found.exists() else str(shutil.which("npm"))]


def environment() -> dict[str, str]:
    """npm is a script that looks for node on the path."""
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(_folder()), os.environ.get("PATH", "/usr/bin:/bin")]),
    }


def unpack(package: str) -> Path:
    """Download a package from the npm registry; return the folder with its files."""
    folder = paths.CACHE / "npm" / package.replace("/", "-").lstrip("@")
    if not (folder / "package").is_dir():
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        run([*npm(), "pack", "--silent", package], log="npm-pack", cwd=partial, env=environment())
        archive = next(partial.glob("*.tgz"), None)
        if archive is None:
            raise Trouble(
                f"npm pack {package} gave no archive.", f"See {paths.LOGS / 'npm-pack.log'}."
            )
        with tarfile.open(archive) as tar:
            tar.extractall(
                partial, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {})
            )
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    return folder / "package"
