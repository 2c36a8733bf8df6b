"""Dates as int32 counts of days since 1970-01-01, so that whole columns of them can be compared.

``NO_DATE`` stands for "none". It is the smallest int32: never subtract from it without a mask, and
never compare it as if it were early. In PostgreSQL the same count is ``date - DATE '1970-01-01'``.
"""

from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

NO_DATE = -(2**31)
EPOCH = date(1970, 1, 1)

DayArray = NDArray[np.int32]

_LATE = np.int64(2**62)  # a NO_DATE while minima are taken


def to_days(day: date | None) -> int:
    """Days since the epoch; ``NO_DATE`` for None. A ``datetime`` counts as its date."""
    if day is None:
        return NO_DATE
    return day.toordinal() - EPOCH.toordinal()


def from_days(days: int) -> date | None:
    """The date of a count of days; None for ``NO_DATE``."""
    if days == NO_DATE:
        return None
    return EPOCH + timedelta(days=int(days))


def month_start(days: int) -> int:
    """First day of the calendar month that holds ``days``."""
    return to_days(from_days(days).replace(day=1))


def next_month_start(days: int) -> int:
    """First day of the following calendar month."""
    return month_start(month_start(days) + 31)


def has_date(days: ArrayLike) -> NDArray[np.bool_]:
    """True where there is a date."""
    return np.asarray(days) != NO_DATE


def earliest(*dates: ArrayLike) -> DayArray:
    """Element-wise earliest date, ignoring ``NO_DATE``; ``NO_DATE`` where none has a date."""
    best = None
    for days in dates:
        wide = np.where(has_date(days), np.asarray(days, dtype=np.int64), _LATE)
        best = wide if best is None else np.minimum(best, wide)
    return as_days(np.where(best == _LATE, NO_DATE, best))


def only_after(days: ArrayLike, as_of: ArrayLike) -> DayArray:
    """The dates that are later than ``as_of``; ``NO_DATE`` for the others."""
    days = np.asarray(days, dtype=np.int64)
    return as_days(np.where(days > as_of, days, NO_DATE))


def as_days(days: ArrayLike) -> DayArray:
    """Wide integers back to int32 dates; what lies beyond int32 (never reached) is ``NO_DATE``."""
    days = np.asarray(days, dtype=np.int64)
    return np.where(days > np.int64(2**31 - 1), NO_DATE, days).astype(np.int32)
