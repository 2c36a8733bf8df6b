"""Playbooks: who enters, once for each cause; what is opened, when; until what."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .playbook_case import PlaybookCase


@tagged("post_install", "-at_install")
class TestPlaybooks(PlaybookCase):
    def test_a_stage_entered_is_followed_up_step_by_step(self):
        playbook = self._start(self._playbook())
        self._set("stage", "decline")
        self._work(ago=2)  # Monday, 10 June
        enrolment = self._enrolments(playbook)
        self.assertEqual((enrolment.partner_id, enrolment.started.day), (self.customer, 10))
        self.assertEqual(self._cards(playbook), [("Say 0", 12, "")])
        self.assertEqual(
            [(plan.opens, plan.due) for plan in enrolment.plan_ids],
            [(date(2024, 6, 10), date(2024, 6, 12)), (date(2024, 6, 24), date(2024, 6, 27))],
        )
        card = enrolment.plan_ids.followup_id
        self.assertEqual((card.user_id, card.action), (self.manager, "call"))
        self.assertEqual(card.why, "Entered Decline on 06/10/2024: “Care”.")
        for ago, count in [(2, 1), (-11, 1), (-12, 2), (-12, 2)]:
            self._work(ago)
            self.assertEqual(len(self._cards(playbook)), count, f"{ago} days ago")
        enrolment.plan_ids.followup_id.stage_id = self.Followup.stage_id._last()
        self._work(-13)
        self.assertEqual(self._ends(playbook), ["done"])

    def test_never_anybody_of_before(self):
        """What happened before it was turned on is shown as a number, and enrolled on demand."""
        self._set("stage", "decline", ago=6)
        playbook = self._playbook()
        with self._nothing_written():
            seen = playbook.with_context(allowed_company_ids=self.company.ids)
            self.assertEqual(seen.candidate_count, 1)
            action = seen.action_try()
            found = self.env["customer.profile"].with_context(allowed_company_ids=self.company.ids)
            self.assertEqual(found.search(action["domain"]), self.profile)
            self._start(playbook)
            self._work()
        self._start(playbook, ago=4, catch_up=True)
        self._work(ago=4)
        self._work()
        enrolment = self._enrolments(playbook)
        last = self._transitions(self.customer, "stage")[-1]
        self.assertEqual(enrolment.cause, f"transition:{last.id}")
        self.assertFalse(playbook.catch_up)

    def test_a_first_computation_is_no_occasion(self):
        """A company that installs the addon has hundreds enter a stage in one night."""
        other = self._new_company("Late")
        playbook = self._playbook(
            company_id=other.id, stage_id=self.stages["maturity"].id, tier_ids=False
        )
        self._start(playbook, ago=15)
        self._bulk([(self.customer, self._ago(n), 500) for n in range(20, 320, 30)], other)
        self._run("full", day=self._ago(10), company=other)
        self.assertEqual(self._profile(self.customer, other).lifecycle_stage_id.code, "maturity")
        with self._nothing_written():
            self._work()

    def test_until_what(self):
        """Each condition takes back the open follow-up, with its reason, and ends the enrolment."""

        def order(book):
            self._bulk([(self.customer, self.today, 10)])
            self.env["customer.mark"]._add([(self.company.id, self.customer.id)])
            self._run()

        def blacklist(book):
            self.env["mail.blacklist"]._add(self.customer.email)

        def archive(book):
            self.customer.with_context(active_test=False).child_ids.active = False
            self.customer.active = False

        for reason, happens in [
            ("ordered", order),
            ("left", lambda book: self._set("stage", "maturity", ago=0)),
            ("asked", blacklist),
            ("asked", lambda book: self._enrolments(book).with_user(self.manager).action_asked()),
            ("closed", lambda book: self._enrolments(book).with_user(self.manager).action_close()),
            ("off", lambda book: book.action_end_all()),
            ("archived", archive),
        ]:
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                playbook = self._start(self._playbook())
                self._set("stage", "decline")
                self._work(ago=2)
                happens(playbook)
                self._work()
                self.assertEqual(self._ends(playbook), [reason])
                self.assertEqual(self._cards(playbook), [("Say 0", 12, f"playbook_{reason}")])
                self._work(ago=-30)
                self.assertEqual(len(self._cards(playbook)), 1, "nothing more is opened")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_conditions_that_are_off_do_not_end_it(self):
        playbook = self._start(
            self._playbook(stop_ordered=False, stop_left=False, stop_asked=False)
        )
        self._set("stage", "decline")
        self._work(ago=2)
        self._set("stage", "maturity", ago=0)
        self.env["mail.blacklist"]._add(self.customer.email)
        self._work()
        self.assertEqual(self._ends(playbook), [False])

    def test_whoever_asked_never_enters_again(self):
        playbook = self._start(self._playbook())
        self._set("stage", "decline", ago=4)
        self._work(ago=4)
        self._enrolments(playbook).action_asked()
        self._set("stage", "maturity", ago=3)
        self._set("stage", "decline", ago=2)
        self._work()
        self.assertEqual(self._ends(playbook), ["asked"])

    def test_a_cause_that_comes_while_one_runs_is_used_up(self):
        playbook = self._start(self._playbook(stop_left=False))
        self._set("stage", "decline", ago=4)
        self._work(ago=4)
        self._set("stage", "maturity", ago=3)
        self._set("stage", "decline", ago=3)
        self._work(ago=3)
        self.assertEqual(self._ends(playbook), [False, "running"])
        self.assertEqual(playbook.enrolled_count, 1, "it entered once")
        self._enrolments(playbook)[0].action_close()
        self._work()
        self.assertEqual(len(self._enrolments(playbook)), 2)

    def test_for_whom(self):
        segment = self.env["customer.segment"].create(
            {"name": "None", "domain": "[('revenue', '>', 1e9)]"}
        )
        here = self.profile.value_tier_id
        for name, enters, vals in [
            ("its tier", True, {"tier_ids": [Command.set(here.ids)]}),
            ("another tier", False, {"tier_ids": [Command.set((self._all_tiers() - here).ids)]}),
            ("not in the segment", False, {"segment_id": segment.id}),
        ]:
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                playbook = self._start(self._playbook(**vals))
                self._set("stage", "decline")
                self._work()
                self.assertEqual(len(self._enrolments(playbook)), enters)
                savepoint.rollback()
                self.env.invalidate_all()

    def _all_tiers(self):
        return self.env["customer.tier"].search([])

    def test_of_a_customer_who_falls_the_tier_it_had_counts(self):
        key, low = self.tiers["key"], self.tiers["low"]
        self._set("tier", "key", ago=9)
        of_key, of_low = (
            self._start(self._playbook("tier_down", tier_ids=[Command.set(tier.ids)]))
            for tier in (key, low)
        )
        up = self._start(self._playbook("tier_up"))
        self._set("tier", "low")
        self._work()
        self.assertEqual(self._enrolments(of_key).tier_id, key)
        self.assertFalse(self._enrolments(of_low) | self._enrolments(up))
        self._set("tier", "high", ago=0)
        self._work()
        self.assertEqual(self._ends(of_key), [False], "high is not key again")
        self._set("tier", "key", ago=-1)
        self._work(ago=-1)
        self.assertEqual(self._ends(of_key), ["left"])
        self.assertEqual(self._enrolments(up)[0].tier_id, self.tiers["high"])

    def test_a_stage_that_is_left(self):
        self._set("stage", "decline", ago=9)
        playbook = self._start(self._playbook("stage_leave"))
        self._set("stage", "growth")
        self._work()
        self.assertEqual(len(self._enrolments(playbook)), 1)

    def test_silence_on_the_day_and_once(self):
        """Last bought 20 days before today, usually every 30 days."""
        playbook = self._start(self._playbook("silent", silence=1.1, stop_ordered=False))
        interval = self.profile.expected_interval
        crossing = -(-1.1 * interval // 1) - 20
        for ago, count in [(0, 0), (1 - crossing, 0), (-crossing, 1), (-crossing - 1, 1)]:
            self._work(int(ago))
            self.assertEqual(len(self._enrolments(playbook)), count, f"{ago} days ago")
        self.assertEqual(
            self._enrolments(playbook).cause, f"silent:{self.profile.last_purchase_date}"
        )

    def test_those_silent_already_are_not_taken_by_storm(self):
        playbook = self._playbook("silent", silence=0.1)
        self.assertEqual(
            playbook.with_context(allowed_company_ids=self.company.ids).candidate_count, 1
        )
        self._start(playbook)
        with self._nothing_written():
            self._work()

    def test_a_date_each_year_and_never_the_years_that_passed(self):
        first = self.profile.first_purchase_date
        field = self.env["ir.model.fields"]._get("customer.profile", "first_purchase_date")
        playbook = self._start(
            self._playbook("date", date_field_id=field.id, days_ahead=3, stop_ordered=False)
        )
        anniversary = first.replace(year=first.year + 1)
        self.assertLess(self.today, anniversary)
        for day, count in [(-4, 0), (-3, 1), (0, 1), (300, 1), (362, 2)]:
            self._work((self.today - anniversary).days - day)
            self.assertEqual(len(self._enrolments(playbook)), count, f"{day} days after")
            self._enrolments(playbook)._end("closed")
        self.assertEqual(
            self._enrolments(playbook)[:1].cause, f"date:{anniversary}", "the day that returns"
        )

    def test_born_on_a_leap_day(self):
        self.env.cr.execute(
            "UPDATE customer_profile SET first_purchase_date = '2020-02-29' WHERE id = %s",
            [self.profile.id],
        )
        field = self.env["ir.model.fields"]._get("customer.profile", "first_purchase_date")
        playbook = self._start(self._playbook("date", date_field_id=field.id), ago=0)
        self._work((self.today - date(2025, 2, 28)).days)
        self.assertEqual(self._enrolments(playbook).cause, "date:2025-02-28")

    def test_a_first_order(self):
        playbook = self._start(self._playbook("first_order", stop_ordered=False))
        new, imported, late = self._customers(3, name="New", email="new@example.com")
        self._bulk(
            [(new, self._ago(2), 100)]
            + [(imported, self._ago(n), 100) for n in range(2, 200, 20)]
            + [(late, self._ago(100), 100)]
        )
        for partner in (new, imported, late):
            self.env["customer.mark"]._add([(self.company.id, partner.id)])
        self._run(day=self._ago(1))
        self._work()
        self.assertEqual(self._enrolments(playbook).partner_id, new)

    def test_tickets(self):
        solved, unhappy = (
            self._start(self._playbook(trigger, stop_ordered=False), ago=1)
            for trigger in ("complaint_solved", "unhappy")
        )
        ticket = self._solve(self._ticket())
        self._work()
        self.assertEqual(self._enrolments(solved).cause, f"ticket:{ticket.id}")
        self.assertFalse(self._enrolments(unhappy))
        ticket.write({"return_visit_note": "Still broken", "return_visit_outcome": "unhappy"})
        self._work()
        self.assertEqual(len(self._enrolments(unhappy)), 1)
        self._go(ticket, "solved")
        self._work()
        self.assertEqual(len(self._enrolments(solved)), 1, "one complaint is solved once")

    def test_by_whom(self):
        playbook = self._playbook(steps=[(0, 1)] * 3)
        manager, leader, people = playbook.step_ids
        leader.assignee = "leader"
        people.write({"assignee": "people", "user_ids": [Command.set(self.ann.ids)]})
        self._start(playbook)
        self._set("stage", "decline")
        self._work()
        who = {plan.step_id: plan.user_id for plan in self._enrolments(playbook).plan_ids}
        self.assertEqual(who, {manager: self.manager, leader: self.boss, people: self.ann})

    def test_new_steps_are_for_those_who_enter_then(self):
        playbook = self._start(self._playbook())
        self._set("stage", "decline")
        self._work(ago=2)
        playbook.step_ids[1].days = 1
        playbook.step_ids = [Command.create({"days": 0})]
        self._work()
        self.assertEqual(len(self._cards(playbook)), 1)

    def test_off_goes_on_with_those_who_are_in_it(self):
        playbook = self._start(self._playbook())
        self._set("stage", "decline")
        self._work(ago=2)
        playbook.action_turn_off()
        other = self._customer("Other")
        self._bulk([(other, self._ago(9), 100)])
        self.env["customer.mark"]._add([(self.company.id, other.id)])
        self._run()
        self._set("stage", "decline", ago=0, partner=other)
        self._work(ago=-12)
        self.assertEqual(self._enrolments(playbook).partner_id, self.customer)
        self.assertEqual(len(self._cards(playbook)), 2)

    # ---- nothing lost, nothing doubled ---------------------------------------------------------

    def test_killed_in_the_middle(self):
        """Whatever fails where: the next time finds the rest, and nothing is there twice."""
        for name, model in [
            ("_plan", "customer.playbook"),
            ("_open", "customer.followup"),
            ("_take_back", "customer.playbook.enrolment"),
        ]:
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                playbook = self._start(self._playbook())
                self._set("stage", "decline")
                if name == "_take_back":
                    self._work(ago=2)
                    self._set("stage", "maturity", ago=1)

                def fails(*args, **kwargs):
                    raise RuntimeError("killed")

                with (
                    patch.object(self.env.registry[model], name, fails),
                    mute_logger(
                        "odoo.addons.customer_success.models.playbook.customer_playbook_engine"
                    ),
                ):
                    self._work(ago=1)
                self._work(ago=1)
                expected = [False] if name != "_take_back" else ["left"]
                self.assertEqual(self._ends(playbook), expected)
                self.assertEqual(len(self._cards(playbook)), 1)
                self.assertEqual(
                    len(self._enrolments(playbook).plan_ids), 2 - (expected[0] == "left")
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_move_recorded_late_is_not_missed(self):
        """A long run stamps its moves with its beginning, and commits when others have looked."""
        playbook = self._start(self._playbook())
        self._work()
        with self._at("11 20:00"):  # appears now, dated before the last look
            self.profile._set_manual("stage", self.stages["decline"], "Because", False)
        self._work()
        self.assertEqual(len(self._enrolments(playbook)), 1)

    def test_a_segment_that_does_not_work_is_said_and_hinders_nobody(self):
        segment = self.env["customer.segment"].create({"name": "Broken", "domain": "[]"})
        broken = self._start(self._playbook(segment_id=segment.id))
        sound = self._start(self._playbook())
        self.env.cr.execute(
            "UPDATE customer_segment SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s",
            [segment.id],
        )
        self._set("stage", "decline")
        self._work()
        self.assertIn("gone", broken.error)
        self.assertEqual(len(self._enrolments(sound)), 1)
        segment.domain = "[('revenue', '>', 0)]"
        self._work()
        self.assertEqual(len(self._enrolments(broken)), 1, "it is caught up with")
        self.assertFalse(broken.error)

    def test_the_cost_does_not_grow_with_the_customers(self):
        def queries(count):
            partners = self._customers(count, name=f"Q{count}")
            self._bulk([(partner, self._ago(30), 50) for partner in partners])
            self.env["customer.mark"]._add([(self.company.id, p.id) for p in partners])
            self._run(day=self._ago(9))
            segment = self.env["customer.segment"].create(
                {"name": "Q", "domain": f"[('partner_id.name', '=like', 'Q{count} %')]"}
            )
            playbook = self._playbook("first_order", steps=[(0, 1), (5, 1)], segment_id=segment.id)
            self._start(playbook, ago=15, catch_up=True)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for work in playbook._work_of(self.company):
                while work():
                    pass
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.assertEqual(len(self._enrolments(playbook)), count)
            self.assertEqual(len(self._cards(playbook)), count)
            playbook._turn_off()
            return queries

        queries(2)
        few, many = queries(3), queries(60)
        self.assertLessEqual(many, few + 2)

    # ---- people --------------------------------------------------------------------------------

    def test_numbers_and_what_they_open(self):
        playbook = self._start(self._playbook())
        self._set("stage", "decline")
        self._work(ago=2)
        numbers = ["enrolled_count", "running_count", "done_count", "ordered_count"]
        self.assertEqual([playbook[name] for name in numbers], [1, 1, 0, 0])
        self._bulk([(self.customer, self.today, 10)])
        self.env["customer.mark"]._add([(self.company.id, self.customer.id)])
        self._run()
        self._work()
        playbook.invalidate_recordset()
        self.assertEqual([playbook[name] for name in numbers], [1, 0, 0, 1])
        self.assertEqual(
            self.Enrolment.search([("ordered_since", "=", True)]), self._enrolments(playbook)
        )
        self.assertTrue(self._enrolments(playbook).ordered_since)

    def test_in_one_sentence(self):
        playbook = self.env.ref("customer_success.playbook_stage_decline").with_context(
            lang="en_US"
        )
        self.assertEqual(
            playbook.summary,
            "When a Key, High, or Medium customer enters Decline: call by the account manager within "
            "2 working days, then visit by the account manager after 10 working days, then offer by "
            "the account manager after 20 working days; until it orders, it leaves the stage, or it "
            "asks to stop.",
        )

    def test_those_that_come_with_it(self):
        records = self.env["ir.model.data"].search(
            [("module", "=", "customer_success"), ("model", "=", "customer.playbook")]
        )
        playbooks = self.Playbook.browse(records.mapped("res_id"))
        self.assertEqual(
            set(playbooks.filtered(lambda p: p.trigger == "stage_enter").stage_id.mapped("code")),
            set(self.stages),
        )
        self.assertTrue(all(playbooks.step_ids.mapped("advice")))
        for playbook in playbooks:
            with self.subTest(playbook.name):
                self.assertNotIn("…", playbook.summary)

    def test_bad_input_is_refused_with_a_way_out(self):
        for vals, words in [
            ({"stage_id": False}, "Choose which stage"),
            ({"trigger": "silent", "silence": 0}, "number above 0"),
            ({"trigger": "date"}, "Choose which date"),
        ]:
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words):
                self._playbook(**vals)
        field = self.env["ir.model.fields"]._get("customer.profile", "revenue")
        with self.assertRaisesRegex(ValidationError, "stored date"):
            self._playbook("date", date_field_id=field.id)
        with self.assertRaisesRegex(UserError, "no steps yet"):
            self._playbook(steps=())._turn_on()
        playbook = self._start(self._playbook())
        self._set("stage", "decline")
        self._work()
        with self.assertRaisesRegex(UserError, "Archive it"):
            playbook.unlink()

    def test_own_customers_alone(self):
        playbook = self._start(self._playbook())
        self._set("stage", "decline")
        self._work()
        stranger = self._user("stranger", "own")
        enrolment = self._enrolments(playbook)
        for user, count in ((self.manager, 1), (stranger, 0)):
            seen = self.Enrolment.with_user(user).with_context(allowed_company_ids=self.company.ids)
            self.assertEqual(seen.search_count([]), count)
            book = playbook.with_user(user).with_context(allowed_company_ids=self.company.ids)
            self.assertEqual((book.enrolled_count, book.candidate_count), (count, count))
            with self.assertRaises(AccessError):
                book.action_turn_off()
        for name in ("action_close", "action_asked", "action_open_followups"):
            enrolment.invalidate_recordset()
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(enrolment.with_user(stranger), name)()

    def test_merged_customers_are_in_it_once(self):
        other = self._customer("Acme Inc")
        self._bulk([(other, self._ago(40), 100)])
        self.env["customer.mark"]._add([(self.company.id, other.id)])
        self._run(day=self._ago(9))
        playbook = self._start(self._playbook())
        for partner in (other, self.customer):
            self._set("stage", "decline", partner=partner)
        self._work()
        self.assertEqual(len(self._enrolments(playbook)), 2)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (other | self.customer).ids, self.customer
        )
        left = self._enrolments(playbook)
        self.assertEqual(left.profile_id.partner_id, self.customer)
        self.assertEqual(len(left.filtered(lambda row: not row.ended_at)), 1)

    def test_the_dialog_that_turns_it_on(self):
        self._set("stage", "decline", ago=6)
        playbook = self._playbook().with_context(allowed_company_ids=self.company.ids)
        action = playbook.action_turn_on()
        dialog = (
            self.env["customer.playbook.start"]
            .with_context(**action["context"], allowed_company_ids=self.company.ids)
            .create({"whom": "also"})
        )
        self.assertEqual(dialog.candidate_count, 1)
        dialog.action_start()
        self.assertTrue(playbook.is_on and playbook.catch_up)
        self.assertEqual(playbook.on_since - self.env.cr.now(), timedelta())
