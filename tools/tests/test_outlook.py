from unittest import TestCase

import numpy as np

from .. import outlook, scoring, tiers
from ..dates import NO_DATE
from ..outlook import Fall, FuturePoint, Standing
from ..tiers import NO_TIER
from ..value_policy import TierRule
from .common import HIGH, KEY, LOW, MEDIUM, policy

AS_OF = 20_000


def standing(**changes):
    """16 + 24 + 30 = 70 points: silent for 45 days, level 4 of frequency, 3 of money."""
    values = {
        "last": AS_OF - 45, "frequency": 8, "money": 1500.0, "tier_index": MEDIUM, "as_of": AS_OF,
    }  # fmt: skip
    return Standing(**(values | changes))


class TestDistance(TestCase):
    def test_what_each_axis_alone_would_have_to_be(self):
        distance = outlook.distance(standing(), policy())
        self.assertEqual(distance.next_tier, HIGH)
        self.assertEqual(distance.points_missing, 5.0)
        self.assertIsNone(distance.recency)  # the top level gives 4 of 5 points
        self.assertEqual(distance.frequency, 16)  # 6 points
        self.assertEqual(distance.money, 5000)  # 10 points
        self.assertEqual(distance.points_spare, 25.0)

    def test_recency_alone(self):
        rules = policy(recency_weight=0.5, money_weight=0.2)  # 40 + 24 + 12
        customer = standing(last=AS_OF - 100)  # level 3: 30 + 24 + 12 = 66
        distance = outlook.distance(customer, rules)
        self.assertEqual(distance.points_missing, 9.0)
        self.assertEqual(distance.recency, 60)  # level 4: 76

    def test_each_value_is_just_enough(self):
        recent = policy(recency_weight=0.5, money_weight=0.2)
        for axis, rules, change, step in [
            ("frequency", policy(), lambda v: {"frequency": v, "last": AS_OF - 60}, -1),
            ("money", policy(), lambda v: {"money": v, "last": AS_OF - 60}, -0.01),
            ("recency", recent, lambda v: {"last": AS_OF - v}, 1),
        ]:
            goal = rules.tiers[HIGH].threshold
            value = getattr(outlook.distance(standing(last=AS_OF - 60), policy()), axis) or 60
            for trial, reaches in [(value, True), (value + step, False)]:
                with self.subTest(axis=axis, trial=trial):
                    changed = standing(**change(trial))
                    score = scoring.score(
                        changed.last, changed.frequency, changed.money, as_of=AS_OF, policy=rules
                    ).score
                    self.assertEqual(bool(score >= goal), reaches)

    def test_reaching_the_threshold_exactly_is_enough(self):
        tiers_at_80 = (TierRule("high", 80, 80), TierRule("low", 0, 0))
        customer = standing(last=AS_OF, frequency=16, money=999.0, tier_index=1)  # 20 + 30 + 20
        distance = outlook.distance(customer, policy(tiers=tiers_at_80))
        self.assertEqual((distance.points_missing, distance.money), (10.0, 1000))

    def test_points_have_four_decimals(self):
        rules = policy(
            recency_weight=1, frequency_weight=1, money_weight=1,
            tiers=(TierRule("high", 67.1, 67.1), TierRule("low", 0, 0)),
        )  # fmt: skip
        customer = standing(last=AS_OF, frequency=8, money=0.0, tier_index=1)
        distance = outlook.distance(customer, rules)  # 5 + 4 + 1 of 15 levels
        self.assertEqual((distance.points_missing, distance.points_spare), (0.4333, 66.6667))

    def test_no_axis_alone_suffices(self):
        distance = outlook.distance(
            standing(frequency=1, money=0.0, last=AS_OF - 300, tier_index=MEDIUM), policy()
        )
        self.assertEqual(distance[2:5], (None, None, None))
        self.assertEqual(distance.points_missing, 55.0)
        self.assertEqual(distance.points_spare, -25.0)

    def test_the_highest_tier_has_no_next(self):
        distance = outlook.distance(standing(frequency=20, money=30000.0, tier_index=KEY), policy())
        self.assertEqual(distance, (None, None, None, None, None, 11.0))

    def test_nothing_without_a_purchase_or_a_tier(self):
        for changes in ({"last": NO_DATE}, {"tier_index": NO_TIER}):
            with self.subTest(changes=changes):
                distance = outlook.distance(standing(**changes), policy())
                self.assertEqual(distance, (None,) * 6)


