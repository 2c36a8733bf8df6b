from dataclasses import fields, replace
from unittest import TestCase

from ..errors import IssueCode, PolicyError
from ..lifecycle_limits import LifecycleLimits

LIMITS = LifecycleLimits()


class TestLifecycleLimits(TestCase):
    def assertIssue(self, code, params, **changes):
        """Exactly this is wrong, and ``validate`` says so."""
        wrong = replace(LIMITS, **changes)
        self.assertEqual([(i.code, dict(i.params)) for i in wrong.issues()], [(code, params)])
        with self.assertRaises(PolicyError) as caught:
            wrong.validate()
        self.assertEqual(caught.exception.issues, wrong.issues())

    def assertSound(self, **changes):
        sound = replace(LIMITS, **changes)
        self.assertEqual(sound.issues(), ())
        sound.validate()

    def test_defaults_are_sound(self):
        self.assertSound()

    def test_least_values(self):
        for field, least, below in [
            ("window_days", 1, 0),
            ("leave_margin", 0, -0.1),
            ("prior_weight", 0, -1),
            ("trend_min_company_days", 0, -1),
            ("growth_min_purchases", 0, -1),
            ("leave_silence", 0, -0.5),
            ("decline_min_days", 0, -1),
            ("introduction_purchases", 1, 0),
            ("introduction_days", 0, -1),
        ]:
            with self.subTest(field=field):
                self.assertSound(**{field: least})
                self.assertIssue(
                    IssueCode.LIMIT_TOO_SMALL,
                    {"field": field, "value": below, "least": least},
                    **{field: below},
                )

    def test_a_decline_ratio_below_nothing(self):
        self.assertSound(decline_ratio=0)
        self.assertIssue(
            IssueCode.LIMIT_TOO_SMALL,
            {"field": "decline_ratio", "value": -0.1, "least": 0},
            decline_ratio=-0.1,
        )

    def test_limits_that_may_be_equal(self):
        for lower, upper, value in [
            ("window_days", "long_run_days", 182),
            ("leave_silence", "decline_silence", 2.0),
            ("decline_min_days", "lost_min_days", 28),
        ]:
            with self.subTest(lower=lower):
                self.assertSound(**{lower: value, upper: value})
                self.assertIssue(
                    IssueCode.LIMITS_OUT_OF_ORDER,
                    {
                        "lower": lower, "lower_value": value + 1,
                        "upper": upper, "upper_value": value,
                    },
                    **{lower: value + 1, upper: value}
                    | ({"trend_min_customer_days": 700} if lower == "window_days" else {}),
                )  # fmt: skip

    def test_silence_of_a_decline_must_be_shorter_than_that_of_a_loss(self):
        self.assertSound(decline_silence=3.9)
        for value in (4.0, 4.1):
            with self.subTest(value=value):
                self.assertIssue(
                    IssueCode.LIMITS_OUT_OF_ORDER,
                    {
                        "lower": "decline_silence", "lower_value": value,
                        "upper": "lost_silence", "upper_value": 4.0,
                    },
                    decline_silence=value,
                )  # fmt: skip

    def test_ratio_of_a_decline_must_be_below_that_of_growth(self):
        for value in (1.25, 1.3):
            with self.subTest(value=value):
                self.assertIssue(
                    IssueCode.LIMITS_OUT_OF_ORDER,
                    {
                        "lower": "decline_ratio", "lower_value": value,
                        "upper": "growth_ratio", "upper_value": 1.25,
                    },
                    decline_ratio=value,
                )  # fmt: skip

    def test_kept_zones_may_not_meet(self):
        self.assertSound(growth_ratio=1.5, decline_ratio=0.5, leave_margin=0.49)
        self.assertIssue(
            IssueCode.MARGIN_TOO_WIDE,
            {"margin": 0.5, "growth_ratio": 1.5, "decline_ratio": 0.5},
            growth_ratio=1.5,
            decline_ratio=0.5,
            leave_margin=0.5,
        )

    def test_trend_must_not_look_back_before_the_first_purchase(self):
        self.assertSound(trend_min_customer_days=364 + 182)
        self.assertIssue(
            IssueCode.TREND_HISTORY_TOO_SHORT,
            {"field": "trend_min_customer_days", "value": 545, "least": 546},
            trend_min_customer_days=545,
        )

    def test_what_is_no_number_is_all_that_is_said(self):
        for field in fields(LIMITS):
            with self.subTest(field=field.name):
                self.assertIssue(
                    IssueCode.NOT_A_NUMBER, {"field": field.name}, **{field.name: float("nan")}
                )
