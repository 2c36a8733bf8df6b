"""A value policy: how one company turns facts into scores and tiers, and what makes it unusable.

Each finding names the axis or tier it is about and how it fails, so that the caller can say in the
user's language how to mend it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .errors import Issue, IssueCode, PolicyError

RECENCY_DAYS = "days"
RECENCY_RHYTHM = "rhythm"
AXES = ("recency", "frequency", "money")

# Thresholds and keep scores of the default tiers Key, High, Medium, Low. With the default weights
# and the quantiles of cutpoints.py a customer is Key in the top 1 % of money unless it buys rarely,
# in the next 4 % when it also buys often. With 90 and 75, a third of CDNOW's top 1 % and one of the
# wholesaler's greatest towns were not Key: they bought less often. The margins hold less than one
# level of money (10 points): with 82 and 77 a ninth of the Key customers stayed so for ever on a
# sixth of the money that it takes to become one.
DEFAULT_TIER_SCORES = ((84.0, 81.0), (74.0, 71.0), (50.0, 45.0), (0.0, 0.0))

MAX_CUTS = 19  # 20 levels an axis: a score table of at most 9,261 entries
MIN_WINDOW_DAYS = 1


class AxisCuts(tuple):
    """Strictly increasing cut values of one axis; ``len + 1`` levels."""

    __slots__ = ()

    def __new__(cls, cuts: Sequence[float] = ()):
        return super().__new__(cls, (float(cut) for cut in cuts))

    @property
    def top_level(self) -> int:
        return len(self) + 1


@dataclass(frozen=True)
class TierRule:
    """A tier as the kernel needs it: any id, the score that reaches it, the score that keeps it."""

    id: object
    threshold: float
    keep: float


@dataclass(frozen=True)
class ValuePolicy:
    """How one company scores and tiers. Frozen and hashable: score tables are cached per policy.

    ``tiers`` run from the highest to the lowest. ``window_days`` is for whoever gathers the facts;
    no kernel reads it.
    """

    recency_cuts: AxisCuts
    frequency_cuts: AxisCuts
    money_cuts: AxisCuts
    tiers: tuple[TierRule, ...]
    recency_weight: float = 0.2
    frequency_weight: float = 0.3
    money_weight: float = 0.5
    recency_mode: str = RECENCY_RHYTHM
    window_days: int = 365
    dwell_days: int = 60

    def __post_init__(self):
        for name in ("recency_cuts", "frequency_cuts", "money_cuts"):
            object.__setattr__(self, name, AxisCuts(getattr(self, name)))
        object.__setattr__(self, "tiers", tuple(self.tiers))

    @property
    def cuts(self) -> tuple[AxisCuts, AxisCuts, AxisCuts]:
        """In the order of ``AXES``."""
        return self.recency_cuts, self.frequency_cuts, self.money_cuts

    @property
    def weights(self) -> tuple[float, float, float]:
        """In the order of ``AXES``."""
        return self.recency_weight, self.frequency_weight, self.money_weight

    def issues(self) -> tuple[Issue, ...]:
        """Everything that keeps this policy from being used, empty when it is sound."""
        return tuple(_policy_issues(self))

    def validate(self) -> None:
        """:raises PolicyError: with all issues, when there is one"""
        issues = self.issues()
        if issues:
            raise PolicyError(issues)


def _policy_issues(policy: ValuePolicy) -> Iterator[Issue]:
    """Every issue of a policy, in the order of its screen: axes, weights, tiers."""
    bad_numbers = list(_not_numbers(policy))
    if bad_numbers:  # comparisons with NaN would only add noise
        yield from bad_numbers
        return
    if policy.recency_mode not in (RECENCY_DAYS, RECENCY_RHYTHM):
        yield Issue(IssueCode.MODE_UNKNOWN, {"mode": policy.recency_mode})
    if policy.window_days < MIN_WINDOW_DAYS:
        yield Issue(
            IssueCode.WINDOW_TOO_SHORT, {"days": policy.window_days, "least": MIN_WINDOW_DAYS}
        )
    for axis, cuts in zip(AXES, policy.cuts, strict=True):
        yield from _cut_issues(axis, cuts)
    yield from _weight_issues(policy)
    yield from _tier_issues(policy)
    if policy.dwell_days < 0:
        yield Issue(IssueCode.DWELL_NEGATIVE, {"days": policy.dwell_days})


def _not_numbers(policy: ValuePolicy) -> Iterator[Issue]:
    numbers = {}
    for axis, weight, cuts in zip(AXES, policy.weights, policy.cuts, strict=True):
        numbers |= {f"{axis}_weight": [weight], f"{axis}_cuts": list(cuts)}
    numbers["threshold"] = [tier.threshold for tier in policy.tiers]
    numbers["keep"] = [tier.keep for tier in policy.tiers]
    for field, values in numbers.items():
        if not all(math.isfinite(value) for value in values):
            yield Issue(IssueCode.NOT_A_NUMBER, {"field": field})


def _cut_issues(axis: str, cuts: tuple[float, ...]) -> Iterator[Issue]:
    if not cuts:
        yield Issue(IssueCode.CUTS_MISSING, {"axis": axis})
        return
    if len(cuts) > MAX_CUTS:
        yield Issue(IssueCode.CUTS_TOO_MANY, {"axis": axis, "count": len(cuts), "most": MAX_CUTS})
    if min(cuts) <= 0:
        yield Issue(IssueCode.CUT_NOT_POSITIVE, {"axis": axis, "value": min(cuts)})
    for previous, value in pairwise(cuts):
        if value <= previous:
            yield Issue(
                IssueCode.CUTS_NOT_INCREASING, {"axis": axis, "value": value, "previous": previous}
            )


def _weight_issues(policy: ValuePolicy) -> Iterator[Issue]:
    for axis, weight in zip(AXES, policy.weights, strict=True):
        if weight < 0:
            yield Issue(IssueCode.WEIGHT_NEGATIVE, {"axis": axis, "weight": weight})
    if sum(policy.weights) <= 0:
        yield Issue(IssueCode.WEIGHTS_SUM_ZERO, {})


def _tier_issues(policy: ValuePolicy) -> Iterator[Issue]:
    tiers = policy.tiers
    if not tiers:
        yield Issue(IssueCode.TIERS_MISSING, {})
        return
    seen: set[object] = set()
    for tier in tiers:
        if tier.id in seen:
            yield Issue(IssueCode.TIER_REPEATED, {"tier": tier.id})
        seen.add(tier.id)
        yield from _tier_range_issues(tier)
    if tiers[-1].threshold != 0:
        yield Issue(
            IssueCode.LOWEST_THRESHOLD_NOT_ZERO,
            {"tier": tiers[-1].id, "threshold": tiers[-1].threshold},
        )
    for above, tier in pairwise(tiers):
        yield from _neighbour_issues(above, tier)


def _tier_range_issues(tier: TierRule) -> Iterator[Issue]:
    if not 0 <= tier.threshold <= 100:
        yield Issue(
            IssueCode.THRESHOLD_OUT_OF_RANGE, {"tier": tier.id, "threshold": tier.threshold}
        )
    if not 0 <= tier.keep <= 100:
        yield Issue(IssueCode.KEEP_OUT_OF_RANGE, {"tier": tier.id, "keep": tier.keep})
    if tier.keep > tier.threshold:
        yield Issue(
            IssueCode.KEEP_ABOVE_THRESHOLD,
            {"tier": tier.id, "keep": tier.keep, "threshold": tier.threshold},
        )


def _neighbour_issues(above: TierRule, tier: TierRule) -> Iterator[Issue]:
    """Between a tier and the one above it.

    A keep score at or below the next tier's threshold would let nobody ever fall into that tier.
    """
    if tier.threshold >= above.threshold:
        yield Issue(
            IssueCode.THRESHOLDS_NOT_DECREASING,
            {
                "tier": tier.id,
                "threshold": tier.threshold,
                "above": above.id,
                "above_threshold": above.threshold,
            },
        )
    elif above.keep <= tier.threshold:
        yield Issue(
            IssueCode.KEEP_BELOW_NEXT_TIER,
            {
                "tier": above.id,
                "keep": above.keep,
                "below": tier.id,
                "below_threshold": tier.threshold,
            },
        )
