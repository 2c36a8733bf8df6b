"""How it was solved, in the customer's words: who is asked, when, once; who may say it; what follows."""

import re

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .test_ticket_mail import MailCase
from .ticket_case import TicketCase


class RatingCase(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("customer_success.ir_cron_ticket_rating")

    def _ask(self):
        """What the scheduled action does, and Odoo's queue after it; what the customer gets."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).unlink()  # of before
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        with self.mock_mail_gateway():
            self.env["mail.mail"].process_email_queue()
        return self._sent_to("carl@acme.example")

    def _requests(self, ticket):
        return ticket.request_ids.sorted("id").mapped("verdict")

    def _rate(self, ticket, rate, words=None):
        """As the controller does for the customer."""
        ticket = ticket.with_user(self.env.ref("base.public_user")).sudo()
        ticket.rating_apply(rate, rating=ticket.rating_ids.sorted("id")[-1:], feedback=words)

    def _solved(self, moment="12 08:00", **vals):
        with self._at(moment):
            return self._solve(self._ticket(**vals))

    def _rated(self, rate, words=None, **vals):
        ticket = self._solved(**vals)
        with self._at("13 09:00"):
            self._ask()
            self._rate(ticket, rate, words)
        return ticket


@tagged("post_install", "-at_install")
class TestAsking(RatingCase):
    def test_asked_once_a_day_after_the_solution(self):
        ticket = self._solved()
        for moment, mails in [("12 09:00", 0), ("13 07:59", 0), ("13 08:00", 1), ("13 09:00", 0)]:
            with self.subTest(moment=moment), self._at(moment):
                self.assertEqual(len(self._ask()), mails)
        self.assertEqual(self._requests(ticket), ["asked"])
        self.assertEqual(len(ticket.sudo().rating_ids), 1)
        self.assertFalse(ticket.sudo().rating_ids.consumed or ticket.rated_at)

    def test_asked_once_more_after_a_reopening(self):
        ticket = self._solved()
        with self._at("13 09:00"):
            self._ask()
            self._hear(ticket, "Broken again")
        with self._at("17 09:00"):
            self.assertFalse(self._ask(), "nothing is solved now")
            self._go(ticket, "solved")
        with self._at("18 09:00"):
            self.assertEqual(len(self._ask()), 1)
            self.assertFalse(self._ask())
        self.assertEqual(self._requests(ticket), ["asked", "asked"])

    def test_in_the_customers_language_with_words_beside_equal_faces(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.contact.lang = "zh_CN"
        template = self.team.rating_template_id
        template.with_context(lang="zh_CN").write(
            {"subject": "{{ object.number }} 处理得怎么样", "body_html": "<p>请评价</p>"}
        )
        words = {"great": "满意", "okay": "一般", "bad": "不满意"}
        for choice in (
            self.env["ir.model.fields"]._get("customer.ticket", "rating_grade").selection_ids
        ):
            choice.with_context(lang="zh_CN").name = words[choice.value]
        self.env.registry.clear_cache()
        self._solved()
        with self._at("13 09:00"):
            (mail,) = self._ask()
        self.assertIn("处理得怎么样", mail["subject"])
        body = str(mail["body"])
        self.assertIn("请评价", body)
        faces = re.findall(r'<img width="(\d+)" height="(\d+)"[^>]*rating_(\d)\.png', body)
        self.assertEqual(faces, [("48", "48", value) for value in "531"])
        for word in words.values():
            self.assertIn(f">{word}<", body)
        self.assertEqual(len(re.findall(r"/rate/\w+/[135]\b", body)), 3)

    def test_the_links_are_in_the_mail_alone(self):
        """In the ticket, its owner could follow them."""
        ticket = self._solved()
        with self._at("13 09:00"):
            (mail,) = self._ask()
        self.assertIn("/rate/", str(mail["body"]))
        self.assertNotIn("/rate/", "".join(ticket.message_ids.mapped("body")))
        with self.assertRaises(AccessError):
            ticket.sudo().rating_ids.with_user(self.ann).sudo(False).read(["access_token"])

    def test_who_is_not_asked(self):
        colleague = self.ben.partner_id
        for verdict, prepare, vals in [
            ("declined", lambda: self.contact.write({"customer_no_rating": True}), {}),
            ("declined", lambda: self.customer.write({"customer_no_rating": True}), {}),
            ("blacklisted", lambda: self.env["mail.blacklist"]._add("carl@acme.example"), {}),
            ("no_address", lambda: self.contact.write({"email": False}), {}),
            ("colleague", lambda: None, {"contact_id": colleague.id, "partner_id": colleague.id}),
            ("unknown", lambda: None, {"contact_id": False, "email_from": "eve@stranger.example"}),
        ]:
            prepare()
            ticket = self._solved(**vals)
            with self.subTest(verdict), self._at("13 09:00"):
                self.assertFalse(self._ask())
                self.assertEqual(self._requests(ticket), [verdict])
                self.assertFalse(ticket.sudo().rating_ids)
            (self.contact | self.customer).customer_no_rating = False
            self.env["mail.blacklist"]._remove("carl@acme.example")
            self.contact.email = "carl@acme.example"

    def test_the_team_says_when_and_whether(self):
        self.team.rating_after_days = 3
        ticket, praise = self._solved(), self._solved(kind="praise")
        with self._at("14 09:00"):
            self.assertFalse(self._ask())
        template, self.team.rating_template_id = self.team.rating_template_id, False
        with self._at("15 09:00"):
            self.assertFalse(self._ask())
        self.team.rating_template_id = template
        with self._at("30 09:00"):
            self.assertFalse(self._ask(), "too long ago: switching it on writes to nobody of then")
        with self._at("15 09:00"):
            self.assertEqual(len(self._ask()), 1)
        self.assertEqual((self._requests(ticket), self._requests(praise)), (["asked"], []))

    def test_an_answer_by_mail_to_the_question_is_heard(self):
        """It is the customer's word, and no note among colleagues."""
        ticket = self._solved()
        with self._at("13 09:00"):
            (mail,) = self._ask()
            opened = self._receive(
                "Re: how was it solved?",
                html="<p>Not at all</p>",
                In_Reply_To=mail["message_id"],
                References=mail["message_id"],
            )
            self.assertFalse(opened)
            self.assertEqual(ticket.stage_id, self.stage["reopened"])

    def test_many_are_asked_with_the_same_number_of_looks(self):
        """Whom to ask is decided for all at once."""
        tickets = self.env["customer.ticket"]
        for number in range(9):
            customer = self._customer(f"C{number}", email=f"c{number}@many.example")
            tickets |= self._ticket(contact_id=customer.id)

        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._rating_verdicts()
            return self.env.cr.sql_log_count - before

        queries(tickets)
        self.assertEqual(queries(tickets), queries(tickets[:2]))


@tagged("post_install", "-at_install")
class TestRated(RatingCase):
    def test_the_rating_and_its_words_are_on_the_ticket(self):
        ticket = self._rated(5, "Quick and friendly")
        self.assertEqual(
            (ticket.rating_grade, ticket.rating_words, ticket.satisfied_share),
            ("great", "Quick and friendly", 100),
        )
        self.assertEqual(self._due(ticket, "rated_at"), "13 09:00")
        said = ticket.message_ids.filtered("rating_value")
        self.assertEqual(said.author_id, self.contact)
        self.assertEqual(ticket.stage_id, self.stage["solved"], "satisfied: nothing else follows")
        self.assertEqual(ticket.return_visit_state, "waiting", "unless the team says so")

    def test_not_satisfied_reopens_and_asks_for_an_answer(self):
        ticket = self._rated(1, "It leaks again")
        self.assertEqual(ticket.stage_id, self.stage["reopened"])
        self.assertEqual(ticket.reopened_count, 1)
        self.assertEqual((self._due(ticket), ticket.due_clock), ("13 12:00", "next_response"))
        self.assertEqual(ticket.rating_grade, "bad", "the word stays")
        with self._at("13 10:00"):
            self._rate(ticket, 1, "It leaks again, twice")
            self.assertEqual(ticket.reopened_count, 1)

    def test_not_satisfied_tells_the_leader_once(self):
        self.team.unhappy_rating = "escalate"
        ticket = self._rated(1, "Rude")
        with self._at("13 10:00"):
            self._rate(ticket, 1, "Very rude")
        self.assertEqual(ticket.stage_id, self.stage["solved"])
        self.assertEqual(ticket.alert_ids.mapped("clock"), ["rating"])
        told = self.env["mail.message"].search(
            [("res_id", "=", ticket.id), ("message_type", "=", "user_notification")]
        )
        self.assertEqual(told.partner_ids, self.boss.partner_id)
        self.assertIn("Rude", told.body)

    def test_satisfied_counts_as_return_visit_where_the_team_says_so(self):
        self.team.rating_confirms = True
        for rate, state in [(5, "done"), (3, "waiting")]:
            ticket = self._rated(rate, "Fine")
            with self.subTest(rate=rate):
                self.assertEqual(ticket.return_visit_state, state)
                self.assertFalse(ticket.return_visit_user_id, "nobody of ours made it")
        ticket = self._rated(5)
        self._go(ticket, "confirmed", "closed")
        self.assertTrue(ticket.closed_at)

    def test_the_last_word_counts(self):
        ticket = self._rated(3, "So so")
        with self._at("14 09:00"):
            self._rate(ticket, 5, "Better now")
        self.assertEqual((ticket.rating_grade, ticket.rating_words), ("great", "Better now"))
        self.assertEqual(len(ticket.rating_ids), 1)

    def test_shares_are_of_rated_tickets_alone(self):
        tickets = self._rated(5) | self._rated(5) | self._rated(3) | self._rated(1) | self._ticket()
        domain = [("id", "in", tickets.ids)]
        for groupby, groups in [
            ([], [(50.0, 3.5)]),
            (["team_id"], [(self.team, 50.0, 3.5)]),
            (["user_id"], [(self.ann, 50.0, 3.5)]),
            (["kind"], [("complaint", 50.0, 3.5)]),
        ]:
            with self.subTest(groupby=groupby):
                found = tickets._read_group(
                    domain, groupby, ["satisfied_share:avg", "rating_last_value:avg"]
                )
                self.assertEqual(found, groups)
        for group in ("category_id", "product_id", "value_tier_id", "rated_at:month"):
            with self.subTest(group):
                self.assertTrue(tickets._read_group(domain, [group], ["satisfied_share:avg"]))


@tagged("post_install", "-at_install")
class TestOnlyTheCustomerRates(RatingCase):
    def test_through_no_door(self):
        """An agent rating himself (GLPI#474), by whatever call."""
        ticket = self._rated(3)
        rating = ticket.rating_ids
        for user in (self.ann, self.boss):
            for name, door in {
                "apply": lambda t, r: t.rating_apply(5, rating=r),
                "token": lambda t, r: t.rating_apply(5, token=rating.access_token),
                "as the system": lambda t, r: t.sudo().rating_apply(5, rating=r.sudo()),
                "write": lambda t, r: r.write({"rating": 5}),
                "create": lambda t, r: r.create(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("customer.ticket"),
                        "res_id": ticket.id,
                        "rating": 5,
                        "consumed": True,
                    }
                ),
                "message": lambda t, r: t.message_post(body="Great", rating_value=5),
                "reset": lambda t, r: r.reset(),
            }.items():
                with self.subTest(user=user.login, door=name), self.assertRaises(AccessError):
                    door(ticket.with_user(user), rating.with_user(user))
        self.assertEqual((ticket.rating_ids, ticket.rating_grade), (rating, "okay"))

    def test_who_sees_the_ticket_sees_its_rating(self):
        rating = self._rated(3, "So so").rating_ids
        own, internal = self._user("own", "own"), self._user("internal")
        other = self._new_company("Other")
        stranger = self._user("stranger", "admin", companies=other)

        def seen(user):
            self.env.flush_all()
            companies = user.company_ids.ids
            Rating = self.env["rating.rating"].with_user(user)
            return Rating.with_context(allowed_company_ids=companies).search(
                [("id", "=", rating.id)]
            )

        for user, sees in [(self.ann, 1), (own, 0), (internal, 0), (stranger, 0)]:
            with self.subTest(user=user.login):
                self.assertEqual(len(seen(user)), sees)
        self.customer.user_id = own
        self.assertEqual(len(seen(own)), 1)


