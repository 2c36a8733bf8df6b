from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.fields import LooseMany2one

_COLUMNS = SQL("user_id, value_tier_id, lifecycle_stage_id, customers, buyers, revenue")


class CustomerProfileMonth(models.Model):
    """The customers of a company at the end of each month, as they were known then.

    The month that runs is as of the last run; with its last run it stays as it is. Contacts in use
    only: those archived were no customers any more.
    """

    _name = "customer.profile.month"
    _description = "Customers at the End of a Month"
    _log_access = False
    _order = "month desc, id"
    _rec_name = "month"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True, ondelete="set null")
    value_tier_id = LooseMany2one("customer.tier", readonly=True, ondelete="restrict")
    lifecycle_stage_id = LooseMany2one(
        "customer.lifecycle.stage", readonly=True, ondelete="restrict"
    )
    customers = fields.Integer(readonly=True)
    buyers = fields.Integer(readonly=True, help="Those with revenue in the policy's window.")
    revenue = fields.Monetary(readonly=True, help="In the policy's window, at that time.")
    currency_id = fields.Many2one(related="company_id.currency_id")

    _company_month_idx = models.Index("(company_id, month)")

    @api.model
    def _keep(self, company, day: date) -> None:
        """Have the month of ``day`` say what the totals of ``company`` say now.

        Written only where they differ: a second time changes nothing.
        """
        month = day.replace(day=1)
        now = SQL(
            """
            SELECT user_id, value_tier_id, lifecycle_stage_id,
                   sum(customers)::integer AS customers, sum(buyers)::integer AS buyers,
                   sum(revenue) AS revenue
              FROM customer_profile_total
             WHERE company_id = %s AND active
             GROUP BY user_id, value_tier_id, lifecycle_stage_id
            HAVING sum(customers) <> 0
            """,
            company.id,
        )
        of_month = SQL("company_id = %s AND month = %s", company.id, month)
        kept = SQL("SELECT %s FROM customer_profile_month WHERE %s", _COLUMNS, of_month)
        differs = SQL(
            """
            SELECT WHERE EXISTS ((%(now)s) EXCEPT ALL (%(kept)s))
                      OR EXISTS ((%(kept)s) EXCEPT ALL (%(now)s))
            """,
            now=now,
            kept=kept,
        )
        if not self.env.execute_query(differs):
            return
        self.env.cr.execute(SQL("DELETE FROM customer_profile_month WHERE %s", of_month))
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_profile_month (company_id, month, %s)"
                " SELECT %s, %s, %s FROM (%s) now",
                _COLUMNS,
                company.id,
                month,
                _COLUMNS,
                now,
            )
        )
        self.invalidate_model()
