from odoo import api, fields, models
from odoo.fields import Domain

from .customer_ticket_clock import CLOCKS

#: Tickets looked at in one round of the scheduled action.
BATCH = 200


class CustomerTicketAlert(models.Model):
    """Who was told that a promise is about to be broken, or is: each step of each clock once."""

    _name = "customer.ticket.alert"
    _description = "Ticket Alert"
    _order = "id desc"

    ticket_id = fields.Many2one(
        "customer.ticket", required=True, readonly=True, ondelete="cascade", index=True
    )
    clock = fields.Selection(CLOCKS, required=True, readonly=True)
    since = fields.Datetime("Clock Since", required=True, readonly=True)
    step = fields.Selection(
        [("warn", "Warning"), ("escalate", "Escalation")], required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", "Told", readonly=True, ondelete="restrict")
    at = fields.Datetime(required=True, readonly=True)

    _once = models.Constraint(
        "UNIQUE(ticket_id, clock, since, step)", "This step was told already."
    )


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    alert_ids = fields.One2many("customer.ticket.alert", "ticket_id", "Alerts")
    warned = fields.Boolean(readonly=True, copy=False, help="The owner was told of this clock.")
    escalated = fields.Boolean(readonly=True, copy=False, help="The team leader was told of it.")

    _warn_idx = models.Index("(warn_at) WHERE warn_at IS NOT NULL AND warned IS NOT TRUE")
    _escalate_idx = models.Index(
        "(escalate_at) WHERE escalate_at IS NOT NULL AND escalated IS NOT TRUE"
    )

    def write(self, vals):
        """Another clock is the nearest one now: nobody was told of it, unless the log says so."""
        result = super().write(vals)
        if vals.keys() & {"due_clock", "due_since"}:
            for ticket in self.sudo():
                told = ticket.alert_ids.filtered(
                    lambda alert, ticket=ticket: (
                        (alert.clock, alert.since) == (ticket.due_clock, ticket.due_since)
                    )
                ).mapped("step")
                ticket.write({"warned": "warn" in told, "escalated": "escalate" in told})
        return result

    @api.model
    def _alert_domain(self, step: str, now) -> Domain:
        flag = {"warn": "warned", "escalate": "escalated"}[step]
        return Domain(f"{step}_at", "<=", now) & Domain(flag, "=", False)

    @api.model
    def _cron_alert(self):
        """Tell owners and team leaders, each step once."""
        now = fields.Datetime.now()
        commit = self.env["ir.cron"]._commit_progress
        steps = ("escalate", "warn")
        waiting = sum(self.search_count(self._alert_domain(step, now)) for step in steps)
        commit(remaining=waiting)
        for step in steps:
            domain = self._alert_domain(step, now)
            found = self.search(domain, limit=BATCH, order="due_at, id")
            for ticket in found._one_at_a_time(domain, commit):
                ticket._alert(step, now)
            if found:
                self._send_queue_soon()

    def _alert(self, step: str, now):
        """Tell whoever answers for it, in that person's language; write down that it was done."""
        self.ensure_one()
        owner, leader = self.user_id, self.team_id.leader_id
        user = (owner or leader) if step == "warn" else (leader or owner)
        self.env["customer.ticket.alert"].create(
            {
                "ticket_id": self.id,
                "clock": self.due_clock,
                "since": self.due_since,
                "step": step,
                "user_id": user.id,
                "at": now,
            }
        )
        self.write({"warned": True} if step == "warn" else {"escalated": True, "warned": True})
        if not user:
            return
        told = self.with_context(lang=user.lang)
        clock = dict(told._fields["due_clock"]._description_selection(told.env))[self.due_clock]
        told.message_notify(
            partner_ids=user.partner_id.ids,
            subject=told.env._(
                "%(ticket)s: %(clock)s %(time)s",
                ticket=self.display_name,
                clock=clock,
                time=told.time_left or "",
            ),
            body=told.env._(
                "%(clock)s of %(ticket)s, from %(customer)s: %(time)s.",
                clock=clock,
                ticket=self.display_name,
                customer=self.partner_id.display_name or self.email_from or "—",
                time=told.time_left or "",
            ),
        )
