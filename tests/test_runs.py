"""Runs: cheap where nothing changed, the same answer by every way, a log of each move."""

import random
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.run import customer_run_batch as batch
from .common import JUDGED, CustomerCase

RUN_LOGGER = "odoo.addons.customer_success.models.run.customer_run"


class RunCase(CustomerCase):
    @classmethod
    def _histories(cls, customers, companies, seed=1, days=900):
        """Customers of many rhythms, the same in each company: growing, fading, gone, new, rare."""
        random_ = random.Random(seed)
        rows = []
        for number, customer in enumerate(customers):
            rhythm = random_.choice((9, 20, 20, 35, 70, 150))
            begin = cls.today - timedelta(random_.choice((days, days, days, days, 500, 160, 40)))
            end = cls.today - timedelta(random_.choice((0, 0, 0, 0, 30, 120, 400)))
            day, amount = begin, random_.choice((20, 90, 400, 900))
            yearly = random_.choice((-0.35, 0, 0, 2))  # growth per year
            while day <= max(begin, end):
                grown = amount * max(0.05, 1 + yearly * (day - begin).days / 365)
                rows.append((customer, day, round(grown * random_.uniform(0.7, 1.3), 2)))
                if random_.random() < 0.08:
                    rows.append((customer, day + timedelta(2), -round(amount / 4, 2)))
                day += timedelta(max(1, round(random_.gauss(rhythm, rhythm / 4))))
            if number % 9 == 0:  # an order book that reaches into the future
                rows.append((customer, cls.today + timedelta(11 + number), 500))
        for company in companies:
            cls._bulk(rows, company)
        return rows


