"""Made customers whose focus is known by construction, on both sides of each limit."""

import dataclasses
from unittest import TestCase

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ..demand_focus import (
    NOBODY,
    UNKNOWN,
    Evidence,
    Norm,
    Reason,
    Standing,
    answer,
    hold,
    place_among,
    score,
)
from ..demand_limits import DemandLimits
from ..errors import IssueCode, PolicyError

FOCI = ("quality", "price", "service", "delivery", "range", "green")
QUALITY, PRICE, SERVICE, DELIVERY, RANGE, GREEN = range(6)
#: A fifth of lines is discounted, a quarter of orders urgent, most buy in three categories at most.
NORM = Norm(place=0.5, discounted=0.2, rush=0.25, breadth=3.0)
LIMITS = DemandLimits()
SEARCH = settings(derandomize=True, deadline=None, database=None, max_examples=100)
#: Ordinary in everything: what is not said of a customer is like this.
ORDINARY = {
    "position": 0.5, "compared": 20, "discounted": 4, "lines": 20, "lift": np.nan, "pairs": 0,
    "rush": 0, "orders": 0, "breadth": 3.0,
}  # fmt: skip


def customers(*made, voices=(), said_all=None) -> Evidence:
    """Customers that are ordinary but for what is given; ``voices`` of the first, focus -> number."""
    rows = [ORDINARY | one for one in made]
    said = np.zeros((len(rows), len(FOCI)))
    for focus, number in dict(voices).items():
        said[0, focus] = number
    columns = {name: np.array([row[name] for row in rows], float) for name in ORDINARY}
    total = said.sum(axis=1) if said_all is None else np.array([said_all])
    return Evidence(**columns, voices=said, voices_all=total)


def judged(evidence, limits=LIMITS):
    """``(focus, reason)`` of the first customer."""
    found, reason = answer(score(evidence, NORM, FOCI, limits), limits)
    return int(found[0]), Reason(int(reason[0]))


def limits(**changes):
    return dataclasses.replace(LIMITS, **changes)


class TestInferences(TestCase):
    def test_each_signal_names_its_focus(self):
        for name, focus, evidence in (
            ("dear", QUALITY, customers({"position": 0.95})),
            ("cheap", PRICE, customers({"position": 0.05})),
            ("discounts", PRICE, customers({"discounted": 18})),
            ("reacts to discounts", PRICE, customers({"lift": 1.2, "pairs": 9})),
            ("in a hurry", DELIVERY, customers({"rush": 11, "orders": 12})),
            ("wide", RANGE, customers({"breadth": 4.9})),
            ("complains of service", SERVICE, customers({}, voices={SERVICE: 4})),
            ("one an admin added", GREEN, customers({}, voices={GREEN: 4})),
        ):
            with self.subTest(name):
                self.assertEqual(judged(evidence), (focus, Reason.CLEAR))

    def test_the_other_side_of_each_is_ordinary(self):
        for name, evidence in (
            ("middling prices", customers({})),
            ("as many discounts as anybody", customers({"discounted": 4})),
            ("fewer discounts", customers({"discounted": 0})),
            ("buys less with a discount", customers({"lift": -1.0, "pairs": 9})),
            ("as urgent as anybody", customers({"rush": 3, "orders": 12})),
            ("never urgent", customers({"rush": 0, "orders": 12})),
            ("narrow", customers({"breadth": 1.0})),
            ("said something about nothing of these", customers({}, said_all=9)),
        ):
            with self.subTest(name):
                self.assertEqual(judged(evidence), (UNKNOWN, Reason.NOTHING_SPEAKS))

    def test_no_evidence_is_unknown(self):
        nothing = {name: 0 for name in ORDINARY} | {"position": np.nan, "breadth": np.nan}
        self.assertEqual(judged(customers(nothing)), (UNKNOWN, Reason.NOTHING_SPEAKS))
        bare = score(customers(nothing), NORM, FOCI, LIMITS)
        for figures in bare:
            self.assertFalse(figures.any())

    def test_what_is_ordinary_depends_on_the_company(self):
        """A place of .7 is dear where others are at .5, ordinary at .7, cheap at .95; so breadth."""
        for place, expected in ((0.5, QUALITY), (0.7, UNKNOWN), (0.99, UNKNOWN)):
            found = score(customers({"position": 0.7}), NORM._replace(place=place), FOCI, LIMITS)
            with self.subTest(place=place):
                self.assertEqual(answer(found, LIMITS)[0][0], expected)
        cheap = score(customers({"position": 0.3}), NORM._replace(place=0.8), FOCI, LIMITS)
        self.assertEqual(answer(cheap, LIMITS)[0][0], PRICE)
        for breadth, points in ((3.0, 0), (6.0, 100 * 20 / 26), (12.0, 100 * 20 / 26)):
            wide = score(customers({"breadth": breadth}), NORM, FOCI, LIMITS)
            self.assertAlmostEqual(wide.score[0, RANGE], points)
        nobody = score(customers({"breadth": 3.0}), NORM._replace(breadth=0.0), FOCI, LIMITS)
        self.assertEqual(nobody.score[0, RANGE], 0)

    def test_a_company_whose_every_line_is_discounted_has_no_discount_buyers(self):
        everyone = NORM._replace(discounted=1.0)
        bare = score(customers({"discounted": 20}), everyone, FOCI, LIMITS)
        self.assertEqual(bare.score[0, PRICE], 0)

    def test_the_formula(self):
        """Two reasons for price, worked out by hand: s = .5 of 20 lines, s = 1 of 6 pairs, w = 6."""
        found = score(customers({"position": 0.25, "lift": 1.0, "pairs": 6}), NORM, FOCI, LIMITS)
        self.assertAlmostEqual(found.score[0, PRICE], 100 * (1 - (1 - 10 / 26) * (1 - 6 / 12)))
        self.assertEqual(found.evidence[0, PRICE], 26)
        self.assertAlmostEqual(found.confidence[0, PRICE], 1 - (6 / 26) * (6 / 12))
        self.assertEqual(found.score[0, QUALITY], 0)


