from dataclasses import replace
from unittest import TestCase

import numpy as np

from .. import lifecycle
from ..dates import NO_DATE
from ..lifecycle import NO_STAGE, LifecycleLimits, Stage, StageFacts, StageReason

AS_OF = 20_000
LIMITS = LifecycleLimits()


def facts(**changes):
    """An established customer: every 20 days, as much as last year, last bought 10 days ago."""
    values = {
        "first": AS_OF - 1500,
        "last": AS_OF - 10,
        "purchases": 75,
        "interval": 20.0,
        "recent": 1000.0,
        "prior": 1000.0,
        "long_run": 2000.0,
        "recent_purchases": 9,
    }
    values |= changes
    return StageFacts(**{k: None if v is None else np.array([v]) for k, v in values.items()})


def with_ratio(ratio, **changes):
    """Facts whose ratio is exactly this: k is 250 of a usual 1000 per window."""
    return facts(recent=ratio * 1250 - 250, **changes)


def decide(customer, previous=NO_STAGE, *, as_of=AS_OF, company_first=0, market=1.0, limits=LIMITS):
    decision = lifecycle.decide(
        customer,
        [previous],
        as_of=as_of,
        company_first=company_first,
        market=market,
        limits=limits,
    )
    return type(decision)(*(values[0] for values in decision))


class StageCase(TestCase):
    def assertStage(self, decision, stage, reason):
        self.assertEqual((Stage(decision.stage), StageReason(decision.reason)), (stage, reason))


class TestCodes(TestCase):
    def test_stored_codes_never_change(self):
        self.assertEqual(
            [stage.name for stage in sorted(Stage)],
            ["POTENTIAL", "INTRODUCTION", "GROWTH", "MATURITY", "DECLINE", "LOST"],
        )
        self.assertEqual(
            {reason.name: int(reason) for reason in StageReason},
            {
                "NO_PURCHASE": 0, "LOST_SILENCE": 1, "FEW_PURCHASES": 2, "NEW_CUSTOMER": 3,
                "DECLINE_SILENCE": 4, "DECLINE_TREND": 5, "DECLINE_KEPT_SILENCE": 6,
                "DECLINE_KEPT_TREND": 7, "GROWTH_TREND": 8, "GROWTH_KEPT": 9, "STEADY": 10,
                "GROWTH_UNPROVEN": 11, "TREND_UNKNOWN": 12,
            },
        )  # fmt: skip
        self.assertEqual(list(map(int, Stage)), list(range(6)))


