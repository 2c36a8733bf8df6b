"""One customer: what it would have to buy for the next tier up, and by which day.

What is promised, and of what
-----------------------------
A purchase of today or later makes the customer's last purchase that day's, adds a day with a purchase
(unless it bought on that day already) and adds its amount; meanwhile old purchases leave the window. So
what must be bought depends on the day, and what suffices today suffices only until some day:

- *amount*: bought in one or more purchases, the last of them on any day from ``since`` to ``until``,
  it reaches the tier on that day; a cent less does not on the first day, and nor does the same
  amount on the day after ``until``.
- *days*: so many more days with a purchase, however small, the last of them on any day from
  ``since``, the first on which there can have been so many, to ``until``; one less does not as soon as
  it can be, and nor does the same number when the last of them is the day after ``until``.

Nothing is assumed to be given back, and nothing else need be bought: more never hurts. "Reaches" is a
score at the threshold or above, which raises a tier at once whatever tier it has sunk to meanwhile.
"""

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

import numpy as np

from . import scoring
from .dates import NO_DATE
from .outlook import FuturePoint, Standing
from .value_policy import AxisCuts, ValuePolicy


class Way(NamedTuple):
    """So much more, the last of it from ``since`` to ``until``; ``NO_DATE``: on whatever day.

    Where there is no last day, what is bought must still lie within one window.
    """

    more: float
    since: int
    until: int


class Ways(NamedTuple):
    """Each on its own would do. ``amount`` is None, too, where any purchase at all is enough."""

    days: Way | None
    amount: Way | None


def ways_up(
    future: Sequence[FuturePoint], customer: Standing, policy: ValuePolicy, *, decimals: int = 2
) -> Ways:
    """What suffices for the tier above ``customer.tier_index``; nothing in the highest.

    :param future: as for :func:`outlook.falls_on`
    :param decimals: of the currency
    """
    if customer.last == NO_DATE or customer.tier_index <= 0:
        return Ways(None, None)
    path = _Path(future, customer, policy)
    days, amount = _days(path, customer), _amount(path, customer, decimals)
    if days and days.more == 1 and amount and amount.more == _cent(decimals):
        amount = None
    return Ways(days, amount)


class _Path:
    """The window's figures by time alone, and what would lift each of them to the goal."""

    def __init__(self, future: Sequence[FuturePoint], customer: Standing, policy: ValuePolicy):
        self.policy = policy
        self.goal = policy.tiers[customer.tier_index - 1].threshold
        self.bought_today = customer.last == customer.as_of
        today = FuturePoint(customer.as_of, customer.frequency, customer.money)
        self.points = [today, *(point for point in future if point.day > customer.as_of)]

    def at(self, day: int) -> FuturePoint:
        return next(point for point in reversed(self.points) if point.day <= day)

    def holds_until(self, since: int, enough: Callable[[FuturePoint], bool]) -> int:
        """The last day, from ``since`` on, up to which it is enough on every day."""
        for point in self.points:
            if point.day > since and not enough(point):
                return point.day - 1
        return NO_DATE

    def missing_days(self, point: FuturePoint) -> int | None:
        """Days with a purchase, one at least, that would do, the last of them now."""
        cuts = self.policy.frequency_cuts
        money = _level(self.policy.money_cuts, point.money)
        level = self._lowest(cuts, lambda level: (level, money))
        return level and max(1, math.ceil(_cut(cuts, level)) - point.frequency)

    def missing_amount(self, point: FuturePoint, more_days: int, decimals: int) -> float | None:
        """The least amount of purchases on ``more_days`` other days, the last of them now."""
        cuts = self.policy.money_cuts
        frequency = _level(self.policy.frequency_cuts, point.frequency + more_days)
        level = self._lowest(cuts, lambda level: (frequency, level))
        if not level:
            return None
        cent = Decimal(1).scaleb(-decimals)
        least = Decimal(repr(_cut(cuts, level))) if level > 1 else Decimal("-Infinity")
        has = Decimal(repr(float(point.money))).quantize(cent, ROUND_HALF_EVEN)
        if least <= has:
            return float(cent)
        return float(least.quantize(cent, ROUND_CEILING) - has)

    def _lowest(self, cuts: AxisCuts, levels: Callable[[int], tuple[int, int]]) -> int | None:
        """The lowest level of an axis whose score reaches the goal right after a purchase."""
        recency = self.policy.recency_cuts.top_level
        for level in range(1, cuts.top_level + 1):
            if scoring.score_of_levels(recency, *levels(level), self.policy) >= self.goal:
                return level
        return None


def _days(path: _Path, customer: Standing) -> Way | None:
    first = customer.as_of + path.bought_today
    most = min(math.ceil(path.policy.frequency_cuts[-1]), path.policy.window_days)
    for more in range(1, most + 1):
        since = first + more - 1
        missing = path.missing_days(path.at(since))
        if missing is not None and missing <= more:
            break
    else:
        return None

    def enough(point: FuturePoint) -> bool:
        missing = path.missing_days(point)
        return missing is not None and missing <= more

    return Way(more, since, path.holds_until(since, enough))


def _amount(path: _Path, customer: Standing, decimals: int) -> Way | None:
    today = path.points[0]
    more = path.missing_amount(today, int(not path.bought_today), decimals)
    if more is None:
        return None

    def enough(point: FuturePoint) -> bool:
        missing = path.missing_amount(point, 1, decimals)
        return missing is not None and missing <= more

    return Way(more, customer.as_of, path.holds_until(customer.as_of, enough))


def _level(cuts: AxisCuts, value: float) -> int:
    return 1 + int(np.searchsorted(cuts, value, side="right"))


def _cut(cuts: AxisCuts, level: int) -> float:
    """The value from which an axis has this level; nothing is needed for the first."""
    return cuts[level - 2] if level > 1 else 0.0


def _cent(decimals: int) -> float:
    return float(Decimal(1).scaleb(-decimals))
