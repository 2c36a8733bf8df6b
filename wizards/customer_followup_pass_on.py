from odoo import api, fields, models
from odoo.exceptions import AccessError


class CustomerFollowupPassOn(models.TransientModel):
    """A manager hands follow-ups of somebody who is away, or has too many, to colleagues."""

    _name = "customer.followup.pass.on"
    _description = "Pass Follow-ups On"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    followup_ids = fields.Many2many("customer.followup", string="Chosen")
    from_id = fields.Many2one(
        "res.users",
        "All Of",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Everything that is open for this person.",
    )
    count = fields.Integer("Follow-ups", compute="_compute_count")
    to_ids = fields.Many2many(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), ('id', '!=', from_id)]",
        help="Each gets what fits into what the person can do.",
    )
    days = fields.Integer(
        "Within (Days)",
        default=14,
        required=True,
        help="What nobody has a place for in so many days stays where it is.",
    )
    reason = fields.Char(help="Whoever takes over will want to know why.")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        context = self.env.context
        if context.get("active_model") == "customer.followup":
            values.setdefault("followup_ids", context.get("active_ids"))
        elif context.get("active_model") == "customer.followup.load":
            load = self.env["customer.followup.load"].browse(context.get("active_ids", [])[:1])
            values.setdefault("from_id", load.user_id.id)
        return values

    def _chosen(self):
        Followup = self.env["customer.followup"]
        chosen = self.followup_ids
        if self.from_id:
            chosen |= Followup.search(
                [
                    ("user_id", "=", self.from_id.id),
                    ("company_id", "=", self.company_id.id),
                    *Followup._open_domain(),
                ]
            )
        return chosen.filtered_domain(Followup._open_domain())

    @api.depends("followup_ids", "from_id")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard._chosen())

    def action_apply(self):
        self.ensure_one()
        if not self.env.user.has_group("customer_success.group_customer_all"):
            raise AccessError(self.env._("Only who sees all customers passes follow-ups on."))
        chosen = self._chosen()
        left = chosen._pass_on(self.to_ids, self.reason, self.days)
        passed = len(chosen) - len(left)
        if left:
            message = self.env._(
                "%(passed)s passed on. %(left)s found no place within %(days)s days and stay where "
                "they are.",
                passed=passed,
                left=len(left),
                days=self.days,
            )
        else:
            message = self.env._("%s passed on.", passed)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if left else "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
