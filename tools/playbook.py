"""The plan of a playbook: on which day each step is opened, and by when it is to be done."""

from collections.abc import Container, Iterable
from datetime import date, timedelta
from typing import NamedTuple

#: Longest row of days off that is believed; a company that never works counts calendar days.
MOST_OFF = 60
_DAY = timedelta(days=1)


class Step(NamedTuple):
    days: int  # after the start
    within: int  # days to do it in
    working: bool  # whether days are working days


class Planned(NamedTuple):
    opens: date
    due: date


def plan(start: date, steps: Iterable[Step], off: Container[date]) -> list[Planned]:
    """The days of each step of somebody who starts on ``start``.

    A step in working days neither opens nor is due on a day off: 0 days after a Saturday is Monday.

    :param off: the days on which nobody works
    """
    days = []
    for step in steps:
        opens = _later(start, step.days, step.working, off)
        days.append(Planned(opens, _later(opens, step.within, step.working, off)))
    return days


def horizon(steps: Iterable[Step]) -> int:
    """Days from the start for which days off must be known to plan these steps."""
    return max((3 * (step.days + step.within) for step in steps), default=0) + 2 * MOST_OFF


def _later(day: date, count: int, working: bool, off: Container[date]) -> date:
    if not working:
        return day + timedelta(days=count)
    day = _at_work(day, off)
    for _ in range(count):
        day = _at_work(day + _DAY, off)
    return day


def _at_work(day: date, off: Container[date]) -> date:
    """This day, or the next one on which somebody works."""
    for ahead in range(MOST_OFF):
        if (candidate := day + timedelta(days=ahead)) not in off:
            return candidate
    return day
