from odoo import fields, models


class CustomerTicketCategory(models.Model):
    """What a ticket is about: quality, delivery, price …"""

    _name = "customer.ticket.category"
    _description = "Ticket Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
