"""A customer on one page: both receipts, and the newest of the documents they were made from."""

from odoo import models

#: So many documents are printed at most: with both receipts at their longest they fill the page.
PRINTED_DOCUMENTS = 20


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    def _print_values(self) -> dict:
        """What the page says; a customer not computed yet has no receipts."""
        self.ensure_one()
        value, stage = self._value_receipt(), self._stage_receipt()
        return {
            "value": value and self._value_evidence_values(value),
            "stage": stage and self._stage_evidence_values(stage),
            "documents": self._printed_documents() if value else [],
        }

    def _printed_documents(self) -> list[tuple[str, str, str]]:
        """Number, day and net amount of the newest that count; none without the right to see them."""
        self.ensure_one()
        orders = self.fact_source == "order"
        if not (self.can_open_orders if orders else self.can_open_invoices):
            return []
        opened = self.action_open_window_documents()
        documents = self.env[opened["res_model"]].search(
            opened["domain"],
            order="date_order desc, id desc" if orders else "invoice_date desc, id desc",
            limit=PRINTED_DOCUMENTS,
        )
        form = self._value_receipt().formats
        if orders:
            return [
                (
                    order.name,
                    form.day(self._order_day(order)),
                    form.money(order.amount_untaxed / (order.currency_rate or 1)),
                )
                for order in documents
            ]
        return [
            (move.name, form.day(move.invoice_date), form.money(move.amount_untaxed_signed))
            for move in documents
        ]
