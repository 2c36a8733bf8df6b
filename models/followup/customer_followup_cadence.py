"""Follow-ups that keep the rhythm of contact: one for each customer that is due, as long as it is."""

from odoo import api, models
from odoo.tools import SQL

from .customer_followup_log import CADENCE

#: Follow-ups opened in one transaction.
BATCH = 10_000


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    @api.model
    def _keep_cadence_some(self, company) -> bool:
        """Close those whose cause went, correct the others, open a batch; whether there are more.

        A card on which somebody has begun stays, whatever happens beside it.
        """
        today = company._customer_today()
        self._close_cadence(company, today)
        self._correct_cadence(company)
        rows = self._due_for_contact(company, today)
        self._open(rows)
        return len(rows) == BATCH

    def _close_cadence(self, company, today) -> None:
        """One statement, however many there are: the reasons are columns, not searches."""
        Stage = self.env["customer.followup.stage"]
        self.env.flush_all()
        gone = self.env.execute_query(
            SQL(
                """
                SELECT id, code
                  FROM (SELECT f.id,
                               CASE WHEN p.active IS NOT TRUE THEN 'archived'
                                    WHEN s.code = 'lost' THEN 'lost'
                                    WHEN f.outcome_id IS NOT NULL OR f.stage_id <> %(first)s THEN NULL
                                    WHEN k.due_date IS NULL THEN 'no_cadence'
                                    WHEN k.due_date > %(today)s THEN 'contacted' END AS code
                          FROM customer_followup f
                          JOIN customer_profile p ON p.id = f.profile_id
                          JOIN customer_contact_fact k ON k.profile_id = f.profile_id
                          LEFT JOIN customer_lifecycle_stage s ON s.id = p.lifecycle_stage_id
                         WHERE f.company_id = %(company)s AND f.cause_key = %(cadence)s
                           AND f.done_at IS NULL) AS card
                 WHERE code IS NOT NULL
                """,
                first=Stage._first().id,
                today=today,
                company=company.id,
                cadence=CADENCE,
            )
        )
        for code in sorted({code for __, code in gone}):
            self._cancel([("id", "in", [key for key, why in gone if why == code])], code)

    def _correct_cadence(self, company) -> None:
        """Due as its customer's contact is, for whoever looks after it now, at what it is worth now.

        Not where somebody has begun, nor whose it is where it was passed on.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_followup f
                   SET due_date = k.due_date, value = p.revenue,
                       user_id = CASE WHEN f.passed_by_id IS NULL THEN p.user_id ELSE f.user_id END,
                       write_date = %(now)s
                  FROM customer_profile p
                  JOIN customer_contact_fact k ON k.profile_id = p.id
                 WHERE f.profile_id = p.id AND f.company_id = %(company)s
                   AND f.cause_key = %(cadence)s AND f.done_at IS NULL AND f.outcome_id IS NULL
                   AND k.due_date IS NOT NULL
                   AND (f.due_date <> k.due_date OR f.value IS DISTINCT FROM p.revenue::float8
                        OR f.passed_by_id IS NULL AND f.user_id IS DISTINCT FROM p.user_id)
                """,
                now=self.env.cr.now(),
                company=company.id,
                cadence=CADENCE,
            )
        )
        self.invalidate_model()

    def _due_for_contact(self, company, today) -> list[dict]:
        """Rows for :meth:`_open`: customers due that have nothing open, the longest due first.

        Not those lost, nor archived. Whoever nobody looks after is due too, for nobody yet.
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT k.profile_id, k.due_date, k.cadence_days, k.agreed_date,
                       k.last_at::date, p.expected_interval
                  FROM customer_contact_fact k
                  JOIN customer_profile p ON p.id = k.profile_id
                  LEFT JOIN customer_lifecycle_stage s ON s.id = p.lifecycle_stage_id
                 WHERE k.company_id = %(company)s AND k.due_date <= %(today)s
                   AND p.active AND s.code IS DISTINCT FROM 'lost'
                   AND NOT EXISTS (SELECT FROM customer_followup f
                                    WHERE f.profile_id = k.profile_id AND f.done_at IS NULL)
                   AND NOT EXISTS (SELECT FROM customer_followup f
                                    WHERE f.profile_id = k.profile_id
                                      AND f.cause_key = %(cadence)s
                                      AND f.occasion = %(today)s::text)
                 ORDER BY k.due_date, k.profile_id
                 LIMIT %(batch)s
                """,
                company=company.id,
                today=today,
                cadence=CADENCE,
                batch=BATCH,
            )
        )
        return [
            {
                "profile_id": profile_id,
                "cause_key": CADENCE,
                "occasion": today.isoformat(),
                "due_date": due,
                "reason": {
                    "code": "agreed" if agreed == due else "cadence" if last else "first_contact",
                    "due": due,
                    "days": days,
                    "last": last,
                    "interval": float(interval or 0),
                },
            }
            for profile_id, due, days, agreed, last, interval in found
        ]

    @api.model
    def _why_texts(self):
        return super()._why_texts() | {
            "agreed": lambda a: self.env._("Contact agreed for %(day)s.", day=self._day(a["due"])),
            "cadence": self._why_cadence,
            "first_contact": lambda a: self.env._(
                "Nobody was in touch yet; every %(days)s days is usual.", days=a["days"]
            ),
        }

    def _why_cadence(self, a) -> str:
        interval = round(a["interval"])
        if not interval:
            return self.env._(
                "Not contacted since %(last)s; every %(days)s days is usual.",
                last=self._day(a["last"]),
                days=a["days"],
            )
        return self.env._(
            "Not contacted since %(last)s; every %(days)s days is usual, as it buys about every "
            "%(interval)s days.",
            interval=interval,
            days=a["days"],
            last=self._day(a["last"]),
        )
