from odoo import fields, models
from odoo.tools import SQL


class CustomerProfile(models.Model):
    """What a customer's page shows of the messages to it, and what its answers mean for them."""

    _inherit = "customer.profile"

    care_message_count = fields.Integer("Care Messages", compute="_compute_care_message_count")

    def _compute_care_message_count(self):
        counts = dict(
            self.env["customer.care.message"]._read_group(
                [("profile_id", "in", self.ids)], ["profile_id"], ["__count"]
            )
        )
        for profile in self:
            profile.care_message_count = counts.get(profile, 0)

    def action_open_care_messages(self):
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_care_message_action"
            ),
            "domain": [("profile_id", "in", self.ids)],
            "context": {},
        }

    def _message_post_after_hook(self, message, msg_vals):
        """An answer by mail to a care message: it was read."""
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == "email" and message.parent_id:
            answered = (
                self.env["customer.care.message"]
                .sudo()
                .search(
                    [("mail_message_id", "=", message.parent_id.id), ("answered_at", "=", False)]
                )
            )
            answered.write({"answered_at": message.date})
        return result

    def _hand_over_to(self, kept):
        """Merged customers keep all their messages; two on one occasion stay two."""
        if self:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE customer_care_message SET profile_id = %s WHERE profile_id IN %s",
                    kept.id,
                    tuple(self.ids),
                )
            )
            self.env["customer.care.message"].invalidate_model(flush=False)
        return super()._hand_over_to(kept)
