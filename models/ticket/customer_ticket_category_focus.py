from odoo import fields, models


class CustomerTicketCategory(models.Model):
    """What a complaint or praise is about tells what its customer buys on."""

    _inherit = "customer.ticket.category"

    demand_focus_id = fields.Many2one(
        "customer.demand.focus",
        "Speaks For",
        ondelete="set null",
        index="btree_not_null",
        help="What matters to a customer who complains of this or praises it.",
    )
