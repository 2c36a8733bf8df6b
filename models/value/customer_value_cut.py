from odoo import api, fields, models

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

    level = fields.Integer(
        compute="_compute_level", help="The level a customer has from this cut-point on."
    )

    # Deferred: shifting all cut-points by one place passes through states with two equal ones.
    _value_uniq = models.Constraint(
        "UNIQUE(policy_id, axis, value) DEFERRABLE INITIALLY DEFERRED",
        "Two cut-points of one axis cannot be equal.",
    )

    @api.depends(
        "axis",
        "value",
        "policy_id.recency_cut_ids.value",
        "policy_id.frequency_cut_ids.value",
        "policy_id.money_cut_ids.value",
    )
    def _compute_level(self):
        for cut in self:
            policy = cut.policy_id
            values = policy[f"{cut.axis}_cut_ids"].mapped("value") if cut.axis else []
            if cut.axis == "recency":
                cut.level = 1 + sum(value >= cut.value for value in values)
            else:
                cut.level = 1 + sum(value <= cut.value for value in values)

    @api.constrains("policy_id", "axis", "value")
    def _check_draft(self):
        self.policy_id._refuse_unless_draft()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.policy_id._refuse_unless_draft()
