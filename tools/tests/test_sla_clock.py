from datetime import datetime, timedelta
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..sla_clock import (
    Clock,
    Effect,
    Move,
    continued,
    normalised,
    reached,
    solution_clock,
    subtract,
    worked,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RUN, PAUSE, STOP = Effect.RUN, Effect.PAUSE, Effect.STOP


def at(text: str) -> datetime:
    """``"12 09:30"``: that day of June 2024 (the 10th is a Monday)."""
    return datetime.strptime(f"2024-06-{text}", "%Y-%m-%d %H:%M")


def week(days=(10, 11, 12, 13, 14, 17, 18, 19, 20, 21), holidays=()):
    """8 to 12 and 13 to 17, Monday to Friday for two weeks."""
    return [
        (at(f"{day} {start}"), at(f"{day} {end}"))
        for day in days
        if day not in holidays
        for start, end in (("08:00", "12:00"), ("13:00", "17:00"))
    ]


def local(zone: str, *spans: tuple[str, str]):
    """Wall-clock spans of a place, as UTC."""
    utc, here = ZoneInfo("UTC"), ZoneInfo(zone)
    return [
        tuple(
            datetime.fromisoformat(text).replace(tzinfo=here).astimezone(utc).replace(tzinfo=None)
            for text in span
        )
        for span in spans
    ]


class TestIntervals(TestCase):
    def test_overlapping_and_touching_ones_are_joined(self):
        nine, ten, eleven, noon = (at(f"10 {hour}:00") for hour in ("09", "10", "11", "12"))
        for given, expected in [
            ([], []),
            ([(ten, nine)], []),
            ([(nine, nine)], []),
            ([(ten, eleven), (nine, ten)], [(nine, eleven)]),
            ([(nine, eleven), (ten, noon)], [(nine, noon)]),
            ([(nine, noon), (ten, eleven)], [(nine, noon)]),
            ([(nine, ten), (eleven, noon)], [(nine, ten), (eleven, noon)]),
        ]:
            with self.subTest(given=given):
                self.assertEqual(normalised(given), expected)

    def test_pauses_are_cut_out(self):
        day = [(at("10 08:00"), at("10 12:00"))]
        for pause, hours in [
            ((at("10 07:00"), at("10 08:00")), 4),
            ((at("10 07:00"), at("10 09:00")), 3),
            ((at("10 09:00"), at("10 10:00")), 3),
            ((at("10 11:00"), at("10 15:00")), 3),
            ((at("10 12:00"), at("10 15:00")), 4),
            ((at("10 07:00"), at("10 15:00")), 0),
            ((at("10 10:00"), None), 2),
        ]:
            with self.subTest(pause=pause):
                left = subtract(day, [pause])
                self.assertEqual(worked(left, at("10 00:00"), at("11 00:00")), hours * HOUR)

    def test_time_backwards_is_no_time(self):
        self.assertEqual(worked(week(), at("11 12:00"), at("10 12:00")), timedelta(0))


class TestDue(TestCase):
    def test_lunch_nights_and_weekends_do_not_count(self):
        for start, hours, expected in [
            ("10 08:00", 1, "10 09:00"),
            ("10 08:00", 4, "10 12:00"),  # used up as lunch begins: due then, not after it
            ("10 08:00", 4 + 1 / 60, "10 13:01"),
            ("10 11:30", 1, "10 13:30"),
            ("10 12:30", 1, "10 14:00"),  # written during lunch
            ("10 06:00", 1, "10 09:00"),  # before opening
            ("10 16:00", 1, "10 17:00"),
            ("10 16:00", 2, "11 09:00"),  # over night
            ("10 20:00", 1, "11 09:00"),
            ("14 16:00", 2, "17 09:00"),  # Friday afternoon: Monday
            ("15 12:00", 8, "17 17:00"),  # on Saturday
            ("10 08:00", 40, "14 17:00"),
        ]:
            with self.subTest(start=start, hours=hours):
                self.assertEqual(Clock(at(start), hours * HOUR).due(week()), at(expected))

    def test_a_holiday_in_the_middle(self):
        clock = Clock(at("11 16:00"), 2 * HOUR)
        self.assertEqual(clock.due(week()), at("12 09:00"))
        self.assertEqual(clock.due(week(holidays={12})), at("13 09:00"))

    def test_split_shifts(self):
        shifts = [
            (at("10 06:00"), at("10 08:00")),
            (at("10 10:00"), at("10 11:00")),
            (at("10 20:00"), at("10 23:00")),
        ]
        self.assertEqual(Clock(at("10 07:00"), 3 * HOUR).due(shifts), at("10 21:00"))

    def test_unknown_beyond_the_intervals(self):
        self.assertEqual(Clock(at("21 16:00"), HOUR).due(week()), at("21 17:00"))
        self.assertIsNone(Clock(at("21 16:00"), HOUR + MINUTE).due(week()))
        self.assertIsNone(Clock(at("10 08:00"), HOUR).due([]))

    def test_no_amount_is_reached_at_once(self):
        self.assertEqual(reached(week(), at("15 12:00"), timedelta(0)), at("15 12:00"))

    def test_daylight_saving(self):
        """Working hours keep their place on the wall; a shift through the night is real time."""
        office = local(
            "Europe/Berlin",
            ("2024-03-29 09:00", "2024-03-29 17:00"),
            ("2024-04-01 09:00", "2024-04-01 17:00"),
        )
        due = Clock(datetime(2024, 3, 29, 15, 0), 2 * HOUR).due(office)  # Friday 16:00 there
        self.assertEqual(due, datetime(2024, 4, 1, 8, 0))  # 10:00 there, an hour earlier in UTC
        for zone, night, hours in [
            ("Europe/Berlin", ("2024-03-30 22:00", "2024-03-31 06:00"), 7),
            ("Europe/Berlin", ("2024-10-26 22:00", "2024-10-27 06:00"), 9),
            ("America/New_York", ("2024-03-09 22:00", "2024-03-10 06:00"), 7),
            ("Asia/Shanghai", ("2024-03-30 22:00", "2024-03-31 06:00"), 8),
        ]:
            with self.subTest(zone=zone, night=night):
                shift = local(zone, night)
                self.assertEqual(worked(shift, shift[0][0], shift[0][1]), hours * HOUR)
                due = Clock(shift[0][0], hours * HOUR).due(shift)
                self.assertEqual(due, shift[0][1])


class TestLate(TestCase):
    def test_late_begins_right_after_the_due_time(self):
        clock = Clock(at("10 16:00"), 2 * HOUR)
        second = timedelta(seconds=1)
        for moment, late in [
            (at("10 16:00"), False),
            (at("10 23:00"), False),
            (at("11 09:00") - second, False),
            (at("11 09:00"), False),
            (at("11 09:00") + second, True),
            (at("20 09:00"), True),
        ]:
            with self.subTest(moment=moment):
                self.assertEqual(clock.late(week(), moment), late)

    def test_what_was_stopped_in_time_is_never_late(self):
        for stopped, late in [("11 09:00", False), ("11 09:01", True)]:
            clock = Clock(at("10 16:00"), 2 * HOUR, stopped=at(stopped))
            with self.subTest(stopped=stopped):
                self.assertEqual(clock.late(week(), at("21 17:00")), late)

    def test_an_unknown_due_time_is_not_late(self):
        self.assertFalse(Clock(at("10 08:00"), HOUR).late([], at("20 08:00")))


class TestShare(TestCase):
    def test_share_used(self):
        clock = Clock(at("10 11:00"), 4 * HOUR)
        for moment, share in [
            ("10 10:00", 0),
            ("10 11:00", 0),
            ("10 12:30", 0.25),  # lunch uses nothing
            ("10 14:00", 0.5),
            ("10 16:00", 1),
            ("11 08:00", 1.25),
        ]:
            with self.subTest(moment=moment):
                self.assertEqual(clock.share(week(), at(moment)), share)

    def test_when_to_warn_and_to_escalate(self):
        """In working time: nobody is told at night that three quarters are gone."""
        clock = Clock(at("10 16:00"), 4 * HOUR)
        for share, moment in [
            (0.25, "10 17:00"),
            (0.75, "11 10:00"),
            (1.0, "11 11:00"),
            (1.5, "11 14:00"),
        ]:
            with self.subTest(share=share):
                self.assertEqual(clock.at_share(week(), share), at(moment))
                self.assertAlmostEqual(clock.share(week(), at(moment)), share)

    def test_of_no_promise(self):
        self.assertEqual(
            Clock(at("10 08:00"), timedelta(0)).share(week(), at("10 09:00")), float("inf")
        )


class TestSolutionClock(TestCase):
    def clock(self, *moves, hours=4):
        return solution_clock([Move(at(when), effect) for when, effect in moves], hours * HOUR)

    def test_nothing_happened(self):
        self.assertIsNone(solution_clock([], HOUR))

    def test_steps_that_run_change_nothing(self):
        clock = self.clock(("10 08:00", RUN), ("10 09:00", RUN), ("10 10:00", RUN))
        self.assertEqual((clock.started, clock.pauses), (at("10 08:00"), ()))
        self.assertEqual(clock.due(week()), at("10 12:00"))
        self.assertTrue(clock.running)

    def test_a_pause_over_a_weekend(self):
        """Paused on Friday at 16:00, back on Monday at 10:00: three working hours are given back."""
        clock = self.clock(("14 15:00", RUN), ("14 16:00", PAUSE), ("17 10:00", RUN))
        self.assertEqual(clock.due(week()), at("17 14:00"))
        self.assertEqual(clock.used(week(), at("17 10:00")), HOUR)

    def test_while_paused_there_is_no_due_time(self):
        clock = self.clock(("10 08:00", RUN), ("10 09:00", PAUSE))
        self.assertTrue(clock.paused)
        self.assertIsNone(clock.due(week()))
        self.assertFalse(clock.late(week(), at("21 17:00")))
        self.assertEqual(clock.used(week(), at("21 17:00")), HOUR)

    def test_what_was_late_before_the_pause_stays_late(self):
        clock = self.clock(("10 08:00", RUN), ("10 14:00", PAUSE))
        self.assertEqual(clock.due(week()), at("10 12:00"))
        self.assertTrue(clock.late(week(), at("10 14:00")))

    def test_pausing_twice_is_one_pause(self):
        clock = self.clock(
            ("10 08:00", RUN), ("10 09:00", PAUSE), ("10 10:00", PAUSE), ("10 11:00", RUN)
        )
        self.assertEqual(clock.pauses, ((at("10 09:00"), at("10 11:00")),))

    def test_pauses_survive_a_new_target(self):
        """Another promise in the middle: what was paused stays paused."""
        moves = (("10 08:00", RUN), ("10 09:00", PAUSE), ("10 11:00", RUN))
        for hours, due in [(4, "10 15:00"), (2, "10 12:00"), (8, "11 10:00")]:
            with self.subTest(hours=hours):
                self.assertEqual(self.clock(*moves, hours=hours).due(week()), at(due))

    def test_solving_stops_it(self):
        clock = self.clock(("10 08:00", RUN), ("10 11:00", STOP))
        self.assertFalse(clock.running or clock.paused)
        for moment in ("10 11:00", "21 17:00"):
            self.assertEqual(clock.used(week(), at(moment)), 3 * HOUR)
            self.assertFalse(clock.late(week(), at(moment)))

    def test_further_steps_after_solving_do_not_move_the_stop(self):
        clock = self.clock(("10 08:00", RUN), ("10 11:00", STOP), ("18 11:00", STOP))
        self.assertEqual(clock.stopped, at("10 11:00"))

    def test_solved_while_paused(self):
        clock = self.clock(("10 08:00", RUN), ("10 09:00", PAUSE), ("10 16:00", STOP))
        self.assertEqual(clock.used(week(), at("21 17:00")), HOUR)
        self.assertFalse(clock.paused)

    def test_solved_at_once(self):
        clock = self.clock(("10 08:00", STOP))
        self.assertEqual(clock.used(week(), at("21 17:00")), timedelta(0))

    def test_reopening_starts_anew(self):
        """The days while it counted as solved are not held against anybody."""
        clock = self.clock(
            ("10 08:00", RUN), ("10 09:00", PAUSE), ("10 10:00", RUN), ("10 11:00", STOP),
            ("18 09:00", RUN),
        )  # fmt: skip
        self.assertEqual((clock.started, clock.pauses), (at("18 09:00"), ()))
        self.assertEqual(clock.due(week()), at("18 14:00"))

    def test_reopened_into_a_pause(self):
        clock = self.clock(("10 08:00", RUN), ("10 11:00", STOP), ("18 09:00", PAUSE))
        self.assertTrue(clock.paused)
        self.assertEqual(clock.started, at("18 09:00"))

    def test_of_two_that_became_one_both_go_on_alike(self):
        """It keeps its start and its own pause; its end by merging is none."""
        own = [Move(at("10 08:00"), RUN), Move(at("10 09:00"), PAUSE), Move(at("10 15:00"), STOP)]
        others = [Move(at("10 14:00"), RUN), Move(at("11 09:00"), PAUSE), Move(at("11 10:00"), RUN)]
        log = continued(own, others, at("10 15:00"))
        clock = solution_clock(log, 8 * HOUR)
        self.assertEqual(clock.started, at("10 08:00"))
        self.assertEqual(
            clock.pauses,
            ((at("10 09:00"), at("10 15:00")), (at("11 09:00"), at("11 10:00"))),
        )
        self.assertEqual(continued(own[:1], [], at("10 15:00")), own[:1])
