"""Odoo's log is part of the result: a warning in it is a defect, ours until shown otherwise."""

import re
from collections.abc import Iterator
from pathlib import Path

RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ \S+: ")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
GOOD = {"DEBUG", "INFO", "RUNBOT"}

BENIGN: dict[str, str] = {}
"""Regular expressions of records that may appear, each with the reason why it is not our defect."""


def records(path: Path) -> Iterator[tuple[str, str]]:
    """Level and text of each record, with the lines (a traceback) that belong to it."""
    level, lines = "", []
    for line in COLOUR.sub("", path.read_text(errors="replace")).splitlines():
        if match := RECORD.match(line):
            if level:
                yield level, "\n".join(lines)
            level, lines = match["level"], [line]
        else:
            lines.append(line)
    if level:
        yield level, "\n".join(lines)


def problems(path: Path, *, whose: str) -> list[str]:
    """The records that say something is wrong, each once."""
    bad = [
        text
        for level, text in records(path)
        if level not in GOOD and not any(re.search(pattern, text) for pattern in BENIGN)
    ]
    return [f"{whose} logged: {text}" for text in dict.fromkeys(bad)]
