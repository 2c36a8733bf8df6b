from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.demand_limits import DemandLimits
from ...tools.errors import PolicyError
from ..common.policy_messages import policy_messages

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
    _inherit = ["mail.thread"]
    _description = "Demand Focus Limits"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)

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

    @api.model
    def _for_company(self, company):
        """The company's limits; the defaults, not stored, when it has none yet: reading makes none."""
        return self.search([("company_id", "=", company.id)]) or self.new(
            {"company_id": company.id}
        )

    @api.model
    def action_open_own(self):
        """The limits of the active company: there is one record, so no list comes first."""
        if not self.env.user.has_group("customer_success.group_customer_admin"):
            raise AccessError(self.env._("Only administrators of Customer Success change limits."))
        limits = self.sudo()._for_company(self.env.company)
        if not limits.id:
            limits = limits.create({"company_id": self.env.company.id})
        return limits._get_records_action(
            name=self.env._("Demand Focus Limits"), context={"create": False}
        )

    def _kernel(self) -> DemandLimits:
        self.ensure_one()
        return DemandLimits(**{name: self[name] for name in LIMIT_FIELDS})

    @api.constrains(*LIMIT_FIELDS)
    def _check_limits(self):
        for policy in self:
            try:
                policy._kernel().validate()
            except PolicyError as error:
                labels = {
                    name: policy._fields[name]._description_string(self.env)
                    for name in LIMIT_FIELDS
                }
                raise ValidationError(
                    "\n".join(policy_messages(self.env, error, labels))
                ) from error

    def write(self, vals):
        """Other limits, other answers: every customer of the company is weighed anew."""
        result = super().write(vals)
        if vals.keys() & set(LIMIT_FIELDS):
            for company in self.company_id:
                if {"window_days", "rush_ratio"} & vals.keys():
                    self.env["customer.demand.yardstick"].sudo()._forget(company)
                self.env["customer.run"].sudo()._queue_focus(company, "limits")
        return result
