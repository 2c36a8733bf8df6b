from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_ticket_id = fields.Many2one(
        "customer.ticket",
        "Ticket",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        check_company=True,
        groups="customer_success.group_customer_own",
        help="The ticket that it replaces something for; once confirmed it counts as its cost.",
    )

    def _customer_replacement_cost(self) -> float:
        """What the goods cost us, less what is paid for them, in the company's currency."""
        self.ensure_one()
        company = self.company_id
        goods = 0.0
        for line in self.order_line.with_company(company):
            product = line.product_id
            if not product or line.display_type:
                continue
            quantity = line.product_uom_id._compute_quantity(
                line.product_uom_qty, product.uom_id, round=False
            )
            each, currency = product.standard_price, product.cost_currency_id
            if not each:
                each, currency = product.list_price, product.currency_id
            day = (self.date_order or fields.Datetime.now()).date()
            goods += currency._convert(each * quantity, company.currency_id, company, day)
        return goods - self.amount_untaxed / (self.currency_rate or 1.0)
