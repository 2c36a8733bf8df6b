"""Where score, tier, stage, what a person decided and the next look come together."""

import random
import unittest
from datetime import date

import numpy as np

from .. import judgement, pgcopy
from ..dates import NO_DATE, to_days
from ..judgement import Cause, Direction, Rules, judge
from ..lifecycle import Stage, StageReason
from ..lifecycle_limits import LifecycleLimits
from ..tiers import TierReason
from ..value_policy import TierRule
from .common import policy

AS_OF = to_days(date(2024, 6, 12))
KEY, HIGH, MEDIUM, LOW = 11, 12, 13, 14  # ids of tiers
STAGES = (21, 22, 23, 24, 25, 26)  # ids of stages, in the order of Stage
TIERS = tuple(
    TierRule(tier, threshold, keep)
    for tier, threshold, keep in ((KEY, 90, 85), (HIGH, 75, 70), (MEDIUM, 50, 45), (LOW, 0, 0))
)
RULES = Rules(
    policy=policy(tiers=TIERS, dwell_days=30),
    policy_id=5,
    limits=LifecycleLimits(),
    stage_ids=STAGES,
    market=1.0,
    median_interval=30.0,
    company_first=AS_OF - 1500,
)
#: As ``models/facts`` gives them; a test here keeps them in step with what ``judge`` reads.
FACTS = (
    ("partner_id", "int4"),
    ("first", "date"),
    ("last", "date"),
    ("window_first", "date"),
    ("purchases", "int4"),
    ("purchases_life", "int4"),
    ("recent_purchases", "int4"),
    ("invoices", "int4"),
    ("credit_notes", "int4"),
    ("revenue", "float8"),
    ("revenue_previous", "float8"),
    ("revenue_life", "float8"),
    ("credited", "float8"),
    ("recent", "float8"),
    ("prior", "float8"),
    ("long_run", "float8"),
    ("next_event", "date"),
)
COLUMNS = pgcopy.Columns(FACTS + judgement.STATE_COLUMNS)
STORED = [name for name, __ in judgement.STATE_COLUMNS if name not in ("profile_id",)]


def rows(*customers) -> np.ndarray:
    """One row per dict; what it leaves out is none."""
    found = COLUMNS.empty(len(customers))
    for row, values in zip(found, customers, strict=True):
        for name, value in values.items():
            row[name] = value
    return found


def buyer(ago=5, purchases=6, every=30, revenue=600.0, **values):
    """Somebody who bought so often, the last time so many days ago."""
    last = AS_OF - ago
    first = last - every * (purchases - 1)
    return {
        "partner_id": 1,
        "first": first,
        "last": last,
        "window_first": first,
        "purchases": purchases,
        "purchases_life": purchases,
        "recent_purchases": purchases,
        "invoices": purchases,
        "revenue": revenue,
        "revenue_life": revenue,
        "recent": revenue / 2,
        "prior": revenue / 2,
        "long_run": revenue,
        **values,
    }


def after(given, result) -> np.ndarray:
    """The rows of the next judgement: the same facts, what was stored in between."""
    stored = given.copy()
    stored["profile_id"] = np.where(
        given["profile_id"] > 0, given["profile_id"], given["partner_id"]
    )
    for name in STORED:
        if name in result.dtype.names:
            stored[name] = result[name]
    return stored


def judged(customer, rules=RULES, as_of=AS_OF):
    return judge(rows(customer), rules, as_of=as_of)[0]


class Idempotence(unittest.TestCase):
    """Rule 11: judged again on the same day, nobody moves and nothing is written."""

    def test_random_customers(self):
        given = rows(*random_customers(400))
        first = judge(given, RULES, as_of=AS_OF)
        again = judge(after(given, first), RULES, as_of=AS_OF)
        changed = np.flatnonzero(first["fingerprint"] != again["fingerprint"])
        differing = [
            (int(row), name)
            for row in changed
            for name, __ in judgement.PROFILE_COLUMNS
            if first[name][row] != again[name][row]
        ]
        self.assertEqual(differing, [])
        for kind in ("tier", "stage"):
            self.assertFalse(again[f"{kind}_direction"].any())

    def test_order_and_company_of_rows_do_not_matter(self):
        given = rows(*random_customers(200))
        whole = judge(given, RULES, as_of=AS_OF)
        backwards = judge(given[::-1], RULES, as_of=AS_OF)[::-1]
        alone = np.concatenate([judge(given[i : i + 1], RULES, as_of=AS_OF) for i in range(200)])
        self.assertTrue((whole == backwards).all())
        self.assertTrue((whole == alone).all())

    def test_nobody(self):
        self.assertEqual(len(judge(rows(), RULES, as_of=AS_OF)), 0)


