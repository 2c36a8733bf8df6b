"""When an occasion is: birthdays and anniversaries, every so many weeks, and how late is too late.

Days are calendar days of one place; which day it is there is the caller's argument. An occasion has a
day, and a day on which it is written about: ``lead`` days earlier. Whoever was prevented on that day
catches up within ``grace`` days; what is later than that is skipped, and said to be.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

#: Days that are looked back at when nothing was done for long: older ones are not even said to be late.
LOOK_BACK = 60
_DAY = timedelta(1)


class Span(NamedTuple):
    """Days of occasions to look at now; those before ``late_before`` are too late."""

    first: date
    last: date
    late_before: date


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def in_year(month: int, day: int, year: int) -> date:
    """The day of ``year`` on which a yearly day is kept: 29 February on the 28th in common years.

    A day early rather than a day late, and in the same month.
    """
    if (month, day) == (2, 29) and not is_leap(year):
        day = 28
    return date(year, month, day)


def days_between(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def kept_on(first: date, last: date) -> list[tuple[date, int, int]]:
    """Every day of a span with the ``(month, day)`` that is kept on it; the inverse of :func:`in_year`.

    28 February of a common year is listed twice: those of the 29th have their day then too.
    """
    days = []
    for day in days_between(first, last):
        days.append((day, day.month, day.day))
        if (day.month, day.day) == (2, 28) and not is_leap(day.year):
            days.append((day, 2, 29))
    return days


def every_weeks(anchor: date, weeks: int, first: date, last: date) -> list[date]:
    """The days of a span that are a whole number of ``weeks`` after ``anchor``, the anchor included."""
    if weeks < 1:
        raise ValueError("weeks must be at least 1")
    step = 7 * weeks
    late = max((first - anchor).days, 0)
    day = anchor + timedelta(-(-late // step) * step)
    days = []
    while day <= last:
        if day >= first:
            days.append(day)
        day += timedelta(step)
    return days


def span(started: date, planned_until: date | None, today: date, lead: int, grace: int):
    """The :class:`Span` of a program's occasions to look at ``today``, or None: nothing yet.

    :param started: what was to be written before is nobody's to make up for, so no past year's either
    :param planned_until: the last day on which this was done
    """
    late_before = today - timedelta(grace)
    first = min(planned_until + _DAY, late_before) if planned_until else late_before
    first = max(first, started, today - timedelta(LOOK_BACK))
    if first > today:
        return None
    ahead = timedelta(lead)
    return Span(first + ahead, today + ahead, late_before + ahead)


def local_day(now: datetime, zone: tzinfo) -> date:
    """The calendar day at ``now`` (aware) in a time zone."""
    return now.astimezone(zone).date()


def first_allowed(now: datetime, zone: tzinfo, quiet_from: int, quiet_to: int) -> datetime:
    """The first moment from ``now`` on that is not in the quiet hours of a place; aware, in UTC.

    :param quiet_from: minute of the day at which quiet begins; ``quiet_to`` at which it ends. It may
        pass midnight. Equal: there are none.
    """
    now = now.astimezone(timezone.utc)
    here = now.astimezone(zone)
    minute = here.hour * 60 + here.minute
    if not _is_quiet(minute, quiet_from, quiet_to):
        return now
    day = here.date() + (_DAY if minute >= quiet_to else timedelta())
    wanted = datetime(day.year, day.month, day.day) + timedelta(minutes=quiet_to)
    # Clocks may change in between: a first guess by today's offset, then by the offset there
    guess = now + (wanted - here.replace(tzinfo=None))
    return guess + (wanted - guess.astimezone(zone).replace(tzinfo=None))


def _is_quiet(minute: int, quiet_from: int, quiet_to: int) -> bool:
    if quiet_from <= quiet_to:
        return quiet_from <= minute < quiet_to
    return minute >= quiet_from or minute < quiet_to
