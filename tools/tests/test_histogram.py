from itertools import pairwise
from unittest import TestCase

import numpy as np

from ..histogram import PER_DOUBLING, added, bars, counted


class TestHistogram(TestCase):
    def test_everybody_is_in_one_bar(self):
        values = np.random.default_rng(4).lognormal(7, 2, 5_000)
        made = bars(counted(values))
        self.assertLessEqual(len(made), 24)
        self.assertEqual(sum(bar.customers for bar in made), 5_000)
        for bar, following in pairwise(made):
            self.assertEqual(bar.high, following.low)

    def test_a_bar_counts_what_lies_in_it(self):
        values = np.random.default_rng(5).lognormal(4, 1, 3_000)
        made = bars(counted(values), most=12)
        for bar in made[1:-1]:
            inside = (values >= bar.low * (1 - 1e-9)) & (values < bar.high * (1 - 1e-9))
            with self.subTest(bar):
                self.assertEqual(bar.customers, int(inside.sum()))

    def test_batches_add_up(self):
        values = np.random.default_rng(6).lognormal(4, 1, 900)
        parts = [counted(values[n::3]) for n in range(3)]
        self.assertEqual(added(*parts), counted(values))

    def test_a_bar_is_as_wide_as_every_other_on_the_scale(self):
        made = bars(counted(np.random.default_rng(7).lognormal(4, 1, 900)))
        ratios = [bar.high / bar.low for bar in made]
        self.assertTrue(np.allclose(ratios, ratios[0]))

    def test_one_giant_does_not_make_the_rest_a_spike(self):
        made = bars(counted([*np.geomspace(10, 1000, 999), 1e12]))
        self.assertLess(made[-1].low, 1100)
        self.assertEqual(sum(bar.customers for bar in made), 1000)
        self.assertGreater(len(made), 20)

    def test_whole_numbers_leave_no_gaps(self):
        values = [1] * 40 + [2] * 30 + [3] * 20 + [4] * 9 + [5] * 5 + [9] * 3
        made = bars(counted(values), whole=True)
        self.assertEqual([bar.low for bar in made][:4], [1, 2, 3, 4])
        self.assertEqual([bar.customers for bar in made][:4], [40, 30, 20, 9])
        self.assertTrue(all(bar.low == int(bar.low) and bar.low < bar.high for bar in made))
        self.assertEqual(sum(bar.customers for bar in made), len(values))

    def test_what_is_not_on_the_scale(self):
        self.assertEqual(counted([0, -5, np.nan]), {})
        self.assertEqual(bars({}), [])

    def test_one_value_is_one_bar(self):
        made = bars(counted([7.0] * 12))
        self.assertEqual([bar.customers for bar in made], [12])
        self.assertTrue(made[0].low <= 7 < made[0].high)

    def test_a_power_of_two_lies_on_its_own_step(self):
        for power in range(-5, 20):
            with self.subTest(power):
                self.assertEqual(counted([2.0**power]), {power * PER_DOUBLING: 1})
