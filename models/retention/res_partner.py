from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """A change of account manager is logged, whoever makes it and wherever."""
        if "user_id" not in vals or self.env.context.get("customer_pool_move"):
            return super().write(vals)
        profiles = (
            self.env["customer.profile"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id.customer_pool_on", "=", True),
                    ("user_id", "!=", vals["user_id"]),
                ]
            )
        )
        before = {profile: profile.user_id for profile in profiles}
        result = super().write(vals)
        if profiles:
            user = self.env["res.users"].browse(vals["user_id"] or ())
            kind = "assigned" if user else "returned"
            self.env["customer.pool.move"]._log(profiles, kind, before, user, self.env.user)
        return result
