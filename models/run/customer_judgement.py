"""What a judgement needs: by which rules, and the rows to judge. A run stores what comes of it.

Whoever asks *what if* (a dry-run, a past day) asks here and stores nothing.
"""

from datetime import date

import numpy as np

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import judgement, pgcopy
from ...tools.dates import to_days
from ...tools.lifecycle import Stage
from ..facts.customer_facts import FACT_COLUMNS, Restriction, Windows, everyone

_ROW = pgcopy.Columns(FACT_COLUMNS + judgement.STATE_COLUMNS)


class CustomerJudgement(models.AbstractModel):
    _name = "customer.judgement"
    _description = "Judgement of customers"

    @api.model
    def _rules(
        self,
        company,
        as_of: date,
        policy=None,
        new_rules=(),
        freeze_market=False,
        market=None,
    ) -> tuple[judgement.Rules, Windows]:
        """By what customers of ``company`` are judged as of a day, and how far back facts go.

        :param policy: a ``customer.value.policy``; the published one unless given
        :param new_rules: the kinds (tier, stage) whose moves come from changed limits or documents
        :param freeze_market: keep the month's market where it has not been measured yet; else it is
            only looked up or worked out, and nothing is written
        :param market: a ``customer.market`` that is known already, to spare working it out
        :raises UserError: when no policy is given and none is published
        """
        policy = policy or self.env["customer.value.policy"]._published(company)
        if not policy:
            raise UserError(
                self.env._(
                    "%s has no published value policy. Publish one to have customers computed.",
                    company.name,
                )
            )
        limits = self.env["customer.lifecycle.policy"]._for_company(company)
        Market = self.env["customer.market"]
        measure = Market._measure if freeze_market else Market._look_up
        market = market or measure(company, as_of, limits.window_days)
        stages = {s.code: s.id for s in self.env["customer.lifecycle.stage"].search([])}
        rules = judgement.Rules(
            policy=policy._kernel(),
            policy_id=policy.id,
            limits=limits._kernel(),
            stage_ids=tuple(stages[stage.name.lower()] for stage in Stage),
            market=market.trend,
            median_interval=market.median_interval,
            company_first=to_days(market.first_document or None),
            decimals=company.currency_id.decimal_places,
            new_rules=new_rules,
        )
        return rules, Windows(policy.window_days, limits.window_days, rules.limits.long_run_days)

    @api.model
    def _rows(
        self, company, as_of: date, windows: Windows, restrict: Restriction, customers=()
    ) -> np.ndarray:
        """Facts as of a day beside what the profiles say now: what :func:`judgement.judge` takes.

        :param customers: ids that count as customers even without a document
        """
        query = self._query(company, as_of, windows, restrict)
        return self._with_missing(self.env["customer.facts"]._copy_out(query, _ROW), customers)

    @api.model
    def _with_missing(self, rows: np.ndarray, customers) -> np.ndarray:
        """Add empty rows for customers who have neither documents nor a profile.

        A contact that was deleted, merged or put under a firm since it was marked is none any more.
        """
        missing = np.setdiff1d(np.array(customers, np.int32), rows["partner_id"]).tolist()
        if missing:
            missing = self.env.execute_query(
                SQL(
                    "SELECT id FROM res_partner WHERE id = ANY(%s) AND commercial_partner_id = id",
                    missing,
                )
            )
        if not missing:
            return rows
        empty = _ROW.empty(len(missing))
        empty["partner_id"] = [partner_id for (partner_id,) in missing]
        return np.concatenate([rows, empty])

    @api.model
    def _query(self, company, as_of: date, windows: Windows, restrict: Restriction) -> SQL:
        """Facts beside what the profile says now, for customers with either."""
        state = [SQL.identifier("profile", name) for name, __ in judgement.STATE_COLUMNS[1:]]
        facts = [SQL.identifier("facts", name) for name, __ in FACT_COLUMNS[1:]]
        return SQL(
            """
            SELECT COALESCE(facts.partner_id, profile.partner_id) AS partner_id,
                   profile.id AS profile_id,
                   %(facts_columns)s,
                   %(state)s
              FROM (%(facts)s) facts
              FULL JOIN (SELECT * FROM customer_profile
                          WHERE company_id = %(company)s AND %(customers)s) profile
                     ON profile.partner_id = facts.partner_id
            """,
            facts_columns=SQL(", ").join(facts),
            state=SQL(", ").join(state),
            facts=self.env["customer.facts"]._query(company, as_of, windows, restrict),
            company=company.id,
            customers=restrict(SQL("partner_id")),
        )

    @api.model
    def _prospects(self, company, limit=None, restrict: Restriction = everyone) -> list[int]:
        """Customers without a document: partners with a quotation here, or called customers.

        A contact that Odoo calls a customer but that no company has dealt with yet is a potential
        customer of its own company, or of every company that shares it. Asked of the documents, not
        of other companies' profiles: these may not have been computed yet.
        """
        others = self.env["res.company"].search([("id", "!=", company.id)]).ids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id
                  FROM res_partner p
                 WHERE p.commercial_partner_id = p.id
                   AND p.active
                   AND %(customers)s
                   AND NOT EXISTS (SELECT FROM customer_profile own
                                    WHERE own.partner_id = p.id AND own.company_id = %(company)s)
                   AND (p.customer_rank > 0
                        AND (p.company_id = %(company)s
                             OR p.company_id IS NULL
                                AND NOT EXISTS (SELECT FROM account_move m
                                                 WHERE m.company_id = ANY(%(others)s)
                                                   AND m.commercial_partner_id = p.id
                                                   AND m.state = 'posted'
                                                   AND m.move_type IN ('out_invoice', 'out_refund'))
                                AND p.id NOT IN (SELECT buyer.commercial_partner_id
                                                   FROM sale_order o
                                                   JOIN res_partner buyer ON buyer.id = o.partner_id
                                                  WHERE o.company_id = ANY(%(others)s)
                                                    AND buyer.commercial_partner_id IS NOT NULL))
                        OR p.id IN (SELECT buyer.commercial_partner_id
                                      FROM sale_order o
                                      JOIN res_partner buyer ON buyer.id = o.partner_id
                                     WHERE o.company_id = %(company)s))
                 ORDER BY p.id
                 LIMIT %(limit)s
                """,
                company=company.id,
                customers=restrict(SQL("p.id")),
                others=others,
                limit=limit,
            )
        )
        return [row[0] for row in rows]
