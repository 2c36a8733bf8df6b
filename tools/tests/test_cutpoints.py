from unittest import TestCase

import numpy as np

from .. import cutpoints
from ..value_policy import DEFAULT_TIER_SCORES, RECENCY_DAYS, RECENCY_RHYTHM, TierRule
from .common import policy

QUINTILES = (0.2, 0.4, 0.6, 0.8)


class TestFrequencyCuts(TestCase):
    def test_smallest_value_above_the_quantile(self):
        self.assertEqual(cutpoints.frequency_cuts(range(1, 11), QUINTILES), (3.0, 5.0, 7.0, 9.0))

    def test_a_crowd_of_equals_stays_below(self):
        values = [1] * 60 + [2] * 20 + [3] * 10 + [4] * 5 + [9] * 5
        self.assertEqual(cutpoints.frequency_cuts(values, QUINTILES), (2.0, 3.0, 4.0, 9.0))

    def test_cuts_go_on_when_values_run_out(self):
        self.assertEqual(cutpoints.frequency_cuts([1] * 9 + [2], QUINTILES), (2.0, 3.0, 4.0, 5.0))

    def test_where_everyone_is_equal_nobody_is_above(self):
        self.assertEqual(cutpoints.frequency_cuts([5, 5, 5], QUINTILES), (6.0, 7.0, 8.0, 9.0))

    def test_a_crowd_at_the_top_reaches_its_level(self):
        # weekly buyers of a year: nothing lies above 52
        values = [10, 20, 30] + [52] * 7
        self.assertEqual(cutpoints.frequency_cuts(values, QUINTILES), (30.0, 52.0, 53.0, 54.0))
        self.assertEqual(cutpoints.frequency_cuts(values, (0.3, 0.9)), (52.0, 53.0))
        self.assertEqual(cutpoints.frequency_cuts(values, (0.2, 0.9)), (30.0, 52.0))

    def test_quantiles_in_any_order(self):
        self.assertEqual(
            cutpoints.frequency_cuts(range(1, 11), (0.8, 0.2)),
            cutpoints.frequency_cuts(range(1, 11), (0.2, 0.8)),
        )

    def test_zero_is_no_purchase(self):
        self.assertEqual(
            cutpoints.frequency_cuts([0] * 50 + list(range(1, 11)), QUINTILES),
            (3.0, 5.0, 7.0, 9.0),
        )

    def test_nothing_to_cut(self):
        with self.assertRaisesRegex(ValueError, "no positive"):
            cutpoints.frequency_cuts([0, 0], QUINTILES)

    def test_the_ends_of_the_scale(self):
        self.assertEqual(cutpoints.frequency_cuts(range(1, 11), (0.0, 1.0)), (2.0, 10.0))


class TestMoneyCuts(TestCase):
    def test_two_digits_where_nobody_changes_level(self):
        values = np.random.default_rng(3).lognormal(8, 1.5, 5000)
        cuts = cutpoints.money_cuts(values, (0.5, 0.8, 0.95, 0.99))
        for cut, quantile in zip(cuts, (0.5, 0.8, 0.95, 0.99), strict=True):
            with self.subTest(quantile=quantile):
                self.assertEqual(cut, float(f"{cut:.1e}"))
                self.assertAlmostEqual((values < cut).mean(), quantile, delta=0.021)

    def test_more_digits_where_rounding_would_move_a_crowd(self):
        values = [100.0] * 50 + [102.0] * 50 + [5000.0] * 10
        # 102 rounds to 100, which would lift the first fifty
        self.assertEqual(cutpoints.money_cuts(values, (0.3,)), (102.0,))

    def test_rounded_cuts_stay_apart(self):
        values = [104.0, 105.0, 106.0, 107.0, 108.0] * 100
        cuts = cutpoints.money_cuts(values, QUINTILES)
        self.assertEqual(cuts, (105.0, 106.0, 107.0, 108.0))

    def test_a_cut_beyond_nine_digits_is_taken_as_it_is(self):
        values = [1000000001.25] * 50 + [1000000002.75] * 50
        self.assertEqual(cutpoints.money_cuts(values, (0.3,)), (1000000002.75,))

    def test_cuts_double_when_values_run_out(self):
        self.assertEqual(
            cutpoints.money_cuts([500.0] * 20, QUINTILES), (1000.0, 2000.0, 4000.0, 8000.0)
        )

    def test_small_amounts(self):
        values = [0.001, 0.002, 0.003, 0.004, 0.005]
        self.assertEqual(cutpoints.money_cuts(values, (0.4, 0.8)), (0.003, 0.005))

    def test_nothing_sold_is_left_out(self):
        self.assertEqual(
            cutpoints.money_cuts([-50.0, 0.0, 10.0, 20.0], (0.5,)),
            cutpoints.money_cuts([10.0, 20.0], (0.5,)),
        )

    def test_many_random_companies_get_increasing_cuts(self):
        rng = np.random.default_rng(11)
        for case in range(300):
            size = int(rng.integers(1, 60))
            values = np.round(rng.lognormal(rng.uniform(-3, 12), rng.uniform(0, 0.3), size), 2)
            values = np.append(values, 10.0)
            with self.subTest(case=case):
                cuts = cutpoints.money_cuts(values, (0.5, 0.8, 0.95, 0.99))
                self.assertEqual(policy(money_cuts=cuts).issues(), ())