@tagged("post_install", "-at_install")
class TestRatingPage(HttpCase, TicketCase):
    """Over HTTP, as the customer's browser does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@our.example"
        cls.ticket = (
            cls.env["customer.ticket"]
            .with_user(cls.ann)
            .with_context(allowed_company_ids=cls.company.ids)
            .create(
                {
                    "name": "Tiles arrived broken",
                    "contact_id": cls.contact.id,
                    "user_id": cls.ann.id,
                    "solution": "New tiles",
                }
            )
        )
        cls.ticket.stage_id = cls.stage["solved"]
        cls.ticket._settle_rating("asked", cls._noon(cls.today))
        cls.token = cls.ticket.sudo().rating_ids.access_token
        cls.portal, cls.stranger = (
            new_test_user(
                cls.env,
                login=f"cs_portal_{name}",
                password=f"cs_portal_{name}",
                groups="base.group_portal",
                partner_id=partner.id,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, partner in (
                ("carl", cls.contact),
                ("eve", cls._customer("Stranger", email="eve@stranger.example")),
            )
        )
        cls.ann.password = "cs_ann_password"

    def _open(self, rate=5):
        return self.url_open(f"/rate/{self.token}/{rate}")

    def _csrf(self):
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._open().text).group(1)

    def _submit(self, rate, feedback="", csrf=None, url=None):
        return self.url_open(
            url or f"/rate/{self.token}/submit_feedback",
            data={"rate": rate, "feedback": feedback, "csrf_token": csrf or self._csrf()},
        )

    def test_opening_the_link_rates_nothing(self):
        """Mail scanners follow links; and nobody is forced."""
        page = self._open(1)
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self.ticket.rated_at)
        for word in ("Satisfied", "Neither", "Not satisfied"):
            self.assertIn(f"<span>{word}</span>", page.text)
        faces = re.findall(r"<img[^>]*rating_\d\.svg[^>]*>", page.text)
        self.assertEqual(len(faces), 3)
        self.assertTrue(all('width="40"' in face and 'height="40"' in face for face in faces))

    def test_without_logging_in(self):
        page = self._submit(1, "Still broken")
        self.assertIn("take it up again", page.text)
        self.assertEqual(
            (self.ticket.rating_grade, self.ticket.rating_words), ("bad", "Still broken")
        )
        self.assertEqual(self.ticket.stage_id, self.stage["reopened"])
        self.assertEqual(self.ticket.move_ids[0].user_id, self.env["res.users"], "the customer did")

    def test_twice_is_once(self):
        csrf = self._csrf()
        for __ in range(2):
            self._submit(1, "Broken", csrf)
        self.assertEqual(self.ticket.reopened_count, 1)
        self.assertEqual(len(self.ticket.message_ids.filtered("rating_value")), 1)

    def test_colleagues_and_strangers_are_refused(self):
        for login, password, words in [
            (self.ann.login, "cs_ann_password", "somebody who works here"),
            ("cs_portal_eve", "cs_portal_eve", "another company"),
        ]:
            self.authenticate(login, password)
            with self.subTest(login=login):
                opened = self._open()
                self.assertEqual(opened.status_code, 403)
                self.assertIn(words, opened.text)
                for url in (None, f"/my/ticket/{self.ticket.id}/rate"):
                    with mute_logger("odoo.http"):
                        posted = self._submit(5, csrf=self._session_csrf(), url=url)
                    self.assertEqual(posted.status_code, 403)
        self.assertFalse(self.ticket.rated_at)

    def _session_csrf(self):
        page = self.url_open("/web/login_successful").text
        return re.search(r'csrf_token: "(\w+)"', page).group(1)

    def test_the_customer_logged_in(self):
        self.authenticate("cs_portal_carl", "cs_portal_carl")
        self._submit(5, "Well done", url=f"/my/ticket/{self.ticket.id}/rate")
        self.assertEqual(self.ticket.rating_words, "Well done")
        self.assertEqual(self.ticket.message_ids.filtered("rating_value").author_id, self.contact)

    def test_nonsense_is_not_found(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self._open(4).status_code, 404)
            self.assertEqual(self._submit("much").status_code, 404)
            self.assertEqual(self.url_open("/rate/nothing/5").status_code, 404)
        self.assertFalse(self.ticket.rated_at)


@tagged("post_install", "-at_install")
class TestVoice(RatingCase):
    """What a customer's page, its filters and segments say of its complaints and ratings."""

    def setUp(self):
        super().setUp()
        self.quiet = self._customer("Quiet", email="quiet@quiet.example")
        self._bulk([(self.customer, self.today, 10), (self.quiet, self.today, 10)])
        self._run("full")
        self.profiles = self._profile(self.customer) | self._profile(self.quiet)

    def _found(self, *condition):
        domain = [("id", "in", self.profiles.ids), condition]
        return self.profiles.search(domain).partner_id

    def test_figures_searches_and_lists_agree(self):
        self._rated(5)
        self._rated(1)
        self._rated(5, kind="question")
        profile, quiet = self.profiles
        self.assertEqual(
            (
                profile.open_complaint_count,
                profile.complaint_year_count,
                profile.rated_year_count,
                profile.unhappy_count,
            ),
            (2, 2, 3, 1),
        )
        self.assertAlmostEqual(profile.satisfied_year_share, 2 / 3)
        self.assertFalse(quiet.complaint_year_count or quiet.rated_year_count)
        for voice, name in [
            ("open", "open_complaint_count"),
            ("year", "complaint_year_count"),
            ("rated", "rated_year_count"),
            ("unhappy", "unhappy_count"),
        ]:
            action = profile.with_user(self.ann).with_context(voice=voice).action_open_voice()
            with self.subTest(name):
                count = self.env["customer.ticket"].search_count(action["domain"])
                self.assertEqual(count, profile[name])
                self.assertEqual(self._found(name, ">", 0), self.customer)
                self.assertEqual(self._found(name, "=", 0), self.quiet)

    def test_any_number_may_be_asked_for(self):
        self._ticket()
        self._ticket()
        self._ticket(contact_id=self.quiet.id, partner_id=self.quiet.id)
        both, two, one = self.customer | self.quiet, self.customer, self.quiet
        none = self.env["res.partner"]
        for operator, value, found in [
            (">=", 2, two), (">", 1, two), ("=", 2, two), ("=", 1, one), ("<", 2, one),
            ("<=", 2, both), ("!=", 0, both), ("!=", 1, two), ("in", [1, 2], both), ("=", 3, none),
            (">=", 0, both), ("<", 1, none), ("=", 0, none), ("in", [0, 2], two),
        ]:  # fmt: skip
            with self.subTest(operator=operator, value=value):
                self.assertEqual(self._found("complaint_year_count", operator, value), found)

    def test_time_passes(self):
        self._rated(1)
        for day, unhappy, year in [(80, 1, 1), (100, 0, 1), (370, 0, 0)]:
            with self.subTest(days=day), self._on(self._ago(-day)):
                profile = self.profiles[0]
                self.assertEqual(
                    (profile.unhappy_count, profile.complaint_year_count), (unhappy, year)
                )

    def test_the_segments_that_come_along(self):
        self._rated(1)
        for name in ("unhappy", "complained"):
            segment = self.env.ref(f"customer_success.segment_{name}")
            with self.subTest(name):
                members = self.profiles.search(segment._members())
                self.assertEqual((members & self.profiles).partner_id, self.customer)

    def test_figures_of_many_cost_no_query_each(self):
        self._rated(1)
        names = ["complaint_year_count", "satisfied_year_share", "unhappy_count"]

        def queries(profiles):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            profiles.read(names)
            return self.env.cr.sql_log_count - before

        queries(self.profiles)
        self.assertEqual(queries(self.profiles), queries(self.profiles[:1]))
