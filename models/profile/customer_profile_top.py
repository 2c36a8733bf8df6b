from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    @api.model
    def _top_revenue(self, domain, counts: list[int]) -> list[float]:
        """The revenue of the ``counts[n]`` customers with most of it, among those of ``domain``.

        In one query, along the index on revenue. Who has none never counts, so a count larger than
        there are customers with revenue takes them all.
        """
        if not counts:
            return []
        query = self._search(
            Domain(domain) & Domain("revenue", ">", 0), order="revenue desc", limit=max(*counts, 1)
        )
        revenue = self._field_to_sql(self._table, "revenue", query)
        sums = SQL(", ").join(
            SQL("COALESCE(SUM(revenue) FILTER (WHERE place <= %s), 0)", count) for count in counts
        )
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT %s
                  FROM (SELECT revenue, row_number() OVER (ORDER BY revenue DESC) AS place
                          FROM (%s) AS top) AS placed
                """,
                sums,
                query.select(SQL("%s AS revenue", revenue)),
            )
        )
        return [float(value) for value in row]

    @api.model
    def _buyer_count(self, domain) -> int:
        """How many customers of ``domain`` have revenue in the policy's window."""
        query = self._query_of_totals(domain, (), ["__count"], None)
        if query is None:
            return self.search_count(Domain(domain) & Domain("revenue", ">", 0))
        [(buyers,)] = self.env.execute_query(query.select(SQL("COALESCE(SUM(buyers), 0)::bigint")))
        return buyers
