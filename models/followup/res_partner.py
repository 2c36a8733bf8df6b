from odoo import api, fields, models

from ..profile.res_partner import GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_last_contact_at = fields.Datetime(
        "Last Contact", compute="_compute_customer_contact", groups=GROUPS
    )
    customer_contact_due_date = fields.Date(
        "Next Contact Due", compute="_compute_customer_contact", groups=GROUPS
    )
    customer_followup_count = fields.Integer(
        "Open Follow-ups", compute="_compute_customer_contact", groups=GROUPS
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_contact(self):
        for partner in self:
            profile = partner.customer_profile_id
            partner.customer_last_contact_at = profile.last_contact_at
            partner.customer_contact_due_date = profile.contact_due_date
            partner.customer_followup_count = profile.followup_count

    def action_open_customer_followups(self):
        self.env["customer.followup"].check_access("read")
        self.ensure_one()
        return self.customer_profile_id.action_open_followups()

    def action_log_customer_contact(self):
        self.env["customer.followup"].check_access("read")
        self.ensure_one()
        return self.customer_profile_id.action_log_contact()