class TestFallsOn(TestCase):
    def test_recency_alone_takes_it_below_the_keep_score(self):
        # high: 5/5/3 levels = 80; keep 70 is met down to recency level 3 (72), not at level 2 (68)
        customer = standing(frequency=16, last=AS_OF, tier_index=HIGH)
        fall = outlook.falls_on([], customer, policy())
        self.assertEqual(fall, Fall(AS_OF + 121, AS_OF + 151, MEDIUM))

    def test_the_window_empties(self):
        future = [FuturePoint(AS_OF + 10, 2, 500.0), FuturePoint(AS_OF + 20, 0, 0.0)]
        customer = standing(frequency=16, last=AS_OF, tier_index=HIGH)
        self.assertEqual(
            outlook.falls_on(future, customer, policy()), Fall(AS_OF + 10, AS_OF + 40, LOW)
        )

    def test_points_up_to_today_are_past(self):
        customer = standing(frequency=16, last=AS_OF, tier_index=HIGH)
        past = [FuturePoint(AS_OF - 1, 0, 0.0), FuturePoint(AS_OF, 0, 0.0)]
        self.assertEqual(
            outlook.falls_on(past, customer, policy()), outlook.falls_on([], customer, policy())
        )

    def test_a_wait_that_runs_goes_on(self):
        customer = standing(tier_index=HIGH, last=AS_OF - 70, below_since=AS_OF - 10)
        self.assertEqual(
            outlook.falls_on([], customer, policy()), Fall(AS_OF - 10, AS_OF + 20, MEDIUM)
        )

    def test_a_wait_that_is_over_ends_today(self):
        customer = standing(tier_index=HIGH, last=AS_OF - 70, below_since=AS_OF - 50)
        self.assertEqual(outlook.falls_on([], customer, policy()), Fall(AS_OF - 50, AS_OF, MEDIUM))

    def test_without_dwell_it_falls_on_the_day(self):
        customer = standing(frequency=16, last=AS_OF, tier_index=HIGH)
        fall = outlook.falls_on([], customer, policy(dwell_days=0))
        self.assertEqual(fall, Fall(AS_OF + 121, AS_OF + 121, MEDIUM))

    def test_a_credit_note_that_leaves_the_window_ends_the_wait(self):
        future = [FuturePoint(AS_OF + 5, 16, 500.0), FuturePoint(AS_OF + 20, 16, 1500.0)]
        customer = standing(frequency=16, last=AS_OF, tier_index=HIGH)
        longer = policy(dwell_days=16)
        self.assertEqual(outlook.falls_on(future, customer, longer).below_on, AS_OF + 121)
        shorter = policy(dwell_days=14, tiers=longer.tiers)
        # 5/5/2 levels give 70: still kept; so take more away
        deeper = [FuturePoint(AS_OF + 5, 8, 500.0), FuturePoint(AS_OF + 20, 16, 1500.0)]
        self.assertEqual(outlook.falls_on(deeper, customer, longer).below_on, AS_OF + 121)
        self.assertEqual(
            outlook.falls_on(deeper, customer, shorter), Fall(AS_OF + 5, AS_OF + 19, MEDIUM)
        )
        # it recovers on the very day on which the wait would end
        same_day = policy(dwell_days=15)
        self.assertEqual(outlook.falls_on(deeper, customer, same_day).below_on, AS_OF + 121)

    def test_the_lowest_tier_never_falls(self):
        customer = standing(tier_index=LOW, frequency=1, money=0.0)
        self.assertIsNone(outlook.falls_on([FuturePoint(AS_OF + 1, 0, 0.0)], customer, policy()))

    def test_never_without_a_purchase_or_a_tier(self):
        for changes in ({"last": NO_DATE}, {"tier_index": NO_TIER}):
            with self.subTest(changes=changes):
                self.assertIsNone(outlook.falls_on([], standing(**changes), policy()))

    def test_it_agrees_with_judging_every_day(self):
        rng = np.random.default_rng(5)
        rules = policy(recency_mode="rhythm", recency_cuts=(1, 1.5, 2, 4), dwell_days=20)
        for case in range(60):
            days = np.sort(rng.choice(np.arange(1, 300), 4, replace=False)) + AS_OF
            future = [
                FuturePoint(int(day), int(rng.integers(0, 20)), float(rng.integers(0, 25000)))
                for day in days
            ]
            frequency, money = int(rng.integers(1, 20)), float(rng.integers(0, 25000))
            interval = float(rng.integers(5, 60))
            start = Standing(AS_OF, frequency, money, NO_TIER, AS_OF, interval)
            tier, since, fall = NO_TIER, NO_DATE, None
            for day in range(AS_OF, AS_OF + 900):
                for point in future:
                    if point.day <= day:
                        frequency, money = point.frequency, point.money
                score = scoring.score(
                    AS_OF, frequency, money, as_of=day, policy=rules, interval=interval
                ).score
                previous_since = since
                decision = tiers.decide(score, True, tier, since, as_of=day, policy=rules)
                tier, since = int(decision.tier_index), int(decision.below_since)
                if day == AS_OF:
                    start = Standing(AS_OF, frequency, money, tier, AS_OF, interval)
                if decision.reason == tiers.TierReason.LOWERED:
                    fall = Fall(previous_since, day, tier)
                    break
            with self.subTest(case=case):
                self.assertEqual(outlook.falls_on(future, start, rules), fall)
