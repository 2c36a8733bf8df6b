"""How scheduled actions go through tickets: one at a time, beside people and other workers."""

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import mute_logger

#: So many tickets get their due times while whoever changed a calendar waits; more are left to a job.
AT_ONCE = 100
#: Tickets that the job computes between two commits.
BATCH = 200


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    clocks_stale = fields.Boolean(
        readonly=True, copy=False, help="Working hours or promises changed: due times follow soon."
    )

    _stale_idx = models.Index("(id) WHERE clocks_stale IS TRUE")

    def _one_at_a_time(self, domain: Domain, commit):
        """Each of these tickets for which ``domain`` still holds, locked, and committed after it.

        What another worker or a person is at, or has just changed, is left for the next time: nobody
        waits, and nothing is done twice.
        """
        for ticket in self:
            ticket.invalidate_recordset()
            yield from ticket._locked().filtered_domain(domain)
            if not commit(1):
                return

    def _locked(self):
        """Those of these tickets that nobody else holds, or changed since we began to look."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                return self.try_lock_for_update()
        except psycopg2.errors.SerializationFailure:
            return self.browse()

    @api.model
    def _send_queue_soon(self):
        """What a scheduled action posts waits in Odoo's queue, which is looked at once an hour."""
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    # ---- due times of many tickets ---------------------------------------------------------------

    @api.model
    def _refresh_clocks_of(self, teams):
        """After working hours or holidays changed: the open tickets of these teams."""
        self.sudo().search(
            [("team_id", "in", teams.ids), ("solved_at", "=", False)]
        )._refresh_clocks_soon()

    def _refresh_clocks_soon(self):
        """At once where they are few; many are marked, and a job goes through them."""
        if len(self) <= AT_ONCE:
            self._renew_clocks()
            return
        self._write_past_gate({"clocks_stale": True})
        self.env.ref("customer_success.ir_cron_ticket_clocks").sudo()._trigger()

    def _renew_clocks(self):
        """New due times, and a new promise for tickets whose service level was withdrawn."""
        orphans = self.filtered(
            lambda ticket: ticket.sla_policy_id and not ticket.sla_policy_id.active
        )
        orphans._promise()
        (self - orphans)._refresh_clocks()

    @api.model
    def _cron_refresh_clocks(self):
        """Compute the due times of marked tickets, a batch between two commits."""
        domain = Domain("clocks_stale", "=", True)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=self.search_count(domain))
        last = 0
        while found := self.search(domain & Domain("id", ">", last), limit=BATCH, order="id"):
            last = found[-1].id
            tickets = found._locked().filtered_domain(domain)
            tickets._renew_clocks()
            tickets._write_past_gate({"clocks_stale": False})
            if not commit(len(tickets)):
                return
