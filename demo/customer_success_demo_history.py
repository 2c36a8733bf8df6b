"""A year of the product at work in the demo's companies."""

from datetime import date, datetime, timedelta

from odoo import fields, models
from odoo.tools import SQL

from .companies import MANUAL
from .customer_success_demo import XMLID, noon

#: For how many nights the computation is run.
COMPUTED_DAYS = 395


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _compute_past(self, company) -> None:
        """Compute as of every night of the last year, as the nightly job would have."""
        today = company._customer_today()
        first = today - timedelta(days=COMPUTED_DAYS)
        default = self.env["customer.value.policy"]._published(company)
        default.published_on = noon(first - timedelta(days=1))
        self._log_publication_on(default, first - timedelta(days=1))
        self._date_entries(company)
        for number in range(COMPUTED_DAYS):
            day = first + timedelta(days=number)
            if day == first or (day.month, day.day) == (1, 1):
                self._publish(company, day)
                self._compute_as_of(company, day, noon(day), "full", "policy")
            elif day.day == 1:
                self._compute_as_of(company, day, noon(day), "full", "month")
            else:
                self._compute_as_of(company, day, noon(day), "nightly", "schedule")

    def _date_entries(self, company) -> None:
        """Have documents been entered on their day: else every past day would look dated back."""
        self.env.flush_all()
        for table, day in (("account_move", "invoice_date"), ("sale_order", "date_order")):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET create_date = date_trunc('day', %(day)s) + time '12:00'"
                    " WHERE company_id = %(company)s AND %(day)s < create_date",
                    table=SQL.identifier(table),
                    day=SQL.identifier(day),
                    company=company.id,
                )
            )
        self.env.invalidate_all()

    def _compute_today(self, company) -> None:
        today, now = company._customer_today(), fields.Datetime.now()
        self._compute_as_of(company, today, now, "full", "asked")

    def _publish(self, company, day: date) -> None:
        """The policy of a year: calibrated on the company's own data, as an admin would."""
        draft = (
            self.env["customer.value.policy"]
            ._published(company)
            .copy({"name": f"Standard {day.year}"})
        )
        draft._calibrate(day)
        admin = self.env.ref("base.user_admin")
        draft._publish(f"Calibrated on the customers of {day.year - 1}", admin)
        draft.published_on = noon(day)
        self._log_publication_on(draft, day)
        # Publishing queues a run of today, and so did making the company; here runs as of that day
        # and later ones follow.
        self.env["customer.run"].search(
            [("company_id", "=", company.id), ("state", "!=", "done")]
        ).unlink()

    def _log_publication_on(self, policy, day: date) -> None:
        """Move a publication to the day on which it would have been; like the moves below."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE customer_value_publication SET at = %s, effective_date = %s"
                " WHERE policy_id = %s",
                noon(day),
                day,
                policy.id,
            )
        )
        policy.publication_ids.invalidate_recordset()

    def _compute_as_of(self, company, day: date, at: datetime, kind: str, reason: str) -> None:
        run = self.env["customer.run"].create(
            {
                "company_id": company.id,
                "kind": kind,
                "reason": reason,
                "state": "running",
                "as_of": day,
                "started": at,
            }
        )
        while run._advance():
            pass
        run.ended = at + timedelta(seconds=run.duration)
        # The log says when something was recorded, which is the time of this transaction. In the
        # demo it is moved to the day as of which it was computed: only so does the history read
        # like one. The product itself never changes its log.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE customer_transition SET at = %s WHERE company_id = %s AND as_of = %s",
                at,
                company.id,
                day,
            )
        )
        self.env["customer.transition"].invalidate_model(["at"])

    def _choose_by_hand(self, company, spec) -> None:
        today = company._customer_today()
        for choice in MANUAL:
            if choice.company != spec.key:
                continue
            partner = self.env.ref(f"{XMLID}.partner_{choice.customer}")
            profile = self.env["customer.profile"].search(
                [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
            )
            user = self.env.ref(f"{XMLID}.user_{choice.user}")
            name = "demand_focus" if choice.kind == "focus" else choice.kind
            record = self.env.ref(f"customer_success.{name}_{choice.value}")
            profile.with_user(user).with_company(company)._set_manual(
                choice.kind,
                record.with_user(user),
                choice.reason,
                today + timedelta(days=choice.days),
            )
