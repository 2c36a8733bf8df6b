"""Which groups of tickets had more in the last days than their own past and everybody's growth allow.

A group is what shares, say, a category and a product. Of its tickets, ``recent`` fell in a window of
``window`` days and ``past`` in the ``before`` days ahead of it. Two questions are asked:

* *Its own past*: did its rate rise? Under an unchanged rate the recent count, given both together, is
  binomial with share ``q = window / (window + before)`` (the conditional test of two Poisson rates:
  Przyborowski & Wilenski 1940). Its upper tail is the regularised incomplete beta
  ``I_q(recent, past + 1)``, which is defined for a ``past`` that is not whole, too.
* *Everybody's growth*: did it rise more than the rest? Given all margins the recent count is then
  hypergeometric (Fisher's exact test). Where there is no rest, only the first question is asked.

A group's chance is the larger of the two, so it must fail both: its rate rose, and not merely with
everybody's. It is exact, so it is never too small, whatever the counts.

A group that was never seen before has no rate of its own. It is taken to have had as many as the others
that were seen had on average, plus one half (``PRIOR``).

Many groups are looked at in one run. Holm's step-down keeps the chance that a run in which nothing
changed names *any* group at or below ``budget``. Groups that have fewer than ``min_count`` tickets in all
cannot be named, and so do not count among those looked at.
"""

from collections.abc import Sequence
from enum import Enum
from math import exp, inf, lgamma, log, log1p
from typing import NamedTuple

#: Tickets that a group never seen is credited with, besides the mean of the others.
PRIOR = 0.5
_NEGLIGIBLE = 1e-18
_STEPS = 200  # of a bisection; more than doubles have bits


class Group(NamedTuple):
    """How many tickets a group had in the window, and in the days before it."""

    recent: int
    past: int


class Jump(NamedTuple):
    """A group that is named: its place in the input, what was to be expected, how unlikely it was."""

    index: int
    recent: int
    expected: float
    chance: float


class Verdict(str, Enum):
    FEWER = "fewer"
    MORE = "more"
    UNKNOWN = "unknown"


class Change(NamedTuple):
    """The rate after, as a multiple of the rate before, between ``low`` and ``high``."""

    ratio: float | None
    low: float
    high: float
    verdict: Verdict


def jumps(
    groups: Sequence[Group], *, window: float, before: float, min_count: int, budget: float
) -> list[Jump]:
    """The groups to name, the least likely first.

    :param window, before: days; ``before`` no longer than tickets have been kept at all
    :param min_count: tickets in the window below which nothing is named
    :param budget: chance of naming any group in a run although nothing changed
    """
    if before <= 0 or window <= 0:
        return []
    least = max(min_count, 1)
    all_recent = sum(group.recent for group in groups)
    all_past = sum(group.past for group in groups)
    seen = sum(1 for group in groups if group.past)
    looked_at = sum(1 for group in groups if group.recent + group.past >= least)
    found = []
    for index, group in enumerate(groups):
        if group.recent < least:
            continue
        past = group.past or (all_past / seen if seen else 0) + PRIOR
        rest = Group(all_recent - group.recent, all_past - group.past)
        chance = rise_chance(group.recent, past, window, before)
        expected = past * window / before
        if sum(rest):
            chance = max(chance, share_chance(group, rest))
        if rest.past:
            expected = max(expected, group.past * rest.recent / rest.past)
        found.append(Jump(index, group.recent, expected, chance))
    found.sort(key=lambda jump: (jump.chance, jump.index))
    named = []
    for rank, jump in enumerate(found):
        if jump.chance > budget / (looked_at - rank):
            break
        named.append(jump)
    return named


def rise_chance(recent: int, past: float, window: float, before: float) -> float:
    """Chance of ``recent`` or more in the window under an unchanged rate: ``I_q(recent, past + 1)``.

    Summed as the tail of the negative binomial that it equals; every term is positive, so nothing
    cancels.
    """
    if recent <= 0:
        return 1.0
    q, size = window / (window + before), past + 1
    count = recent
    term = exp(
        lgamma(count + size) - lgamma(count + 1) - lgamma(size) + count * log(q) + size * log1p(-q)
    )
    total = 0.0
    while True:
        total += term
        growth = (count + size) / (count + 1) * q
        if growth < 1 and term * growth <= total * _NEGLIGIBLE:
            return min(total, 1.0)
        term *= growth
        count += 1


def share_chance(group: Group, rest: Group) -> float:
    """Chance of ``group.recent`` or more if recent tickets fell on all alike (Fisher, one-sided)."""
    everything = sum(group) + sum(rest)
    recent, size = group.recent + rest.recent, sum(group)
    count, most = group.recent, min(size, recent)
    if count <= max(0, size - (everything - recent)):
        return 1.0
    term = exp(
        _log_ways(recent, count)
        + _log_ways(everything - recent, size - count)
        - _log_ways(everything, size)
    )
    total = term
    while count < most:
        term *= (
            (recent - count)
            * (size - count)
            / ((count + 1) * (everything - recent - size + count + 1))
        )
        total += term
        count += 1
    return min(total, 1.0)


def change(
    before: int, before_days: float, after: int, after_days: float, level: float = 0.95
) -> Change:
    """Compare two rates by the exact interval of their ratio (Clopper & Pearson on the share after).

    *Unknown* as long as the interval holds 1: with few tickets it usually does, and should.
    """
    total = before + after
    if not total or before_days <= 0 or after_days <= 0:
        return Change(None, 0.0, inf, Verdict.UNKNOWN)
    each = (1 - level) / 2
    low = _solve(lambda p: _at_least(after, total, p), each) if after else 0.0
    high = _solve(lambda p: 1 - _at_least(after + 1, total, p), each) if before else 1.0
    scale = before_days / after_days

    def multiple(share):
        return share / (1 - share) * scale if share < 1 else inf

    bounds = multiple(low), multiple(high)
    verdict = Verdict.UNKNOWN
    if bounds[1] < 1:
        verdict = Verdict.FEWER
    elif bounds[0] > 1:
        verdict = Verdict.MORE
    return Change(after / before * scale if before else None, *bounds, verdict)


def _log_ways(total: int, chosen: int) -> float:
    return lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)


def _at_least(count: int, total: int, share: float) -> float:
    """Chance of ``count`` or more out of ``total``."""
    if count <= 0:
        return 1.0
    if count > total:
        return 0.0
    return sum(
        exp(_log_ways(total, k) + k * log(share) + (total - k) * log1p(-share))
        for k in range(count, total + 1)
    )


def _solve(function, value: float) -> float:
    """Where a function that is monotone on (0, 1) takes ``value``."""
    low, high = 0.0, 1.0
    rising = function(1e-9) < function(1 - 1e-9)
    for _step in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (function(middle) < value) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
