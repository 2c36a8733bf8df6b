"""On what it was measured: a ratio means the same anywhere, a second does not."""

import os
import platform
from pathlib import Path
from typing import NamedTuple

from import_records import session


class Machine(NamedTuple):
    cores: int
    memory: int  # bytes
    processor: str
    python: str
    postgresql: str
    settings: dict[str, str]

    def __str__(self) -> str:
        settings = ", ".join(f"{name} {value}" for name, value in self.settings.items())
        return (
            f"{self.cores} cores ({self.processor}), {self.memory / 2**30:.0f} GiB, Python {self.python},"
            f" PostgreSQL {self.postgresql} ({settings})"
        )


def describe(database: str) -> Machine:
    with session.environment(database) as env:
        env.cr.execute("SHOW server_version")
        version = env.cr.fetchone()[0].split()[0]
        settings = {}
        for name in ("shared_buffers", "work_mem", "jit", "synchronous_commit"):
            env.cr.execute(f"SHOW {name}")
            settings[name] = env.cr.fetchone()[0]
    return Machine(
        cores=os.cpu_count() or 0,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        processor=_processor(),
        python=platform.python_version(),
        postgresql=version,
        settings=settings,
    )


def load() -> float:
    """The load average of the last minute: what others do on this machine."""
    return round(os.getloadavg()[0], 1)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?"
    )
