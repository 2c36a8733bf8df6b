"""Judging a customer only when something can have changed gives what judging it every day gives.

Simulated customers over simulated documents. The daily path judges everyone on every day. The other
path judges a customer on the days of its own documents, on the day its last judgement named, and
everyone at the start of a month, when median and market are frozen anew. Both store what they
decided; the stored rows must be equal on every day.
"""

from unittest import TestCase

import numpy as np

from .. import lifecycle, rhythm, scoring, tiers
from ..dates import NO_DATE, earliest, month_start, only_after
from ..lifecycle import NO_STAGE, YEAR_DAYS, LifecycleLimits, StageFacts, StageReason
from ..tiers import NO_TIER
from ..value_policy import RECENCY_DAYS, RECENCY_RHYTHM
from .common import policy

START = 19_000
CUSTOMERS = 80
LIMITS = LifecycleLimits(
    window_days=60, long_run_days=150, trend_min_customer_days=450, trend_min_company_days=500
)


class Market:
    """Documents of simulated customers and the facts known of them on a day."""

    def __init__(self, seed, days):
        rng = np.random.default_rng(seed)
        self.amounts = np.zeros((CUSTOMERS, days))
        for customer in range(CUSTOMERS):
            day = int(rng.integers(0, days // 2))
            gap = rng.choice([2, 7, 30, 90])
            while day < days:
                size = 10 * np.exp(rng.normal(0, 0.5))
                self.amounts[customer, day] = np.round(size * 16) / 16  # sums are exact
                if rng.random() < 0.03:
                    gap = rng.choice([2, 7, 30, 90, 250])
                day += 1 + int(rng.exponential(gap))
        self.bought = self.amounts > 0
        credited = rng.random(self.amounts.shape) < 0.002
        self.amounts[credited & ~self.bought] = -8.0
        self.touched = self.amounts != 0
        self.running = np.hstack([np.zeros((CUSTOMERS, 1)), np.cumsum(self.amounts, 1)])
        self.counting = np.hstack([np.zeros((CUSTOMERS, 1), int), np.cumsum(self.bought, 1)])
        days_axis = np.arange(days)
        self.last = np.maximum.accumulate(np.where(self.bought, days_axis, -1), 1)
        self.first = np.where(self.bought.any(1), self.bought.argmax(1), days)
        self.company_first = START + int(self.touched.any(0).argmax())

    @staticmethod
    def window(running, day, length, back=0):
        """Sum over ``day - back - length < d <= day - back``."""
        end = max(day - back + 1, 0)
        return running[:, end] - running[:, max(end - length, 0)]

    def facts(self, day, median, limits):
        has = self.first <= day
        first = np.where(has, START + self.first, NO_DATE)
        last = np.where(has, START + self.last[:, day], NO_DATE)
        purchases = self.counting[:, day + 1]
        return StageFacts(
            first,
            last,
            purchases,
            rhythm.shrunk_interval(first, last, purchases, median),
            self.window(self.running, day, limits.window_days),
            self.window(self.running, day, limits.window_days, YEAR_DAYS),
            self.window(self.running, day, limits.long_run_days),
            self.window(self.counting, day, limits.window_days),
        )

    def next_events(self, offsets):
        """[customer, day]: first later day on which a document enters or leaves a window.

        Events of documents still to come do no harm: the document itself comes first.
        """
        days = self.touched.shape[1]
        never = 2 * days + max(offsets)
        event = np.full((CUSTOMERS, days + max(offsets) + 1), never)
        for customer, day in np.argwhere(self.touched):
            event[customer, day + np.array(offsets)] = day + np.array(offsets)
        following = np.minimum.accumulate(event[:, ::-1], 1)[:, ::-1][:, 1 : days + 1]
        return np.where(following == never, NO_DATE, START + following)


class Path:
    """What is stored of each customer, and the day it must be looked at again."""

    def __init__(self, market, rules, limits):
        self.market, self.rules, self.limits = market, rules, limits
        self.events = market.next_events(
            (
                rules.window_days, limits.window_days, YEAR_DAYS,
                YEAR_DAYS + limits.window_days, limits.long_run_days,
            )
        )  # fmt: skip
        self.tier = np.full(CUSTOMERS, NO_TIER)
        self.below_since = np.full(CUSTOMERS, NO_DATE)
        self.stage = np.full(CUSTOMERS, NO_STAGE)
        self.score = np.full(CUSTOMERS, -1.0)
        self.reason = np.full(CUSTOMERS, -1)
        self.ratio = np.full(CUSTOMERS, np.nan)
        self.due = np.full(CUSTOMERS, START)

    def judge(self, who, day, frozen):
        market, rules, limits = self.market, self.rules, self.limits
        median, index = frozen
        as_of = START + day
        facts = StageFacts(*(values[who] for values in market.facts(day, median, limits)))
        frequency = market.window(market.counting, day, rules.window_days)[who]
        money = market.window(market.running, day, rules.window_days)[who]
        scores = scoring.score(
            facts.last, frequency, money, as_of=as_of, policy=rules, interval=facts.interval
        )
        tier = tiers.decide(
            scores.score, facts.last != NO_DATE, self.tier[who], self.below_since[who],
            as_of=as_of, policy=rules,
        )  # fmt: skip
        stage = lifecycle.decide(
            facts, self.stage[who], as_of=as_of, company_first=market.company_first,
            market=index, limits=limits,
        )  # fmt: skip
        self.tier[who], self.below_since[who] = tier.tier_index, tier.below_since
        self.score[who] = scores.score
        self.stage[who], self.reason[who] = stage.stage, stage.reason
        self.ratio[who] = stage.trend_ratio
        self.due[who] = earliest(
            scoring.next_recency_change(
                facts.last, as_of=as_of, policy=rules, interval=facts.interval
            ),
            only_after(tiers.dwell_end(tier.below_since, rules), as_of),
            lifecycle.next_change(
                facts, stage.stage, as_of=as_of, company_first=market.company_first, limits=limits,
                next_window_event=self.events[who, day],
            ),
        )  # fmt: skip

    def stored(self):
        return np.vstack(
            [self.tier, self.below_since, self.score, self.stage, self.reason, self.ratio]
        )


class TestPaths(TestCase):
    def walk(self, seed, days, rules, limits=LIMITS):
        """Walk both paths side by side; judgements when due, moves, and stage reasons met."""
        market = Market(seed, days)
        daily, sparse = Path(market, rules, limits), Path(market, rules, limits)
        everyone = np.arange(CUSTOMERS)
        looks, moves, reasons, frozen, month = 0, 0, set(), None, None
        for day in range(days):
            fresh_month = month_start(START + day) != month
            if fresh_month:
                month = month_start(START + day)
                facts = market.facts(day, 30.0, limits)
                frozen = (
                    rhythm.company_median(facts.first, facts.last, facts.purchases),
                    lifecycle.market_index(facts.recent.sum(), facts.prior.sum()),
                )
            before = np.vstack([daily.tier, daily.stage])
            daily.judge(everyone, day, frozen)
            moves += np.count_nonzero(before != np.vstack([daily.tier, daily.stage]))
            reasons |= set(daily.reason.tolist())
            due = (sparse.due != NO_DATE) & (sparse.due <= START + day)
            who = np.flatnonzero(fresh_month | due | market.touched[:, day])
            if who.size:
                sparse.judge(who, day, frozen)
                looks += who.size
            np.testing.assert_array_equal(
                sparse.stored(), daily.stored(), err_msg=f"seed {seed}, day {day}"
            )
        return looks, moves, reasons

    def test_judging_when_due_equals_judging_daily(self):
        for seed, mode in [(1, RECENCY_DAYS), (2, RECENCY_RHYTHM), (3, RECENCY_RHYTHM)]:
            cuts = (20, 45, 90, 150) if mode == RECENCY_DAYS else (0.8, 1.5, 2, 4)
            rules = policy(
                recency_mode=mode, recency_cuts=cuts, money_cuts=(20, 60, 150, 400),
                window_days=120, dwell_days=17,
            )  # fmt: skip
            with self.subTest(seed=seed, mode=mode):
                looks, moves, reasons = self.walk(seed, 900, rules)
                # the paths had something to agree on
                self.assertEqual(reasons, set(map(int, StageReason)))
                self.assertGreater(moves, 10 * CUSTOMERS)
                self.assertLess(looks, 0.4 * 900 * CUSTOMERS)

    def test_a_second_judgement_of_the_same_day_changes_nothing(self):
        rules = policy(money_cuts=(20, 60, 150, 400), window_days=120, dwell_days=17)
        path, everyone = Path(Market(4, 900), rules, LIMITS), np.arange(CUSTOMERS)
        for day in range(0, 900, 3):
            path.judge(everyone, day, (30.0, 1.1))
            once = path.stored()
            path.judge(everyone, day, (30.0, 1.1))
            np.testing.assert_array_equal(path.stored(), once, err_msg=f"day {day}")
