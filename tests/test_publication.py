"""Who had which policy judge from when and why: publishing, scheduling, going back, comparing."""

from datetime import date, datetime, timedelta

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL

from .common import CustomerCase
from .test_value_policy import SCORES

CHANNEL = "odoo.addons.customer_success.models.value.customer_value_policy_schedule"


class PublicationCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["customer.value.policy"]
        cls.Publication = cls.env["customer.value.publication"]
        cls.first = cls.Policy._published(cls.company)

    def _draft(self, policy=None, **vals):
        policy = policy or self.Policy._published(self.company)
        draft = self.Policy.browse(policy.action_new_version()["res_id"])
        draft.write(vals)
        return draft

    def _money_only(self, scores, **vals):
        """Levels of money alone: 25, 50, 75 and 100 points from 0, 100, 1000 and 10,000."""
        return self._draft(
            weight_recency=0,
            weight_frequency=0,
            weight_money=1,
            cut_ids=[
                Command.clear(),
                *(
                    Command.create({"axis": axis, "value": value})
                    for axis, values in (
                        ("recency", (30,)),
                        ("frequency", (2,)),
                        ("money", (100, 1000, 10000)),
                    )
                    for value in values
                ),
            ],
            tier_ids=[
                Command.clear(),
                *(
                    Command.create(
                        {
                            "tier_id": self.tiers[code].id,
                            "threshold": threshold,
                            "keep_threshold": keep,
                        }
                    )
                    for code, (threshold, keep) in scores.items()
                ),
            ],
            **vals,
        )

    def _log(self, company=None):
        """The log of a company, oldest first."""
        return self.Publication.search(
            [("company_id", "=", (company or self.company).id)], order="id"
        )

    def _dialog(self, policy, **vals):
        action = policy.action_ask_publish()
        with Form(self.env[action["res_model"]].with_context(**action["context"])) as form:
            for name, value in vals.items():
                form[name] = value
        return form.record

    def _publish(self, policy, reason="Because"):
        return self._dialog(policy, reason=reason).action_apply()


