from unittest import TestCase

import numpy as np

from .. import tiers
from ..dates import NO_DATE
from ..tiers import NO_TIER, TierReason
from .common import HIGH, KEY, LOW, MEDIUM, policy

AS_OF = 20_000


def decide(score, previous, since=NO_DATE, bought=True, rules=None):
    decision = tiers.decide(
        [score], [bought], [previous], [since], as_of=AS_OF, policy=rules or policy()
    )
    return tuple(int(values[0]) for values in decision)


class TestCodes(TestCase):
    def test_stored_codes_never_change(self):
        self.assertEqual(
            {reason.name: int(reason) for reason in TierReason},
            {
                "NONE": 0, "FIRST": 1, "RAISED": 2, "KEPT": 3, "KEPT_BY_MARGIN": 4,
                "WAITING": 5, "LOWERED": 6,
            },
        )  # fmt: skip


class TestTierReached(TestCase):
    def test_thresholds_are_inclusive(self):
        for score, tier in [
            (100, KEY), (90, KEY), (89.9999, HIGH), (75, HIGH), (74.9999, MEDIUM),
            (50, MEDIUM), (49.9999, LOW), (0, LOW),
        ]:  # fmt: skip
            with self.subTest(score=score):
                self.assertEqual(tiers.tier_reached([score], policy()).tolist(), [tier])


class TestDecide(TestCase):
    def test_first_judgement_gives_the_tier_reached(self):
        self.assertEqual(decide(80, NO_TIER), (HIGH, NO_DATE, TierReason.FIRST))

    def test_upgrade_at_once(self):
        for score, expected in [
            (89.9999, (HIGH, NO_DATE, TierReason.KEPT)),
            (90, (KEY, NO_DATE, TierReason.RAISED)),
        ]:
            with self.subTest(score=score):
                self.assertEqual(decide(score, HIGH), expected)

    def test_upgrade_may_skip_a_tier_and_ends_a_wait(self):
        self.assertEqual(decide(95, MEDIUM, AS_OF - 5), (KEY, NO_DATE, TierReason.RAISED))

    def test_keep_score_holds_a_tier(self):
        for score, expected in [
            (75, (HIGH, NO_DATE, TierReason.KEPT)),
            (74.9999, (HIGH, NO_DATE, TierReason.KEPT_BY_MARGIN)),
            (70, (HIGH, NO_DATE, TierReason.KEPT_BY_MARGIN)),
            (69.9999, (HIGH, AS_OF, TierReason.WAITING)),
        ]:
            with self.subTest(score=score):
                self.assertEqual(decide(score, HIGH), expected)

    def test_downgrade_waits_for_dwell(self):
        for waited, expected in [
            (0, (HIGH, AS_OF, TierReason.WAITING)),
            (29, (HIGH, AS_OF - 29, TierReason.WAITING)),
            (30, (MEDIUM, NO_DATE, TierReason.LOWERED)),
            (31, (MEDIUM, NO_DATE, TierReason.LOWERED)),
        ]:
            with self.subTest(waited=waited):
                self.assertEqual(decide(60, HIGH, AS_OF - waited), expected)

    def test_downgrade_falls_to_the_tier_reached(self):
        self.assertEqual(decide(10, KEY, AS_OF - 30), (LOW, NO_DATE, TierReason.LOWERED))

    def test_downgrade_at_once_without_dwell(self):
        rules = policy(dwell_days=0)
        self.assertEqual(decide(60, HIGH, rules=rules), (MEDIUM, NO_DATE, TierReason.LOWERED))

    def test_recovery_to_the_keep_score_ends_a_wait(self):
        self.assertEqual(decide(70, HIGH, AS_OF - 29), (HIGH, NO_DATE, TierReason.KEPT_BY_MARGIN))

    def test_no_purchase_is_no_tier_at_once(self):
        for previous in (NO_TIER, KEY):
            with self.subTest(previous=previous):
                self.assertEqual(
                    decide(0, previous, AS_OF - 1, bought=False),
                    (NO_TIER, NO_DATE, TierReason.NONE),
                )

    def test_lowest_tier_is_never_left_downwards(self):
        self.assertEqual(decide(0, LOW), (LOW, NO_DATE, TierReason.KEPT))

    def test_a_tier_the_policy_does_not_have_is_refused(self):
        for previous in (4, -2, 259):
            with self.subTest(previous=previous), self.assertRaisesRegex(ValueError, "-1..3"):
                decide(50, previous)

    def test_nobody_to_judge(self):
        decision = tiers.decide([], [], [], [], as_of=AS_OF, policy=policy())
        self.assertEqual([values.size for values in decision], [0, 0, 0])


class TestDwellEnd(TestCase):
    def test_the_day_a_wait_ends(self):
        end = tiers.dwell_end([AS_OF, NO_DATE], policy())
        self.assertEqual(end.tolist(), [AS_OF + 30, NO_DATE])

    def test_on_that_day_the_tier_is_lower_and_not_before(self):
        end = int(tiers.dwell_end([AS_OF], policy())[0])
        for day, tier in [(end - 1, HIGH), (end, MEDIUM)]:
            with self.subTest(day=day):
                decision = tiers.decide(
                    np.array([60.0]), [True], [HIGH], [AS_OF], as_of=day, policy=policy()
                )
                self.assertEqual(decision.tier_index.tolist(), [tier])
