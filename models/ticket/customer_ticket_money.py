"""What a ticket cost: written by hand, credited to the customer, replaced."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

ACCOUNTING = "account.group_account_invoice"
SALES = "sales_team.group_sale_salesman"


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    cost = fields.Monetary(
        "Other Cost",
        tracking=True,
        help="What it cost us besides credit notes and replacements: freight, work, travel.",
    )
    credit_note_ids = fields.One2many(
        "account.move", "customer_ticket_id", "Credit Notes", groups=ACCOUNTING
    )
    replacement_ids = fields.One2many(
        "sale.order", "customer_ticket_id", "Replacements", groups=SALES
    )
    credit_note_count = fields.Integer(
        "Number of Credit Notes", compute="_compute_document_count", compute_sudo=True
    )
    replacement_count = fields.Integer(
        "Number of Replacements", compute="_compute_document_count", compute_sudo=True
    )
    credited = fields.Monetary(
        compute="_compute_credited",
        store=True,
        help="Posted credit notes of this ticket without taxes, in the company's currency.",
    )
    replaced = fields.Monetary(
        compute="_compute_replaced",
        store=True,
        help="Goods sent in replacement by confirmed orders: what they cost us (their list price where "
        "no cost is kept), less what the customer pays for them.",
    )
    total_cost = fields.Monetary(
        compute="_compute_total_cost",
        store=True,
        help="Other cost, what was credited and what was replaced.",
    )

    @api.depends("credit_note_ids", "replacement_ids")
    def _compute_document_count(self):
        for ticket in self:
            ticket.credit_note_count = len(ticket.credit_note_ids)
            ticket.replacement_count = len(ticket.replacement_ids)

    @api.depends("credit_note_ids.state", "credit_note_ids.amount_untaxed_signed")
    def _compute_credited(self):
        for ticket in self:
            ticket.credited = -sum(
                move.amount_untaxed_signed
                for move in ticket.credit_note_ids
                if move.state == "posted" and move.move_type == "out_refund"
            )

    @api.depends(
        "replacement_ids.state",
        "replacement_ids.order_line.product_uom_qty",
        "replacement_ids.order_line.price_subtotal",
    )
    def _compute_replaced(self):
        for ticket in self:
            ticket.replaced = sum(
                order._customer_replacement_cost()
                for order in ticket.replacement_ids
                if order.state == "sale"
            )

    @api.depends("cost", "credited", "replaced")
    def _compute_total_cost(self):
        for ticket in self:
            ticket.total_cost = ticket.cost + ticket.credited + ticket.replaced

    def _hand_over(self, survivor):
        self.credit_note_ids.customer_ticket_id = survivor
        self.replacement_ids.customer_ticket_id = survivor
        return super()._hand_over(survivor)

    # ---- making them ---------------------------------------------------------------------------

    def _require(self, group, words):
        if not self.env.user.has_group(group):
            raise AccessError(words)

    def action_credit_note(self):
        """Odoo's own dialog to reverse the ticket's invoice; what it makes is this ticket's."""
        self.check_access("write")
        self.ensure_one()
        self._require(
            ACCOUNTING,
            self.env._(
                "Credit notes are made by accounting. Mention a colleague from there below, or write the "
                "amount under “Other Cost”."
            ),
        )
        invoice = self.invoice_id
        if not invoice:
            raise UserError(self.env._("Choose the invoice of this ticket first."))
        if invoice.move_type != "out_invoice" or invoice.state != "posted":
            raise UserError(
                self.env._(
                    "%(invoice)s is no posted invoice: there is nothing to credit. Choose another one, "
                    "or post it first.",
                    invoice=invoice.display_name,
                )
            )
        return invoice.action_reverse() | {
            "context": {
                "active_model": "account.move",
                "active_ids": invoice.ids,
                "active_id": invoice.id,
                "default_customer_ticket_id": self.id,
                "default_reason": self.number,
            }
        }

    def action_replacement(self):
        """A draft order for the customer with the ticket's product at price 0, to be changed there."""
        self.check_access("write")
        self.ensure_one()
        self._require(
            SALES,
            self.env._(
                "Replacements are ordered by sales. Mention the customer's account manager below."
            ),
        )
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer of this ticket first."))
        draft = self.replacement_ids.filtered(lambda order: order.state == "draft")[:1]
        if not draft:
            draft = (
                self.env["sale.order"]
                .with_company(self.company_id)
                .create(
                    {
                        "partner_id": (self.contact_id or self.partner_id).id,
                        "company_id": self.company_id.id,
                        "origin": self.number,
                        "client_order_ref": self.order_id.name,
                        "customer_ticket_id": self.id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": product.id,
                                    "product_uom_qty": 1,
                                    "price_unit": 0,
                                    # beside the usual price, so that it stays 0 as set by hand
                                    "technical_price_unit": product.lst_price,
                                }
                            )
                            for product in self.product_id
                        ],
                    }
                )
            )
        return draft._get_records_action()

    def action_open_credit_notes(self):
        self.check_access("read")
        return self.credit_note_ids._get_records_action(name=self.env._("Credit Notes"))

    def action_open_replacements(self):
        self.check_access("read")
        return self.replacement_ids._get_records_action(name=self.env._("Replacements"))