class TestRecencyCuts(TestCase):
    def test_greatest_value_below_the_quantile(self):
        self.assertEqual(
            cutpoints.recency_cuts(range(10, 110, 10), QUINTILES), (10.0, 30.0, 50.0, 70.0)
        )

    def test_a_crowd_of_equals_stays_on_the_lower_level(self):
        values = [5] * 10 + [90] * 40 + [200] * 50
        self.assertEqual(cutpoints.recency_cuts(values, (0.8,)), (5.0,))

    def test_everyone_bought_today(self):
        self.assertEqual(cutpoints.recency_cuts([0] * 10, QUINTILES), (1.0, 2.0, 4.0, 8.0))

    def test_half_bought_today(self):
        values = [0] * 50 + [7] * 25 + [14] * 25
        self.assertEqual(cutpoints.recency_cuts(values, QUINTILES), (1.0, 7.0, 14.0, 28.0))

    def test_own_rhythm_to_one_decimal(self):
        values = [0.11, 0.52, 0.98, 1.53, 2.26, 2.99, 3.5, 4.2, 5.1, 6.6]
        self.assertEqual(cutpoints.recency_cuts(values, QUINTILES, step=0.1), (0.1, 0.9, 2.2, 3.5))

    def test_many_random_companies_get_increasing_cuts(self):
        rng = np.random.default_rng(12)
        for case in range(300):
            values = rng.integers(0, int(rng.integers(1, 300)), int(rng.integers(1, 60)))
            with self.subTest(case=case):
                cuts = cutpoints.recency_cuts(values, QUINTILES)
                self.assertEqual(policy(recency_cuts=cuts).issues(), ())
                ratio = cutpoints.recency_cuts(values / 37, QUINTILES, step=0.1)
                self.assertEqual(policy(recency_cuts=ratio).issues(), ())


