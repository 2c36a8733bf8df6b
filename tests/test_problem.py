"""Recurring issues: what is proposed, what joins, what closing asks for, who is told once."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .ticket_case import TicketCase


class ProblemCase(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = cls.env.ref("customer_success.ticket_category_quality")
        cls.delivery = cls.env.ref("customer_success.ticket_category_delivery")
        cls.tile, cls.brick = cls.env["product.product"].create(
            [{"name": "Tile"}, {"name": "Brick"}]
        )
        cls.rule = cls.env["customer.recurrence.rule"].create(
            {
                "name": "Test",
                "company_id": cls.company.id,
                "sequence": -1,
                "group_by": "category_id",
                "group_by_2": "product_id",
            }
        )
        cls.env["customer.recurrence.rule"].search([("id", "!=", cls.rule.id)]).active = False
        cls.Problem = cls.env["customer.problem"].with_context(allowed_company_ids=cls.company.ids)

    def _tickets(self, days, category=None, product=None, **vals):
        """One ticket for each number of days ago; the customer is the case's unless given."""
        return (
            self.env["customer.ticket"]
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                [
                    {
                        "name": f"Broken {n}",
                        "contact_id": self.contact.id,
                        "category_id": (category or self.quality).id,
                        "product_id": product and product.id,
                        "opened_at": fields.Datetime.now() - timedelta(days=ago, hours=1),
                        **vals,
                    }
                    for n, ago in enumerate(days)
                ]
            )
        )

    def _quiet_year(self):
        """Forty tickets of other groups, evenly over the year: nothing is up with them."""
        self._tickets(range(3, 363, 9), self.delivery)

    def _look(self, as_of=None):
        self.env.flush_all()
        return self.Problem._look(self.rule, self.company, as_of or fields.Datetime.now())

    def _burst(self, count=5):
        self._quiet_year()
        tickets = self._tickets([200, *range(1, count + 1)], product=self.tile)
        self._look()
        return tickets, self.Problem.search([("company_id", "=", self.company.id)])


