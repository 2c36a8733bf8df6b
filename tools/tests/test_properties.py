"""What must hold for any policy and any customers, searched by hypothesis, always the same way."""

from unittest import TestCase

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from .. import cutpoints, lifecycle, scoring, tiers
from ..dates import NO_DATE
from ..lifecycle import LifecycleLimits, StageFacts
from ..value_policy import RECENCY_DAYS, RECENCY_RHYTHM, TierRule
from .common import policy

AS_OF = 20_000
SEARCH = settings(derandomize=True, deadline=None, database=None, max_examples=100)


def cuts(most=500, places=2):
    number = st.integers(1, most * 10**places).map(lambda n: n / 10**places)
    return st.lists(number, min_size=1, max_size=6, unique=True).map(sorted)


@st.composite
def policies(draw):
    weights = draw(
        st.tuples(*[st.integers(0, 1000).map(lambda n: n / 1000)] * 3).filter(lambda w: sum(w) > 0)
    )
    bounds = sorted(draw(st.lists(st.integers(1, 1000), max_size=8, unique=True)), reverse=True)
    scores = [bound / 10 for bound in bounds[: len(bounds) // 2 * 2]] + [0.0, 0.0]
    rules = policy(
        recency_mode=draw(st.sampled_from([RECENCY_DAYS, RECENCY_RHYTHM])),
        recency_cuts=draw(cuts()),
        frequency_cuts=draw(cuts(50, 0)),
        money_cuts=draw(cuts()),
        recency_weight=weights[0],
        frequency_weight=weights[1],
        money_weight=weights[2],
        tiers=[
            TierRule(number, threshold, keep)
            for number, (threshold, keep) in enumerate(zip(scores[::2], scores[1::2], strict=True))
        ],
        dwell_days=draw(st.integers(0, 40)),
    )
    assert rules.issues() == ()
    return rules


facts = st.fixed_dictionaries(
    {
        "silent": st.integers(0, 600),
        "frequency": st.integers(0, 60),
        "money": st.integers(-10_000, 60_000).map(lambda n: n / 100),
    }
)
intervals = st.integers(100, 30_000).map(lambda n: n / 100)


def judged(rules, customer, interval):
    return scoring.score(
        [AS_OF - customer["silent"]],
        [customer["frequency"]],
        [customer["money"]],
        as_of=AS_OF,
        policy=rules,
        interval=[interval],
    )


class TestScore(TestCase):
    @SEARCH
    @given(policies(), facts, intervals, facts)
    def test_more_money_more_often_more_recently_never_lowers(self, rules, low, interval, more):
        high = {
            "silent": max(low["silent"] - more["silent"], 0),
            "frequency": low["frequency"] + more["frequency"],
            "money": low["money"] + abs(more["money"]),
        }
        for axis in low:
            better = low | {axis: high[axis]}
            self.assertGreaterEqual(
                judged(rules, better, interval).score, judged(rules, low, interval).score
            )
        self.assertGreaterEqual(
            judged(rules, high, interval).score, judged(rules, low, interval).score
        )

    @SEARCH
    @given(policies(), st.lists(facts, min_size=1, max_size=8), intervals)
    def test_equal_facts_give_equal_scores_alone_or_in_company(self, rules, customers, interval):
        together = scoring.score(
            [AS_OF - c["silent"] for c in customers],
            [c["frequency"] for c in customers],
            [c["money"] for c in customers],
            as_of=AS_OF,
            policy=rules,
            interval=[interval] * len(customers),
        )
        for position, customer in enumerate(customers):
            alone = judged(rules, customer, interval)
            for one, many in zip(alone, together, strict=True):
                self.assertEqual(one[0], many[position])

    @SEARCH
    @given(policies(), facts, intervals)
    def test_a_score_lies_on_the_scale_and_is_the_sum_of_its_points(
        self, rules, customer, interval
    ):
        scores = judged(rules, customer, interval)
        score = float(scores.score[0])
        points = scoring.points(
            scores.recency_level[0], scores.frequency_level[0], scores.money_level[0], rules
        )
        self.assertTrue(0 < score <= 100)
        self.assertEqual(round(sum(points[:3]), 4), score)
        self.assertGreaterEqual(min(points), 0)
        exact = sum(
            100 * weight * int(level[0]) / axis.top_level
            for weight, axis, level in zip(rules.weights, rules.cuts, scores[1:4], strict=True)
        ) / sum(rules.weights)
        self.assertAlmostEqual(score, exact, delta=0.00005 + 1e-9)

    @SEARCH
    @given(policies(), facts, intervals)
    def test_recency_changes_on_the_day_named_and_not_before(self, rules, customer, interval):
        last = AS_OF - customer["silent"]

        def level(day):
            return scoring.score(
                [last], [1], [1], as_of=day, policy=rules, interval=[interval]
            ).recency_level[0]

        day = int(
            scoring.next_recency_change([last], as_of=AS_OF, policy=rules, interval=[interval])[0]
        )
        if day == NO_DATE:
            self.assertEqual(level(AS_OF), 1)
            return
        self.assertGreater(day, AS_OF)
        self.assertEqual(level(day - 1), level(AS_OF))
        self.assertLess(level(day), level(AS_OF))


class TestTiers(TestCase):
    @SEARCH
    @given(policies(), st.data())
    def test_a_higher_score_never_gets_a_lower_tier(self, rules, data):
        last = len(rules.tiers) - 1
        previous = data.draw(st.integers(-1, last))
        since = data.draw(st.sampled_from([NO_DATE, AS_OF - 60, AS_OF - 10, AS_OF]))
        limits = [s for rule in rules.tiers for s in (rule.threshold, rule.keep)]
        scores = sorted({0.0, 100.0, *limits, *(max(s - 0.0001, 0) for s in limits)})
        count = len(scores)
        decision = tiers.decide(
            scores, [True] * count, [previous] * count, [since] * count, as_of=AS_OF, policy=rules
        )
        self.assertTrue((np.diff(decision.tier_index) <= 0).all())
        again = tiers.decide(
            scores, [True] * count, decision.tier_index, decision.below_since,
            as_of=AS_OF, policy=rules,
        )  # fmt: skip
        np.testing.assert_array_equal(again.tier_index, decision.tier_index)
        np.testing.assert_array_equal(again.below_since, decision.below_since)
        standing = decision.reason != tiers.TierReason.FIRST
        standing &= decision.reason != tiers.TierReason.RAISED
        standing &= decision.reason != tiers.TierReason.LOWERED
        np.testing.assert_array_equal(again.reason[standing], decision.reason[standing])
        self.assertTrue((again.reason[~standing] == tiers.TierReason.KEPT).all())


class TestLifecycle(TestCase):
    LIMITS = LifecycleLimits(window_days=90, trend_min_customer_days=454)

    @SEARCH
    @given(st.data())
    def test_every_customer_has_one_stage_and_keeps_it(self, data):
        number = st.sampled_from([-5.0, 0.0, 1.0, 80.0, 100.0, 124.9, 125.0, 500.0])
        first = AS_OF - data.draw(st.sampled_from([0, 181, 182, 453, 454, 2000]))
        last = data.draw(st.integers(first, AS_OF))
        customer = StageFacts(
            *(
                np.array([value])
                for value in (
                    first, last, data.draw(st.integers(1, 9)), data.draw(intervals),
                    data.draw(number), data.draw(number), data.draw(number),
                    data.draw(st.integers(0, 4)),
                )
            )
        )  # fmt: skip
        arguments = {
            "as_of": AS_OF,
            "company_first": data.draw(st.sampled_from([NO_DATE, first, first - 900])),
            "market": data.draw(st.sampled_from([0.5, 1.0, 1.7])),
            "limits": self.LIMITS,
        }
        for previous in range(-1, 6):
            once = lifecycle.decide(customer, [previous], **arguments)
            again = lifecycle.decide(customer, once.stage, **arguments)
            for values, repeated in zip(once, again, strict=True):
                np.testing.assert_array_equal(values, repeated)
            self.assertEqual(once.trend_known[0], not np.isnan(once.trend_ratio[0]))


class TestCuts(TestCase):
    @SEARCH
    @given(
        st.lists(st.integers(1, 10**6).map(lambda n: n / 100), min_size=1, max_size=60),
        st.lists(st.integers(1, 99).map(lambda n: n / 100), min_size=1, max_size=6, unique=True),
    )
    def test_cuts_from_any_data_make_a_sound_policy(self, values, quantiles):
        rules = policy(
            recency_cuts=cutpoints.recency_cuts(np.floor(values), quantiles),
            frequency_cuts=cutpoints.frequency_cuts(np.ceil(values), quantiles),
            money_cuts=cutpoints.money_cuts(values, quantiles),
        )
        self.assertEqual(rules.issues(), ())
        self.assertEqual([len(axis) for axis in rules.cuts], [len(quantiles)] * 3)
        for axis in (rules.recency_cuts, rules.frequency_cuts):
            self.assertTrue(all(cut == int(cut) for cut in axis))
