from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Directions of a change that is not a customer's first computation.
MOVED = ("up", "down", "none")


class CustomerTransition(models.Model):
    """Who moved in a month: written once, for the figures and for the lists that they open."""

    _inherit = "customer.transition"

    # Changes of a month, and the day of the first computation, without reading the log.
    _company_direction_idx = models.Index("(company_id, direction, as_of)")

    @api.model
    def _first_day(self, company) -> date | None:
        """The day of the company's first computation; None before it.

        Asked past the rules: it is the same day for whoever looks, and tells of no customer.
        """
        return self.env.execute_query(
            SQL(
                "SELECT min(as_of) FROM customer_transition"
                " WHERE company_id = %s AND direction = 'first'",
                company.id,
            )
        )[0][0]

    @api.model
    def _between_domain(self, company, start: date, end: date, first_day: date | None) -> Domain:
        """Changes from ``start`` to before ``end``, those of the first computation left out.

        On that day every customer got its tier and stage: nobody came from anywhere.
        """
        days = Domain("as_of", ">=", start) & Domain("as_of", "<", end)
        moved = Domain("direction", "in", MOVED)
        if first_day and first_day >= end:
            return Domain.FALSE
        if first_day and first_day >= start:
            fresh = Domain("direction", "=", "first") & Domain("as_of", ">", first_day)
            change = (moved & days) | (fresh & Domain("as_of", "<", end))
        else:
            change = Domain("direction", "in", ("first", *MOVED)) & days
        return Domain("company_id", "=", company.id) & change
