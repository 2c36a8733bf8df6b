"""The job: everybody who is due gets a row with the gate's verdict, batch by batch."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools import occasion

_logger = logging.getLogger(__name__)

#: Due rows judged at once: some 10 MB of facts.
BATCH = 10_000


class CustomerCareProgram(models.Model):
    _inherit = "customer.care.program"

    planned_at = fields.Datetime("Looked At", readonly=True, copy=False)

    @api.model
    def _cron_care(self):
        """Judge who is due, and hand over what may go out now. Interrupted anywhere, it goes on there."""
        commit = self.env["ir.cron"]._commit_progress
        for program in self.search([("state", "=", "running")]):
            while program._plan_safely():
                if not commit(1, remaining=1):
                    return
            if not commit(1, remaining=1):
                return
        Message = self.env["customer.care.message"]
        Message._note_interrupted()
        while Message._hand_over_safely():
            if not commit(1, remaining=1):
                return
        commit(remaining=0)

    def _plan_safely(self) -> bool:
        """One batch; whether there may be more. Another worker at the same company has the way."""
        try:
            more = self._plan()
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("Another worker is at the care programs of program %s's company", self.id)
            return False
        except UserError as error:  # a segment that does not work any more: the others go on
            self.env.cr.rollback()
            _logger.warning("Care program %s was not looked at: %s", self.id, error)
            return False
        return more

    def _plan(self) -> bool:
        """Give a batch of those who are due their rows; whether there may be more."""
        self.ensure_one()
        if not self._lock_company():
            return False
        now = fields.Datetime.now()
        today = self.company_id._customer_today()
        span = self._span(today)
        if not span:
            return False
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._due(span, BATCH))
        if rows:
            self._store(rows, self._judge(rows, now), today)
        done = len(rows) < BATCH
        if not done:
            # The next batch is planned by statistics. Those from before this one say that hardly anybody
            # has a message, and everybody would be compared with all of them.
            self.env.cr.execute("ANALYZE customer_care_message")
        self.env.cr.execute(
            SQL(
                "UPDATE customer_care_program SET planned_at = %s, planned_until = %s WHERE id = %s",
                now,
                today if done else self.planned_until or None,
                self.id,
            )
        )
        self.invalidate_recordset(["planned_at", "planned_until"], flush=False)
        return not done

    def _lock_company(self) -> bool:
        """Have the programs of this company to oneself, so that no cap is used up twice.

        All of them are locked; a batch updates its own. A worker whose snapshot is older than another's
        batch meets that update and starts over, whichever program the batch was of.
        """
        own = [("company_id", "=", self.company_id.id), ("state", "=", "running")]
        programs = self.search(own, order="id")
        return self in programs and (
            programs.try_lock_for_update(allow_referencing=True) == programs
        )

    def _span(self, today, ahead=0):
        """Days of occasions to look at; a program that does not run is taken to start today."""
        running = self.state == "running"
        return occasion.span(
            self.started_on if running and self.started_on else today,
            self.planned_until if running else None,
            today + timedelta(ahead),
            self.lead_days,
            self.grace_days + ahead,
        )

    def _store(self, rows, judged, today) -> None:
        """One row for each that was due. A row that is there already stays as it is."""
        now = self.env.cr.now()
        values = []
        for place, row in enumerate(rows):
            reason = judged.said(place)
            verdict = {None: "queued", "held_out": "held_out"}.get(reason, "refused")
            values.append(
                (
                    self.id,
                    self.company_id.id,
                    row["profile_id"],
                    row["partner_id"],
                    self.purpose_id.id,
                    self.channel,
                    row["occasion_key"],
                    row["occasion_day"],
                    today,
                    row["occasion_day"] + timedelta(self.grace_days - self.lead_days),
                    verdict,
                    reason,
                    judged.address[place] or None,
                    judged.exempt[place],
                    judged.send_after[place] if verdict == "queued" else None,
                    self.env.uid,
                    now,
                    self.env.uid,
                    now,
                )
            )
        self.env.cr.execute_values(
            """
            INSERT INTO customer_care_message
                   (program_id, company_id, profile_id, partner_id, purpose_id, channel,
                    occasion_key, occasion_day, judged_on, latest_on, verdict, reason, address, exempt,
                    send_after, create_uid, create_date, write_uid, write_date)
            VALUES %s
                ON CONFLICT (program_id, partner_id, occasion_key) DO NOTHING
            """,
            values,
            page_size=1000,
        )
        self.env["customer.care.message"].invalidate_model(flush=False)
