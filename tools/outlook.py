"""One customer: what separates it from the next tier up, and when it falls if it buys no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import scoring, tiers
from .dates import NO_DATE
from .value_policy import AxisCuts, ValuePolicy


@dataclass(frozen=True)
class Standing:
    """One customer's facts as they were judged on ``as_of`` (days; ``NO_DATE`` for none)."""

    last: int
    frequency: int
    money: float
    tier_index: int
    as_of: int
    interval: float | None = None  # days; needed in rhythm mode only
    below_since: int = NO_DATE


class Distance(NamedTuple):
    """What is missing to the next tier up, and what is spare before the current one is at risk.

    ``recency``, ``frequency``, ``money``: the value which *alone* would lift the score to the next
    tier's threshold (the greatest silence, in the policy's mode; the smallest count; the smallest
    amount), None when that axis alone cannot. All None in the highest tier and without a purchase.
    """

    next_tier: int | None
    points_missing: float | None
    recency: float | None
    frequency: float | None
    money: float | None
    points_spare: float | None  # score less the keep score; negative while a downgrade waits


class FuturePoint(NamedTuple):
    """The window's facts from a day on, when nothing more is bought (old purchases leave it)."""

    day: int
    frequency: int
    money: float


class Fall(NamedTuple):
    """The day the wait that ends in a lower tier began, the day of the change, and the new tier."""

    below_on: int
    lowered_on: int
    tier_index: int


def distance(customer: Standing, policy: ValuePolicy) -> Distance:
    """What separates a customer from the tiers around it."""
    if customer.last == NO_DATE or customer.tier_index == tiers.NO_TIER:
        return Distance(None, None, None, None, None, None)
    scores = _scores(customer, policy)
    score = float(scores.score)
    spare = round(score - policy.tiers[customer.tier_index].keep, 4)
    if customer.tier_index == 0:
        return Distance(None, None, None, None, None, spare)
    goal = policy.tiers[customer.tier_index - 1].threshold
    levels = [int(scores.recency_level), int(scores.frequency_level), int(scores.money_level)]
    lifts = [_lift(axis, levels, goal, policy) for axis in range(3)]
    values = [
        _recency_bound(policy.recency_cuts, lifts[0]),
        _lower_bound(policy.frequency_cuts, lifts[1]),
        _lower_bound(policy.money_cuts, lifts[2]),
    ]
    return Distance(customer.tier_index - 1, max(round(goal - score, 4), 0.0), *values, spare)


def falls_on(future: Sequence[FuturePoint], customer: Standing, policy: ValuePolicy) -> Fall | None:
    """When a customer that buys nothing more falls out of its tier; None when it never does.

    :param future: how the window's frequency and money change by time alone, in order of day; days
        up to ``as_of`` are ignored
    """
    if customer.last == NO_DATE or customer.tier_index == tiers.NO_TIER:
        return None
    days, scores = _path(future, customer, policy)
    tier, since = customer.tier_index, customer.below_since
    for day, until, score in zip(days, [*days[1:], None], scores, strict=True):
        judged = tiers.decide(score, True, tier, since, as_of=day, policy=policy)
        if judged.reason == tiers.TierReason.LOWERED:
            return Fall(day if since == NO_DATE else since, day, int(judged.tier_index))
        tier, since = int(judged.tier_index), int(judged.below_since)
        if since == NO_DATE:
            continue
        lowered_on = since + policy.dwell_days
        if until is None or lowered_on < until:
            return Fall(since, lowered_on, int(tiers.tier_reached(score, policy)))
    return None


def _path(
    future: Sequence[FuturePoint], customer: Standing, policy: ValuePolicy
) -> tuple[list[int], list[float]]:
    """The days from ``as_of`` on at which time alone can change the score, and the score there."""
    window = [FuturePoint(customer.as_of, customer.frequency, customer.money)]
    window += [point for point in future if point.day > customer.as_of]
    days = {point.day for point in window}
    day = customer.as_of
    while (day := _next_recency_day(customer, day, policy)) != NO_DATE:
        days.add(day)
    ordered = sorted(days)
    starts = [point.day for point in window]
    at = np.searchsorted(starts, ordered, side="right") - 1
    result = scoring.score(
        np.full(len(ordered), customer.last),
        np.array([point.frequency for point in window])[at],
        np.array([point.money for point in window])[at],
        as_of=np.array(ordered),
        policy=policy,
        interval=customer.interval,
    )
    return ordered, result.score.tolist()


def _next_recency_day(customer: Standing, day: int, policy: ValuePolicy) -> int:
    return int(
        scoring.next_recency_change(
            customer.last, as_of=day, policy=policy, interval=customer.interval
        )
    )


def _scores(customer: Standing, policy: ValuePolicy) -> scoring.Scores:
    return scoring.score(
        customer.last,
        customer.frequency,
        customer.money,
        as_of=customer.as_of,
        policy=policy,
        interval=customer.interval,
    )


def _lift(axis: int, levels: list[int], goal: float, policy: ValuePolicy) -> int | None:
    """The lowest level of one axis, the others unchanged, that reaches the goal."""
    trial = list(levels)
    for level in range(levels[axis] + 1, policy.cuts[axis].top_level + 1):
        trial[axis] = level
        if scoring.score_of_levels(*trial, policy) >= goal:
            return level
    return None


def _lower_bound(cuts: AxisCuts, level: int | None) -> float | None:
    return None if level is None else cuts[level - 2]


def _recency_bound(cuts: AxisCuts, level: int | None) -> float | None:
    return None if level is None else cuts[cuts.top_level - level]
