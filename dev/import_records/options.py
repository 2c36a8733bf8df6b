"""What ./dev/records can be told. Read by the machine's own Python too: standard library only."""

import argparse
from datetime import date
from pathlib import Path

EPILOG = """
The file is CSV, gzipped or not, with a header line. --map names its columns: the customer (several
columns joined by +), the day, the amount (negative: a credit note), and the document, where there is
one. Lines of one customer, day and document are one document.

./dev/records cdnow.csv.gz --cuts 3
./dev/records iowa_wholesale.csv.gz --map customer=city+brand,date=week,amount=dollars --cuts 25
./dev/records cdnow.csv.gz --limit 2000 --cuts 3 --make-credits 0.05 --through-odoo
"""


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev/records",
        description="Import purchase records as posted invoices of a fresh database, run the addon on"
        " them as of several days, and print what it made of the customers.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--map",
        type=_mapping,
        default=_mapping(""),
        metavar="FIELD=COLUMN[+COLUMN],…",
        help="default: customer=customer,date=date,amount=amount",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N lines")
    parser.add_argument(
        "--shift-to-yesterday",
        action="store_true",
        help="move all days so that the last is yesterday",
    )
    parser.add_argument(
        "--make-credits",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="give this share of the purchases back within two weeks, half of them wholly (seeded): for"
        " files without credit notes",
    )
    parser.add_argument(
        "--through-odoo",
        action="store_true",
        help="post through Odoo's own methods: slow, for a few thousand documents",
    )
    parser.add_argument("--database", metavar="NAME", help="default: records_ and the file's name")
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        action="append",
        metavar="DATE",
        help="a day to compute as of, in the file's own time; may be given several times",
    )
    parser.add_argument(
        "--cuts",
        type=int,
        default=13,
        metavar="N",
        help="without --as-of: so many days to compute as of",
    )
    parser.add_argument(
        "--every",
        type=int,
        metavar="DAYS",
        help="days between two cuts; default 28, or what spreads them over the second half",
    )
    parser.add_argument(
        "--nightly",
        action="store_true",
        help="between two cuts run every night, and check that a full run then changes nothing",
    )
    parser.add_argument(
        "--show", type=int, default=12, metavar="N", help="customers to list by name"
    )
    parser.add_argument(
        "--check", type=int, default=300, metavar="N", help="customers to recompute slowly"
    )
    parser.add_argument("--keep", action="store_true", help="leave the database there")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        parser.error(f"{options.file} is not there")
    if not options.database:
        options.database = f"records_{options.file.name.split('.')[0]}"
    return options


def _mapping(text: str) -> dict[str, list[str]]:
    """``customer=city+brand,date=week`` as {"customer": ["city", "brand"], "date": ["week"], …}."""
    mapping = {name: [name] for name in ("customer", "date", "amount")}
    for part in filter(None, text.split(",")):
        name, equals, columns = part.partition("=")
        if not equals or name not in (*mapping, "document"):
            raise argparse.ArgumentTypeError(
                f"{part!r} is not one of customer=…, date=…, amount=…, document=…"
            )
        mapping[name] = columns.split("+")
    return mapping
