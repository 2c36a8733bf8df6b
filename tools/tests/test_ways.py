"""What is promised comes true when it is played out, and not a day longer nor for a cent less."""

import random
from unittest import TestCase

from .. import scoring, tiers, ways
from ..dates import NO_DATE
from ..outlook import FuturePoint, Standing
from ..value_policy import TierRule
from ..ways import Way, Ways
from .common import HIGH, KEY, MEDIUM, policy

AS_OF = 20_000
WINDOW = 365


class Customer:
    """Documents of one customer, and what they amount to on any day, the slow way."""

    def __init__(self, documents, rules):
        self.documents = documents  # (day, amount in cents), credit notes negative
        self.rules = rules

    def facts(self, day, more=()):
        known = [(d, cents) for d, cents in (*self.documents, *more) if d <= day]
        window = [(d, cents) for d, cents in known if d > day - WINDOW]
        last = max(d for d, cents in known if cents > 0)
        return last, len({d for d, c in window if c > 0}), sum(c for __, c in window) / 100

    def reached(self, day, more=()):
        last, frequency, money = self.facts(day, more)
        scores = scoring.score(
            last, frequency, money, as_of=day, policy=self.rules, interval=interval(self.rules)
        )
        return int(tiers.tier_reached(scores.score, self.rules))

    def standing(self):
        last, frequency, money = self.facts(AS_OF)
        tier = self.reached(AS_OF)
        return Standing(last, frequency, money, tier, AS_OF, interval(self.rules))

    def future(self):
        days = sorted({d + WINDOW for d, __ in self.documents if d > AS_OF - WINDOW})
        return [FuturePoint(day, *self.facts(day)[1:]) for day in days]


def interval(rules):
    return 20.0 if rules.recency_mode == "rhythm" else None


def customers(count, rules):
    rng = random.Random(11)
    for __ in range(count):
        size = rng.choice((3_00, 40_00, 300_00, 2500_00))
        days = rng.sample(range(AS_OF - 400, AS_OF + 1), rng.randint(1, 18))
        documents = [(day, rng.randint(1, size)) for day in days]
        for day in rng.sample(range(AS_OF - 360, AS_OF), rng.choice((0, 0, 1, 3))):
            documents.append((day, -rng.randint(1, size)))
        yield Customer(documents, rules)