class NextChange(unittest.TestCase):
    """Rule 3: until its day nothing changes, whoever looks in between."""

    def test_nothing_changes_before(self):
        given = rows(*random_customers(300))
        first = judge(given, RULES, as_of=AS_OF)
        standing = after(given, first)
        for wait in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233):
            later = judge(standing, RULES, as_of=AS_OF + wait)
            due = first["next_change_date"]
            quiet = (due == NO_DATE) | (due > AS_OF + wait)
            moved = quiet & (later["fingerprint"] != first["fingerprint"])
            with self.subTest(wait=wait):
                self.assertEqual(np.flatnonzero(moved).tolist(), [])
                self.assertGreater(np.count_nonzero(quiet), 0)

    def test_it_is_always_to_come(self):
        result = judge(rows(*random_customers(300)), RULES, as_of=AS_OF)
        due = result["next_change_date"]
        self.assertTrue(((due == NO_DATE) | (due > AS_OF)).all())

    def test_the_earliest_of_all_reasons(self):
        base = judged(buyer())["next_change_date"]
        self.assertEqual(judged(buyer(next_event=AS_OF + 1))["next_change_date"], AS_OF + 1)
        self.assertEqual(judged(buyer(next_event=base + 9))["next_change_date"], base)
        manual = {"manual_tier_id": KEY, "manual_tier_until": AS_OF + 3}
        self.assertEqual(judged(buyer(**manual))["next_change_date"], AS_OF + 4)
        manual = {"manual_stage_id": STAGES[2], "manual_stage_until": AS_OF}
        self.assertEqual(judged(buyer(**manual))["next_change_date"], AS_OF + 1)

    def test_a_customer_without_a_purchase_changes_by_a_document_alone(self):
        self.assertEqual(judged({"partner_id": 1})["next_change_date"], NO_DATE)


class Manual(unittest.TestCase):
    def test_it_outranks_until_its_last_day(self):
        for until, holds in ((NO_DATE, True), (AS_OF + 1, True), (AS_OF, True), (AS_OF - 1, False)):
            result = judged(buyer(manual_tier_id=KEY, manual_tier_until=until))
            with self.subTest(until=until):
                self.assertEqual(bool(result["tier_manual"]), holds)
                self.assertEqual(result["value_tier_id"] == KEY, holds)
                self.assertNotEqual(result["computed_tier_id"], KEY)

    def test_what_is_computed_goes_on_beneath(self):
        chosen = buyer(manual_tier_id=KEY, manual_stage_id=STAGES[Stage.GROWTH])
        with_choice, without = judged(chosen), judged(buyer())
        for name in ("computed_tier_id", "computed_stage_id", "value_score", "stage_reason"):
            with self.subTest(name):
                self.assertEqual(with_choice[name], without[name])

    def test_no_choice_is_not_a_choice_of_none(self):
        result = judged(buyer(manual_tier_until=AS_OF + 10))
        self.assertFalse(result["tier_manual"])
        self.assertEqual(result["value_tier_id"], result["computed_tier_id"])

    def test_a_person_may_give_a_tier_to_who_never_bought(self):
        result = judged({"partner_id": 1, "manual_tier_id": HIGH})
        self.assertEqual((result["value_tier_id"], result["computed_tier_id"]), (HIGH, 0))


