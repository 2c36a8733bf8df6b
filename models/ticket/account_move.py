from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    customer_ticket_id = fields.Many2one(
        "customer.ticket",
        "Ticket",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        check_company=True,
        groups="customer_success.group_customer_own",
        help="The ticket that it was made for; a credit note counts as its cost.",
    )


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    customer_ticket_id = fields.Many2one(
        "customer.ticket", "Ticket", groups="customer_success.group_customer_own"
    )

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        ticket = self.sudo().customer_ticket_id
        if ticket and ticket.invoice_id == move:
            values["customer_ticket_id"] = ticket.id
        return values
