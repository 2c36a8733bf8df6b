from odoo import api, fields, models

from ...tools.lifecycle_limits import LifecycleLimits

_DEFAULT = LifecycleLimits()
#: The limits an admin edits; the others follow from how facts are gathered.
LIMIT_FIELDS = (
    "window_days",
    "growth_ratio",
    "decline_ratio",
    "leave_margin",
    "prior_weight",
    "growth_min_purchases",
    "trend_min_company_days",
    "trend_min_customer_days",
    "decline_silence",
    "leave_silence",
    "decline_min_days",
    "lost_silence",
    "lost_min_days",
    "introduction_purchases",
    "introduction_days",
)


class CustomerLifecyclePolicy(models.Model):
    """The limits by which a company's customers are in one lifecycle stage or another.

    One per company. The rule itself is :mod:`tools.lifecycle`; these are its numbers.
    """

    _name = "customer.lifecycle.policy"
    _inherit = ["customer.limits"]
    _description = "Lifecycle Limits"

    _limits_class = LifecycleLimits
    _limit_fields = LIMIT_FIELDS

    # Trend
    window_days = fields.Integer(
        "Compare The Last (Days)",
        default=_DEFAULT.window_days,
        required=True,
        tracking=True,
        help="What a customer spent in these days is compared with the same days one year before.",
    )
    growth_ratio = fields.Float(
        "Growth From",
        default=_DEFAULT.growth_ratio,
        required=True,
        tracking=True,
        digits=(6, 2),
        help="A customer spending so many times last year's amount, the company's own market "
        "divided out, is growing.",
    )
    decline_ratio = fields.Float(
        "Decline Down From",
        default=_DEFAULT.decline_ratio,
        required=True,
        tracking=True,
        digits=(6, 2),
        help="A customer spending no more than this share of last year's amount is declining.",
    )
    leave_margin = fields.Float(
        default=_DEFAULT.leave_margin,
        required=True,
        tracking=True,
        digits=(6, 2),
        help="How far the ratio must come back before growth or decline is left again, so that "
        "nobody moves to and fro.",
    )
    prior_weight = fields.Float(
        "Weight Of The Usual",
        default=_DEFAULT.prior_weight,
        required=True,
        tracking=True,
        digits=(6, 2),
        help="Share of the customer's usual spend added to both sides of the comparison, so that "
        "small amounts do not look like large changes.",
    )
    growth_min_purchases = fields.Integer(
        "Growth Needs Purchases",
        default=_DEFAULT.growth_min_purchases,
        required=True,
        tracking=True,
        help="With fewer purchases in the window, one large order would pass for growth.",
    )
    trend_min_company_days = fields.Integer(
        "History Of The Company (Days)",
        default=_DEFAULT.trend_min_company_days,
        required=True,
        tracking=True,
        help="With a shorter history of the company there is no trend: it would compare seasons.",
    )
    trend_min_customer_days = fields.Integer(
        "History Of The Customer (Days)",
        default=_DEFAULT.trend_min_customer_days,
        required=True,
        tracking=True,
        help="With a shorter history of the customer the trend says so instead of guessing.",
    )

    # Silence
    decline_silence = fields.Float(
        "Decline After (Intervals)",
        default=_DEFAULT.decline_silence,
        required=True,
        tracking=True,
        digits=(6, 2),
        help="A customer silent for more than so many of its own usual intervals is declining.",
    )
    leave_silence = fields.Float(
        "Decline Ends Below (Intervals)",
        default=_DEFAULT.leave_silence,
        required=True,
        tracking=True,
        digits=(6, 2),
    )
    decline_min_days = fields.Integer(
        "Decline Not Before (Days)", default=_DEFAULT.decline_min_days, required=True, tracking=True
    )
    lost_silence = fields.Float(
        "Lost After (Intervals)",
        default=_DEFAULT.lost_silence,
        required=True,
        tracking=True,
        digits=(6, 2),
        help="A customer silent for more than so many of its own usual intervals is lost.",
    )
    lost_min_days = fields.Integer(
        "Lost Not Before (Days)", default=_DEFAULT.lost_min_days, required=True, tracking=True
    )

    # Introduction
    introduction_purchases = fields.Integer(
        "Purchases To Be Established",
        default=_DEFAULT.introduction_purchases,
        required=True,
        tracking=True,
    )
    introduction_days = fields.Integer(
        "Days To Be Established", default=_DEFAULT.introduction_days, required=True, tracking=True
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "A company has one set of lifecycle limits."
    )

    @api.depends("company_id.name")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._("Lifecycle limits of %s", policy.company_id.name)

    def _limit_labels(self):
        # Not a limit one can edit, but one that the window must not exceed.
        return super()._limit_labels() | {
            "long_run_days": self.env._("The usual spend is taken over (days)")
        }

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & set(LIMIT_FIELDS):
            for policy in self:
                if "window_days" in vals:
                    self.env["customer.market"].sudo()._forget(policy.company_id)
                self.env["customer.run"].sudo()._queue(policy.company_id, "limits")
        return result
