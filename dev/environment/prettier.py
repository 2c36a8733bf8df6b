"""Prettier with its XML plugin, from the npm registry: one layout for XML, JavaScript and SCSS."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from . import node, paths, stamps
from .report import step
from .shell import run

PACKAGES = ("prettier@3.10.1", "@prettier/plugin-xml@3.4.2")
FOLDER = paths.CACHE / "prettier"
SUFFIXES = {".xml", ".js", ".mjs", ".scss", ".css"}


def ensure() -> list[str]:
    """Make sure that prettier is installed; return the start of its command line."""
    modules = FOLDER / "node_modules"
    stamp = FOLDER / "installed.stamp"
    if not stamps.is_fresh(stamp, stamps.digest(*PACKAGES)):
        with step("Prettier: installing"):
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / "package.json").write_text("{}\n")
            options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
            run(
                [*node.npm(), "install", *options, *PACKAGES],
                log="npm-prettier",
                cwd=FOLDER,
                env=node.environment(),
            )
            stamps.write(stamp, stamps.digest(*PACKAGES))
    return [
        node.executable(),
        str(modules / "prettier" / "bin" / "prettier.cjs"),
        f"--plugin={modules / '@prettier' / 'plugin-xml' / 'src' / 'plugin.js'}",
        f"--config={paths.REPOSITORY / '.prettierrc.json'}",
        "--ignore-path=/dev/null",
    ]


def chosen(files: Iterable[Path]) -> list[str]:
    """The files whose layout prettier decides: not others' libraries, not the store page."""
    return [
        str(path)
        for path in files
        if path.suffix in SUFFIXES
        and path.parts[:2] not in {("static", "lib"), ("static", "description")}
    ]


def call(option: str, files: Iterable[Path]) -> subprocess.CompletedProcess[str]:
    """Run prettier with ``--list-different`` or ``--write`` over the files that are its concern."""
    names = chosen(files)
    if not names:
        return subprocess.CompletedProcess([], 0, "", "")
    return subprocess.run(
        [*ensure(), option, *names],
        cwd=paths.REPOSITORY,
        capture_output=True,
        text=True,
        env=node.environment(),
    )