@tagged("post_install", "-at_install")
class TestPublish(PublicationCase):
    def test_a_publication_says_which_instead_of_which_by_whom_why_and_from_when(self):
        draft = self._draft()
        self._publish(draft, "  High was too easy  ")
        entry = self._log()[-1]
        self.assertEqual(
            (entry.policy_id, entry.replaced_id, entry.effective_date, entry.user_id, entry.reason),
            (draft, self.first, self.today, self.env.user, "High was too easy"),
        )
        self.assertEqual((draft.state, self.first.state), ("published", "archived"))

    def test_the_progress_of_the_computation_takes_the_dialogs_place(self):
        action = self._publish(self._draft())
        run = self.env["customer.run"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual((run.kind, run.reason, run.state), ("full", "policy", "queued"))
        self.assertEqual(action["tag"], "customer_success.recompute")
        self.assertEqual(action["params"], {"run_ids": run.ids, "instead_of_dialog": True})

    def test_a_reason_is_required(self):
        draft = self._draft()
        for reason in (False, "", "   "):
            wizard = self.env["customer.publication"].create({"policy_id": draft.id})
            wizard.reason = reason
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, "Say why"):
                wizard.action_apply()
        self.assertEqual(draft.state, "draft")

    def test_a_draft_that_cannot_judge_opens_no_dialog(self):
        draft = self._draft()
        draft.tier_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "Add at least one tier"):
            draft.action_ask_publish()

    def test_a_tier_out_of_use_is_not_given(self):
        draft = self._draft()
        self.tiers["high"].active = False
        with self.assertRaisesRegex(ValidationError, "archived: High. Restore it"):
            draft.action_publish()
        self.tiers["high"].active = True
        draft.action_publish()

    def test_the_chatter_of_both_versions_tells_it(self):
        draft = self._draft()
        self._publish(draft, "High was too <b>easy</b>")
        note = draft.message_ids[0].body
        self.assertIn("instead of version 1: High was too &lt;b&gt;easy", note)
        self.assertIn("Replaced by version 2", self.first.message_ids[0].body)

    def test_what_a_version_was_made_from_stays_so(self):
        """Made from the first while the second was published: compared with the first."""
        draft = self._draft(self.first)
        self._draft().action_publish()
        draft.action_publish()
        self.assertEqual(draft.previous_id, self.first)
        self.assertEqual(self._log()[-1].replaced_id.version, 3)

    def test_the_log_is_never_changed_nor_deleted(self):
        entry = self._log()
        for change in (lambda: entry.write({"reason": "Another"}), entry.unlink):
            with self.assertRaisesRegex(UserError, "log of publications is never"):
                change()
        self.assertEqual(len(self._log()), 1)

    def test_by_which_version_a_day_was_judged(self):
        second, third, fourth = (self._draft() for _ in range(3))
        with self._on(self._ago(-10)):
            self._publish(second)
            self._publish(third)  # on the same day: the last one counts
        with self._on(self._ago(-20)):
            self._publish(fourth)
        for days, policy in (
            (1, self.Policy),
            (0, self.first),
            (-9, self.first),
            (-10, third),
            (-19, third),
            (-20, fourth),
            (-999, fourth),
        ):
            with self.subTest(days=days):
                self.assertEqual(self.Publication._policy_on(self.company, self._ago(days)), policy)

    def test_only_administrators(self):
        draft = self._draft()
        reader, admin = self._user("reader", "all"), self._user("admin", "admin")
        for call in (
            lambda user: draft.with_user(user).action_ask_publish(),
            lambda user: draft.with_user(user)._publish("Why not"),
            lambda user: draft.with_user(user)._schedule(self._ago(-9), "Why not"),
            lambda user: (
                self.env["customer.publication"]
                .with_user(user)
                .create({"policy_id": draft.id, "reason": "Why not"})
            ),
        ):
            with self.assertRaises(AccessError):
                call(reader)
        self.assertEqual(draft.state, "draft")
        wizard = (
            self.env["customer.publication"]
            .with_user(admin)
            .create({"policy_id": draft.id, "reason": "Agreed"})
        )
        wizard.action_apply()
        self.assertEqual(self._log()[-1].user_id, admin)
        with self.assertRaises(UserError):
            self._log().with_user(admin).write({"reason": "Another"})

    def test_no_script_publishes_by_writing_the_state(self):
        """An administrator may, by the buttons, which ask why and log it."""
        admin = self._user("admin", "admin")
        draft = self._draft().with_user(admin)
        for values in ({"state": "published"}, {"publish_on": self.today}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                draft.write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                draft.create({"name": "Mine", **values})
        self.assertEqual(draft.state, "draft")

    def test_another_company_is_left_alone(self):
        other = self._new_company("Other Trading")
        theirs = self.Policy._published(other)
        draft = self._draft()
        draft._schedule(self._ago(-1), "From tomorrow on")
        self._keep_up(self._ago(-2), company=other)
        self.assertEqual((theirs.state, draft.state), ("published", "scheduled"))
        admin = self._user("admin", "admin")
        with self.assertRaises(AccessError):
            theirs.copy().with_user(admin).with_context(
                allowed_company_ids=self.company.ids
            ).action_ask_publish()


@tagged("post_install", "-at_install")
class TestSchedule(PublicationCase):
    def _scheduled(self, day=None, policy=None):
        policy = policy or self._draft()
        wizard = self._dialog(policy, reason="Agreed for summer", when="later")
        wizard.publish_on = day or self._ago(-3)
        self.assertEqual(wizard.action_apply(), {"type": "ir.actions.act_window_close"})
        return policy

    def test_the_dialog_proposes_the_first_of_the_next_month(self):
        wizard = self._dialog(self._draft(), reason="Agreed")
        self.assertEqual((wizard.when, wizard.publish_on), ("now", date(2024, 7, 1)))

    def test_it_judges_nobody_before_its_day_and_everybody_from_then_on(self):
        draft = self._scheduled()
        self.assertEqual((draft.state, draft.publish_on), ("scheduled", self._ago(-3)))
        self._keep_up(self._ago(-2))
        self.assertEqual((draft.state, len(self._log())), ("scheduled", 1))
        runs = self._keep_up(self._ago(-3))
        self.assertEqual(
            (runs[0].kind, runs[0].reason, runs[0].policy_id), ("full", "policy", draft)
        )
        self.assertEqual(self.Policy._published(self.company), draft)
        entry = self._log()[-1]
        self.assertEqual(
            (entry.effective_date, entry.reason, entry.user_id),
            (self._ago(-3), "Agreed for summer", self.env.user),
        )
        self.assertFalse(draft.publish_on or draft.publish_reason or draft.scheduled_by_id)

    def test_the_day_begins_in_the_companys_time_zone(self):
        """One second before midnight nothing, at midnight it is published."""
        for zone, midnight in (
            ("UTC", datetime(2024, 6, 15)),
            ("Asia/Shanghai", datetime(2024, 6, 14, 16)),
            ("America/Los_Angeles", datetime(2024, 6, 15, 7)),
            ("Pacific/Kiritimati", datetime(2024, 6, 14, 10)),
            ("Asia/Kathmandu", datetime(2024, 6, 14, 18, 15)),
        ):
            company = self._new_company(zone)
            company.partner_id.tz = zone
            draft = self._draft(self.Policy._published(company))
            self._scheduled(date(2024, 6, 15), draft)
            with self.subTest(zone=zone):
                self.assertEqual(company._customer_day_start(date(2024, 6, 15)), midnight)
                for moment, state in (
                    (midnight - timedelta(seconds=1), "scheduled"),
                    (midnight, "published"),
                ):
                    with freeze_time(moment):
                        self.env["customer.run"]._next_run(company, nightly=False)
                    self.assertEqual(draft.state, state, moment)
                self.assertEqual(self._log(company)[-1].effective_date, date(2024, 6, 15))

    def test_the_scheduled_action_is_called_when_the_day_begins(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        before = self.env["ir.cron.trigger"].search([])
        self._scheduled(date(2024, 6, 15))
        trigger = self.env["ir.cron.trigger"].search([]) - before
        self.assertEqual(trigger.cron_id, self.env.ref("customer_success.ir_cron_keep_up"))
        self.assertEqual(trigger.call_at, datetime(2024, 6, 14, 16))

    def test_a_day_when_clocks_skip_midnight_begins_at_one(self):
        self.company.partner_id.tz = "America/Santiago"
        start = self.company._customer_day_start(date(2024, 9, 8))
        self.assertEqual(start, datetime(2024, 9, 8, 4))  # 00:00 at -4 is 01:00 at -3

    def test_a_server_that_was_off_publishes_late_and_says_from_when(self):
        draft = self._scheduled()
        self._keep_up(self._ago(-40))
        self.assertEqual(draft.state, "published")
        self.assertEqual(self._log()[-1].effective_date, self._ago(-40))
        self.assertEqual(self.Publication._policy_on(self.company, self._ago(-39)), self.first)

    def test_it_is_published_once(self):
        self._scheduled()
        self._keep_up(self._ago(-3))
        self._keep_up(self._ago(-3), nightly=True)
        self._keep_up(self._ago(-4))
        self.assertEqual(len(self._log()), 2)

    def test_both_scheduled_actions_publish(self):
        """Whichever comes first: here the nightly one."""
        draft = self._scheduled()
        runs = self._keep_up(self._ago(-3), nightly=True)
        self.assertEqual((draft.state, runs[0].reason), ("published", "policy"))

    def test_the_day_must_be_to_come(self):
        draft = self._draft()
        for days in (0, 1):
            with self.subTest(days=days), self.assertRaisesRegex(UserError, "has begun already"):
                draft._schedule(self._ago(days), "Too late")
        self.assertEqual(draft.state, "draft")
        self._scheduled(self._ago(-1), draft)

    def test_one_schedule_at_a_time(self):
        first, second = self._scheduled(), self._draft()
        with self.assertRaisesRegex(UserError, "version 2 is scheduled already, from 06/15/2024"):
            second._schedule(self._ago(-5), "Also")
        first.action_cancel_schedule()
        self._scheduled(policy=second)

    def test_what_is_scheduled_is_frozen(self):
        draft = self._scheduled()
        for change in (
            lambda: draft.write({"window_days": 30}),
            lambda: draft.tier_ids[0].write({"threshold": 99}),
            lambda: draft.cut_ids[0].unlink(),
        ):
            with self.assertRaisesRegex(UserError, "Cancel the schedule"):
                change()
        with self.assertRaisesRegex(UserError, "Cancel the schedule first"):
            draft.unlink()
        with self.assertRaisesRegex(UserError, "published or scheduled already"):
            draft.action_ask_publish()

    def test_a_cancelled_schedule_is_a_draft_again(self):
        draft = self._scheduled()
        draft.action_cancel_schedule()
        self.assertEqual((draft.state, draft.publish_on), ("draft", False))
        draft.window_days = 30
        self._keep_up(self._ago(-9))
        self.assertEqual(self.Policy._published(self.company), self.first)
        with self.assertRaisesRegex(UserError, "is not scheduled"):
            draft.action_cancel_schedule()

    def test_a_version_that_has_judged_is_history_again(self):
        self._draft().action_publish()
        self._scheduled(policy=self.first)
        self.first.action_cancel_schedule()
        self.assertEqual(self.first.state, "archived")
        self._scheduled(policy=self.first)
        self._keep_up(self._ago(-3))
        self.assertEqual(self.first.state, "published")

    def test_another_version_published_meanwhile_is_replaced_in_its_turn(self):
        draft, other = self._scheduled(), self._draft()
        wizard = self._dialog(other, reason="Until then")
        self.assertEqual(wizard.scheduled_id, draft)
        self.assertIn(
            "version 2 is scheduled already and takes over on 06/15", wizard.schedule_text
        )
        wizard.action_apply()
        self.assertEqual(other.successor_id, draft)
        self.assertIn("version 2 takes over on 06/15/2024", other.schedule_text)
        self._keep_up(self._ago(-3))
        self.assertEqual(self._log()[-1].replaced_id, other)

    def test_what_can_no_longer_be_published_is_told_and_the_old_version_stays(self):
        user = self._user("admin", "admin")
        draft = self._draft()
        draft.with_user(user)._schedule(self._ago(-3), "Agreed for summer")
        self.tiers["high"].active = False
        with self.assertLogs(CHANNEL, "WARNING") as log:
            self._keep_up(self._ago(-3))
        self.assertEqual(len(log.output), 1)
        self.assertEqual((draft.state, self.first.state), ("draft", "published"))
        self.assertIn("archived: High", draft.schedule_error)
        self.assertEqual(len(self._log()), 1)
        message = draft.message_ids[0]
        self.assertIn("could not be published", message.body)
        self.assertEqual(message.notified_partner_ids, user.partner_id)
        run = self.env["customer.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "failed")]
        )
        self.assertIn("archived: High", run.error)

        # What was chosen is proposed again; mended, it is published and the trouble forgotten.
        self.tiers["high"].active = True
        self._keep_up(self._ago(-9))
        self.assertEqual(draft.state, "draft", "not published behind somebody's back")
        wizard = self._dialog(draft)
        self.assertEqual((wizard.reason, wizard.publish_on), ("Agreed for summer", self._ago(-3)))
        wizard.action_apply()
        self.assertEqual((draft.state, draft.schedule_error), ("published", False))

    def test_freshness_says_that_it_failed(self):
        self._scheduled()
        self.tiers["high"].active = False
        with self.assertLogs(CHANNEL, "WARNING"), self._on(self._ago(-3)):
            self.env["customer.value.policy"]._publish_due(self.company)
        freshness = self.env["customer.run"].with_company(self.company).get_freshness()
        self.assertEqual(freshness["state"], "failed")
        self.assertIn("archived: High", freshness["error"])


@tagged("post_install", "-at_install")
class TestGoBack(PublicationCase):
    """``strict`` asks more of High and gives Medium earlier than ``usual``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.poor, cls.rich = cls._customers(2)
        cls._invoice(cls.poor, cls.today - timedelta(10), 50)  # 25 points
        cls._invoice(cls.rich, cls.today - timedelta(10), 5000)  # 75 points

    def setUp(self):
        super().setUp()
        self.usual = self._money_only(SCORES, dwell_days=60)
        self._publish(self.usual, "Usual")
        self._run("full")
        scores = {"key": (95, 90), "high": (80, 78), "medium": (20, 10), "low": (0, 0)}
        self.strict = self._money_only(scores, dwell_days=0)
        self._publish(self.strict, "Strict")
        self._run("full")

    def _tier(self, customer):
        return self._profile(customer).value_tier_id.code

    def _moves(self, customer):
        return [
            (move.from_tier_id.code, move.to_tier_id.code, move.cause, move.policy_id)
            for move in self._transitions(customer, "tier")
        ][1:]

    def _go_back(self):
        action = self.strict.action_revert()
        self.assertIn(str(self.usual.version), action["name"])
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"reason": "Too strict"})
        )
        self.assertTrue(wizard.again)
        wizard.action_apply()

    def test_each_move_of_a_publication_names_it_as_its_cause(self):
        self.assertEqual(self._moves(self.rich), [("high", "medium", "policy", self.strict)])
        self.assertEqual(self._moves(self.poor), [("low", "medium", "policy", self.strict)])

    def test_the_same_version_judges_again(self):
        rules, versions = self.usual._kernel(), self.Policy.search_count([])
        self._go_back()
        self.assertEqual((self.usual.state, self.strict.state), ("published", "archived"))
        self.assertEqual(self.usual._kernel(), rules)
        self.assertEqual(self.Policy.search_count([]), versions, "no copy")
        self.assertEqual(
            [(entry.policy_id, entry.replaced_id, entry.reason) for entry in self._log()[1:]],
            [
                (self.usual, self.first, "Usual"),
                (self.strict, self.usual, "Strict"),
                (self.usual, self.strict, "Too strict"),
            ],
        )
        self.assertEqual(self.usual.publication_count, 2)

    def test_customers_are_judged_from_the_standing_they_have(self):
        """Who fell rises at once; who rose keeps the tier for the wait, and falls by time then."""
        self._go_back()
        self._run("full")
        self.assertEqual((self._tier(self.rich), self._tier(self.poor)), ("high", "medium"))
        self.assertEqual(self._profile(self.poor).tier_reason, "waiting")
        self._keep_up(self._ago(-59))
        self.assertEqual(self._tier(self.poor), "medium")
        self._keep_up(self._ago(-60))
        self.assertEqual(self._tier(self.poor), "low")
        self.assertEqual(self._moves(self.rich)[1:], [("medium", "high", "policy", self.usual)])
        self.assertEqual(self._moves(self.poor)[1:], [("medium", "low", "facts", self.usual)])

    def test_and_forth_again(self):
        self._go_back()
        self.assertEqual(self.usual.revert_id, self.strict)
        self.assertFalse(self.strict.revert_id, "only the published version goes back")
        self.usual.action_revert()

    def test_the_very_first_version_has_nothing_to_go_back_to(self):
        other = self.Policy._published(self._new_company("Other Trading"))
        with self.assertRaisesRegex(UserError, "no version before this one"):
            other.action_revert()

    def test_any_version_of_the_history_is_published_again(self):
        self._publish(self.first, "From the start")
        self._run("full")
        self.assertEqual(self.first.state, "published")
        self.assertEqual(self._profile(self.rich).policy_id, self.first)

    # ---- whom a publication moved --------------------------------------------------------------

    def _spread(self):
        """Move publications and what they moved a day apart: here all is one transaction."""
        for number, entry in enumerate(self._log()):
            at = datetime(2024, 6, 1 + number)
            for table, date_from, domain in (
                ("customer_value_publication", at, SQL("id = %s", entry.id)),
                (
                    "customer_transition",
                    at + timedelta(hours=1),
                    SQL(
                        "company_id = %s AND policy_id = %s AND at > %s",
                        self.company.id,
                        entry.policy_id.id,
                        datetime(2025, 1, 1),
                    ),
                ),
            ):
                self.env.cr.execute(
                    SQL("UPDATE %s SET at = %s WHERE %s", SQL.identifier(table), date_from, domain)
                )
        self.env.invalidate_all()

    def test_it_counts_whom_it_moved_and_opens_them(self):
        self._spread()
        self.assertEqual(self._log().mapped("moved_count"), [0, 0, 2])
        action = self._log()[-1].action_open_moves()
        moves = self.env["customer.transition"].search(action["domain"])
        self.assertEqual(moves.profile_id.partner_id, self.rich | self.poor)

    def test_a_version_published_twice_counts_each_time_by_itself(self):
        self._spread()
        self._go_back()
        self._run("full")  # recorded by the real clock: after the last publication
        self.assertEqual(self._log().mapped("moved_count"), [0, 0, 2, 1])
        before, after = self._log()[1], self._log()[-1]
        self.assertEqual(before.policy_id, after.policy_id)
        Transition = self.env["customer.transition"]
        self.assertFalse(Transition.search(before.action_open_moves()["domain"]))
        moves = Transition.search(after.action_open_moves()["domain"])
        self.assertEqual(moves.profile_id.partner_id, self.rich)

    def test_an_account_manager_counts_own_customers(self):
        self._spread()
        manager = self._user("manager", "own")
        self.rich.user_id = manager
        self.env.flush_all()
        entry = (
            self._log()[-1].with_user(manager).with_context(allowed_company_ids=self.company.ids)
        )
        self.assertEqual(entry.moved_count, 1)
        self.assertEqual(
            len(entry.env["customer.transition"].search(entry.action_open_moves()["domain"])), 1
        )

    def test_the_log_is_counted_by_one_query(self):
        entries = self._log()
        entries.mapped("at")
        self.env.flush_all()
        entries.invalidate_recordset(["moved_count"])
        with self.assertQueryCount(1):
            entries.mapped("moved_count")


@tagged("post_install", "-at_install")
class TestCompare(PublicationCase):
    def _comparison(self, policy, **vals):
        action = policy.action_compare()
        comparison = policy.env[action["res_model"]].browse(action["res_id"])
        comparison.write(vals)
        return comparison

    @staticmethod
    def _cells(comparison):
        """The table as it is read: section, rule, old, new."""
        lines, section = [], None
        for row in html.fromstring(str(comparison.table)).iterfind(".//tbody/tr"):
            cells = [" ".join(cell.text_content().split()) for cell in row]
            if len(cells) == 1:
                section = cells[0]
            else:
                lines.append((section, *cells))
        return lines

    def test_it_compares_with_what_a_version_was_made_from(self):
        draft = self._draft()
        self._draft().action_publish()
        self.assertEqual(self._comparison(draft).other_id, self.first)
        self.assertEqual(self._comparison(self.first).other_id.version, 2)

    def test_only_one_version(self):
        with self.assertRaisesRegex(UserError, "only one version"):
            self.first.action_compare()

    def test_equal_versions_say_so(self):
        comparison = self._comparison(self._draft())
        self.assertIn("Both versions have the same rules", comparison.table)
        self.assertEqual(self._cells(comparison), [])

    def test_the_rules_that_differ_in_words(self):
        old = self._money_only(SCORES, recency_mode="days")
        old.action_publish()
        draft = self._draft(old, window_days=180, weight_frequency=1, dwell_days=0)
        draft.money_cut_ids.filtered(lambda cut: cut.value == 1000).value = 1500
        draft.recency_cut_ids.value = 45
        line = draft.tier_ids.filtered(lambda line: line.tier_id.code == "high")
        line.keep_threshold = 66.5
        draft.tier_ids.filtered(lambda line: line.tier_id.code == "key").unlink()
        self.assertEqual(
            self._cells(self._comparison(draft)),
            [
                ("What counts", "Purchases of the last", "365 days", "180 days"),
                ("Recency", "Level 2: at most", "30 days", "45 days"),
                ("Frequency", "Weight in the score", "0%", "50%"),
                ("Money", "Weight in the score", "100%", "50%"),
                (
                    "Money",
                    "Level 3: at least",
                    "$ 1,000.00",
                    "$ 1,500.00",
                ),
                ("Tiers", "High kept down to", "70", "66.5"),
                ("Tiers", "Key from score", "90", "—"),
                ("Tiers", "Key kept down to", "85", "—"),
                ("Tiers", "Wait before a downgrade", "60 days", "0 days"),
            ],
        )

    def test_it_tells_what_the_records_say(self):
        """Against a difference worked out from the records, without the kernel."""
        old = self._money_only(SCORES)
        self._draft(window_days=90).action_publish()
        new = self.Policy._published(self.company)
        comparison = self._comparison(new, other_id=old.id)

        def rules(policy):
            found = {
                "window": policy.window_days,
                "mode": policy.recency_mode,
                "dwell": policy.dwell_days,
            }
            total = policy.weight_recency + policy.weight_frequency + policy.weight_money
            for axis in ("recency", "frequency", "money"):
                found[axis] = round(policy[f"weight_{axis}"] / total, 6)
            for cut in policy.cut_ids:
                found[cut.axis, cut.level] = cut.value
            for line in policy.tier_ids:
                found["from", line.tier_id] = line.threshold
                found["keep", line.tier_id] = line.keep_threshold
            return found

        before, after = rules(old), rules(new)
        every = before.keys() | after.keys()
        differing = {key for key in every if before.get(key) != after.get(key)}
        self.assertGreater(len(differing), 5)
        self.assertLess(len(differing), len(every))
        self.assertEqual(len(self._cells(comparison)), len(differing))
        comparison.show_all = True
        self.assertEqual(len(self._cells(comparison)), len(every))

    def test_days_and_intervals_keep_their_words(self):
        old = self._draft(recency_mode="days")
        old.action_publish()
        cells = self._cells(self._comparison(self._draft(old, recency_mode="rhythm")))
        self.assertIn("Silence against the customer's own rhythm", [cell[3] for cell in cells])
        cuts = [cell for cell in cells if cell[0] == "Recency"]
        self.assertTrue(cuts)
        for __, __, before, after in cuts:
            self.assertIn("—", (before, after))
            self.assertTrue(before.endswith(" days") or after.endswith(" usual intervals"))

    def test_every_reader_may_compare_and_no_other_companys(self):
        draft = self._draft()
        reader = self._user("reader", "own")
        self._comparison(draft.with_user(reader))
        theirs = self.Policy._published(self._new_company("Other Trading"))
        with self.assertRaises(AccessError):
            self._comparison(draft.with_user(reader), other_id=theirs.id).mapped("table")
