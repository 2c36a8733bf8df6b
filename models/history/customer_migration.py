from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .customer_history import month_end
from .customer_replay import MOST_CUSTOMERS

#: Month-ends that the screen offers.
MONTHS = 36


class CustomerMigration(models.AbstractModel):
    """How many customers went from which tier to which between two days."""

    _name = "customer.migration"
    _description = "Migration Between Tiers"

    @api.model
    def get_choices(self) -> dict:
        """What the screen offers: month-ends since the log begins, and today."""
        self.env["customer.profile"].check_access("read")
        company = self.env.company
        today, begin = company._customer_today(), self.env["customer.history"]._first_day(company)
        days, day = [today], month_end(today)
        while begin and day >= begin and len(days) <= MONTHS:
            days.append(day)
            day = month_end(day)
        if begin and begin not in days and len(days) <= MONTHS:
            days.append(begin)
        count = self.env["customer.profile"].search_count(
            self._customers(company), limit=MOST_CUSTOMERS + 1
        )
        return {
            "company": company.name,
            "currency_id": company.currency_id.id,
            "begin": begin and self._label(begin),
            "days": [{"day": fields.Date.to_string(d), "label": self._label(d)} for d in days],
            "tiers": [
                {"id": tier.id, "name": tier.name, "color": tier.color}
                for tier in self.env["customer.tier"].search([])
            ],
            "can_replay": count <= MOST_CUSTOMERS,
            "most": MOST_CUSTOMERS,
        }

    def _label(self, day: date) -> str:
        return format_date(self.env, day, date_format="medium")

    @api.model
    def get_known(self, day_from, day_to) -> list[dict]:
        """The cells as the log has them, of the customers whom the user may see."""
        days = self._checked_days(day_from, day_to)
        return self._cells(self.env.company, self._known_pairs(self.env.company, *days))

    @api.model
    def _checked_days(self, day_from, day_to) -> tuple[date, date]:
        self.env["customer.profile"].check_access("read")
        days = fields.Date.to_date(day_from), fields.Date.to_date(day_to)
        if not all(days) or days[0] > days[1]:
            raise UserError(self.env._("Choose an earlier day first, and a later one second."))
        return days

    @api.model
    def _customers(self, company) -> Domain:
        """Everybody of a company, archived contacts too: they were customers then."""
        return Domain([("company_id", "=", company.id), ("active", "in", (True, False))])

    @api.model
    def _known_pairs(self, companies, day_from: date, day_to: date) -> SQL:
        """Select ``profile_id, from_tier_id, to_tier_id`` as known on two days; 0 for none."""
        Log = self.env["customer.transition"]
        self.env.flush_all()
        pairs = [
            SQL(
                """
                SELECT profile_id, COALESCE(before.value_id, 0) AS from_tier_id,
                       COALESCE(after.value_id, 0) AS to_tier_id
                  FROM (%(after)s) after
                  LEFT JOIN (%(before)s) before USING (profile_id)
                """,
                before=Log._known_on(company, "tier", day_from),
                after=Log._known_on(company, "tier", day_to),
            )
            for company in companies
        ]
        return SQL(" UNION ALL ").join(pairs)

    @api.model
    def _cells(self, company, pairs: SQL) -> list[dict]:
        """Add up pairs of tiers: customers, and what they bring now. Never bought is no cell."""
        visible = self.env["customer.profile"]._search(self._customers(company))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pair.from_tier_id, pair.to_tier_id, count(*), sum(profile.revenue)
                  FROM (%(pairs)s) pair
                  JOIN customer_profile profile ON profile.id = pair.profile_id
                 WHERE profile.id IN %(visible)s
                   AND (pair.from_tier_id, pair.to_tier_id) <> (0, 0)
                 GROUP BY pair.from_tier_id, pair.to_tier_id
                """,
                pairs=pairs,
                visible=visible.subselect(),
            )
        )
        return [
            {
                "from": before or False,
                "to": after or False,
                "customers": count,
                "revenue": float(revenue or 0),
            }
            for before, after, count, revenue in rows
        ]
