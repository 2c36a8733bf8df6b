"""Going from day to day again: the facts of any day, and the path that a tier depends on."""

import random
import unittest
from datetime import date

import numpy as np

from .. import pgcopy, replay
from ..dates import NO_DATE, from_days, to_days
from ..replay import Purchases, Replay, month_starts
from .test_judgement import AS_OF, COLUMNS, HIGH, KEY, RULES

DAILY = pgcopy.Columns(replay.DAILY_COLUMNS)
WINDOWS = (365, 182, 728)


def daily(*days) -> np.ndarray:
    """Rows ``(partner, day, amount[, undone_on])``; a negative amount is a credit note."""
    rows = DAILY.empty(len(days))
    for row, (partner, day, amount, *undone) in zip(rows, days, strict=True):
        row["partner_id"], row["day"], row["amount"] = partner, day, amount
        row["sales"], row["credits"] = amount > 0, amount < 0
        row["credited"] = max(-amount, 0)
        if undone:
            row["undone_on"] = undone[0]
    return rows


def random_days(seed: int, partners: int) -> list[tuple]:
    """Some sales are given back on the day of one of the customer's next documents."""
    random_ = random.Random(seed)
    days = []
    for partner in range(1, partners + 1):
        every = random_.choice((4, 20, 70))
        dates = [
            day + random_.randint(0, every - 1) for day in range(AS_OF - 800, AS_OF + 30, every)
        ]
        for position, day in enumerate(dates):
            amount = round(random_.choice((-30, 400, 3000)) * random_.random() + 1, 2)
            undone = dates[position + 1 : position + 6] if random_.random() < 0.2 else []
            undone = [random_.choice(undone)] if undone and amount > 0 else []
            days.append((partner, day, amount, *undone))
    random_.shuffle(days)
    return days


def facts(purchases: Purchases, as_of: int, who=None) -> np.ndarray:
    who = np.arange(len(purchases.partner_ids)) if who is None else np.array(who)
    rows = COLUMNS.empty(len(who))
    purchases.facts_into(rows, who, as_of, WINDOWS)
    return rows


def plainly(days, partner: int, as_of: int) -> dict:
    """The facts of one customer, by their definitions."""
    own = [
        (day, amount, undone[0] if undone else None)
        for p, day, amount, *undone in days
        if p == partner
    ]
    past = [row for row in own if row[0] <= as_of]
    bought = sorted(
        day for day, amount, undone in past if amount > 0 and (undone is None or undone > as_of)
    )
    value, trend, long_run = WINDOWS

    def total(begin, end=as_of):
        return sum(amount for day, amount, __ in past if begin < day <= end)

    recent = [day for day in bought if day > as_of - value]
    offsets = (value, 365, 365 + value, trend, 364, 364 + trend, long_run)
    events = [
        day + offset for day, __, __ in own for offset in (0, *offsets) if day + offset > as_of
    ]
    return {
        "first": bought[0] if bought else NO_DATE,
        "last": bought[-1] if bought else NO_DATE,
        "window_first": recent[0] if recent else NO_DATE,
        "purchases": len(recent),
        "purchases_life": len(bought),
        "recent_purchases": len([day for day in bought if day > as_of - trend]),
        "invoices": len([1 for day, amount, __ in past if amount > 0 and day > as_of - value]),
        "credit_notes": len([1 for day, amount, __ in past if amount < 0 and day > as_of - value]),
        "revenue": total(as_of - value),
        "revenue_previous": total(as_of - 365 - value, as_of - 365),
        "revenue_life": total(-(10**9)),
        "credited": -sum(a for day, a, __ in past if a < 0 and day > as_of - value),
        "recent": total(as_of - trend),
        "prior": total(as_of - 364 - trend, as_of - 364),
        "long_run": total(as_of - long_run),
        "next_event": min(events, default=NO_DATE),
    }


class TestPurchases(unittest.TestCase):
    def test_facts_by_their_definitions(self):
        days = random_days(3, 5)
        purchases = Purchases(daily(*days), np.arange(1, 7))  # the sixth has no document
        for as_of in (*range(AS_OF - 60, AS_OF + 40), AS_OF - 820, AS_OF - 400):
            found = facts(purchases, as_of)
            for partner in range(1, 7):
                for name, expected in plainly(days, partner, as_of).items():
                    with self.subTest(as_of=as_of, partner=partner, fact=name):
                        self.assertAlmostEqual(found[partner - 1][name], expected, 7)

    def test_any_customers_in_any_order_and_days_back_again(self):
        days = random_days(4, 4)
        purchases = Purchases(daily(*days), np.arange(1, 5))
        later = facts(purchases, AS_OF)
        facts(purchases, AS_OF - 300)
        again = facts(purchases, AS_OF, [3, 1])
        self.assertEqual(again.tolist(), later[[3, 1]].tolist())

    def test_the_first_day_of_any_document(self):
        purchases = Purchases(daily((2, 50, -3.0), (2, 60, 5.0)), np.array([1, 2]))
        self.assertEqual(purchases.first_day.tolist(), [NO_DATE, 50])

    def test_cents_of_large_bases_add_up(self):
        rows = [(partner, day, 0.1) for partner in (1, 2) for day in range(AS_OF - 300, AS_OF)]
        rows += [(0, day, 1e9) for day in range(AS_OF - 900, AS_OF)]
        found = facts(Purchases(daily(*rows), np.array([0, 1, 2])), AS_OF)
        np.testing.assert_allclose(found["revenue"][1:], 30.0, atol=1e-6)


