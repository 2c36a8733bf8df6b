"""Who allowed what: the page without a login, the button of mail programs, what people write down."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .care_case import CareCase


@tagged("post_install", "-at_install")
class TestConsent(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("own", "own")
        cls.person, cls.other = cls._people(2)
        cls.person.user_id = cls.own
        cls.Consent = cls.env["customer.consent"]

    def _allowed(self, partner, purpose="greetings", channel="email", company=None):
        found = self.Consent._allowed(company or self.company, partner)
        return found[self.purpose[purpose], channel]

    def test_the_last_word_holds(self):
        self.assertTrue(self._allowed(self.person), "greetings unless refused")
        self.assertFalse(self._allowed(self.person, "offers"), "offers only if allowed")
        self._consent(self.person, "refused")
        self.assertFalse(self._allowed(self.person))
        self._consent(self.person, "given")
        self.assertTrue(self._allowed(self.person))
        self._consent(self.person, "refused", at="2020-01-01")
        self.assertTrue(self._allowed(self.person), "what is entered later but was said earlier")
        self.assertTrue(self._allowed(self.other))
        self.assertTrue(self._allowed(self.person, channel="sms"))

    def test_nothing_is_changed_or_deleted(self):
        consent = self._consent(self.person, "refused")
        with self.assertRaises(UserError):
            consent.state = "given"
        with self.assertRaises(AccessError):
            consent.with_user(self.own).unlink()

    def test_who_writes_one_down_says_how_and_is_named(self):
        own = self.Consent.with_user(self.own).with_context(allowed_company_ids=self.company.ids)
        values = {
            "partner_id": self.person.id,
            "purpose_id": self.purpose["offers"].id,
            "state": "given",
            "source": "page",
            "at": "2001-01-01",
        }
        with self.assertRaises(ValidationError):
            own.create(values)
        consent = own.create(values | {"how": "on the phone"})
        self.assertEqual((consent.source, consent.user_id), ("person", self.own))
        self.assertEqual(consent.at.date(), self.today)
        with self.assertRaises(AccessError):
            own.create(values | {"how": "on the phone", "partner_id": self.other.id})

    def test_an_account_manager_sees_own_contacts_alone(self):
        self._consent(self.person, "refused")
        self._consent(self.other, "refused")
        own = self.Consent.with_user(self.own).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(own.search([]).partner_id, self.person)

    def test_privacy_lookup_finds_them_and_can_erase(self):
        consent = self._consent(self.person, "refused")
        program = self._program()
        self._plan(program)
        message = self._messages(program, self.person)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"email": self.person.email, "name": self.person.name}
        )
        wizard.action_lookup()
        found = {(line.res_model, line.res_id) for line in wizard.line_ids}
        self.assertIn(("customer.consent", consent.id), found)
        self.assertIn(("customer.care.message", message.id), found)
        line = wizard.line_ids.filtered(lambda line: line.res_model == "customer.consent")
        line.action_unlink()
        self.assertFalse(consent.exists())

    def test_merged_contacts_keep_their_words(self):
        self._consent(self.person, "refused")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.person | self.other).ids, self.other
        )
        self.env.invalidate_all()
        self.assertFalse(self._allowed(self.other))

    def test_a_deleted_contacts_address_stays_refused(self):
        stranger = self.env["res.partner"].create({"name": "X", "email": self.person.email})
        self._consent(stranger, "refused")
        stranger.unlink()
        program = self._program()
        self._plan(program)
        self.assertEqual(self._said(program, self.person), [(self.person, "refused", "refused")])


@tagged("post_install", "-at_install")
class TestTokens(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person, cls.other = cls.env["res.partner"].create(
            [{"name": n, "email": f"{n}@tokens.example"} for n in ("one", "two")]
        )
        cls.token = cls.person._care_token(cls.company)

    def _opens(self, token):
        found = self.env["res.partner"]._from_care_token(token)
        return found and found[0]

    def test_opens_its_own_contact(self):
        self.assertEqual(self._opens(self.token), self.person)
        self.assertNotIn(
            "tokens.example", base64.urlsafe_b64decode(self.token + "===").decode("latin1")
        )

    def test_every_altered_character_closes_it(self):
        for place, letter in enumerate(self.token):
            altered = "B" if letter != "B" else "C"
            token = self.token[:place] + altered + self.token[place + 1 :]
            self.assertFalse(self._opens(token), f"character {place}")
        for token in ("", "x", "é", self.token + "A", self.token + "!", self.token[:-1], "A" * 200):
            self.assertFalse(self._opens(token), token)

    def test_not_for_another_contact_address_or_scope(self):
        bytes_ = base64.urlsafe_b64decode(self.token + "===")
        swapped = bytes_.replace(b"[%d," % self.person.id, b"[%d," % self.other.id)
        self.assertFalse(self._opens(base64.urlsafe_b64encode(swapped).decode().rstrip("=")))
        self.person.email = "somebody.else@tokens.example"
        self.assertFalse(self._opens(self.token), "the address belongs to somebody else now")

    def test_expires(self):
        with freeze_time("2026-06-01"):
            self.assertTrue(self._opens(self.token))
        with freeze_time("2026-06-20"):
            self.assertFalse(self._opens(self.token))


@tagged("post_install", "-at_install")
class TestPreferencePage(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        addon = cls.env["ir.module.module"].search([("name", "=", "customer_success")])
        addon._update_translations(["zh_CN"])
        cls.company = cls.env.company
        cls.person = cls.env["res.partner"].create(
            {"name": "周建国", "email": "zhou@page.example", "lang": "zh_CN", "phone": "123"}
        )
        cls.greetings = cls.env.ref("customer_success.consent_purpose_greetings")
        cls.offers = cls.env.ref("customer_success.consent_purpose_offers")
        cls.Consent = cls.env["customer.consent"]
        cls.page = f"/care/preferences/{cls.person._care_token(cls.company)}"
        cls.button = f"/care/unsubscribe/{cls.person._care_token(cls.company, cls.greetings)}"

    def _consents(self):
        self.env.invalidate_all()
        return self.Consent.search([("partner_id", "=", self.person.id)], order="id")

    def _post(self, url, **values):
        self.authenticate(None, None)
        return self.url_open(url, data={"csrf_token": Request.csrf_token(self), **values})

    def test_looking_changes_nothing(self):
        for url in (self.page, self.button):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("周建国", answer.text)
            self.assertEqual(answer.headers["X-Robots-Tag"], "noindex, nofollow")
        self.assertEqual(self.url_open(self.button, method="HEAD").status_code, 200)
        self.assertFalse(self._consents())

    def test_in_the_contacts_language(self):
        self.assertIn("我们可以就哪些内容联系您", self.url_open(self.page).text)

    def test_choosing(self):
        answer = self._post(self.page, **{"offers:email": "1", "greetings:sms": "1"})
        self.assertEqual(answer.status_code, 200)
        said = {(c.purpose_id, c.channel): (c.state, c.source) for c in self._consents()}
        self.assertEqual(said[self.offers, "email"], ("given", "page"))
        self.assertEqual(said[self.greetings, "email"], ("refused", "page"))
        self.assertNotIn((self.greetings, "sms"), said, "as it was")
        self.assertNotIn("post", {channel for __, channel in said}, "not shown, so not said")
        count = len(self._consents())
        self._post(self.page, **{"offers:email": "1", "greetings:sms": "1"})
        self.assertEqual(len(self._consents()), count, "the same again is nothing new")

    def test_not_without_a_token_of_the_form(self):
        self.authenticate(None, None)
        with mute_logger("odoo.http"):
            answer = self.url_open(self.page, data={"offers:email": "1"})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._consents())

    def test_one_click(self):
        """RFC 8058: no session, no form token, just that purpose by e-mail; twice is once."""
        for _ in range(2):
            answer = self.url_open(self.button, data={"List-Unsubscribe": "One-Click"})
            self.assertEqual(answer.status_code, 200)
        consent = self._consents()
        self.assertEqual(len(consent), 1)
        self.assertEqual(
            (consent.purpose_id, consent.channel, consent.state, consent.source),
            (self.greetings, "email", "refused", "one_click"),
        )
        self.assertFalse(consent.user_id)

    def test_a_post_that_is_no_click_refuses_nothing(self):
        self.url_open(self.button, data={"other": "1"}, allow_redirects=False)
        self.assertFalse(self._consents())

    def test_a_page_token_is_no_button(self):
        token = self.page.rsplit("/", 1)[1]
        answer = self.url_open(f"/care/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(answer.status_code, 404)

    def test_wrong_links_reveal_nothing(self):
        """The same answer, whether the contact exists or not."""
        wrong = self.page[:-3] + "AAA"
        gone = self.env["res.partner"].create({"name": "Gone", "email": "g@page.example"})
        link = f"/care/preferences/{gone._care_token(self.company)}"
        gone.unlink()
        self.env.flush_all()
        answers = [self.url_open(url) for url in (wrong, link, "/care/preferences/x")]
        self.assertEqual([answer.status_code for answer in answers], [404] * 3)
        for answer in answers:
            self.assertNotIn("page.example", answer.text)
            self.assertNotIn("周建国", answer.text)

    def test_a_portal_user_chooses_for_itself_alone(self):
        other = self.env["res.partner"].create({"name": "Other", "email": "other@page.example"})
        user = new_test_user(self.env, login="cs_prefs", groups="base.group_portal")
        self.authenticate("cs_prefs", "cs_prefs")
        self.assertIn("/my/preferences", self.url_open("/my/home").text)
        answer = self.url_open(
            "/my/preferences",
            data={
                "csrf_token": Request.csrf_token(self),
                "offers:email": "1",
                "partner": other.id,
                "partner_id": other.id,
            },
        )
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(self.Consent.search([("partner_id", "=", other.id)]))
        mine = self.Consent.search([("partner_id", "=", user.partner_id.id)])
        self.assertEqual(mine.user_id, user)
        self.assertIn(
            "offers", mine.filtered(lambda c: c.state == "given").purpose_id.mapped("code")
        )
