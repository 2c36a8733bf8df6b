"""Dry-runs: what publishing then does, told beforehand, with nothing written."""

import random
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.trial import customer_value_trial_batch as batch
from ..tools.tiers import TierReason
from .test_runs import RunCase

#: What a dry-run tells of each customer, by the name of the profile's column.
TOLD = (
    "value_tier_id",
    "computed_tier_id",
    "value_score",
    "tier_reason",
    "tier_below_since",
    "recency_level",
    "frequency_level",
    "monetary_level",
    "revenue",
)
#: Everything that says who a customer is, what was computed, and by what.
TABLES = (
    "customer_profile",
    "customer_transition",
    "customer_market",
    "customer_run",
    "customer_mark",
    "customer_tier",
    "customer_value_policy",
    "customer_value_cut",
    "customer_value_policy_tier",
    "customer_value_publication",
    "customer_lifecycle_policy",
    "res_partner",
)


class TrialCase(RunCase):
    """A company with a past: judged on two days, some by hand, some waiting, some not computed yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Trial = cls.env["customer.value.trial"]
        cls.Policy = cls.env["customer.value.policy"]
        cls.customers = cls._customers(60)
        cls._histories(cls.customers, cls.company, seed=11)
        draft = cls.Policy.create({"company_id": cls.company.id, "dwell_days": 40})
        draft._calibrate(cls.today)
        draft.action_publish()

    def setUp(self):
        super().setUp()
        self._run("full", self._ago(45))
        self._run("full", self._ago(20))
        profiles = self._profiles()
        profiles[3:6]._set_manual("tier", self.tiers["key"], "Old friends", False)
        profiles[6:8]._set_manual("tier", self.tiers["low"], "On trial", self._ago(-30))
        self._run("full")
        self._customers(4, name="Prospect", customer_rank=1, company_id=self.company.id)
        self._bulk([(self.customers[n], self.today, 9_000) for n in (10, 11, 12)])  # not computed
        self._bulk([(self._customer("Late Comer"), self.today, 70_000)])
        self.customers[20].active = False
        self.published = self.Policy._published(self.company)
        self.draft = self._draft()

    def _draft(self):
        return self.Policy.browse(
            self.Policy._published(self.company).action_new_version()["res_id"]
        )

    def _set_tiers(self, policy, **scores):
        """``high=(80, 78)``: from which score, and down to which."""
        policy.write(
            {
                "tier_ids": [
                    Command.update(line.id, {"threshold": score, "keep_threshold": keep})
                    for line in policy.tier_ids
                    for score, keep in [scores.get(line.tier_id.code, (None, None))]
                    if score is not None
                ]
            }
        )

    def _harder(self, policy):
        self._set_tiers(policy, key=(92, 88), high=(84, 80), medium=(66, 60))

    def _try(self, policy, day=None, steps=False):
        trial = self.Trial.browse(self.Trial.start_trial(policy.id, day and str(day)))
        while trial._advance():
            pass
        self.assertEqual(trial.state, "done")
        return trial

    def _told(self, policy, day=None):
        """The dry-run, and what it told of each customer: partner id -> values of :data:`TOLD`."""
        told = {}
        add_cells = type(self.Trial)._add_cells

        def listen(trial, outcome, judged):
            for row in judged:
                told[int(row["partner_id"])] = {name: row[name].item() for name in TOLD}
            add_cells(trial, outcome, judged)

        with patch.object(type(self.Trial), "_add_cells", listen):
            return self._try(policy, day), told

    def _stored(self):
        """What the profiles say, in the terms of the kernel."""
        stored = self._snapshot(names=TOLD)
        for values in stored.values():
            for name in ("value_tier_id", "computed_tier_id"):
                values[name] = values[name] or 0
            values["tier_reason"] = int(TierReason[values["tier_reason"].upper()])
            for name in ("value_score", "revenue"):
                values[name] = float(values[name])
        return stored

    def _without_dates(self, told):
        return {
            partner: {
                name: value if name != "tier_below_since" else None
                for name, value in values.items()
            }
            for partner, values in told.items()
        }

    def _waits(self, told):
        return {
            partner
            for partner, values in told.items()
            if values["tier_reason"] == TierReason.WAITING
        }

    def _ways(self, trial, kind="now"):
        return {
            (cell.from_tier_id.id, cell.to_tier_id.id): (cell.customers, round(cell.revenue, 2))
            for cell in trial.cell_ids
            if cell.kind == kind
        }

    def _tables(self):
        """A digest of every row, and of where it lies: a row written with the same values differs."""
        self.env.flush_all()
        return {
            table: self.env.execute_query(
                SQL(
                    "SELECT count(*), md5(string_agg(row::text || ctid || xmin, '' ORDER BY id))"
                    " FROM (SELECT *, ctid::text, xmin::text FROM %s) row",
                    SQL.identifier(table),
                )
            )
            for table in TABLES
        }

    def _comparable(self, trial):
        findings = {
            key: trial.findings[key] for key in ("movers", "bars", "ways", "idle", "unknown")
        }
        findings["ways"] = {
            code: sorted(map(tuple, ways)) for code, ways in findings["ways"].items()
        }
        return {
            "cells": {
                kind: self._ways(trial, kind) for kind in ("now", "later", "margin", "waiting")
            },
            "members": {
                (cell.kind, cell.from_tier_id.id, cell.to_tier_id.id): self._members(cell)
                for cell in trial.cell_ids
            },
            "customers": trial.customer_count,
            **findings,
        }

    def _members(self, cells):
        return (
            self.env["customer.profile"]
            .with_context(active_test=False)
            .search([("trial_cell_id", "in", cells.ids)])
            .ids
        )


@tagged("post_install", "-at_install")
class TestTrialIsTrue(TrialCase):
    """As of today it is, customer by customer, what publishing then does."""

    def _check(self, policy):
        before = {p: values["value_tier_id"] for p, values in self._stored().items()}
        trial, told = self._told(policy)
        waits = self._waits(told)
        policy.action_publish()
        self._run("full")
        stored = self._stored()
        self.assertSame(self._without_dates(told), self._without_dates(stored))
        waiting = {p for p, values in stored.items() if values["tier_below_since"]}
        self.assertEqual(waits, waiting)
        pairs = Counter(
            (before.get(p, 0) or False, values["value_tier_id"] or False)
            for p, values in stored.items()
        )
        self.assertEqual(
            pairs, {way: customers for way, (customers, __) in self._ways(trial).items()}
        )
        self.assertAlmostEqual(
            sum(revenue for __, revenue in self._ways(trial).values()),
            sum(values["revenue"] for values in stored.values()),
            places=2,
        )
        return trial

    def test_the_same_policy_moves_only_who_has_new_documents(self):
        trial = self._check(self.draft)
        self.assertEqual(trial.customer_count, 65)
        self.assertEqual(trial.findings["unknown"], 5, "prospects and the late comer")

    def test_a_harder_policy(self):
        self._harder(self.draft)
        self._check(self.draft)

    def test_a_harder_policy_without_a_wait(self):
        self._harder(self.draft)
        self.draft.dwell_days = 0
        trial = self._check(self.draft)
        self.assertTrue(trial.fall_count)
        self.assertEqual(self._ways(trial, "later"), self._ways(trial), "nobody waits")

    def test_any_policy(self):
        """Each published in its turn, so that the next one meets other standings."""
        chance = random.Random(5)
        for round_ in range(5):
            draft = self._draft()
            high = chance.randint(55, 90)
            medium = chance.randint(20, high - 10)
            self._set_tiers(
                draft,
                key=(high + 8, high + chance.randint(2, 8)),
                high=(high, chance.randint(medium + 1, high)),
                medium=(medium, chance.randint(5, medium)),
            )
            draft.write(
                {
                    "dwell_days": chance.choice((0, 15, 60)),
                    "window_days": chance.choice((90, 365, 400)),
                    "recency_mode": chance.choice(("days", "rhythm")),
                    "weight_recency": chance.choice((0, 0.2, 1)),
                }
            )
            if chance.random() < 0.5:
                draft._calibrate(self.today)
            with self.subTest(round=round_):
                self._check(draft)

    def test_on_the_demo(self):
        company = self.env.ref("customer_success_demo.company_hartwell", raise_if_not_found=False)
        if not company:
            self.assertFalse(
                self.env["ir.module.module"].search([("name", "=", "customer_success")]).demo
            )
            return
        self.company, self.today = company, company._customer_today()
        draft = self._draft()
        self._harder(draft)
        self._check(draft)

    def test_in_small_batches_it_finds_the_same(self):
        self._harder(self.draft)
        whole = self._comparable(self._try(self.draft))
        with patch.object(batch, "FULL_BATCH", self.customers[0].id // 5):
            self.assertEqual(self._comparable(self._try(self.draft)), whole)
        first = self.customers[0].id
        with patch.object(batch, "FULL_BATCH", first // (first // 25)):
            self.assertEqual(self._comparable(self._try(self.draft)), whole)

    def test_who_stays_by_margin_or_wait(self):
        self._harder(self.draft)
        trial = self._try(self.draft)
        self.draft.action_publish()
        self._run("full")
        for kind, reason in (("margin", "kept_by_margin"), ("waiting", "waiting")):
            found = (
                self.env["customer.profile"]
                .with_context(active_test=False)
                .search(
                    [
                        ("company_id", "=", self.company.id),
                        ("tier_reason", "=", reason),
                        ("tier_manual", "=", False),
                    ]
                )
            )
            cells = trial.cell_ids.filtered(lambda cell, k=kind: cell.kind == k)
            with self.subTest(kind):
                self.assertTrue(found)
                self.assertEqual(self._members(cells), found.ids)

    def test_after_the_waiting_time_those_who_wait_have_what_they_reach(self):
        self._harder(self.draft)
        trial = self._try(self.draft)
        waiting = self._ways(trial, "waiting")
        self.assertTrue(waiting)
        moved = Counter()
        for view, sign in (("later", 1), ("now", -1)):
            for (__, after), (customers, __) in self._ways(trial, view).items():
                moved[after] += sign * customers
        expected = Counter()
        for (kept, reached), (customers, __) in waiting.items():
            expected[kept] -= customers
            expected[reached] += customers
        self.assertEqual(
            {k: n for k, n in moved.items() if n}, {k: n for k, n in expected.items() if n}
        )
        self.assertGreater(trial.later_fall_count, trial.fall_count)


@tagged("post_install", "-at_install")
class TestTrialWritesNothing(TrialCase):
    def test_no_row_of_any_other_table(self):
        self._harder(self.draft)
        self.env["customer.market"].search([("company_id", "=", self.company.id)]).unlink()
        before = self._tables()
        for day in (None, self._ago(200)):
            with self.subTest(day=day):
                trial = self._try(self.draft, day)
                trial.get_result()
                trial.action_open_cells(trial.cell_ids.ids)
                self.assertEqual(self._tables(), before)

    def test_not_even_cut_points_until_somebody_uses_them(self):
        trial = self._try(self.draft)
        own = sorted(self.draft.money_cut_ids.mapped("value"))
        choices = {choice["code"]: choice for choice in trial.get_result()["suggestions"]}
        self.assertEqual(choices.keys(), {"draft", "quantiles", "breaks"})
        self.assertEqual(choices["draft"]["cuts"]["money"], own)
        trial.action_use_suggestion("breaks")
        self.assertEqual(
            sorted(self.draft.money_cut_ids.mapped("value")), choices["breaks"]["cuts"]["money"]
        )
        self.assertNotEqual(choices["breaks"]["cuts"]["money"], own)
        self.assertEqual(self.draft.calibrated_on, self.today)
        self.assertTrue(trial.is_outdated)

    def test_a_published_policy_takes_no_suggestion(self):
        trial = self._try(self.draft)
        self.draft.action_publish()
        with self.assertRaises(UserError):
            trial.action_use_suggestion("quantiles")
        with self.assertRaises(UserError):
            self._try(self._draft()).action_use_suggestion("anything")

    def test_a_suggestion_does_what_it_says(self):
        trial = self._try(self.draft)
        choice = next(c for c in trial.get_result()["suggestions"] if c["code"] == "breaks")
        trial.action_use_suggestion("breaks")
        tried = self._try(self.draft)
        self.assertEqual(
            (choice["up"], choice["down"]), (tried.later_rise_count, tried.later_fall_count)
        )
        own = next(c for c in tried.get_result()["suggestions"] if c["code"] == "draft")
        self.assertEqual(own["shares"], choice["shares"])
        self.assertAlmostEqual(sum(own["shares"].values()), 100)


@tagged("post_install", "-at_install")
class TestTrialOfAPastDay(TrialCase):
    """Both policies judge that day's documents alone, as if nobody had had a tier before."""

    def _alone(self, policy, day):
        """What a first run ever, on that day and by that policy, makes of everybody."""
        self.env.cr.execute("DELETE FROM customer_profile WHERE company_id = %s", [self.company.id])
        self.env["customer.market"].search([("company_id", "=", self.company.id)]).unlink()
        self.env.invalidate_all()
        if policy.state == "draft":
            policy.action_publish()
        self._run("full", day)
        return {p: v["computed_tier_id"] for p, v in self._stored().items()}

    def test_before_is_the_published_policy_and_after_the_draft(self):
        self._harder(self.draft)
        self.draft.window_days = 120  # the two policies read other facts
        day = self._ago(150)
        trial = self._try(self.draft, day)
        before = self._alone(self.published, day)
        after = self._alone(self.draft, day)
        expected = Counter((before[p] or False, after[p] or False) for p in before)
        self.assertEqual(
            expected, {way: customers for way, (customers, __) in self._ways(trial).items()}
        )
        self.assertTrue(trial.is_past)
        self.assertFalse(self._ways(trial, "margin"))
        self.assertFalse(self._ways(trial, "waiting"))

    def test_the_published_policy_against_itself_moves_nobody(self):
        trial = self._try(self.draft, self._ago(300))
        self.assertTrue(all(before == after for before, after in self._ways(trial)))
        self.assertFalse(trial.get_result()["movers"]["now"])

    def test_days_to_come_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "days to come"):
            self.Trial.start_trial(self.draft.id, str(self.today + timedelta(1)))

    def test_a_company_without_a_published_policy(self):
        self.published.state = "archived"
        trial = self._try(self.draft, self._ago(30))
        self.assertFalse([before for before, __ in self._ways(trial) if before])


