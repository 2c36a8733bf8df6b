"""The mail loop over a real socket: in at the gateway, out through SMTP, and back, twice around."""

from email.message import EmailMessage
from email.utils import parseaddr
from itertools import pairwise

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .smtp_server import SmtpServer
from .test_ticket_mail import ADDRESS, MailCase

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
CERTIFICATE = b"%PDF-1.4\n" + bytes(range(255, -1, -1)) * 40


class SmtpCase(MailCase):
    def setUp(self):
        super().setUp()
        self.server = SmtpServer()
        self.server.start()
        self.addCleanup(self.server.stop)
        self.enterContext(self.server.serving(self.env))
        self.env["mail.mail"].search(
            [("state", "=", "outgoing")]
        ).unlink()  # other tests' and demo's
        self._number = 0

    def _send_in(self, body, answer_to=None, attachment=None, cc=None):
        """The customer writes, or answers what came out of the socket, as a mail program does."""
        self._number += 1
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "Carl <carl@acme.example>", "Tiles broken"
        mail["To"] = answer_to["Reply-To"] if answer_to else ADDRESS
        mail["Message-ID"] = f"<in-{self._number}@acme.example>"
        if cc:
            mail["Cc"] = cc
        if answer_to:
            mail.replace_header("Subject", f"Re: {answer_to['Subject']}")
            mail["In-Reply-To"] = answer_to["Message-ID"]
            mail["References"] = (
                f"{answer_to['References'] or ''} {answer_to['Message-ID']}".strip()
            )
        mail.set_content(body)
        if attachment:
            mail.add_attachment(attachment, maintype="image", subtype="png", filename="tiles.png")
        gateway = self.env["mail.thread"].with_user(self.env.ref("base.user_root")).sudo()
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            gateway.message_process(False, mail.as_bytes())
        return mail

    def _delivered(self, address="carl@acme.example"):
        """What came to this address since the last look."""
        box = [delivered for delivered in self.server.box if address in delivered.recipients]
        self.server.box[:] = [item for item in self.server.box if item not in box]
        return box

    def _one(self, words):
        """The one mail that the customer got, in answer to its thread and to nobody else."""
        self.assertEqual(
            len(self.server.box), 1, [item.mail["Subject"] for item in self.server.box]
        )
        (delivered,) = self._delivered()
        self.assertEqual(delivered.recipients, ["carl@acme.example"])
        self.assertEqual(parseaddr(delivered.mail["Reply-To"])[1], ADDRESS)
        self.assertIn(words, delivered.text)
        return delivered

    def _queue(self):
        """What Odoo's queue does."""
        self.env["mail.mail"].process_email_queue()

    def _retry(self, minutes=10):
        """What our scheduled action and the queue after it do, so many minutes after a failure."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_mail SET write_date = %s - %s * interval '1 minute'"
                " WHERE state = 'exception'",
                self._noon(self.today),
                minutes,
            )
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_ticket_mail").method_direct_trigger()
        self.env.invalidate_all()
        self._queue()

    def _mails(self, *states):
        return self.env["mail.mail"].search(
            [("model", "=", "customer.ticket"), ("state", "in", states)]
        )


@tagged("post_install", "-at_install")
class TestLoopOverSmtp(SmtpCase):
    def test_twice_around(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.contact.lang = "fr_FR"
        self.stage["solved"].template_id.with_context(lang="fr_FR").write(
            {"subject": "{{ object.number }} : notre solution", "body_html": "<p>Résolu</p>"}
        )
        sent = []

        # in, with a picture; confirmed, and by a machine, so it is no answer
        first = self._send_in("Broken, see the picture", attachment=PHOTO)
        ticket = self._all_tickets()
        self.assertEqual((len(ticket), ticket.contact_id), (1, self.contact))
        attached = self.env["ir.attachment"].search(
            [("res_model", "=", "customer.ticket"), ("res_id", "=", ticket.id)]
        )
        self.assertEqual((attached.name, attached.raw), ("tiles.png", PHOTO))
        sent.append(self._one(ticket.number))
        self.assertIn(first["Message-ID"], sent[-1].mail["References"])
        self.assertFalse(ticket.responded_at)

        # a person answers, with a file
        ticket.with_user(self.ann).action_take()
        file = (
            self.env["ir.attachment"]
            .with_user(self.ann)
            .create({"name": "note.pdf", "raw": CERTIFICATE})
        )
        ticket.with_user(self.ann).message_post(
            body="We look into it",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=file.ids,
        )
        sent.append(self._one("We look into it"))
        self.assertEqual(sent[-1].files, {"note.pdf": CERTIFICATE})
        self.assertTrue(ticket.responded_at)

        for turn in (1, 2):
            ticket.with_user(self.ann).write(
                {"solution": f"New tiles {turn}", "stage_id": self.stage["solved"].id}
            )
            sent.append(self._one("Résolu"))
            self.assertIn("notre solution", sent[-1].mail["Subject"])
            if turn == 1:  # not solved for the customer
                reply = self._send_in("Broken again", answer_to=sent[-1].mail)
                self.assertEqual(ticket.stage_id, self.stage["reopened"])
                mails = self._delivered(self.ann.email)
                self.assertLessEqual(len(mails), 1, "its owner hears of it once")
                sent.append(self._one(ticket.number))
                self.assertIn(reply["Message-ID"], sent[-1].mail["References"])

        # the customer says that it is well, and the loop is closed
        ticket.with_user(self.ann).return_visit_outcome = "happy"
        self._go(ticket.with_user(self.ann), "confirmed", "closed")
        sent.append(self._one(ticket.number))
        self.assertEqual(
            ticket.move_ids.sorted("id").mapped("to_stage_id"),
            self.env["customer.ticket.stage"].union(
                *(self.stage[n] for n in ("new", "solved", "reopened", "confirmed", "closed"))
            ),
        )
        self.assertEqual(len(ticket.move_ids), 6)
        self.assertEqual(self._all_tickets(), ticket, "one ticket all the way")
        ids = [item.mail["Message-ID"] for item in sent]
        self.assertEqual(len(set(ids)), len(ids), "and each mail its own")
        for before, after in pairwise(sent):
            known = after.mail["References"].split()
            self.assertIn(
                before.mail["Message-ID"], known, "in the customer's mail program, one thread"
            )
        self.assertFalse(self._mails("outgoing", "exception"))
        self.assertFalse(self.server.box)

    def test_everybody_in_copy_gets_it_once(self):
        """A follower who is also the contact's colleague; the queue looked at again finds nothing."""
        dora = self.env["res.partner"].create(
            {"name": "Dora", "parent_id": self.customer.id, "email": "dora@acme.example"}
        )
        ticket = self._ticket()
        ticket.message_subscribe(dora.ids)
        self.server.box.clear()
        self._say(ticket)
        self._queue()
        self._queue()
        self.assertEqual(
            sorted(address for item in self.server.box for address in item.recipients),
            ["carl@acme.example", "dora@acme.example"],
        )


