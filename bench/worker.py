"""Product runs in a process of their own, as the scheduled action has them: seconds, memory, queries.

``python worker.py DATABASE KIND`` runs every company once and prints one line of JSON.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[1] / "dev"))

from import_records import session


class Run(NamedTuple):
    """What all companies' runs took together."""

    seconds: float
    steps: dict[str, float]
    read: int
    changed: int
    moved: int
    queries: int
    memory: int  # bytes at the peak, above those before the run
    written: int  # rows of customer_profile that were inserted or updated


def measure(database: str, kind: str) -> Run:
    """Run ``kind`` (full or incremental) for every company, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, database, kind], capture_output=True, text=True, env=os.environ
    )
    if done.returncode:
        raise SystemExit(f"A {kind} run failed:\n{done.stderr}")
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def main(database: str, kind: str) -> None:
    with session.environment(database) as env:
        env["customer.run"].search(
            [], limit=1
        )  # everything is loaded that a worker holds when idle
        before = _transaction(env)
        queries = _Queries(env.cr)
        _forget_peak_memory()
        idle = _memory("VmRSS")
        started = time.perf_counter()
        runs = [_run(env, company, kind) for company in env["res.company"].search([], order="id")]
        seconds = time.perf_counter() - started
        steps: dict[str, float] = {}
        for run in runs:
            for step, spent in (run.seconds or {}).items():
                steps[step] = round(steps.get(step, 0) + spent, 4)
        result = Run(
            seconds=seconds,
            steps=steps,
            read=sum(run.read_count for run in runs),
            changed=sum(run.changed_count for run in runs),
            moved=sum(run.moved_count for run in runs),
            queries=queries.count,
            memory=_memory("VmHWM") - idle,
            written=_written_since(env, before),
        )
        print(json.dumps(result._asdict()))


def _run(env, company, kind):
    ledger = env["customer.run"]
    own = [("company_id", "=", company.id), ("state", "in", ("queued", "running"))]
    ledger.search(own).write({"state": "superseded"})
    run = ledger._open(company, kind)
    env.cr.commit()
    session.finish(run)
    return run


class _Queries:
    """Counts statements, COPY included, which Odoo's own count leaves out."""

    def __init__(self, cr):
        self._cr = cr
        self._before = cr.sql_log_count
        self._copies = 0
        copy = cr.copy_expert
        cr.copy_expert = lambda *args: self._count(copy, *args)

    def _count(self, copy, *args):
        self._copies += 1
        return copy(*args)

    @property
    def count(self) -> int:
        return self._cr.sql_log_count - self._before + self._copies


def _transaction(env) -> int:
    env.cr.execute("SELECT txid_current() % (2^32)::bigint")
    before = env.cr.fetchone()[0]
    env.cr.commit()
    return before


def _written_since(env, transaction: int) -> int:
    env.cr.execute(
        "SELECT count(*) FROM customer_profile WHERE xmin::text::bigint > %s", [transaction]
    )
    return env.cr.fetchone()[0]


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) * 1024


def _forget_peak_memory() -> None:
    """Have VmHWM begin anew: what loading Odoo once needed is not the run's."""
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main(*sys.argv[1:])