class Moves(unittest.TestCase):
    """What the log is told: from, which way, why."""

    def standing(self, tier=MEDIUM, stage=Stage.MATURITY, **values):
        return {
            "profile_id": 7,
            "policy_id": 5,
            "computed_tier_id": tier,
            "value_tier_id": tier,
            "tier_since": AS_OF - 100,
            "computed_stage_id": STAGES[stage],
            "lifecycle_stage_id": STAGES[stage],
            "stage_since": AS_OF - 100,
            **values,
        }

    def test_a_first_judgement(self):
        result = judged(buyer())
        self.assertEqual((result["tier_from"], result["stage_from"]), (0, 0))
        for kind in ("tier", "stage"):
            self.assertEqual(result[f"{kind}_direction"], Direction.FIRST)
            self.assertEqual(result[f"{kind}_cause"], Cause.FIRST)
            self.assertEqual(result[f"{kind}_since"], AS_OF)
        self.assertEqual(result["tier_move"], TierReason.FIRST)
        self.assertEqual(result["tier_reason"], TierReason.KEPT, "a standing, not an event")

    def test_up_at_once(self):
        result = judged(buyer(purchases=20, every=10, revenue=90_000.0, **self.standing()))
        self.assertEqual(result["value_tier_id"], KEY)
        self.assertEqual(result["tier_direction"], Direction.UP)
        self.assertEqual(result["tier_cause"], Cause.FACTS)
        self.assertEqual((result["tier_from"], result["tier_move"]), (MEDIUM, TierReason.RAISED))
        self.assertEqual(result["tier_since"], AS_OF)

    def test_down_after_the_wait(self):
        for since, tier, direction in (
            (AS_OF - 29, KEY, Direction.STAYED),
            (AS_OF - 30, MEDIUM, Direction.DOWN),
        ):
            result = judged(buyer(**self.standing(KEY, tier_below_since=since)))
            with self.subTest(since=since):
                self.assertEqual(result["value_tier_id"], tier)
                self.assertEqual(result["tier_direction"], direction)

    def test_no_move_keeps_its_day(self):
        result = judged(buyer(**self.standing()))
        self.assertEqual(result["value_tier_id"], MEDIUM)
        self.assertEqual((result["tier_direction"], result["tier_since"]), (0, AS_OF - 100))

    def test_another_policy_is_the_cause(self):
        result = judged(
            buyer(revenue=90_000.0, purchases=20, every=10, **self.standing(policy_id=4))
        )
        self.assertEqual(result["tier_cause"], Cause.POLICY)
        self.assertEqual(result["policy_id"], 5)

    def test_other_limits_are_the_cause_of_a_stage(self):
        customer = buyer(ago=400, **self.standing())
        self.assertEqual(judged(customer)["stage_cause"], Cause.FACTS)
        changed = RULES._replace(new_rules=("stage",))
        result = judged(customer, changed)
        self.assertEqual(result["stage_cause"], Cause.POLICY)
        self.assertEqual(result["tier_cause"], Cause.FACTS)  # no limit decides a tier

    def test_by_hand_and_its_end(self):
        chosen = buyer(**self.standing(manual_tier_id=HIGH))
        result = judged(chosen)
        self.assertEqual(result["tier_cause"], Cause.MANUAL)
        self.assertEqual(result["tier_direction"], Direction.UP)
        ended = buyer(
            **self.standing(
                MEDIUM,
                value_tier_id=HIGH,
                tier_manual=True,
                manual_tier_id=HIGH,
                manual_tier_until=AS_OF - 1,
            )
        )
        result = judged(ended)
        self.assertEqual(
            (result["tier_cause"], result["value_tier_id"]), (Cause.MANUAL_END, MEDIUM)
        )
        self.assertEqual(result["tier_direction"], Direction.DOWN)

    def test_all_purchases_cancelled(self):
        result = judged({"partner_id": 1, **self.standing()})
        self.assertEqual(result["value_tier_id"], 0)
        self.assertEqual(result["tier_direction"], Direction.NONE)
        self.assertEqual(result["lifecycle_stage_id"], STAGES[Stage.POTENTIAL])
        self.assertEqual(result["stage_direction"], Direction.DOWN)

    def test_a_tier_the_policy_no_longer_knows(self):
        result = judged(buyer(**self.standing(99, policy_id=4)))
        self.assertIn(result["value_tier_id"], (KEY, HIGH, MEDIUM, LOW))
        self.assertEqual(result["tier_from"], 99)
        self.assertEqual(result["tier_direction"], Direction.UP, "what is unknown ranks last")

    def test_directions_of_stages(self):
        """Up is away from decline and loss."""
        goes_to_lost = buyer(ago=900, **self.standing(stage=Stage.DECLINE))
        self.assertEqual(judged(goes_to_lost)["stage_direction"], Direction.DOWN)
        comes_back = buyer(ago=1, **self.standing(stage=Stage.LOST))
        self.assertEqual(judged(comes_back)["stage_direction"], Direction.UP)