@tagged("post_install", "-at_install")
class TestMailServerFails(SmtpCase):
    """Nothing that was decided depends on a mail server; what it did not take is tried again."""

    def _solved_while(self, mode):
        """A ticket is solved while the server fails; what is left then."""
        ticket = self._ticket(solution="New tiles")
        self.server.box.clear()
        self.server.mode = mode
        if mode == "down":
            self.server.stop()
        here = ticket.with_context(mail_notify_force_send=False)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            here.stage_id = self.stage["solved"]
            self._queue()
        self.assertEqual(ticket.stage_id, self.stage["solved"], "the ticket is solved all the same")
        self.assertEqual(len(self._mails("exception")), 1)
        self.assertFalse(self.server.box)
        return ticket

    def _recover(self):
        self.server.mode = "take"
        if not self.server._controller:
            self.server.start()

    def test_sent_once_when_the_server_is_back(self):
        for mode in ("down", "busy", "drop"):
            with self.subTest(mode):
                ticket = self._solved_while(mode)
                mail = self._mails("exception")
                message_id = mail.message_id
                self._recover()
                self._queue()
                self.assertFalse(self.server.box, "Odoo itself leaves it for ever")
                self._retry(minutes=1)
                self.assertFalse(self.server.box, "a busy server is given some time")
                self._retry()
                self._retry()
                self._queue()
                delivered = self._one(ticket.number)
                self.assertEqual(delivered.mail["Message-ID"], message_id)
                self.assertFalse(self._mails("exception", "outgoing"))

    def test_at_once_and_the_server_is_down(self):
        """Not through the queue, as when a person presses the button: no error for the person."""
        self.server.stop()
        ticket = self._solve(self._ticket())
        self.assertEqual(ticket.stage_id, self.stage["solved"])
        self.assertTrue(ticket.told_at)
        self.assertEqual(len(self._mails("exception")), 2)
        self._recover()
        self._retry()
        self.assertEqual(len(self._delivered()), 2)

    def test_who_has_got_it_does_not_get_it_again(self):
        dora = self.env["res.partner"].create(
            {"name": "Dora", "parent_id": self.customer.id, "email": "dora@acme.example"}
        )
        ticket = self._ticket()
        ticket.message_subscribe(dora.ids)
        self.server.box.clear()
        self.server.refused = {"dora@acme.example"}
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self._say(ticket)
        self.assertEqual(len(self._delivered("carl@acme.example")), 1)
        self.server.refused = set()
        self._retry()
        self.assertEqual(len(self._delivered("dora@acme.example")), 1)
        self.assertFalse(self._delivered("carl@acme.example"))

    def test_it_gives_up_in_the_end(self):
        self._solved_while("busy")
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            for __ in range(8):
                self._retry(minutes=3000)
        self._recover()
        self._retry(minutes=3000)
        self.assertFalse(self.server.box)
        mail = self._mails("exception")
        self.assertEqual(mail.customer_tries, 5)
        self.assertEqual(
            self.env["mail.notification"]
            .search([("mail_mail_id", "=", mail.id)])
            .mapped("notification_status"),
            ["exception"],
            "and the ticket says so",
        )

    def test_refused_for_good_is_not_tried_again(self):
        self._solved_while("never")
        self._recover()
        self._retry(minutes=3000)
        self.assertFalse(self.server.box)
        self.assertEqual(len(self._mails("exception")), 1)
