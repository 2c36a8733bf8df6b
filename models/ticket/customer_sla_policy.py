from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .choices import KINDS, SEVERITIES

#: The promised times a ticket carries: its field -> the policy's.
TARGETS = {
    "response_target": "response_hours",
    "next_response_target": "next_response_hours",
    "solution_target": "solution_hours",
    "return_visit_days": "return_visit_days",
    "warn_share": "warn_share",
    "escalate_share": "escalate_share",
}


class CustomerSlaPolicy(models.Model):
    """A service level: what is promised to which customers for which tickets.

    The first policy in order that fits a ticket counts, and the ticket keeps what was promised to it
    then. Changing a policy changes what new tickets are promised; open tickets follow only when
    somebody says so, seeing before what it does, and closed ones never.
    """

    _name = "customer.sla.policy"
    _description = "Service Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(
        default=True, help="An inactive policy promises nothing: its open tickets find another."
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", help="Empty: every company.", ondelete="cascade")

    # For which tickets
    kind = fields.Selection(KINDS, help="Empty: every kind.")
    severity = fields.Selection(SEVERITIES, "Severity From", help="And worse. Empty: any.")
    tier_ids = fields.Many2many(
        "customer.tier", string="Value Tiers", help="Empty: every customer."
    )

    # What is promised
    response_hours = fields.Float(
        "First Response",
        help="Working hours until a person answers; an automatic confirmation is no answer. "
        "0: no promise.",
    )
    next_response_hours = fields.Float(
        "Next Response",
        help="Working hours until a person answers what the customer wrote after that. 0: no promise.",
    )
    solution_hours = fields.Float(
        "Solution",
        help="Working hours until it is solved, without the time spent waiting for the customer. "
        "0: no promise.",
    )
    return_visit_days = fields.Integer(
        "Return Visit After", help="Days after the solution. 0: none is due."
    )
    warn_share = fields.Float(
        "Warn At", default=0.75, help="Part of the time at which the owner is told."
    )
    escalate_share = fields.Float(
        "Escalate At", default=1.0, help="Part of the time at which the team leader is told."
    )

    # What a change would do
    open_ticket_count = fields.Integer("Open Tickets", compute="_compute_open")
    open_outdated_count = fields.Integer(
        "Promised Otherwise",
        compute="_compute_open",
        help="Open tickets that were promised something else, before the policy was changed.",
    )
    open_effect = fields.Char(compute="_compute_open_effect")

    _hours_positive = models.Constraint(
        "CHECK (response_hours >= 0 AND next_response_hours >= 0 AND solution_hours >= 0"
        " AND return_visit_days >= 0)",
        "A promised time cannot be negative: use 0 for no promise.",
    )
    _shares_in_order = models.Constraint(
        "CHECK (warn_share > 0 AND escalate_share >= warn_share)",
        "Warn after some of the time, and escalate not before the warning.",
    )

    # ---- which policy --------------------------------------------------------------------------

    @api.model
    def _choose(self, tickets) -> dict:
        """The policy that fits each ticket; empty where none does."""
        policies = self.sudo().search([("company_id", "in", (False, *tickets.company_id.ids))])
        return {
            ticket: next((policy for policy in policies if policy._fits(ticket)), self.browse())
            for ticket in tickets
        }

    def _fits(self, ticket) -> bool:
        return (
            self.company_id in (ticket.company_id, self.company_id.browse())
            and self.kind in (ticket.kind, False)
            and (not self.severity or ticket.severity >= self.severity)
            and (not self.tier_ids or ticket.value_tier_id in self.tier_ids)
        )

    def _targets(self) -> dict:
        """What a ticket under this policy is promised; nothing at all without a policy."""
        return {name: self[source] if self else 0 for name, source in TARGETS.items()}

    # ---- what a change does to open tickets ------------------------------------------------------

    def _outdated(self):
        """Open tickets under this policy that were promised something else."""
        self.ensure_one()
        return self._open_tickets().filtered(
            lambda ticket: any(ticket[name] != self[source] for name, source in TARGETS.items())
        )

    def _open_tickets(self):
        return (
            self.env["customer.ticket"]
            .sudo()
            .search([("sla_policy_id", "in", self.ids), ("solved_at", "=", False)])
        )

    def _compute_open(self):
        for policy in self:
            policy.open_ticket_count = len(policy._open_tickets())
            policy.open_outdated_count = len(policy._outdated())

    def _compute_open_effect(self):
        """Said before anything is applied: how many would become late, how many no longer be."""
        now = fields.Datetime.now()
        for policy in self:
            tickets = policy._outdated()
            was_late = tickets.filtered_domain(tickets._late_domain(now))
            due = tickets._due_times(policy._targets())
            late = tickets.filtered(
                lambda ticket, due=due: due[ticket].due_at and due[ticket].due_at < now
            )
            policy.open_effect = tickets and self.env._(
                "If they followed the change, %(more)s would be late at once and %(fewer)s no longer.",
                more=len(late - was_late),
                fewer=len(was_late - late),
            )

    def action_apply_to_open(self):
        """Promise open tickets of this policy what it says now."""
        self.check_access("write")
        for policy in self:
            tickets = policy._outdated()
            tickets.write(policy._targets())
            tickets._refresh_clocks_soon()

    def action_open_tickets(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_ticket_action"
        )
        domain = [("sla_policy_id", "in", self.ids), ("solved_at", "=", False)]
        return action | {"domain": domain, "context": {}}

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._open_tickets()._refresh_clocks_soon()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Tickets say by which service level they were judged."""
        used = [("sla_policy_id", "in", self.ids)]
        if self.env["customer.ticket"].sudo().search_count(used, limit=1):
            raise UserError(
                self.env._("Tickets were promised this service level. Archive it instead.")
            )


def hours(amount: float) -> timedelta:
    """Hours of a field as time, to the second."""
    return timedelta(seconds=round(amount * 3600))
