"""A customer's own rhythm: its usual interval between purchases, and its silence measured in it.

A customer's mean interval rests on few gaps, so it is shrunk towards the company's median as if two
median gaps had been seen besides its own::

    interval = (last - first + PRIOR_GAPS * median) / (purchases - 1 + PRIOR_GAPS)      days

Silence is ``days since last / interval``. Limits on silence are compared in whole days, see
``last_day_within``: the day on which a limit is crossed can then be computed beforehand and agrees
with the comparison on every day.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .dates import has_date

PRIOR_GAPS = 2.0
LEAST_INTERVAL = 1.0
DEFAULT_MEDIAN = 30.0  # days, for a company with too few repeat customers
MIN_REPEATERS = 10
INTERVAL_DECIMALS = 2  # what is shown is what was compared

# Products such as .29 * 100 = 28.999999999999996 must count as 29; real intervals have two decimals
# and limits a few, so no true value lies this close below a whole day.
_EPSILON = 1e-9


def company_median(
    first: ArrayLike,
    last: ArrayLike,
    purchases: ArrayLike,
    *,
    default: float = DEFAULT_MEDIAN,
    min_repeaters: int = MIN_REPEATERS,
) -> float:
    """Median over customers with at least two purchase days of their mean interval, in days.

    ``default`` where fewer than ``min_repeaters`` such customers exist; never below one day.
    """
    purchases = np.asarray(purchases)
    repeat = (purchases >= 2) & has_date(first) & has_date(last)
    if np.count_nonzero(repeat) < max(min_repeaters, 1):
        return default
    span = np.asarray(last, np.int64)[repeat] - np.asarray(first, np.int64)[repeat]
    median = float(np.median(span / (purchases[repeat] - 1)))
    return max(LEAST_INTERVAL, round(median, INTERVAL_DECIMALS))


def shrunk_interval(
    first: ArrayLike, last: ArrayLike, purchases: ArrayLike, median: float
) -> NDArray[np.float64]:
    """Expected days between purchases, to two decimals, at least one day; NaN without a purchase.

    :param first, last: days of the first and last purchase (``NO_DATE``: none)
    :param purchases: number of distinct purchase days in between, both included
    :param median: the company's, from :func:`company_median`; frozen per month by the caller
    """
    bought = has_date(last)
    span = np.where(bought, np.asarray(last, np.int64) - np.asarray(first, np.int64), 0)
    gaps = np.maximum(np.asarray(purchases, np.int64) - 1, 0)
    interval = (span + PRIOR_GAPS * median) / (gaps + PRIOR_GAPS)
    interval = np.maximum(np.round(interval, INTERVAL_DECIMALS), LEAST_INTERVAL)
    return np.where(bought, interval, np.nan)


def days_since(last: ArrayLike, as_of: ArrayLike) -> NDArray[np.int64]:
    """Days of silence, never negative; 0 where there is no purchase (mask with ``has_date``)."""
    last = np.asarray(last, np.int64)
    return np.where(has_date(last), np.maximum(np.asarray(as_of, np.int64) - last, 0), 0)


def silence(last: ArrayLike, interval: ArrayLike, as_of: ArrayLike) -> NDArray[np.float64]:
    """Days since the last purchase in units of the interval; NaN without a purchase."""
    return np.where(has_date(last), days_since(last, as_of) / np.asarray(interval), np.nan)


def last_day_within(limit: float, interval: ArrayLike) -> NDArray[np.int64]:
    """Most whole days of silence for which ``days / interval <= limit``; 0 where interval is NaN.

    >>> int(last_day_within(0.29, 100.0))
    29
    """
    interval = np.fmax(interval, 0.0)  # NaN becomes 0
    return np.floor(limit * interval + _EPSILON).astype(np.int64)


def first_day_reaching(limit: float, interval: ArrayLike) -> NDArray[np.int64]:
    """Fewest whole days of silence for which ``days / interval >= limit``; 0 where it is NaN."""
    interval = np.fmax(interval, 0.0)
    return np.ceil(limit * interval - _EPSILON).astype(np.int64)
