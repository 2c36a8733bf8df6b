from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .gate_key import past_gate


class MailMail(models.Model):
    """E-mails of care programs: only from the gate, and each given to the mail server once."""

    _inherit = "mail.mail"

    customer_care_message_id = fields.Many2one(
        "customer.care.message", readonly=True, ondelete="set null", copy=False
    )

    _customer_care_uniq = models.UniqueIndex(
        "(customer_care_message_id) WHERE customer_care_message_id IS NOT NULL",
        "This care message has its e-mail already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not past_gate(self.env) and any(
            vals.get("customer_care_message_id") or vals.get("model") == "customer.care.message"
            for vals in vals_list
        ):
            raise UserError(
                self.env._(
                    "Care messages go out through their program alone: it knows who wants none, who "
                    "complained and who had one already. Start the program, or write to the customer "
                    "from its own page."
                )
            )
        return super().create(vals_list)

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        """Each e-mail of a care message by itself, after its attempt was marked and committed."""
        options = {
            "auto_commit": auto_commit,
            "raise_exception": raise_exception,
            "smtp_session": smtp_session,
            "alias_domain_id": alias_domain_id,
            "mail_server": mail_server,
            "post_send_callback": post_send_callback,
        }
        care = self.filtered("customer_care_message_id")
        if not care or self.env["ir.mail_server"]._disable_send():
            return super()._send(**options)
        others = self - care
        if others:
            super(MailMail, others)._send(**options)
        unwanted = care._cancel_unwanted()
        for mail in care - unwanted:
            if mail._begin_care_attempt(auto_commit):
                super(MailMail, mail)._send(**options)
        return True

    def _cancel_unwanted(self):
        """Those whose contacts changed their minds since they lie in the outbox."""
        unwanted = self.browse()
        messages = self.customer_care_message_id.sudo().filtered(lambda m: m.verdict == "handed")
        for own in messages.grouped("program_id").values():
            refused = own - own._still_allowed()
            unwanted |= self.filtered(lambda mail, no=refused: mail.customer_care_message_id in no)
        unwanted.sudo().cancel()
        return unwanted

    def _begin_care_attempt(self, auto_commit) -> bool:
        """Whether this worker is the one to send it.

        One that is being attempted, or was when a process died, is left alone: which of the two it is,
        time tells (``_note_interrupted``).
        """
        if not self.exists():
            return False  # another worker sent it and cleared it away
        message = self.customer_care_message_id.sudo()
        try:
            begun = self.state == "outgoing" and message._begin_attempt()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not auto_commit:
                raise
            self.env.cr.rollback()
            return False  # another worker is at it
        if auto_commit:
            self.env["ir.cron"]._commit_progress()
        return begun

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        messages = self.customer_care_message_id.sudo()
        if messages and failure_type:
            messages._undelivered(failure_reason or failure_type)
        elif messages:
            messages._delivered()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def mark_outgoing(self):
        """Somebody decided to send it once more."""
        messages = self.customer_care_message_id.sudo().filtered(lambda m: m.verdict == "failed")
        messages.write(
            {"attempted_at": False, "verdict": "handed", "reason": False, "problem": False}
        )
        return super().mark_outgoing()
