"""The benchmark: ./bench/run builds a database of its own, measures, checks and prints a table.

./bench/run                                   20,000 customers: minutes
./bench/run --customers 1000000 --keep        the size in the README: half an hour, 12 GB of disk
./bench/run --database bench_1000000          measure again on a database that was kept
./bench/run --boards 200000                   boards of tickets and follow-ups beside CRM's
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "dev"))

from import_records import session

session.start()

import boards  # noqa: E402
import care  # noqa: E402
import check  # noqa: E402
import database  # noqa: E402
import dry_run  # noqa: E402
import machine  # noqa: E402
import posting  # noqa: E402
import report  # noqa: E402
import runs  # noqa: E402
import screens  # noqa: E402


def main() -> int:
    options = _options()
    if options.boards:
        return _boards(options)
    loads = [machine.load()]
    name = options.database or database.build(_size(options))
    if options.build_only:
        return 0
    ran = runs.measure(name, options.rounds, check=lambda: check.sample(name, options.sample))
    loads.append(machine.load())
    posted = posting.measure(name, options.postings)
    opened = screens.measure(name)
    tried = dry_run.measure(name)
    cared = care.measure(name)
    loads.append(machine.load())
    size = database.size(name)
    results = report.Results(
        size, str(machine.describe(name)), loads, ran, posted, opened, tried, cared
    )
    print("\n" + report.markdown(results))
    if options.json:
        options.json.write_text(json.dumps(_plain(results), indent=2) + "\n")
    if not (options.keep or options.database):
        database.drop(name)
    failed = [row.work for row in report.rows(results) if row.holds is False]
    return 1 if results.runs.check.wrong or (options.strict and failed) else 0


def _boards(options: argparse.Namespace) -> int:
    name = options.database or boards.build(options.boards)
    if options.build_only:
        return 0
    rows = list(report.board_rows(boards.measure(name)))
    print(f"\n{machine.describe(name)}; load {machine.load()}\n")
    print(report.table(rows))
    if not (options.keep or options.database):
        database.drop(name)
    return 1 if options.strict and any(row.holds is False for row in rows) else 0


def _size(options: argparse.Namespace) -> database.Size:
    documents = options.customers * options.documents_per_customer
    return database.Size(options.customers, documents, documents // 5)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./bench/run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--customers", type=int, default=20_000, metavar="N")
    parser.add_argument("--documents-per-customer", type=int, default=5, metavar="N")
    parser.add_argument(
        "--rounds", type=int, default=2, help="first full runs and floors, in turns"
    )
    parser.add_argument(
        "--postings", type=int, default=150, help="invoices to post, in three ways each"
    )
    parser.add_argument("--sample", type=int, default=300, help="customers to check per company")
    parser.add_argument("--keep", action="store_true", help="leave the database there")
    parser.add_argument("--build-only", action="store_true", help="and keep the database for later")
    parser.add_argument("--database", metavar="NAME", help="one that was kept: build none")
    parser.add_argument(
        "--boards", type=int, metavar="N", help="N tickets, follow-ups and leads, nothing else"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument("--strict", action="store_true", help="status 1 when a row does not hold")
    return parser.parse_args()


def _plain(value):
    """Named tuples as objects, to be written as JSON."""
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


if __name__ == "__main__":
    sys.exit(main())
