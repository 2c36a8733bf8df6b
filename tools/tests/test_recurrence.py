"""Recurring issues: exact chances, both sides of the limit, how often it errs and how much it finds."""

from fractions import Fraction
from math import comb, inf
from unittest import TestCase

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ..recurrence import PRIOR, Group, Verdict, change, jumps, rise_chance, share_chance

WINDOW, BEFORE = 14, 365
RULES = {"window": WINDOW, "before": BEFORE, "min_count": 3, "budget": 0.05}


def binomial_tail(count, total, share):
    return float(
        sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count, total + 1))
    )


class TestChances(TestCase):
    def test_own_past_is_the_binomial_tail(self):
        share = Fraction(WINDOW, WINDOW + BEFORE)
        for recent, past in [(1, 0), (5, 21), (3, 0), (40, 700), (12, 1)]:
            with self.subTest(recent=recent, past=past):
                exact = binomial_tail(recent, recent + past, share)
                self.assertAlmostEqual(rise_chance(recent, past, WINDOW, BEFORE) / exact, 1, 9)

    def test_a_past_that_is_not_whole_lies_between_its_neighbours(self):
        """And is the incomplete beta, here by the midpoint rule."""
        recent, past, share = 4, 2.5, WINDOW / (WINDOW + BEFORE)
        x = (np.arange(200_000) + 0.5) / 200_000
        density = x ** (recent - 1) * (1 - x) ** past
        beta = density[x <= share].sum() / density.sum()
        chance = rise_chance(recent, past, WINDOW, BEFORE)
        self.assertAlmostEqual(chance / beta, 1, 3)
        self.assertLess(rise_chance(4, 2, WINDOW, BEFORE), chance)
        self.assertLess(chance, rise_chance(4, 3, WINDOW, BEFORE))

    def test_everybodys_growth_is_fishers_test(self):
        """Fisher's tea: 3 of 4 right has a chance of 17 in 70."""
        self.assertAlmostEqual(share_chance(Group(3, 1), Group(1, 3)), 17 / 70)
        self.assertAlmostEqual(share_chance(Group(4, 0), Group(0, 4)), 1 / 70)
        self.assertEqual(share_chance(Group(0, 9), Group(5, 2)), 1)

    @given(st.integers(1, 60), st.integers(0, 200), st.integers(0, 60), st.integers(0, 200))
    def test_one_more_ticket_is_never_likelier(self, recent, past, rest_recent, rest_past):
        rest = Group(rest_recent, rest_past)
        for chance in (
            lambda count: rise_chance(count, past, WINDOW, BEFORE),
            lambda count: share_chance(Group(count, past), rest),
        ):
            self.assertLessEqual(chance(recent + 1), chance(recent) + 1e-9)
            self.assertTrue(0 <= chance(recent) <= 1)


