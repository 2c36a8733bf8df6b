from odoo import models

#: Writing one of these on a posted invoice or credit note can change a customer's facts.
FACT_FIELDS = {"state", "invoice_date", "partner_id", "commercial_partner_id", "reversed_entry_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        if not FACT_FIELDS & vals.keys():
            return super().write(vals)
        self._mark_customers()  # whom the document was for until now
        result = super().write(vals)
        if "partner_id" in vals or "commercial_partner_id" in vals:
            self._mark_customers()
        return result

    def _mark_customers(self) -> None:
        """Have the customers of these invoices and credit notes recomputed.

        A credit note also marks whom the credited invoice was for: it may no longer be a purchase.
        """
        documents = self.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        self.env["customer.mark"]._add(
            (move.company_id.id, move.commercial_partner_id.id)
            for move in documents | documents.reversed_entry_id
        )
