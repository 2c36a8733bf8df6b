"""Remembering what was finished, so that a killed set-up is redone and a finished one is not."""

import hashlib
from pathlib import Path


def digest(*parts: str | bytes) -> str:
    """A short fingerprint of everything a result depends on."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.encode() if isinstance(part, str) else part)
        sha.update(b"\0")
    return sha.hexdigest()[:16]


def is_fresh(stamp: Path, key: str) -> bool:
    return stamp.is_file() and stamp.read_text() == key


def write(stamp: Path, key: str) -> None:
    """Written last, and in one movement: a stamp that exists tells the truth."""
    partial = stamp.with_name(stamp.name + ".partial")
    partial.write_text(key)
    partial.replace(stamp)
