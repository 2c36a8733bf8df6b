"""What the environment needs to know about the addon itself."""

import ast
from functools import cache
from typing import Any

from . import paths, stamps

CODE = (
    "controllers",
    "data",
    "demo",
    "i18n",
    "migrations",
    "models",
    "reports",
    "security",
    "static",
    "tools",
    "views",
)
"""The folders whose change means that a database has to be updated."""


@cache
def manifest() -> dict[str, Any]:
    return ast.literal_eval((paths.REPOSITORY / "__manifest__.py").read_text())


def depends() -> list[str]:
    return sorted(manifest()["depends"])


def fingerprint() -> str:
    """Changes when a file changes that an installed database was built from."""
    folders = [*CODE, "wizards"]
    files = sorted(
        path
        for folder in folders
        for path in (paths.REPOSITORY / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts
    )
    files += sorted(paths.REPOSITORY.glob("*.py"))
    return stamps.digest(
        *(f"{path.relative_to(paths.REPOSITORY)}:".encode() + path.read_bytes() for path in files)
    )
