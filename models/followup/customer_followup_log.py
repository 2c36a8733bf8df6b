"""Logging what was done: a card is done or goes on, or the contact stands by itself."""

from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: The cause of follow-ups that keep the customer's rhythm of contact.
CADENCE = "cadence"


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    next_date = fields.Date(
        "Agreed For",
        readonly=True,
        help="Agreed when it was logged: the customer is contacted then, whatever its rhythm says.",
    )

    @api.model
    def _log(self, profile, action, outcome=None, note=None, at=None, next_date=None):
        """A contact with ``profile`` that took place, with or without a card; its follow-up.

        The open follow-up that keeps the rhythm is what was done, if there is one. Otherwise a done
        one is entered.

        :param outcome: a ``customer.followup.outcome``; none: it took place
        :param at: when; now by default
        """
        profile.ensure_one()
        profile.check_access("read")
        if not self.env.su and not self.env["customer.followup"].has_access("create"):
            raise AccessError(self.env._("You may not log contacts with customers."))
        Followup = self.env["customer.followup"].sudo()
        card = Followup.search(
            self._open_domain()
            & Domain("profile_id", "=", profile.id)
            & Domain("cause_key", "=", CADENCE)
        )
        if card:
            card._done(action, outcome, note, at, next_date)
            return card.sudo(self.env.su)
        entry = Followup._log_entry(profile, action, outcome, note, at, next_date)
        self.env["customer.contact.fact"]._refresh_now(profile)
        return entry.sudo(self.env.su)

    @api.model
    def _log_entry(self, profile, action, outcome, note, at, next_date):
        """One line of the contact log: a follow-up that is done, of nobody's asking."""
        at = self._past(at)
        return self.sudo().create(
            {
                "profile_id": profile.id,
                "cause_key": "logged",
                "occasion": uuid4().hex,
                "reason": {"code": "logged"},
                "action": action,
                "user_id": self.env.uid,
                "outcome_id": outcome.id if outcome else False,
                "note": note,
                "next_date": next_date,
                "due_date": at.date(),
                "planned_date": at.date(),
                "stage_id": self.env["customer.followup.stage"]._last().id,
                "done_at": at,
                "done_by_id": self.env.uid,
            }
        )

    @api.model
    def _past(self, at):
        now = fields.Datetime.now()
        at = fields.Datetime.to_datetime(at) or now
        if at > now:
            raise UserError(
                self.env._("A contact is logged once it took place. Choose a time that is past.")
            )
        return at

    def _done(self, action, outcome=None, note=None, at=None, next_date=None):
        """These were done so. The card is done, or goes where its outcome says and the attempt is
        logged beside it."""
        outcome = outcome or self.env["customer.followup.outcome"]
        at = self._past(at)
        for followup in self.sudo():
            if outcome._ends():
                followup.write(
                    {
                        "action": action,
                        "outcome_id": outcome.id,
                        "note": "\n".join(filter(None, [followup.note, note])),
                        "next_date": next_date,
                        "stage_id": self.env["customer.followup.stage"]._last().id,
                        "done_at": at,
                        "done_by_id": self.env.uid,
                    }
                )
            else:
                self._log_entry(followup.profile_id, action, outcome, note, at, False)
                again = next_date or fields.Date.add(
                    followup.company_id._customer_today(), days=outcome.retry_days
                )
                followup.write(
                    {
                        "outcome_id": outcome.id,
                        "stage_id": outcome.stage_id.id,
                        "due_date": again,
                        "planned_date": again,
                        "planned_by_hand": False,
                    }
                )
        self.env["customer.contact.fact"]._refresh_now(self.sudo().profile_id)
