"""Recency, frequency and money -> a level on each axis -> one score of 0..100.

A level counts the cuts a value has reached, so equal values always share a level:

- *more is better* (frequency, money): ``level = 1 + number of cuts <= value``;
  "reaches 5 purchases" includes 5.
- *less is better* (recency, in days or in units of the customer's own interval): cuts are inclusive
  upper bounds, listed increasing; ``level = 1 + number of cuts >= value``.
- a customer that never purchased has level 0 on every axis and score 0.

::

    score = 100 * sum(weight_i * level_i / top_level_i) / sum(weight_i)      to four decimals

The sum is taken in exact fractions (a weight means its shortest decimal: 0.2 is two tenths) and
rounded once, half up, for each combination of levels; customers only look their score up. The
points of the three axes are the differences of the rounded running totals in the order recency,
frequency, money: they add up to the score exactly, each within 0.0001 of its exact share.
"""

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .dates import NO_DATE, DayArray, as_days, has_date
from .rhythm import days_since, last_day_within, silence
from .value_policy import RECENCY_DAYS, AxisCuts, ValuePolicy

UNITS = 10_000  # a score is a whole number of these per point

LevelArray = NDArray[np.int8]


class Scores(NamedTuple):
    """One element per customer. ``recency`` is days or silence by the policy's mode, NaN: none."""

    recency: NDArray[np.float64]
    recency_level: LevelArray
    frequency_level: LevelArray
    money_level: LevelArray
    score: NDArray[np.float64]


class Points(NamedTuple):
    """What each axis contributes; the three add up to ``score`` in all its four decimals."""

    recency: float
    frequency: float
    money: float
    score: float


def score(
    last: ArrayLike,
    frequency: ArrayLike,
    money: ArrayLike,
    *,
    as_of: ArrayLike,
    policy: ValuePolicy,
    interval: ArrayLike | None = None,
) -> Scores:
    """Score customers.

    :param last: day of the last purchase, ``NO_DATE`` for none
    :param frequency: purchase days in the policy's window
    :param money: net amount in the policy's window, company currency; may be negative
    :param as_of: the day of the judgement, one for all or one each
    :param interval: days, from :func:`rhythm.shrunk_interval`; needed in rhythm mode only
    :raises ValueError: when money is NaN, or rhythm mode lacks the interval
    """
    bought = has_date(last)
    money = np.asarray(money, np.float64)
    if np.isnan(money).any():
        raise ValueError("money holds NaN")
    rate = _interval(policy, interval)
    levels = (
        np.where(bought, _recency_level(last, rate, as_of, policy), np.int8(0)),
        np.where(bought, _level_more(frequency, policy.frequency_cuts), np.int8(0)),
        np.where(bought, _level_more(money, policy.money_cuts), np.int8(0)),
    )
    return Scores(silence(last, rate, as_of), *levels, score_of_levels(*levels, policy))


def score_of_levels(
    recency_level: ArrayLike,
    frequency_level: ArrayLike,
    money_level: ArrayLike,
    policy: ValuePolicy,
) -> NDArray[np.float64]:
    """The score of levels 0..top; the one place where levels become a score."""
    table = _score_table(policy.cuts, policy.weights)
    _, fs, ms = table.shape
    index = np.multiply(recency_level, fs, dtype=np.intp)
    index += frequency_level
    index *= ms
    index += money_level
    return table.ravel()[index]


def points(
    recency_level: int, frequency_level: int, money_level: int, policy: ValuePolicy
) -> Points:
    """The evidence of one score: what each axis contributes, adding up exactly."""
    levels = (int(recency_level), int(frequency_level), int(money_level))
    totals = [0]
    shares = _shares(policy.cuts, policy.weights)
    exact = Fraction(0)
    for share, level in zip(shares, levels, strict=True):
        exact += share * level
        totals.append(_half_up(exact))
    parts = [(after - before) / UNITS for before, after in pairwise(totals)]
    return Points(*parts, totals[-1] / UNITS)


def recency_value(
    last: ArrayLike, as_of: ArrayLike, policy: ValuePolicy, interval: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Days since the last purchase, or silence in own intervals, by the policy's mode."""
    return silence(last, _interval(policy, interval), as_of)


def next_recency_change(
    last: ArrayLike, *, as_of: int, policy: ValuePolicy, interval: ArrayLike | None = None
) -> DayArray:
    """First day after ``as_of`` on which the recency level falls by itself; ``NO_DATE``: never."""
    last = np.asarray(last, np.int64)
    silent = days_since(last, as_of)
    rate = _interval(policy, interval)
    change = np.full(np.broadcast(last, rate).shape, NO_DATE, np.int64)
    for cut in reversed(policy.recency_cuts):
        within = last_day_within(cut, rate)
        change = np.where(silent <= within, last + within + 1, change)
    return as_days(np.where(has_date(last), change, NO_DATE))


def _interval(policy: ValuePolicy, interval: ArrayLike | None) -> ArrayLike:
    """The unit of the recency axis, in days."""
    if policy.recency_mode == RECENCY_DAYS:
        return 1.0
    if interval is None:
        raise ValueError("a policy in rhythm mode needs the customers' intervals")
    return interval


def _recency_level(
    last: ArrayLike, rate: ArrayLike, as_of: ArrayLike, policy: ValuePolicy
) -> LevelArray:
    silent = days_since(last, as_of)
    level = np.ones(np.broadcast(silent, rate).shape, np.int8)
    for cut in policy.recency_cuts:
        level += silent <= last_day_within(cut, rate)
    return level


def _level_more(values: ArrayLike, cuts: AxisCuts) -> LevelArray:
    values = np.asarray(values)
    level = np.ones(values.shape, np.int8)
    for cut in cuts:
        level += values >= cut
    return level


@lru_cache(maxsize=64)
def _shares(cuts: tuple[AxisCuts, ...], weights: tuple[float, ...]) -> tuple[Fraction, ...]:
    """Score units that one level of each axis is worth, exactly."""
    exact = [Fraction(repr(float(weight))) for weight in weights]
    total = sum(exact)
    return tuple(
        100 * UNITS * weight / (axis.top_level * total)
        for weight, axis in zip(exact, cuts, strict=True)
    )


@lru_cache(maxsize=64)
def _score_table(cuts: tuple[AxisCuts, ...], weights: tuple[float, ...]) -> NDArray[np.float64]:
    """score[recency level, frequency level, money level], levels from 0; read-only."""
    per_level = _shares(cuts, weights)
    r, f, m = (
        [share * level for level in range(axis.top_level + 1)]
        for share, axis in zip(per_level, cuts, strict=True)
    )
    table = np.array([[[_half_up(a + b + c) / UNITS for c in m] for b in f] for a in r])
    table.setflags(write=False)
    return table


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
