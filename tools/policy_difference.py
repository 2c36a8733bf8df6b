"""Two value policies side by side: every rule, what it was and what it is.

Cut-points are compared by the level that they give, not by their place in a list: with one cut-point
more at the top, those below it are the same rules as before.
"""

import math
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from .value_policy import AXES, AxisCuts, ValuePolicy


class Rule(Enum):
    """What a line of the comparison is about."""

    WINDOW = "window"
    RECENCY_MODE = "recency_mode"
    WEIGHT = "weight"  # of an axis, as its share of all weights
    CUT = "cut"  # of an axis: the value that gives a level
    THRESHOLD = "threshold"  # of a tier
    KEEP = "keep"  # of a tier
    DWELL = "dwell"


class Line(NamedTuple):
    """One rule in both policies; None where a policy does not have it.

    ``of`` is the axis or the tier's id that the rule belongs to.
    """

    rule: Rule
    of: object
    level: int
    old: object
    new: object

    @property
    def differs(self) -> bool:
        if isinstance(self.old, float) and isinstance(self.new, float):
            # Shares of weights: 2, 3, 5 is the same rule as 0.2, 0.3, 0.5.
            return not math.isclose(self.old, self.new, rel_tol=1e-9)
        return self.old != self.new


def compare(old: ValuePolicy, new: ValuePolicy) -> tuple[Line, ...]:
    """Every rule of either policy, in the order of the policy's screen."""
    return tuple(_lines(old, new))


def _lines(old: ValuePolicy, new: ValuePolicy) -> Iterator[Line]:
    yield Line(Rule.WINDOW, None, 0, old.window_days, new.window_days)
    yield Line(Rule.RECENCY_MODE, None, 0, old.recency_mode, new.recency_mode)
    for axis, *shares, before, after in zip(
        AXES, _shares(old), _shares(new), old.cuts, new.cuts, strict=True
    ):
        yield Line(Rule.WEIGHT, axis, 0, *shares)
        if axis == "recency" and old.recency_mode != new.recency_mode:
            # Days and intervals: equal numbers are no equal rules. One list ends, another begins.
            yield from _cut_lines(axis, before, AxisCuts())
            yield from _cut_lines(axis, AxisCuts(), after)
        else:
            yield from _cut_lines(axis, before, after)
    yield from _tier_lines(old, new)
    yield Line(Rule.DWELL, None, 0, old.dwell_days, new.dwell_days)


def _shares(policy: ValuePolicy) -> list[float]:
    total = sum(policy.weights)
    return [weight / total if total else 0.0 for weight in policy.weights]


def _cut_lines(axis: str, old: AxisCuts, new: AxisCuts) -> Iterator[Line]:
    before, after = _by_level(axis, old), _by_level(axis, new)
    for level in sorted(before.keys() | after.keys()):
        yield Line(Rule.CUT, axis, level, before.get(level), after.get(level))


def _by_level(axis: str, cuts: AxisCuts) -> dict[int, float]:
    """The value that gives each level. The shortest silence gives the highest one."""
    ordered = reversed(cuts) if axis == "recency" else cuts
    return dict(enumerate(ordered, start=2))


def _tier_lines(old: ValuePolicy, new: ValuePolicy) -> Iterator[Line]:
    before = {tier.id: tier for tier in old.tiers}
    after = {tier.id: tier for tier in new.tiers}
    for tier_id in [*after, *(tier_id for tier_id in before if tier_id not in after)]:
        pair = before.get(tier_id), after.get(tier_id)
        threshold = (tier.threshold if tier else None for tier in pair)
        keep = (tier.keep if tier else None for tier in pair)
        yield Line(Rule.THRESHOLD, tier_id, 0, *threshold)
        yield Line(Rule.KEEP, tier_id, 0, *keep)
