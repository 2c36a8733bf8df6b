"""Opening and cancelling follow-ups in bulk: a few statements for a thousand, once per cause."""

import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from .customer_followup_outcome import NO_LONGER_NEEDED

#: Rows of one statement.
BATCH = 1000


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    @api.model
    def _open(self, rows: list[dict]):
        """Make the follow-ups that are not there yet; those that were made.

        A row has ``profile_id``, ``cause_key``, ``occasion`` and ``reason`` (``{"code": …, …}``), and
        may have ``action``, ``advice``, ``due_date``, ``value`` (the customer's revenue by default),
        ``user_id`` (its account manager by default; False: nobody), ``res_model`` and ``res_id``. Left
        out are those whose cause was followed up at that occasion before, and those whose cause has
        an open one. For jobs: nobody's rights are asked.
        """
        self.flush_model()
        self.env["customer.profile"].flush_model()
        today = {
            company.id: company._customer_today()
            for company in self.env["res.company"].sudo().search([])
        }
        made = []
        for batch in split_every(BATCH, rows, list):
            made += self._insert_followups(batch, today)
        return self.browse(made)

    def _insert_followups(self, rows, today) -> list[int]:
        stage = self.env["customer.followup.stage"].sudo()._first()
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s::text, %s::text, %s::jsonb, %s::text, %s::text, %s::date, %s::float8,"
                " %s::bool, %s::int, %s::text, %s::int)",
                row["profile_id"],
                row["cause_key"],
                str(row.get("occasion") or ""),
                json.dumps(row["reason"], default=str),
                row.get("action") or "call",
                row.get("advice") or None,
                row.get("due_date") or None,
                row.get("value"),
                "user_id" in row,
                row.get("user_id") or None,
                row.get("res_model") or None,
                row.get("res_id") or None,
            )
            for row in rows
        )
        days = SQL(", ").join(SQL("(%s::int, %s::date)", *item) for item in today.items())
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO customer_followup (
                       profile_id, partner_id, company_id, user_id, stage_id, action, cause_key,
                       occasion, reason, advice, due_date, planned_date, value, res_model, res_id,
                       create_uid, create_date, write_uid, write_date)
                SELECT p.id, p.partner_id, p.company_id,
                       CASE WHEN v.has_user THEN v.user_id ELSE p.user_id END,
                       %(stage)s, v.action, v.cause_key, v.occasion, v.reason, v.advice,
                       COALESCE(v.due_date, d.today), GREATEST(v.due_date, d.today),
                       COALESCE(v.value, p.revenue, 0), v.res_model, v.res_id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (VALUES %(values)s) AS v(profile_id, cause_key, occasion, reason, action,
                                                advice, due_date, value, has_user, user_id,
                                                res_model, res_id)
                  JOIN customer_profile p ON p.id = v.profile_id
                  JOIN (VALUES %(days)s) AS d(company_id, today) ON d.company_id = p.company_id
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                stage=stage.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
                values=values,
                days=days,
            )
        )
        self.invalidate_model()
        return [followup_id for (followup_id,) in found]

    @api.model
    def _cancel(self, domain, why: str) -> int:
        """Close open follow-ups that lost their reason, as no longer needed; how many.

        :param why: a code, kept in ``cancel_code``
        """
        everyone = self.sudo().with_context(active_test=False)
        query = everyone._search(self._open_domain() & Domain(domain))
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_followup
                   SET done_at = %(now)s, stage_id = %(stage)s, outcome_id = %(outcome)s,
                       cancel_code = %(why)s, write_date = %(now)s, write_uid = %(uid)s
                 WHERE id IN %(ids)s AND done_at IS NULL
                """,
                now=fields.Datetime.now(),
                stage=self.env["customer.followup.stage"].sudo()._last().id,
                outcome=self.env["customer.followup.outcome"].sudo()._coded(NO_LONGER_NEEDED).id
                or None,
                why=why,
                uid=self.env.uid,
                ids=query.subselect(),
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count
