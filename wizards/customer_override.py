from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: How long a choice made by hand holds when nobody says otherwise.
DEFAULT_DAYS = 90


class CustomerOverride(models.TransientModel):
    """A person sets the tier, stage or demand focus of customers, with a reason and an end."""

    _name = "customer.override"
    _description = "Set Tier Or Stage By Hand"

    profile_ids = fields.Many2many("customer.profile", required=True, string="Customers")
    customer_count = fields.Integer(compute="_compute_customer_count")
    kind = fields.Selection(
        [("tier", "Value tier"), ("stage", "Lifecycle stage"), ("focus", "Demand focus")],
        string="What To Set",
        required=True,
        default="tier",
    )
    tier_id = fields.Many2one("customer.tier", "Value Tier")
    stage_id = fields.Many2one("customer.lifecycle.stage", "Lifecycle Stage")
    focus_id = fields.Many2one("customer.demand.focus", "Demand Focus")
    reason = fields.Char(help="Whoever reads it later will want to know why.")
    until = fields.Date(
        "Holds Until",
        default=lambda self: self.env.company._customer_today() + timedelta(days=DEFAULT_DAYS),
        help="The last day on which it holds. Empty: until somebody ends it.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "customer.profile":
            values.setdefault("profile_ids", self.env.context.get("active_ids"))
        return values

    @api.depends("profile_ids")
    def _compute_customer_count(self):
        for wizard in self:
            wizard.customer_count = len(wizard.profile_ids)

    def action_apply(self):
        for wizard in self:
            choice = wizard[f"{wizard.kind}_id"]
            if not choice:
                raise UserError(self.env._("Choose which tier, stage or focus to set."))
            wizard.profile_ids._set_manual(wizard.kind, choice, wizard.reason, wizard.until)

    def action_end(self):
        for wizard in self:
            nothing = self.env["customer.tier"]
            wizard.profile_ids._set_manual(wizard.kind, nothing, False, False)
