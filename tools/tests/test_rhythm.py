from unittest import TestCase

import numpy as np

from .. import rhythm
from ..dates import NO_DATE


class TestCompanyMedian(TestCase):
    def test_median_of_mean_intervals_of_repeat_customers(self):
        # mean intervals 10, 20, 40; one-time buyers and customers without a purchase say nothing
        first = [0, 0, 0, 5, NO_DATE]
        last = [10, 40, 120, 5, NO_DATE]
        purchases = [2, 3, 4, 1, 0]
        self.assertEqual(rhythm.company_median(first, last, purchases, min_repeaters=3), 20.0)

    def test_default_below_the_least_number_of_repeaters(self):
        first, last, purchases = [0, 0], [10, 20], [2, 2]
        self.assertEqual(
            rhythm.company_median(first, last, purchases, min_repeaters=3, default=44.0), 44.0
        )
        self.assertEqual(rhythm.company_median(first, last, purchases, min_repeaters=2), 15.0)

    def test_default_without_any_customer(self):
        self.assertEqual(rhythm.company_median([], [], [], min_repeaters=0), rhythm.DEFAULT_MEDIAN)

    def test_two_decimals_and_at_least_a_day(self):
        first = np.zeros(10, int)
        self.assertEqual(rhythm.company_median(first, np.full(10, 100), np.full(10, 4)), 33.33)
        self.assertEqual(rhythm.company_median(first, np.full(10, 1), np.full(10, 3)), 1.0)


class TestShrunkInterval(TestCase):
    def test_two_median_gaps_are_seen_besides_its_own(self):
        for first, last, purchases, expected in [
            (0, 0, 1, 30.0),  # nothing of its own: the median
            (0, 60, 2, 40.0),  # (60 + 60) / (1 + 2)
            (0, 90, 10, 13.64),  # (90 + 60) / (9 + 2)
        ]:
            with self.subTest(purchases=purchases):
                interval = rhythm.shrunk_interval([first], [last], [purchases], 30.0)
                self.assertEqual(interval.tolist(), [expected])

    def test_at_least_a_day(self):
        self.assertEqual(rhythm.shrunk_interval([0], [99], [900], 1.0).tolist(), [1.0])

    def test_none_without_a_purchase(self):
        self.assertTrue(np.isnan(rhythm.shrunk_interval([NO_DATE], [NO_DATE], [0], 30.0))[0])


class TestSilence(TestCase):
    def test_silence_in_own_intervals(self):
        silence = rhythm.silence([70, 100, NO_DATE], [20.0, 20.0, np.nan], 100)
        np.testing.assert_array_equal(silence, [1.5, 0.0, np.nan])

    def test_a_purchase_in_the_future_is_no_negative_silence(self):
        self.assertEqual(rhythm.days_since([105], 100).tolist(), [0])

    def test_days_since_nothing_is_zero(self):
        self.assertEqual(rhythm.days_since([NO_DATE], 100).tolist(), [0])

    def test_last_day_within_and_first_day_reaching(self):
        for limit, interval, within, reaching in [
            (2.0, 10.0, 20, 20),
            (2.0, 10.4, 20, 21),
            (1.7, 13.64, 23, 24),
            (0.29, 100.0, 29, 29),  # .29 * 100 is 28.999999999999996
            (1.1, 30.0, 33, 33),  # 1.1 * 30 is 33.00000000000001
            (2.0, np.nan, 0, 0),
        ]:
            with self.subTest(limit=limit, interval=interval):
                self.assertEqual(rhythm.last_day_within(limit, [interval]).tolist(), [within])
                self.assertEqual(rhythm.first_day_reaching(limit, [interval]).tolist(), [reaching])
