"""The win-back list keeps itself: who comes on it, who bought again, what that brought."""

import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class CustomerWinback(models.Model):
    _inherit = "customer.winback"

    @api.model
    def _cron_keep(self):
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=1)
        for company in self.env["res.company"].search([("active", "=", True)]):
            for work in (self._close_won, self._open_due, self._measure):
                try:
                    work(company)
                    self.env.flush_all()
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    self.env.cr.rollback()
                    _logger.info("The win-back list met a concurrent change and will go on later")
                if not commit(1, remaining=1):
                    return
        commit(remaining=0)

    @api.model
    def _open_due(self, company) -> int:
        """Put on the list those who are to be won back and are not on it; how many.

        Once for each silence: whom a person gave up is not brought up again.
        """
        Profile = self.env["customer.profile"].sudo()
        best = Profile._best_revenue_query(company)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_winback (
                       profile_id, company_id, user_id, state, opened_on, silent_since,
                       best_revenue, create_uid, create_date, write_uid, write_date)
                SELECT p.id, p.company_id, p.user_id, 'new', %(today)s, p.last_purchase_date,
                       best.revenue::numeric, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM customer_profile p
                  JOIN (%(best)s) best ON best.profile_id = p.id
                 WHERE best.revenue >= %(limit)s
                 ORDER BY best.revenue DESC, p.id
                    ON CONFLICT DO NOTHING
                """,
                best=best,
                limit=company.customer_winback_limit,
                today=company._customer_today(),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _close_won(self, company) -> int:
        """Close those who bought again, on the day of that purchase; how many."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_winback w
                   SET state = CASE w.state WHEN 'new' THEN 'back' ELSE 'won' END,
                       won_on = bought.day, closed_on = %(today)s, write_date = %(now)s
                  FROM (%(bought)s) bought
                 WHERE w.id = bought.id AND w.closed_on IS NULL
                """,
                bought=SQL(
                    """
                    SELECT o.id, min(d.day) AS day
                      FROM customer_winback o
                      JOIN customer_profile p
                        ON p.id = o.profile_id AND p.last_purchase_date > o.silent_since
                      JOIN (%(documents)s) d ON d.partner_id = p.partner_id
                     WHERE o.company_id = %(company)s AND o.closed_on IS NULL
                       AND d.day > o.silent_since AND d.day <= p.last_purchase_date
                       AND d.sales > 0
                     GROUP BY o.id
                    """,
                    documents=self._documents_of(company, SQL("w.closed_on IS NULL")),
                    company=company.id,
                ),
                today=company._customer_today(),
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _measure(self, company) -> int:
        """What those who bought again brought since, and who is silent again; rows that differed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_winback w
                   SET regained = brought.revenue, relapsed = brought.relapsed
                  FROM (SELECT o.id, round(COALESCE(sum(d.amount), 0)::numeric, 2) AS revenue,
                               later.opened_on IS NOT NULL AS relapsed
                          FROM customer_winback o
                          JOIN customer_profile p ON p.id = o.profile_id
                          LEFT JOIN LATERAL (
                               SELECT n.opened_on FROM customer_winback n
                                WHERE n.profile_id = o.profile_id
                                  AND n.silent_since > o.silent_since
                                ORDER BY n.silent_since LIMIT 1) later ON TRUE
                          LEFT JOIN (%(documents)s) d
                            ON d.partner_id = p.partner_id AND d.day >= o.won_on
                           AND d.day < COALESCE(later.opened_on, 'infinity')
                         WHERE o.company_id = %(company)s AND o.won_on IS NOT NULL
                         GROUP BY o.id, later.opened_on) brought
                 WHERE w.id = brought.id
                   AND (w.regained IS DISTINCT FROM brought.revenue
                        OR w.relapsed IS DISTINCT FROM brought.relapsed)
                """,
                documents=self._documents_of(company, SQL("w.won_on IS NOT NULL")),
                company=company.id,
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _documents_of(self, company, cases: SQL) -> SQL:
        """The documents of the customers of these cases ``w``."""
        return self.env["customer.facts"]._documents(
            company,
            company._customer_today(),
            lambda column: SQL(
                "%(column)s IN (SELECT q.partner_id FROM customer_winback w"
                " JOIN customer_profile q ON q.id = w.profile_id"
                " WHERE w.company_id = %(company)s AND %(cases)s)",
                column=column,
                company=company.id,
                cases=cases,
            ),
        )
