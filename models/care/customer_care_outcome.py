"""What became of a message that was handed over."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: After so long an attempt is over, whatever became of it.
_ATTEMPT = timedelta(minutes=15)


class CustomerCareMessage(models.Model):
    _inherit = "customer.care.message"

    def _begin_attempt(self) -> bool:
        """Mark that this message is being given to the mail server; False where that was done before.

        The database lets one worker alone mark it, and refuses one whose snapshot is old.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE customer_care_message SET attempted_at = %s"
                " WHERE id = %s AND attempted_at IS NULL AND verdict = 'handed' RETURNING id",
                fields.Datetime.now(),
                self.id,
            )
        )
        begun = bool(self.env.cr.fetchone())
        self.invalidate_recordset(["attempted_at"], flush=False)
        return begun

    @api.model
    def _note_interrupted(self) -> None:
        """Attempts that nobody ended: a process died in the middle of them."""
        died = self.search(
            [
                ("verdict", "=", "handed"),
                ("attempted_at", "<", fields.Datetime.now() - _ATTEMPT),
            ]
        )
        died._interrupted()

    def _interrupted(self):
        for message in self:
            message._set_verdict("failed", "interrupted")
        self.env["mail.mail"].search(
            [("customer_care_message_id", "in", self.ids), ("state", "=", "outgoing")]
        ).write({"state": "exception", "failure_type": "unknown"})

    def _delivered(self):
        self.write(
            {"verdict": "sent", "reason": False, "problem": False, "sent_at": fields.Datetime.now()}
        )

    def _undelivered(self, problem):
        self._set_verdict("failed", "delivery", problem or False)

    def _queue_again(self):
        """By a person's decision: what failed waits again, and passes the gate again."""
        mails = self.env["mail.mail"].search([("customer_care_message_id", "in", self.ids)])
        mails.unlink()
        self.write(
            {
                "verdict": "queued",
                "reason": False,
                "problem": False,
                "attempted_at": False,
                "send_after": fields.Datetime.now(),
            }
        )
        self.env.ref("customer_success.ir_cron_care").sudo()._trigger()
