"""The customer's side of tickets: saying something, following it, reopening it, looking it up."""

import csv
import io
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_case import PNG, PortalCase


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    def setUp(self):
        super().setUp()
        self.authenticate("portal_carl", "portal_carl")

    def test_said_in_two_steps_with_a_photo(self):
        about = self._get("/my/tickets/new")
        self.assertIn("What is it about?", self._text(about))
        say = self._get("/my/tickets/new?step=say&kind=suggestion")
        self.assertEqual(self._field(say, "kind"), "suggestion")
        page = self._post(
            "/my/tickets/new/send",
            {"kind": "suggestion", "subject": "Labels", "words": "Print them\nlarger."},
            [("files", ("label.png", PNG, "image/png"))],
        )
        ticket = self._own_tickets()
        self.assertEqual(
            (ticket.name, ticket.kind, ticket.channel, ticket.partner_id, ticket.contact_id),
            ("Labels", "suggestion", "portal", self.acme, self.carl.partner_id),
        )
        self.assertEqual((ticket.team_id, ticket.user_id), (self.team, self.ann))
        self.assertEqual(ticket.said_text, "Print them\nlarger.")
        self.assertEqual(ticket.said_attachment_ids.raw, PNG)
        text = self._text(page)
        for words in (ticket.number, "Print them", "Received", "label.png"):
            self.assertIn(words, text)
        link = next(
            href
            for href in self._page(page).xpath("//a[contains(., 'label.png')]/@href")
            if "/web/content/" in href
        )
        self.assertEqual(self._get(link).content, PNG)

    def test_about_an_order_of_ones_own(self):
        product = self.env["product.product"].create({"name": "Blue Tile"})
        order = self._in(self.company)["sale.order"].create(
            {
                "partner_id": self.acme.id,
                "company_id": self.company.id,
                "order_line": [fields.Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        self.assertIn(order.name, self._text(self._get("/my/tickets/new")))
        self._post(
            "/my/tickets/new/send",
            {"kind": "complaint", "words": "Late", "order_id": order.id, "product_id": product.id},
        )
        ticket = self._own_tickets()
        self.assertEqual(
            (ticket.order_id, ticket.product_id, ticket.name), (order, product, "Late")
        )

    def test_what_was_typed_is_kept_when_a_file_is_refused(self):
        self.company.customer_file_count = 1
        page = self._post(
            "/my/tickets/new/send",
            {"kind": "complaint", "subject": "Tiles", "words": "All <broken>"},
            [("files", (name, PNG, "image/png")) for name in ("a.png", "b.png")],
        )
        self.assertIn("At most 1 files", self._errors(page))
        self.assertEqual(self._field(page, "subject"), "Tiles")
        self.assertEqual(self._field(page, "words"), "All <broken>")
        self.assertFalse(self._own_tickets())

    def test_without_words_nothing_is_sent(self):
        page = self._post("/my/tickets/new/send", {"kind": "complaint", "words": "  "})
        self.assertIn("Please say", self._errors(page))
        self.assertFalse(self._own_tickets())

    def test_followed_solved_and_reopened(self):
        ticket = self._ticket()
        url = f"/my/tickets/{ticket.id}"
        ticket.solution = "A draft about the customer"
        text = self._text(self._get(url))
        self.assertIn("Received", text)
        self.assertNotIn("draft", text, "a solution is told once there is one")
        self.assertNotIn("It is not solved", text)
        self._solve(ticket)
        text = self._text(self._get(url))
        for words in ("Solved from our side", "Sent new tiles.", "It is not solved"):
            self.assertIn(words, text)
        page = self._post(f"{url}/reopen", {"words": "Half of them are broken again."})
        self.assertEqual((ticket.stage_id, ticket.reopened_count), (self.stage["reopened"], 1))
        said = ticket.message_ids.filtered(lambda message: message.message_type == "comment")[:1]
        self.assertIn("Half of them", said.body)
        self.assertEqual(said.author_id, self.carl.partner_id)
        move = ticket.move_ids.sorted("id")[-1]
        self.assertFalse(move.user_id, "the customer's own word")
        self.assertIn("Taken up again", self._text(page))
        self.assertNotIn("Solved from our side", self._page(page).xpath("string(//h3/..)"))
        # what is open already is not opened twice
        self._post(f"{url}/reopen", {"words": "Again"})
        self.assertEqual(ticket.reopened_count, 1)

    def test_the_customer_rates_on_the_page(self):
        ticket = self._ticket()
        url = f"/my/tickets/{ticket.id}"

        def form(path=url):
            return self._page(self._get(path)).xpath("//section[@id='ticket_rating']//form")

        self.assertFalse(form(), "nothing is solved yet")
        self._solve(ticket)
        (shown,) = form()
        page = self._post(shown.get("action"), {"rate": 3, "feedback": "It took long"})
        self.assertIn("We have noted", self._text(page))
        self.assertEqual((ticket.rating_grade, ticket.rating_words), ("okay", "It took long"))
        (shown,) = form()
        self.assertEqual(shown.xpath(".//input[@checked]/@value"), ["3"])
        self.authenticate("portal_eve", "portal_eve")
        with mute_logger("odoo.http"):
            refused = self._post(shown.get("action"), {"rate": 1})
        self.assertEqual(refused.status_code, 403)
        self.authenticate("portal_ann", "portal_ann")
        self.assertFalse(form(), "we do not rate ourselves")
        with mute_logger("odoo.http"):
            self.assertEqual(self._post(shown.get("action"), {"rate": 1}).status_code, 403)
        self.assertEqual(ticket.rating_grade, "okay")

    def test_rated_by_the_link_of_a_mail(self):
        """Without logging in; and then only by the link."""
        ticket = self._ticket()
        self._solve(ticket)
        token = ticket._portal_ensure_token()
        self.authenticate(None, None)
        (form,) = self._page(self._get(ticket.get_portal_url())).xpath(
            "//section[@id='ticket_rating']//form"
        )
        self.assertEqual(form.xpath(".//input[@name='access_token']/@value"), [token])
        for wrong in ({}, {"access_token": token + "x"}):
            with self.subTest(wrong), mute_logger("odoo.http"):
                posted = self._post(form.get("action"), {"rate": 1, **wrong})
                self.assertEqual(posted.status_code, 404)
        self.assertFalse(ticket.rating_grade)
        page = self._post(form.get("action"), {"rate": 5, "access_token": token})
        self.assertIn("We have noted", self._text(page))
        self.assertEqual(ticket.rating_grade, "great")
        self.assertEqual(ticket.rating_ids.partner_id, self.carl.partner_id)

    def test_the_link_of_a_merged_ticket_leads_to_the_one_that_stayed(self):
        ticket, again = self._ticket(), self._ticket(name="Broken tiles, again")
        link = again.get_portal_url()
        (ticket | again)._merge(ticket, tell=False)
        self.assertIn("more than once", self._text(self._get(f"/my/tickets/{again.id}")))
        self.authenticate(None, None)
        page = self._get(link)
        self.assertIn(f"/my/tickets/{ticket.id}?", page.url)
        self.assertIn(ticket.number, self._text(page))

    def test_reopening_asks_for_words(self):
        ticket = self._ticket()
        self._solve(ticket)
        page = self._post(f"/my/tickets/{ticket.id}/reopen", {"words": " "})
        self.assertIn("what is not solved", self._errors(page))
        self.assertEqual(ticket.stage_id, self.stage["solved"])

    def test_a_colleague_at_the_customer_sees_it_too(self):
        """A firm's tickets are the firm's."""
        ticket = self._ticket()
        __, dora = self._with_login("Branch", "Dora", "portal_dora")
        dora.partner_id.parent_id = self.acme
        self.authenticate("portal_dora", "portal_dora")
        self.assertIn(ticket.number, self._text(self._get("/my/tickets")))

    def test_another_company_of_ours_heard_it(self):
        """A portal user has one company, the customer says things to whichever it buys from."""
        company = self._new_company("Sister")
        team = self.env["customer.ticket.team"].search([("company_id", "=", company.id)])
        ticket = self.env["customer.ticket"].create(
            {"name": "To the sister", "team_id": team.id, "contact_id": self.carl.partner_id.id}
        )
        self.assertIn("To the sister", self._text(self._get("/my/tickets")))
        self.assertIn("To the sister", self._text(self._get(f"/my/tickets/{ticket.id}")))

    def test_the_archive_is_searched_filtered_and_sorted(self):
        broken = self._ticket(name="B broken", said="<p>The <b>glaze</b> is gone</p>")
        late = self._ticket(name="A late")
        late.solution = "Sent by courier"
        self._ticket(self.eve, name="Not yours", said="<p>glaze</p>")

        def found(query=""):
            page = self._page(self._get(f"/my/tickets{query}"))
            return [
                name.strip()
                for name in page.xpath(
                    "//*[hasclass('o_customer_tickets')]//*[hasclass('fw-bold')]/text()"
                )
            ]

        self.assertEqual(found(), ["A late", "B broken"])
        self.assertEqual(found("?sortby=oldest"), ["B broken", "A late"])
        self.assertEqual(found("?search=glaze"), ["B broken"])
        self.assertEqual(found(f"?search={broken.number}"), ["B broken"])
        self.assertEqual(found("?search=courier"), [], "not told yet")
        self._solve(late, "Sent by courier")
        self.assertEqual(found("?search=courier"), ["A late"])
        self._solve(broken)
        broken.return_visit_waived_reason = "Test"
        broken.with_user(self.ann).stage_id = self.stage["closed"]
        self.assertEqual(found("?filterby=closed"), ["B broken"])
        self.assertEqual(found("?filterby=open"), ["A late"])
        self.assertEqual(found("?sortby=nonsense&filterby=nonsense"), ["A late", "B broken"])

    def test_the_archive_as_a_table(self):
        ticket = self._ticket(name='=HYPERLINK("http://evil")', said="<p>瓷砖</p>")
        self._ticket(self.eve, name="Not yours")
        self._solve(ticket, "+1 tile")
        response = self._get("/my/tickets/export")
        titles, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
        values = dict(zip(titles, row, strict=True))
        self.assertEqual(values["Number"], ticket.number)
        self.assertEqual(values["Subject"], '\'=HYPERLINK("http://evil")', "no formula")
        self.assertEqual(values["How it was solved"], "'+1 tile")
        self.assertEqual(values["What was said"], "瓷砖")
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_listing_costs_the_same_for_one_and_for_many(self):
        self._ticket()
        counts = []
        for more in (0, 12):
            for number in range(more):
                self._ticket(name=f"More {number}")
            self._get("/my/tickets")  # fills caches
            before = self.cr.sql_log_count
            self._get("/my/tickets")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_the_home_page_offers_it(self):
        page = self._page(self._get("/my"))
        (card,) = page.xpath("//a[@href='/my/tickets']/..")
        self.assertNotIn("d-none", card.get("class"), "also before there is a first ticket")


@tagged("post_install", "-at_install")
class TestLinks(PortalCase):
    def test_whoever_has_the_link_follows_without_a_login(self):
        self.authenticate(None, None)
        ticket = self._ticket()
        self._solve(ticket)
        url = ticket.get_portal_url()
        self.assertIn("Sent new tiles.", self._text(self._get(url)))
        page = self._post(
            f"/my/tickets/{ticket.id}/reopen",
            {"words": "Still broken", "access_token": ticket.access_token},
        )
        self.assertEqual(ticket.stage_id, self.stage["reopened"])
        said = ticket.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(said.author_id, self.carl.partner_id)
        self.assertIn("Taken up again", self._text(page))

    def test_every_mail_to_the_customer_holds_the_link(self):
        ticket = self._ticket()
        self._solve(ticket)
        ticket._reopen_by_customer("No", self.carl.partner_id)
        bodies = ticket.message_ids.filtered(lambda m: m.message_type == "auto_comment").mapped(
            "body"
        )
        self.assertEqual(len(bodies), 3)
        for body in bodies:
            self.assertIn(f"/my/tickets/{ticket.id}?access_token={ticket.access_token}", body)
            self.assertIn("http", body)


@tagged("post_install", "-at_install")
class TestOpinionBox(PortalCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.path = f"/opinions/{self.team.sudo().opinion_token}"

    def _stamp(self, seconds=30):
        past = fields.Datetime.now() - timedelta(seconds=seconds)
        return self.env["customer.ticket.intake"]._stamp(self.team, past)

    def _put(self, words="Your driver was kind.", **data):
        data = {"kind": "praise", "words": words, "email": "", "stamp": self._stamp()} | data
        return self._post(f"{self.path}/send", data)

    def test_without_a_name(self):
        self.assertIn("Opinion box", self._text(self._get(self.path)))
        page = self._put()
        ticket = self._own_tickets()
        self.assertEqual(
            (ticket.channel, ticket.team_id, ticket.kind, ticket.partner_id, ticket.email_from),
            ("opinion_box", self.team, "praise", self.env["res.partner"], False),
        )
        self.assertIn(ticket.number, self._text(page))
        self.assertEqual(ticket.name, "Your driver was kind.")
        link = self._page(page).xpath("//a[contains(@href, 'access_token')]/@href")[0]
        self.assertIn("Your driver was kind.", self._text(self._get(link)))

    def test_an_address_is_kept_and_trusted_no_further(self):
        """It may be anybody's: no customer's archive grows by it, and nothing is mailed to it."""
        known = self._put(email="portal_carl@customer.example")
        unknown = self._put(email="nobody@customer.example")
        tickets = self._own_tickets().sorted("id")
        self.assertFalse(tickets.partner_id | tickets.contact_id)
        self.assertEqual(tickets.message_partner_ids, self.ann.partner_id)
        self.assertEqual(
            tickets.mapped("email_from"),
            ["portal_carl@customer.example", "nobody@customer.example"],
        )
        self.assertFalse(tickets.message_ids.filtered("outgoing_email_to"))
        same = [
            self._text(page).replace(ticket.access_token, "").replace(ticket.number, "")
            .replace(f"/{ticket.id}", "")
            for page, ticket in zip((known, unknown), tickets, strict=True)
        ]  # fmt: skip
        self.assertEqual(*same, "what is known is not told")
        # once somebody took it up, the sender hears of it
        ticket = tickets[0].with_user(self.ann)
        ticket.stage_id = self.env.ref("customer_success.ticket_stage_acknowledged")
        sent = ticket.message_ids.filtered("outgoing_email_to")
        self.assertEqual(sent.outgoing_email_to, "portal_carl@customer.example")
        # and once somebody says whose it is, it is that customer's
        ticket.contact_id = self.carl.partner_id
        self.assertEqual(ticket.partner_id, self.acme)

    def test_what_a_program_sends_is_not_taken_and_nothing_is_lost(self):
        for data in (
            {"homepage": "http://spam.example"},
            {"stamp": self._stamp(-60)},  # faster than any person, however slow the machine
            {"stamp": self._stamp(3 * 24 * 3600)},
            {"stamp": "1700000000.forged"},
            {"stamp": "签名"},
            {"stamp": ""},
        ):
            with self.subTest(data):
                page = self._put("Kept words", **data)
                self.assertIn("send it again", self._errors(page))
                self.assertEqual(self._field(page, "words"), "Kept words")
        self.assertFalse(self._own_tickets())
        self.assertFalse(
            self.env["customer.ticket.intake"].search([("team_id", "=", self.team.id)])
        )

    def test_over_the_limit_a_page_says_so(self):
        self.company.customer_opinions_per_hour = 2
        for status in (200, 200, 429, 429):
            page = self._put("Kept words", email="a@b.example")
            self.assertEqual(page.status_code, status)
        self.assertIn("in an hour", self._errors(page))
        self.assertEqual(self._field(page, "words"), "Kept words")
        self.assertEqual(self._field(page, "email"), "a@b.example")
        self.assertEqual(len(self._own_tickets()), 2)

    def test_switched_off_it_is_not_there_and_keeps_its_address(self):
        token = self.team.sudo().opinion_token
        self.team.opinion_box = False
        self.assertEqual(self._get(self.path).status_code, 404)
        self.assertEqual(self._put().status_code, 404)
        self.assertFalse(self.team.opinion_url)
        self.team.opinion_box = True
        self.assertEqual(self.team.sudo().opinion_token, token)
        self.team.active = False
        self.assertEqual(self._get(self.path).status_code, 404)

    def test_in_the_visitors_language(self):
        self._speak_chinese()
        for cookie in ("session_id", "frontend_lang"):
            self.opener.cookies.set(cookie, None)  # a visitor who was never here
        page = self._get(self.path, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
        self.assertIn("意见箱", self._text(page))

    def test_limits_are_told_when_wrong(self):
        for values in (
            {"customer_file_size": 0},
            {"customer_file_size": 500},
            {"customer_file_count": -1},
            {"customer_opinions_per_hour": 0},
            {"customer_file_kinds": "png exe"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.company.write(values)


@tagged("post_install", "-at_install")
class TestOpinionArchive(PortalCase):
    def test_from_the_contact_all_it_ever_said(self):
        ticket = self._ticket(said="<p>The <b>glaze</b> is gone</p>")
        self._ticket(self.eve)
        self._solve(ticket)
        partner = self.carl.partner_id.with_user(self.ann)
        self.assertEqual(partner.customer_ticket_count, 1)
        action = partner.action_open_customer_opinions()
        Ticket = self.env["customer.ticket"].with_user(self.ann)
        self.assertEqual(Ticket.search(action["domain"]), ticket)
        for words in ("glaze", "new tiles"):
            found = ["|", ("said_text", "ilike", words), ("solution", "ilike", words)]
            self.assertEqual(Ticket.search([*action["domain"], *found]), ticket)

    def test_it_is_exported_as_text(self):
        self.ann.group_ids += self.env.ref("base.group_allow_export")
        ticket = self._ticket(said="<p>The <b>glaze</b> is gone</p>").with_user(self.ann)
        self._solve(ticket)
        (row,) = ticket.export_data(["number", "said_text", "solution"])["datas"]
        self.assertEqual(row, [ticket.number, "The *glaze* is gone", "Sent new tiles."])

    def test_not_for_colleagues_without_our_groups(self):
        with self.assertRaises(AccessError):
            self.carl.partner_id.with_user(self.carl).action_open_customer_opinions()
