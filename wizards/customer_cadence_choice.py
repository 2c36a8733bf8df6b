from odoo import api, fields, models


class CustomerCadenceChoice(models.TransientModel):
    """How often these customers are contacted, as a person wants it."""

    _name = "customer.cadence.choice"
    _description = "Set How Often To Contact"

    profile_ids = fields.Many2many("customer.profile", required=True, string="Customers")
    days = fields.Integer(
        "Contact Every (Days)", required=True, default=30, help="0: go back to the rules."
    )
    reason = fields.Char(help="Whoever reads it later will want to know why.")
    until = fields.Date(
        "Holds Until", help="The last day on which it holds. Empty: until somebody ends it."
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "customer.profile":
            ids = self.env.context.get("active_ids")
            values.setdefault("profile_ids", ids)
            days = self.env["customer.profile"].browse(ids).mapped("cadence_days")
            if len(set(days)) == 1 and days[0]:
                values["days"] = days[0]
        return values

    def action_apply(self):
        self.ensure_one()
        self.profile_ids._set_cadence(self.days, self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