class TestReplay(unittest.TestCase):
    def _replay(self, days, start, breaks=(), rules_on=lambda day: (RULES, WINDOWS)):
        partner_ids = np.unique(np.array([row[0] for row in days]))
        rows = COLUMNS.empty(len(partner_ids))
        rows["partner_id"] = partner_ids
        return Replay(Purchases(daily(*days), partner_ids), rows, rules_on, breaks, start)

    def test_looking_when_due_is_looking_every_day(self):
        days, start = random_days(7, 40), AS_OF - 120
        due = self._replay(days, start)
        daily_ = self._replay(days, start, breaks=range(start, AS_OF + 1))
        moved = 0
        previous = None
        for day in range(start, AS_OF + 1):
            due.advance(day)
            daily_.advance(day)
            one, other = due.standing(), daily_.standing()
            for name in ("computed_tier_id", "computed_stage_id", "tier_below_since", "tier_since"):
                with self.subTest(day=day, column=name):
                    self.assertEqual(one[name].tolist(), other[name].tolist())
            standing = one[["computed_tier_id", "computed_stage_id"]]
            if previous is not None:
                moved += int((standing != previous).sum())
            previous = standing
        self.assertGreater(moved, 10)
        self.assertLess(due.steps, daily_.steps + 1)

    def test_a_tier_is_its_path(self):
        """Kept by the wait in a replay; judged on that day alone it would be lower."""
        days = [(1, AS_OF - n * 7, 2000.0) for n in range(35, 90)]
        went = self._replay(days, AS_OF - 200)
        alone = self._replay(days, AS_OF)
        for one in (went, alone):
            one.advance(AS_OF)
        self.assertTrue(went.standing()["tier_below_since"][0] != NO_DATE)
        self.assertNotEqual(
            went.standing()["computed_tier_id"][0], alone.standing()["computed_tier_id"][0]
        )

    def test_rules_change_for_everybody_on_their_day(self):
        days = [(1, AS_OF - n * 30, 800.0) for n in range(12)]
        strict = RULES._replace(
            policy_id=6,
            policy=RULES.policy.__class__(
                **{
                    **{f: getattr(RULES.policy, f) for f in RULES.policy.__dataclass_fields__},
                    "money_cuts": (10, 20, 30, 40),
                    "frequency_cuts": (1, 2, 3, 4),
                }
            ),
        )
        change = AS_OF - 10
        went = self._replay(
            days,
            AS_OF - 100,
            [change],
            lambda day: (strict if day >= change else RULES, WINDOWS),
        )
        went.advance(change - 1)
        self.assertNotIn(went.standing()["computed_tier_id"][0], (KEY,))
        went.advance(change + 3)
        self.assertIn(went.standing()["computed_tier_id"][0], (KEY, HIGH))
        self.assertEqual(went.standing()["tier_since"][0], change)

    def test_standing_changes_nothing(self):
        days = random_days(8, 4)
        looked, quiet = self._replay(days, AS_OF - 60), self._replay(days, AS_OF - 60)
        for day in range(AS_OF - 60, AS_OF):
            looked.advance(day)
            looked.standing()
        quiet.advance(AS_OF - 1)
        self.assertEqual(looked.standing().tolist(), quiet.standing().tolist())

    def test_nobody(self):
        rows = COLUMNS.empty(0)
        nobody = Replay(
            Purchases(daily(), np.array([], np.int32)),
            rows,
            lambda day: (RULES, WINDOWS),
            [],
            AS_OF,
        )
        nobody.advance(AS_OF + 3)
        self.assertEqual(len(nobody.standing()), 0)


class TestMonths(unittest.TestCase):
    def test_first_days_after_the_start(self):
        start, until = to_days(date(2023, 11, 1)), to_days(date(2024, 2, 1))
        self.assertEqual(
            [from_days(day) for day in month_starts(start, until)],
            [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)],
        )
        self.assertEqual(len(month_starts(until, until)), 0)