class TestCalibrate(TestCase):
    def setUp(self):
        super().setUp()
        self.frequency = np.arange(1, 101)
        self.money = self.frequency * 100.0
        self.recency = np.arange(100, 0, -1.0)

    def test_cuts_of_each_axis(self):
        cuts = cutpoints.calibrate(
            self.recency,
            self.frequency,
            self.money,
            mode=RECENCY_DAYS,
            recency_quantiles=QUINTILES,
        )
        self.assertEqual(cuts.recency, cutpoints.recency_cuts(self.recency, QUINTILES))
        self.assertEqual(cuts.frequency, cutpoints.frequency_cuts(self.frequency, QUINTILES))
        self.assertEqual(cuts.money, cutpoints.money_cuts(self.money, cutpoints.MONEY_QUANTILES))
        self.assertEqual(cuts.customers, 100)

    def test_rhythm_has_fixed_cuts_unless_asked_otherwise(self):
        arguments = (self.recency / 30, self.frequency, self.money)
        cuts = cutpoints.calibrate(*arguments, mode=RECENCY_RHYTHM)
        self.assertEqual(cuts.recency, cutpoints.DEFAULT_SILENCE_CUTS)
        cuts = cutpoints.calibrate(*arguments, mode=RECENCY_RHYTHM, recency_quantiles=QUINTILES)
        self.assertEqual(cuts.recency, (0.6, 1.3, 1.9, 2.6))

    def test_days_are_the_company_s_own_intervals(self):
        """Whatever the day on which the policy is made, and however often customers buy."""
        for median, days in [
            (30.0, (30, 45, 60, 120)),
            (7.1, (8, 11, 15, 29)),
            (1.0, (1, 2, 3, 4)),
        ]:
            for recency in (self.recency, self.recency + 40):
                with self.subTest(median=median):
                    cuts = cutpoints.calibrate(
                        recency,
                        self.frequency,
                        self.money,
                        mode=RECENCY_DAYS,
                        median_interval=median,
                    )
                    self.assertEqual(cuts.recency, days)

    def test_defaults_below_the_least_number_of_customers(self):
        for count, known in [(10, 10), (9, 0)]:
            for mode in (RECENCY_DAYS, RECENCY_RHYTHM):
                with self.subTest(count=count, mode=mode):
                    cuts = cutpoints.calibrate(
                        self.recency[:count], self.frequency[:count], self.money[:count], mode=mode
                    )
                    self.assertEqual(cuts.customers, known)
                    self.assertEqual(cuts.money == cutpoints.DEFAULT_MONEY_CUTS, not known)
                    self.assertEqual(cuts.frequency == cutpoints.DEFAULT_FREQUENCY_CUTS, not known)
        self.assertEqual(
            cutpoints.calibrate([], [], [], mode=RECENCY_DAYS).recency, cutpoints.DEFAULT_DAY_CUTS
        )

    def test_customers_that_bought_nothing_in_the_window_do_not_count(self):
        idle = np.zeros(100)
        credited = np.full(100, -5.0)
        cuts = cutpoints.calibrate(
            np.concatenate([self.recency, idle, self.recency, self.recency]),
            np.concatenate([self.frequency, idle, self.frequency, self.frequency]),
            np.concatenate([self.money, idle + 7, credited, idle]),
            mode=RECENCY_DAYS,
        )
        self.assertEqual(
            cuts,
            cutpoints.calibrate(self.recency, self.frequency, self.money, mode=RECENCY_DAYS),
        )

    def test_defaults_make_a_sound_policy(self):
        for mode, recency in [
            (RECENCY_DAYS, cutpoints.DEFAULT_DAY_CUTS),
            (RECENCY_RHYTHM, cutpoints.DEFAULT_SILENCE_CUTS),
        ]:
            rules = policy(
                recency_mode=mode,
                recency_cuts=recency,
                frequency_cuts=cutpoints.DEFAULT_FREQUENCY_CUTS,
                money_cuts=cutpoints.DEFAULT_MONEY_CUTS,
                tiers=[TierRule(scores, *scores) for scores in DEFAULT_TIER_SCORES],
            )
            self.assertEqual(rules.issues(), ())


class TestNaturalBreaks(TestCase):
    def cuts(self, frequency, money, levels=5):
        recency = np.ones(len(money))
        return cutpoints.by_natural_breaks(
            recency, frequency, money, mode=RECENCY_DAYS, median_interval=20, levels=levels
        )

    def test_cuts_lie_in_the_gaps(self):
        money = [100.0] * 20 + [110.0] * 20 + [2000.0] * 20 + [2100.0] * 20 + [90000.0] * 5
        frequency = [1] * 40 + [6] * 30 + [50] * 15
        made = self.cuts(frequency, money, levels=3)
        self.assertEqual(made.money, (2000.0, 90000.0))
        self.assertEqual(made.frequency, (6.0, 50.0))
        self.assertEqual(made.customers, 85)

    def test_recency_does_not_depend_on_the_day(self):
        made = self.cuts(range(1, 31), range(100, 130))
        self.assertEqual(made.recency, cutpoints.day_cuts(20))

    def test_where_everybody_is_equal_it_cuts_as_calibration_does(self):
        made = self.cuts([3] * 20, [500.0] * 20)
        self.assertEqual(
            made.frequency, cutpoints.frequency_cuts([3] * 20, cutpoints.FREQUENCY_QUANTILES)
        )
        self.assertEqual(made.money, cutpoints.money_cuts([500.0] * 20, cutpoints.MONEY_QUANTILES))

    def test_too_few_customers(self):
        self.assertEqual(self.cuts([1, 2], [5, 6]).customers, 0)