class TestPlayedOut(TestCase):
    def setUp(self):
        super().setUp()
        self.rules = [
            policy(window_days=WINDOW),
            policy(window_days=WINDOW, recency_mode="rhythm", recency_cuts=(1, 1.5, 2, 4)),
            policy(window_days=WINDOW, frequency_weight=0.6, money_weight=0.2),
            policy(window_days=WINDOW, recency_weight=0.6, money_weight=0.2),
        ]

    def _each(self, kind):
        for rules in self.rules:
            for case, customer in enumerate(customers(60, rules)):
                standing = customer.standing()
                way = getattr(ways.ways_up(customer.future(), standing, rules), kind)
                if way:
                    with self.subTest(case=case, mode=rules.recency_mode, way=way):
                        yield customer, standing, way

    def test_an_amount_suffices_on_every_day_it_says_and_not_after(self):
        tried = ended = 0
        for customer, standing, way in self._each("amount"):
            goal, cents = standing.tier_index - 1, round(way.more * 100)
            last = way.until if way.until != NO_DATE else AS_OF + 2 * WINDOW
            for day in {way.since, way.since + 1, (way.since + last) // 2, last - 1, last}:
                if way.since <= day <= last:
                    self.assertLessEqual(customer.reached(day, [(day, cents)]), goal)
            for day in range(AS_OF, last + 1, 7):
                self.assertLessEqual(customer.reached(day, [(day, cents)]), goal)
            tried += 1
            self.assertGreater(customer.reached(AS_OF, [(AS_OF, cents - 1)]), goal)
            if way.until != NO_DATE:
                self.assertGreater(customer.reached(last + 1, [(last + 1, cents)]), goal)
                ended += 1
                if cents > 1:  # in parts, wherever they fall
                    parts = [(AS_OF, cents - cents // 2), (last, cents // 2)]
                    self.assertLessEqual(customer.reached(last, parts), goal)
        self.assertGreater(tried, 40)
        self.assertGreater(ended, 30)

    def test_days_suffice_until_the_day_it_says_and_not_after(self):
        tried = ended = 0
        for customer, standing, way in self._each("days"):
            goal, count = standing.tier_index - 1, way.more
            free = AS_OF + (standing.last == AS_OF)
            self.assertEqual(way.since, free + count - 1)
            early = [(free + n, 0.001) for n in range(count - 1)]
            self.assertLessEqual(customer.reached(way.since, [*early, (way.since, 0.001)]), goal)
            if count > 1:
                self.assertGreater(customer.reached(way.since - 1, early), goal)
            else:
                self.assertGreater(customer.reached(AS_OF), goal)
            tried += 1
            if way.until == NO_DATE:
                continue
            ended += 1
            for day in range(way.since, way.until + 1):
                self.assertLessEqual(customer.reached(day, [*early, (day, 0.001)]), goal)
            late = [(way.until + 1 - n, 0.001) for n in range(count)]
            self.assertGreater(customer.reached(way.until + 1, late), goal)
        self.assertGreater(tried, 40)
        self.assertGreater(ended, 30)


class TestWaysUp(TestCase):
    def standing(self, **changes):
        """16 + 24 + 30 = 70 points: silent for 45 days, level 4 of frequency, 3 of money."""
        values = {
            "last": AS_OF - 45, "frequency": 8, "money": 1500.0, "tier_index": MEDIUM,
            "as_of": AS_OF,
        }  # fmt: skip
        return Standing(**(values | changes))

    def test_what_leaves_the_window_sets_the_day(self):
        future = [FuturePoint(AS_OF + 30, 7, 1400.0), FuturePoint(AS_OF + 60, 7, 900.0)]
        found = ways.ways_up(future, self.standing(), policy())
        # A purchase gives 20 + 24 + 30 = 74; one level of money 84, the top of frequency 80.
        self.assertEqual(found.amount, Way(3500.0, AS_OF, AS_OF + 29))
        self.assertEqual(found.days, Way(8, AS_OF + 7, AS_OF + 29))

    def test_any_purchase_may_be_enough(self):
        future = [FuturePoint(AS_OF + 9, 5, 900.0)]
        rules = policy(
            tiers=(
                TierRule("key", 90, 90), TierRule("high", 74, 74), TierRule("medium", 50, 50),
                TierRule("low", 0, 0),
            )
        )  # fmt: skip
        found = ways.ways_up(future, self.standing(frequency=7), rules)
        self.assertEqual(found, Ways(Way(1, AS_OF, AS_OF + 8), None))

    def test_amounts_have_the_currency_s_decimals(self):
        rules = policy(money_cuts=(100, 1000, 5000.005, 20000))
        found = ways.ways_up([], self.standing(money=1499.99), rules)
        self.assertEqual(found.amount.more, 3500.02)
        found = ways.ways_up([], self.standing(money=1500.0), rules, decimals=0)
        self.assertEqual(found.amount.more, 3501.0)

    def test_nothing_where_there_is_nothing_above(self):
        for standing in (
            self.standing(tier_index=KEY),
            self.standing(last=NO_DATE),
            self.standing(tier_index=-1),
        ):
            self.assertEqual(ways.ways_up([], standing, policy()), Ways(None, None))

    def test_no_single_figure_may_be_enough(self):
        weak = self.standing(frequency=0, money=0.0, tier_index=HIGH)
        self.assertEqual(ways.ways_up([], weak, policy()), Ways(None, None))

    def test_without_documents_in_the_window_there_is_no_last_day(self):
        idle = self.standing(last=AS_OF - 500, frequency=0, money=0.0, tier_index=MEDIUM)
        rules = policy(frequency_weight=0.1, money_weight=0.7)
        found = ways.ways_up([], idle, rules)
        self.assertEqual(found, Ways(None, Way(5000.0, AS_OF, NO_DATE)))  # 78 points)
