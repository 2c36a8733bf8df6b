"""Purchases added up: places among prices, reactions to discounts, breadth."""

import math
from unittest import TestCase

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ..demand_facts import Bought, add_up, price_table

SEARCH = settings(derandomize=True, deadline=None, database=None, max_examples=100)
TILES, TOOLS, PIECE, PALLET = 1, 2, 10, 20
#: Three tiles from cheap to dear, two tools.
PRICES = price_table(
    np.array([TILES, TILES, TILES, TOOLS, TOOLS]),
    np.array([PIECE] * 5),
    np.array([30.0, 10.0, 20.0, 5.0, 50.0]),
)
NAMES = Bought._fields


def bought(*rows) -> Bought:
    """Rows of :class:`Bought`; what is not given is one undiscounted line of one tile for 10."""
    default = dict(zip(NAMES, (1, TILES, PIECE, 10.0, 1.0, 1, 0, 0.0, 1.0), strict=True))
    return Bought(*(np.array([(default | row)[name] for row in rows]) for name in NAMES))


def added(*rows, least=3):
    found = add_up(bought(*rows), np.array([1]), PRICES, least)
    return {name: float(values[0]) for name, values in found._asdict().items()}


class TestPositions(TestCase):
    def test_places(self):
        for spend, quantity, place in (
            (10, 1, 1 / 6), (20, 1, 3 / 6), (60, 2, 5 / 6), (5, 1, 0), (99, 1, 1), (15, 1, 2 / 6),
        ):  # fmt: skip
            with self.subTest(price=spend / quantity):
                found = added({"spend": spend, "quantity": quantity})
                self.assertAlmostEqual(found["position"], place)

    def test_spend_decides_between_products(self):
        found = added(
            {"spend": 300, "quantity": 10, "lines": 2}, {"spend": 100, "quantity": 10, "lines": 5}
        )
        self.assertAlmostEqual(found["position"], (300 * 5 / 6 + 100 * 1 / 6) / 400)
        self.assertEqual(found["compared"], 7)

    def test_too_few_comparable_products_say_nothing(self):
        found = added({"category": TOOLS, "spend": 50})
        self.assertTrue(math.isnan(found["position"]))
        self.assertEqual((found["compared"], found["lines"]), (0, 1))
        self.assertEqual(added({"category": TOOLS, "spend": 50}, least=2)["position"], 0.75)

    def test_another_kind_of_unit_is_not_compared(self):
        self.assertEqual(added({"unit": PALLET})["compared"], 0)

    def test_what_was_given_back_was_not_paid(self):
        found = added({"spend": 0.0, "quantity": 0.0})
        self.assertTrue(math.isnan(found["position"]))


class TestDiscounts(TestCase):
    def test_lift(self):
        """Three discounted lines of 8, five plain ones of 2: four times as much, by three pairs."""
        found = added(
            {"lines": 8, "discounted": 3, "discounted_quantity": 24.0, "plain_quantity": 10.0}
        )
        self.assertEqual((found["lift"], found["pairs"], found["discounted"]), (2.0, 3, 3))

    def test_no_lift_without_both(self):
        for discounted, plain_quantity in ((0, 10.0), (8, 0.0)):
            found = added(
                {
                    "lines": 8,
                    "discounted": discounted,
                    "discounted_quantity": 8.0 * bool(discounted),
                    "plain_quantity": plain_quantity,
                }
            )
            with self.subTest(discounted=discounted):
                self.assertEqual(found["pairs"], 0)
                self.assertTrue(math.isnan(found["lift"]))

    def test_another_product_is_no_pair(self):
        found = added(
            {"lines": 4, "discounted": 4, "discounted_quantity": 40.0, "plain_quantity": 0.0},
            {"lines": 4, "plain_quantity": 4.0},
        )
        self.assertEqual(found["pairs"], 0)


class TestBreadth(TestCase):
    def test_effective_number_of_categories(self):
        for spends, breadth in (((10,), 1), ((10, 10), 2), ((99, 1), 1.0576), ((10, 10, 0), 2)):
            rows = [{"category": number, "spend": spend} for number, spend in enumerate(spends)]
            with self.subTest(spends=spends):
                self.assertAlmostEqual(added(*rows)["breadth"], breadth, 4)

    def test_customers_without_purchases(self):
        found = add_up(bought({"customer": 5}), np.array([3, 5, 7]), PRICES, 3)
        np.testing.assert_array_equal(found.lines, [0, 1, 0])
        np.testing.assert_array_equal(np.isnan(found.breadth), [True, False, True])


amounts = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 9_999), st.integers(1, 3)),
    min_size=1,
    max_size=12,
)


class TestProperties(TestCase):
    @SEARCH
    @given(amounts, st.sampled_from((0.1, 7.0, 100.0)), st.randoms(use_true_random=False))
    def test_neither_currency_nor_order_matters(self, rows, rate, chance):
        def all_of(rows, rate):
            table = price_table(
                np.array([category for __, category, __, __ in rows]),
                np.full(len(rows), PIECE),
                np.array([price * rate for __, __, price, __ in rows], float),
            )
            made = [
                {"customer": who, "category": category, "spend": price * rate, "lines": lines}
                for who, category, price, lines in rows
            ]
            return add_up(bought(*made), np.arange(1, 5), table, 2)

        mixed = list(rows)
        chance.shuffle(mixed)
        for one, other in zip(all_of(rows, 1.0), all_of(mixed, rate), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)
