"""Every number of a receipt opens what it was made from, and what opens adds up to the number."""

from datetime import timedelta

import pytz
from lxml import html

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import float_compare

from .common import BrowserCase, CustomerCase
from .test_evidence import EvidenceCase

ACTION = "data-customer-action"


class OpenedCase:
    """What the actions of a profile open, summed without the product's help."""

    def _opened(self, profile, action):
        window = getattr(profile, action)()
        return self.env[window["res_model"]].search(window["domain"])

    def _days(self, profile, action):
        opened = self._opened(profile, action)
        if opened._name == "account.move":
            return set(opened.mapped("invoice_date"))
        zone = pytz.timezone(profile.company_id._customer_timezone())
        return {pytz.utc.localize(o.date_order).astimezone(zone).date() for o in opened}

    def _sum(self, profile, *actions):
        total = 0
        for action in actions:
            opened = self._opened(profile, action)
            if opened._name == "account.move":
                total += sum(opened.mapped("amount_untaxed_signed"))
            else:
                total += sum(o.amount_untaxed / (o.currency_rate or 1) for o in opened)
        return total

    def _assert_adds_up(self, profile):
        """:returns: how many numbers that can be opened there are"""
        orders = profile.fact_source == "order"

        def net(name, credits):
            actions = [f"action_open_{name}_documents", f"action_open_{credits}"]
            return self._sum(profile, *actions[: 2 if orders else 1])

        self.assertEqual(
            len(self._days(profile, "action_open_window_purchases")), profile.purchase_count
        )
        self.assertEqual(
            len(self._days(profile, "action_open_all_purchases")), profile.purchase_count_life
        )
        if profile.last_purchase_date:
            self.assertEqual(
                self._days(profile, "action_open_last_purchase"), {profile.last_purchase_date}
            )
        for amount, name, credits in (
            (profile.revenue, "window", "window_credit_notes"),
            (profile.trend_recent, "recent", "recent_credit_notes"),
            (profile.trend_prior, "prior", "prior_credit_notes"),
            (profile.trend_usual, "usual", "usual_credit_notes"),
        ):
            self.assertFalse(
                float_compare(net(name, credits), amount, precision_digits=2), (name, amount)
            )
        self.assertFalse(
            float_compare(
                -self._sum(profile, "action_open_window_credit_notes"),
                profile.credited,
                precision_digits=2,
            )
        )

    def _buttons(self, profile) -> dict[str, str]:
        """Each number that can be opened: its action, its text."""
        found = {}
        for markup in (profile.value_evidence, profile.stage_evidence):
            for node in html.fromstring(str(markup)).xpath(f"//*[@{ACTION}]"):
                found[node.get(ACTION)] = " ".join(node.text_content().split())
        return found


