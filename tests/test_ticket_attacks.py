"""Whoever is on the other side of the wall, and what it tries: other people's tickets, files, floods."""

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..models.ticket import customer_ticket_intake
from ..models.ticket.customer_ticket_files import CustomerFile
from ..models.ticket.customer_ticket_portal import READ_BY_CUSTOMERS
from .portal_case import PNG, PROGRAM, PortalCase

#: What is typed into every field that is shown to somebody.
INJECTED = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "{{ 7 * 19119117 }}",
    '<t t-out="7 * 19119117"/>',
    "${7 * 19119117}",
    "<a href='javascript:alert(1)'>x</a>",
)


@tagged("post_install", "-at_install")
class TestWalls(PortalCase):
    def _denied(self, response, *secrets):
        for secret in secrets:
            self.assertNotIn(secret, response.text)

    def test_another_customers_ticket_on_every_route(self):
        ticket = self._ticket(name="Secret of Acme")
        self._solve(ticket, "Secret solution")
        self.authenticate("portal_eve", "portal_eve")
        secrets = ("Secret of Acme", "Secret solution", ticket.number)
        for path in (
            f"/my/tickets/{ticket.id}",
            "/my/tickets",
            "/my/tickets?search=Secret",
            "/my/tickets/export",
            f"/my/tickets/{ticket.id + 10**6}",
        ):
            with self.subTest(path):
                self._denied(self._get(path), *secrets)
        self._post(f"/my/tickets/{ticket.id}/reopen", {"words": "I say so"})
        self.assertEqual(ticket.stage_id, self.stage["solved"])
        for route, params in (
            ("/mail/chatter_fetch", {}),
            ("/portal/chatter_init", {}),
            ("/mail/message/post", {"post_data": {"body": "x"}}),
            ("/mail/thread/messages", {}),
        ):
            params |= {"thread_model": "customer.ticket", "thread_id": ticket.id}
            with self.subTest(route), mute_logger("odoo.http"):
                try:
                    answer = self.make_jsonrpc_request(route, params)
                except JsonRpcException:
                    continue
                self.assertNotIn("Secret", json.dumps(answer))
        self.assertFalse(ticket.message_ids.filtered(lambda m: m.author_id == self.eve.partner_id))

    def test_tokens(self):
        """Altered, empty, of another ticket, and of a ticket that never had one."""
        ticket, other = self._ticket(name="Secret"), self._ticket(self.eve)
        token, foreign = ticket._portal_ensure_token(), other._portal_ensure_token()
        self.authenticate(None, None)
        self.assertIn("Secret", self._get(ticket.get_portal_url()).text)
        for wrong in (
            "",
            foreign,
            token[:-1],
            token + "x",
            token.upper(),
            "False",
            "None",
            "%00",
            "'--",
        ):
            with self.subTest(wrong):
                self._denied(self._get(f"/my/tickets/{ticket.id}?access_token={wrong}"), "Secret")
        self._denied(self._get(f"/my/tickets/{ticket.id}"), "Secret")
        self._solve(ticket)
        self._post(f"/my/tickets/{ticket.id}/reopen", {"words": "x", "access_token": foreign})
        self.assertEqual(ticket.stage_id, self.stage["solved"])
        ticket.access_token = False
        for empty in ("", "False", "None", "0"):
            with self.subTest(f"no token: {empty}"):
                self._denied(self._get(f"/my/tickets/{ticket.id}?access_token={empty}"), "Secret")

    @mute_logger("odoo.http")
    def test_only_posts_that_the_page_itself_made(self):
        ticket = self._ticket()
        self._solve(ticket)
        self.authenticate("portal_carl", "portal_carl")
        token = self.team.sudo().opinion_token
        for path, data in (
            ("/my/tickets/new/send", {"kind": "complaint", "words": "x"}),
            (f"/my/tickets/{ticket.id}/reopen", {"words": "x"}),
            (f"/opinions/{token}/send", {"kind": "complaint", "words": "x"}),
        ):
            with self.subTest(path):
                self.assertEqual(self._get(path).status_code, 405)
                self.assertEqual(self._post(path, data, csrf=False).status_code, 400)
                self.assertEqual(
                    self._post(path, {**data, "csrf_token": "forged"}, csrf=False).status_code, 400
                )
        self.assertEqual(self._own_tickets(), ticket)
        self.assertEqual(ticket.stage_id, self.stage["solved"])

    def test_an_order_or_product_of_somebody_else(self):
        product = self.env["product.product"].create({"name": "Theirs"})
        order = self._in(self.company)["sale.order"].create(
            {
                "partner_id": self.other.id,
                "company_id": self.company.id,
                "order_line": [fields.Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        self.authenticate("portal_carl", "portal_carl")
        self._denied(self._get(f"/my/tickets/new?order_id={order.id}"), order.name)
        for number in (order.id, "x", "-1", "²", "9" * 5000):
            self._post(
                "/my/tickets/new/send",
                {"kind": "complaint", "words": "x", "order_id": number, "product_id": product.id},
            )
        tickets = self._own_tickets()
        self.assertEqual(len(tickets), 5)
        self.assertFalse(tickets.order_id)
        self.assertFalse(tickets.product_id)

    def test_a_kind_of_ones_own_making(self):
        self.authenticate("portal_carl", "portal_carl")
        self._post("/my/tickets/new/send", {"kind": "refund", "words": "x", "severity": "3"})
        self.assertFalse(self._own_tickets())
        self._post(
            "/my/tickets/new/send",
            {"kind": "praise", "words": "x", "severity": "3", "user_id": 2, "stage_id": 7},
        )
        ticket = self._own_tickets()
        self.assertEqual((ticket.severity, ticket.stage_id), ("1", self.stage["new"]))


@tagged("post_install", "-at_install")
class TestFiles(PortalCase):
    def setUp(self):
        super().setUp()
        self.authenticate("portal_carl", "portal_carl")

    def test_large_and_running_files_are_refused_and_words_kept(self):
        for name, content, words in (
            ("photo.jpg", b"\xff\xd8\xff" + b"\x00" * (50 * 1024 * 1024), "larger than 10 MB"),
            ("setup.exe", PROGRAM, "is a program"),
            ("photo.jpg", PROGRAM, "is a program"),
            ("photo.jpg.exe", PNG, "is a program"),
            ("drawing.svg", b"<svg onload='alert(1)'/>", "is a program"),
            ("page.html", b"<script>alert(1)</script>", "is a program"),
            ("photo.jpg", b"<script>alert(1)</script>", "not what its name says"),
            ("data.xyz", b"abc", "kind that is not taken"),
            ("empty.png", b"", "is empty"),
        ):
            with self.subTest(name, words=words):
                page = self._post(
                    "/my/tickets/new/send",
                    {"kind": "complaint", "words": "Kept words"},
                    [
                        ("files", ("good.png", PNG, "image/png")),
                        ("files", (name, content, "image/jpeg")),
                    ],
                )
                self.assertIn(words, self._errors(page))
                self.assertEqual(self._field(page, "words"), "Kept words")
        self.assertFalse(self._own_tickets())

    def test_in_the_conversation_too(self):
        ticket = self._ticket()
        lying = [("res_model", "=", "customer.ticket"), ("res_id", "=", ticket.id)]

        def upload(content, pending):
            return self._post(
                "/mail/attachment/upload",
                {"thread_model": "customer.ticket", "thread_id": ticket.id, "is_pending": pending},
                [("ufile", ("photo.jpg", content, "image/jpeg"))],
            )

        with mute_logger("odoo.http"):
            self.assertNotEqual(upload(PROGRAM, "").status_code, 200)
        self.assertFalse(self.env["ir.attachment"].search(lying))
        for content, taken in ((PROGRAM, False), (b"\xff\xd8\xff" + b"\x00" * 60, True)):
            pending = upload(content, "true").json()["data"]
            data = {
                "body": "See the photo",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "attachment_ids": [pending["attachment_id"]],
                "attachment_tokens": [pending["store_data"]["ir.attachment"][0]["ownership_token"]],
            }
            with self.subTest(taken=taken), mute_logger("odoo.http"):
                try:
                    self.make_jsonrpc_request(
                        "/mail/message/post",
                        {
                            "thread_model": "customer.ticket",
                            "thread_id": ticket.id,
                            "post_data": data,
                        },
                    )
                    self.assertTrue(taken)
                except JsonRpcException as error:
                    self.assertFalse(taken, error)
        self.assertEqual(len(self.env["ir.attachment"].search(lying)), 1)

    def test_what_lies_at_a_ticket_is_opened_by_its_key_alone(self):
        """A colleague's file at a note among us is not to be had by trying numbers, nor anybody's."""
        ticket = self._ticket()
        ticket._keep_said_files([CustomerFile("said.png", PNG, len(PNG), PNG)])
        said = ticket.said_attachment_ids
        noted = (
            self.env["ir.attachment"]
            .with_user(self.ann)
            .create(
                {
                    "name": "noted.txt",
                    "raw": b"text",
                    "res_model": "customer.ticket",
                    "res_id": ticket.id,
                }
            )
        )
        ticket.with_user(self.ann).message_post(body="x", attachment_ids=noted.ids)
        for login in ("portal_carl", "portal_eve", None):
            self.authenticate(login, login)
            for path, status in (
                (f"/web/content/{said.id}?access_token={said.access_token}", 200),
                (f"/web/content/{said.id}", 404),
                (f"/web/content/{said.id}?access_token=x", 404),
                (f"/web/content/{noted.id}", 404),
                (f"/web/content/{noted.id}?access_token={said.access_token}", 404),
                (f"/web/content/customer.ticket/{ticket.id}/said", 404),
            ):
                with self.subTest(path, login=login):
                    self.assertEqual(self._get(path).status_code, status)


@tagged("post_install", "-at_install")
class TestInjection(PortalCase):
    def _dangerous(self, text):
        """Elements that would run: parsed as a browser parses, not searched as text."""
        from lxml import html

        tree = html.fromstring(f"<div>{text}</div>")
        return [
            html.tostring(node)
            for node in tree.iter()
            if isinstance(node.tag, str)
            and (
                (node.tag == "script" and "alert(1)" in (node.text or ""))
                or any(name.startswith("on") and "alert" in node.get(name) for name in node.attrib)
                or "javascript:" in (node.get("href") or "")
            )
        ]

    def test_in_every_field_of_the_portal(self):
        self.authenticate("portal_carl", "portal_carl")
        for text in INJECTED:
            with self.subTest(text):
                page = self._post(
                    "/my/tickets/new/send",
                    {"kind": "complaint", "subject": text, "words": text},
                    [("files", (f"{text.replace('/', '')}.png", PNG, "image/png"))],
                )
                ticket = self._own_tickets().sorted("id")[-1]
                self._solve(ticket, text)
                for rendered in (
                    page.text,
                    self._get(f"/my/tickets/{ticket.id}").text,
                    self._get("/my/tickets").text,
                    ticket.said,
                    *ticket.message_ids.mapped("body"),
                ):
                    self.assertFalse(self._dangerous(rendered))
                    self.assertNotIn("133833819", rendered, "nothing is computed")
                self.assertEqual(ticket.said_text, text)
                confirmation = ticket.message_ids.filtered(
                    lambda m: m.message_type == "auto_comment"
                )
                self.assertTrue(confirmation)
                page = self._post("/my/tickets/new/send", {"kind": "complaint", "subject": text})
                self.assertEqual(self._field(page, "subject"), text, "shown as it was typed")
                self.assertFalse(self._dangerous(page.text))

    def test_in_every_field_of_the_box(self):
        path = f"/opinions/{self.team.sudo().opinion_token}"
        self.authenticate(None, None)
        self.company.customer_opinions_per_hour = 100
        stamp = self.env["customer.ticket.intake"]._stamp(
            self.team, fields.Datetime.now() - timedelta(minutes=1)
        )
        for text in INJECTED:
            with self.subTest(text):
                data = {"kind": "complaint", "words": text, "stamp": stamp}
                page = self._post(f"{path}/send", {**data, "email": text, "kind": text})
                self.assertFalse(self._dangerous(page.text))
                page = self._post(f"{path}/send", data)
                ticket = self._own_tickets().sorted("id")[-1]
                self.assertEqual(ticket.said_text, text)
                link = self._page(page).xpath("//a[contains(@href, 'access_token')]/@href")[0]
                for rendered in (page.text, self._get(link).text, ticket.said):
                    self.assertFalse(self._dangerous(rendered))
                    self.assertNotIn("133833819", rendered)

    def test_no_header_gets_into_a_mail(self):
        path = f"/opinions/{self.team.sudo().opinion_token}/send"
        self.authenticate(None, None)
        stamp = self.env["customer.ticket.intake"]._stamp(
            self.team, fields.Datetime.now() - timedelta(minutes=1)
        )
        for address in (
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example\nSubject: x",
            "a@b.example, c@d.example",
            "a@b.example;c@d.example",
            "<a@b.example>",
            "A <a@b.example>",
            "a@b.example%0aBcc:c@d.example",
            "a@b",
        ):
            with self.subTest(address):
                page = self._post(path, {"words": "x", "email": address, "stamp": stamp})
                self.assertIn("not complete", self._errors(page))
        self.assertFalse(self._own_tickets())
        self.authenticate("portal_carl", "portal_carl")
        self._post(
            "/my/tickets/new/send",
            {"kind": "complaint", "words": "x", "subject": "Tiles\r\nBcc: c@d.example"},
        )
        ticket = self._own_tickets()
        self.assertEqual(ticket.name, "Tiles Bcc: c@d.example")


@tagged("post_install", "-at_install")
class TestCallsByCustomers(PortalCase):
    """What a customer with a login gets by calls, past all pages."""

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(cost=12)
        self.mine = self.ticket.with_user(self.carl).with_context(
            allowed_company_ids=self.company.ids
        )

    def test_reading_is_field_by_field(self):
        self.assertEqual(self.mine.search([]), self.mine)
        (values,) = self.mine.search_read([])
        self.assertLessEqual(values.keys(), READ_BY_CUSTOMERS)
        self.assertEqual(values["portal_state"], "Received")
        self.assertLessEqual(self.mine.fields_get().keys(), READ_BY_CUSTOMERS)
        for name, field in self.ticket._fields.items():
            if name in READ_BY_CUSTOMERS:
                continue
            with self.subTest(name), mute_logger("odoo.models"):
                with self.assertRaises(AccessError):
                    self.mine.read([name])
                if field.store and field.column_type:
                    value = self.ticket[name].id if field.relational else self.ticket[name]
                    with self.assertRaises(AccessError):
                        self.mine.search([(name, "=", value)])
                    with self.assertRaises(AccessError):
                        self.mine.search([], order=name)
                    with self.assertRaises(AccessError):
                        self.mine._read_group([], [], [f"{name}:count"])
        for name in ("value_tier_id", "cost", "sla_policy_id", "due_at", "solution", "user_id"):
            self.assertNotIn(name, READ_BY_CUSTOMERS)

    def test_nothing_is_written_made_or_deleted(self):
        for change in (
            lambda: self.mine.write({"name": "x"}),
            lambda: self.mine.write({"stage_id": self.stage["closed"].id}),
            lambda: self.mine.write({"access_token": "x"}),
            lambda: self.mine.create({"name": "x"}),
            lambda: self.mine.unlink(),
            lambda: self.mine.web_save({"name": "x"}, {}),
            lambda: self.mine.name_create("x"),
            lambda: self.mine.copy(),
            lambda: self.mine.message_subscribe(partner_ids=self.eve.partner_id.ids),
            lambda: self.mine.activity_schedule(summary="x"),
        ):
            with self.assertRaises(UserError), mute_logger("odoo.models"):
                change()
                self.env.flush_all()

    def test_no_button_works(self):
        for name in dir(type(self.ticket)):
            if name.startswith("action_") and any(
                name in vars(base) and "customer_success" in base.__module__
                for base in type(self.ticket).__mro__
            ):
                with self.subTest(name), self.assertRaises(UserError):
                    getattr(self.mine, name)()

    def test_another_customers_ticket(self):
        theirs = self.ticket.with_user(self.eve)
        self.assertFalse(theirs.search([]))
        for door in (
            lambda: theirs.read(["name"]),
            lambda: theirs.message_post(body="x"),
            lambda: theirs.get_portal_url(),
        ):
            theirs.invalidate_recordset()
            with self.assertRaises(AccessError):
                door()

    def test_a_customer_speaks_for_itself_alone(self):
        """As somebody of ours it would stop our clocks; as a mailer it would write to anybody."""
        message = self.mine.message_post(
            body="We are satisfied, close it",
            author_id=self.ann.partner_id.id,
            email_from="ann@team.example",
            message_type="email",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.eve.partner_id.ids,
            outgoing_email_to="victim@elsewhere.example",
            email_layout_xmlid="mail.mail_notification_light",
        ).sudo()
        self.assertEqual(message.author_id, self.carl.partner_id)
        self.assertEqual((message.message_type, message.subtype_id.internal), ("comment", False))
        self.assertFalse(message.partner_ids)
        self.assertFalse(message.outgoing_email_to)
        self.assertFalse(self.ticket.responded_at)

    def test_a_customer_posts_no_file_of_others(self):
        file = self.env["ir.attachment"].with_user(self.ann).create({"name": "a.txt", "raw": b"x"})
        message = self.mine.message_post(body="x", attachment_ids=file.ids).sudo()
        self.assertFalse(message.attachment_ids)
        with self.assertRaises(UserError):
            self.mine.message_post(body="x", attachments=[("a.jpg", PROGRAM)])

    def test_notes_among_colleagues_stay_there(self):
        self.ticket.with_user(self.ann).message_post(
            body="A difficult customer", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.authenticate("portal_carl", "portal_carl")
        params = {"thread_model": "customer.ticket", "thread_id": self.ticket.id}
        for more in ({}, {"token": self.ticket._portal_ensure_token()}):
            answer = json.dumps(self.make_jsonrpc_request("/mail/chatter_fetch", params | more))
            self.assertNotIn("difficult", answer)
        found = (
            self.env["mail.message"]
            .with_user(self.carl)
            .search([("model", "=", "customer.ticket"), ("res_id", "=", self.ticket.id)])
        )
        self.assertNotIn("difficult", " ".join(found.mapped("body")))


@tagged("post_install", "-at_install")
class TestFlood(PortalCase):
    def setUp(self):
        super().setUp()
        self.Intake = self.env["customer.ticket.intake"]
        self.path = f"/opinions/{self.team.sudo().opinion_token}"

    def _rows(self):
        return self.Intake.search([("team_id", "=", self.team.id)])

    def test_thirty_from_one_address(self):
        self.authenticate(None, None)
        stamp = self.Intake._stamp(self.team, fields.Datetime.now() - timedelta(minutes=1))
        with patch.object(customer_ticket_intake._logger, "info") as logged:
            statuses = [
                self._post(
                    f"{self.path}/send", {"kind": "praise", "words": f"Spam {n}", "stamp": stamp}
                ).status_code
                for n in range(30)
            ]
        self.assertEqual(statuses, [200] * 5 + [429] * 25)
        self.assertEqual(len(self._own_tickets()), 5)
        self.assertEqual(logged.call_count, 1)

    def test_ten_thousand_from_one_address_write_six_rows(self):
        now = fields.Datetime.now()
        verdicts = [
            self.Intake._admit(self.team, "203.0.113.9", now + timedelta(milliseconds=n))
            for n in range(10_000)
        ]
        self.assertEqual(verdicts.count(False), 5)
        rows = self._rows()
        self.assertEqual(len(rows), 6)
        self.assertNotIn("203.0.113.9", " ".join(rows.mapped("address_hash")))
        self.assertFalse(self.Intake._admit(self.team, "203.0.113.10", now), "others get through")
        later = now + timedelta(hours=1, seconds=20)
        self.assertFalse(self.Intake._admit(self.team, "203.0.113.9", later), "and it, in an hour")

    def test_from_many_addresses(self):
        self.company.customer_opinions_per_day = 7
        now = fields.Datetime.now()
        verdicts = [self.Intake._admit(self.team, f"198.51.100.{n}", now) for n in range(200)]
        self.assertEqual(verdicts, [False] * 7 + ["box"] * 193)
        self.assertEqual(len(self._rows()), 8)
        other = self.team.copy({"name": "Another", "opinion_box": True})
        self.assertFalse(self.Intake._admit(other, "198.51.100.99", now))

    def test_forgotten_after_two_days(self):
        now = fields.Datetime.now()
        self.Intake._admit(self.team, "a", now - timedelta(days=3))
        self.Intake._admit(self.team, "a", now)
        self.Intake._gc_intake()
        self.assertEqual(self._rows().mapped("at"), [now])
