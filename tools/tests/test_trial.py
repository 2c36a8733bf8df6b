"""Groups of customers by where they come from and go to; small cases that can be checked by eye."""

from unittest import TestCase

import numpy as np

from .. import judgement, trial
from ..dates import NO_DATE
from ..tiers import TierReason
from ..value_policy import TierRule
from .common import policy

KEY, HIGH, MEDIUM, LOW = 11, 12, 13, 14
RULES = (
    TierRule(KEY, 90, 85),
    TierRule(HIGH, 75, 70),
    TierRule(MEDIUM, 50, 45),
    TierRule(LOW, 0, 0),
)


def judged(*customers):
    """(score, computed tier, shown tier, reason, manual) for each."""
    out = np.zeros(len(customers), judgement._RESULT_DTYPE)
    names = ("value_score", "computed_tier_id", "value_tier_id", "tier_reason", "tier_manual")
    for number, values in enumerate(customers):
        for name, value in zip(names, values, strict=True):
            out[name][number] = value
    return out


class TestOutcome(TestCase):
    def outcome(self, before, *customers):
        return trial.outcome(np.array(before, np.int32), judged(*customers), policy(tiers=RULES))

    def test_at_once_and_after_the_wait(self):
        made = self.outcome(
            [HIGH, HIGH, HIGH, MEDIUM, 0],
            (80, HIGH, HIGH, TierReason.KEPT, False),
            (72, HIGH, HIGH, TierReason.KEPT_BY_MARGIN, False),
            (30, HIGH, HIGH, TierReason.WAITING, False),
            (95, KEY, KEY, TierReason.KEPT, False),
            (0, 0, 0, TierReason.NONE, False),
        )
        self.assertEqual(made.now.tolist(), [HIGH, HIGH, HIGH, KEY, 0])
        self.assertEqual(made.later.tolist(), [HIGH, HIGH, LOW, KEY, 0])
        self.assertEqual(made.reached.tolist(), [HIGH, MEDIUM, LOW, KEY, 0])
        self.assertEqual(made.by_margin.tolist(), [False, True, False, False, False])
        self.assertEqual(made.waiting.tolist(), [False, False, True, False, False])

    def test_a_choice_by_hand_outlasts_the_wait(self):
        made = self.outcome([KEY], (30, HIGH, KEY, TierReason.WAITING, True))
        self.assertEqual(made.later.tolist(), [KEY])
        self.assertFalse(made.waiting.any())


class TestGroups(TestCase):
    BEFORE = np.array([HIGH, HIGH, MEDIUM, HIGH, 0], np.int32)
    AFTER = np.array([HIGH, MEDIUM, MEDIUM, MEDIUM, LOW], np.int32)
    REVENUE = np.array([5.0, 7.25, 1.0, 2.75, 0.0])

    def test_each_customer_in_one_group(self):
        made = list(trial.groups(self.BEFORE, self.AFTER, self.REVENUE))
        self.assertEqual(
            sorted(np.concatenate([g.members for g in made]).tolist()), [0, 1, 2, 3, 4]
        )
        found = {(g.before, g.after): (g.revenue, g.members.tolist()) for g in made}
        self.assertEqual(found[HIGH, MEDIUM], (10.0, [1, 3]))
        self.assertEqual(found[0, LOW], (0.0, [4]))

    def test_only_some(self):
        made = list(trial.groups(self.BEFORE, self.AFTER, self.REVENUE, self.REVENUE > 5))
        self.assertEqual(
            [(g.before, g.after, g.members.tolist()) for g in made], [(HIGH, MEDIUM, [1])]
        )
        self.assertFalse(
            list(trial.groups(self.BEFORE, self.AFTER, self.REVENUE, self.REVENUE > 9))
        )

    def test_nobody(self):
        none = np.zeros(0, np.int32)
        self.assertFalse(list(trial.groups(none, none, np.zeros(0))))

    def test_the_largest_that_move(self):
        moved = self.BEFORE != self.AFTER
        self.assertEqual(trial.largest(moved, self.REVENUE, 2).tolist(), [1, 3])
        self.assertEqual(trial.largest(moved, self.REVENUE, 9).tolist(), [1, 3, 4])


class TestWithoutStanding(TestCase):
    def test_nothing_but_who_it_is_remains(self):
        rows = np.zeros(
            1,
            [("partner_id", "i4"), ("revenue", "f8")]
            + [
                (name, {"int4": "i4", "date": "i4", "float8": "f8", "bool": "?"}[kind])
                for name, kind in judgement.STATE_COLUMNS
            ],
        )
        for name in rows.dtype.names:
            rows[name] = 1
        bare = trial.without_standing(rows)[0]
        self.assertEqual((bare["partner_id"], bare["revenue"], bare["profile_id"]), (1, 1, 1))
        for name, kind in judgement.STATE_COLUMNS[1:]:
            with self.subTest(name):
                self.assertEqual(bare[name], NO_DATE if kind == "date" else 0)
        self.assertEqual(rows["computed_tier_id"][0], 1, "the rows themselves stay as they are")
