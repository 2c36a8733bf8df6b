from odoo import api, fields, models


class CustomerPoolRule(models.Model):
    """After how many days without contact a customer of this tier goes back to the pool."""

    _name = "customer.pool.rule"
    _description = "Back To The Pool"
    _order = "company_id, tier_id"
    _rec_name = "tier_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env.company,
    )
    tier_id = fields.Many2one("customer.tier", required=True, ondelete="cascade", index=True)
    days = fields.Integer("Days Without Contact", required=True, default=90)

    _tier_uniq = models.UniqueIndex(
        "(company_id, tier_id)", "This tier has a number of days already."
    )
    _days_sound = models.Constraint(
        "CHECK (days BETWEEN 7 AND 3650)",
        "Give an account manager at least 7 days. To exempt a tier, remove its line.",
    )

    @api.depends("tier_id", "days")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = self.env._(
                "%(tier)s: %(days)s days", tier=rule.tier_id.name, days=rule.days
            )
