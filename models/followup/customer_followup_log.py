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
        "Next Contact Agreed",
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
        found = Followup.search(
            self._open_domain()
            & Domain("profile_id", "=", profile.id)
            & Domain("cause_key", "=", CADENCE)
        )
        if not found:
            found = Followup.create(
                {
                    "profile_id": profile.id,
                    "cause_key": "logged",
                    "occasion": uuid4().hex,
                    "reason": {"code": "logged"},
                    "action": action,
                    "user_id": self.env.uid,
                    "done_at": at or fields.Datetime.now(),  # it never blocks another one
                }
            )
        found.with_user(self.env.user).sudo()._done(action, outcome, note, at, next_date)
        return found.with_env(self.env)

    def _done(self, action, outcome=None, note=None, at=None, next_date=None):
        """These were done so; the card goes where its outcome says."""
        outcome = outcome or self.env["customer.followup.outcome"]
        now = fields.Datetime.now()
        at = fields.Datetime.to_datetime(at) or now
        if at > now:
            raise UserError(
                self.env._("A contact is logged once it took place. Choose a time that is past.")
            )
        for followup in self:
            notes = [followup.note, (note or "").strip()]
            values = {
                "action": action,
                "outcome_id": outcome.id,
                "note": "\n".join(filter(None, notes)) or False,
                "next_date": next_date,
            }
            if outcome._ends():
                last = self.env["customer.followup.stage"]._last()
                values |= {"stage_id": last.id, "done_at": at, "done_by_id": self.env.uid}
            else:
                values |= {"stage_id": outcome.stage_id.id, "planned_date": next_date}
            followup.write(values)
