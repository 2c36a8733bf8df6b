"""The file, read: documents as columns, customers as names."""

import csv
import gzip
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

CENT = Decimal("0.01")


class Document(NamedTuple):
    """A purchase, or with a negative amount something given back."""

    customer: int  # position in Records.customers
    day: date
    amount: Decimal
    reverses: int | None = None  # position in Records.documents


class Records(NamedTuple):
    customers: list[str]
    documents: list[Document]  # in the order of their days

    @property
    def first(self) -> date:
        return self.documents[0].day

    @property
    def last(self) -> date:
        return self.documents[-1].day


def read(path: Path, mapping: dict[str, list[str]], limit: int | None = None) -> Records:
    """Sum the lines of one customer, day and document. Sums of nothing are no documents."""
    amounts: dict[tuple[str, date, str], Decimal] = defaultdict(Decimal)
    for line in _lines(path, mapping, limit):
        customer = " / ".join(line[name] for name in mapping["customer"])
        day = date.fromisoformat(line[mapping["date"][0]][:10])
        document = "".join(line[name] for name in mapping.get("document", []))
        amounts[customer, day, document] += Decimal(line[mapping["amount"][0]])
    customers = sorted({customer for customer, __, __ in amounts})
    position = {customer: index for index, customer in enumerate(customers)}
    documents = [
        Document(position[customer], day, amount.quantize(CENT))
        for (customer, day, __), amount in amounts.items()
    ]
    found = sorted((d for d in documents if d.amount), key=lambda d: (d.day, d.customer))
    if not found:
        raise SystemExit(f"{path} holds no purchases")
    return Records(customers, found)


def _lines(
    path: Path, mapping: dict[str, list[str]], limit: int | None
) -> Iterator[dict[str, str]]:
    with (gzip.open if path.suffix == ".gz" else open)(
        path, "rt", encoding="utf-8", newline=""
    ) as handle:
        reader = csv.DictReader(handle)
        wanted = {column for columns in mapping.values() for column in columns}
        missing = wanted - set(reader.fieldnames or ())
        if missing:
            raise SystemExit(
                f"{path.name} has no column {', '.join(sorted(missing))}. It has:"
                f" {', '.join(reader.fieldnames or ())}. Name them with --map."
            )
        for number, line in enumerate(reader):
            if limit is not None and number >= limit:
                return
            yield line


def shifted(records: Records, days: int) -> Records:
    """The same purchases, so many days later."""
    by = timedelta(days)
    return records._replace(
        documents=[document._replace(day=document.day + by) for document in records.documents]
    )


def with_credits(records: Records, share: float) -> Records:
    """Give a seeded share of the purchases back within two weeks, every other one wholly."""
    draw = random.Random(19)
    credits = []
    for index, document in enumerate(records.documents):
        if document.amount > 0 and draw.random() < share:
            part = Decimal(1) if draw.random() < 0.5 else Decimal(draw.randint(10, 60)) / 100
            day = min(document.day + timedelta(draw.randint(1, 14)), records.last)
            credits.append(
                Document(document.customer, day, -(document.amount * part).quantize(CENT), index)
            )
    # Purchases keep their positions, to which credits refer.
    return records._replace(documents=records.documents + credits)
