"""Two commands at once: the second waits for the first instead of spoiling its work."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from . import paths
from .report import note


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Hold ``.work/locks/<name>``; the kernel drops it when the process ends, however it ends."""
    folder = paths.WORK / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(f"another command is busy with the {name}; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
