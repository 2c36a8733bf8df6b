"""Running other programs: quietly when they succeed, with the end of their output when not."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import paths
from .report import Trouble

TAIL = 15
"""How many last lines of a failed program's output are worth showing."""

NO_SPACE = "The disk is full: free some gigabytes (a complete .work takes about 4 GB)."
NO_NETWORK = (
    "No network, no name service, or a proxy is needed: check the connection and try again."
)
BUSY = "Another package manager is running: wait for it to end and try again."
HINTS = {
    "No space left on device": NO_SPACE,
    "Temporary failure resolving": NO_NETWORK,
    "Could not resolve": NO_NETWORK,
    "Could not connect": NO_NETWORK,
    "Failed to establish a new connection": NO_NETWORK,
    "ENOTFOUND": NO_NETWORK,
    "ECONNREFUSED": NO_NETWORK,
    "Could not get lock": BUSY,
    "Unable to acquire the dpkg frontend lock": BUSY,
}


def hint(output: str) -> str:
    """The remedy for a failure that many programs report in the same words."""
    return next((remedy for sign, remedy in HINTS.items() if sign in output), "")


def run(
    command: Sequence[str | Path],
    *,
    log: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    remedy: str = "",
) -> str:
    """Run a command and return its output; keep it in ``.work/logs/<log>.log``.

    On failure raise a :class:`Trouble` that holds the end of the output, so that nobody has to go
    and look for the log file first.
    """
    argv = [str(word) for word in command]
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        raise Trouble(f"{argv[0]} is not installed.", remedy) from None
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    path = paths.LOGS / f"{log}.log"
    path.write_text(f"$ {' '.join(argv)}\n{done.stdout}")
    if done.returncode:
        lines = [line for line in done.stdout.strip().splitlines() if "Retrying" not in line]
        tail = "\n".join(lines[-TAIL:])
        advice = hint(done.stdout) or remedy
        raise Trouble(
            f"{' '.join(argv[:3])} … ended with status {done.returncode}.",
            "\n".join(part for part in (tail, advice, f"All of its output: {path}") if part),
        )
    return done.stdout


def succeeds(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> bool:
    """Whether a probing command exits with 0; its output is nobody's business."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
        )
    except (FileNotFoundError, PermissionError):
        return False
    return done.returncode == 0
