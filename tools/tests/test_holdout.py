from unittest import TestCase

import numpy as np

from .. import holdout
from ..holdout import Finding, Group


class TestAssignment(TestCase):
    customers = np.arange(1, 100_001)

    def test_share(self):
        for percent in (0, 1, 10, 50):
            share = holdout.held_out(3, self.customers, percent).mean() * 100
            self.assertAlmostEqual(share, percent, delta=0.5)

    def test_a_customer_stays_where_it_is(self):
        """Alone or among others, in whatever order; raising the share adds and moves nobody."""
        ten = holdout.held_out(3, self.customers, 10)
        self.assertEqual(
            [bool(holdout.held_out(3, np.array([n]), 10)[0]) for n in range(1, 200)],
            ten[:199].tolist(),
        )
        self.assertTrue(holdout.held_out(3, self.customers, 20)[ten].all())

    def test_these_very_customers(self):
        """A change of the hash would move customers between groups: not without notice."""
        held = np.flatnonzero(holdout.held_out(1, np.arange(60), 10))
        self.assertEqual(held.tolist(), [27, 37, 50, 55])

    def test_programs_draw_independently(self):
        both = holdout.held_out(3, self.customers, 10) & holdout.held_out(4, self.customers, 10)
        self.assertAlmostEqual(both.mean(), 0.01, delta=0.002)


class TestComparison(TestCase):
    def test_newcombes_own_figures(self):
        """Newcombe 1998, table II: 56/70 - 48/80 and 9/10 - 3/10, method 10."""
        for figures, interval in (
            ((56, 70, 48, 80), (0.0524, 0.3339)),
            ((9, 10, 3, 10), (0.1705, 0.8090)),
            ((10, 10, 0, 20), (0.6791, 1.0)),
        ):
            for found, published in zip(holdout.newcombe(*figures), interval, strict=True):
                self.assertAlmostEqual(found, published, places=4)

    def test_what_can_be_told(self):
        for written, held, finding in (
            (Group(1000, 300), Group(0, 0), Finding.NOBODY_HELD_OUT),
            (Group(1000, 300), Group(29, 1), Finding.TOO_FEW),
            (Group(1000, 300), Group(100, 28), Finding.CANNOT_TELL),
            (Group(10_000, 3000), Group(1000, 200), Finding.MORE),
            (Group(10_000, 2000), Group(1000, 300), Finding.FEWER),
        ):
            with self.subTest(finding):
                self.assertEqual(holdout.compare(written, held).finding, finding)

    def test_the_smallest_effect_is_seen_as_often_as_is_said(self):
        """Drawn 2,000 times with just that effect, four in five comparisons tell it."""
        random = np.random.default_rng(11)
        size, base = 2000, 0.2
        effect = holdout.smallest_difference(int(size * base), size, size)
        told = 0
        for _ in range(2000):
            written = Group(size, int(random.binomial(size, base + effect)))
            held = Group(size, int(random.binomial(size, base)))
            told += holdout.compare(written, held).finding is Finding.MORE
        self.assertAlmostEqual(told / 2000, 0.8, delta=0.05)

    def test_revenue_for_each_customer(self):
        written = np.array([100.0] * 50 + [0.0] * 50)
        held = np.array([100.0] * 20 + [0.0] * 80)
        groups = [
            Group(len(sums), int((sums > 0).sum()), sums.sum(), (sums**2).sum())
            for sums in (written, held)
        ]
        found = holdout.compare(*groups)
        self.assertAlmostEqual(found.revenue, 30)
        margin = 1.96 * np.sqrt(written.var(ddof=1) / 100 + held.var(ddof=1) / 100)
        self.assertAlmostEqual(found.revenue_high - found.revenue, margin, delta=0.01)
