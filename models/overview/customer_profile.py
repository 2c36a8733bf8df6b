from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: How a customer's tier at the end of a month compares with the one at its start.
WAYS = ("up", "down", "new", "left")


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    tier_move = fields.Char(
        "Moved Between Tiers",
        store=False,
        search="_search_tier_move",
        help="Only to search by: company, month, and from and to which tier (0: none), as in "
        "1/2026-11-01/3/2; or up, down, new or left instead of the two tiers.",
    )

    @api.model
    def _tier_moves(self, company, month: date) -> SQL:
        """Select ``profile_id, from_id, to_id, way``: whose tier differs from that of the month's start.

        A customer who moved twice is one row, from its first tier to its last; one who came back is
        none. ``way`` is one of :data:`WAYS`.
        """
        Transition = self.env["customer.transition"]
        query = Transition._search(
            Domain("kind", "=", "tier")
            & Transition._between_domain(
                company, month, month + relativedelta(months=1), Transition._first_day(company)
            )
        )
        if query.is_empty():
            return SQL("SELECT 0 AS profile_id, 0 AS from_id, 0 AS to_id, '' AS way WHERE FALSE")
        return SQL(
            """
            SELECT move.profile_id, move.from_id, move.to_id,
                   CASE WHEN move.from_id IS NULL THEN 'new'
                        WHEN move.to_id IS NULL THEN 'left'
                        WHEN (after.sequence, after.id) < (before.sequence, before.id) THEN 'up'
                        ELSE 'down' END AS way
              FROM (SELECT customer_transition.profile_id,
                           (array_agg(customer_transition.from_tier_id
                                      ORDER BY customer_transition.as_of, customer_transition.id)
                           )[1] AS from_id,
                           (array_agg(customer_transition.to_tier_id
                                      ORDER BY customer_transition.as_of DESC,
                                               customer_transition.id DESC)
                           )[1] AS to_id
                      FROM %(tables)s
                     WHERE %(conditions)s
                     GROUP BY customer_transition.profile_id) move
              LEFT JOIN customer_tier before ON before.id = move.from_id
              LEFT JOIN customer_tier after ON after.id = move.to_id
             WHERE move.from_id IS DISTINCT FROM move.to_id
            """,
            tables=query.from_clause,
            conditions=query.where_clause or SQL("TRUE"),
        )

    def _search_tier_move(self, operator, value):
        """Customers of one cell of the matrix, or of one way to move."""
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._tier_move_domain(text) for text in value)

    @api.model
    def _tier_move_domain(self, text: str) -> Domain:
        try:
            company_id, month, *rest = text.split("/")
            company, month = (
                self.env["res.company"].browse(int(company_id)),
                date.fromisoformat(month),
            )
            tiers = [int(part) for part in rest] if rest[0] not in WAYS else []
        except (ValueError, IndexError):
            return Domain.FALSE
        if tiers:
            chosen = SQL(
                "COALESCE(from_id, 0) = %s AND COALESCE(to_id, 0) = %s", tiers[0], tiers[-1]
            )
        else:
            chosen = SQL("way = %s", rest[0])
        return Domain("company_id", "=", company.id) & Domain(
            "id",
            "in",
            SQL(
                "(SELECT profile_id FROM (%s) moved WHERE %s)",
                self._tier_moves(company, month),
                chosen,
            ),
        )
