from datetime import date, datetime, timedelta, timezone, tzinfo
from unittest import TestCase

from .. import occasion

EASTERN_STANDARD = timezone(timedelta(hours=-5))


class Changing(tzinfo):
    """UTC+1, and UTC+2 from 31 March 2024, 01:00 UTC: a spring night that misses an hour."""

    change = datetime(2024, 3, 31, 1, tzinfo=timezone.utc)

    def fromutc(self, moment):
        late = moment.replace(tzinfo=timezone.utc) >= self.change
        return moment + timedelta(hours=2 if late else 1)

    def utcoffset(self, moment):
        wall = moment.replace(tzinfo=None)
        return timedelta(hours=2 if wall >= datetime(2024, 3, 31, 3) else 1)

    def dst(self, moment):
        return timedelta()


class TestYearly(TestCase):
    def test_leap_day_is_kept_on_the_28th_of_common_years(self):
        self.assertEqual(occasion.in_year(2, 29, 2024), date(2024, 2, 29))
        for year in (2023, 2025, 2100, 1900):
            self.assertEqual(occasion.in_year(2, 29, year), date(year, 2, 28))
        self.assertEqual(occasion.in_year(2, 29, 2000), date(2000, 2, 29))

    def test_what_is_kept_on_a_day_is_the_inverse(self):
        """Over eight years every day of birth comes up exactly once a year, and on its day."""
        births = [
            (day.month, day.day)
            for day in occasion.days_between(date(2000, 1, 1), date(2000, 12, 31))
        ]
        for year in range(2023, 2031):
            kept = occasion.kept_on(date(year, 1, 1), date(year, 12, 31))
            self.assertEqual(sorted(pair for __, *pair in kept), sorted(map(list, births)))
            for day, month, of_month in kept:
                self.assertEqual(occasion.in_year(month, of_month, year), day)

    def test_across_the_turn_of_the_year(self):
        kept = occasion.kept_on(date(2025, 12, 31), date(2026, 1, 1))
        self.assertEqual(kept, [(date(2025, 12, 31), 12, 31), (date(2026, 1, 1), 1, 1)])


class TestEveryWeeks(TestCase):
    def test_days_since_an_anchor(self):
        anchor = date(2024, 1, 3)
        days = occasion.every_weeks(anchor, 2, date(2024, 1, 1), date(2024, 2, 14))
        self.assertEqual(days, [anchor, date(2024, 1, 17), date(2024, 1, 31), date(2024, 2, 14)])
        self.assertEqual(occasion.every_weeks(anchor, 2, date(2024, 1, 18), date(2024, 1, 30)), [])
        self.assertEqual(
            occasion.every_weeks(anchor, 2, date(2024, 1, 17), date(2024, 1, 17)), [days[1]]
        )

    def test_never_by_no_weeks(self):
        with self.assertRaises(ValueError):
            occasion.every_weeks(date(2024, 1, 1), 0, date(2024, 1, 1), date(2024, 2, 1))


class TestSpan(TestCase):
    today = date(2024, 6, 12)

    def test_never_before_it_was_started(self):
        """naiba/bonds#153: a yearly reminder that fired once for every past year."""
        self.assertEqual(
            occasion.span(self.today, None, self.today, 0, 3)[:2], (self.today, self.today)
        )
        self.assertIsNone(occasion.span(self.today + timedelta(1), None, self.today, 0, 3))

    def test_yesterday_is_made_up_for_and_what_is_older_is_late(self):
        started = date(2020, 1, 1)
        span = occasion.span(started, date(2024, 6, 1), self.today, 0, 3)
        self.assertEqual(span, (date(2024, 6, 2), self.today, date(2024, 6, 9)))
        span = occasion.span(started, date(2024, 6, 11), self.today, 0, 3)
        self.assertEqual(span, (date(2024, 6, 9), self.today, date(2024, 6, 9)))
        span = occasion.span(started, date(2023, 6, 11), self.today, 0, 3)
        self.assertEqual(span.first, self.today - timedelta(occasion.LOOK_BACK))

    def test_written_about_days_ahead(self):
        span = occasion.span(self.today, None, self.today, 7, 2)
        self.assertEqual(span, (date(2024, 6, 19), date(2024, 6, 19), date(2024, 6, 17)))

    def test_each_day_is_looked_at_whatever_days_were_missed(self):
        """Whenever the job runs: no occasion is passed over, none is on time and late at once."""
        for pattern in ((1,), (2, 5), (1, 9, 4), (30,)):
            day = started = date(2024, 1, 1)
            until, on_time, late = None, set(), set()
            for step in range(40):
                span = occasion.span(started, until, day, 0, 3)
                for each in occasion.days_between(span.first, span.last):
                    if each < span.late_before:
                        late.add(each)
                    else:
                        on_time.add(each)
                until, last = day, day
                day += timedelta(pattern[step % len(pattern)])
            with self.subTest(pattern=pattern):
                self.assertFalse(on_time & late)
                self.assertEqual(on_time | late, set(occasion.days_between(started, last)))


class TestQuietHours(TestCase):
    def allowed(self, text, zone=timezone.utc, since=20 * 60, until=8 * 60):
        now = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
        return occasion.first_allowed(now, zone, since, until).strftime("%d %H:%M")

    def test_both_sides_of_each_end(self):
        for now, then in (
            ("2024-06-12 19:59", "12 19:59"),
            ("2024-06-12 20:00", "13 08:00"),
            ("2024-06-12 23:59", "13 08:00"),
            ("2024-06-13 00:00", "13 08:00"),
            ("2024-06-13 07:59", "13 08:00"),
            ("2024-06-13 08:00", "13 08:00"),
        ):
            with self.subTest(now=now):
                self.assertEqual(self.allowed(now), then)

    def test_within_one_day_and_none(self):
        self.assertEqual(self.allowed("2024-06-12 12:30", since=720, until=840), "12 14:00")
        self.assertEqual(self.allowed("2024-06-12 14:00", since=720, until=840), "12 14:00")
        self.assertEqual(self.allowed("2024-06-12 03:00", since=480, until=480), "12 03:00")

    def test_where_the_customer_is(self):
        self.assertEqual(self.allowed("2024-06-12 12:59", EASTERN_STANDARD), "12 13:00")
        self.assertEqual(self.allowed("2024-06-13 00:30", EASTERN_STANDARD), "13 00:30")
        self.assertEqual(self.allowed("2024-06-13 01:30", EASTERN_STANDARD), "13 13:00")

    def test_a_night_in_which_the_clocks_change(self):
        self.assertEqual(self.allowed("2024-03-30 22:00", Changing()), "31 06:00")
        self.assertEqual(self.allowed("2024-03-29 22:00", Changing()), "30 07:00")

    def test_which_day_it_is_there(self):
        now = datetime(2024, 6, 13, 2, tzinfo=timezone.utc)
        self.assertEqual(occasion.local_day(now, EASTERN_STANDARD), date(2024, 6, 12))
