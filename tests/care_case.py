"""What the tests of care share: customers with birthdays, programs, a mail server that listens."""

from contextlib import contextmanager
from unittest.mock import MagicMock, patch

from odoo import fields

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import CustomerCase


class CareCase(CustomerCase):
    """It is Wednesday, 12 June 2024, noon in UTC, where the company is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"email": "office@test-trading.example"})
        cls.company.partner_id.tz = "UTC"
        cls.Program = cls._in(cls.company)["customer.care.program"]
        cls.Message = cls._in(cls.company)["customer.care.message"]
        cls.purpose = {
            name: cls.env.ref(f"customer_success.consent_purpose_{name}")
            for name in ("greetings", "offers", "service")
        }
        cls.template = cls.env.ref("customer_success.mail_template_care_birthday")
        # Programs that come with the company stay as they are; only those of a test run
        cls.Program.search([("company_id", "=", cls.company.id)]).state = "draft"

    @classmethod
    def _people(cls, count, name="Person", born="1980-06-12", **vals):
        """Customers that are persons, with an address each and a birthday today."""
        partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"{name} {n}",
                    "email": f"{name.lower()}{n}@people.example",
                    "customer_birthday": born,
                    "lang": "en_US",
                    "tz": False,
                    **vals,
                }
                for n in range(count)
            ]
        )
        cls._become_customers(partners)
        return partners

    @classmethod
    def _become_customers(cls, partners, day=None):
        cls._bulk([(partner.commercial_partner_id, day or cls.today, 100) for partner in partners])
        run = cls.env["customer.run"]._open(cls.company, "full", "asked")
        while run._advance():
            pass

    def _program(self, occasion="birthday", run=True, **vals):
        program = self.Program.create(
            {
                "name": f"Test {occasion}",
                "occasion_id": self.env.ref(f"customer_success.occasion_{occasion}").id
                if isinstance(occasion, str)
                else occasion.id,
                "purpose_id": self.purpose["greetings"].id,
                "mail_template_id": self.template.id,
                "company_id": self.company.id,
                **vals,
            }
        )
        if run:
            program.action_run()
        return program

    def _plan(self, *programs):
        """What the job does for these programs."""
        for program in programs:
            while program._plan():
                pass
        self.env.invalidate_all()

    def _hand_over(self):
        while self.Message._hand_over():
            pass
        self.env.flush_all()

    def _messages(self, program, *partners):
        domain = [("program_id", "=", program.id)]
        if partners:
            domain.append(("partner_id", "in", [partner.id for partner in partners]))
        return self.Message.search(domain, order="id")

    def _said(self, program, *partners):
        """``[(contact, status, reason)]`` of a program's messages."""
        return [
            (message.partner_id, message.verdict, message.reason)
            for message in self._messages(program, *partners)
        ]

    def _mails(self, program):
        return self.env["mail.mail"].search(
            [("customer_care_message_id", "in", self._messages(program).ids)], order="id"
        )

    @contextmanager
    def _listening(self, fail=None):
        """Mails given to the mail server, as ``email.message`` objects."""
        received = []

        def send_email(model, message, *args, **kwargs):
            if fail:
                raise fail
            received.append(message)
            return message["Message-Id"]

        with (
            patch.object(IrMail_Server, "_disable_send", lambda self: False),
            patch.object(IrMail_Server, "_connect__", lambda self, *a, **k: MagicMock()),
            patch.object(IrMail_Server, "send_email", send_email),
        ):
            yield received

    def _consent(self, partner, state, purpose="greetings", channel="email", **vals):
        return self.env["customer.consent"].create(
            {
                "company_id": self.company.id,
                "partner_id": partner.id,
                "purpose_id": self.purpose[purpose].id,
                "channel": channel,
                "state": state,
                "source": "person",
                "at": fields.Datetime.now(),
                **vals,
            }
        )
