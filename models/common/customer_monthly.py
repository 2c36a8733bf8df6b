from datetime import date

from odoo import api, fields, models


class CustomerMonthly(models.AbstractModel):
    """What is measured once a calendar month in a company, and frozen until the next.

    Were it worked out anew each day, every customer's answer could change every day without anything
    having happened with it. Whoever inherits this declares company and month unique.
    """

    _name = "customer.monthly"
    _description = "Measured Once a Month"
    _order = "month desc"
    _rec_name = "month"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    as_of = fields.Date(required=True, readonly=True)

    @api.model
    def _find(self, company, as_of: date):
        """That of the month of ``as_of``, or an empty record."""
        return self.search(
            [("company_id", "=", company.id), ("month", "=", as_of.replace(day=1))], limit=1
        )

    @api.model
    def _forget(self, company) -> None:
        """Have this month's measured anew: what it is made from has changed."""
        self._find(company, company._customer_today()).unlink()