class TestRule(StageCase):
    def test_nobody_who_never_bought_is_a_customer_yet(self):
        never = facts(first=NO_DATE, last=NO_DATE, purchases=0, interval=np.nan)
        decision = decide(never, Stage.DECLINE)
        self.assertStage(decision, Stage.POTENTIAL, StageReason.NO_PURCHASE)
        self.assertTrue(np.isnan(decision.silence))
        self.assertTrue(np.isnan(decision.trend_ratio))
        self.assertFalse(decision.trend_known)

    def test_as_much_as_last_year_is_maturity(self):
        decision = decide(facts())
        self.assertStage(decision, Stage.MATURITY, StageReason.STEADY)
        self.assertEqual(decision.silence, 0.5)
        self.assertEqual(decision.trend_ratio, 1.0)
        self.assertTrue(decision.trend_known)

    def test_silence_limits_are_exclusive(self):
        for days, stage, reason in [
            (40, Stage.MATURITY, StageReason.STEADY),
            (41, Stage.DECLINE, StageReason.DECLINE_SILENCE),
            (80, Stage.DECLINE, StageReason.DECLINE_SILENCE),
            (81, Stage.LOST, StageReason.LOST_SILENCE),
        ]:
            with self.subTest(days=days):
                self.assertStage(decide(facts(last=AS_OF - days)), stage, reason)

    def test_frequent_buyers_are_given_least_days(self):
        for days, stage in [
            (13, Stage.MATURITY),
            (14, Stage.DECLINE),
            (27, Stage.DECLINE),
            (28, Stage.LOST),
        ]:
            with self.subTest(days=days):
                decision = decide(facts(last=AS_OF - days, interval=1.0))
                self.assertEqual(Stage(decision.stage), stage)

    def test_introduction_until_enough_purchases(self):
        self.assertStage(decide(facts(purchases=2)), Stage.INTRODUCTION, StageReason.FEW_PURCHASES)
        self.assertStage(decide(facts(purchases=3)), Stage.MATURITY, StageReason.STEADY)

    def test_introduction_until_old_enough(self):
        for age, stage, reason in [
            (181, Stage.INTRODUCTION, StageReason.NEW_CUSTOMER),
            (182, Stage.MATURITY, StageReason.TREND_UNKNOWN),
        ]:
            with self.subTest(age=age):
                self.assertStage(decide(facts(first=AS_OF - age)), stage, reason)

    def test_introduction_outranks_decline_and_loss_outranks_introduction(self):
        for days, stage in [(79, Stage.INTRODUCTION), (81, Stage.LOST)]:
            with self.subTest(days=days):
                decision = decide(facts(last=AS_OF - days, purchases=1))
                self.assertEqual(Stage(decision.stage), stage)

    def test_ratio_limits_are_inclusive(self):
        for ratio, stage, reason in [
            (0.80, Stage.DECLINE, StageReason.DECLINE_TREND),
            (0.8001, Stage.MATURITY, StageReason.STEADY),
            (1.2499, Stage.MATURITY, StageReason.STEADY),
            (1.25, Stage.GROWTH, StageReason.GROWTH_TREND),
        ]:
            with self.subTest(ratio=ratio):
                decision = decide(with_ratio(ratio))
                self.assertEqual(decision.trend_ratio, ratio)
                self.assertStage(decision, stage, reason)

    def test_silence_outranks_growth(self):
        decision = decide(with_ratio(2.0, last=AS_OF - 41))
        self.assertStage(decision, Stage.DECLINE, StageReason.DECLINE_SILENCE)

    def test_growth_needs_enough_purchases_in_the_window(self):
        for purchases, stage, reason in [
            (2, Stage.MATURITY, StageReason.GROWTH_UNPROVEN),
            (3, Stage.GROWTH, StageReason.GROWTH_TREND),
            (None, Stage.GROWTH, StageReason.GROWTH_TREND),
        ]:
            with self.subTest(purchases=purchases):
                for ratio in (1.25, 2.0):
                    customer = with_ratio(ratio, recent_purchases=purchases)
                    self.assertStage(decide(customer), stage, reason)

    def test_few_purchases_in_the_window_matter_to_growth_only(self):
        self.assertStage(decide(facts(recent_purchases=1)), Stage.MATURITY, StageReason.STEADY)
        self.assertStage(
            decide(with_ratio(0.5, recent_purchases=1)), Stage.DECLINE, StageReason.DECLINE_TREND
        )


