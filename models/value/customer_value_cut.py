from odoo import fields, models

from .customer_value_policy import AXES


class CustomerValueCut(models.Model):
    """One cut-point: from which value on an axis gives one level more."""

    _name = "customer.value.cut"
    _description = "Cut-Point"
    _order = "axis, value"
    _rec_name = "axis"

    policy_id = fields.Many2one(
        "customer.value.policy", required=True, ondelete="cascade", index=True
    )
    axis = fields.Selection(AXES, required=True)
    value = fields.Float(
        required=True,
        digits=(16, 2),
        help="Recency: at most so many days of silence (or intervals of the customer's own). "
        "Frequency: at least so many purchases. Money: at least so much net revenue.",
    )

    _value_uniq = models.Constraint(
        "UNIQUE(policy_id, axis, value)", "Two cut-points of one axis cannot be equal."
    )
