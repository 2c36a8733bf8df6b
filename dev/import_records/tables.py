"""What came out, to be read by a person."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import date
from math import isnan

from .measures import Changes, StageRow, TierRow
from .product import Customer, Cut

#: What the wholesale records must give.
GROWTH_LEAST = 1.2
DECLINE_MOST = 0.9
FLIPS_MOST = 0.05

FACE = (
    "customer, tier, stage, revenue, year before, score, purchases, usual interval, silent days, trend,"
    " why"
)


def tiers(rows: list[TierRow], as_of: date) -> str:
    return _table(
        [
            "tier",
            "customers",
            "share",
            "of revenue",
            "of the next quarter's",
            "kept or raised by the next cut",
        ],
        (
            [
                row.tier,
                f"{row.customers:,}",
                f"{row.share:.1%}",
                f"{row.revenue:.1%}",
                _share(row.following),
                _share(row.stayed),
            ]
            for row in rows
        ),
        f"Tiers as of {as_of}",
    )


def stages(rows: list[StageRow], cuts: int) -> str:
    return _table(
        ["stage", "customers", "active next quarter", "of next quarter's spend", "next / base"],
        (
            [
                row.stage,
                f"{row.share:.1%}",
                f"{row.active:.2f}",
                f"{row.next_share:.1%}",
                "–" if row.stage == "introduction" or isnan(row.ratio) else f"{row.ratio:.2f}",
            ]
            for row in rows
        ),
        f"Stages over {cuts} cuts (base: the same quarter last year at the market's pace)",
    )


def verdict(rows: list[StageRow], change: Changes | None) -> list[tuple[str, bool]]:
    """The conditions that mean that stages mean something, and whether each holds."""
    ratio = {row.stage: row.ratio for row in rows}
    order = ("growth", "maturity", "decline", "lost")
    if any(isnan(ratio.get(stage, float("nan"))) for stage in order):
        return []  # no year before to compare with
    values = [ratio[stage] for stage in order]
    ordered = all(a > b for a, b in itertools.pairwise(values))
    held = [
        (
            f"ordered growth > maturity > decline > lost: {' > '.join(f'{v:.2f}' for v in values)}",
            ordered,
        ),
        (f"growth at least {GROWTH_LEAST}: {ratio['growth']:.2f}", ratio["growth"] >= GROWTH_LEAST),
        (
            f"decline at most {DECLINE_MOST}: {ratio['decline']:.2f}",
            ratio["decline"] <= DECLINE_MOST,
        ),
    ]
    if change:
        held.append(
            (
                f"growth-decline flips under {FLIPS_MOST:.0%} per four weeks: {change.flips:.1%}"
                f" (all label changes {change.labels:.1%})",
                change.flips < FLIPS_MOST,
            )
        )
    return held


def nights(cuts: list[Cut]) -> list[tuple[str, bool]]:
    """Whether nightly runs had left a full run nothing to change."""
    after = [cut for cut in cuts if cut.nights]
    if not after:
        return []
    count = sum(cut.nights for cut in after)
    changed = sum(cut.changed for cut in after)
    sentence = f"after {count} nightly runs full runs of the same days changed {changed} rows"
    return [(sentence, changed == 0)]


def runs(cuts: list[Cut]) -> str:
    return _table(
        ["as of", "customers", "read", "changed", "nightly runs before", "they read"],
        (
            [
                str(cut.as_of),
                f"{len(cut.customers):,}",
                f"{cut.read:,}",
                f"{cut.changed:,}",
                str(cut.nights or "–"),
                f"{cut.nights_read:,}" if cut.nights else "–",
            ]
            for cut in cuts
        ),
        "Runs",
    )


def faces(cut: Cut, count: int) -> Iterator[str]:
    """Customers by name: would a sales manager agree?"""
    everyone = list(cut.customers.values())
    by = {
        "Key, greatest first": (lambda c: c.tier == "Key", lambda c: -c.revenue),
        "Key, least first": (lambda c: c.tier == "Key", lambda c: c.revenue),
        "Not Key, greatest revenue": (lambda c: c.tier != "Key", lambda c: -c.revenue),
        "Lost, greatest once": (lambda c: c.stage == "lost", lambda c: -c.revenue_life),
        "In decline, greatest fall": (
            lambda c: c.stage == "decline",
            lambda c: c.revenue - c.revenue_previous,
        ),
        "Growing, greatest gain": (
            lambda c: c.stage == "growth",
            lambda c: c.revenue_previous - c.revenue,
        ),
    }
    for title, (wanted, order) in by.items():
        chosen = sorted(filter(wanted, everyone), key=order)[:count]
        yield _table(
            FACE.split(", "),
            (_face(customer, cut.as_of) for customer in chosen),
            f"{title} (as of {cut.as_of})",
        )


def _face(customer: Customer, as_of: date) -> list[str]:
    silent = (as_of - customer.last).days if customer.last else 0
    return [
        customer.name,
        customer.tier,
        customer.stage,
        f"{customer.revenue:,.0f}",
        f"{customer.revenue_previous:,.0f}",
        f"{customer.score:.1f}",
        str(customer.purchases),
        f"{customer.interval:.0f}",
        str(silent),
        "–" if customer.trend is None else f"{customer.trend:.2f}",
        customer.reason.replace("_", " "),
    ]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _table(head: list[str], rows: Iterable[list[str]], title: str) -> str:
    lines = [f"**{title}**", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])
