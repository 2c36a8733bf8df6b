from odoo import models


class CustomerRun(models.Model):
    _inherit = "customer.run"

    def _finished(self):
        """Sizes are taken once a night: what a minute changes is seen live on the segment."""
        result = super()._finished()
        if self.kind in ("full", "nightly"):
            segments = self.env["customer.segment"].sudo().search([("active", "=", True)])
            segments._record_sizes(self.company_id)
        return result
