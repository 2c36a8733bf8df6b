"""Does a program work? Those written to against those held out.

In words that claim no more than is known.
"""

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ...tools import holdout


class CustomerCareProgram(models.Model):
    _inherit = "customer.care.program"

    effect = fields.Json(compute="_compute_effect", groups="customer_success.group_customer_all")
    effect_text = fields.Text(
        "What It Brought",
        compute="_compute_effect",
        groups="customer_success.group_customer_all",
    )

    @api.depends("holdout_percent", "effect_days")
    @api.depends_context("lang")
    def _compute_effect(self):
        for program in self:
            groups = program._effect_groups(program.company_id._customer_today())
            found = holdout.compare(*groups)
            program.effect = {
                "finding": found.finding.value,
                "written": groups[0]._asdict(),
                "held": groups[1]._asdict(),
            }
            program.effect_text = program._effect_words(found, *groups)

    def _effect_groups(self, today: date) -> tuple[holdout.Group, holdout.Group]:
        """Purchases within the days after the first message, or after it would have gone. One statement.

        Only customers whose days are over, and only those that chance assigned: who is never held out is
        not compared. A message that failed counts as written, else the groups would differ by more than
        chance.
        """
        self.ensure_one()
        if not isinstance(self.id, int):
            return holdout.Group(), holdout.Group()
        self.env.flush_all()
        documents = self.env["customer.facts"]._documents(
            self.company_id,
            today,
            lambda column: SQL("%s IN (SELECT customer_id FROM first)", column),
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH first AS MATERIALIZED (
                    SELECT DISTINCT ON (p.partner_id) p.partner_id AS customer_id,
                           m.verdict = 'held_out' AS held, m.judged_on AS day
                      FROM customer_care_message m
                      JOIN customer_profile p ON p.id = m.profile_id
                     WHERE m.program_id = %(program)s AND NOT m.exempt
                       AND m.verdict IN ('held_out', 'handed', 'sent', 'failed')
                       AND m.judged_on <= %(until)s
                     ORDER BY p.partner_id, m.judged_on, m.id
                ), bought AS (
                    SELECT first.customer_id, first.held,
                           COALESCE(sum(d.amount), 0) AS revenue,
                           COALESCE(sum(d.sales), 0) > 0 AS buyer
                      FROM first
                      LEFT JOIN (%(documents)s) d
                             ON d.partner_id = first.customer_id
                            AND d.day > first.day AND d.day <= first.day + %(days)s
                     GROUP BY first.customer_id, first.held
                )
                SELECT held, count(*) AS customers, count(*) FILTER (WHERE buyer) AS buyers,
                       sum(revenue) AS revenue, sum(revenue * revenue) AS squares
                  FROM bought GROUP BY held
                """,
                program=self.id,
                until=today - timedelta(self.effect_days),
                days=self.effect_days,
                documents=documents,
            )
        )
        groups = {row.pop("held"): holdout.Group(**row) for row in rows}
        return groups.get(False, holdout.Group()), groups.get(True, holdout.Group())

    def _effect_words(self, found, written, held) -> str:
        if found.finding is holdout.Finding.NOBODY_HELD_OUT:
            if self.holdout_percent:
                return self.env._(
                    "Cannot tell yet: the first %s days after a message are not over for anybody "
                    "held out.",
                    self.effect_days,
                )
            return self.env._(
                "Cannot tell: nobody is held out. With 10 percent held out, those who get the "
                "message can be compared with those who would have got it."
            )
        bought = self.env._(
            "%(buyers)s of %(customers)s customers written to bought within %(days)s days, "
            "%(held_buyers)s of %(held)s held out.",
            buyers=written.buyers,
            customers=written.customers,
            days=self.effect_days,
            held_buyers=held.buyers,
            held=held.customers,
        )
        if found.finding is holdout.Finding.TOO_FEW:
            return self.env._(
                "%(bought)s Cannot tell yet: at least %(least)s customers are needed in each group.",
                bought=bought,
                least=holdout.LEAST,
            )
        figures = {
            "bought": bought,
            "difference": self._points(found.difference),
            "low": self._points(found.low),
            "high": self._points(found.high),
            "smallest": self._points(found.smallest).lstrip("+"),
        }
        text = {
            holdout.Finding.CANNOT_TELL: self.env._(
                "%(bought)s Cannot tell: the difference is %(difference)s points, but anything from "
                "%(low)s to %(high)s would fit. So many customers show an effect of %(smallest)s "
                "points or more.",
                **figures,
            ),
            holdout.Finding.MORE: self.env._(
                "%(bought)s It works: %(difference)s points more buyers (%(low)s to %(high)s).",
                **figures,
            ),
            holdout.Finding.FEWER: self.env._(
                "%(bought)s It does harm: %(difference)s points (%(low)s to %(high)s).", **figures
            ),
        }[found.finding]
        currency = self.company_id.currency_id
        return text + self.env._(
            "\nRevenue for each customer: %(revenue)s (%(low)s to %(high)s).",
            revenue=formatLang(self.env, found.revenue, currency_obj=currency),
            low=formatLang(self.env, found.revenue_low, currency_obj=currency),
            high=formatLang(self.env, found.revenue_high, currency_obj=currency),
        )

    def _points(self, share) -> str:
        """A difference of shares in percentage points, with its sign."""
        return f"{share * 100:+.1f}"
