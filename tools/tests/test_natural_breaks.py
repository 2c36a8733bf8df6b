import random
from itertools import combinations
from unittest import TestCase

import numpy as np

from .. import natural_breaks as kernel
from ..natural_breaks import natural_breaks, spread


def least_spread(values, classes):
    """By trying every way to cut: what no cleverness can miss."""
    distinct = sorted(set(values))
    classes = min(classes, len(distinct))
    return min(spread(values, cuts) for cuts in combinations(distinct[1:], classes - 1))


class TestNaturalBreaks(TestCase):
    def test_the_gaps_that_anyone_sees(self):
        values = [1, 2, 2, 3, 20, 21, 22, 100, 101]
        self.assertEqual(natural_breaks(values, 3), (20.0, 100.0))

    def test_no_way_to_cut_is_better(self):
        chance = random.Random(7)
        for round_ in range(300):
            size = chance.randint(1, 11)
            values = [chance.choice((chance.randint(0, 6), chance.random())) for __ in range(size)]
            classes = chance.randint(1, 5)
            with self.subTest(round=round_, values=values, classes=classes):
                breaks = natural_breaks(values, classes)
                self.assertAlmostEqual(spread(values, breaks), least_spread(values, classes))
                self.assertEqual(len(breaks), min(classes, len(set(values))) - 1)

    def test_equals_are_never_split(self):
        """A cut is a value: whoever has it is above, so all who have it are."""
        values = [1] * 50 + [2] * 30 + [2.5] * 10 + [9] * 3
        for classes in range(1, 6):
            with self.subTest(classes=classes):
                breaks = natural_breaks(values, classes)
                self.assertTrue(set(breaks) <= set(values))
                self.assertEqual(list(breaks), sorted(set(breaks)))

    def test_the_order_of_the_values_does_not_matter(self):
        values = np.random.default_rng(2).lognormal(5, 1, 400)
        shuffled = np.random.default_rng(3).permutation(values)
        self.assertEqual(natural_breaks(values, 5), natural_breaks(shuffled, 5))

    def test_great_numbers_lose_no_digits(self):
        values = np.array([0, 1, 2, 10, 11, 12, 50, 51]) + 1e9
        self.assertEqual(natural_breaks(values, 3), (1e9 + 10, 1e9 + 50))

    def test_fewer_values_than_classes(self):
        self.assertEqual(natural_breaks([4, 4, 4], 5), ())
        self.assertEqual(natural_breaks([4, 7, 4], 5), (7.0,))

    def test_nothing_to_cut(self):
        for values, classes in (([], 3), ([1], 0)):
            with self.subTest(values), self.assertRaises(ValueError):
                natural_breaks(values, classes)

    def test_many_values_are_cut_within_a_step_of_the_best(self):
        values = np.random.default_rng(1).normal(8, 1.5, 4_000)
        exact = natural_breaks(np.unique(values)[::5], 4)  # few enough for the exact table
        self.assertLess(len(np.unique(values)[::5]), kernel.MOST_POINTS)
        width = np.ptp(values) / kernel.MOST_POINTS
        rough = natural_breaks(values, 4)
        best = spread(values, exact)
        self.assertLess(spread(values, rough), best * 1.001)
        self.assertTrue(set(rough) <= set(values.tolist()))
        self.assertTrue(np.allclose(rough, exact, atol=60 * width))
