"""What customers did in the window, in SQL: lines bought, orders wanted soon, what was said.

Tickets lie in a room below: they are read here as facts, by their table.
"""

from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools import pgcopy
from ..facts.customer_facts import Restriction, everyone

_BOUGHT = pgcopy.Columns(
    (
        ("customer", "int4"),
        ("product", "int4"),
        ("category", "int4"),
        ("unit", "int4"),
        ("spend", "float8"),
        ("quantity", "float8"),
        ("lines", "float8"),
        ("discounted", "float8"),
        ("discounted_quantity", "float8"),
        ("plain_quantity", "float8"),
    )
)
_ORDERED = pgcopy.Columns((("customer", "int4"), ("orders", "float8"), ("rush", "float8")))
_SAID = pgcopy.Columns(
    (("customer", "int4"), ("focus", "int4"), ("complaints", "float8"), ("praise", "float8"))
)
#: The kinds of tickets that tell what matters to a customer.
VOICES = ("complaint", "praise")


class CustomerDemandFacts(models.AbstractModel):
    _name = "customer.demand.facts"
    _description = "Facts of demand"

    @api.model
    def _bought(self, company, start: date, as_of: date, restrict: Restriction = everyone):
        """One row per customer, product and kind of unit, net of what was given back.

        Quantities are in the reference unit, money in company currency at each document's day.

        :param start: the last day before the window
        """
        source = getattr(self, f"_lines_from_{company.customer_fact_source}s")
        query = SQL(
            """
            SELECT line.customer, line.product, COALESCE(template.categ_id, 0) AS category,
                   split_part(unit.parent_path, '/', 1)::int AS unit,
                   sum(line.amount)::float8 AS spend,
                   sum(line.quantity * unit.factor)::float8 AS quantity,
                   count(*) FILTER (WHERE line.sale)::float8 AS lines,
                   count(*) FILTER (WHERE line.sale AND line.discounted)::float8 AS discounted,
                   sum(line.quantity * unit.factor)
                       FILTER (WHERE line.sale AND line.discounted)::float8 AS discounted_quantity,
                   sum(line.quantity * unit.factor)
                       FILTER (WHERE line.sale AND NOT line.discounted)::float8 AS plain_quantity
              FROM (%(lines)s) line
              JOIN product_product product ON product.id = line.product
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = COALESCE(line.unit, template.uom_id)
             GROUP BY 1, 2, 3, 4
            """,
            lines=source(company, start, as_of, restrict),
        )
        return self.env["customer.facts"]._copy_out(query, _BOUGHT)

    @api.model
    def _lines_from_invoices(self, company, start, as_of, restrict) -> SQL:
        """Lines of goods of posted invoices, and of credit notes as their opposite."""
        return SQL(
            """
            SELECT m.commercial_partner_id AS customer, l.product_id AS product,
                   l.product_uom_id AS unit,
                   -l.balance AS amount,
                   CASE WHEN m.move_type = 'out_refund' THEN -l.quantity ELSE l.quantity END
                       AS quantity,
                   m.move_type = 'out_invoice' AND l.quantity > 0 AND l.price_subtotal > 0 AS sale,
                   COALESCE(l.discount, 0) > 0 AS discounted
              FROM account_move m
              JOIN account_move_line l ON l.move_id = m.id
             WHERE m.company_id = %(company)s
               AND m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_refund')
               AND m.invoice_date > %(start)s
               AND m.invoice_date <= %(as_of)s
               AND %(customers)s
               AND l.display_type = 'product'
               AND l.product_id IS NOT NULL
               AND l.is_downpayment IS NOT TRUE
            """,
            company=company.id,
            start=start,
            as_of=as_of,
            customers=restrict(SQL("m.commercial_partner_id")),
        )

    @api.model
    def _lines_from_orders(self, company, start, as_of, restrict) -> SQL:
        """Lines of goods of confirmed orders, as ordered."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS customer, l.product_id AS product,
                   l.product_uom_id AS unit,
                   l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount,
                   l.product_uom_qty AS quantity,
                   l.product_uom_qty > 0 AND l.price_subtotal > 0 AS sale,
                   COALESCE(l.discount, 0) > 0 AS discounted
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
              JOIN sale_order_line l ON l.order_id = o.id
             WHERE %(orders)s
               AND %(customers)s
               AND l.display_type IS NULL
               AND l.product_id IS NOT NULL
               AND l.is_downpayment IS NOT TRUE
            """,
            orders=self._orders_in(company, start, as_of),
            customers=restrict(SQL("p.commercial_partner_id")),
        )

    @api.model
    def _orders_in(self, company, start: date, as_of: date) -> SQL:
        """Condition on ``sale_order o``: confirmed orders of the window."""
        return SQL(
            "o.company_id = %s AND o.state = 'sale' AND o.date_order >= %s AND o.date_order < %s",
            company.id,
            company._customer_day_start(start + timedelta(days=1)),
            company._customer_day_start(as_of + timedelta(days=1)),
        )

    @api.model
    def _leads(self, company, start: date, as_of: date, restrict: Restriction = everyone) -> SQL:
        """Select ``customer, days`` between each order and the delivery day asked for with it."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS customer,
                   GREATEST(EXTRACT(epoch FROM o.commitment_date - o.date_order) / 86400, 0)::float8
                       AS days
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
             WHERE %(orders)s AND o.commitment_date IS NOT NULL AND %(customers)s
            """,
            orders=self._orders_in(company, start, as_of),
            customers=restrict(SQL("p.commercial_partner_id")),
        )

    @api.model
    def _ordered(self, company, start, as_of, urgent: float, restrict: Restriction = everyone):
        """Per customer its orders with a day asked for, and how many of them are urgent.

        :param urgent: an order wanted within so many days is
        """
        query = SQL(
            """
            SELECT customer, count(*)::float8 AS orders,
                   count(*) FILTER (WHERE days <= %s)::float8 AS rush
              FROM (%s) lead
             GROUP BY customer
            """,
            urgent,
            self._leads(company, start, as_of, restrict),
        )
        return self.env["customer.facts"]._copy_out(query, _ORDERED)

    @api.model
    def _said(self, company, start: date, as_of: date, restrict: Restriction = everyone):
        """Per customer and focus (0: about none) its complaints and its praise."""
        query = SQL(
            """
            SELECT t.partner_id AS customer, COALESCE(c.demand_focus_id, 0) AS focus,
                   count(*) FILTER (WHERE t.kind = 'complaint')::float8 AS complaints,
                   count(*) FILTER (WHERE t.kind = 'praise')::float8 AS praise
              FROM customer_ticket t
              LEFT JOIN customer_ticket_category c ON c.id = t.category_id
             WHERE t.company_id = %(company)s
               AND t.active AND t.kind IN %(kinds)s
               AND t.opened_at >= %(since)s
               AND t.opened_at < %(until)s
               AND %(customers)s
             GROUP BY 1, 2
            """,
            company=company.id,
            kinds=VOICES,
            since=company._customer_day_start(start + timedelta(days=1)),
            until=company._customer_day_start(as_of + timedelta(days=1)),
            customers=restrict(SQL("t.partner_id")),
        )
        return self.env["customer.facts"]._copy_out(query, _SAID)

    @api.model
    def _changed_since(self, company, moment, as_of: date, after: int, limit: int) -> list[int]:
        """Customers about whom something changed, or on whom time has told, in order of id.

        :param after: only those with a larger id
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id
                  FROM (SELECT partner_id
                          FROM customer_profile
                         WHERE company_id = %(company)s AND write_date >= %(moment)s
                         UNION
                        SELECT partner_id
                          FROM customer_ticket
                         WHERE company_id = %(company)s AND write_date >= %(moment)s
                         UNION
                        SELECT p.commercial_partner_id
                          FROM sale_order o
                          JOIN res_partner p ON p.id = o.partner_id
                         WHERE o.company_id = %(company)s AND o.write_date >= %(moment)s
                         UNION
                        SELECT p.partner_id
                          FROM customer_demand d
                          JOIN customer_profile p ON p.id = d.profile_id
                         WHERE d.company_id = %(company)s AND d.next_look_date <= %(as_of)s
                       ) changed
                 WHERE partner_id > %(after)s
                 ORDER BY partner_id
                 LIMIT %(limit)s
                """,
                company=company.id,
                moment=moment,
                as_of=as_of,
                after=after,
                limit=limit,
            )
        )
        return [partner_id for (partner_id,) in rows]
