from odoo import fields, models


class CustomerWinbackReason(models.Model):
    """Why a customer went silent, as a company words it. “Nobody knows” is an answer, too."""

    _name = "customer.winback.reason"
    _description = "Reason For Leaving"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="What usually helps against it.")
    is_ours = fields.Boolean(
        "Ours To Mend", help="We could have done something: quality, delivery, service, price."
    )