class TestLimits(TestCase):
    def test_evidence(self):
        dear = {"position": 1.0, "lines": 8, "discounted": 0}
        self.assertEqual(judged(customers(dear | {"compared": 8})), (QUALITY, Reason.CLEAR))
        self.assertEqual(judged(customers(dear | {"compared": 7})), (UNKNOWN, Reason.TOO_LITTLE))

    def test_one_complaint_is_not_a_focus(self):
        self.assertEqual(judged(customers({}, voices={SERVICE: 2})), (UNKNOWN, Reason.TOO_LITTLE))
        self.assertEqual(judged(customers({}, voices={SERVICE: 3})), (SERVICE, Reason.CLEAR))

    def test_score(self):
        """20 lines of 26: a place of .6625 gives 2 * .1625 * 20 / 26 = 25 points exactly."""
        self.assertEqual(judged(customers({"position": 0.6626})), (QUALITY, Reason.CLEAR))
        self.assertEqual(judged(customers({"position": 0.6624})), (UNKNOWN, Reason.TOO_WEAK))

    def test_margin(self):
        """Quality has 60 / 1.3 = 46.2 points, delivery as many less the lead."""
        for lead, expected in ((10.1, (QUALITY, Reason.CLEAR)), (9.9, (UNKNOWN, Reason.TOO_CLOSE))):
            points = (100 * 0.6 * 20 / 26 - lead) / 100
            share = points * (60 + 6) / 60 * (1 - NORM.rush) + NORM.rush
            evidence = customers({"position": 0.8, "orders": 60, "rush": share * 60})
            with self.subTest(lead=lead):
                self.assertEqual(judged(evidence), expected)

    def test_equal_reasons_are_never_decided_by_order(self):
        tied = customers({}, voices={SERVICE: 5, DELIVERY: 5})
        self.assertEqual(judged(tied, limits(margin=0.5)), (UNKNOWN, Reason.TOO_CLOSE))

    def test_validation(self):
        for name, least, most in (
            ("window_days", 30, 3650),
            ("prior_weight", 0.1, 1000),
            ("min_comparable", 2, 1000),
            ("min_score", 1, 99),
            ("margin", 0.5, 99),
            ("hold_days", 0, 3650),
        ):
            limits(**{name: least}).validate()
            limits(**{name: most}).validate()
            for value, code in (
                (least - 0.1, IssueCode.LIMIT_TOO_SMALL),
                (most + 1, IssueCode.LIMIT_TOO_LARGE),
                (float("nan"), IssueCode.NOT_A_NUMBER),
            ):
                with self.subTest(name, value=value), self.assertRaises(PolicyError) as caught:
                    limits(**{name: value}).validate()
                [issue] = caught.exception.issues
                self.assertEqual((issue.code, issue.params["field"]), (code, name))


