import random
from unittest import TestCase

from ..policy_difference import Line, Rule, compare
from ..value_policy import RECENCY_RHYTHM, TierRule
from .common import TIERS, policy


def differing(old, new):
    return [line for line in compare(old, new) if line.differs]


class TestPolicyDifference(TestCase):
    def test_a_policy_differs_from_itself_in_nothing(self):
        self.assertEqual(differing(policy(), policy()), [])

    def test_every_rule_has_a_line(self):
        """Window, mode, 3 weights, 4 cut-points an axis, 2 scores a tier, wait."""
        lines = compare(policy(), policy())
        self.assertEqual(len(lines), 1 + 1 + 3 + 12 + 8 + 1)
        self.assertEqual(len({(line.rule, line.of, line.level) for line in lines}), len(lines))

    def test_plain_rules(self):
        changes = {
            "window_days": Line(Rule.WINDOW, None, 0, 365, 180),
            "dwell_days": Line(Rule.DWELL, None, 0, 30, 180),
        }
        for name, expected in changes.items():
            with self.subTest(name):
                self.assertEqual(differing(policy(), policy(**{name: 180})), [expected])

    def test_weights_are_compared_as_shares(self):
        weights = {"recency_weight": 2, "frequency_weight": 3, "money_weight": 5}
        self.assertEqual(differing(policy(), policy(**weights)), [])
        lines = differing(policy(), policy(**weights | {"money_weight": 15}))
        self.assertEqual([(line.of, line.rule) for line in lines][2], ("money", Rule.WEIGHT))
        self.assertEqual([round(line.new, 2) for line in lines], [0.10, 0.15, 0.75])

    def test_a_cut_point_has_the_level_that_it_gives(self):
        """Level 5 of recency is the shortest silence, level 5 of money the greatest amount."""
        (line,) = differing(policy(), policy(recency_cuts=(20, 60, 120, 240)))
        self.assertEqual(line, Line(Rule.CUT, "recency", 5, 30, 20))
        (line,) = differing(policy(), policy(money_cuts=(100, 1000, 5000, 30000)))
        self.assertEqual(line, Line(Rule.CUT, "money", 5, 20000, 30000))

    def test_a_level_more_leaves_the_others_alone(self):
        (line,) = differing(policy(), policy(money_cuts=(100, 1000, 5000, 20000, 90000)))
        self.assertEqual(line, Line(Rule.CUT, "money", 6, None, 90000))
        (line,) = differing(policy(recency_cuts=(10, 30, 60, 120, 240)), policy())
        self.assertEqual(line, Line(Rule.CUT, "recency", 6, 10, None))

    def test_days_and_intervals_are_not_compared(self):
        """30 days and 30 intervals are the same number and another rule."""
        lines = differing(policy(), policy(recency_mode=RECENCY_RHYTHM))
        cuts = [line for line in lines if line.rule is Rule.CUT]
        self.assertEqual(len(cuts), 8)
        self.assertTrue(all((line.old is None) != (line.new is None) for line in cuts))
        self.assertEqual(len(lines), 9)

    def test_tiers(self):
        new = (TierRule("key", 92, 85), *TIERS[2:], TierRule("none", -1, -1))
        self.assertEqual(
            differing(policy(), policy(tiers=new)),
            [
                Line(Rule.THRESHOLD, "key", 0, 90, 92),
                Line(Rule.THRESHOLD, "none", 0, None, -1),
                Line(Rule.KEEP, "none", 0, None, -1),
                Line(Rule.THRESHOLD, "high", 0, 75, None),
                Line(Rule.KEEP, "high", 0, 70, None),
            ],
        )

    def test_the_other_way_round_old_and_new_change_places(self):
        """For random policies; equal ones differ in no line, unequal ones in some."""
        chance = random.Random(7)
        for _ in range(200):
            old, new = (
                policy(
                    window_days=chance.choice((90, 365)),
                    dwell_days=chance.choice((0, 30)),
                    money_cuts=sorted(chance.sample(range(1, 9), chance.randint(1, 4))),
                    recency_cuts=sorted(chance.sample(range(1, 9), chance.randint(1, 4))),
                    tiers=TIERS[chance.randint(0, 2) :],
                )
                for _ in range(2)
            )
            forth, back = set(compare(old, new)), set(compare(new, old))
            self.assertEqual({line._replace(old=line.new, new=line.old) for line in back}, forth)
            self.assertEqual(bool(differing(old, new)), old != new)
