"""Orders that say how soon they are wanted, and half a year of seeing what customers buy on."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

from .customer_success_demo import noon
from .habits import ORDERS

#: On how many past nights demand is weighed, a month apart.
MONTHS = 5


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _make_urgent_orders(self, company, spec, products, partners) -> None:
        """Confirmed orders with the delivery day that was asked for."""
        today = company._customer_today()
        some = list(products.values())
        values = []
        for orders in ORDERS[spec.key]:
            partner = partners[orders.customer]
            for number in range(orders.count):
                product = some[(number * 3 + orders.days) % len(some)]
                moment = noon(today - timedelta(days=8 + number * 27))
                values.append(
                    {
                        "company_id": company.id,
                        "partner_id": partner.id,
                        "user_id": partner.user_id.id,
                        "date_order": moment,
                        "commitment_date": moment + timedelta(days=orders.days + number % 2),
                        "state": "sale",
                        "order_line": [
                            Command.create(
                                {"product_id": product.id, "product_uom_qty": 4 + number}
                            )
                        ],
                    }
                )
        self.env["sale.order"].create(values)

    def _weigh_demand(self, company) -> None:
        """As of some nights of the last months, and of today."""
        today = company._customer_today()
        for month in range(MONTHS, -1, -1):
            day = today - timedelta(days=30 * month)
            at = noon(day) if month else fields.Datetime.now()
            self._compute_as_of(company, day, at, "focus", "month")

    def _verify_data(self, company) -> None:
        """Account managers have asked most of their customers whether what we know still holds."""
        today = company._customer_today()
        profiles = self.env["customer.profile"].search(
            [("company_id", "=", company.id), ("value_tier_id", "!=", False)], order="id"
        )
        for number, profile in enumerate(profiles):
            if number % 5:
                day = today - timedelta(days=number * 37 % 400)
                profile._set_verified(day, profile.user_id)