class TestHold(TestCase):
    """A focus is not left before another answer has stood for 30 days."""

    QUALITY_NOW = customers({"position": 0.95})
    PRICE_NOW = customers({"position": 0.05})
    NOTHING_NOW = customers({})

    def held(self, evidence, focus=PRICE, rival=NOBODY, since=0, as_of=1000):
        before = Standing(np.array([focus]), np.array([rival]), np.array([since]))
        after, reason = hold(score(evidence, NORM, FOCI, LIMITS), before, as_of, LIMITS)
        return tuple(int(part[0]) for part in after), Reason(int(reason[0]))

    def test_from_unknown_at_once(self):
        self.assertEqual(self.held(self.QUALITY_NOW, UNKNOWN), ((QUALITY, NOBODY, 0), Reason.CLEAR))

    def test_another_answer_waits_to_the_day(self):
        first = self.held(self.QUALITY_NOW)
        self.assertEqual(first, ((PRICE, QUALITY, 1000), Reason.HELD))
        for days, expected in ((29, (PRICE, QUALITY, 1000)), (30, (QUALITY, NOBODY, 0))):
            with self.subTest(days=days):
                found, __ = self.held(self.QUALITY_NOW, PRICE, QUALITY, 1000, 1000 + days)
                self.assertEqual(found, expected)

    def test_unknown_waits_too_and_then_is_said(self):
        self.assertEqual(self.held(self.NOTHING_NOW)[0], (PRICE, UNKNOWN, 1000))
        found = self.held(self.NOTHING_NOW, PRICE, UNKNOWN, 1000, 1030)
        self.assertEqual(found, ((UNKNOWN, NOBODY, 0), Reason.NOTHING_SPEAKS))

    def test_a_new_rival_begins_anew(self):
        self.assertEqual(
            self.held(self.QUALITY_NOW, PRICE, DELIVERY, 960)[0], (PRICE, QUALITY, 1000)
        )

    def test_a_rival_that_falls_back_is_forgotten(self):
        self.assertEqual(self.held(self.PRICE_NOW, PRICE, QUALITY, 980)[0], (PRICE, NOBODY, 0))

    def test_a_held_focus_that_nobody_leads_by_the_margin_has_no_rival(self):
        tied = customers({}, voices={SERVICE: 5, DELIVERY: 5})
        self.assertEqual(
            self.held(tied, SERVICE, QUALITY, 980), ((SERVICE, NOBODY, 0), Reason.CLEAR)
        )
        self.assertEqual(self.held(tied, PRICE)[0], (PRICE, UNKNOWN, 1000))


share = st.integers(0, 100).map(lambda n: n / 100)
many = st.lists(
    st.fixed_dictionaries(
        {
            "position": share,
            "compared": st.integers(0, 60),
            "discounted": st.integers(0, 20),
            "lines": st.integers(20, 60),
            "lift": st.integers(-30, 30).map(lambda n: n / 10),
            "pairs": st.integers(0, 20),
            "rush": st.integers(0, 20),
            "orders": st.integers(20, 40),
            "breadth": st.integers(10, 60).map(lambda n: n / 10),
        }
    ),
    min_size=1,
    max_size=12,
)


class TestProperties(TestCase):
    @SEARCH
    @given(many, st.randoms(use_true_random=False))
    def test_the_order_of_customers_means_nothing(self, made, chance):
        order = list(range(len(made)))
        chance.shuffle(order)
        straight = answer(score(customers(*made), NORM, FOCI, LIMITS), LIMITS)
        mixed = answer(score(customers(*[made[n] for n in order]), NORM, FOCI, LIMITS), LIMITS)
        for one, other in zip(straight, mixed, strict=True):
            np.testing.assert_array_equal(one[order], other)

    @SEARCH
    @given(many, st.permutations(range(5)))
    def test_the_order_of_foci_means_nothing(self, made, order):
        foci = FOCI[:5]
        evidence = customers(*made)
        evidence = evidence._replace(voices=evidence.voices[:, :5])
        mixed = tuple(foci[n] for n in order)
        straight, __ = answer(score(evidence, NORM, foci, LIMITS), LIMITS)
        turned, __ = answer(score(evidence, NORM, mixed, LIMITS), LIMITS)
        self.assertEqual(
            [foci[n] if n >= 0 else None for n in straight],
            [mixed[n] if n >= 0 else None for n in turned],
        )

    @SEARCH
    @given(many)
    def test_more_of_the_same_never_weakens(self, made):
        """Twice as much evidence of equal strength: no score and no confidence falls."""
        counts = ("compared", "discounted", "lines", "pairs", "rush", "orders")
        once = score(customers(*made), NORM, FOCI, LIMITS)
        twice = score(
            customers(*[one | {name: 2 * one[name] for name in counts} for one in made]),
            NORM,
            FOCI,
            LIMITS,
        )
        for less, more in zip(once, twice, strict=True):
            self.assertTrue((more >= less - 1e-9).all())
        self.assertTrue(((once.score >= 0) & (once.score < 100)).all())

    def test_a_place_is_in_the_middle_of_equals(self):
        np.testing.assert_array_equal(
            place_among([1, 2, 3, 9, 0], [1, 2, 2, 3]), [0.125, 0.5, 0.875, 1, 0]
        )
        self.assertTrue(np.isnan(place_among([np.nan], [1, 2])).all())
        self.assertTrue(np.isnan(place_among([1.0], [])).all())
