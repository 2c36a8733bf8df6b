from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        if not {"parent_id", "is_company"} & vals.keys():
            return super().write(vals)
        orders = self._counted_orders()
        orders._mark_customers()  # whose they were until now
        result = super().write(vals)
        orders._mark_customers()
        return result

    def _counted_orders(self):
        """Confirmed orders of these contacts in companies whose purchases are their orders.

        An order names a contact, and who buys is the firm to which that contact belongs today.
        """
        Order = self.env["sale.order"].sudo()
        companies = self.env["res.company"].sudo().search([("customer_fact_source", "=", "order")])
        if not companies:
            return Order
        return Order.search(
            [
                ("company_id", "in", companies.ids),
                ("partner_id", "child_of", self.ids),
                ("state", "=", "sale"),
            ]
        )
