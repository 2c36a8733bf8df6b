"""What a ticket cost, and how long things took: one definition each."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import GROUP
from .ticket_case import TicketCase


@tagged("post_install", "-at_install")
class TestMoney(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk, cls.seller = (
            new_test_user(
                cls.env,
                login=f"cs_{name}",
                groups=f"base.group_user,{GROUP.format('all')},{group}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in (
                ("clerk", "account.group_account_invoice"),
                ("seller", "sales_team.group_sale_salesman_all_leads"),
            )
        )
        cls._set_rate(cls.company, "EUR", cls._noon(cls.today).date().replace(day=1), 0.5)
        cls.product = cls.env["product.product"].create(
            {"name": "Tile", "list_price": 30, "standard_price": 0, "taxes_id": [Command.clear()]}
        )
        cls.product.with_company(cls.company).standard_price = 12

    def _as(self, ticket, user):
        return ticket.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_odoos_own_reversal_is_linked_both_ways_and_counts_when_posted(self):
        invoice = self._invoice(self.customer, self.today, 100, currency="EUR")
        ticket = self._ticket(invoice_id=invoice.id, cost=7)
        action = self._as(ticket, self.clerk).action_credit_note()
        self.assertEqual(action["res_model"], "account.move.reversal")
        wizard = Form(
            self.env["account.move.reversal"]
            .with_user(self.clerk)
            .with_context(allowed_company_ids=self.company.ids, **action["context"])
        ).save()
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.assertEqual(note.customer_ticket_id, ticket)
        self.assertEqual(ticket.sudo().credit_note_ids, note)
        self.assertEqual(
            (ticket.credit_note_count, ticket.credited, ticket.total_cost), (1, 0, 7), "a draft"
        )
        note.action_post()
        self.assertEqual((ticket.credited, ticket.total_cost), (200, 207), "in dollars")
        self.assertEqual(ticket.cost, 7, "what was written stays what was written")
        note.button_draft()
        self.assertEqual(ticket.total_cost, 7)

    def test_a_replacement_costs_the_goods_less_what_is_paid(self):
        ticket = self._ticket(product_id=self.product.id)
        seller = self._as(ticket, self.seller)
        action = seller.action_replacement()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(
            (order.customer_ticket_id, order.partner_id, order.order_line.price_unit),
            (ticket, self.contact, 0),
        )
        self.assertEqual(seller.action_replacement()["res_id"], order.id, "not a second draft")
        order.order_line.product_uom_qty = 4
        self.assertEqual(ticket.replaced, 0)
        order.with_context(allowed_company_ids=self.company.ids).action_confirm()
        self.assertEqual((ticket.replaced, ticket.total_cost), (48, 48))
        order.order_line.price_unit = 2
        self.assertEqual(ticket.replaced, 40)
        self.product.with_company(self.company).standard_price = 0
        self.assertEqual(order._customer_replacement_cost(), 112, "no cost kept: its list price")

    def test_who_may_not_is_told_who_may(self):
        invoice = self._invoice(self.customer, self.today, 100, post=False)
        ticket = self._ticket(invoice_id=invoice.id)
        with self.assertRaisesRegex(AccessError, "made by accounting"):
            ticket.action_credit_note()
        with self.assertRaisesRegex(AccessError, "ordered by sales"):
            ticket.action_replacement()
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            self._as(ticket, self.clerk).action_credit_note()
        arch = self.env["customer.ticket"].with_user(self.ann).get_view(view_type="form")["arch"]
        self.assertNotIn('name="action_credit_note"', arch)
        self.assertIn("made by accounting", arch)

    def test_merged_tickets_bring_their_documents(self):
        first, second = self._ticket(cost=1), self._ticket(cost=2)
        note = self._credit(self.customer, self.today, 50)
        note.customer_ticket_id = second
        (first | second)._merge(first, tell=False)
        self.assertEqual((note.customer_ticket_id, first.total_cost), (first, 53))


@tagged("post_install", "-at_install")
class TestReports(TicketCase):
    def test_shares_and_averages_are_of_what_happened(self):
        """Three tickets: one in time, one late, one that is still open."""
        with self._at("11 09:00"):
            good, bad, still = (self._ticket() for __ in range(3))
        with self._at("11 10:00"):
            self._say(good)
            self._solve(good)
        with self._at("13 12:00"):
            self._solve(bad)
        ((count, response, hours, share, kept),) = self.env["customer.ticket"]._read_group(
            [("id", "in", (good | bad | still).ids)],
            [],
            ["__count", "response_hours:avg", "solution_hours:avg", "response_in_time:avg",
             "solution_in_time:avg"],
        )  # fmt: skip
        self.assertEqual(count, 3)
        self.assertAlmostEqual(hours, (1 + 19) / 2)
        self.assertAlmostEqual(response, (1 + 19) / 2)
        self.assertEqual((share, kept), (50, 50))
        ((none,),) = self.env["customer.ticket"]._read_group(
            [("id", "=", still.id)], [], ["solution_in_time:avg"]
        )
        self.assertFalse(none, "nothing is known: that is not 0 %")

    def test_the_pivot_has_them_by_everything(self):
        fields = self.env["customer.ticket"].fields_get()
        for name in ("response_in_time", "solution_in_time", "response_hours", "solution_hours"):
            self.assertEqual(fields[name]["aggregator"], "avg")
        for name in (
            "team_id",
            "user_id",
            "category_id",
            "product_id",
            "value_tier_id",
            "opened_at",
        ):
            self.assertTrue(fields[name]["groupable"], name)
        filters = self.env["ir.filters"].search([("model_id", "=", "customer.ticket")])
        self.assertGreaterEqual(len(filters), 4)
        for favourite in filters:
            with self.subTest(favourite.name):
                measures = safe_eval(favourite.context)["pivot_measures"]
                self.assertLessEqual(set(measures) - {"__count"}, fields.keys())
                self.env["customer.ticket"].search(safe_eval(favourite.domain), limit=1)
