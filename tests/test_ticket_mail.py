"""Mail in and out: what opens a ticket, what threads, what a customer is told and in which language."""

from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .ticket_case import TicketCase

ADDRESS = "complaints-here@our.example"


class MailCase(MockEmail, TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create(
            {"name": "our.example", "bounce_alias": "bounce-here", "catchall_alias": "catch-here"}
        )
        cls.company.write({"alias_domain_id": domain.id, "email": "office@our.example"})
        cls.team.write({"alias_name": "complaints-here", "alias_domain_id": domain.id})

    def _receive(
        self, subject="Broken", sender="Carl <carl@acme.example>", html="<p>Broken</p>", **headers
    ):
        """A mail arrives at Odoo's gateway; the tickets that it opened."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, headers.pop("to", ADDRESS), subject
        mail["Message-ID"] = headers.pop("message_id", f"<{len(self._received)}@acme.example>")
        attachment = headers.pop("attachment", None)
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content("Broken")
        mail.add_alternative(html, subtype="html")
        if attachment:
            mail.add_attachment(
                attachment[1], maintype="image", subtype="png", filename=attachment[0]
            )
        self._received.append(mail["Message-ID"])
        before = self._all_tickets()
        gateway = self.env["mail.thread"].with_user(self.env.ref("base.user_root")).sudo()
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread"):
            gateway.message_process(False, mail.as_bytes())
        return self._all_tickets() - before

    def setUp(self):
        super().setUp()
        self._received = []

    def _all_tickets(self):
        return self.env["customer.ticket"].search([("company_id", "=", self.company.id)])

    def _sent_to(self, address):
        return [mail for mail in self._mails if address in str(mail["email_to"])]


@tagged("post_install", "-at_install")
class TestIntake(MailCase):
    def test_a_mail_opens_a_ticket(self):
        png = b"\x89PNG\r\n\x1a\n" + b"0" * 50
        ticket = self._receive("Tiles broken", attachment=("tiles.png", png))
        self.assertEqual(len(ticket), 1)
        self.assertEqual(
            (ticket.name, ticket.partner_id, ticket.contact_id, ticket.channel, ticket.team_id),
            ("Tiles broken", self.customer, self.contact, "email", self.team),
        )
        self.assertIn("Broken", ticket.said)
        self.assertEqual(ticket.stage_id, self.stage["new"])
        self.assertTrue(ticket.response_due)
        attached = self.env["ir.attachment"].search(
            [("res_model", "=", "customer.ticket"), ("res_id", "=", ticket.id)]
        )
        self.assertEqual((attached.name, attached.raw), ("tiles.png", png))

    def test_the_customer_has_a_confirmation_that_is_no_answer(self):
        ticket = self._receive()
        confirmation = self._sent_to("carl@acme.example")
        self.assertEqual(len(confirmation), 1)
        self.assertIn(ticket.number, confirmation[0]["subject"])
        self.assertIn(ADDRESS, confirmation[0]["reply_to"])
        self.assertFalse(ticket.responded_at)
        self.assertNotIn("OdooBot", str(confirmation[0]["email_from"]))

    def test_twice_around_with_the_thread_intact(self):
        """In, out, in again, out again: one ticket, each mail in answer to the last."""
        ticket = self._receive(message_id="<first@acme.example>")
        last = "<first@acme.example>"
        for turn in range(2):
            with self.mock_mail_gateway():
                self._say(ticket, body=f"Answer {turn}")
            (answer,) = self._sent_to("carl@acme.example")
            self.assertIn(last, answer["references"])
            self.assertFalse(ticket.next_response_since)
            last = f"<turn{turn}@acme.example>"
            opened = self._receive(
                "Re: Broken",
                to=answer["reply_to"],
                message_id=last,
                In_Reply_To=answer["message_id"],
                References=f"{answer['references']} {answer['message_id']}",
            )
            self.assertFalse(opened, "it belongs to the ticket")
            self.assertTrue(ticket.next_response_since)
        said = ticket.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(len(said), 3)
        self.assertEqual(said.author_id, self.contact)

    def test_the_same_mail_twice_opens_one(self):
        self.assertEqual(len(self._receive(message_id="<same@acme.example>")), 1)
        self.assertFalse(self._receive(message_id="<same@acme.example>"))

    def test_what_a_program_sent_opens_nothing_and_is_not_answered(self):
        ticket = self._receive()
        reference = ticket.message_ids[-1].message_id
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"X_Autoreply": "yes"},
            {"Precedence": "bulk"},
        ):
            for thread in ({}, {"In_Reply_To": reference, "References": reference}):
                count = len(ticket.message_ids)
                with self.subTest(headers=headers, thread=bool(thread)):
                    self.assertFalse(self._receive("Out of office", **headers, **thread))
                    self.assertEqual(len(ticket.message_ids), count)
                    self.assertFalse(self._mails)

    def test_an_out_of_office_note_does_not_reopen(self):
        ticket = self._receive()
        ticket.user_id = self.ann
        self._solve(ticket)
        told = ticket.message_ids.filtered(lambda m: m.message_type == "auto_comment")[:1]
        self._receive("Away", In_Reply_To=told.message_id, Auto_Submitted="auto-replied")
        self.assertEqual(ticket.stage_id, self.stage["solved"])
        self._receive("Re", In_Reply_To=told.message_id)
        self.assertEqual(ticket.stage_id, self.stage["reopened"])

    def test_a_bounce_opens_nothing(self):
        self.assertFalse(
            self._receive("Undelivered", sender="MAILER-DAEMON <mailer-daemon@acme.example>")
        )

    def test_an_unknown_sender_is_heard_and_written_to(self):
        partners = self.env["res.partner"].search_count([("email", "ilike", "stranger")])
        ticket = self._receive(sender="Eve <eve@stranger.example>")
        self.assertFalse(ticket.partner_id)
        self.assertIn("eve@stranger.example", ticket.email_from)
        self.assertEqual(len(self._sent_to("eve@stranger.example")), 1)
        self.assertEqual(
            self.env["res.partner"].search_count([("email", "ilike", "stranger")]), partners
        )
        # somebody finds out who it is: its tier and service level count from then on
        ticket.with_user(self.boss).partner_id = self.customer
        self.assertEqual(ticket.sla_policy_id, self.policy)

    def test_a_blacklisted_sender_may_complain(self):
        self.env["mail.blacklist"]._add("carl@acme.example")
        self.assertEqual(self._receive().contact_id, self.contact)

    def test_a_colleague_forwards_what_a_customer_wrote(self):
        ticket = self._receive(sender=f"Ann <{self.ann.email}>")
        self.assertTrue(ticket)
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.responded_at)

    def test_hostile_html_is_tamed(self):
        ticket = self._receive(
            "<script>alert(1)</script>",
            html="<p onclick='steal()'>Broken</p><script>alert(1)</script>"
            "<img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>"
            "<iframe src='//evil'></iframe>",
        )
        shown = ticket.said + "".join(ticket.message_ids.mapped("body"))
        for attack in ("<script", "onclick", "onerror", "javascript:", "<iframe"):
            with self.subTest(attack):
                self.assertNotIn(attack, shown)
        self.assertIn("Broken", ticket.said)
        self.assertIn("&lt;script&gt;", "".join(ticket.message_ids.mapped("body")))

    def test_the_team_shares_it_out(self):
        self.team.assignment = "least"
        self.assertIn(self._receive().user_id, self.ann | self.ben)


@tagged("post_install", "-at_install")
class TestTelling(MailCase):
    def _told(self, ticket, stage):
        with self.mock_mail_gateway():
            self._go(ticket, stage)
        return self._sent_to("carl@acme.example")

    def test_the_customer_is_told_what_happened(self):
        ticket = self._ticket(solution="Sent 40 new tiles.")
        self._say(ticket)
        for stage, words in [
            ("acknowledged", self.ann.name),
            ("in_progress", None),
            ("waiting", "we need what we asked"),
            ("solved", "Sent 40 new tiles."),
            ("reopened", "taken up"),
        ]:
            told = self._told(ticket, stage)
            with self.subTest(stage):
                self.assertEqual(len(told), 1 if words else 0)
                if words:
                    self.assertIn(words, told[0]["body"])
                    self.assertIn(ticket.number, told[0]["subject"])

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.stage["acknowledged"].template_id
        template.with_context(lang="fr_FR").write(
            {"subject": "{{ object.number }} : prise en charge", "body_html": "<p>Bonjour</p>"}
        )
        ticket = self._ticket()
        self.contact.lang = "fr_FR"
        (told,) = self._told(ticket, "acknowledged")
        self.assertIn("prise en charge", told["subject"])
        self.assertIn("Bonjour", told["body"])

    def test_colleagues_who_follow_are_not_the_customer(self):
        ticket = self._ticket()
        ticket.message_subscribe(self.ben.partner_id.ids)
        ticket.message_unsubscribe(self.contact.ids)
        self._say(ticket)
        self.assertFalse(ticket.responded_at)

    def test_telling_how_it_was_solved_counts_as_telling(self):
        ticket = self._ticket(solution="New tiles")
        self._told(ticket, "solved")
        self.assertTrue(ticket.told_at)
        self.assertFalse(self._told(self._ticket(), "in_progress"))
        self.contact.email = self.customer.email = False
        silent = self._solve(self._ticket())
        self.assertFalse(silent.told_at)

    def test_a_template_of_ones_own(self):
        own = self.env["mail.template"].create(
            {
                "name": "Progress",
                "model_id": self.env["ir.model"]._get_id("customer.ticket"),
                "subject": "Working on {{ object.number }}",
                "body_html": "<p>Soon.</p>",
            }
        )
        self.stage["in_progress"].template_id = own
        (told,) = self._told(self._ticket(), "in_progress")
        self.assertIn("Working on T", told["subject"])
