from odoo import api, models

#: Writing one of these on an order line can change what the customer bought.
LINE_FACT_FIELDS = {"product_uom_qty", "price_unit", "discount", "tax_ids"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._mark_customers()  # a first quotation makes a potential customer
        return orders

    def write(self, vals):
        if not {"state", "partner_id", "date_order"} & vals.keys():
            return super().write(vals)
        self._mark_customers()
        result = super().write(vals)
        if "partner_id" in vals:
            self._mark_customers()
        return result

    def _mark_customers(self) -> None:
        """Have the customers of these orders recomputed."""
        self.env["customer.mark"]._add(
            (order.company_id.id, order.partner_id.commercial_partner_id.id) for order in self
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._mark_customers()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if LINE_FACT_FIELDS & vals.keys():
            self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self) -> None:
        self.order_id.filtered(lambda order: order.state == "sale")._mark_customers()
