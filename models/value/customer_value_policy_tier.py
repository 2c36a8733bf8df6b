from odoo import api, fields, models


class CustomerValuePolicyTier(models.Model):
    """From which score a policy gives a tier, and down to which score a customer keeps it."""

    _name = "customer.value.policy.tier"
    _description = "Tier Threshold"
    _order = "threshold desc, id"
    _rec_name = "tier_id"

    policy_id = fields.Many2one(
        "customer.value.policy", required=True, ondelete="cascade", index=True
    )
    tier_id = fields.Many2one("customer.tier", required=True, ondelete="restrict", index=True)
    color = fields.Integer(related="tier_id.color")
    threshold = fields.Float(
        "From Score", required=True, digits=(5, 2), help="A customer with this score gets the tier."
    )
    keep_threshold = fields.Float(
        "Keeps Down To",
        required=True,
        digits=(5, 2),
        help="A customer who has the tier keeps it down to this score. Below it, the tier is lost "
        "once the policy's waiting time has passed.",
    )

    # Deferred: exchanging two tiers passes through a state with one of them twice.
    _tier_uniq = models.Constraint(
        "UNIQUE(policy_id, tier_id) DEFERRABLE INITIALLY DEFERRED",
        "A policy has one threshold for each tier.",
    )

    @api.constrains("policy_id", "tier_id", "threshold", "keep_threshold")
    def _check_draft(self):
        self.policy_id._refuse_unless_draft()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.policy_id._refuse_unless_draft()
