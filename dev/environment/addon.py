"""What the environment needs to know about the addon itself."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

from . import paths, staging, stamps


@cache
def manifest() -> dict[str, Any]:
    return ast.literal_eval((paths.REPOSITORY / "__manifest__.py").read_text())


def depends() -> list[str]:
    return sorted(manifest()["depends"])


def fingerprint() -> str:
    """Changes when a file changes that an installed database was built from."""
    files = [path for path in staging.shipped() if _matters(path)]
    return stamps.digest(
        *(f"{path}:".encode() + (paths.REPOSITORY / path).read_bytes() for path in files)
    )


def _matters(path: Path) -> bool:
    """Not tests, nor what lies beside the code in the root: README, configuration of tools."""
    return "tests" not in path.parts and (len(path.parts) > 1 or path.suffix == ".py")