class TestHysteresis(StageCase):
    def test_growth_is_left_only_below_the_margin(self):
        for ratio, stage, reason in [
            (1.15, Stage.GROWTH, StageReason.GROWTH_KEPT),
            (1.1499, Stage.MATURITY, StageReason.STEADY),
        ]:
            with self.subTest(ratio=ratio):
                self.assertStage(decide(with_ratio(ratio), Stage.GROWTH), stage, reason)
                self.assertStage(
                    decide(with_ratio(ratio), Stage.MATURITY), Stage.MATURITY, StageReason.STEADY
                )

    def test_growth_kept_still_needs_its_purchases(self):
        for purchases, stage, reason in [
            (3, Stage.GROWTH, StageReason.GROWTH_KEPT),
            (2, Stage.MATURITY, StageReason.STEADY),
        ]:
            with self.subTest(purchases=purchases):
                customer = with_ratio(1.2, recent_purchases=purchases)
                self.assertStage(decide(customer, Stage.GROWTH), stage, reason)

    def test_decline_by_trend_is_left_only_above_the_margin(self):
        for ratio, stage, reason in [
            (0.90, Stage.DECLINE, StageReason.DECLINE_KEPT_TREND),
            (0.9001, Stage.MATURITY, StageReason.STEADY),
        ]:
            with self.subTest(ratio=ratio):
                self.assertStage(decide(with_ratio(ratio), Stage.DECLINE), stage, reason)
                self.assertStage(
                    decide(with_ratio(ratio), Stage.MATURITY), Stage.MATURITY, StageReason.STEADY
                )

    def test_decline_by_silence_is_left_only_below_the_margin(self):
        for days, stage, reason in [
            (33, Stage.MATURITY, StageReason.STEADY),
            (34, Stage.DECLINE, StageReason.DECLINE_KEPT_SILENCE),
            (40, Stage.DECLINE, StageReason.DECLINE_KEPT_SILENCE),
        ]:
            with self.subTest(days=days):
                customer = facts(last=AS_OF - days)
                self.assertStage(decide(customer, Stage.DECLINE), stage, reason)
                self.assertStage(decide(customer, Stage.GROWTH), Stage.MATURITY, StageReason.STEADY)

    def test_a_weekend_does_not_keep_a_daily_buyer_in_decline(self):
        for days, stage in [(13, Stage.MATURITY), (14, Stage.DECLINE)]:
            with self.subTest(days=days):
                decision = decide(facts(last=AS_OF - days, interval=1.0), Stage.DECLINE)
                self.assertEqual(Stage(decision.stage), stage)

    def test_growth_and_decline_change_into_each_other_at_the_full_limits(self):
        for previous, ratio, stage in [
            (Stage.GROWTH, 0.80, Stage.DECLINE),
            (Stage.DECLINE, 1.25, Stage.GROWTH),
        ]:
            with self.subTest(previous=previous):
                self.assertEqual(Stage(decide(with_ratio(ratio), previous).stage), stage)

    def test_a_purchase_ends_a_loss_at_once(self):
        self.assertStage(decide(facts(last=AS_OF), Stage.LOST), Stage.MATURITY, StageReason.STEADY)


class TestTrend(StageCase):
    def test_market_is_divided_out(self):
        # recent 1000 of a market that halved: (1000 + 250) / (1000 * .5 + 250)
        self.assertEqual(decide(facts(), market=0.5).trend_ratio, round(1250 / 750, 4))

    def test_usual_spend_is_added_to_both_sides(self):
        ratio = lifecycle.trend_ratio([100.0], [0.0], [400.0], market=1.0, limits=LIMITS)
        self.assertEqual(ratio.tolist(), [3.0])  # (100 + 50) / 50
        heavier = replace(LIMITS, prior_weight=1.0)
        ratio = lifecycle.trend_ratio([100.0], [0.0], [400.0], market=1.0, limits=heavier)
        self.assertEqual(ratio.tolist(), [1.5])
        longer = replace(LIMITS, long_run_days=728)
        ratio = lifecycle.trend_ratio([100.0], [0.0], [400.0], market=1.0, limits=longer)
        self.assertEqual(ratio.tolist(), [5.0])

    def test_more_credited_than_sold_counts_as_nothing_sold(self):
        for recent, prior, long_run, expected in [
            (-100.0, 100.0, 400.0, round(50 / 150, 4)),
            (100.0, -100.0, 400.0, 3.0),
            (100.0, 50.0, -400.0, 2.0),
        ]:
            with self.subTest(recent=recent, prior=prior):
                ratio = lifecycle.trend_ratio(
                    [recent], [prior], [long_run], market=1.0, limits=LIMITS
                )
                self.assertEqual(ratio.tolist(), [expected])

    def test_a_ratio_is_finite(self):
        ratio = lifecycle.trend_ratio([5.0], [0.0], [0.0], market=1.0, limits=LIMITS)
        self.assertEqual(ratio.tolist(), [lifecycle.MAX_RATIO])

    def test_nothing_sold_in_any_window_is_no_trend(self):
        nothing = facts(recent=0.0, prior=0.0, long_run=0.0)
        decision = decide(nothing)
        self.assertStage(decision, Stage.MATURITY, StageReason.TREND_UNKNOWN)
        self.assertFalse(decision.trend_known)

    def test_too_little_history_says_so(self):
        for age, company_age, known in [
            (546, 728, True),
            (545, 728, False),
            (546, 727, False),
            (545, 5000, False),
        ]:
            with self.subTest(age=age, company_age=company_age):
                decision = decide(
                    with_ratio(2.0, first=AS_OF - age), company_first=AS_OF - company_age
                )
                self.assertEqual(bool(decision.trend_known), known)
                self.assertEqual(bool(np.isnan(decision.trend_ratio)), not known)
                if known:
                    self.assertStage(decision, Stage.GROWTH, StageReason.GROWTH_TREND)
                else:
                    self.assertStage(decision, Stage.MATURITY, StageReason.TREND_UNKNOWN)

    def test_an_unknown_trend_keeps_nobody_in_growth_or_decline(self):
        for previous in (Stage.GROWTH, Stage.DECLINE):
            with self.subTest(previous=previous):
                decision = decide(with_ratio(2.0), previous, company_first=NO_DATE)
                self.assertStage(decision, Stage.MATURITY, StageReason.TREND_UNKNOWN)

    def test_market_index(self):
        for recent, prior, expected in [
            (30, 20, 1.5), (0.5, 0.25, 2.0), (30, 0, 1.0), (0, 20, 1.0), (-1, -2, 1.0),
        ]:  # fmt: skip
            with self.subTest(recent=recent, prior=prior):
                self.assertEqual(lifecycle.market_index(recent, prior), expected)


