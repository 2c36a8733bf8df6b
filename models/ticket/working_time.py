"""When a team works, as the clocks of ``tools.sla_clock`` want it."""

from bisect import bisect_left, bisect_right
from datetime import datetime, time, timedelta

import pytz

from ...tools.sla_clock import Clock, Interval, normalised

#: How far ahead a due time is looked for, in days; further only where the nearer was too near.
HORIZONS = (30, 120, 500, 2000)
_TINY = timedelta(seconds=1)


class WorkingTime:
    """Working hours of teams less their company's holidays, read once and widened when needed.

    Whole weeks are read, Monday to Sunday where the calendar is: hours that Odoo spreads over a week
    by itself (flexible calendars) then fall on the same days whatever was asked for.
    """

    def __init__(self):
        self._known = {}

    def of(self, ticket, start: datetime, end: datetime) -> list[Interval]:
        """Intervals in which its team works that touch the time from ``start`` to ``end``, in UTC."""
        company = ticket.company_id
        key = company, ticket.team_id._calendar() or company.sudo().resource_calendar_id
        since, until, intervals = self._known.get(key, (None, None, []))
        if since is None or start < since or end > until:
            since, until = min(start, since or start), max(end, until or end)
            since, until, intervals = self._read(*key, since, until)
            self._known[key] = since, until, intervals
        first = bisect_right(intervals, start, key=lambda interval: interval[1])
        last = bisect_left(intervals, end, key=lambda interval: interval[0])
        return intervals[first:last]

    def reached(self, ticket, clock: Clock, share: float = 1.0) -> datetime | None:
        """When this part of the clock's time is used up: its due time by default; None if never."""
        begun = [pause[0] for pause in clock.pauses]
        for days in HORIZONS:
            until = max(clock.started + timedelta(days=days), *begun, clock.started)
            moment = clock.at_share(self.of(ticket, clock.started, until), share)
            if moment or clock.paused:
                return moment and moment.replace(microsecond=0)
        return None

    @staticmethod
    def _read(company, calendar, start: datetime, end: datetime):
        if not calendar:  # always at work
            return start, end, [(start, end)]
        zone = pytz.timezone(calendar.tz or "UTC")

        def monday(moment, weeks):
            day = pytz.utc.localize(moment).astimezone(zone).date()
            day += timedelta(days=-day.weekday(), weeks=weeks)
            return zone.localize(datetime.combine(day, time.min))

        since, until = monday(start, 0), monday(end, 1)
        holidays = [("time_type", "=", "leave"), ("company_id", "in", (company.id, False))]
        found = calendar.sudo()._work_intervals_batch(since, until, domain=holidays)[False]
        intervals = normalised(
            # a day that ends at 24:00 ends for Odoo an instant before
            (_naive(begin), _naive(stop + _TINY) if stop.microsecond else _naive(stop))
            for begin, stop, __ in found
        )
        return _naive(since), _naive(until), intervals


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