class TestJumps(TestCase):
    def test_both_sides_of_the_limit(self):
        """One group among others that stay as they were: the chance may be .05 / 4, no more."""
        rest = [Group(4, 100)] * 3
        named = {recent: jumps([Group(recent, 21), *rest], **RULES) for recent in range(9)}
        first = min(recent for recent, found in named.items() if found)
        chances = {
            recent: max(
                rise_chance(recent, 21, WINDOW, BEFORE),
                share_chance(Group(recent, 21), Group(12, 300)),
            )
            for recent in named
        }
        self.assertLessEqual(chances[first], 0.05 / 4)
        self.assertGreater(chances[first - 1], 0.05 / 4)
        self.assertEqual(named[first][0].index, 0)
        self.assertAlmostEqual(named[first][0].expected, 21 * 12 / 300)
        self.assertEqual(len(named[8]), 1)

    def test_fewer_than_the_least_are_nothing(self):
        rest = [Group(0, 1)] * 60
        self.assertFalse(jumps([Group(2, 0), *rest], **RULES))
        self.assertTrue(jumps([Group(3, 0), *rest], **RULES))

    def test_a_group_never_seen_is_like_the_others_and_half(self):
        (jump,) = jumps([Group(5, 0), Group(1, 20), Group(0, 10)], **RULES)
        self.assertAlmostEqual(jump.expected, (15 + PRIOR) * WINDOW / BEFORE)
        # where the others have one a day, three of something new are no news
        self.assertFalse(jumps([Group(3, 0), *[Group(14, 365)] * 9], **RULES))

    def test_no_past_no_verdict(self):
        self.assertFalse(jumps([Group(30, 0)], **RULES | {"before": 0}))
        self.assertFalse(jumps([], **RULES))

    def test_a_first_issue_with_nothing_beside_it_is_named(self):
        self.assertEqual(len(jumps([Group(5, 1)], **RULES)), 1)

    def test_growth_of_everybody_is_nobodys_problem(self):
        groups = [Group(8, 40 + n) for n in range(12)]  # five times as many as in the year before
        self.assertLess(rise_chance(8, 40, WINDOW, BEFORE), 0.05 / 12)
        self.assertFalse(jumps(groups, **RULES))
        self.assertEqual([j.index for j in jumps([Group(40, 40), *groups], **RULES)], [0])

    def test_how_often_it_errs(self):
        """Runs in which nothing changed, or everything alike: at most one in twenty names anything."""
        rng = np.random.default_rng(7)
        runs = 1500
        for rates, growth in [
            (np.full(40, 6.0), 1), (rng.gamma(0.5, 20, 60), 1), (np.full(8, 40.0), 3),
        ]:  # fmt: skip
            with self.subTest(groups=len(rates), growth=growth):
                wrong = 0
                for _run in range(runs):
                    recent = rng.poisson(rates * WINDOW / BEFORE * growth)
                    past = rng.poisson(rates)
                    wrong += bool(
                        jumps(
                            [Group(*map(int, p)) for p in zip(recent, past, strict=True)], **RULES
                        )
                    )
                self.assertLessEqual(wrong / runs, 0.05)

    def test_how_much_it_finds(self):
        """A group that usually has one in two weeks, among forty that have one in four."""
        rng = np.random.default_rng(11)
        for now, share in [(8, 0.65), (10, 0.85), (12, 0.9)]:
            found = 0
            for _run in range(400):
                recent, past = rng.poisson(np.full(40, 0.5)), rng.poisson(np.full(40, 13.0))
                groups = [Group(int(r), int(p)) for r, p in zip(recent, past, strict=True)]
                named = jumps([Group(int(rng.poisson(now)), 26), *groups], **RULES)
                found += 0 in [jump.index for jump in named]
            with self.subTest(now=now):
                self.assertGreater(found / 400, share)


class TestChange(TestCase):
    def test_few_tickets_tell_nothing(self):
        self.assertEqual(change(5, 30, 2, 30).verdict, Verdict.UNKNOWN)
        self.assertEqual(change(0, 30, 0, 30), (None, 0, inf, Verdict.UNKNOWN))
        self.assertEqual(change(5, 30, 0, 0).verdict, Verdict.UNKNOWN)

    def test_fewer_and_more(self):
        fewer, more = change(12, 30, 1, 30), change(1, 30, 12, 30)
        self.assertEqual((fewer.verdict, more.verdict), (Verdict.FEWER, Verdict.MORE))
        self.assertAlmostEqual(fewer.low * more.high, 1)
        self.assertAlmostEqual(fewer.ratio, 1 / 12)
        self.assertEqual(change(0, 30, 9, 30).high, inf)

    def test_the_bounds_are_clopper_and_pearsons(self):
        """Published for 4 of 20: 5.73 % to 43.66 %."""
        interval = change(16, 1, 4, 1)
        self.assertAlmostEqual(interval.low / (1 + interval.low), 0.0573, 4)
        self.assertAlmostEqual(interval.high / (1 + interval.high), 0.4366, 4)

    def test_days_count(self):
        self.assertEqual(change(6, 14, 0, 14).verdict, Verdict.FEWER)
        self.assertEqual(change(6, 14, 0, 2).verdict, Verdict.UNKNOWN)
