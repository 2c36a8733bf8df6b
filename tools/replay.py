"""Tiers and stages of past days, judged again from the documents as they are now.

A tier depends on its own past (it is kept by a margin, and lost after a wait only), so the tier of a day
is not a function of that day's figures: one begins where the log begins and goes on from day to day, as
the nightly computation did, by the rules that were in force on each day. A customer is judged on the days
on which a judgement can differ (:func:`judgement.judge` says which day is next), and everybody is on the
days on which the rules change. Nothing is read but one row for each customer and day with documents.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from . import judgement
from .dates import NO_DATE, as_days, earliest, has_date
from .judgement import Rules

#: What one day of a customer's documents adds up to: name, SQL type.
DAILY_COLUMNS = (
    ("partner_id", "int4"),
    ("day", "date"),
    ("amount", "float8"),  # net of credit notes
    ("credited", "float8"),  # what credit notes take away, positive
    ("sales", "int4"),
    ("credits", "int4"),
    (
        "undone_on",
        "date",
    ),  # from this day on all its sales are fully credited: no purchase any more
)

_KEYS = np.int64(2**32)  # a customer's days lie in a range of keys of their own
_MIDDLE = np.int64(2**31)
_LATE = np.int64(2**62)
_YEAR = 365
_SEASON = 364


class Purchases:
    """Documents by customer and day, whose facts can be read as of any day.

    The facts are those of ``models/facts``, which gathers them in SQL as of one day; here they are
    differences of running totals, since a replay asks for hundreds of days.

    :param daily: a record array of :data:`DAILY_COLUMNS`, one row per customer and day
    :param partner_ids: the customers, ascending; each has a position in what is returned
    """

    def __init__(self, daily: NDArray, partner_ids: NDArray):
        daily = daily[np.lexsort((daily["day"], daily["partner_id"]))]
        self.partner_ids = partner_ids
        customer = np.searchsorted(partner_ids, daily["partner_id"]).astype(np.int64)
        self._day = daily["day"].astype(np.int64)
        self._key = customer * _KEYS + _MIDDLE + self._day
        self._totals = {
            name: Totals(daily[name]) for name in ("amount", "credited", "sales", "credits")
        }
        bought = daily["sales"] > 0
        self._bought_key = self._key[bought]
        self._bought_day = self._day[bought]
        self._undone_on = daily["undone_on"][bought]
        self._undone_days = np.unique(self._undone_on[has_date(self._undone_on)])
        self._undone_as_of = None
        everybody = np.arange(len(partner_ids))
        self.first_day = np.full(len(partner_ids), NO_DATE, np.int32)  # of any document
        begin, end = self._span(self._key, everybody)
        some = begin < end
        self.first_day[some] = self._day[begin[some]]

    def facts_into(self, rows: NDArray, who: NDArray, as_of: int, windows: Sequence[int]) -> None:
        """Fill in the facts of customers as of a day.

        :param rows: one row per customer of ``who``, with the facts' names
        :param who: positions of customers
        :param windows: of value, of trend and of the long run, in days
        """
        value, trend, long_run = windows
        base = who.astype(np.int64) * _KEYS + _MIDDLE + as_of
        begin, end = self._span(self._key, who)

        def upto(back: int) -> NDArray:  # how many rows lie before, those of the day itself too
            return np.searchsorted(self._key, base - back, side="right")

        offsets = {0, value, _YEAR, _YEAR + value, trend, _SEASON, _SEASON + trend, long_run}
        at = {offset: upto(offset) for offset in sorted(offsets)}
        now = at[0]
        for name, total, newest, oldest in (
            ("revenue", "amount", now, at[value]),
            ("revenue_previous", "amount", at[_YEAR], at[_YEAR + value]),
            ("revenue_life", "amount", now, begin),
            ("credited", "credited", now, at[value]),
            ("recent", "amount", now, at[trend]),
            ("prior", "amount", at[_SEASON], at[_SEASON + trend]),
            ("long_run", "amount", now, at[long_run]),
            ("invoices", "sales", now, at[value]),
            ("credit_notes", "credits", now, at[value]),
        ):
            rows[name] = self._totals[total].between(oldest, newest)
        self._purchases_into(rows, who, base, value, trend, as_of)
        # The first later day on which a document appears, or enters or leaves a window.
        rows["next_event"] = earliest(
            *(
                np.where(place < end, self._day_at(place) + offset, NO_DATE)
                for offset, place in at.items()
            )
        )

    def _purchases_into(self, rows, who, base, value, trend, as_of) -> None:
        """Days that are purchases as of the day: later, a credit note may take one away."""
        key, day = self._purchases(as_of)
        begin, __ = self._span(key, who)
        now, window, recent = (
            np.searchsorted(key, base - back, side="right") for back in (0, value, trend)
        )
        rows["purchases"] = now - window
        rows["purchases_life"] = now - begin
        rows["recent_purchases"] = now - recent
        padded = np.append(day, 0)
        rows["first"] = np.where(begin < now, padded[begin], NO_DATE)
        rows["last"] = np.where(begin < now, padded[now - 1], NO_DATE)
        rows["window_first"] = np.where(window < now, padded[window], NO_DATE)

    def _purchases(self, as_of: int) -> tuple[NDArray, NDArray]:
        undone = int(np.searchsorted(self._undone_days, as_of, side="right"))
        if undone != self._undone_as_of:
            alive = ~has_date(self._undone_on) | (self._undone_on > as_of)
            self._alive = self._bought_key[alive], self._bought_day[alive]
            self._undone_as_of = undone
        return self._alive

    def _day_at(self, place: NDArray) -> NDArray:
        return np.append(self._day, 0)[place]

    @staticmethod
    def _span(key: NDArray, who: NDArray) -> tuple[NDArray, NDArray]:
        """Where the rows of customers begin and end."""
        low = who.astype(np.int64) * _KEYS
        return np.searchsorted(key, low), np.searchsorted(key, low + _KEYS)


class Totals:
    """Running totals, so that any stretch of rows is added up by one difference.

    Whole units and fractions apart: the units of a whole base add up exactly as integers, and what is
    left of a cent is far below one however long the totals have run.
    """

    def __init__(self, values: NDArray):
        whole = np.rint(values)
        self._whole = np.concatenate([[0], np.cumsum(whole.astype(np.int64))])
        self._part = np.concatenate([[0.0], np.cumsum(values - whole)])

    def between(self, begin: NDArray, end: NDArray) -> NDArray:
        """The sums of ``values[begin:end]``."""
        return (self._whole[end] - self._whole[begin]) + (self._part[end] - self._part[begin])


class Replay:
    """Customers going from day to day.

    :param rows: one row per customer of ``purchases``, as :func:`judgement.judge` takes them, with
        nothing in them but who it is
    :param rules_on: by what a day judges, and the windows of its facts
    :param breaks: the days on which everybody is judged, because rules change
    :param start: the first day that is judged
    """

    def __init__(
        self,
        purchases: Purchases,
        rows: NDArray,
        rules_on: Callable[[int], tuple[Rules, Sequence[int]]],
        breaks: Sequence[int],
        start: int,
    ):
        self._purchases = purchases
        self._rows = rows
        self._rules_on = rules_on
        self._breaks = sorted({day for day in breaks if day > start})
        self._due = np.full(len(rows), start, np.int64)
        self.day = start - 1
        self.steps = 0

    @property
    def first_day(self) -> NDArray:
        """The day of each customer's first document."""
        return self._purchases.first_day

    def advance(self, until: int) -> None:
        """Judge all days up to ``until``."""
        everybody = np.arange(len(self._rows))
        while len(everybody):
            while self._breaks and self._breaks[0] <= self.day:
                self._breaks.pop(0)
            due_day = self._due.min()
            day = int(min(due_day, self._breaks[0] if self._breaks else _LATE))
            if day > until:
                break
            whole = bool(self._breaks) and day == self._breaks[0]
            self._step(everybody if whole else np.flatnonzero(self._due == day), day)
            self.day = day
        self.day = max(self.day, until)

    def _step(self, who: NDArray, day: int) -> None:
        rows, result = self._judged(who, day)
        for name, __ in judgement.STATE_COLUMNS:
            if name in result.dtype.names and name != "profile_id":
                rows[name] = result[name]
        self._rows[who] = rows
        following = result["next_change_date"].astype(np.int64)
        self._due[who] = np.where(has_date(result["next_change_date"]), following, _LATE)
        self.steps += 1

    def _judged(self, who: NDArray, day: int) -> tuple[NDArray, NDArray]:
        rules, windows = self._rules_on(day)
        rows = self._rows[who]
        self._purchases.facts_into(rows, who, day, windows)
        return rows, judgement.judge(rows, rules, as_of=day)

    def standing(self) -> NDArray:
        """Everybody as of the day reached, with that day's figures: what a profile would have said."""
        return self._judged(np.arange(len(self._rows)), self.day)[1]


def month_starts(start: int, until: int) -> NDArray:
    """The first days of the months after ``start`` up to ``until``."""
    months = np.arange(
        np.datetime64(int(start), "D").astype("M8[M]") + 1,
        np.datetime64(int(until), "D").astype("M8[M]") + 1,
    )
    return as_days(months.astype("M8[D]").astype(np.int64))
