"""The wheel that whool builds holds the addon, all of it, and nothing of the workshop."""

import shutil
import subprocess
import zipfile
from pathlib import Path

from environment import databases, paths, setup, staging

from . import Options

TITLE = "wheel: builds, holds the addon and nothing else"
STAGE = paths.STAGE / "wheel"
OUTPUT = paths.STAGE / "dist"
PREFIX = f"odoo/addons/{paths.ADDON}/"
NOT_IN_WHEEL = {"pyproject.toml"}
"""What whool needs to build and leaves out itself."""
WORKSHOP = ("dev/", "bench/", "docs/", ".")


def run(options: Options) -> list[str]:
    setup.python()
    stage = staging.stage(STAGE)
    wheel = _build(stage)
    if isinstance(wheel, str):
        return [wheel]
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        metadata = next(archive.read(name).decode() for name in names if name.endswith("/METADATA"))
    inside = {name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)}
    expected = {str(path) for path in staging.shipped()} - NOT_IN_WHEEL
    problems = [f"missing from the wheel: {name}" for name in sorted(expected - inside)]
    problems += [f"not ours: {name}" for name in sorted(inside - expected)]
    problems += [
        f"workshop in the wheel: {name}" for name in sorted(inside) if name.startswith(WORKSHOP)
    ]
    strays = {name for name in names if not name.startswith(PREFIX) and ".dist-info/" not in name}
    problems += [f"outside the addon: {name}" for name in sorted(strays)]
    if "Requires-Dist: odoo" not in metadata:
        problems.append("the wheel does not require Odoo 19.0")
    return problems


def _build(stage: Path) -> Path | str:
    """Build; return the wheel, or what went wrong."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    program = "import sys, whool.buildapi as b; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [str(paths.VENV / "bin" / "python"), "-c", program, str(OUTPUT)],
        cwd=stage,
        capture_output=True,
        text=True,
        env={
            **databases.odoo_environment(),
            # The copy lies inside the checkout but is ignored by its git: whool must not ask it.
            "GIT_CEILING_DIRECTORIES": str(paths.STAGE),
            "WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none",
        },
    )
    wheels = list(OUTPUT.glob(f"odoo_addon_{paths.ADDON}-*.whl"))
    if done.returncode or len(wheels) != 1:
        return (
            f"whool built {[each.name for each in OUTPUT.iterdir()]}: {done.stderr.strip()[-800:]}"
        )
    return wheels[0]
