"""From the gate to the mail server: what a message carries, that nothing goes past the gate."""

import ast
import re
import smtplib
from datetime import timedelta
from pathlib import Path

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .care_case import CareCase

CARE = Path(__file__).parent.parent / "models" / "care"
#: Calls that make or send something for somebody outside.
SENDING = {
    "send", "send_mail", "send_mail_batch", "message_post", "message_notify", "message_mail_with_source",
    "message_post_with_source", "_message_sms", "_message_sms_schedule_mass", "send_email", "_open",
    "send_after_commit", "process_email_queue", "_send_message",
}  # fmt: skip
SENDING_MODELS = {"mail.mail", "sms.sms", "mail.compose.message", "sms.composer", "mail.message"}


@tagged("post_install", "-at_install")
class TestSending(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._people(1)

    def _handed(self, **vals):
        program = self._program(**vals)
        self._plan(program)
        self._hand_over()
        return program, self._messages(program, self.person)

    def test_what_a_message_carries(self):
        program, message = self._handed()
        self.assertEqual(message.verdict, "handed")
        with self._listening() as received:
            self._mails(program).send()
        self.assertEqual(message.verdict, "sent")
        self.assertEqual(message.sent_at, fields.Datetime.now())
        (mail,) = received
        self.assertEqual(mail["Subject"], "Happy birthday, Person 0!")
        self.assertIn("person0@people.example", mail["To"])
        self.assertEqual(mail["Message-Id"], message._identity())
        self.assertEqual(mail["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        link = re.fullmatch(
            r"<(http\S+/care/unsubscribe/(\S+))>", "".join(mail["List-Unsubscribe"].split())
        )
        partner, company, purpose = self.env["res.partner"]._from_care_token(link[2])
        self.assertEqual(
            (partner, company, purpose), (self.person, self.company, self.purpose["greetings"])
        )
        body = mail.get_body(("html",)).get_content()
        self.assertIn("/care/preferences/", body)
        self.assertIn("Person 0", body)

    def test_it_stays_in_the_customers_history(self):
        program, message = self._handed()
        with self._listening():
            self._mails(program).send()
        self.assertFalse(self._mails(program), "the e-mail itself is cleared away")
        self.assertIn(message.mail_message_id, self._profile(self.person).message_ids)

    def test_an_answer_is_noted(self):
        program, message = self._handed()
        self._profile(self.person).message_post(
            body="Thank you!",
            message_type="email",
            author_id=self.person.id,
            parent_id=message.mail_message_id.id,
        )
        self.assertTrue(message.answered_at)
        self.assertEqual(program.answered_count, 1)

    def test_in_the_contacts_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.template.with_context(
            lang="zh_CN"
        ).subject = "{{ object._greeting_name() }}，生日快乐！"
        self.person.lang = "zh_CN"
        __, message = self._handed()
        self.assertEqual(message.subject, "Person 0，生日快乐！")

    def test_handing_over_twice_is_once(self):
        program, __ = self._handed()
        self._hand_over()
        self.assertEqual(len(self._mails(program)), 1)

    def test_a_mind_changed_while_it_waited_or_lay_in_the_outbox(self):
        program = self._program()
        self._plan(program)
        self._consent(self.person, "refused")
        self._hand_over()
        self.assertEqual(self._said(program), [(self.person, "refused", "refused")])
        self._consent(self.person, "given")
        program, message = self._handed()
        self.assertEqual(message.verdict, "handed")
        self.env["mail.blacklist"]._add("person0@people.example")
        with self._listening() as received:
            self._mails(program).send()
        self.assertFalse(received)
        self.assertEqual((message.verdict, message.reason), ("refused", "blacklisted"))

    def test_what_waited_too_long_is_not_sent(self):
        program = self._program(grace_days=1)
        self._plan(program)
        program.state = "paused"
        self._hand_over()
        self.assertEqual(self._messages(program).verdict, "queued")
        program.state = "running"
        with self._on(self.today + timedelta(2)):
            self._hand_over()
        self.assertEqual(self._said(program), [(self.person, "refused", "late")])

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_refusing_mail_server(self):
        program, message = self._handed()
        with self._listening(fail=smtplib.SMTPRecipientsRefused({"a": (550, b"gone")})):
            self._mails(program).send()
        self.assertEqual((message.verdict, message.reason), ("failed", "delivery"))
        self.assertTrue(message.problem)
        message.action_send_again()
        self._hand_over()
        with self._listening() as received:
            self._mails(program).send()
        self.assertEqual([mail["Message-Id"] for mail in received], [message._identity()])
        self.assertEqual(message.verdict, "sent")

    def test_an_attempt_that_nobody_ended_is_not_made_again(self):
        """The process died while it was being sent: nobody knows whether it arrived."""
        program, message = self._handed()
        self.assertTrue(message._begin_attempt())
        with self._listening() as received:
            self._mails(program).send()
        self.assertFalse(received)
        self.Message._note_interrupted()
        self.assertEqual(message.verdict, "handed", "perhaps another worker is at it")
        with self._on(self.today + timedelta(1)):
            self.Message._note_interrupted()
        self.assertEqual((message.verdict, message.reason), ("failed", "interrupted"))
        self.assertEqual(self._mails(program).state, "exception")

    def test_one_bad_customer_does_not_hold_up_the_others(self):
        others = self._people(3, "Other")
        self.person.ref = "bad"
        self.template.subject = "{{ 1 / (0 if object.partner_id.ref == 'bad' else 1) }}"
        program, message = self._handed()
        self.assertEqual((message.verdict, message.reason), ("failed", "template"))
        self.assertIn("Failed to render", message.problem)
        self.assertEqual(set(self._messages(program, *others).mapped("verdict")), {"handed"})

    def test_by_sms(self):
        self.person.write({"phone": "+1 614-555-0123", "country_id": self.env.ref("base.us").id})
        text = self.env["sms.template"].create(
            {
                "name": "x",
                "model_id": self.env["ir.model"]._get_id("customer.care.message"),
                "body": "Happy birthday, {{ object._greeting_name() }}",
            }
        )
        __, message = self._handed(channel="sms", sms_template_id=text.id)
        sms = self.env["sms.sms"].search([("uuid", "=", message.sms_uuid)])
        self.assertEqual((sms.body, sms.number), ("Happy birthday, Person 0", message.address))
        sms.write({"state": "error", "failure_type": "sms_credit"})
        self.assertEqual((message.verdict, message.problem), ("failed", "sms_credit"))
        self.env["phone.blacklist"].add(self.person.phone_sanitized)
        __, message = self._handed(channel="sms", sms_template_id=text.id)
        self.assertEqual((message.verdict, message.reason), ("refused", "blacklisted"))


@tagged("post_install", "-at_install")
class TestNothingPastTheGate(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._people(1)

    def test_the_package_has_one_sender(self):
        """Nothing under models/care makes anything for a customer but ``customer_care_send``."""
        found = {}
        for path in sorted(CARE.glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                what = None
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                if node.func.attr in SENDING and not self._is_super(node.func.value):
                    what = node.func.attr
                elif node.func.attr == "create":
                    names = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
                    what = next(iter(names & SENDING_MODELS), None)
                if what:
                    found.setdefault(path.name, set()).add(what)
        self.assertEqual(found, {"customer_care_send.py": {"mail.mail", "sms.sms", "_open"}})

    @staticmethod
    def _is_super(node):
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "super"
        )

    def test_every_message_to_a_customer_has_a_row(self):
        refuses = self._people(1, "Refuses")
        self._consent(refuses, "refused")
        program = self._program()
        before = self.env["mail.mail"].search([])
        self._plan(program)
        self._hand_over()
        made = self.env["mail.mail"].search([]) - before
        self.assertEqual(
            made.customer_care_message_id,
            self._messages(program).filtered(lambda m: m.verdict == "handed"),
        )
        self.assertEqual(len(made), 1)

    def test_sending_around_it_is_refused(self):
        program = self._program()
        self._plan(program)
        message = self._messages(program)
        compose = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": message._name,
                "res_ids": message.ids,
                "template_id": self.template.id,
                "email_from": "x@example.com",
            }
        )
        for way in (
            lambda: self.template.send_mail(message.id),
            lambda: self.template.send_mail_batch(message.ids),
            lambda: self.env["mail.mail"].create({"customer_care_message_id": message.id}),
            lambda: (
                self.env["mail.mail"]
                .with_context(customer_care_gate=True)
                .create({"customer_care_message_id": message.id})
            ),
            compose._action_send_mail,
        ):
            with self.assertRaises(UserError):
                way()
        self.assertFalse(self._mails(program))

    def test_people_make_no_messages(self):
        boss = self._user("boss", "admin")
        for operation in ("create", "write", "unlink"):
            self.assertFalse(self.Message.with_user(boss).has_access(operation))

    def test_the_database_keeps_one_message_for_an_occasion_and_one_mail_for_a_message(self):
        program = self._program()
        self._plan(program)
        self._hand_over()
        message = self._messages(program)
        mail = self._mails(program)
        for statement, values in (
            (
                "INSERT INTO customer_care_message (program_id, company_id, profile_id, partner_id,"
                " channel, occasion_key, judged_on, verdict) SELECT program_id, company_id, profile_id,"
                " partner_id, channel, occasion_key, judged_on, 'queued' FROM customer_care_message"
                " WHERE id = %s",
                [message.id],
            ),
            (
                "INSERT INTO mail_mail (mail_message_id, customer_care_message_id)"
                " SELECT mail_message_id, customer_care_message_id FROM mail_mail WHERE id = %s",
                [mail.id],
            ),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(statement, values)


@tagged("post_install", "-at_install")
class TestJob(CareCase):
    def test_the_scheduled_action_does_all_of_it_and_then_nothing(self):
        people = self._people(4)
        program = self._program()
        cron = self.env.ref("customer_success.ir_cron_care")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            [message.verdict for message in self._messages(program, *people)], ["handed"] * 4
        )
        rows = self._physical_messages(program)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._physical_messages(program), rows, "a second run writes nothing")

    def _physical_messages(self, program):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, ctid::text, xmin::text FROM customer_care_message"
            " WHERE program_id = %s ORDER BY id",
            [program.id],
        )
        return self.env.cr.fetchall()
