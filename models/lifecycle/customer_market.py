from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import lifecycle, rhythm
from ..facts.customer_facts import SEASON, Windows


class CustomerMarket(models.Model):
    """The company itself as the yardstick of its customers.

    A customer's silence is shrunk towards the company's usual interval, and its trend is measured
    against the company's own.
    """

    _name = "customer.market"
    _inherit = ["customer.monthly"]
    _description = "Company's Own Market"

    median_interval = fields.Float(
        readonly=True, help="Days between purchases of the company's median customer."
    )
    trend = fields.Float(
        readonly=True,
        digits=(8, 4),
        help="The company's revenue of the last window against the same days one year before.",
    )
    first_document = fields.Date(readonly=True, help="When the company's history begins.")

    _month_uniq = models.Constraint(
        "UNIQUE(company_id, month)", "A company's market is measured once a month."
    )

    @api.model
    def _measure(self, company, as_of: date, trend_days: int):
        """The market of the month of ``as_of``; measured now when it has not been yet."""
        market = self._find(company, as_of)
        if market.first_document:
            return market
        market.unlink()  # measured while the company had no documents yet
        values = {
            "company_id": company.id,
            "month": as_of.replace(day=1),
            "as_of": as_of,
            **self._figures(company, as_of, trend_days),
        }
        # One measured meanwhile, unseen by this snapshot, is a serialization failure: go on later.
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_market (%s) VALUES (%s) ON CONFLICT (company_id, month) DO NOTHING",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )
        return self._find(company, as_of)

    @api.model
    def _look_up(self, company, as_of: date, trend_days: int):
        """The market of the month of ``as_of``, worked out where it was not kept; writes nothing."""
        market = self._find(company, as_of)
        if market.first_document:
            return market
        return self.new(self._figures(company, as_of, trend_days))

    @api.model
    def _figures(self, company, as_of: date, trend_days: int) -> dict:
        Facts = self.env["customer.facts"]
        first, recent, prior = self.env.execute_query(
            SQL(
                """
                SELECT min(day),
                       sum(amount) FILTER (WHERE day > %(as_of)s - %(trend)s),
                       sum(amount) FILTER (WHERE day > %(as_of)s - %(trend)s - %(season)s
                                             AND day <= %(as_of)s - %(season)s)
                  FROM (%(documents)s) document
                 WHERE day <= %(as_of)s
                """,
                documents=Facts._documents(company, as_of),
                as_of=as_of,
                trend=trend_days,
                season=SEASON,
            )
        )[0]
        sample = Facts._fetch(
            company,
            as_of,
            Windows(trend_days, trend_days, trend_days),
            Facts._sample_restriction(),
        )
        return {
            "median_interval": rhythm.company_median(
                sample["first"], sample["last"], sample["purchases_life"]
            ),
            "trend": lifecycle.market_index(float(recent or 0), float(prior or 0)),
            "first_document": first,
        }
