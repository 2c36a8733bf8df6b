"""Customers not contacted for long go back to the pool, after their manager was warned."""

import logging
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: The cause of the follow-ups that warn.
CAUSE = "pool"
#: Contacts written in one transaction: people post invoices of them meanwhile.
BATCH = 20
#: Warnings of one transaction.
WARNINGS = 500


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    @api.model
    def _cron_pool(self):
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=1)
        for company in self.env["res.company"].search(
            [("active", "=", True), ("customer_pool_on", "=", True)]
        ):
            for work in (self._warn_of_pool, self._release):
                while count := self._pool_safely(work, company):
                    if not commit(count, remaining=1):
                        return
                commit()
        commit(remaining=0)

    def _pool_safely(self, work, company) -> int:
        try:
            count = work(company)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("The public pool met a concurrent change and will go on later")
            return 0
        return count

    @api.model
    def _pool_query(self, company) -> SQL:
        """Select ``profile_id, partner_id, user_id, goes_on``: who goes back to the pool, and when.

        Silence counts from the last contact, and at the earliest from the day the pool was turned on;
        whoever got a customer has the protected days in any case. Tiers without a rule never go, nor
        do customers who buy from another company of the database as well: a contact has one account
        manager for all of them.
        """
        return SQL(
            """
            SELECT p.id AS profile_id, p.partner_id, p.user_id,
                   GREATEST(
                       GREATEST(k.last_at::date, c.customer_pool_since) + r.days,
                       (SELECT max(m.day) FROM customer_pool_move m
                         WHERE m.profile_id = p.id AND m.to_user_id IS NOT NULL)
                       + c.customer_pool_protect_days) AS goes_on
              FROM customer_profile p
              JOIN res_company c ON c.id = p.company_id AND c.customer_pool_on
              JOIN customer_pool_rule r
                ON r.company_id = p.company_id AND r.tier_id = p.value_tier_id
              LEFT JOIN customer_contact_fact k ON k.profile_id = p.id
             WHERE p.company_id = %s AND p.active AND p.user_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM customer_profile other
                                WHERE other.partner_id = p.partner_id
                                  AND other.company_id <> p.company_id
                                  AND other.purchase_count_life > 0)
            """,
            company.id,
        )

    @api.model
    def _release(self, company) -> int:
        """Take a batch of those whose day has come from their managers; how many."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT profile_id FROM (%s) q WHERE goes_on <= %s ORDER BY goes_on, profile_id"
                " LIMIT %s",
                self._pool_query(company),
                company._customer_today(),
                BATCH,
            )
        )
        profiles = self.browse([profile_id for (profile_id,) in rows])
        locked = profiles.partner_id.try_lock_for_update()
        return profiles.filtered(lambda profile: profile.partner_id in locked)._to_pool("released")

    def _to_pool(self, kind: str, by=None) -> int:
        """Nobody looks after these customers any more; how many they are."""
        nobody = self.env["res.users"]
        before = {profile: profile.user_id for profile in self}
        self.partner_id.with_context(customer_pool_move=True).write({"user_id": False})
        self.env.flush_all()
        self.env["customer.pool.move"]._log(self, kind, before, nobody, by or nobody)
        return len(self)

    @api.model
    def _warn_of_pool(self, company) -> int:
        """A follow-up for each manager who is about to lose a customer; how many were opened.

        One that has lost its reason, because somebody was in touch, is taken back.
        """
        self.env.flush_all()
        until = company._customer_today() + timedelta(days=company.customer_pool_warn_days)
        warned = SQL("SELECT * FROM (%s) q WHERE goes_on <= %s", self._pool_query(company), until)
        Followup = self.env["customer.followup"]
        Followup._cancel(
            Domain("company_id", "=", company.id)
            & Domain("cause_key", "=", CAUSE)
            & ~Domain("profile_id", "in", SQL("(SELECT profile_id FROM (%s) w)", warned)),
            "contacted",
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.profile_id, w.user_id, w.goes_on FROM (%s) w
                 WHERE NOT EXISTS (SELECT FROM customer_followup f
                                    WHERE f.profile_id = w.profile_id AND f.cause_key = %s
                                      AND (f.done_at IS NULL OR f.occasion = w.goes_on::text))
                 ORDER BY w.goes_on, w.profile_id
                 LIMIT %s
                """,
                warned,
                CAUSE,
                WARNINGS,
            )
        )
        made = Followup._open(
            [
                {
                    "profile_id": profile_id,
                    "cause_key": CAUSE,
                    "occasion": goes_on.isoformat(),
                    "reason": {"code": CAUSE, "day": goes_on.isoformat()},
                    "due_date": company._customer_today(),
                    "user_id": user_id,
                }
                for profile_id, user_id, goes_on in rows
            ]
        )
        return len(made)


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    def _why_texts(self):
        return super()._why_texts() | {
            CAUSE: lambda a: self.env._(
                "Goes back to the public pool on %(day)s unless somebody is in touch.",
                day=self._day(a["day"]),
            )
        }