@tagged("post_install", "-at_install")
class TestDemoDocuments(OpenedCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.companies = self.env["res.company"]
        for name in ("hartwell", "hengzhu"):
            self.companies |= (
                self.env.ref(f"customer_success_demo.company_{name}", raise_if_not_found=False)
                or self.companies.browse()
            )
        self.profiles = self.env["customer.profile"].search(
            [("company_id", "in", self.companies.ids)]
        )

    def test_every_demo_customer_s_documents_add_up(self):
        for profile in self.profiles:
            with self.subTest(profile.display_name):
                self._assert_adds_up(profile)
        module = self.env["ir.module.module"].search([("name", "=", "customer_success")])
        self.assertEqual(len(self.profiles) > 60, module.demo)
        self.assertEqual(bool(self.profiles.filtered("credited")), module.demo)

    def test_every_button_opens_something(self):
        for profile in self.profiles:
            for action in self._buttons(profile):
                with self.subTest(profile.display_name, action=action):
                    window = getattr(profile, action)()
                    records = self.env[window["res_model"]]
                    if window.get("res_id"):
                        records = records.browse(window["res_id"]).exists()
                    else:
                        records = records.search(window["domain"])
                    self.assertTrue(records)


@tagged("post_install", "-at_install")
class TestDocumentsOfInvoices(OpenedCase, EvidenceCase):
    def test_what_was_fully_given_back_is_no_purchase(self):
        customer = self._customer("Returns")
        kept = self._invoice(customer, self._ago(20), 500)
        returned = self._invoice(customer, self._ago(9), 300)
        self._credit(customer, self._ago(8), 300, of=returned)
        self._run()
        profile = self._profile(customer)
        self._assert_adds_up(profile)
        self.assertEqual(self._opened(profile, "action_open_window_purchases"), kept)
        self.assertEqual(self._opened(profile, "action_open_last_purchase"), kept)
        self.assertEqual(len(self._opened(profile, "action_open_window_documents")), 3)

    def test_each_number_names_what_it_opens(self):
        profile = self.profiles.filtered(lambda p: p.trend_known and p.credit_note_count)[0]
        buttons = self._buttons(profile)
        self.assertEqual(
            set(buttons),
            {
                "action_open_policy",
                "action_open_limits",
                "action_open_market",
                "action_open_transitions",
                "action_open_last_purchase",
                "action_open_all_purchases",
                "action_open_window_purchases",
                "action_open_window_documents",
                "action_open_window_sales",
                "action_open_window_credit_notes",
                "action_open_recent_documents",
                "action_open_prior_documents",
                "action_open_usual_documents",
            },
        )
        self.assertEqual(
            buttons["action_open_window_purchases"],
            f"{profile.purchase_count} days with a purchase in 365 days",
        )
        self.assertEqual(profile.action_open_policy()["res_id"], profile.policy_id.id)

    def test_without_rights_a_number_is_text(self):
        """An account manager without accounting rights reads the figures, and opens the rules."""
        user = self._user("plain", "own")
        profile = self.profiles.filtered(lambda p: p.trend_known and p.credit_note_count)[0]
        profile.partner_id.user_id = user
        seen = profile.with_user(user).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(
            set(self._buttons(seen)),
            {"action_open_policy", "action_open_limits", "action_open_transitions"},
        )
        self.assertIn(f"{profile.purchase_count} days with a purchase", seen.value_evidence)
        self.assertEqual(seen.action_open_policy()["res_id"], profile.policy_id.id)


@tagged("post_install", "-at_install")
class TestDocumentsOfOrders(OpenedCase, CustomerCase):
    def test_orders_less_their_credit_notes_add_up(self):
        self.company.customer_fact_source = "order"
        customers = self._customers(2, "Orders")
        product = self.env["product.product"].create(
            {"name": "Goods", "type": "service", "invoice_policy": "order"}
        )
        env = self._in(self.company)
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": customers[number % 2].id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": 100 + number,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for number in range(10)
            ]
        )
        orders.action_confirm()
        for number, order in enumerate(orders):
            order.date_order = f"{self._ago(number * 60)} 12:00:00"
        # Two are invoiced and given back: one in part, one entirely.
        for order, part in ((orders[0], 0.5), (orders[2], 1)):
            invoice = order._create_invoices()
            invoice.invoice_date = order.date_order.date()
            invoice.action_post()
            reversal = (
                env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"journal_id": invoice.journal_id.id, "date": self.today})
            )
            credit = env["account.move"].browse(reversal.reverse_moves()["res_id"])
            credit.invoice_line_ids.price_unit *= part
            credit.invoice_date = self.today
            credit.action_post()
        self._run("full")
        first = self._profile(customers[0])
        self.assertEqual((first.purchase_count, first.credit_note_count), (3, 2))
        self.assertEqual(first.credited, 50 + 102)
        for customer in customers:
            profile = self._profile(customer)
            self._assert_adds_up(profile)
            buttons = self._buttons(profile)
            self.assertEqual(
                buttons["action_open_window_sales"], "Orders: " + str(profile.invoice_count)
            )
            self.assertEqual(
                "action_open_window_credit_notes" in buttons, bool(profile.credit_note_count)
            )


@tagged("post_install", "-at_install")
class TestReceiptInTheBrowser(BrowserCase):
    def test_numbers_open_by_keyboard(self):
        company = self._new_company("Receipt Trading")
        new_test_user(
            self.env,
            login="receipt_reader",
            groups="customer_success.group_customer_all,account.group_account_invoice",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        partner, today = self._customer("Receipt Builders"), company._customer_today()
        for ago in range(5, 420, 30):
            self._document(partner, today - timedelta(days=ago), 900, company=company)
        self.env.cr.flush()
        run = self.env["customer.run"]._open(company, "full", "asked")
        while run._advance():
            pass
        profile = self.env["customer.profile"].search([("partner_id", "=", partner.id)])
        self.start_tour(
            f"/odoo/customers-by-value/{profile.id}",
            "customer_receipt_tour",
            login="receipt_reader",
        )