@tagged("post_install", "-at_install")
class TestLook(ProblemCase):
    def test_what_is_more_than_usual_is_proposed_with_its_figures(self):
        tickets, problem = self._burst()
        self.assertEqual(problem.state, "proposed")
        self.assertEqual(problem.ticket_ids, tickets[1:], "the one of last year is not part of it")
        self.assertEqual((problem.category_id, problem.product_id), (self.quality, self.tile))
        self.assertEqual(problem.name, "Quality · Tile")
        self.assertEqual((problem.recent_count, problem.ticket_count), (5, 5))
        self.assertRegex(
            problem.reason,
            r"^5 in 14 days; 0\.\d expected from the 3\d\d days before; "
            r"chance of that (under )?0\.\d+ %$",
        )
        self.assertIn(self.boss.partner_id, problem.message_partner_ids, "its leader hears of it")

    def test_a_second_look_changes_nothing(self):
        __, problem = self._burst()
        before = problem.read()
        look = self._look()
        self.assertEqual((look.proposed_count, look.joined_count), (0, 0))
        self.assertEqual(self.Problem.search([("company_id", "=", self.company.id)]), problem)
        self.assertEqual(problem.read(), before)

    def test_growth_of_everything_is_nobodys(self):
        for product, category in [(self.tile, self.quality), (self.brick, self.delivery)]:
            for part in (0, 2):
                self._tickets([*range(20 + part, 360, 45), *range(1, 6)], category, product)
        look = self._look()
        self.assertEqual((look.group_count, look.proposed_count), (2, 0))
        self._tickets([1] * 40, product=self.tile)
        self.assertEqual(self._look().proposed_count, 1)

    def test_without_a_past_nothing_is_said(self):
        self._tickets([2, 2, 3, 3, 4, 4, 5], product=self.tile)
        self.assertFalse(self._look().proposed_count)

    def test_only_the_kinds_that_are_counted(self):
        self._quiet_year()
        self._tickets([1, 2, 3] * 3, product=self.tile, kind="question")
        self.assertFalse(self._look().proposed_count)
        self.rule.count_question = True
        self.assertTrue(self._look().proposed_count)

    def test_new_tickets_join_what_is_open(self):
        tickets, problem = self._burst()
        self.assertEqual(self._tickets([0], product=self.tile).problem_id, problem)
        other = self._tickets([0], product=self.brick)
        self.assertFalse(other.problem_id)
        other.product_id = self.tile
        self.assertEqual(other.problem_id, problem, "once somebody says what it is about")
        tickets[2].problem_id = False
        self.assertEqual(self._look().joined_count, 1)
        self.assertEqual(tickets[2].problem_id, problem)

    def test_what_was_dismissed_comes_back_only_when_more_comes(self):
        __, problem = self._burst()
        with self.assertRaisesRegex(ValidationError, "Dismissed Because"):
            problem.action_dismiss()
        problem.dismiss_reason = "A recall: known"
        problem.action_dismiss()
        self.assertFalse(self._look().proposed_count, "the same tickets again")
        later = self.today + timedelta(days=3)
        with self._on(later):
            late = self._tickets([0, 1], product=self.tile)
            self.assertFalse(self._look().proposed_count, "two more are no news")
            self.assertFalse(late.problem_id)
            late |= self._tickets([0] * 8, product=self.tile)
            self.assertEqual(self._look().proposed_count, 1)
        again = self.Problem.search([("state", "=", "proposed"), ("rule_id", "=", self.rule.id)])
        self.assertEqual(again.ticket_ids, late)
        self.assertEqual(problem.ticket_count, 5)

    def test_one_open_issue_of_a_group(self):
        """Two who look at the same moment."""
        __, problem = self._burst()
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "open_once"):
            self.Problem.create(
                {
                    "name": "Twin",
                    "state": "proposed",
                    "rule_id": self.rule.id,
                    "group_key": problem.group_key,
                }
            )

    def test_every_night_each_rule_and_company_once(self):
        self._quiet_year()
        self._tickets([1, 2, 3] * 3, product=self.tile)
        self.env["customer.recurrence.rule"].search(
            [("company_id", "!=", self.company.id)]
        ).active = False
        cron = self.env.ref("customer_success.ir_cron_problem_look")
        for __ in range(2):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.assertEqual(self.Problem.search_count([("rule_id", "=", self.rule.id)]), 1)
        self.assertEqual(len(self.rule.look_ids), 1)
        self.assertFalse(self.Problem._due(fields.Datetime.now()))
        self.assertEqual(
            self.Problem._due(fields.Datetime.now() + timedelta(days=1)),
            [(self.rule, self.company)],
        )

    def test_another_companys_tickets_are_another_matter(self):
        self._burst()
        other = self._new_company("Other")
        self.rule.company_id = False
        look = self.Problem._look(self.rule, other, fields.Datetime.now())
        self.assertEqual((look.ticket_count, look.proposed_count), (0, 0))

    def test_queries_do_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._look()
            return self.cr.sql_log_count - before

        self._quiet_year()
        self._look()
        few = queries()
        for ago in range(20, 360, 20):
            self._tickets([ago] * 3, product=self.env["product.product"].create({"name": str(ago)}))
        self._look()
        self.assertLessEqual(queries(), few)

    def test_a_rule_says_what_is_wrong_with_it(self):
        with self.assertRaisesRegex(ValidationError, "twice"):
            self.rule.group_by_3 = "product_id"
        self.rule.group_by_3 = False
        with self.assertRaisesRegex(ValidationError, "tick a kind"):
            self.rule.count_complaint = False


@tagged("post_install", "-at_install")
class TestEffect(ProblemCase):
    def test_closing_asks_what_was_learnt(self):
        __, problem = self._burst()
        problem.with_user(self.boss).action_confirm()
        self.assertEqual((problem.state, problem.user_id), ("confirmed", self.boss))
        with self.assertRaisesRegex(ValidationError, "Root Cause, Prevention"):
            problem.action_close()
        with self.assertRaisesRegex(ValidationError, "Prevention"):
            problem.write({"state": "closed", "cause": "Stacked too high"})
        problem.write({"prevention": "Half pallets", "cause": "Stacked", "state": "closed"})
        self.assertEqual(problem.decided_at, fields.Datetime.now())

    def test_whether_it_helped(self):
        __, problem = self._burst(8)
        problem.write({"prevention": "Half pallets", "cause": "Stacked", "state": "closed"})
        for days, verdict in [(2, "unknown"), (60, "fewer")]:
            with self._on(self.today + timedelta(days=days)):
                self.assertEqual(problem.effect_verdict, verdict, problem.effect)
        with self._on(self.today + timedelta(days=2)):
            self.assertIn("Cannot tell yet", problem.effect)
            self._tickets([0] * 9, product=self.tile)
        with self._on(self.today + timedelta(days=3)):
            self.assertEqual(problem.effect_verdict, "more", problem.effect)