@tagged("post_install", "-at_install")
class TestTrialSteps(TrialCase):
    def test_a_step_that_was_killed_is_taken_again(self):
        self._harder(self.draft)
        whole = self._comparable(self._try(self.draft))
        trial = self.Trial.browse(self.Trial.start_trial(self.draft.id))
        with patch.object(batch, "FULL_BATCH", self.customers[0].id // 3):
            trial._advance()
            trial._advance()
            position = trial.position
            with (
                patch.object(type(trial), "_add_cells", side_effect=RuntimeError("killed")),
                self.assertRaises(RuntimeError),
                self.env.cr.savepoint(),
            ):
                trial._advance()
            self.env.invalidate_all()
            self.assertEqual(trial.position, position)
            while trial._advance():
                pass
        self.assertEqual(self._comparable(trial), whole)

    def test_a_draft_that_is_changed_meanwhile_is_tried_anew(self):
        trial = self.Trial.browse(self.Trial.start_trial(self.draft.id))
        with patch.object(batch, "FULL_BATCH", self.customers[30].id):
            trial._advance()
            self._harder(self.draft)
            while trial._advance():
                pass
        self.assertEqual(self._comparable(trial), self._comparable(self._try(self.draft)))
        self.assertFalse(trial.is_outdated)

    def test_it_knows_whether_the_policy_was_changed_since(self):
        trial = self._try(self.draft)
        self.assertFalse(trial.is_outdated)
        self._set_tiers(self.draft, high=(77, 74))
        trial.invalidate_recordset()
        self.assertTrue(trial.is_outdated)

    def test_what_fails_is_said_and_nothing_is_stored(self):
        trial = self.Trial.browse(self.Trial.start_trial(self.draft.id))
        with (
            patch.object(type(trial), "_add_cells", side_effect=ValueError("no cells today")),
            patch.object(self.env.cr, "rollback", lambda: None),
            self.assertLogs(
                "odoo.addons.customer_success.models.trial.customer_value_trial", "ERROR"
            ),
        ):
            self.assertFalse(trial._advance_safely())
        self.assertEqual((trial.state, trial.error), ("failed", "no cells today"))
        self.assertFalse(trial.cell_ids)
        self.assertEqual(trial.get_result()["state"], "failed")

    def test_an_unusable_draft_is_refused_with_the_way_to_mend_it(self):
        self.draft.tier_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "tier"):
            self.Trial.start_trial(self.draft.id)

    def test_customers_deleted_meanwhile_are_missing_and_nothing_else(self):
        self.draft.dwell_days = 0
        self._harder(self.draft)
        trial = self._try(self.draft)
        movers = trial.get_result()["movers"]["now"]
        mover = next(mover for mover in movers if mover["profile"])
        way = (mover["from"], mover["to"])
        cell = trial.cell_ids.filtered(
            lambda c: c.kind == "now" and (c.from_tier_id.id or 0, c.to_tier_id.id or 0) == way
        )
        members = self._members(cell)
        self.assertIn(mover["profile"], members)
        self.env["customer.profile"].browse(mover["profile"]).unlink()
        members.remove(mover["profile"])
        self.assertEqual(self._members(cell), members)
        self.assertEqual(
            trial.get_result()["movers"]["now"], [other for other in movers if other != mover]
        )
        self.assertIn(str(len(members)), trial.action_open_cells(cell.ids)["name"])

    def test_the_largest_that_move_are_the_largest(self):
        self.draft.dwell_days = 0
        self._harder(self.draft)
        trial, told = self._told(self.draft)
        before = {p: values["value_tier_id"] for p, values in self._stored().items()}
        moved = sorted(
            (
                (values["revenue"], partner)
                for partner, values in told.items()
                if values["value_tier_id"] != before.get(partner, 0)
            ),
            reverse=True,
        )
        movers = trial.get_result()["movers"]["now"]
        self.assertGreater(len(moved), 5)
        self.assertEqual(
            [(mover["revenue"], mover["partner"]) for mover in movers], moved[: batch.MOST_MOVERS]
        )
        for mover in movers:
            profile = self.env["customer.profile"].browse(mover["profile"])
            self.assertEqual(mover["score_before"], profile.value_score)
            self.assertEqual(mover["score_after"], told[mover["partner"]]["value_score"])

    def test_another_benefit_is_another_description(self):
        self.draft.dwell_days = 0
        self._harder(self.draft)
        trial = self._try(self.draft)
        tiers = self.env["customer.tier"].search([])
        tiers.description = "The same for all"
        figures = trial.get_result()["figures"]["now"]
        self.assertEqual(figures["benefit"]["customers"], figures["first"]["customers"])
        for tier in tiers:
            tier.description = tier.code
        figures = trial.get_result()["figures"]["now"]
        moved = sum(figures[way]["customers"] for way in ("up", "down", "first", "none"))
        self.assertEqual(figures["benefit"]["customers"], moved)
        self.assertGreater(figures["down"]["customers"], 0)

    def test_everybody_who_bought_is_in_the_histograms(self):
        trial = self._try(self.draft)
        result = trial.get_result()
        bought = self._profiles().filtered("last_purchase_date")
        for histogram in result["histograms"]:
            drawn = sum(bar["customers"] for bar in histogram["bars"])
            with self.subTest(histogram["axis"]):
                if histogram["axis"] == "recency":
                    self.assertEqual(drawn, len(bought) + 1, "and the late comer")
                if histogram["axis"] == "frequency":
                    self.assertEqual(drawn + result["idle"], trial.customer_count)
                own = sorted(self.draft[f"{histogram['axis']}_cut_ids"].mapped("value"))
                self.assertEqual(histogram["draft"], own)

    def test_old_ones_are_thrown_away(self):
        old, young = self._try(self.draft), self._try(self.draft)
        self.env.flush_all()
        for trial, days in ((old, 31), (young, 29)):
            self.env.cr.execute(
                "UPDATE customer_value_trial SET create_date = %s WHERE id = %s",
                [fields.Datetime.now() - timedelta(days), trial.id],
            )
        self.env.invalidate_all()
        self.Trial._gc_old_trials()
        self.assertEqual((old + young).exists(), young)
        self.env.cr.execute(
            "SELECT count(*) FROM customer_value_trial_cell WHERE trial_id = %s", [old.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_more_customers_need_no_more_queries(self):
        def queries():
            trial = self.Trial.browse(self.Trial.start_trial(self.draft.id))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            while trial._advance():
                pass
            trial.get_result()
            return self.env.cr.sql_log_count - before

        queries()  # warm
        few = queries()
        many = self._customers(80, name="More")
        self._histories(many, self.company, seed=2)
        self.assertLessEqual(queries(), few)
        self.assertLess(few, 90)


@tagged("post_install", "-at_install")
class TestTrialRules(TrialCase):
    def test_another_companys_customers_are_not_counted(self):
        other = self._new_company("Other")
        strangers = self._customers(7, name="Stranger", company_id=other.id)
        self._bulk([(stranger, self.today, 5_000) for stranger in strangers], other)
        __, told = self._told(self.draft)
        self.assertFalse(told.keys() & set(strangers.ids))
        self.assertEqual(len(told), 65)
        admin = self._user("trial_admin", "admin")
        theirs = self.Policy._published(other)
        with self.assertRaises(AccessError):
            self.Trial.with_user(admin).with_context(
                allowed_company_ids=self.company.ids
            ).start_trial(theirs.id)
        hidden = self._try_as(theirs)
        with self.assertRaises(AccessError):
            hidden.with_user(admin).with_context(allowed_company_ids=self.company.ids).get_result()

    def _try_as(self, policy):
        trial = self.Trial.browse(self.Trial.start_trial(policy.id))
        while trial._advance():
            pass
        return trial

    def test_who_sees_all_customers_reads_and_does_not_try(self):
        trial = self._try(self.draft)
        reader = self._user("trial_reader", "all")
        seen = trial.with_user(reader).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(seen.get_result()["figures"], trial.get_result()["figures"])
        self.assertEqual(
            seen.get_latest(self.draft.id)["id"], trial.id, "the last one of this policy"
        )
        cell = trial.cell_ids.filtered(lambda c: c.kind == "now")[0]
        action = seen.action_open_cells(cell.ids)
        found = (
            self.env["customer.profile"]
            .with_user(reader)
            .with_context(allowed_company_ids=self.company.ids, **action["context"])
        )
        self.assertEqual(found.search(action["domain"]).ids, self._members(cell))
        for refused in (
            lambda: seen.start_trial(self.draft.id),
            lambda: seen.action_step(),
            lambda: seen.action_use_suggestion("breaks"),
            lambda: seen.unlink(),
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_an_account_manager_learns_nothing_of_it(self):
        trial = self._try(self.draft)
        manager = self._user("trial_manager", "own")
        self.customers[0].user_id = manager
        seen = trial.with_user(manager).with_context(allowed_company_ids=self.company.ids)
        for refused in (
            lambda: seen.get_result(),
            lambda: seen.get_latest(self.draft.id),
            lambda: seen.action_open_cells(trial.cell_ids.ids),
            lambda: seen.env["customer.profile"].search(
                [("trial_cell_id", "in", trial.cell_ids.ids)]
            ),
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_the_cells_of_another_company_find_nobody(self):
        trial = self._try(self.draft)
        other = self._new_company("Other")
        reader = self._user("trial_elsewhere", "all", companies=other)
        Profile = (
            self.env["customer.profile"]
            .with_user(reader)
            .with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(Profile.search([("trial_cell_id", "in", trial.cell_ids.ids)]))

    def test_an_administrator_tries_step_by_step(self):
        admin = self._user("trial_admin", "admin")
        Trial = self.Trial.with_user(admin).with_context(allowed_company_ids=self.company.ids)
        trial = Trial.browse(Trial.start_trial(self.draft.id))
        self.assertEqual((trial.state, trial.user_id), ("running", admin))
        self.assertEqual(trial.get_result()["state"], "running")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            while trial.action_step()["state"] == "running":
                pass
        self.assertEqual(trial.get_result()["customers"], 65)
