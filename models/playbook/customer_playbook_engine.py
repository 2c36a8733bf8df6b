"""The scheduled action: who is done, who enters, whose next step has come.

How it works
------------
1. *Stop*: one statement ends those of a company who met a stop condition; their follow-ups are taken
   back in the same transaction.
2. *Enrol*: each playbook that is on takes its occasions (``customer_playbook_occasions``) since it last
   looked, and a day before that: a transaction that began earlier may have committed later. The unique
   cause makes the second look harmless.
3. *Open*: plans whose day has come become follow-ups, which are unique by cause as well.

Each batch is committed by itself. Whatever kills the action, what was committed is complete and the
rest is found again; two workers at once lock each other out of one playbook, or one gives way.
"""

import logging
from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools import playbook as kernel
from .choices import DAILY, REVERSIBLE

_logger = logging.getLogger(__name__)

#: Customers of one batch.
BATCH = 500
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


class CustomerPlaybookEnrolment(models.Model):
    _inherit = "customer.playbook.enrolment"

    # ---- stopping ------------------------------------------------------------------------------

    @api.model
    def _stop(self, company) -> int:
        """End a batch of those who met a condition to stop; how many."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE customer_playbook_enrolment e
                   SET ended_at = %(now)s, ended_reason = met.reason, write_date = %(now)s
                  FROM (SELECT * FROM (
                        SELECT e.id, %(reason)s AS reason
                          FROM customer_playbook_enrolment e
                          JOIN customer_profile p ON p.id = e.profile_id
                          JOIN customer_playbook b ON b.id = e.playbook_id
                         WHERE e.company_id = %(company)s AND e.ended_at IS NULL) each
                         WHERE reason IS NOT NULL
                         ORDER BY id LIMIT %(batch)s) met
                 WHERE e.id = met.id AND e.ended_at IS NULL
             RETURNING e.id, e.ended_reason
                """,
                now=self.env.cr.now(),
                reason=self._stop_reason(),
                company=company.id,
                batch=BATCH,
            )
        )
        self.invalidate_model()
        by_reason = defaultdict(list)
        for enrolment_id, reason in rows:
            by_reason[reason].append(enrolment_id)
        for reason, ids in sorted(by_reason.items()):
            self._take_back(ids, reason)
        return len(rows)

    @api.model
    def _stop_reason(self) -> SQL:
        """Why an enrolment ``e`` of playbook ``b`` and customer ``p`` ends; null: it goes on."""
        return SQL(
            """
            CASE WHEN NOT p.active THEN 'archived'
                 WHEN b.stop_ordered
                  AND p.last_purchase_date > COALESCE(e.last_purchase_date, '-infinity')
                 THEN 'ordered'
                 WHEN b.stop_left AND b.trigger = ANY(%(reversible)s)
                  AND CASE b.trigger
                      WHEN 'stage_enter' THEN p.lifecycle_stage_id IS DISTINCT FROM b.stage_id
                      ELSE (SELECT had.sequence >= has.sequence
                              FROM customer_tier had, customer_tier has
                             WHERE had.id = e.tier_id AND has.id = p.value_tier_id) END
                 THEN 'left'
                 WHEN b.stop_asked AND (%(asked)s) THEN 'asked'
                 WHEN NOT EXISTS (SELECT FROM customer_playbook_plan n
                                    LEFT JOIN customer_followup f ON f.id = n.followup_id
                                   WHERE n.enrolment_id = e.id
                                     AND (n.opened_at IS NULL OR f.id IS NOT NULL
                                          AND f.done_at IS NULL))
                 THEN 'done' END
            """,
            reversible=sorted(REVERSIBLE),
            asked=self._asked_to_stop(),
        )

    @api.model
    def _asked_to_stop(self) -> SQL:
        """Whether the customer ``p`` wants no mail: its own address is on Odoo's list of those."""
        return SQL(
            "EXISTS (SELECT FROM res_partner r JOIN mail_blacklist l"
            "           ON l.email = r.email_normalized AND l.active WHERE r.id = p.partner_id)"
        )

    # ---- opening -------------------------------------------------------------------------------

    @api.model
    def _open_due(self, company) -> int:
        """Open the follow-ups of a batch of plans whose day has come; how many plans."""
        self.env.flush_all()
        due = self.env.execute_query(
            SQL(
                """
                SELECT n.id
                  FROM customer_playbook_plan n
                  JOIN customer_playbook_enrolment e ON e.id = n.enrolment_id
                 WHERE n.company_id = %s AND n.opened_at IS NULL AND n.opens <= %s
                   AND e.ended_at IS NULL
                 ORDER BY n.opens, n.id
                 LIMIT %s
                   FOR UPDATE OF n SKIP LOCKED
                """,
                company.id,
                company._customer_today(),
                BATCH,
            )
        )
        plans = self.env["customer.playbook.plan"].sudo().browse([plan_id for (plan_id,) in due])
        if not plans:
            return 0
        self.env["customer.followup"]._open(plans._followups(company))
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_playbook_plan n
                   SET opened_at = %(now)s,
                       followup_id = (SELECT f.id FROM customer_followup f
                                       WHERE f.profile_id = e.profile_id
                                         AND f.cause_key = %(key)s AND f.occasion = e.cause)
                  FROM customer_playbook_enrolment e
                 WHERE e.id = n.enrolment_id AND n.id = ANY(%(plans)s)
                """,
                now=self.env.cr.now(),
                key=SQL("'playbook:' || e.playbook_id || ':step:' || n.step_id"),
                plans=plans.ids,
            )
        )
        plans.invalidate_model()
        return len(plans)


class CustomerPlaybookPlan(models.Model):
    _inherit = "customer.playbook.plan"

    def _followups(self, company) -> list[dict]:
        """What is to be opened for these plans, as ``customer.followup`` wants it."""
        leader = (
            self.env["customer.ticket.team"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
            .leader_id
        )
        rows = []
        for plan in self:
            enrolment, step = plan.enrolment_id, plan.step_id
            user = step._who(enrolment, leader)
            rows.append(
                {
                    "profile_id": enrolment.profile_id.id,
                    "cause_key": f"playbook:{enrolment.playbook_id.id}:step:{step.id}",
                    "occasion": enrolment.cause,
                    "reason": enrolment._reason(),
                    "action": step.action,
                    "advice": step.with_context(lang=user.lang or company.partner_id.lang).advice,
                    "due_date": plan.due,
                    "user_id": user.id,
                    "res_model": enrolment._name,
                    "res_id": enrolment.id,
                }
            )
        return rows


class CustomerPlaybookStep(models.Model):
    _inherit = "customer.playbook.step"

    def _who(self, enrolment, leader):
        """Who does this step for that customer; nobody where there is none any more."""
        user = {
            "manager": lambda: enrolment.profile_id.user_id,
            "leader": lambda: leader,
            "people": lambda: self._in_turn(enrolment),
        }[self.assignee]()
        return user.filtered("active")

    def _in_turn(self, enrolment):
        """The next of those who may see the customer's company; the same one for the same customer."""
        people = self.user_ids.filtered(
            lambda user: user.active and enrolment.company_id in user.company_ids
        ).sorted("id")
        return people[enrolment.id % len(people)] if people else people
