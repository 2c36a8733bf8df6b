"""The scheduled action: who is done, who enters, whose next step has come.

How it works
------------
1. *Stop* (``customer_playbook_stopping``): one statement ends those of a company who met a stop
   condition; their follow-ups are taken back in the same transaction.
2. *Enrol*: each playbook that is on takes its occasions (``customer_playbook_occasions``) since it last
   looked, and a day before that: a transaction that began earlier may have committed later. The unique
   cause makes the second look harmless.
3. *Open* (``customer_playbook_opening``): plans whose day has come become follow-ups, which are
   unique by cause as well.

Each batch is committed by itself. Whatever kills the action, what was committed is complete and the
rest is found again; two workers at once lock each other out of one playbook, or one gives way.
"""

import logging
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools import playbook as kernel
from .choices import BATCH, DAILY

_logger = logging.getLogger(__name__)

#: How long a transaction may have been open that is found only now.
OVERLAP = timedelta(days=1)


class CustomerPlaybook(models.Model):
    _inherit = "customer.playbook"

    @api.model
    def _cron_work(self):
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=1)
        for company in self.env["res.company"].search([("active", "=", True)]):
            for work in self._work_of(company):
                while count := self._safely(work):
                    if not commit(count, remaining=1):
                        return
                commit()
        commit(remaining=0)

    def _work_of(self, company):
        """What there is to do in a company, in order: each does one batch and says how many."""
        Enrolment = self.env["customer.playbook.enrolment"]
        yield lambda: Enrolment._stop(company)
        for playbook in self.search(
            [("is_on", "=", True), ("company_id", "in", (company.id, False))]
        ):
            yield lambda playbook=playbook: playbook._enrol(company)
        yield lambda: Enrolment._open_due(company)

    def _safely(self, work) -> int:
        """One batch; of one that failed nothing stays, and the others go on."""
        try:
            count = work()
            self.env.flush_all()
            return count
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("Playbooks met a concurrent change and will go on later")
        except Exception:
            self.env.cr.rollback()
            _logger.exception("A batch of the playbooks failed")
        return 0

    # ---- enrolling -----------------------------------------------------------------------------

    def _enrol(self, company) -> int:
        """Enrol a batch of those to whom it happened since the last look; how many rows that wrote.

        Only a look that found nobody new moves the mark, so a killed one begins where it began.
        """
        self.ensure_one()
        progress = self._progress(company)
        if not progress:
            return 0  # another worker is at it
        now, looked_at = self.env.cr.now(), progress.looked_at
        if self.trigger in DAILY and self._looked_today(company, looked_at) and not self.catch_up:
            return 0
        since = max(self.on_since, looked_at - OVERLAP)
        try:
            count = self._enrol_from(company, self._occasions(company, since))
            if self.catch_up and not count:
                count = self._enrol_from(company, self._occasions(company, None))
        except UserError as error:  # its segment, mostly
            self.error = str(error)
            return 0
        if not count:
            progress.looked_at = now
            if self.error:
                self.error = False
            self._end_catching_up(now)
        return count

    def _progress(self, company):
        """The row that says how far it looked, locked; none if another worker has it."""
        Progress = self.env["customer.playbook.progress"].sudo()
        own = [("playbook_id", "=", self.id), ("company_id", "=", company.id)]
        found = Progress.search(own)
        if not found:
            self.env.cr.execute(
                SQL(
                    # a row that another worker has just made is then a serialization failure
                    "INSERT INTO customer_playbook_progress (playbook_id, company_id, looked_at)"
                    " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    self.id,
                    company.id,
                    # one day earlier, so that the days of daily triggers are looked at today
                    self.on_since - timedelta(days=1),
                )
            )
            found = Progress.search(own)
        return found.try_lock_for_update()

    def _looked_today(self, company, looked_at) -> bool:
        return self._day_in(company, looked_at) >= company._customer_today()

    def _end_catching_up(self, now):
        """Once every company has looked since it was turned on."""
        if not self.catch_up:
            return
        companies = self.company_id or self.env["res.company"].search([("active", "=", True)])
        looked = self.env["customer.playbook.progress"].search_count(
            [
                ("playbook_id", "=", self.id),
                ("company_id", "in", companies.ids),
                ("looked_at", ">=", self.on_since),
            ]
        )
        if looked == len(companies):
            self.catch_up = False

    def _enrol_from(self, company, occasions: SQL) -> int:
        """Enrol a batch of these occasions; how many causes it used up."""
        Enrolment = self.env["customer.playbook.enrolment"]
        today = company._customer_today()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO customer_playbook_enrolment (
                       playbook_id, profile_id, company_id, cause, occurred, started,
                       last_purchase_date, tier_id, ended_at, ended_reason,
                       create_uid, create_date, write_uid, write_date)
                SELECT %(playbook)s, p.id, p.company_id, o.cause, o.day, %(today)s,
                       p.last_purchase_date, COALESCE(o.tier_id, p.value_tier_id),
                       CASE WHEN running.id IS NOT NULL THEN %(now)s END,
                       CASE WHEN running.id IS NOT NULL THEN 'running' END,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(occasions)s) o
                  JOIN customer_profile p ON p.id = o.profile_id
                  LEFT JOIN customer_playbook_enrolment running
                    ON running.playbook_id = %(playbook)s AND running.profile_id = p.id
                   AND running.ended_at IS NULL
                 WHERE %(whom)s
                   AND NOT EXISTS (SELECT FROM customer_playbook_enrolment e
                                    WHERE e.playbook_id = %(playbook)s AND e.profile_id = p.id
                                      AND (e.cause = o.cause OR e.ended_reason = 'asked'))
                 ORDER BY o.day, p.id
                 LIMIT %(batch)s
                    ON CONFLICT DO NOTHING
             RETURNING id, ended_at IS NULL
                """,
                playbook=self.id,
                today=today,
                now=self.env.cr.now(),
                uid=self.env.uid,
                occasions=occasions,
                whom=self._for_whom(company),
                batch=BATCH,
            )
        )
        Enrolment.invalidate_model()
        self._plan([row_id for row_id, runs in rows if runs], company, today)
        return len(rows)

    def _plan(self, enrolment_ids, company, today):
        steps = self.step_ids
        if not enrolment_ids or not steps:
            return
        kernels = [step._kernel() for step in steps]
        days = kernel.plan(today, kernels, self._days_off(company, today, kernels))
        self.env.cr.execute_values(
            "INSERT INTO customer_playbook_plan (enrolment_id, step_id, company_id, opens, due)"
            " VALUES %s",
            [
                (enrolment_id, step.id, company.id, *planned)
                for enrolment_id in enrolment_ids
                for step, planned in zip(steps, days, strict=True)
            ],
        )
        self.env["customer.playbook.plan"].invalidate_model()

    @api.model
    def _days_off(self, company, today, steps) -> set:
        """The days from today on which the company does not work, as far as these steps reach."""
        calendar = company.sudo().resource_calendar_id
        if not calendar or not any(step.working for step in steps):
            return set()
        zone = pytz.timezone(calendar.tz or "UTC")
        first = zone.localize(datetime.combine(today, time.min))
        last = first + timedelta(days=kernel.horizon(steps))
        unusual = calendar._get_unusual_days(first, last, company)
        return {datetime.fromisoformat(day).date() for day, off in unusual.items() if off}
