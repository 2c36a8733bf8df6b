"""The past of many customers at once: as the log has it, and as the documents say now."""

from datetime import date, timedelta

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ...tools import judgement, pgcopy, replay
from ...tools.dates import from_days, has_date, to_days
from ..facts.customer_facts import FACT_COLUMNS, Restriction, among

_DAILY = pgcopy.Columns(replay.DAILY_COLUMNS)
_ROW = pgcopy.Columns(FACT_COLUMNS + judgement.STATE_COLUMNS)


class CustomerHistory(models.AbstractModel):
    _name = "customer.history"
    _description = "Customers on past days"

    # ---- as known then -------------------------------------------------------------------------

    @api.model
    def _first_day(self, company) -> date | None:
        """The day on which the log of a company begins; None before anything was computed."""
        rows = self.env.execute_query(
            SQL(
                "SELECT as_of FROM customer_transition WHERE company_id = %s ORDER BY at, id LIMIT 1",
                company.id,
            )
        )
        return rows[0][0] if rows else None

    @api.model
    def _logged(self, company, partner_ids, day: date) -> list[tuple]:
        """The last entry of each kind by a day, and when the customer was first entered.

        :returns: ``(partner id, kind, cause, tier or stage id, first day)``, customers without an
            entry by then left out
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (log.profile_id, log.kind)
                       profile.partner_id, log.kind, log.cause,
                       COALESCE(log.to_tier_id, log.to_stage_id, 0),
                       min(log.as_of) OVER (PARTITION BY log.profile_id)
                  FROM customer_transition log
                  JOIN customer_profile profile ON profile.id = log.profile_id
                 WHERE profile.company_id = %(company)s
                   AND profile.partner_id = ANY(%(partners)s)
                   AND log.as_of <= %(day)s
                 ORDER BY log.profile_id, log.kind, log.as_of DESC, log.id DESC
                """,
                company=company.id,
                partners=list(partner_ids),
                day=day,
            )
        )

    @api.model
    def _known_tiers(self, company, partner_ids, day: date) -> dict[int, int]:
        """Partner id -> tier id as known on a day; 0 for none, nothing for who was not known."""
        logged = self._logged(company, partner_ids, day)
        return {partner_id: tier for partner_id, kind, __, tier, __ in logged if kind == "tier"}

    # ---- as the documents say now --------------------------------------------------------------

    @api.model
    def _recomputed(self, company, partner_ids, days):
        """What customers would have been on each of ``days`` by the documents as they are now.

        Choices by hand count as they were logged. Whoever had neither a document nor an entry in the
        log by a day is no customer yet: no tier and no stage.

        :param days: ascending
        :returns: one record array of ``judgement.RESULT_COLUMNS`` per day, in the order of partner ids
        """
        partner_ids = sorted(partner_ids)
        result = None
        for day in days:
            if result is None:
                result = self._replay(company, partner_ids, day, days[-1])
            result.advance(to_days(day))
            standing = result.standing()
            entered = np.full(len(partner_ids), to_days(date.max), np.int64)
            place = {partner_id: index for index, partner_id in enumerate(partner_ids)}
            for partner_id, kind, cause, value, first in self._logged(company, partner_ids, day):
                index = place[partner_id]
                entered[index] = to_days(first)
                if cause == "manual":
                    shown = "value_tier_id" if kind == "tier" else "lifecycle_stage_id"
                    standing[shown][index] = value
                    standing[f"{kind}_manual"][index] = True
            first_day = result.first_day
            known = (has_date(first_day) & (first_day <= to_days(day))) | (entered <= to_days(day))
            for shown in ("value_tier_id", "lifecycle_stage_id"):
                standing[shown][~known] = 0
            yield standing

    @api.model
    def _replay(self, company, partner_ids, day: date, until: date) -> replay.Replay:
        """Customers judged again from the day on which the log begins, as far as ``day``.

        For a day before the log begins they are judged on that day alone: from no standing. Nothing
        is written. ``advance`` of what is returned goes on, up to ``until``.

        :param partner_ids: commercial partners, in any order; results come in the order of their ids
        """
        begin = self._first_day(company)
        start = begin if begin and begin <= day else day
        partner_ids = np.array(sorted(partner_ids), np.int32)
        rows = _ROW.empty(len(partner_ids))
        rows["partner_id"] = partner_ids
        restrict = among(partner_ids.tolist())
        purchases = replay.Purchases(self._daily(company, restrict), partner_ids)
        result = replay.Replay(
            purchases,
            rows,
            self._rules_of(company),
            self._breaks(company, start, until),
            to_days(start),
        )
        result.advance(to_days(day))
        return result

    @api.model
    def _breaks(self, company, start: date, until: date) -> list[int]:
        """Days on which everybody was judged: a new month's market, another policy."""
        publications = self.env["customer.value.publication"].search(
            [("company_id", "=", company.id), ("effective_date", ">", start)]
        )
        return [
            *replay.month_starts(to_days(start), to_days(until)).tolist(),
            *(to_days(publication.effective_date) for publication in publications),
        ]

    @api.model
    def _rules_of(self, company):
        """By what each day judged: asked once for each month and policy."""
        Judgement = self.env["customer.judgement"]
        found = {}

        def rules_on(days: int):
            day = from_days(days)
            policy = self._policy_on(company, day, found)
            key = policy.id, day.replace(day=1)
            if key not in found:
                found[key] = Judgement._rules(company, day, policy=policy)
            return found[key]

        return rules_on

    @api.model
    def _policy_on(self, company, day: date, known: dict | None = None):
        """The policy in force on a day; for earlier days than the first, that first one."""
        known = {} if known is None else known
        if "publications" not in known:
            log = self.env["customer.value.publication"].search(
                [("company_id", "=", company.id)], order="effective_date, id"
            )
            known["publications"] = [(entry.effective_date, entry.policy_id) for entry in log]
        publications = known["publications"]
        if not publications:
            return self.env["customer.value.policy"]._published(company)
        in_force = [policy for effective, policy in publications if effective <= day]
        return in_force[-1] if in_force else publications[0][1]

    # ---- documents -----------------------------------------------------------------------------

    @api.model
    def _daily(self, company, restrict: Restriction) -> np.ndarray:
        """One row per customer and day with documents, see ``replay.DAILY_COLUMNS``."""
        Facts = self.env["customer.facts"]
        # Of the documents themselves none depends on the day as of which they are asked for.
        documents = Facts._documents(company, company._customer_today(), restrict)
        return Facts._copy_out(
            SQL(
                """
                SELECT daily.partner_id, daily.day, daily.amount, daily.credited, daily.sales,
                       daily.credits,
                       CASE WHEN undone.sales >= daily.sales THEN undone.since END AS undone_on
                  FROM (
                        SELECT partner_id, day,
                               sum(amount) AS amount,
                               -sum(amount) FILTER (WHERE credits > 0) AS credited,
                               count(*) FILTER (WHERE sales > 0) AS sales,
                               sum(credits) AS credits
                          FROM (%(documents)s) document
                         WHERE sales >= 0
                         GROUP BY partner_id, day
                       ) daily
                  LEFT JOIN (
                        SELECT partner_id, day, count(*) AS sales, max(undone_on) AS since
                          FROM (%(undone)s) sale
                         WHERE undone_on IS NOT NULL
                         GROUP BY partner_id, day
                       ) undone USING (partner_id, day)
                """,
                documents=documents,
                undone=getattr(self, f"_undone_{company.customer_fact_source}s")(company, restrict),
            ),
            _DAILY,
        )

    @api.model
    def _undone_invoices(self, company, restrict: Restriction) -> SQL:
        """Select ``partner_id, day, undone_on`` of invoices: when credit notes had given all back.

        The same comparison as in ``customer.facts``, which asks whether they had by one day.
        """
        return SQL(
            """
            SELECT partner_id, day, min(credited_on) FILTER (WHERE given >= whole - 0.005) AS undone_on
              FROM (
                    SELECT i.id, i.commercial_partner_id AS partner_id, i.invoice_date AS day,
                           i.amount_untaxed AS whole, r.invoice_date AS credited_on,
                           sum(CASE WHEN r.currency_id = i.currency_id THEN r.amount_untaxed
                                    ELSE -r.amount_untaxed_signed * i.amount_untaxed
                                         / i.amount_untaxed_signed
                               END) OVER (PARTITION BY i.id ORDER BY r.invoice_date) AS given
                      FROM account_move r
                      JOIN account_move i
                        ON i.id = r.reversed_entry_id
                       AND i.commercial_partner_id = r.commercial_partner_id
                     WHERE r.company_id = %(company)s
                       AND r.state = 'posted'
                       AND r.move_type = 'out_refund'
                       AND %(customers)s
                       AND i.move_type = 'out_invoice'
                       AND i.state = 'posted'
                       AND i.amount_untaxed_signed > 0
                   ) credit
             GROUP BY id, partner_id, day
            """,
            company=company.id,
            customers=restrict(SQL("r.commercial_partner_id")),
        )

    @api.model
    def _undone_orders(self, company, restrict: Restriction) -> SQL:
        """The same of confirmed orders, whose credit notes are those made from their lines."""
        return SQL(
            """
            SELECT partner_id, day, min(credited_on) FILTER (WHERE given >= whole - 0.005) AS undone_on
              FROM (
                    SELECT o.id, credit.partner_id,
                           (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(timezone)s)::date AS day,
                           o.amount_untaxed AS whole, credit.day AS credited_on,
                           sum(credit.amount_currency)
                               OVER (PARTITION BY o.id ORDER BY credit.day) AS given
                      FROM (%(credits)s) credit
                      JOIN sale_order o ON o.id = credit.order_id
                     WHERE o.amount_untaxed > 0
                   ) credit
             GROUP BY id, partner_id, day
            """,
            timezone=company._customer_timezone(),
            credits=self.env["customer.facts"]._credits_of_orders(company, restrict),
        )


def month_end(day: date) -> date:
    """The last day of the month before that of ``day``."""
    return day.replace(day=1) - timedelta(days=1)