class TestNextChange(TestCase):
    def change(self, customer, stage, **arguments):
        values = {"as_of": AS_OF, "company_first": 0, "limits": LIMITS}
        days = lifecycle.next_change(customer, [stage], **(values | arguments))
        return None if days[0] == NO_DATE else int(days[0] - AS_OF)

    def test_steps_of_silence(self):
        for days, stage, expected in [
            (10, Stage.MATURITY, 31),  # silence 2 is passed on day 41
            (40, Stage.MATURITY, 1),
            (41, Stage.DECLINE, 40),  # silence 4 on day 81
            (30, Stage.DECLINE, 4),  # silence 1.7 on day 34: another reason to stay
            (30, Stage.MATURITY, 11),
            (81, Stage.LOST, None),
        ]:
            with self.subTest(days=days, stage=stage):
                self.assertEqual(self.change(facts(last=AS_OF - days), stage), expected)

    def test_least_days(self):
        customer = facts(last=AS_OF, interval=1.0)
        self.assertEqual(self.change(customer, Stage.MATURITY), 14)
        customer = facts(last=AS_OF - 14, interval=1.0)
        self.assertEqual(self.change(customer, Stage.DECLINE), 14)

    def test_end_of_introduction(self):
        young = facts(first=AS_OF - 180, last=AS_OF, interval=300.0)
        self.assertEqual(self.change(young, Stage.INTRODUCTION), 2)

    def test_history_reached(self):
        for age, company_age, expected in [(540, 728, 6), (540, 720, 8), (546, 720, 8)]:
            with self.subTest(age=age, company_age=company_age):
                customer = facts(first=AS_OF - age, last=AS_OF, interval=300.0)
                self.assertEqual(
                    self.change(customer, Stage.MATURITY, company_first=AS_OF - company_age),
                    expected,
                )
        customer = facts(first=AS_OF - 540, last=AS_OF - 1300, interval=300.0)
        self.assertIsNone(self.change(customer, Stage.LOST, company_first=NO_DATE))

    def test_a_window_event_that_comes_first(self):
        for event, expected in [(5, 5), (31, 31), (32, 31), (0, 31), (-1, 31)]:
            with self.subTest(event=event):
                self.assertEqual(
                    self.change(
                        facts(), Stage.MATURITY, next_window_event=np.array([AS_OF + event])
                    ),
                    expected,
                )

    def test_never_without_a_purchase(self):
        never = facts(first=NO_DATE, last=NO_DATE, purchases=0, interval=np.nan)
        self.assertIsNone(self.change(never, Stage.POTENTIAL))
