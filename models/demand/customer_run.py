"""When demand is weighed: a kind of run of its own, in the same ledger, by the same steps.

After each night's figures the customers about whom something changed are weighed; with the first run
of a month, or after other limits, everybody.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..common.customer_run import FIGURE_KINDS
from ..facts.customer_facts import among, between
from ..run.customer_run import RETRY_AFTER

#: Ids of contacts that one batch over everybody spans, and customers that one over some takes: each
#: brings a row for every product it bought.
BATCH = 20_000
#: Why a run was opened -> the cause that the log names.
CAUSES = {"limits": "policy"}


class CustomerRun(models.Model):
    _inherit = "customer.run"

    kind = fields.Selection(
        selection_add=[("focus", "Demand focus")], ondelete={"focus": "cascade"}
    )

    # ---- opening -------------------------------------------------------------------------------

    @api.model
    def _queue_focus(self, company, reason):
        """Have every customer of ``company`` weighed anew; replaces a run not yet finished."""
        self._unfinished_focus(company).write(
            {"state": "superseded", "ended": fields.Datetime.now()}
        )
        run = self._open(company, "focus", reason, state="queued")
        self._trigger_focus()
        return run

    @api.model
    def _unfinished_focus(self, company):
        return self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "focus"),
                ("state", "in", ("queued", "running")),
            ]
        )

    @api.model
    def _trigger_focus(self) -> None:
        cron = self.env.ref("customer_success.ir_cron_demand_focus", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _next_focus_run(self, company):
        """The run to go on with or to begin for ``company`` now; none where today's is done."""
        today = company._customer_today()
        unfinished = self._unfinished_focus(company)[:1]
        if unfinished and (unfinished.state == "queued" or unfinished.as_of == today):
            return unfinished
        reason = unfinished.reason
        if unfinished:  # its day is over: a run of today does all that it had left, and more
            unfinished.write({"state": "superseded", "ended": fields.Datetime.now()})
        newest = self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "focus"),
                ("state", "in", ("done", "failed")),
            ],
            limit=1,
        )
        if newest.state == "failed":
            if newest.ended > fields.Datetime.now() - RETRY_AFTER:
                return self.browse()
            reason = newest.reason
        elif newest.as_of == today:
            return self.browse()
        if not reason or reason == "schedule":
            same = newest and newest.as_of.replace(day=1) == today.replace(day=1)
            reason = "schedule" if same and self._last_focus(company) else "month"
        return self._open(company, "focus", reason)

    @api.model
    def _last_focus(self, company):
        """The last run that was done: what changed since it began is to be weighed."""
        return self.search(
            [("company_id", "=", company.id), ("kind", "=", "focus"), ("state", "=", "done")],
            limit=1,
        )

    @api.model
    def _cron_focus(self) -> None:
        """Weigh what changed since the last time, company by company."""
        commit = self.env["ir.cron"]._commit_progress
        for company in self.env["res.company"].search([("active", "=", True)]):
            run = self._next_focus_run(company)
            time_left = commit(remaining=1)
            more = bool(run)
            while more and time_left > 0:
                more = run._advance_safely()
                time_left = commit(1, remaining=1)
            if more:
                return  # out of time: Odoo calls again, and the run goes on
        commit(remaining=0)

    @api.model
    def start_focus(self):
        """Weigh every customer of the active company now, while somebody watches.

        :raises AccessError: without the right to see all customers
        """
        if not self.env.user.has_group("customer_success.group_customer_all"):
            raise AccessError(self.env._("You may not recompute all customers."))
        return self.sudo()._queue_focus(self.env.company, "asked")._progress_action()

    # ---- one batch -----------------------------------------------------------------------------

    def _spans_everybody(self) -> bool:
        return self.kind == "focus" or super()._spans_everybody()

    def _advance_some(self) -> bool:
        if self.kind != "focus":
            return super()._advance_some()
        return self._weigh_some() if self.reason == "schedule" else self._weigh_everybody()

    def _weigh_everybody(self) -> bool:
        high = min(self.position + BATCH, self.total)
        self._weigh(between(self.position, high))
        self.position = high
        return high < self.total

    def _weigh_some(self) -> bool:
        last = self._last_focus(self.company_id)
        # What was written while the last run went on may not have been seen by it.
        since = (last.started or last.create_date) - timedelta(minutes=5)
        customers = self.env["customer.demand.facts"]._changed_since(
            self.company_id, since, self.as_of, self.position - 1 if self.position else 0, BATCH
        )
        if customers:
            self._weigh(among(customers))
            self.position = customers[-1] + 1
        return len(customers) == BATCH

    def _weigh(self, restrict) -> None:
        counts = self.env["customer.demand"]._weigh(
            self.company_id, self.as_of, restrict, CAUSES.get(self.reason, "facts")
        )
        self.write(
            {
                "read_count": self.read_count + counts.read,
                "changed_count": self.changed_count + counts.changed,
                "skipped_count": self.skipped_count + counts.read - counts.changed,
                "moved_count": self.moved_count + counts.moved,
            }
        )

    def _finished(self) -> None:
        """New figures of a company: see what its customers buy on, once that is stored."""
        result = super()._finished()
        if self.kind in FIGURE_KINDS and self.kind != "incremental":
            self._trigger_focus()
        return result
