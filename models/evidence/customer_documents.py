"""The documents behind a customer's figures: counted, and opened exactly as they were counted."""

from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..facts.customer_facts import SEASON, among


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    can_open_invoices = fields.Boolean(compute="_compute_document_counts")
    can_open_orders = fields.Boolean(compute="_compute_document_counts")
    fact_source = fields.Selection(related="company_id.customer_fact_source")
    posted_invoice_count = fields.Integer("Invoices", compute="_compute_document_counts")
    posted_credit_note_count = fields.Integer(
        "All Credit Notes", compute="_compute_document_counts"
    )
    confirmed_order_count = fields.Integer("Orders", compute="_compute_document_counts")

    def _invoices_domain(self, *move_types) -> Domain:
        """Posted documents of this customer in this company."""
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", move_types),
            ]
        )

    def _orders_domain(self) -> Domain:
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("state", "=", "sale"),
            ]
        )

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_document_counts(self):
        """Counted as the user would see them: somebody without access sees no button at all."""
        Move, Order = self.env["account.move"], self.env["sale.order"]
        moves, orders = Move.has_access("read"), Order.has_access("read")
        for profile in self:
            profile.can_open_invoices = moves
            profile.can_open_orders = orders
            profile.posted_invoice_count = moves and Move.search_count(
                profile._invoices_domain("out_invoice")
            )
            profile.posted_credit_note_count = moves and Move.search_count(
                profile._invoices_domain("out_refund")
            )
            profile.confirmed_order_count = orders and Order.search_count(profile._orders_domain())

    def action_open_invoices(self):
        self.ensure_one()
        return self._open_moves(self.env._("Invoices"), self._invoices_domain("out_invoice"))

    def action_open_credit_notes(self):
        self.ensure_one()
        return self._open_moves(self.env._("Credit Notes"), self._invoices_domain("out_refund"))

    def action_open_orders(self):
        self.ensure_one()
        return self._open_orders(self._orders_domain())

    # ---- what a figure was made from -----------------------------------------------------------

    def action_open_window_sales(self):
        """The sales that the value receipt was made from."""
        return self._open_sales(self._window_start(), self.evidence_date)

    def action_open_window_documents(self):
        """What the revenue of the value receipt was made from: sales, and with them credit notes."""
        return self._open_sales(self._window_start(), self.evidence_date, with_credits=True)

    def action_open_window_credit_notes(self):
        """The credit notes that the value receipt was made from."""
        return self._open_credit_notes(self._window_start(), self.evidence_date)

    def action_open_window_purchases(self):
        """The sales of the days that count as a purchase: not those that were given back entirely."""
        return self._open_purchases(self._window_start(), self.evidence_date)

    def action_open_all_purchases(self):
        """The same of the customer's whole history."""
        return self._open_purchases(date.min, self.evidence_date)

    def action_open_last_purchase(self):
        """The sales of the last day with a purchase."""
        return self._open_purchases(
            self.last_purchase_date - timedelta(days=1), self.last_purchase_date
        )

    def action_open_recent_documents(self):
        """What the recent half of the trend was made from."""
        return self._open_sales(*self._recent_span(), with_credits=True)

    def action_open_recent_credit_notes(self):
        return self._open_credit_notes(*self._recent_span())

    def action_open_prior_documents(self):
        """What the trend is compared with, one year before."""
        return self._open_sales(*self._prior_span(), with_credits=True)

    def action_open_prior_credit_notes(self):
        return self._open_credit_notes(*self._prior_span())

    def action_open_usual_documents(self):
        """What the usual revenue in the trend was made from."""
        return self._open_sales(*self._usual_span(), with_credits=True)

    def action_open_usual_credit_notes(self):
        return self._open_credit_notes(*self._usual_span())

    # Spans are ``start < day <= end``.

    def _recent_span(self):
        return self.evidence_date - timedelta(days=self._limits().window_days), self.evidence_date

    def _prior_span(self):
        return tuple(day - timedelta(days=SEASON) for day in self._recent_span())

    def _usual_span(self):
        days = self._limits()._kernel().long_run_days
        return self.evidence_date - timedelta(days=days), self.evidence_date

    def _window_start(self):
        """The day before the window of the value policy."""
        self.ensure_one()
        return self.evidence_date - timedelta(days=self.policy_id.window_days)

    def _limits(self):
        self.ensure_one()
        return self.env["customer.lifecycle.policy"].sudo()._for_company(self.company_id)

    def _credit_notes_domain(self, start, end) -> Domain:
        """Credit notes that count: with orders as the source, those made from order lines."""
        span = Domain("invoice_date", ">", start) & Domain("invoice_date", "<=", end)
        if self.fact_source == "invoice":
            return span & self._invoices_domain("out_refund")
        return span & Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("move_type", "=", "out_refund"),
                ("line_ids.sale_line_ids.order_id", "any", self._orders_domain()),
            ]
        )

    def _purchase_days(self, start, end) -> list[date]:
        """The days that count as a purchase, as the facts have them."""
        self.ensure_one()
        self.env.flush_all()
        documents = self.env["customer.facts"]._documents(
            self.company_id, self.evidence_date, among(self.partner_id.ids)
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day FROM (%s) document WHERE day > %s AND day <= %s
                 GROUP BY day HAVING sum(sales) > 0 ORDER BY day
                """,
                documents,
                start,
                end,
            )
        )
        return [day for (day,) in rows]

    def _order_day(self, order) -> date:
        """The day of an order where its company is."""
        timezone = pytz.timezone(self.company_id._customer_timezone())
        return pytz.utc.localize(order.date_order).astimezone(timezone).date()

    def _open_purchases(self, start, end):
        days = self._purchase_days(start, end)
        if self.fact_source == "order":
            orders = self.env["sale.order"].search(
                self._orders_domain() & Domain("amount_untaxed", ">", 0)
            )
            counted = set(days)
            return self._open_orders(
                Domain("id", "in", [o.id for o in orders if self._order_day(o) in counted])
            )
        return self._open_moves(
            self.env._("Invoices"),
            self._invoices_domain("out_invoice")
            & Domain("amount_untaxed_signed", ">", 0)
            & Domain("invoice_date", "in", days),
        )

    def _open_sales(self, start, end, with_credits=False):
        """The sales of a span, as the company's fact source has them.

        :param with_credits: with the credit notes among them; orders have theirs in a list of its own
        """
        self.ensure_one()
        if self.fact_source == "order":
            timezone = pytz.timezone(self.company_id._customer_timezone())
            first, beyond = (
                timezone.localize(datetime.combine(day + timedelta(days=1), time.min))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
                for day in (start, end)
            )
            return self._open_orders(
                self._orders_domain()
                & Domain("date_order", ">=", first)
                & Domain("date_order", "<", beyond)
            )
        types = ("out_invoice", "out_refund") if with_credits else ("out_invoice",)
        return self._open_moves(
            self.env._("Invoices and Credit Notes") if with_credits else self.env._("Invoices"),
            self._invoices_domain(*types)
            & Domain("invoice_date", ">", start)
            & Domain("invoice_date", "<=", end),
        )

    def _open_credit_notes(self, start, end):
        self.ensure_one()
        return self._open_moves(self.env._("Credit Notes"), self._credit_notes_domain(start, end))

    def _open_moves(self, name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(documents)s of %(customer)s", documents=name, customer=self.display_name
            ),
            "res_model": "account.move",
            "domain": list(domain),
            "views": [
                (self.env.ref("account.view_invoice_tree").id, "list"),
                (self.env.ref("account.view_move_form").id, "form"),
            ],
            "context": {"create": False, "default_move_type": "out_invoice"},
        }

    def _open_orders(self, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %s", self.display_name),
            "res_model": "sale.order",
            "domain": list(domain),
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
        }
