"""What a policy would do: judged customers into groups by where they come from and where they go.

Nothing is decided here: :func:`tools.judgement.judge` has judged, for a trial as for a run. Groups of
several batches add up.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import judgement, tiers
from .dates import NO_DATE
from .value_policy import ValuePolicy


class Outcome(NamedTuple):
    """One element per customer: record ids of tiers, 0 for none."""

    before: NDArray[np.int32]
    now: NDArray[np.int32]  # at once
    later: NDArray[np.int32]  # once running waits have ended, if nothing else changes
    reached: NDArray[np.int32]  # by the score alone
    by_margin: NDArray[np.bool_]  # keeps more than it reaches, for as long as the score stays
    waiting: NDArray[np.bool_]  # keeps more than it reaches until the wait ends


class Group(NamedTuple):
    """Customers who go the same way; ``members`` are their positions."""

    before: int
    after: int
    revenue: float
    members: NDArray[np.intp]


def outcome(before: NDArray, judged: NDArray, policy: ValuePolicy) -> Outcome:
    """Where customers go, who are judged by ``policy`` and had the tier ``before``."""
    ids = np.array([rule.id for rule in policy.tiers], np.int32)
    now = judged["value_tier_id"]
    has_tier = judged["computed_tier_id"] > 0
    reached = np.where(has_tier, ids[tiers.tier_reached(judged["value_score"], policy)], 0)
    free = ~judged["tier_manual"]
    waiting = free & (judged["tier_reason"] == tiers.TierReason.WAITING)
    by_margin = free & (judged["tier_reason"] == tiers.TierReason.KEPT_BY_MARGIN)
    return Outcome(before, now, np.where(waiting, reached, now), reached, by_margin, waiting)


def groups(
    before: NDArray, after: NDArray, revenue: NDArray, where: NDArray | None = None
) -> Iterator[Group]:
    """Every way that somebody goes, staying included, each customer in one."""
    members = np.arange(len(before)) if where is None else np.flatnonzero(where)
    if not members.size:
        return
    ways = np.stack([before[members], after[members]])
    pairs, which = np.unique(ways, axis=1, return_inverse=True)
    which = which.ravel()
    for number, (source, target) in enumerate(pairs.T.tolist()):
        some = members[which == number]
        yield Group(source, target, float(revenue[some].sum()), some)


def largest(moved: NDArray, revenue: NDArray, most: int) -> NDArray[np.intp]:
    """Positions of the moved customers with most revenue, the greatest first."""
    members = np.flatnonzero(moved)
    return members[np.argsort(-revenue[members], kind="stable")[:most]]


def without_standing(rows: NDArray) -> NDArray:
    """The same facts of customers about whom nothing was decided yet; who they are is kept."""
    rows = rows.copy()
    for name, sql_type in judgement.STATE_COLUMNS:
        if name != "profile_id":
            rows[name] = NO_DATE if sql_type == "date" else 0
    return rows


def with_cuts(policy: ValuePolicy, cuts: dict[str, list[float]]) -> ValuePolicy:
    """The same policy with other cut-points; axes that are not named keep theirs."""
    return replace(policy, **{f"{axis}_cuts": values for axis, values in cuts.items()})