@tagged("post_install", "-at_install")
class TestInform(ProblemCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.template = cls.env.ref("customer_success.mail_template_problem_inform")
        cls.template.with_context(lang="zh_CN").subject = "{{ object.number }}：原因与措施"
        cls.li = cls._customer("Li", email="li@li.example", lang="zh_CN")
        cls.refuses = cls._customer("Refuses", email="no@mail.example")
        cls.silent = cls._customer("No Address")
        cls.env["mail.blacklist"].create({"email": "no@mail.example"})
        cls.problem = cls.Problem.create({"name": "Stacked", "company_id": cls.company.id})
        cls.problem.customer_text = "We use half pallets now."
        cls.problem.with_context(lang="zh_CN").customer_text = "我们现在用半托盘。"

    def setUp(self):
        super().setUp()
        self.tickets = self._tickets([3, 1])
        for partner in (self.li, self.refuses, self.silent):
            self.tickets |= self._tickets([2], contact_id=partner.id)
        self.tickets |= self._tickets([2], contact_id=False, email_from="Stranger <x@y.example>")
        self.tickets.problem_id = self.problem
        self.tickets.message_subscribe(partner_ids=self.ben.partner_id.ids)

    def _letters(self):
        return self.env["mail.message"].search(
            [
                ("model", "=", "customer.ticket"),
                ("res_id", "in", self.tickets.ids),
                ("subject", "like", self.template.subject.split("}}")[1]),
            ]
        ) | self.env["mail.message"].search(
            [("res_id", "in", self.tickets.ids), ("subject", "like", "原因与措施")]
        )

    def _wizard(self):
        return (
            self.env["customer.problem.inform"]
            .with_user(self.ann)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"problem_id": self.problem.id})
        )

    def test_everybody_once_in_their_language_and_nobody_who_refuses(self):
        wizard = self._wizard()
        self.assertEqual(
            {line.partner_id.name or line.email: line.state for line in wizard.line_ids},
            {
                "Carl": "ready",
                "Li": "ready",
                "Refuses": "blacklisted",
                "No Address": "no_address",
                "x@y.example": "ready",
            },
        )
        wizard.ticket_id = self.tickets.filtered(lambda t: t.partner_id == self.li)
        self.assertIn("半托盘", wizard.preview_body)
        action = wizard.action_send()
        self.assertIn("Told: 3", action["params"]["message"])
        self.assertIn("No address: 1", action["params"]["message"])
        letters = self._letters()
        self.assertEqual(len(letters), 3)
        newest = self.tickets.filtered(lambda t: t.contact_id == self.contact).sorted("id")[-1]
        self.assertIn(newest.id, letters.mapped("res_id"), "on the ticket that came last")
        by_person = {letter.partner_ids: letter for letter in letters}
        self.assertIn("半托盘", by_person[self.li].body)
        self.assertIn("half pallets", by_person[self.contact].body)
        self.assertEqual(by_person[self.contact].notified_partner_ids, self.contact)
        self.assertFalse(any(newest.mapped("told_at")), "a letter to all is no answer")

    def test_a_second_time_nobody_and_a_new_text_everybody(self):
        self._wizard().action_send()
        again = self._wizard()
        self.assertEqual(again.ready_count, 0)
        self.problem._inform(self.template)
        self.assertEqual(len(self._letters()), 3)
        self.problem.customer_text = "Half pallets, and every box is padded."
        self.assertEqual(self._wizard().ready_count, 2, "its Chinese text is the same")

    def test_nothing_is_told_before_there_is_something(self):
        self.problem.with_context(lang="en_US").customer_text = " "
        with self.assertRaisesRegex(Exception, "Nothing to tell yet"):
            self._wizard().action_send()

    def test_who_sees_what(self):
        own = self._user("own", "own")
        seen = (
            self.env["customer.problem"]
            .with_user(own)
            .with_context(allowed_company_ids=self.company.ids)
        )
        self.team.member_ids = self.ann
        self.assertFalse(seen.search([]))
        self.li.user_id = own
        self.env.flush_all()
        self.assertEqual(seen.search([]), self.problem)
        mine = seen.browse(self.problem.id)
        mine.invalidate_recordset()
        self.assertEqual(mine.ticket_ids.partner_id, self.li, "and of its tickets only one's own")
        self.assertEqual((mine.ticket_count, mine.customer_count), (1, 1))
        for door in (mine.action_inform, mine.action_close, mine.action_look_now):
            with self.assertRaises(AccessError):
                door()
        for name in ("_look", "_inform", "_claim", "_propose"):
            with mute_logger("odoo.service.model"), self.assertRaises(AccessError):
                get_public_method(self.env["customer.problem"], name)
