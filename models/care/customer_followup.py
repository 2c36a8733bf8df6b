from odoo import api, models


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    @api.model
    def _why_texts(self):
        return super()._why_texts() | {"care": self._why_care}

    def _why_care(self, reason) -> str:
        """Which occasion of whom."""
        program = self.env["customer.care.program"].sudo().browse(reason["program"]).exists()
        contact = self.env["res.partner"].sudo().browse(reason["partner"]).exists()
        return self.env._(
            "%(occasion)s: %(contact)s, %(day)s",
            occasion=program.occasion_id.name or program.name or "",
            contact=contact.name or "",
            day=self._day(reason["day"]),
        )
