"""Where the levels of a score begin, from a company's own customers.

A cut for quantile ``q`` is the smallest observed value strictly above the quantile: everyone who
shares the quantile's value stays below it, so a crowd of one-time buyers is not torn apart. (NTILE
gave 88 % of CDNOW's customers another level than some of their equals.) Cuts are
computed once, when a policy is published, rounded to numbers a person would choose, and stored.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .natural_breaks import natural_breaks
from .rhythm import DEFAULT_MEDIAN
from .value_policy import RECENCY_RHYTHM

MIN_CUSTOMERS = 10  # fewer customers than this are no distribution
MAX_MOVED = 0.02  # share of customers that rounding may put on another level

# Share of customers below each cut, from the lowest level to the highest.
FREQUENCY_QUANTILES = (0.2, 0.4, 0.6, 0.8)
MONEY_QUANTILES = (0.5, 0.8, 0.95, 0.99)

# For a company with too little data. Money is in company currency: a guess to be published anew.
DEFAULT_DAY_CUTS = (30.0, 60.0, 120.0, 240.0)
DEFAULT_SILENCE_CUTS = (1.0, 1.5, 2.0, 4.0)
DEFAULT_FREQUENCY_CUTS = (2.0, 4.0, 8.0, 16.0)
DEFAULT_MONEY_CUTS = (1_000.0, 5_000.0, 20_000.0, 100_000.0)


class Calibration(NamedTuple):
    """Cuts of the three axes, and on how many customers they rest (0: these are the defaults)."""

    recency: tuple[float, ...]
    frequency: tuple[float, ...]
    money: tuple[float, ...]
    customers: int


def calibrate(
    recency: ArrayLike,
    frequency: ArrayLike,
    money: ArrayLike,
    *,
    mode: str,
    median_interval: float = DEFAULT_MEDIAN,
    recency_quantiles: Sequence[float] | None = None,
    frequency_quantiles: Sequence[float] = FREQUENCY_QUANTILES,
    money_quantiles: Sequence[float] = MONEY_QUANTILES,
) -> Calibration:
    """Cuts from the customers that purchased in the window, more than was credited.

    :param recency: days or silence by ``mode``, as :func:`scoring.recency_value` gives it
    :param frequency: purchase days in the window
    :param money: net amount in the window
    :param median_interval: the company's own, in days; scales the recency cuts in days
    :param recency_quantiles: None: fixed numbers of intervals, which mean the same on any day
    """
    active = (np.asarray(frequency) > 0) & (np.asarray(money) > 0)
    count = int(np.count_nonzero(active))
    if count < MIN_CUSTOMERS:
        fixed = DEFAULT_SILENCE_CUTS if mode == RECENCY_RHYTHM else DEFAULT_DAY_CUTS
        return Calibration(fixed, DEFAULT_FREQUENCY_CUTS, DEFAULT_MONEY_CUTS, 0)
    if recency_quantiles is not None:
        step = 0.1 if mode == RECENCY_RHYTHM else 1.0
        recent = recency_cuts(np.asarray(recency)[active], recency_quantiles, step=step)
    else:
        recent = DEFAULT_SILENCE_CUTS if mode == RECENCY_RHYTHM else day_cuts(median_interval)
    return Calibration(
        recent,
        frequency_cuts(np.asarray(frequency)[active], frequency_quantiles),
        money_cuts(np.asarray(money)[active], money_quantiles),
        count,
    )


def by_natural_breaks(
    recency: ArrayLike,
    frequency: ArrayLike,
    money: ArrayLike,
    *,
    mode: str,
    median_interval: float = DEFAULT_MEDIAN,
    levels: int = 5,
) -> Calibration:
    """Cuts where the customers' own numbers leave gaps, from the same customers as :func:`calibrate`.

    Counts and amounts are taken by their logarithm: from 1 to 2 is as far as from 10 to 20. Recency
    is cut as :func:`calibrate` cuts it, and for the reason that :func:`day_cuts` gives: where its gaps
    lie depends on the day. An axis on which everybody is equal has no gap and is cut as there, too.
    """
    quantiles = calibrate(recency, frequency, money, mode=mode, median_interval=median_interval)
    if not quantiles.customers:
        return quantiles
    active = (np.asarray(frequency) > 0) & (np.asarray(money) > 0)
    counts = np.asarray(frequency, np.float64)[active]
    amounts = np.sort(np.asarray(money, np.float64)[active])
    often = _least_of_classes(np.sort(counts), levels)
    exact = _least_of_classes(amounts, levels)
    much: list[float] = []
    for cut, following in zip(exact, [*exact, math.inf][1:], strict=True):
        much.append(_few_digits(cut, amounts, much[-1] if much else 0.0, following))
    return quantiles._replace(
        frequency=often or quantiles.frequency, money=tuple(much) or quantiles.money
    )


def _least_of_classes(ordered: NDArray[np.float64], levels: int) -> tuple[float, ...]:
    """The least value of each class but the lowest."""
    breaks = natural_breaks(np.log(ordered), levels)
    # exp(log(x)) may differ from x in its last digit: take the value itself
    return tuple(float(ordered[np.searchsorted(np.log(ordered), cut)]) for cut in breaks)


def day_cuts(median_interval: float) -> tuple[float, ...]:
    """Cuts of recency in days: so many median intervals of the company as silence has cuts.

    Quantiles of recency would say on which day of the month a policy was made: after a holiday half
    of a small company's customers look silent, and on the next day they do not.
    """
    cuts: list[int] = []
    for silence in DEFAULT_SILENCE_CUTS:
        days = math.ceil(silence * median_interval - 1e-9)
        cuts.append(max(days, cuts[-1] + 1 if cuts else 1))
    return tuple(float(days) for days in cuts)


def money_cuts(values: ArrayLike, quantiles: Sequence[float]) -> tuple[float, ...]:
    """Cuts of a money axis: as few digits, from two up, as leave customers on their level.

    Amounts of zero or less are left out; :raises ValueError: when none is left
    """
    ordered = _positive(values)
    exact = _cuts_above(ordered, quantiles, beyond=lambda value: 2 * value)
    cuts: list[float] = []
    for cut, following in zip(exact, [*exact[1:], math.inf], strict=True):
        cuts.append(_few_digits(cut, ordered, cuts[-1] if cuts else 0.0, following))
    return tuple(cuts)


def frequency_cuts(values: ArrayLike, quantiles: Sequence[float]) -> tuple[float, ...]:
    """Cuts of a count axis: whole numbers; counts of zero are left out."""
    ordered = _positive(values)
    return tuple(_cuts_above(ordered, quantiles, beyond=lambda value: value + 1))


def recency_cuts(
    values: ArrayLike, quantiles: Sequence[float], *, step: float = 1.0
) -> tuple[float, ...]:
    """Cuts of a recency axis: inclusive upper bounds, multiples of ``step`` (days, or intervals).

    Each cut is the greatest observed value strictly below its quantile, rounded down, so a crowd of
    equals stays on the lower level; only where nothing lies below (everyone bought today) does it
    share the higher. A cut that would repeat moves to the next observed value, then doubles.
    """
    ordered = np.sort(np.asarray(values, np.float64))
    distinct = np.unique(ordered)
    cuts: list[float] = []
    for quantile in sorted(quantiles, reverse=True):
        previous = cuts[-1] if cuts else 0.0
        value = _at_quantile(ordered, 1 - quantile)
        below = distinct[distinct < value]
        beyond = distinct[distinct >= previous + step]
        options = [*below[-1:], value, step, *beyond[:1], 2 * previous]
        whole = (math.floor(option / step + 1e-9) for option in options)
        cuts.append(round(next(n for n in whole if n * step > previous + 1e-9) * step, 4))
    return tuple(cuts)


def _positive(values: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(values, np.float64)
    ordered = np.sort(values[values > 0])
    if not ordered.size:
        raise ValueError("no positive values to take cuts from")
    return ordered


def _cuts_above(
    ordered: NDArray[np.float64],
    quantiles: Sequence[float],
    beyond: Callable[[float], float],
) -> list[float]:
    """Strictly increasing cuts, each the smallest observed value above its quantile.

    A cut that would repeat moves to the next observed value. Where none is left the greatest value
    itself is the cut, so that someone reaches the level; ``beyond`` goes on from there.
    """
    distinct = np.unique(ordered)
    cuts: list[float] = []
    for quantile in sorted(quantiles):
        previous = cuts[-1] if cuts else float(distinct[0])
        value = max(_at_quantile(ordered, quantile), previous)
        above = distinct[distinct > value]
        if above.size:
            cuts.append(float(above[0]))
        else:  # the greatest value itself, unless it is taken or everyone's
            cuts.append(value if value > previous else beyond(previous))
    return cuts


def _at_quantile(ordered: NDArray[np.float64], quantile: float) -> float:
    """The observed value that the given share of customers does not exceed (PERCENTILE_DISC)."""
    rank = math.ceil(quantile * ordered.size - 1e-9)
    return float(ordered[min(max(rank, 1), ordered.size) - 1])


def _few_digits(
    cut: float, ordered: NDArray[np.float64], previous: float, following: float
) -> float:
    """``cut`` with as few significant digits as move at most ``MAX_MOVED`` of the customers."""
    below = np.searchsorted(ordered, cut, side="left")
    magnitude = math.floor(math.log10(cut))
    for digits in range(2, 9):
        rounded = round(cut, digits - 1 - magnitude)
        moved = abs(int(np.searchsorted(ordered, rounded, side="left")) - int(below))
        if previous < rounded < following and moved <= MAX_MOVED * ordered.size:
            return rounded
    return cut
