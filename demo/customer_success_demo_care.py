"""The demo's care: birthdays, consents, and what the birthday program did in the last days.

Nothing is mailed to anybody.
"""

from datetime import date, timedelta

from odoo import fields, models

from ..tools import occasion
from .care import BIRTHDAY_CALLS, BIRTHDAYS, CONSENTS

#: Days that the birthday program ran, until yesterday.
_RAN = 10


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _make_care(self, company, spec, partners) -> None:
        today = company._customer_today()
        contacts = {key: partner.child_ids[:1] or partner for key, partner in partners.items()}
        self._make_birthdays(spec, contacts, today)
        self._make_consents(company, spec, contacts, partners)
        program = self.env["customer.care.program"].search(
            [("company_id", "=", company.id), ("kind", "=", "birthday")], limit=1
        )
        self._play_birthdays(program, today)
        self._make_birthday_calls(company, spec, today)

    def _make_birthdays(self, spec, contacts, today) -> None:
        near = BIRTHDAYS[spec.key]
        for number, (key, contact) in enumerate(contacts.items()):
            ahead = near.get(key, 12 + number * 37 % 330)
            day = today + timedelta(ahead)
            born = occasion.in_year(day.month, day.day, 1958 + number * 7 % 40)
            contact.customer_birthday = max(born, date(1958, 1, 1))

    def _make_consents(self, company, spec, contacts, partners) -> None:
        self.env["customer.consent"].create(
            [
                {
                    "company_id": company.id,
                    "partner_id": contacts[word.customer].id,
                    "purpose_id": self.env.ref(
                        f"customer_success.consent_purpose_{word.purpose}"
                    ).id,
                    "channel": "email",
                    "state": word.state,
                    "source": word.source,
                    "how": word.how or False,
                    "user_id": partners[word.customer].user_id.id
                    if word.source == "person"
                    else False,
                    "at": fields.Datetime.now() - timedelta(word.days),
                }
                for word in CONSENTS
                if word.company == spec.key
            ]
        )

    def _play_birthdays(self, program, today) -> None:
        """Judge the last days as the job would have, and take what it made for the outbox as sent.

        Left paused: a demo writes to nobody, and trying it shows who has birthday today.
        """
        yesterday = today - timedelta(1)
        program.write(
            {"state": "running", "started_on": today - timedelta(_RAN), "grace_days": _RAN}
        )
        span = occasion.span(program.started_on, None, yesterday, 0, _RAN)
        self.env.flush_all()
        rows = self.env.execute_query_dict(program._due(span))
        now = fields.Datetime.now()
        if rows:
            program._store(rows, program._judge(rows, now), yesterday)
        messages = self.env["customer.care.message"].search([("program_id", "=", program.id)])
        waiting = messages.filtered(lambda message: message.verdict == "queued")
        waiting._send_by_email(program)
        self.env["mail.mail"].search([("customer_care_message_id", "in", waiting.ids)]).unlink()
        waiting._delivered()
        for message in messages:
            message.judged_on = message.occasion_day
            if message in waiting:
                message.sent_at = now - (today - message.occasion_day)
                message.mail_message_id.date = message.sent_at
        program.write({"state": "paused", "grace_days": 3, "planned_until": yesterday})

    def _make_birthday_calls(self, company, spec, today) -> None:
        """All but small customers are called: cards on the board, made by the product's own job."""
        words = BIRTHDAY_CALLS[spec.key]
        segment = self.env["customer.segment"].create(
            {
                "name": words.segment,
                "company_id": company.id,
                "domain": "[('value_tier_id.code', 'in', ['key', 'high', 'medium'])]",
            }
        )
        program = self.env["customer.care.program"].create(
            {
                "name": words.program,
                "company_id": company.id,
                "segment_id": segment.id,
                "occasion_id": self.env.ref("customer_success.occasion_birthday").id,
                "purpose_id": self.env.ref("customer_success.consent_purpose_greetings").id,
                "channel": "followup",
                "advice": words.advice,
                "state": "running",
                "started_on": today - timedelta(1),
            }
        )
        while program._plan():
            pass
        while self.env["customer.care.message"]._hand_over():
            pass
