from odoo import models

#: Writing one of these on a posted invoice or credit note can change a customer's facts.
FACT_FIELDS = {"state", "invoice_date", "partner_id", "commercial_partner_id", "reversed_entry_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    # All that facts read of a document, in the order in which they group it: one pass over this index
    # alone, and a customer's documents lie together.
    _customer_facts_idx = models.Index(
        "(company_id, commercial_partner_id, invoice_date)"
        " INCLUDE (amount_untaxed_signed, move_type)"
        " WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')"
    )

    def write(self, vals):
        if not FACT_FIELDS & vals.keys():
            return super().write(vals)
        concerned = self if "state" in vals else self.filtered(lambda move: move.state == "posted")
        concerned._mark_customers()  # whom the document was for until now
        result = super().write(vals)
        if "partner_id" in vals or "commercial_partner_id" in vals:
            concerned._mark_customers()
        return result

    def unlink(self):
        """Odoo lets a posted document be deleted by force."""
        self.filtered(lambda move: move.state == "posted")._mark_customers()
        return super().unlink()

    def _mark_customers(self) -> None:
        """Have the customers of these invoices and credit notes recomputed.

        Where orders are what counts, a credit note is of whom its order is of.
        """
        documents = self.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        self.env["customer.mark"]._add(
            (move.company_id.id, move.commercial_partner_id.id) for move in documents
        )
        credits = documents.filtered(
            lambda move: (
                move.move_type == "out_refund" and move.company_id.customer_fact_source == "order"
            )
        )
        if credits:
            credits.sudo().invoice_line_ids.sale_line_ids.order_id._mark_customers()
