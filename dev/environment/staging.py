"""A copy of the addon under its own name, without what only developers need.

The field's tools expect ``repository/<addon>/``; where the repository *is* the addon they check
nothing and say nothing. So lints and the wheel work on a copy in a folder of the right name. It
holds tracked files and new ones that are not ignored, as they are on disk: what is wrong shows
before it is committed.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import paths
from .report import Trouble


def files() -> list[Path]:
    """All files of the checkout that are not ignored, relative to its root."""
    listing = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listing is None:
        return _files_withoutgit()
    names = sorted({name for name in listing.split("\0") if name})
    return [Path(name) for name in names if (paths.REPOSITORY / name).is_file()]


def shipped() -> list[Path]:
    """The files that belong to the addon, as ``git archive`` would choose them."""
    every = files()
    marks = git("check-attr", "-z", "--stdin", "export-ignore", input="\0".join(map(str, every)))
    if marks is None:
        return [
            path
            for path in every
            if path.parts[0] not in paths.DEVELOPERS_ONLY and path.parts[0][0] != "."
        ]
    fields = marks.split("\0")
    left_out = {
        name for name, value in zip(fields[0::3], fields[2::3], strict=False) if value == "set"
    }
    return [path for path in every if str(path) not in left_out]


@contextmanager
def staged() -> Iterator[Path]:
    """A copy of the shipped files in ``…/customer_success``, for as long as it is needed."""
    paths.STAGE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.STAGE) as folder:
        target = Path(folder) / paths.ADDON
        for path in shipped():
            copy = target / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(paths.REPOSITORY / path, copy)
        yield target


def git(*arguments: str, input: str | None = None) -> str | None:
    """Git's answer about the checkout, or None where there is no git or no repository."""
    command = [
        "git",
        "-c",
        f"safe.directory={paths.REPOSITORY}",
        "-C",
        str(paths.REPOSITORY),
        *arguments,
    ]
    try:
        done = subprocess.run(command, input=input, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _files_withoutgit() -> list[Path]:
    found = []
    for path in paths.REPOSITORY.rglob("*"):
        relative = path.relative_to(paths.REPOSITORY)
        if path.is_file() and relative.parts[0] != ".work" and "__pycache__" not in relative.parts:
            found.append(relative)
    if not found:
        raise Trouble("the checkout holds no files.")
    return sorted(found)
