from datetime import date, timedelta

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import demand_facts
from ...tools.demand_focus import Norm

#: Buying more broadly than this share of the customers is out of the ordinary.
BROAD = 0.75


class CustomerDemandYardstick(models.Model):
    """What is ordinary in a company, by which the doings of one customer are measured."""

    _name = "customer.demand.yardstick"
    _inherit = ["customer.monthly"]
    _description = "What Is Ordinary"

    discounted = fields.Float("Discounted Lines", readonly=True, digits=(6, 4))
    lead_days = fields.Float("Days Asked For", readonly=True, help="By the median order.")
    rush = fields.Float("Urgent Orders", readonly=True, digits=(6, 4))
    breadth = fields.Float(
        "Categories",
        readonly=True,
        help="The effective number of categories that three quarters of the customers do not exceed.",
    )
    place = fields.Float(
        "Place Of Prices", readonly=True, digits=(6, 4), help="That of the median customer."
    )
    prices = fields.Json(readonly=True, help="Prices of products by category and kind of unit.")

    _month_uniq = models.Constraint(
        "UNIQUE(company_id, month)", "What is ordinary in a company is measured once a month."
    )

    @api.model
    def _measure(self, company, as_of: date, limits):
        """That of the month of ``as_of``; measured now when it has not been yet."""
        found = self._find(company, as_of)
        if found.prices:
            return found
        found.unlink()  # measured while the company had sold nothing yet
        return self.create(
            {
                "company_id": company.id,
                "month": as_of.replace(day=1),
                "as_of": as_of,
                **self._figures(company, as_of, limits),
            }
        )

    @api.model
    def _figures(self, company, as_of: date, limits) -> dict:
        Facts = self.env["customer.demand.facts"]
        start = as_of - timedelta(days=limits.window_days)
        lead = self.env.execute_query(
            SQL(
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM (%s) lead",
                Facts._leads(company, start, as_of),
            )
        )[0][0]
        ordered = Facts._ordered(company, start, as_of, (lead or 0) * limits.rush_ratio)
        orders = ordered["orders"].sum()
        prices = self._prices(company, start, as_of)
        return {
            "lead_days": lead or 0,
            "rush": ordered["rush"].sum() / orders if orders else 0,
            "prices": prices,
            **self._habits(company, start, as_of, limits, _price_table(prices)),
        }

    @api.model
    def _habits(self, company, start: date, as_of: date, limits, prices) -> dict:
        """How the customers, or a sample of very many, buy."""
        sample = self.env["customer.facts"]._sample_restriction()
        rows = self.env["customer.demand.facts"]._bought(company, start, as_of, sample)
        names = demand_facts.Bought._fields
        bought = demand_facts.Bought(*(rows[name] for name in names))
        found = demand_facts.add_up(
            bought, np.unique(bought.customer), prices, limits.min_comparable
        )
        lines = found.lines.sum()
        return {
            "discounted": found.discounted.sum() / lines if lines else 0,
            "breadth": _quantile(found.breadth, BROAD, 0.0),
            "place": _quantile(found.position, 0.5, 0.5),
        }

    @api.model
    def _prices(self, company, start: date, as_of: date) -> dict:
        """The mean price of each product sold, by ``category/kind of unit``, ascending."""
        Facts = self.env["customer.demand.facts"]
        source = getattr(Facts, f"_lines_from_{company.customer_fact_source}s")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kind, array_agg(price ORDER BY price)
                  FROM (SELECT COALESCE(template.categ_id, 0) || '/'
                               || split_part(unit.parent_path, '/', 1) AS kind,
                               (sum(line.amount) / sum(line.quantity * unit.factor))::float8 AS price
                          FROM (%s) line
                          JOIN product_product product ON product.id = line.product
                          JOIN product_template template ON template.id = product.product_tmpl_id
                          JOIN uom_uom unit ON unit.id = COALESCE(line.unit, template.uom_id)
                         GROUP BY 1, line.product
                        HAVING sum(line.amount) > 0 AND sum(line.quantity * unit.factor) > 0
                       ) product
                 GROUP BY kind
                """,
                source(company, start, as_of, lambda column: SQL("TRUE")),
            )
        )
        return dict(rows)

    def _norm(self) -> Norm:
        self.ensure_one()
        return Norm(self.place, self.discounted, self.rush, self.breadth)

    def _price_table(self) -> dict:
        self.ensure_one()
        return _price_table(self.prices)


def _price_table(prices: dict | None) -> dict:
    return {
        tuple(map(int, kind.split("/"))): np.array(values)
        for kind, values in (prices or {}).items()
    }


def _quantile(values: np.ndarray, share: float, none: float) -> float:
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if len(known) else none
