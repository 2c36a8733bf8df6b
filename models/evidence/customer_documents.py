"""The documents behind a customer's figures: counted, and opened exactly as they were counted."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..facts.customer_facts import SEASON


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

    def action_open_window_sales(self):
        """The sales that the value receipt was made from."""
        return self._open_sales(self._window_start(), self.evidence_date)

    def action_open_window_credit_notes(self):
        """The credit notes that the value receipt was made from."""
        self.ensure_one()
        return self._open_moves(
            self.env._("Credit Notes"),
            self._credit_notes_domain()
            & Domain("invoice_date", ">", self._window_start())
            & Domain("invoice_date", "<=", self.evidence_date),
        )

    def action_open_recent_documents(self):
        """What the recent half of the trend was made from, credit notes too."""
        days = self._trend_days()
        return self._open_sales(
            self.evidence_date - timedelta(days=days), self.evidence_date, with_credits=True
        )

    def action_open_prior_documents(self):
        """What the trend is compared with, one year before, credit notes too."""
        end = self.evidence_date - timedelta(days=SEASON)
        return self._open_sales(end - timedelta(days=self._trend_days()), end, with_credits=True)

    def _window_start(self):
        """The day before the window of the value policy."""
        self.ensure_one()
        return self.evidence_date - timedelta(days=self.policy_id.window_days)

    def _trend_days(self) -> int:
        self.ensure_one()
        Limits = self.env["customer.lifecycle.policy"].sudo()
        return Limits._for_company(self.company_id).window_days

    def _credit_notes_domain(self) -> Domain:
        """Credit notes that count: with orders as the source, those made from order lines."""
        if self.fact_source == "invoice":
            return self._invoices_domain("out_refund")
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("move_type", "=", "out_refund"),
                ("line_ids.sale_line_ids.order_id", "any", self._orders_domain()),
            ]
        )

    def _open_sales(self, start, end, with_credits=False):
        """The sales with ``start < day <= end``, as the company's fact source has them."""
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
