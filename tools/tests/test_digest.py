"""Digests: equal for equal rows, different for different ones."""

import random
import unittest

import numpy as np

from ..digest import digest


def of(*columns):
    return digest([np.array(column) for column in columns])


class Digest(unittest.TestCase):
    def test_equal_rows_are_equal_wherever_they_stand(self):
        days, money = [3, 9, 3], [0.1 + 0.2, 5.0, 0.1 + 0.2]
        first, second, third = of(days, money)
        self.assertEqual(first, third)
        self.assertNotEqual(first, second)
        self.assertEqual(of(days[:1], money[:1])[0], first)

    def test_every_column_counts(self):
        base = [[1], [2.0], [True], [4]]
        reference = of(*base)[0]
        for column, other in ((0, [2]), (1, [2.0000000001]), (2, [False]), (3, [-4])):
            changed = [*base[:column], other, *base[column + 1 :]]
            with self.subTest(column=column):
                self.assertNotEqual(of(*changed)[0], reference)

    def test_the_order_of_columns_counts(self):
        self.assertNotEqual(of([1], [2])[0], of([2], [1])[0])

    def test_zero_has_one_sign_and_nan_is_itself(self):
        self.assertEqual(of([0.0])[0], of([-0.0])[0])
        self.assertEqual(of([np.nan])[0], of([-np.nan])[0])
        self.assertNotEqual(of([np.nan])[0], of([0.0])[0])

    def test_a_double_holds_it_exactly(self):
        """It is stored as a double, and 0 must remain free to say: not computed."""
        values = of(np.arange(20_000), np.linspace(-1e9, 1e9, 20_000))
        self.assertTrue((values >= 1).all() and (values <= 2.0**52).all())
        self.assertTrue((values == np.floor(values)).all())

    def test_a_million_neighbours_do_not_meet(self):
        """Rows that differ by one in one column, the usual case."""
        count = 1_000_000
        ids = np.arange(count) % 1000
        money = (np.arange(count) // 1000) / 100
        self.assertEqual(len(np.unique(digest([ids, money]))), count)

    def test_int_and_date_and_bool_columns_of_any_width(self):
        for dtype in (np.int8, np.int32, np.int64):
            with self.subTest(dtype):
                self.assertEqual(of(np.array([7], dtype))[0], of([7])[0])
        self.assertEqual(of(np.array([True]))[0], of([1])[0])

    def test_it_is_the_same_tomorrow(self):
        """Stored: another algorithm would have every row of every customer written again."""
        self.assertEqual(of([1, 2], [0.5, -3.25], [True, False]).tolist(), self.STORED)

    STORED = [3484920835837685.0, 1990551311674809.0]

    def test_random_changes_are_seen(self):
        random_ = random.Random(5)
        columns = [np.array([random_.randint(0, 9) for _ in range(400)]) for _ in range(6)]
        before = digest(columns)
        for _ in range(50):
            column, row = random_.randrange(6), random_.randrange(400)
            changed = [c.copy() for c in columns]
            changed[column][row] += 1
            after = digest(changed)
            self.assertEqual(np.flatnonzero(after != before).tolist(), [row])