class Figures(unittest.TestCase):
    def test_money_is_rounded_to_the_currency_once(self):
        result = judged(buyer(revenue=0.1 + 0.2, credited=-0.0))
        self.assertEqual((result["revenue"], result["credited"]), (0.3, 0.0))
        self.assertEqual(str(result["credited"]), "0.0")
        yen = judged(buyer(revenue=1234.4999), RULES._replace(decimals=0))
        self.assertEqual(yen["revenue"], 1234)

    def test_what_is_scored_is_what_is_shown(self):
        """999.996 shows as 1,000.00: then it must count as 1,000.00."""
        self.assertEqual(judged(buyer(revenue=999.996))["monetary_level"], 3)
        self.assertEqual(judged(buyer(revenue=999.994))["monetary_level"], 2)

    def test_intervals(self):
        result = judged(buyer(purchases=6, every=30))
        self.assertEqual((result["mean_interval"], result["recent_interval"]), (30, 30))
        single = judged(buyer(purchases=1))
        self.assertEqual((single["mean_interval"], single["recent_interval"]), (0, 0))
        self.assertEqual(single["expected_interval"], 30, "the company's")
        self.assertEqual(judged({"partner_id": 1})["expected_interval"], 0)

    def test_without_history_the_trend_says_so(self):
        young = RULES._replace(company_first=AS_OF - 300)
        result = judged(buyer(ago=1, purchases=8, every=35), young)
        self.assertFalse(result["trend_known"])
        self.assertEqual(result["trend_ratio"], 0)
        self.assertEqual(result["stage_reason"], StageReason.TREND_UNKNOWN)

    def test_no_column_is_left_undecided(self):
        """Each written column has a value for everybody, NaN never."""
        result = judge(rows(*random_customers(200)), RULES, as_of=AS_OF)
        for name, sql_type in judgement.RESULT_COLUMNS:
            if sql_type == "float8":
                with self.subTest(name):
                    self.assertTrue(np.isfinite(result[name]).all())
        self.assertTrue((result["lifecycle_stage_id"] > 0).all())
        self.assertTrue((result["fingerprint"] >= 1).all())

    def test_results_travel(self):
        result = judge(rows(*random_customers(50)), RULES, as_of=AS_OF)
        columns = pgcopy.Columns(judgement.RESULT_COLUMNS)
        self.assertTrue((columns.decode(columns.encode(result)) == result).all())

    def test_any_figure_that_is_shown_is_in_the_fingerprint(self):
        base = judged(buyer())["fingerprint"]
        for change in (
            {"revenue": 600.01},
            {"credited": 1.0},
            {"invoices": 7},
            {"credit_notes": 1},
            {"revenue_previous": 5.0},
            {"revenue_life": 601.0},
            {"recent": 301.0},
            {"prior": 299.0},
            {"long_run": 601.0},
            {"next_event": AS_OF + 1},
            {"manual_tier_id": KEY},
        ):
            with self.subTest(change):
                self.assertNotEqual(judged(buyer() | change)["fingerprint"], base)
        self.assertNotEqual(
            judged(buyer(), RULES._replace(policy_id=6))["fingerprint"], base, "who judged"
        )


def random_customers(count, seed=4):
    """Customers new and old, with and without a past judgement and a choice by hand."""
    random_ = random.Random(seed)
    for number in range(count):
        values = buyer(
            ago=random_.choice((0, 1, 5, 20, 40, 61, 120, 240, 500)),
            purchases=random_.randint(1, 20),
            every=random_.choice((1, 7, 30, 45, 90)),
            revenue=round(
                random_.choice((5, 120, 999.995, 6000, 30_000)) * random_.random() * 2, 3
            ),
            partner_id=number + 1,
            prior=random_.choice((0.0, 50.0, 2000.0)),
        )
        if random_.random() < 0.1:
            values = {"partner_id": number + 1, "credited": 7.0, "revenue": -7.0}
        if random_.random() < 0.3:
            values["next_event"] = AS_OF + random_.randint(1, 200)
        if random_.random() < 0.6:
            tier = random_.choice((KEY, HIGH, MEDIUM, LOW, 0))
            stage = random_.choice((*STAGES, 0))
            values |= {
                "profile_id": number + 1,
                "policy_id": random_.choice((5, 4)),
                "computed_tier_id": tier,
                "value_tier_id": tier,
                "tier_below_since": random_.choice((NO_DATE, NO_DATE, AS_OF - 10, AS_OF - 40)),
                "tier_since": AS_OF - 50,
                "computed_stage_id": stage,
                "lifecycle_stage_id": stage,
                "stage_since": AS_OF - 50,
            }
        if random_.random() < 0.2:
            values |= {
                "manual_tier_id": random_.choice((KEY, LOW)),
                "manual_tier_until": random_.choice((NO_DATE, AS_OF - 1, AS_OF, AS_OF + 30)),
            }
        if random_.random() < 0.2:
            values |= {
                "manual_stage_id": random_.choice(STAGES),
                "manual_stage_until": random_.choice((NO_DATE, AS_OF - 1, AS_OF, AS_OF + 7)),
            }
        yield values
