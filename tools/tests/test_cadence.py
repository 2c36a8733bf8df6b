from math import inf
from unittest import TestCase

import numpy as np

from ..cadence import NO_RULE, Rule, choose, days_of, due
from ..dates import NO_DATE

KEY, LOW = 1, 4
POTENTIAL, MATURITY = 1, 4
#: As they come with the addon.
RULES = (
    Rule(7, 10, tier=KEY),
    Rule(15, 45, tier=KEY),
    Rule(45, inf, tier=KEY),
    Rule(7, 10),
    Rule(30, 45),
    Rule(91, inf),
    Rule(30, None, stage=POTENTIAL),
)
NAN = float("nan")


class TestChoose(TestCase):
    def test_both_sides_of_each_limit(self):
        for tier, interval, days in [
            (LOW, 1, 7),
            (LOW, 10, 7),
            (LOW, 10.01, 30),
            (LOW, 45, 30),
            (LOW, 45.01, 91),
            (LOW, 4000, 91),
            (KEY, 10, 7),
            (KEY, 10.01, 15),
            (KEY, 45, 15),
            (KEY, 45.01, 45),
        ]:
            with self.subTest(tier=tier, interval=interval):
                chosen = choose(RULES, [tier], [MATURITY], [interval])
                self.assertEqual(days_of(RULES, chosen).tolist(), [days])

    def test_a_buyer_by_the_week_month_and_quarter(self):
        """What the shrunk interval makes of 52, 12 and 4 purchases in a year, the median a month."""
        chosen = choose(RULES, LOW, MATURITY, [7.85, 30.4, 61, 91])
        self.assertEqual(days_of(RULES, chosen).tolist(), [7, 30, 91, 91])

    def test_without_a_purchase_by_stage_or_not_at_all(self):
        chosen = choose(RULES, 0, [POTENTIAL, MATURITY], NAN)
        self.assertEqual(chosen.tolist(), [6, NO_RULE])
        self.assertEqual(days_of(RULES, chosen).tolist(), [30, 0])

    def test_the_first_that_fits(self):
        self.assertEqual(choose([Rule(5, inf), Rule(9, inf)], 0, 0, [3]).tolist(), [0])
        self.assertEqual(choose([], 0, 0, [3]).tolist(), [NO_RULE])

    def test_by_hand_outranks(self):
        chosen = choose(RULES, LOW, MATURITY, [30, 30, NAN])
        self.assertEqual(days_of(RULES, chosen, [0, 3, 3]).tolist(), [30, 3, 3])


class TestDue(TestCase):
    def test_days_after_the_last_contact_else_purchase_else_first_sight(self):
        for contact, purchase, expected in [
            (100, 50, 130),
            (100, 120, 130),  # buying again is no contact
            (NO_DATE, 50, 80),
            (NO_DATE, NO_DATE, 40),
        ]:
            with self.subTest(contact=contact, purchase=purchase):
                self.assertEqual(due([contact], [purchase], [10], [NO_DATE], [30]), [expected])

    def test_an_agreed_day_holds_until_it_is_kept(self):
        for contact, agreed, expected in [
            (100, 105, 105),
            (100, 300, 300),
            (104, 105, 105),
            (105, 105, 135),
            (106, 105, 136),
            (NO_DATE, 105, 105),
        ]:
            with self.subTest(contact=contact, agreed=agreed):
                self.assertEqual(due([contact], [50], [10], [agreed], [30]), [expected])

    def test_without_a_rule(self):
        result = due([100, 100], [50, 50], [10, 10], [NO_DATE, 120], [0, 0])
        self.assertEqual(result.tolist(), [NO_DATE, 120])
        self.assertEqual(result.dtype, np.int32)
