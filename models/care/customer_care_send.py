"""The one sender: nothing else in this package makes an e-mail, an SMS or a card for a customer.

How often can a message arrive?
-------------------------------
At most once. A row is handed over in one transaction: its ``mail.mail`` and the mark that it has one.
Two workers take different rows (``SKIP LOCKED``), and one whose snapshot is old is refused by the
database. The mail is given to the mail server after the attempt was marked and committed
(``mail_mail``): a process that dies between that and the server's answer leaves an attempt of which
nobody can know whether it arrived. Such a message is not sent again by itself; it is shown as
interrupted, and a person may send it again, with the same Message-ID. So a crash can cost the one
message that was being sent, and never doubles one.
"""

import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, email_domain_extract, formataddr, hmac

from .gate_key import GATE, GATE_KEY

_logger = logging.getLogger(__name__)

#: Messages rendered and handed over in one transaction.
_BATCH = 200


class CustomerCareMessage(models.Model):
    _inherit = "customer.care.message"

    # ---- handing over --------------------------------------------------------------------------

    @api.model
    def _hand_over_safely(self) -> bool:
        """One batch; whether there may be more."""
        try:
            more = self._hand_over()
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("Another worker hands over care messages")
            return False
        return more

    @api.model
    def _hand_over(self) -> bool:
        """Give the next messages whose time has come to the outbox; whether there may be more."""
        messages = self._claim_waiting(_BATCH)
        for program, own in messages.grouped("program_id").items():
            own = own._still_allowed()
            if own:
                getattr(own, f"_send_by_{program.channel}")(program)
        return len(messages) == _BATCH

    @api.model
    def _claim_waiting(self, limit):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id
                  FROM customer_care_message m
                  JOIN customer_care_program p ON p.id = m.program_id
                 WHERE m.verdict = 'queued' AND m.send_after <= %s AND p.state = 'running'
                 ORDER BY m.send_after, m.id
                 LIMIT %s
                   FOR UPDATE OF m SKIP LOCKED
                """,
                fields.Datetime.now(),
                limit,
            )
        )
        return self.browse(row[0] for row in rows)

    def _still_allowed(self):
        """Ask the gate once more, about what may have changed while they waited; those that may go."""
        program = self.program_id
        today = program.company_id._customer_today()
        gone = self.filtered(lambda message: not message.partner_id)
        gone._set_verdict("refused", "archived")
        waiting = self - gone
        if not waiting:
            return waiting
        rows = [
            {
                "profile_id": message.profile_id.id,
                "partner_id": message.partner_id.id,
                "occasion_key": message.occasion_key,
                "occasion_day": message.occasion_day,
                "day_late": bool(message.latest_on and message.latest_on < today),
            }
            for message in waiting
        ]
        judged = program._judge(rows, fields.Datetime.now(), again=True)
        allowed = self.browse()
        for place, message in enumerate(waiting):
            reason = judged.said(place)
            if reason:
                message._set_verdict("refused", reason)
            else:
                allowed += message
                if message.address != (judged.address[place] or False):
                    message.address = judged.address[place]
        return allowed

    def _set_verdict(self, verdict, reason=False, problem=False):
        self.write({"verdict": verdict, "reason": reason, "problem": problem})

    # ---- by channel ----------------------------------------------------------------------------

    def _send_by_email(self, program):
        rendered = self._rendered(
            program.mail_template_id, ("subject", "body_html", "email_from", "reply_to")
        )
        ready = self.filtered(lambda message: message.id in rendered)
        mails = (
            self.env["mail.mail"]
            .with_context(**{GATE_KEY: GATE})
            .create([message._mail_values(rendered[message.id]) for message in ready])
        )
        for message, mail in zip(ready, mails, strict=True):
            message.write(
                {
                    "verdict": "handed",
                    "subject": mail.subject,
                    "mail_message_id": mail.mail_message_id.id,
                }
            )
        if mails:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _mail_values(self, rendered) -> dict:
        """An e-mail in the outbox, kept in the customer's history."""
        profile = self.profile_id
        __, unsubscribe = self.partner_id._care_urls(self.company_id, self.purpose_id)
        author = profile.user_id.partner_id or self.company_id.partner_id
        sender = (
            rendered.get("email_from") or author.email_formatted or self.company_id.email_formatted
        )
        return {
            "customer_care_message_id": self.id,
            "model": profile._name,
            "res_id": profile.id,
            "message_type": "email_outgoing",
            "is_notification": True,  # the message stays when the e-mail is cleared away
            "auto_delete": True,
            "author_id": author.id,
            "partner_ids": [fields.Command.link(self.partner_id.id)],
            "subject": rendered["subject"],
            "body": rendered["body_html"],
            "body_html": self._framed(rendered["body_html"]),
            "email_from": sender,
            "reply_to": rendered.get("reply_to") or sender,
            "email_to": formataddr((self._greeting_name(), self.address)),
            "message_id": self._identity(),
            "headers": repr(
                {
                    "List-Unsubscribe": f"<{unsubscribe}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                    "Auto-Submitted": "auto-generated",
                    "X-Auto-Response-Suppress": "OOF, AutoReply",
                }
            ),
        }

    def _identity(self) -> str:
        """The Message-ID: the same however often this message is given to a mail server."""
        digest = hmac(self.env(su=True), "customer_success.care_message", self.id)[:16]
        host = email_domain_extract(self.company_id.email or "") or "customer-success.invalid"
        return f"<care-{self.id}-{digest}@{host}>"

    def _send_by_sms(self, program):
        rendered = self._rendered(program.sms_template_id, ("body",))
        ready = self.filtered(lambda message: message.id in rendered)
        texts = self.env["sms.sms"].create(
            [
                {
                    "number": message.address,
                    "partner_id": message.partner_id.id,
                    "body": rendered[message.id]["body"],
                }
                for message in ready
            ]
        )
        for message, text in zip(ready, texts, strict=True):
            message.write({"verdict": "handed", "sms_uuid": text.uuid, "subject": text.body})

    def _send_by_followup(self, program):
        """A card for whoever looks after the customer: it calls, instead of us writing."""
        advice = {
            lang: program.with_context(lang=lang).advice or False
            for lang in {message.profile_id.user_id.lang or "en_US" for message in self}
        }
        made = self.env["customer.followup"]._open(
            [
                {
                    "profile_id": message.profile_id.id,
                    "action": "call",
                    "cause_key": f"care:{program.id}:{message.partner_id.id}",
                    "occasion": message.occasion_key,
                    "reason": {
                        "code": "care",
                        "program": program.id,
                        "partner": message.partner_id.id,
                        "day": fields.Date.to_string(message.occasion_day),
                    },
                    "advice": advice[message.profile_id.user_id.lang or "en_US"],
                    "due_date": message.judged_on,
                    "res_model": self._name,
                    "res_id": message.id,
                }
                for message in self
            ]
        )
        opened = self.browse(made.mapped("res_id"))
        opened.write({"verdict": "sent", "sent_at": fields.Datetime.now()})
        # Its card of an earlier occasion is open still
        (self - opened)._set_verdict("refused", "recent")

    # ---- to oneself ----------------------------------------------------------------------------

    @api.model
    def _send_to_me(self, user, company, subject, body) -> None:
        """What :meth:`_preview` shows, to the user who tries a program and to nobody else."""
        self.env["mail.mail"].with_context(**{GATE_KEY: GATE}).sudo().create(
            {
                "subject": self.env._("[Trial] %s", subject),
                "body_html": body,
                "email_from": company.email_formatted or user.email_formatted,
                "email_to": user.email_formatted,
                "auto_delete": True,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
