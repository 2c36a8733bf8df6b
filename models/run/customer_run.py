"""What there is to compute, and when: runs are opened, scheduled, stepped through and retried here."""

import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..common.customer_run import FIGURE_KINDS

_logger = logging.getLogger(__name__)

#: A full run that failed is tried again after this time: what it was to bring is still missing.
RETRY_AFTER = timedelta(hours=1)
#: How long one request of the progress dialog may compute before it reports, in seconds.
STEP_SECONDS = 2.0


class CustomerRun(models.Model):
    _inherit = "customer.run"

    # ---- opening runs --------------------------------------------------------------------------

    @api.model
    def _queue(self, company, reason):
        """Have every customer of ``company`` judged anew; replaces a full run not yet finished."""
        self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "full"),
                ("state", "in", ("queued", "running")),
            ]
        ).write({"state": "superseded", "ended": fields.Datetime.now()})
        run = self._open(company, "full", reason, state="queued")
        cron = self.env.ref("customer_success.ir_cron_keep_up", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()
        return run

    @api.model
    def _open(self, company, kind, reason="asked", state="running"):
        return self.create(
            {
                "company_id": company.id,
                "kind": kind,
                "reason": reason,
                "state": state,
                "as_of": company._customer_today(),
                "user_id": self.env.uid,
                "started": fields.Datetime.now() if state == "running" else False,
            }
        )

    @api.model
    def _next_run(self, company, nightly):
        """What there is to do for ``company`` now: a run to go on with, a new one, or none.

        A policy whose day has come is published first; its run is then the one to go on with.
        """
        self.env["customer.value.policy"]._publish_due(company)
        today = company._customer_today()
        own = [("company_id", "=", company.id)]
        unfinished = self.search(
            [*own, ("state", "in", ("queued", "running")), ("kind", "in", FIGURE_KINDS)], limit=1
        )
        if unfinished and (unfinished.state == "queued" or unfinished.as_of == today):
            return unfinished
        if unfinished:  # its day is over: a run of today does all that it had left, and more
            unfinished.write({"state": "superseded", "ended": fields.Datetime.now()})
            if unfinished.kind == "full":
                return self._open(company, "full", unfinished.reason)
        newest = self.search(
            [*own, ("kind", "=", "full"), ("state", "in", ("done", "failed"))], limit=1
        )
        if newest.state == "failed" and newest.ended < fields.Datetime.now() - RETRY_AFTER:
            return self._open(company, "full", newest.reason)
        if not newest or newest.as_of.replace(day=1) != today.replace(day=1):
            return self._open(company, "full", "month")
        if nightly:
            done_today = self.search_count(
                [
                    *own,
                    ("as_of", "=", today),
                    ("state", "=", "done"),
                    ("kind", "in", ("full", "nightly")),
                ],
                limit=1,
            )
            if not done_today:
                return self._open(company, "nightly", "schedule")
        if self._waiting_customers(company, today, limit=1):
            return self._open(company, "incremental", "schedule")
        return self.browse()

    # ---- scheduled actions ---------------------------------------------------------------------

    @api.model
    def _cron_nightly(self):
        """Every company, even where nothing changed: the ledger then says that it was looked at."""
        self._work(nightly=True)

    @api.model
    def _cron_keep_up(self):
        """Customers whose documents changed, whose day has come, and full runs waiting."""
        self._work(nightly=False)

    @api.model
    def _work(self, nightly):
        commit = self.env["ir.cron"]._commit_progress
        for company in self.env["res.company"].search([("active", "=", True)]):
            run = self._next_run_safely(company, nightly)
            if not run:
                continue
            time_left = commit(remaining=1)
            more = True
            while more and time_left > 0:
                more = run._advance_safely()
                time_left = commit(1, remaining=1)
            if more:
                return  # out of time: Odoo calls again, and the run goes on
        commit(remaining=0)

    @api.model
    def _next_run_safely(self, company, nightly):
        """What there is to do for ``company``; nothing for now where another worker just did it."""
        try:
            run = self._next_run(company, nightly)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("Another worker is at the runs of company %s", company.id)
            return self.browse()
        return run

    def _advance_safely(self) -> bool:
        """One batch; on an error nothing of it stays, and the ledger says what happened."""
        self.ensure_one()
        try:
            return self._advance()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody wrote the same rows: nothing is lost, the next call takes the batch again.
            self.env.cr.rollback()
            _logger.info("Customer run %s met a concurrent change and will go on later", self.id)
            return False
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Customer run %s failed", self.id)
            self.write(
                {
                    "state": "failed",
                    "ended": fields.Datetime.now(),
                    "error": str(error) or repr(error),
                }
            )
            return False

    def action_step(self):
        """Compute for a moment and say how far it is: what a progress dialog calls until done."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("customer_success.group_customer_all"):
            raise AccessError(self.env._("You may not recompute all customers."))
        run = self.sudo()
        stop = time.monotonic() + STEP_SECONDS
        while run.state in ("queued", "running") and time.monotonic() < stop:
            more = run._advance_safely()
            self.env["ir.cron"]._commit_progress()
            if not more:
                break
        return run.read(
            ["state", "progress", "read_count", "changed_count", "moved_count", "error"]
        )[0]

    @api.model
    def start_full(self, all_companies=False):
        """Open a full run of the active company, or of all allowed ones; their ids.

        :raises AccessError: without the right to see all customers
        """
        if not self.env.user.has_group("customer_success.group_customer_all"):
            raise AccessError(self.env._("You may not recompute all customers."))
        companies = self.env.companies if all_companies else self.env.company
        return [self.sudo()._queue(company, "asked").id for company in companies]
