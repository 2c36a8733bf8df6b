from unittest import TestCase

from ..errors import IssueCode, PolicyError
from ..value_policy import MAX_CUTS, AxisCuts, TierRule
from .common import TIERS, policy

NAN = float("nan")


class TestAxisCuts(TestCase):
    def test_one_level_more_than_cuts(self):
        self.assertEqual(AxisCuts((1, 2, 3)).top_level, 4)

    def test_whole_numbers_become_floats(self):
        self.assertEqual(repr(AxisCuts([1, 2])), "(1.0, 2.0)")


class TestValuePolicy(TestCase):
    def assertIssue(self, code, params, **changes):
        """Exactly this is wrong, and ``validate`` says so."""
        wrong = policy(**changes)
        self.assertEqual([(i.code, dict(i.params)) for i in wrong.issues()], [(code, params)])
        with self.assertRaises(PolicyError) as caught:
            wrong.validate()
        self.assertEqual(caught.exception.issues, wrong.issues())
        self.assertIn(code.value, str(caught.exception))

    def assertSound(self, **changes):
        sound = policy(**changes)
        self.assertEqual(sound.issues(), ())
        sound.validate()

    def test_a_sound_policy_has_no_issue_and_can_be_a_key(self):
        self.assertSound()
        self.assertEqual({policy(): 1}[policy()], 1)

    def test_mode_must_be_known(self):
        self.assertSound(recency_mode="rhythm")
        self.assertIssue(IssueCode.MODE_UNKNOWN, {"mode": "weeks"}, recency_mode="weeks")

    def test_window_of_no_days(self):
        self.assertSound(window_days=1)
        self.assertIssue(IssueCode.WINDOW_TOO_SHORT, {"days": 0, "least": 1}, window_days=0)

    def test_negative_weight(self):
        self.assertSound(recency_weight=0)
        self.assertIssue(
            IssueCode.WEIGHT_NEGATIVE,
            {"axis": "frequency", "weight": -0.1},
            frequency_weight=-0.1,
        )

    def test_weights_sum_to_zero(self):
        self.assertSound(recency_weight=0, frequency_weight=0, money_weight=1e-6)
        self.assertIssue(
            IssueCode.WEIGHTS_SUM_ZERO, {}, recency_weight=0, frequency_weight=0, money_weight=0
        )

    def test_an_axis_without_cuts(self):
        self.assertSound(money_cuts=(1,))
        self.assertIssue(IssueCode.CUTS_MISSING, {"axis": "money"}, money_cuts=())

    def test_too_many_cuts(self):
        self.assertSound(frequency_cuts=range(1, MAX_CUTS + 1))
        self.assertIssue(
            IssueCode.CUTS_TOO_MANY,
            {"axis": "frequency", "count": MAX_CUTS + 1, "most": MAX_CUTS},
            frequency_cuts=range(1, MAX_CUTS + 2),
        )

    def test_cuts_must_increase_strictly(self):
        for cuts, value, previous in [((1, 3, 3), 3, 3), ((1, 3, 2), 2, 3)]:
            with self.subTest(cuts=cuts):
                self.assertIssue(
                    IssueCode.CUTS_NOT_INCREASING,
                    {"axis": "recency", "value": value, "previous": previous},
                    recency_cuts=cuts,
                )

    def test_a_cut_of_nothing(self):
        self.assertSound(money_cuts=(0.01, 1))
        self.assertIssue(
            IssueCode.CUT_NOT_POSITIVE, {"axis": "money", "value": 0}, money_cuts=(0, 1)
        )

    def test_no_tier(self):
        self.assertIssue(IssueCode.TIERS_MISSING, {}, tiers=())

    def test_a_single_tier_is_sound(self):
        self.assertSound(tiers=(TierRule("all", 0, 0),))

    def test_a_tier_listed_twice(self):
        self.assertIssue(
            IssueCode.TIER_REPEATED,
            {"tier": "key"},
            tiers=(TierRule("key", 50, 50), TierRule("key", 0, 0)),
        )

    def test_lowest_tier_must_take_everyone(self):
        self.assertIssue(
            IssueCode.LOWEST_THRESHOLD_NOT_ZERO,
            {"tier": "medium", "threshold": 50},
            tiers=TIERS[:3],
        )

    def test_threshold_beyond_the_scale(self):
        self.assertSound(tiers=(TierRule("key", 100, 100), TierRule("low", 0, 0)))
        self.assertIssue(
            IssueCode.THRESHOLD_OUT_OF_RANGE,
            {"tier": "key", "threshold": 100.5},
            tiers=(TierRule("key", 100.5, 90), TierRule("low", 0, 0)),
        )

    def test_thresholds_must_decrease_strictly(self):
        for threshold in (50, 60):
            with self.subTest(threshold=threshold):
                self.assertIssue(
                    IssueCode.THRESHOLDS_NOT_DECREASING,
                    {"tier": "b", "threshold": threshold, "above": "a", "above_threshold": 50},
                    tiers=(
                        TierRule("a", 50, 50),
                        TierRule("b", threshold, 45),
                        TierRule("c", 0, 0),
                    ),
                )

    def test_keep_score_may_not_exceed_the_threshold(self):
        self.assertSound(tiers=(TierRule("key", 50, 50), TierRule("low", 0, 0)))
        self.assertIssue(
            IssueCode.KEEP_ABOVE_THRESHOLD,
            {"tier": "key", "keep": 50.1, "threshold": 50},
            tiers=(TierRule("key", 50, 50.1), TierRule("low", 0, 0)),
        )

    def test_keep_score_must_stay_above_the_next_tier(self):
        self.assertSound(
            tiers=(TierRule("a", 80, 50.1), TierRule("b", 50, 40), TierRule("c", 0, 0))
        )
        for keep in (50, 49):
            with self.subTest(keep=keep):
                self.assertIssue(
                    IssueCode.KEEP_BELOW_NEXT_TIER,
                    {"tier": "a", "keep": keep, "below": "b", "below_threshold": 50},
                    tiers=(TierRule("a", 80, keep), TierRule("b", 50, 40), TierRule("c", 0, 0)),
                )

    def test_keep_score_below_the_scale(self):
        self.assertIssue(
            IssueCode.KEEP_OUT_OF_RANGE,
            {"tier": "low", "keep": -1},
            tiers=(TierRule("key", 50, 50), TierRule("low", 0, -1)),
        )

    def test_dwell_of_less_than_no_days(self):
        self.assertSound(dwell_days=0)
        self.assertIssue(IssueCode.DWELL_NEGATIVE, {"days": -1}, dwell_days=-1)

    def test_what_is_no_number_is_all_that_is_said(self):
        for field, changes in [
            ("money_weight", {"money_weight": NAN}),
            ("recency_cuts", {"recency_cuts": (1, float("inf"))}),
            ("threshold", {"tiers": (TierRule("a", NAN, 0),)}),
            ("keep", {"tiers": (TierRule("a", 0, NAN),), "dwell_days": -1}),
        ]:
            with self.subTest(field=field):
                self.assertIssue(IssueCode.NOT_A_NUMBER, {"field": field}, **changes)

    def test_all_issues_are_reported_at_once(self):
        codes = [i.code for i in policy(window_days=0, dwell_days=-1, money_cuts=()).issues()]
        self.assertEqual(
            codes, [IssueCode.WINDOW_TOO_SHORT, IssueCode.CUTS_MISSING, IssueCode.DWELL_NEGATIVE]
        )