@tagged("post_install", "-at_install")
class TestUnchanged(RunCase):
    """A second run over the same state changes 0 rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._customers(30)
        cls._histories(cls.customers, cls.company)

    def test_a_second_run_writes_nothing(self):
        first = self._run("full")
        self.assertGreaterEqual(first.changed_count, 30)
        before = self._physical()
        logged = self.env["customer.transition"].search_count(
            [("company_id", "=", self.company.id)]
        )
        for kind in ("full", "nightly", "incremental"):
            with self.subTest(kind):
                again = self._run(kind)
                self.assertEqual((again.changed_count, again.moved_count), (0, 0))
                self.assertEqual(self._physical(), before)
        self.assertEqual(
            self.env["customer.transition"].search_count([("company_id", "=", self.company.id)]),
            logged,
        )
        self.assertEqual(again.read_count, 0, "nobody is due: nobody is read")

    def test_a_mark_without_a_change_writes_nothing(self):
        self._run("full")
        before = self._physical()
        self.env["customer.mark"]._add((self.company.id, c.id) for c in self.customers)
        run = self._run()
        self.assertEqual((run.read_count, run.changed_count, run.skipped_count), (30, 0, 30))
        self.assertEqual(self._physical(), before)

    def test_only_the_customer_that_changed_is_written(self):
        self._run("full")
        before = {profile: row for profile, *row in self._physical()}
        self._invoice(self.customers[3], self.today, 77)
        run = self._run()
        after = {profile: row for profile, *row in self._physical()}
        self.assertEqual(
            [profile for profile in before if before[profile] != after[profile]],
            self._profile(self.customers[3]).ids,
        )
        self.assertEqual((run.read_count, run.changed_count), (1, 1))

    def test_the_ledger_adds_up(self):
        run = self._run("full")
        self.assertEqual(run.read_count, run.changed_count + run.skipped_count)
        self.assertEqual(
            run.moved_count,
            self.env["customer.transition"].search_count([("company_id", "=", self.company.id)]),
        )
        self.assertTrue(run.seconds.keys() >= {"facts", "judge", "store"})
        self.assertEqual(run.progress, 100)
        self.assertTrue(run.policy_id)

    def test_small_batches_give_the_same(self):
        self._run("full")
        whole = self._snapshot()
        self.env.cr.execute("DELETE FROM customer_profile WHERE company_id = %s", [self.company.id])
        self.env.invalidate_all()
        with patch.object(batch, "FULL_BATCH", self.customers[0].id // 5):
            run = self._run("full")
        self.assertSame(self._snapshot(), whole)
        self.assertEqual(run.read_count, len(whole))

    def test_small_incremental_batches_give_the_same(self):
        self._run("full")
        self._bulk([(customer, self._ago(1), 1234) for customer in self.customers[:10]])
        marks = [(self.company.id, customer.id) for customer in self.customers[:10]]
        self.env["customer.mark"]._add(marks)
        with patch.object(batch, "INCREMENTAL_BATCH", 3):
            run = self._run()
        self.assertEqual((run.read_count, run.changed_count, self._marks()), (10, 10, []))
        whole = self._snapshot()
        self._run("full")
        self.assertSame(self._snapshot(), whole)


@tagged("post_install", "-at_install")
class TestSameByEveryWay(RunCase):
    """Rule 3: a full run gives the same answer as the incremental ones before it.

    Twin companies with the same customers and the same documents: one is computed whole on every day, the
    other only where a document changed or a day has come.
    """

    NAMES = [name for name in JUDGED if name != "policy_id"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls._new_company("Twin")
        cls.customers = cls._customers(26)
        cls._histories(cls.customers, cls.company | cls.twin, seed=3)
        for company in cls.company | cls.twin:
            cls.env["customer.value.policy"]._published(company)._kernel()

    def setUp(self):
        super().setUp()
        for company in self.company | self.twin:  # cut-points from these very histories
            policy = self.env["customer.value.policy"].create(
                {"company_id": company.id, "dwell_days": 12}
            )
            self.assertTrue(policy._calibrate(self.today))
            policy.action_publish()
            self._run("full", company=company)
        self.assertTwins(self.today)

    def assertTwins(self, day):
        self.assertSame(
            self._snapshot(self.company, self.NAMES),
            self._snapshot(self.twin, self.NAMES),
            str(day),
        )

    def test_the_start_holds_every_stage_and_several_tiers(self):
        stages = set(self._profiles().lifecycle_stage_id.mapped("code"))
        self.assertTrue(
            stages >= {"introduction", "growth", "maturity", "decline", "lost"},
            self._profiles().mapped(lambda p: (p.trend_ratio, p.stage_reason)),
        )
        self.assertGreaterEqual(len(self._profiles().value_tier_id), 3)

    def test_the_passage_of_days(self):
        """Nobody buys any more: what changes, changes on a day that was known beforehand."""
        read = moved = 0
        for wait in range(1, 61):
            day = self.today + timedelta(wait)
            runs = self._keep_up(day)
            self._run("full", day, self.twin)
            self.assertTwins(day)
            if "full" not in runs.mapped("kind"):
                read += sum(runs.mapped("read_count"))
            moved += sum(runs.mapped("moved_count"))
        self.assertGreater(moved, 10, "nothing moved: the test tests nothing")
        self.assertLess(read, 60 * 26 / 2, "everybody was due on most days: that is no saving")

    def test_random_changes_and_days_without_a_run(self):
        random_ = random.Random(11)
        day = self.today
        open_documents = []
        for _ in range(18):
            day += timedelta(random_.choice((1, 1, 2, 5, 9, 17)))
            for _ in range(random_.choice((0, 1, 1, 2))):
                self._change(random_, day, open_documents)
            self._keep_up(day)
            self._run("full", day, self.twin)
            self.assertTwins(day)

    def _change(self, random_, day, open_documents):
        """Post, cancel, reset or credit the same in both companies."""
        action = random_.choice(("post", "post", "late", "future", "cancel", "credit", "part"))
        if action in ("post", "late", "future") or not open_documents:
            customer = random_.choice(self.customers)
            amount = random_.choice((15, 250, 4000))
            shift = {"late": -random_.randint(1, 300), "future": random_.randint(1, 12)}
            when = day + timedelta(shift.get(action, 0))
            open_documents.append(
                [
                    self._invoice(customer, when, amount, company=company)
                    for company in (self.company, self.twin)
                ]
            )
            return
        pair = open_documents.pop(random_.randrange(len(open_documents)))
        for invoice in pair:
            if action == "cancel":
                invoice.button_draft()
                invoice.button_cancel()
            else:
                whole = invoice.amount_untaxed
                self._credit(
                    invoice.partner_id,
                    day,
                    whole if action == "credit" else round(whole / 3, 2),
                    of=invoice,
                    company=invoice.company_id,
                )

    def test_everything_at_once_equals_everything_in_between(self):
        """A fresh company computed once agrees in all that has no memory."""
        memoryless = [
            name
            for name in self.NAMES
            if not name.startswith(("tier_", "stage_"))
            and not name.endswith(("tier_id", "stage_id", "change_date"))
        ]
        day = self.today + timedelta(40)
        for wait in (3, 11, 25, 40):
            for company in self.company | self.twin:  # both measure a month's market on one day
                self._keep_up(self.today + timedelta(wait), company)
        self.env.cr.execute("DELETE FROM customer_profile WHERE company_id = %s", [self.twin.id])
        self.env.invalidate_all()
        self._run("full", day, self.twin)
        self.assertSame(
            self._snapshot(self.company, memoryless), self._snapshot(self.twin, memoryless)
        )


@tagged("post_install", "-at_install")
class TestSchedule(RunCase):
    """Which run is due, by the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._customers(12)
        cls._histories(cls.customers, cls.company, days=300)

    def setUp(self):
        super().setUp()
        self._run("full")

    def _kinds(self, *args, **options):
        return self._keep_up(*args, **options).mapped("kind")

    def test_a_new_company_is_judged_without_being_asked(self):
        company = self._new_company("New")
        self.assertEqual(self._kinds(company=company), ["full"])
        self.assertEqual(self._kinds(company=company), [])

    def test_the_night_is_in_the_ledger_though_nothing_changed(self):
        day = self.today + timedelta(1)
        self.assertEqual(self._kinds(day, nightly=True), ["nightly"])
        self.assertEqual(self._kinds(day, nightly=True), [])

    def test_keeping_up_opens_no_run_for_nothing(self):
        self.assertEqual(self._kinds(), [])
        self._invoice(self.customers[0], self.today, 10)
        self.assertEqual(self._kinds(), ["incremental"])
        self.assertEqual(self._kinds(), [])

    def test_a_new_month_is_a_full_run(self):
        self.assertEqual(self._kinds(date(2024, 6, 30)), ["incremental"])
        self.assertEqual(self._kinds(date(2024, 7, 1)), ["full"])
        self.assertEqual(self._kinds(date(2024, 7, 1)), [])
        markets = self.env["customer.market"].search([("company_id", "=", self.company.id)])
        self.assertEqual(markets.mapped("month"), [date(2024, 7, 1), date(2024, 6, 1)])

    def test_a_new_month_is_a_full_run_though_somebody_recomputed_one_customer_first(self):
        """That one measured the new month's market: everybody else is still judged by the old one."""
        with self._on(date(2024, 7, 1)):
            self._profile(self.customers[0]).action_recompute()
        self.assertEqual(self._kinds(date(2024, 7, 1)), ["full"])

    def test_a_month_of_the_year_before_is_another_month(self):
        self.assertEqual(self._kinds(date(2025, 6, 20)), ["full"])

    def test_a_queued_run_replaces_one_that_waits_or_runs(self):
        Run = self.env["customer.run"]
        waiting = Run._queue(self.company, "asked")
        running = Run._queue(self.company, "asked")
        self.assertEqual(waiting.state, "superseded")
        with patch.object(batch, "FULL_BATCH", self.customers[3].id // 3):
            self.assertTrue(running._advance())
            self.assertEqual(running.state, "running")
            newest = Run._queue(self.company, "asked")
            self.assertEqual(running.state, "superseded")
            self.assertFalse(running._advance(), "what is superseded is not gone on with")
            self.assertEqual(running.state, "superseded")
            self.assertEqual(self._keep_up(), newest)
        self.assertEqual(newest.state, "done")

    def test_a_run_of_yesterday_is_not_gone_on_with(self):
        run = self.env["customer.run"]._queue(self.company, "asked")
        with patch.object(batch, "FULL_BATCH", self.customers[3].id // 3):
            run._advance()
        runs = self._keep_up(self.today + timedelta(1))
        self.assertEqual(run.state, "superseded")
        self.assertEqual(runs.mapped("kind"), ["full"], "all it had left, and more")
        self.assertEqual(runs.as_of, self.today + timedelta(1))

    def test_a_killed_run_goes_on_where_it_stopped(self):
        run = self.env["customer.run"]._queue(self.company, "asked")
        with patch.object(batch, "FULL_BATCH", self.customers[3].id // 3):
            run._advance()
            run._advance()
        position = run.position
        self.assertTrue(0 < position < run.total)
        self.assertEqual(self._keep_up(), run)
        self.assertEqual((run.state, run.position), ("done", run.total))

    def test_another_source_of_purchases_is_a_full_run(self):
        self.company.customer_fact_source = "order"
        self.assertEqual(self._kinds(), ["full"])
        self.assertFalse(any(self._profiles().mapped("purchase_count_life")))

    def test_a_company_without_a_policy_says_so(self):
        policy = self.env["customer.value.policy"]._published(self.company)
        policy.write({"state": "archived"})
        run = self.env["customer.run"]._open(self.company, "full", "asked")
        with self.assertRaisesRegex(UserError, "no published value policy"):
            run._advance()


@tagged("post_install", "-at_install")
class TestPolicies(RunCase):
    """Rule 5: no move without cause."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._customers(24)
        cls._histories(cls.customers, cls.company)

    def setUp(self):
        super().setUp()
        self.policy = self.env["customer.value.policy"].create({"company_id": self.company.id})
        self.policy._calibrate(self.today)
        self.policy.action_publish()
        self._run("full")

    def _new_version(self, **vals):
        draft = self.policy.copy({"name": "Next"})
        draft.write(vals)
        draft.action_publish()
        return draft

    def test_an_unchanged_policy_moves_nobody(self):
        day = self.today + timedelta(1)
        self._run("full", day)
        before = self._snapshot(names=[n for n in JUDGED if n != "policy_id"])
        logged = self.env["customer.transition"].search_count(
            [("company_id", "=", self.company.id)]
        )
        draft = self._new_version()
        self.assertEqual(self._keep_up(day).mapped("kind"), ["full"])
        self.assertSame(self._snapshot(names=[n for n in JUDGED if n != "policy_id"]), before)
        self.assertEqual(self._profiles().policy_id, draft)
        self.assertEqual(
            self.env["customer.transition"].search_count([("company_id", "=", self.company.id)]),
            logged,
        )

    def test_a_changed_policy_judges_everybody(self):
        tiers = self._profiles().mapped("value_tier_id.code")
        self.assertIn("medium", tiers)
        draft = self.policy.copy({"name": "Generous"})
        for line in draft.tier_ids:
            if line.tier_id.code == "key":
                line.write({"threshold": 30, "keep_threshold": 29})
            elif line.tier_id.code == "high":
                line.write({"threshold": 20, "keep_threshold": 19})
            elif line.tier_id.code == "medium":
                line.write({"threshold": 10, "keep_threshold": 9})
        draft.action_publish()
        self._keep_up()
        self.assertEqual(self._profiles().policy_id, draft)
        moved = self.env["customer.transition"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "tier"), ("cause", "=", "policy")]
        )
        self.assertTrue(moved)
        self.assertEqual(moved.policy_id, draft)
        self.assertEqual(set(moved.mapped("direction")), {"up"})

    def test_equal_facts_give_equal_tiers(self):
        """Whatever the ids, names and order of the rows: never NTILE."""
        groups = {}
        for profile in self._profiles():
            facts = (
                profile.last_purchase_date,
                profile.purchase_count,
                profile.revenue,
                profile.expected_interval,
            )
            groups.setdefault(facts, set()).add((profile.value_score, profile.computed_tier_id.id))
        twins = self._customers(5)
        self._bulk([(twin, self._ago(9), 640) for twin in twins])
        self._run("full")
        found = {
            (p.value_score, p.value_tier_id, p.lifecycle_stage_id)
            for p in map(self._profile, twins)
        }
        self.assertEqual(len(found), 1)
        self.assertTrue(all(len(answers) == 1 for answers in groups.values()))

    def test_changed_limits_are_logged_as_such(self):
        limits = self.env["customer.lifecycle.policy"]._for_company(self.company)
        limits.introduction_purchases = 60
        self._keep_up()
        moved = self.env["customer.transition"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "stage"), ("cause", "!=", "first")]
        )
        self.assertTrue(moved)
        self.assertEqual(set(moved.mapped("cause")), {"policy"})


@tagged("post_install", "-at_install")
class TestTransitions(RunCase):
    """Each change of tier or stage is told once: from, to, which way, why, by what figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()
        cls.policy = cls.env["customer.value.policy"].create(
            {
                "company_id": cls.company.id,
                "dwell_days": 10,
                "weight_recency": 0,
                "weight_frequency": 0,
                "weight_money": 1,
                "cut_ids": [
                    Command.create({"axis": axis, "value": value})
                    for axis, values in (
                        ("recency", (30,)),
                        ("frequency", (2,)),
                        ("money", (100, 1000, 10000)),
                    )
                    for value in values
                ],
            }
        )
        cls.policy.action_publish()  # 25, 50, 75, 100 points: low, medium, high, key

    def _moves(self, kind):
        return [
            (move[f"from_{kind}_id"].code, move[f"to_{kind}_id"].code, move.direction, move.cause)
            for move in self._transitions(self.customer, kind)
        ]

    def test_a_life_as_the_log_tells_it(self):
        self.env["customer.mark"]._add([(self.company.id, self.customer.id)])
        self._run(day=self._ago(400))
        self._invoice(self.customer, self._ago(399), 150)
        self._run(day=self._ago(399))
        self._invoice(self.customer, self._ago(390), 2000)
        self._run(day=self._ago(390))
        for wait in range(-389, 1):
            self._keep_up(self.today + timedelta(wait))
        self.assertEqual(
            self._moves("tier"),
            [
                (False, "medium", "first", "first"),
                ("medium", "high", "up", "facts"),
                ("high", "low", "down", "facts"),
            ],
        )
        self.assertEqual(
            self._moves("stage"),
            [
                (False, "potential", "first", "first"),
                ("potential", "introduction", "up", "facts"),
                ("introduction", "lost", "down", "facts"),
            ],
        )
        fall = self._transitions(self.customer, "tier")[-1]
        # The purchases leave the window after 365 days, then the policy waits ten days.
        self.assertEqual(fall.as_of, self._ago(390) + timedelta(365 + 10))
        self.assertEqual(fall.reason, "lowered")
        self.assertEqual(self._transitions(self.customer, "stage")[-1].reason, "lost_silence")

    def test_evidence_can_be_added_up_again(self):
        self._invoice(self.customer, self._ago(9), 150.25)
        self._invoice(self.customer, self._ago(5), 2000)
        self._credit(self.customer, self._ago(4), 100)
        self._run()
        move = self._transitions(self.customer, "tier")
        self.assertEqual(move.policy_id, self.policy)
        self.assertEqual((move.as_of, move.revenue), (self.today, 2050.25))
        evidence = move.evidence
        self.assertEqual(evidence["revenue"], 2050.25)
        self.assertEqual(evidence["credited"], 100)
        self.assertEqual((evidence["purchases"], evidence["purchases_life"]), (2, 2))
        self.assertEqual(evidence["last"], str(self._ago(5)))
        self.assertEqual(evidence["first"], str(self._ago(9)))
        self.assertEqual(evidence["levels"], [2, 2, 3])
        self.assertEqual(evidence["score"], 75)
        self.assertFalse(move.by_user_id)

    def test_a_customer_whose_only_purchase_is_cancelled_has_left(self):
        invoice = self._invoice(self.customer, self._ago(5), 150)
        self._run()
        invoice.button_draft()
        self._run()
        self.assertEqual(self._moves("tier")[-1], ("medium", False, "none", "facts"))
        self.assertEqual(self._moves("stage")[-1], ("introduction", "potential", "down", "facts"))
        profile = self._profile(self.customer)
        self.assertEqual((profile.revenue, profile.value_score), (0, 0))
        self.assertFalse(profile.last_purchase_date)

    def test_up_and_down_within_one_run_is_no_move(self):
        self._invoice(self.customer, self._ago(5), 150)
        self._run()
        invoice = self._invoice(self.customer, self._ago(4), 5000)
        self._credit(self.customer, self._ago(4), 5000, of=invoice)
        self._run()
        self.assertEqual(len(self._moves("tier")), 1)

    def test_the_log_is_append_only(self):
        self._invoice(self.customer, self._ago(5), 150)
        self._run()
        move = self._transitions(self.customer, "tier")
        for env in (self.env, self.env(user=self.env.ref("base.user_admin"))):
            with self.assertRaises(UserError):
                move.with_env(env).sudo().write({"reason": "mine"})
            with self.assertRaises(UserError):
                move.with_env(env).sudo().unlink()
        admin = self._user("log_admin", "admin")
        for change in (
            lambda: move.with_user(admin).write({"reason": "mine"}),
            lambda: move.with_user(admin).unlink(),
            lambda: move.with_user(admin).create({"kind": "tier"}),
            lambda: move.with_user(admin).copy(),
        ):
            with self.assertRaises(UserError):  # of which AccessError is one
                change()

    def test_moves_are_dated_by_their_run(self):
        self._invoice(self.customer, self._ago(5), 150)
        self._run(day=self._ago(3))
        move = self._transitions(self.customer, "tier")
        profile = self._profile(self.customer)
        self.assertEqual((move.as_of, profile.tier_since, profile.as_of), (self._ago(3),) * 3)
        self._invoice(self.customer, self._ago(2), 1)
        self._run()
        self.assertEqual(profile.tier_since, self._ago(3), "same tier: since when it has it")


@tagged("post_install", "-at_install")
class TestDefinedAnswers(RunCase):
    """What is said of customers and companies at the edge."""

    def test_a_company_without_sales(self):
        run = self._run("full")
        self.assertFalse(self._profiles().filtered("purchase_count_life"))
        self.assertEqual(run.state, "done")
        market = self.env["customer.market"]._find(self.company, self.today)
        self.assertEqual(
            (market.trend, market.median_interval, market.first_document), (1, 30, False)
        )

    def test_a_prospect_is_a_potential_customer(self):
        prospect = self._customer(customer_rank=1, company_id=self.company.id)
        self._run("full")
        profile = self._profile(prospect)
        self.assertEqual(profile.lifecycle_stage_id, self.stages["potential"])
        self.assertFalse(profile.value_tier_id)
        self.assertFalse(profile.next_change_date)
        self.assertEqual(profile.value_score, 0)

    def test_one_purchase(self):
        customer = self._customer()
        self._invoice(customer, self._ago(5), 100)
        self._run()
        profile = self._profile(customer)
        self.assertEqual(profile.lifecycle_stage_id, self.stages["introduction"])
        self.assertEqual(profile.value_tier_id, self.tiers["low"])
        self.assertEqual(
            (profile.purchase_count, profile.mean_interval, profile.recent_interval), (1, 0, 0)
        )
        self.assertEqual(profile.expected_interval, 30, "no interval of its own: the company's")
        self.assertFalse(profile.trend_known)

    def test_only_credit_notes(self):
        customer = self._customer()
        self._credit(customer, self._ago(5), 100)
        self._run()
        profile = self._profile(customer)
        self.assertEqual(profile.lifecycle_stage_id, self.stages["potential"])
        self.assertFalse(profile.value_tier_id)
        self.assertEqual((profile.revenue, profile.credited), (-100, 100))

    def test_an_archived_customer_is_judged_and_not_shown(self):
        customer = self._customer()
        self._invoice(customer, self._ago(5), 100)
        customer.active = False
        self._run()
        profile = self._profile(customer)
        self.assertEqual((profile.active, profile.revenue), (False, 100))
        self.assertFalse(self.env["customer.profile"].search([("partner_id", "=", customer.id)]))
        customer.active = True
        self.env.flush_all()
        self.assertTrue(profile.active)

    def test_the_account_manager_follows_the_contact(self):
        customer = self._customer()
        self._invoice(customer, self._ago(5), 100)
        customer.user_id = self.env.user
        self._run()
        self.assertEqual(self._profile(customer).user_id, self.env.user)
        customer.user_id = False
        self.env.flush_all()
        self.assertFalse(self._profile(customer).user_id)

    def test_a_refund_of_more_than_was_sold(self):
        customer = self._customer()
        self._invoice(customer, self._ago(5), 100)
        self._credit(customer, self._ago(4), 250)
        self._run()
        profile = self._profile(customer)
        self.assertEqual((profile.revenue, profile.purchase_count), (-150, 1))
        self.assertEqual(profile.value_tier_id, self.tiers["low"])

    def test_a_customer_put_under_a_firm_takes_its_figures_along(self):
        """Odoo rewrites its invoices; the profile stays with its log, without figures."""
        customer, firm = self._customers(2)
        self._invoice(customer, self._ago(5), 100)
        self._run()
        customer.write({"parent_id": firm.id, "is_company": False})
        self._run()
        self.assertEqual(self._profile(firm).revenue, 100)
        self.assertEqual(self._profile(customer).revenue_life, 0)
        self.assertTrue(self._transitions(customer, "tier"))

    def test_cents_are_right_after_thousands_of_documents(self):
        customer = self._customer()
        self._bulk([(customer, self._ago(n % 300), 0.1) for n in range(1000)])
        self._run("full")
        profile = self._profile(customer)
        self.env.cr.execute("SELECT revenue FROM customer_profile WHERE id = %s", [profile.id])
        self.assertEqual(self.env.cr.fetchone()[0], Decimal(100))


@tagged("post_install", "-at_install")
class TestScheduledActions(RunCase):
    """Odoo's own cron protocol, with commits and rollbacks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()

    def _trigger(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"customer_success.ir_cron_{name}").method_direct_trigger()

    def _newest(self):
        return self.env["customer.run"].search([("company_id", "=", self.company.id)], limit=1)

    def test_both_actions_compute(self):
        for name in ("keep_up", "nightly"):
            self._invoice(self.customer, self._ago(5), 100)
            self._settle()
            self._trigger(name)
            with self.subTest(name):
                self.assertEqual(self._newest().state, "done")
                self.assertEqual(self._marks(), [])
        self.assertEqual(self._profile(self.customer).revenue, 200)

    @mute_logger(RUN_LOGGER)
    def test_a_failing_batch_is_in_the_ledger_and_loses_nothing(self):
        """Mautic #10772: failures only noticed later."""
        self._run("full")
        self._invoice(self.customer, self._ago(5), 100)
        self._settle()
        Run = type(self.env["customer.run"])
        store = Run._store

        def fail(run, changed):
            store(run, changed)
            if run.company_id == self.company:
                raise ZeroDivisionError("the disk is full")

        with patch.object(Run, "_store", fail):
            self._trigger("keep_up")
        failed = self._newest()
        self.assertEqual((failed.state, failed.error), ("failed", "the disk is full"))
        self.assertTrue(failed.ended)
        self.assertEqual(self._marks(), [self.customer.id])
        self.assertFalse(self._profile(self.customer), "nothing of the batch stays")
        freshness = self._in(self.company)["customer.run"].get_freshness()
        self.assertEqual((freshness["state"], freshness["error"]), ("failed", "the disk is full"))
        self._trigger("keep_up")
        self.assertEqual(self._newest().state, "done")
        self.assertEqual(self._profile(self.customer).revenue, 100)
        self.assertEqual(self._in(self.company)["customer.run"].get_freshness()["state"], "fresh")

    @mute_logger(RUN_LOGGER)
    def test_a_failed_full_run_is_made_up_for(self):
        """What a new policy was to bring is still missing, whatever else went well since."""
        self._run("full")
        self._invoice(self.customer, self._ago(5), 100)
        self._run()
        draft = self.env["customer.value.policy"]._published(self.company).copy()
        draft.action_publish()
        with patch.object(
            type(self.env["customer.run"]), "_store", side_effect=ZeroDivisionError("broken")
        ):
            self._trigger("keep_up")
        self.assertEqual(self._newest().state, "failed")
        self._keep_up(self.today + timedelta(1))
        self.assertEqual(self._profile(self.customer).policy_id, draft)

    def test_one_failing_company_does_not_keep_the_others_waiting(self):
        other = self._new_company("Other")
        for company in self.company | other:
            self._run("full", company=company)
            self._invoice(self.customer, self._ago(5), 100, company=company)
        self._settle()
        Run = type(self.env["customer.run"])
        store = Run._store

        def fail(run, changed):
            if run.company_id == self.company:
                raise ZeroDivisionError("broken")
            return store(run, changed)

        with patch.object(Run, "_store", fail), mute_logger(RUN_LOGGER):
            self._trigger("keep_up")
        self.assertEqual(self._profile(self.customer, other).revenue, 100)
        self.assertFalse(self._profile(self.customer))

    def test_publishing_wakes_the_action(self):
        trigger = self.env["ir.cron.trigger"]
        cron = self.env.ref("customer_success.ir_cron_keep_up")
        before = trigger.search_count([("cron_id", "=", cron.id)])
        self.env["customer.run"]._queue(self.company, "asked")
        self.assertEqual(trigger.search_count([("cron_id", "=", cron.id)]), before + 1)


@tagged("post_install", "-at_install")
class TestFreshness(RunCase):
    """The badge: how fresh the numbers are, and red when nobody computes them any more."""

    def _state(self, day=None, hours=0):
        with self._on(day or self.today):
            return self._in(self.company)["customer.run"].get_freshness()

    def setUp(self):
        super().setUp()
        self._settle()
        self.env["customer.run"].search([("company_id", "=", self.company.id)]).unlink()

    def test_never(self):
        fresh = self._state()
        self.assertEqual((fresh["state"], fresh["computed_at"]), ("never", False))

    def test_fresh_then_late(self):
        run = self._run("full")
        fresh = self._state()
        self.assertEqual((fresh["state"], fresh["as_of"]), ("fresh", str(self.today)))
        self.assertEqual(fresh["computed_at"], fields.Datetime.to_string(run.ended))
        self.assertEqual(self._state(self.today + timedelta(1))["state"], "fresh")
        self.assertEqual(self._state(self.today + timedelta(2))["state"], "late")

    def test_running_and_waiting(self):
        self._run("full")
        self.env["customer.run"]._queue(self.company, "asked")
        self.assertEqual(self._state()["state"], "running")

    def test_a_killed_run_that_nobody_goes_on_with_is_late(self):
        """A scheduled action that is switched off must not look like work in progress."""
        self._run("full")
        run = self.env["customer.run"]._queue(self.company, "asked")
        run.write({"state": "running"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_run SET write_date = %s, create_date = %s WHERE id = %s",
            [self._noon(self.today), self._noon(self.today), run.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._state(self.today + timedelta(3))["state"], "late")

    def test_a_company_sees_its_own_freshness(self):
        self._run("full")
        other = self._new_company("Other")
        self._settle()
        self.env["customer.run"].search([("company_id", "=", other.id)]).unlink()
        self.assertEqual(self._in(other)["customer.run"].get_freshness()["state"], "never")
        self.assertEqual(self._state()["state"], "fresh")

    def test_waiting_counts_customers_not_documents(self):
        self._run("full")
        customers = self._customers(2)
        for customer in customers:
            self._invoice(customer, self._ago(1), 5)
            self._settle()
            self._invoice(customer, self._ago(1), 5)
        self._settle()
        self.assertEqual(self._state()["waiting"], 2)

    def test_recomputing_one_customer_freshens_no_other(self):
        self._run("full")
        customer = self._customer()
        self._invoice(customer, self._ago(1), 5)
        self._run()
        with self._on(self.today + timedelta(5)):
            self._profile(customer).action_recompute()
        self.assertEqual(self._state(self.today + timedelta(5))["state"], "late")

    def test_old_ledger_entries_go_but_the_last_good_one_stays(self):
        first, second, failed = self._run("full"), self._run("full"), self._run("full")
        failed.state = "failed"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_run SET create_date = %s WHERE id = ANY(%s)",
            [self._noon(self._ago(500)), [first.id, second.id, failed.id]],
        )
        self.env.invalidate_all()
        self.env["customer.run"]._gc_old_runs()
        self.assertEqual((first | second | failed).exists(), second)
