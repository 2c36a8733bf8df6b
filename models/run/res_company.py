from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._customer_set_up()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "customer_fact_source" in vals:
            for company in self:
                self.env["customer.market"].sudo()._forget(company)
                self.env["customer.run"].sudo()._queue(company, "source")
        return result

    def _customer_set_up(self) -> None:
        """Give these companies their policies, made from their own data where they have any."""
        Policy = self.env["customer.value.policy"].sudo()
        for company in self:
            self.env["customer.lifecycle.policy"].sudo()._ensure(company)
            if not Policy._published(company):
                Policy._publish_default(company)
