from odoo import api, fields, models

from ...tools.demand_limits import DemandLimits

_DEFAULT = DemandLimits()
LIMIT_FIELDS = (
    "window_days",
    "prior_weight",
    "voice_weight",
    "min_comparable",
    "rush_ratio",
    "min_evidence",
    "min_score",
    "margin",
    "hold_days",
)


class CustomerDemandPolicy(models.Model):
    """The limits by which a company names what a customer buys on, or says that it does not know.

    One per company. The rule itself is :mod:`tools.demand_focus`; these are its numbers.
    """

    _name = "customer.demand.policy"
    _inherit = ["customer.limits"]
    _description = "Demand Focus Limits"

    _limits_class = DemandLimits
    _limit_fields = LIMIT_FIELDS

    # What counts
    window_days = fields.Integer(
        "Look Back (Days)", default=_DEFAULT.window_days, required=True, tracking=True
    )
    voice_weight = fields.Float(
        "Weight Of A Complaint Or Praise",
        default=_DEFAULT.voice_weight,
        required=True,
        tracking=True,
        digits=(6, 2),
    )
    min_comparable = fields.Integer(
        "Comparable Products", default=_DEFAULT.min_comparable, required=True, tracking=True
    )
    rush_ratio = fields.Float(
        "Urgent Up To", default=_DEFAULT.rush_ratio, required=True, tracking=True, digits=(6, 2)
    )
    prior_weight = fields.Float(
        "Weight Of The Ordinary",
        default=_DEFAULT.prior_weight,
        required=True,
        tracking=True,
        digits=(6, 2),
    )

    # When it is said
    min_evidence = fields.Float(
        "Evidence From", default=_DEFAULT.min_evidence, required=True, tracking=True, digits=(8, 2)
    )
    min_score = fields.Float(
        "Points From", default=_DEFAULT.min_score, required=True, tracking=True, digits=(6, 2)
    )
    margin = fields.Float(
        "Lead From", default=_DEFAULT.margin, required=True, tracking=True, digits=(6, 2)
    )
    hold_days = fields.Integer(
        "Changes After (Days)", default=_DEFAULT.hold_days, required=True, tracking=True
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "A company has one set of demand focus limits."
    )

    @api.depends("company_id.name")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._("Demand focus limits of %s", policy.company_id.name)

    def write(self, vals):
        """Other limits, other answers: every customer of the company is weighed anew."""
        result = super().write(vals)
        if vals.keys() & set(LIMIT_FIELDS):
            for company in self.company_id:
                if {"window_days", "rush_ratio"} & vals.keys():
                    self.env["customer.demand.yardstick"].sudo()._forget(company)
                self.env["customer.run"].sudo()._queue_focus(company, "limits")
        return result
