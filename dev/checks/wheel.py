"""The wheel that whool builds holds the addon, all of it, and nothing of the workshop."""

import subprocess
import zipfile
from pathlib import Path

from environment import databases, paths, setup, staging

from . import Options

TITLE = "wheel: builds, holds the addon and nothing else"
WHEEL = f"odoo_addon_{paths.ADDON}-*.whl"
PREFIX = f"odoo/addons/{paths.ADDON}/"
NOT_IN_WHEEL = {"pyproject.toml"}
"""What whool needs to build and leaves out itself."""
WORKSHOP = ("dev/", "bench/", "docs/", ".")


def run(options: Options) -> list[str]:
    setup.python()
    with staging.staged() as stage:
        output = stage.parent / "dist"
        output.mkdir()
        if failure := _build(stage, output):
            return [failure]
        with zipfile.ZipFile(next(output.glob(WHEEL))) as archive:
            names = {name for name in archive.namelist() if not name.endswith("/")}
            metadata = next(
                archive.read(name).decode() for name in names if name.endswith("/METADATA")
            )
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


def _build(stage: Path, output: Path) -> str:
    """Build the wheel; return what went wrong, or nothing."""
    program = "import sys, whool.buildapi as b; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [str(paths.VENV / "bin" / "python"), "-c", program, str(output)],
        cwd=stage,
        capture_output=True,
        text=True,
        env={
            **databases.odoo_environment(),
            # The copy lies inside the checkout but is ignored by its git: whool must not ask it.
            "GIT_CEILING_DIRECTORIES": str(stage.parent),
            "WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none",
        },
    )
    built = [each.name for each in output.glob(WHEEL)]
    if done.returncode == 0 and len(built) == 1:
        return ""
    return f"whool built {built}: {done.stderr.strip()[-800:]}"
