from odoo import models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("pending", "sent", "error"):
            messages = (
                self.env["customer.care.message"]
                .sudo()
                .search([("sms_uuid", "in", self.mapped("uuid")), ("verdict", "=", "handed")])
            )
            if vals["state"] == "error":
                messages._undelivered(vals.get("failure_type"))
            else:
                messages._delivered()
        return result
