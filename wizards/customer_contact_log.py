from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.followup.choices import ACTIONS


class CustomerContactLog(models.TransientModel):
    """Somebody was in touch with a customer: how it went, and when next."""

    _name = "customer.contact.log"
    _description = "Log A Contact"

    followup_id = fields.Many2one("customer.followup", readonly=True, ondelete="cascade")
    profile_id = fields.Many2one("customer.profile", required=True, ondelete="cascade")
    customer = fields.Char(compute="_compute_customer")
    why = fields.Char(related="followup_id.why", related_sudo=False)
    action = fields.Selection(ACTIONS, "What", required=True, default="call")
    outcome_id = fields.Many2one(
        "customer.followup.outcome",
        "How It Went",
        required=True,
        default=lambda self: self.env["customer.followup.outcome"].search([], limit=1),
    )
    stays_open = fields.Boolean(compute="_compute_proposal")
    note = fields.Text()
    at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    proposed_date = fields.Date(compute="_compute_proposal")
    next_date = fields.Date(
        "Next Contact", compute="_compute_next_date", store=True, readonly=False
    )

    def _profile(self):
        """The customer, as far as one sees it or has a card of it."""
        profile, card = self.profile_id, self.followup_id
        if card:
            allowed = card.has_access("read") and card.sudo().profile_id == profile
        else:
            allowed = profile.has_access("read")
        return profile.sudo() if allowed else profile.browse()

    @api.depends("profile_id", "followup_id")
    def _compute_customer(self):
        for log in self:
            log.customer = log._profile().partner_id.display_name

    @api.depends("outcome_id", "profile_id", "at")
    def _compute_proposal(self):
        """The customer's rhythm from now on, or the next working day for another attempt."""
        for log in self:
            outcome, profile = log.outcome_id, log._profile()
            company = profile.company_id
            log.stays_open = bool(outcome) and not outcome._ends()
            if not profile:
                log.proposed_date = False
                continue
            today = company._customer_today()
            if log.stays_open:
                log.proposed_date = log._next_working_day(company, today, outcome.retry_days)
            else:
                at = fields.Datetime.context_timestamp(log, log.at or fields.Datetime.now())
                days = profile.cadence_days
                log.proposed_date = at.date() + timedelta(days=days) if days else False

    def _next_working_day(self, company, today, days):
        places = self.env["customer.followup.capacity"]._places(
            company, self.env.user, today, days=days + 14
        )
        (offers,) = places.values()
        for offset in range(days, len(offers)):
            if offers[offset]:
                return today + timedelta(days=offset)
        return today + timedelta(days=days)

    @api.depends("proposed_date")
    def _compute_next_date(self):
        for log in self:
            log.next_date = log.proposed_date

    @api.model
    def _dialog(self, profile, followup=None, action=None):
        """The dialog, for a card or for a customer."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log A Contact"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_profile_id": profile.id,
                "default_followup_id": followup.id if followup else False,
                "default_action": action or "call",
                "dialog_size": "medium",
            },
        }

    def action_apply(self):
        self.ensure_one()
        agreed = (
            self.next_date if self.stays_open or self.next_date != self.proposed_date else False
        )
        arguments = (self.action, self.outcome_id, (self.note or "").strip(), self.at, agreed)
        followup = self.followup_id
        if followup:
            followup.check_access("write")
            if followup.sudo().profile_id != self.profile_id:
                raise AccessError(self.env._("This card is of another customer."))
            followup._done(*arguments)
        else:
            self.env["customer.followup"]._log(self.profile_id, *arguments)
        return {"type": "ir.actions.act_window_close"}
