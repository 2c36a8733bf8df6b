from fractions import Fraction
from unittest import TestCase

import numpy as np

from .. import scoring
from ..dates import NO_DATE
from .common import policy

AS_OF = 20_000


def judged(silent, frequency, money, rules, interval=None):
    last = NO_DATE if silent is None else AS_OF - silent
    rate = None if interval is None else np.array([interval])
    return scoring.score([last], [frequency], [money], as_of=AS_OF, policy=rules, interval=rate)


class TestLevels(TestCase):
    def test_frequency_reaches_a_cut_inclusively(self):
        for frequency, level in [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (15, 4), (16, 5), (99, 5)]:
            with self.subTest(frequency=frequency):
                self.assertEqual(judged(0, frequency, 0, policy()).frequency_level.item(), level)

    def test_money_reaches_a_cut_inclusively(self):
        for money, level in [(-5, 1), (99.99, 1), (100, 2), (999.99, 2), (20000, 5)]:
            with self.subTest(money=money):
                self.assertEqual(judged(0, 1, money, policy()).money_level.item(), level)

    def test_recency_in_days_has_inclusive_upper_bounds(self):
        for days, level in [(0, 5), (30, 5), (31, 4), (60, 4), (61, 3), (240, 2), (241, 1)]:
            with self.subTest(days=days):
                scores = judged(days, 1, 1, policy())
                self.assertEqual(scores.recency_level.item(), level)
                self.assertEqual(scores.recency.item(), days)

    def test_recency_in_own_rhythm(self):
        rules = policy(recency_mode="rhythm", recency_cuts=(1, 1.5, 2, 4))
        for days, level in [(20, 5), (21, 4), (30, 4), (31, 3), (40, 3), (41, 2), (80, 2), (81, 1)]:
            with self.subTest(days=days):
                scores = judged(days, 1, 1, rules, interval=20.0)
                self.assertEqual(scores.recency_level.item(), level)
                self.assertEqual(scores.recency.item(), days / 20)

    def test_no_purchase_ever_is_level_zero_and_score_zero(self):
        scores = judged(None, 20, 99999, policy())
        self.assertTrue(np.isnan(scores.recency.item()))
        for values in scores[1:]:
            self.assertEqual(values.item(), 0)

    def test_rhythm_mode_needs_the_intervals(self):
        with self.assertRaisesRegex(ValueError, "interval"):
            judged(1, 1, 1, policy(recency_mode="rhythm"))

    def test_money_that_is_no_number_is_refused(self):
        with self.assertRaisesRegex(ValueError, "NaN"):
            judged(1, 1, np.nan, policy())

    def test_recency_value(self):
        value = scoring.recency_value([AS_OF - 30], AS_OF, policy())
        self.assertEqual(value.tolist(), [30.0])


class TestScore(TestCase):
    def test_weighted_share_of_the_top_levels(self):
        for silent, frequency, money, expected in [
            (0, 16, 20000, 100.0),
            (0, 1, 0, 36.0),  # .2 + .3/5 + .5/5
            (300, 1, 0, 20.0),
            (45, 8, 1500, 16 + 24 + 30.0),
        ]:
            with self.subTest(silent=silent, frequency=frequency, money=money):
                scores = judged(silent, frequency, money, policy())
                self.assertEqual(scores.score.item(), expected)

    def test_weights_count_by_their_share(self):
        light = policy(recency_weight=0.2, frequency_weight=0.3, money_weight=0.5)
        heavy = policy(recency_weight=2, frequency_weight=3, money_weight=5)
        self.assertEqual(judged(45, 3, 700, light).score, judged(45, 3, 700, heavy).score)

    def test_a_score_is_rounded_half_up_to_four_decimals_from_exact_fractions(self):
        rules = policy(
            recency_weight=1, frequency_weight=1, money_weight=1, money_cuts=(1, 2, 3, 4, 5, 6)
        )
        self.assertEqual(judged(0, 1, 0, rules).score.item(), 44.7619)  # 100*(1 + 1/5 + 1/7)/3

    def test_half_a_unit_rounds_up(self):
        rules = policy(
            recency_weight=0, frequency_weight=0.000004, money_weight=0.999996,
            frequency_cuts=(9, 10, 11, 12, 13, 14, 15), money_cuts=(9,),
        )  # fmt: skip
        exact = 100 * (Fraction("0.000004") / 8 + Fraction("0.999996") / 2)
        self.assertEqual(exact, Fraction("49.99985"))
        self.assertEqual(judged(0, 1, 0, rules).score.item(), 49.9999)

    def test_levels_handed_in_are_not_changed(self):
        levels = np.array([3, 4], np.intp)
        scoring.score_of_levels(levels, levels, levels, policy())
        self.assertEqual(levels.tolist(), [3, 4])


