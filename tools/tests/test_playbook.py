from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ..playbook import MOST_OFF, Planned, Step, horizon, plan

SEARCH = settings(derandomize=True, deadline=None, database=None, max_examples=200)
FRIDAY = date(2024, 6, 14)
WEEKENDS = {FRIDAY + timedelta(n) for n in range(-400, 400) if (n + 4) % 7 > 4}
HOLIDAYS = st.sets(st.integers(-5, 120).map(lambda n: FRIDAY + timedelta(n)), max_size=20)
STEPS = st.builds(Step, st.integers(0, 40), st.integers(0, 10), st.booleans())


def day(number):
    return date(2024, 6, number)


class TestPlan(TestCase):
    def test_table(self):
        for start, step, opens, due in [
            (14, Step(0, 0, False), 14, 14),
            (14, Step(0, 2, False), 14, 16),
            (14, Step(1, 2, False), 15, 17),
            (14, Step(0, 0, True), 14, 14),
            (14, Step(0, 1, True), 14, 17),  # Friday, by Monday
            (14, Step(1, 0, True), 17, 17),
            (15, Step(0, 0, True), 17, 17),  # Saturday: opens on Monday
            (15, Step(1, 0, True), 18, 18),
            (14, Step(5, 0, True), 21, 21),  # a working week later
        ]:
            with self.subTest(start=start, step=step):
                self.assertEqual(
                    plan(day(start), [step], WEEKENDS), [Planned(day(opens), day(due))]
                )

    def test_a_holiday_is_no_working_day(self):
        off = WEEKENDS | {day(17)}
        self.assertEqual(plan(FRIDAY, [Step(1, 0, True)], off)[0].opens, day(18))
        self.assertEqual(plan(FRIDAY, [Step(3, 0, False)], off)[0].opens, day(17))

    def test_a_company_that_never_works_counts_days(self):
        class Always:
            def __contains__(self, day):
                return True

        self.assertEqual(plan(FRIDAY, [Step(3, 1, True)], Always())[0], (day(17), day(18)))

    @SEARCH
    @given(st.integers(-30, 30), STEPS, HOLIDAYS)
    def test_what_working_days_mean(self, ahead, step, holidays):
        start, off = FRIDAY + timedelta(ahead), WEEKENDS | holidays
        planned = plan(start, [step], off)[0]
        self.assertLessEqual(start, planned.opens)
        self.assertLessEqual(planned.opens, planned.due)
        self.assertLessEqual((planned.due - start).days, horizon([step]))
        if step.working:
            self.assertNotIn(planned.opens, off)
            self.assertNotIn(planned.due, off)
            worked = sum(
                planned.opens + timedelta(n) not in off
                for n in range(1, (planned.due - planned.opens).days + 1)
            )
            self.assertEqual(worked, step.within)

    @SEARCH
    @given(STEPS, HOLIDAYS)
    def test_later_steps_open_later(self, step, holidays):
        off = WEEKENDS | holidays
        first, second = plan(FRIDAY, [step, step._replace(days=step.days + 1)], off)
        self.assertLess(first.opens, second.opens)
        self.assertLess(MOST_OFF, horizon([step]))
