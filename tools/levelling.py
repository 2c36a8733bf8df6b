"""On which day each follow-up is done, so that no day holds more than its owner can do.

Day by day, whatever is due takes the places of that day: what has been due since an earlier week
first, within a week the most valuable first. What finds no place waits for the next day. Nothing is
planned before it is due or in the past. What somebody put on a day by hand stays there and takes a
place first, even where there is none.

The order compares due dates and values alone, never how late something is today. So the plan depends
on nothing but what is open: planning again moves nothing, and one more follow-up moves at most one
other from each day, up to the first day with a place to spare.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from .dates import NO_DATE

WEEK = 7


class Item(NamedTuple):
    """One follow-up: its key, the day it is due, what it is worth, the day chosen by hand."""

    key: int
    due: int
    value: float
    fixed: int = NO_DATE


def priority(item: Item) -> tuple:
    """Sorts what is done first to the front."""
    return item.due // WEEK, -item.value, item.due, item.key


def level(items: Iterable[Item], capacity: Sequence[int], today: int) -> dict[int, int]:
    """The planned day of each; ``NO_DATE`` for what finds no place within ``capacity``.

    :param capacity: places today, tomorrow, and so on
    """
    places = [max(int(count), 0) for count in capacity]
    planned: dict[int, int] = {}
    waiting = []
    for item in items:
        if item.fixed == NO_DATE:
            waiting.append(item)
            continue
        planned[item.key] = day = max(item.fixed, today)
        if day - today < len(places):
            places[day - today] = max(places[day - today] - 1, 0)
    waiting.sort(key=lambda item: max(item.due, today), reverse=True)
    ready: list[tuple] = []
    for offset, count in enumerate(places):
        day = today + offset
        while waiting and max(waiting[-1].due, today) <= day:
            item = waiting.pop()
            heappush(ready, (priority(item), item.key))
        for __ in range(min(count, len(ready))):
            planned[heappop(ready)[1]] = day
    planned.update({key: NO_DATE for __, key in ready})
    planned.update({item.key: item.due for item in waiting})  # due beyond what is known
    return planned


def share(
    items: Iterable[Item], free: Mapping[int, Sequence[int]], today: int
) -> dict[int, int | None]:
    """Who takes each follow-up over: whoever has the earliest place for it; None: nobody has one.

    Where several have one on the same day, whoever has most places left that day, then in the order
    of ``free``. The most urgent choose first.

    :param free: person -> places left today, tomorrow, and so on
    """
    places = {person: np.maximum(np.asarray(days, np.int64), 0) for person, days in free.items()}
    taken: dict[int, int | None] = {}
    for item in sorted(items, key=priority):
        first = max(item.due - today, 0)
        offers = []
        for order, (person, left) in enumerate(places.items()):
            open_days = np.flatnonzero(left[first:])
            if len(open_days):
                day = first + int(open_days[0])
                offers.append((day, -int(left[day]), order, person))
        if offers:
            day, __, __, person = min(offers)
            places[person][day] -= 1
        taken[item.key] = person if offers else None
    return taken