class TestPoints(TestCase):
    def test_points_add_up_to_the_score_for_every_combination_of_levels(self):
        rules = policy(
            recency_weight=1, frequency_weight=1, money_weight=1 / 3, money_cuts=(1, 2, 3, 4, 5, 6)
        )
        for r in range(6):
            for f in range(6):
                for m in range(8):
                    points = scoring.points(r, f, m, rules)
                    with self.subTest(r=r, f=f, m=m):
                        parts = round(points.recency + points.frequency + points.money, 4)
                        self.assertEqual(parts, points.score)
                        table = scoring.score_of_levels(r, f, m, rules)
                        self.assertEqual(points.score, float(table))

    def test_points_are_the_shares_of_the_axes(self):
        self.assertEqual(scoring.points(5, 4, 3, policy()), (20.0, 24.0, 30.0, 74.0))

    def test_points_lie_within_a_unit_of_their_exact_share(self):
        rules = policy(recency_weight=1, frequency_weight=1, money_weight=1)
        for level in range(6):
            points = scoring.points(level, level, level, rules)
            for part in points[:3]:
                self.assertLessEqual(abs(part - 100 * level / 15), 0.0001)


class TestNextRecencyChange(TestCase):
    def change(self, silent, rules, interval=None):
        rate = None if interval is None else np.array([interval])
        days = scoring.next_recency_change(
            [AS_OF - silent], as_of=AS_OF, policy=rules, interval=rate
        )
        return None if days[0] == NO_DATE else int(days[0] - AS_OF)

    def test_the_day_after_the_bound(self):
        for silent, in_days in [(0, 31), (30, 1), (31, 30), (240, 1), (241, None)]:
            with self.subTest(silent=silent):
                self.assertEqual(self.change(silent, policy()), in_days)

    def test_in_own_rhythm(self):
        rules = policy(recency_mode="rhythm", recency_cuts=(1, 1.5))
        for silent, in_days in [(0, 11), (10, 1), (11, 5), (15, 1), (16, None)]:
            with self.subTest(silent=silent):
                self.assertEqual(self.change(silent, rules, interval=10.4), in_days)

    def test_never_without_a_purchase(self):
        days = scoring.next_recency_change([NO_DATE], as_of=AS_OF, policy=policy())
        self.assertEqual(days.tolist(), [NO_DATE])

    def test_it_is_the_first_day_with_another_level(self):
        rules = policy(recency_mode="rhythm", recency_cuts=(0.3, 0.7, 1.1, 2.9))
        intervals = np.round(np.random.default_rng(7).uniform(1, 60, 200), 2)
        last = np.full(200, AS_OF)
        days = np.arange(AS_OF, AS_OF + 200)
        levels = np.array(
            [
                scoring.score(
                    last, last, last, as_of=day, policy=rules, interval=intervals
                ).recency_level
                for day in days
            ]
        )
        for position, day in enumerate(days[:-1]):
            change = scoring.next_recency_change(last, as_of=day, policy=rules, interval=intervals)
            differs = levels[position + 1 :] != levels[position]
            first = np.where(differs.any(0), days[position + 1] + differs.argmax(0), NO_DATE)
            np.testing.assert_array_equal(change[change <= days[-1]], first[change <= days[-1]])
