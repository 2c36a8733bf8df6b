"""What became of customers after each cut: do the stages mean something?"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .product import Cut
from .records import Records

#: The next quarter, and the same quarter of the year before.
QUARTER = 91
SEASON = 364

STAGES = ("introduction", "growth", "maturity", "decline", "lost")


class Spend:
    """Net amounts of customers between days, from the records themselves and not from the product."""

    def __init__(self, records: Records, partner_ids: Sequence[int]):
        self._origin = records.first
        self._day = np.array([(d.day - self._origin).days for d in records.documents])
        self._customer = np.array([d.customer for d in records.documents])
        self._amount = np.array([float(d.amount) for d in records.documents])
        self._count = len(records.customers)
        self.position = {partner_id: index for index, partner_id in enumerate(partner_ids)}

    def between(self, after: date, until: date) -> np.ndarray:
        """Net amount per customer of ``after < day <= until``."""
        chosen = self._within(after, until)
        return np.bincount(self._customer[chosen], self._amount[chosen], self._count)

    def active(self, after: date, until: date) -> np.ndarray:
        """Whether each customer bought anything in those days."""
        chosen = self._within(after, until) & (self._amount > 0)
        return np.bincount(self._customer[chosen], minlength=self._count) > 0

    def _within(self, after: date, until: date) -> np.ndarray:
        return (self._day > (after - self._origin).days) & (
            self._day <= (until - self._origin).days
        )


class StageRow(NamedTuple):
    """A stage over all cuts."""

    stage: str
    share: float  # of customers who have bought
    active: float  # share of them buying in the next quarter
    next_share: float  # of all spend in the next quarter
    ratio: float  # next quarter / same quarter last year, the market's own ratio divided out


def stage_rows(cuts: list[Cut], spend: Spend, last: date) -> list[StageRow]:
    """Over those cuts after which a quarter and before which a year is known."""
    totals: dict[str, Counter] = defaultdict(Counter)
    for cut in cuts:
        end = cut.as_of + timedelta(QUARTER)
        if end > last:
            continue
        after = spend.between(cut.as_of, end)
        base = spend.between(cut.as_of - timedelta(SEASON), end - timedelta(SEASON))
        active = spend.active(cut.as_of, end)
        market = after.sum() / base.sum() if base.sum() > 0 else float("nan")
        for partner_id, customer in cut.customers.items():
            index = spend.position[partner_id]
            for key in (customer.stage, "all"):
                totals[key].update(
                    customers=1,
                    active=int(active[index]),
                    after=after[index],
                    base=base[index] * market,
                )
    every = totals.pop("all", None)
    if every is None:
        return []
    return [
        StageRow(
            stage,
            totals[stage]["customers"] / every["customers"],
            totals[stage]["active"] / totals[stage]["customers"],
            totals[stage]["after"] / every["after"],
            totals[stage]["after"] / totals[stage]["base"]
            if totals[stage]["base"]
            else float("nan"),
        )
        for stage in STAGES
        if totals[stage]["customers"]
    ]


class Changes(NamedTuple):
    """Per four weeks, as a share of the customers with a stage at both ends."""

    labels: float
    flips: float  # from growth to decline or back


def changes(cuts: list[Cut]) -> Changes | None:
    compared = labels = flips = 0
    weeks = 0.0
    for before, after in pairwise(cuts):
        both = before.customers.keys() & after.customers.keys()
        moves = [(before.customers[each].stage, after.customers[each].stage) for each in both]
        compared += len(both)
        labels += sum(a != b for a, b in moves)
        flips += sum({a, b} == {"growth", "decline"} for a, b in moves)
        weeks += len(both) * (after.as_of - before.as_of).days / 28
    return Changes(labels / weeks, flips / weeks) if weeks else None


class TierRow(NamedTuple):
    tier: str
    customers: int
    share: float
    revenue: float  # share of the window's revenue
    following: float | None  # share of the next quarter's
    stayed: float | None  # share of them still in it, or higher, a cut later


def tier_rows(cuts: list[Cut], spend: Spend, last: date, tiers: Sequence[str]) -> list[TierRow]:
    """As of the last cut; what follows as of the last one after which a quarter is known."""
    cut = cuts[-1]
    counts = Counter(customer.tier for customer in cut.customers.values())
    revenue: Counter = Counter()
    for customer in cut.customers.values():
        revenue[customer.tier] += customer.revenue
    following = _following(cuts, spend, last)
    stayed = _stayed(cuts, tiers)
    return [
        TierRow(
            tier,
            counts[tier],
            counts[tier] / max(1, sum(counts.values())),
            revenue[tier] / max(1e-9, sum(revenue.values())),
            following.get(tier) if following else None,
            stayed.get(tier),
        )
        for tier in tiers
    ]


def _following(cuts: list[Cut], spend: Spend, last: date) -> dict[str, float]:
    known = [cut for cut in cuts if cut.as_of + timedelta(QUARTER) <= last]
    if not known:
        return {}
    cut = known[-1]
    after = spend.between(cut.as_of, cut.as_of + timedelta(QUARTER))
    totals: Counter = Counter()
    for partner_id, customer in cut.customers.items():
        totals[customer.tier] += after[spend.position[partner_id]]
    return {tier: value / after.sum() for tier, value in totals.items()}


def _stayed(cuts: list[Cut], tiers: Sequence[str]) -> dict[str, float]:
    rank = {tier: index for index, tier in enumerate(tiers)}
    kept: Counter = Counter()
    seen: Counter = Counter()
    for before, after in pairwise(cuts):
        for partner_id, customer in before.customers.items():
            now = after.customers.get(partner_id)
            if now:
                seen[customer.tier] += 1
                kept[customer.tier] += rank[now.tier] <= rank[customer.tier]
    return {tier: kept[tier] / seen[tier] for tier in seen}
