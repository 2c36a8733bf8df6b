"""What the developer sees: one line per step, and one clear message when a step cannot be done."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """A step failed for a reason outside the code, and the reader can do something about it."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def say(line: str = "") -> None:
    print(line, flush=True)


def note(line: str) -> None:
    """A remark that stops nothing: something optional is missing, something was skipped."""
    say(f"  ! {line}")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step, then its duration; name it when it fails."""
    live = sys.stdout.isatty()
    if live:
        print(f"· {title} …", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException as error:
        if live:
            print()
        if isinstance(error, Trouble) and not getattr(error, "step", None):
            error.step = title
        raise
    seconds = time.monotonic() - started
    say(f"{chr(13) if live else ''}· {title}: {seconds:.1f} s")


def explain(trouble: Trouble) -> None:
    """Print a trouble the way a colleague would say it: what failed, why, and what to do now."""
    title = getattr(trouble, "step", "")
    print(f"✗ {title + ' failed: ' if title else ''}{trouble.what}", file=sys.stderr)
    for line in trouble.remedy.splitlines():
        print(f"  {line}", file=sys.stderr)
    sys.stderr.flush()
