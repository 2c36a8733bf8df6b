from odoo import api, fields, models


class CustomerOverride(models.TransientModel):
    """A person sets a customer's tier or stage, with a reason and an end."""

    _name = "customer.override"
    _description = "Set Tier Or Stage By Hand"

    profile_ids = fields.Many2many("customer.profile", required=True, string="Customers")
    kind = fields.Selection(
        [("tier", "Value tier"), ("stage", "Lifecycle stage")], required=True, default="tier"
    )
    tier_id = fields.Many2one("customer.tier")
    stage_id = fields.Many2one("customer.lifecycle.stage")
    reason = fields.Char()
    until = fields.Date(help="The last day on which it holds. Empty: until somebody ends it.")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "customer.profile":
            values.setdefault("profile_ids", self.env.context.get("active_ids"))
        return values

    def action_apply(self):
        for wizard in self:
            choice = wizard.tier_id if wizard.kind == "tier" else wizard.stage_id
            wizard.profile_ids._set_manual(wizard.kind, choice, wizard.reason, wizard.until)

    def action_end(self):
        for wizard in self:
            choice = self.env["customer.tier"]
            wizard.profile_ids._set_manual(wizard.kind, choice, False, False)
