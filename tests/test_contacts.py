"""Last contact is a fact, the next due follows from it; follow-ups come and go with it."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date, Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .followup_case import FollowupCase


class ContactCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer("Acme", user_id=cls.ann.id, email="office@acme.example")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Carl", "parent_id": cls.customer.id, "email": "carl@acme.example"}
        )
        cls._buys(cls.customer, every=30, times=8, last=3)
        cls.profile = cls._judged(cls.customer)
        cls.Progress = cls._in(cls.company)["customer.followup.progress"]
        cls.progress = cls.Progress._of(cls.company)

    def _work(self, day=None):
        with self._on(day or self.today):
            self.assertTrue(self.progress._work())
        self.env.invalidate_all()

    def _last(self):
        self.env.invalidate_all()
        at = self.profile.last_contact_at
        return at and at.date(), self.profile.last_contact_kind, self.profile.last_contact_user_id

    def _open_ones(self):
        return self.Followup.search(self.Followup._open_domain() & self._here())

    def _here(self):
        return Domain("company_id", "=", self.company.id) & Domain("cause_key", "=", "cadence")


@tagged("post_install", "-at_install")
class TestLastContact(ContactCase):
    def _meeting(self, days_ago, **vals):
        start = self._time(self._ago(days_ago), 9)
        return (
            self.env["calendar.event"]
            .with_user(self.ann)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Visit",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "partner_ids": [Command.set((self.contact | self.ann.partner_id).ids)],
                    **vals,
                }
            )
        )

    def _mail(self, record, author, days_ago, to=None, **vals):
        message = record.with_user(self.env.ref("base.user_root")).message_post(
            body="Hello",
            author_id=author.id,
            message_type=vals.pop("message_type", "comment"),
            subtype_xmlid=vals.pop("subtype", "mail.mt_comment"),
            partner_ids=to.ids if to else [],
        )
        message.write(
            {"date": self._time(self._ago(days_ago)), "record_company_id": self.company.id}
        )
        return message

    def test_each_place_where_a_contact_is_written_down(self):
        self._work()
        self.assertEqual(self._last(), (False, False, self.env["res.users"]))
        nobody, ann = self.env["res.users"], self.ann
        ticket = self.env["customer.ticket"].create(
            {"name": "Broken", "contact_id": self.contact.id, "company_id": self.company.id}
        )

        def activity():
            done = self.env["mail.activity"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.contact.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                    "user_id": ann.id,
                }
            )
            done.action_archive()
            done.date_done = self._ago(3)

        places = [
            (8, "meeting", ann, lambda: self._meeting(8)),
            (7, "email_in", nobody, lambda: self._mail(self.contact, self.contact, 7)),
            (
                6,
                "email",
                ann,
                lambda: self._mail(self.customer, ann.partner_id, 6, self.contact),
            ),
            (
                5,
                "email_in",
                nobody,
                lambda: self._mail(ticket, self.contact, 5, message_type="email"),
            ),
            (3, "call", ann, activity),
            (
                2,
                "visit",
                ann,
                lambda: self._as(ann)._log(
                    self.profile.with_user(ann), "visit", at=self._time(self._ago(2))
                ),
            ),
        ]
        for days, kind, user, enter in places:
            with self.subTest(kind, days=days):
                enter()
                self.env.flush_all()
                self._work()
                self.assertEqual(self._last(), (self._ago(days), kind, user))

    def test_what_is_no_contact(self):
        self._work()
        colleague = self.ben.partner_id
        for enter in (
            lambda: self._meeting(-3),  # still to come
            lambda: self._meeting(3, active=False),  # called off
            lambda: self._mail(self.customer, self.ann.partner_id, 3, subtype="mail.mt_note"),
            lambda: self._mail(self.customer, self.ann.partner_id, 3, colleague),  # to us alone
            lambda: self._mail(
                self.customer, self.ann.partner_id, 3, self.contact, message_type="auto_comment"
            ),
            lambda: self._as(self.ann)._log(
                self.profile.with_user(self.ann), "call", self.outcome["not_reached"]
            ),
            lambda: self._as(self.ann)._log(self.profile.with_user(self.ann), "gift"),
        ):
            enter()
            self.env.flush_all()
            self.progress.full_date = False
            self._work()
            self.assertFalse(self.profile.last_contact_at)
        declined = self._meeting(4)
        declined.attendee_ids.filtered(lambda a: a.partner_id == self.contact).state = "declined"
        self.env.flush_all()
        self._work()
        self.assertFalse(self.profile.last_contact_at)

    def test_another_company_was_in_touch_not_we(self):
        other = self._new_company("Other")
        message = self._mail(self.contact, self.contact, 1)
        message.record_company_id = other
        event = self._meeting(2)
        event.user_id = self._user("theirs", "own", companies=other)
        self.env.flush_all()
        self._work()
        self.assertFalse(self.profile.last_contact_at)
        message.record_company_id = self.company
        self.progress.full_date = False
        self._work()
        self.assertTrue(self.profile.last_contact_at)

    def test_between_only_what_was_written_and_the_night_finds_the_rest(self):
        others = self._customers(3, name="Other")
        for other in others:
            self._buys(other, every=30, times=3)
        self._judged(*others)
        self._work()
        event = self._meeting(3)
        self._mail(others[0], others[0], 1)
        self.env.flush_all()
        self._work()
        facts = self.env["customer.contact.fact"].search([("company_id", "=", self.company.id)])
        between = {fact.profile_id: (fact.last_at, fact.due_date) for fact in facts}
        self.assertEqual(facts._refresh(self.company, SQL("TRUE")), 0)
        self.assertEqual(sum(bool(at) for at, __ in between.values()), 2)
        event.unlink()
        self.env.flush_all()
        self._work(self._ago(-1))
        self.assertFalse(self.profile.last_contact_at)

    def test_a_second_time_writes_nothing(self):
        self._meeting(3)
        self._work()

        def written():
            self.env.flush_all()
            return [
                self.env.execute_query(
                    SQL(
                        "SELECT id, xmin::text, ctid::text FROM %s ORDER BY id",
                        SQL.identifier(table),
                    )
                )
                for table in (
                    "customer_contact_fact",
                    "customer_followup",
                    "customer_followup_load",
                )
            ]

        before = written()
        self._work()
        self.progress.full_date = False
        self._work()
        self.assertEqual(written(), before)

    def test_gathering_costs_the_same_for_many(self):
        many = self._customers(60, name="Many")
        self._bulk([(customer, self.today, 10) for customer in many])
        profiles = self._judged(*many)
        Fact = self.env["customer.contact.fact"]

        def queries(some):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(
                Fact._refresh(self.company, SQL("p.id IN %s", tuple(some.ids))), len(some)
            )
            return self.env.cr.sql_log_count - before

        queries(profiles[:1])
        self.assertEqual(queries(profiles[1:2]), queries(profiles[2:]))


@tagged("post_install", "-at_install")
class TestCadence(ContactCase):
    def test_logging_a_call_moves_last_contact_and_the_next_due(self):
        """R3."""
        self._work()
        due = self.profile.contact_due_date
        self.assertEqual(due, self.profile.last_purchase_date + timedelta(days=30))
        profile = self.profile.with_user(self.ann)
        self._as(self.ann)._log(profile, "call", self.outcome["spoke"])
        self.assertEqual(self._last(), (self.today, "call", self.ann))
        self.assertEqual(self.profile.contact_due_date, self._ago(-30))
        self._as(self.ann)._log(profile, "call", self.outcome["spoke"], next_date=self._ago(-9))
        self.env.invalidate_all()
        self.assertEqual(self.profile.contact_due_date, self._ago(-9))

    def test_a_follow_up_comes_when_it_is_due_and_once(self):
        self._work()
        due = self.profile.contact_due_date
        self._work(due - timedelta(days=1))
        self.assertFalse(self._open_ones())
        self._work(due)
        card = self._open_ones()
        self.assertEqual((card.profile_id, card.user_id), (self.profile, self.ann))
        self.assertEqual((card.due_date, card.planned_date), (due, due))
        self.assertIn("30", card.why)
        later = due + timedelta(days=5)
        self._work(later)
        self.assertEqual(self._open_ones(), card)  # it ages and stays the one
        with self._on(later):
            self.assertEqual((card.lateness, card.late_text), ("late", "5 days late"))
            self.assertTrue(card.is_late)
            self.assertEqual(card.search([("is_late", "=", True), ("id", "=", card.id)]), card)

    def test_it_goes_when_its_cause_goes(self):
        self._work()
        due = self.profile.contact_due_date
        for code, cause in [
            ("contacted", lambda: self.contact.message_post(
                body="Hi", author_id=self.contact.id, message_type="email",
                subtype_xmlid="mail.mt_comment",
            )),
            ("lost", lambda: self.profile._set_manual("stage", self.stages["lost"], "Shut", False)),
            ("archived", lambda: self.customer.write({"active": False})),
        ]:  # fmt: skip
            with self.subTest(code), self.env.cr.savepoint() as savepoint, self._on(due):
                self._work(due)
                card = self._open_ones()
                self.assertTrue(card)
                cause()
                if code == "contacted":
                    self.env["mail.message"].search([], limit=1, order="id desc").write(
                        {"date": self._time(due, 8), "record_company_id": self.company.id}
                    )
                self.env.flush_all()
                self._work(due)
                self.assertFalse(self._open_ones())
                self.assertEqual(card.cancel_code, code)
                self._work(due + timedelta(days=1))
                self.assertFalse(self._open_ones())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_card_somebody_has_begun_stays(self):
        self._work()
        due = self.profile.contact_due_date
        self._work(due)
        card = self._open_ones()
        with self._on(due):
            self._as(self.ann)._log(
                self.profile.with_user(self.ann), "call", self.outcome["wants_offer"]
            )
            self._work(due)
            self.assertFalse(card.done_at)
            self.assertEqual(card.stage_id, self.stage["contacted"])
            self.assertEqual(card.planned_date, due + timedelta(days=2))
            self.env.invalidate_all()
            self.assertEqual(self.profile.last_contact_at.date(), due)

    def test_nobody_looks_after_it(self):
        self.customer.user_id = False
        self._work()
        self._work(self.profile.contact_due_date)
        self.assertFalse(self._open_ones().user_id)
        self.customer.user_id = self.ben
        self.env.flush_all()
        self._work(self.profile.contact_due_date)
        self.assertEqual(self._open_ones().user_id, self.ben)

    def test_nothing_while_something_else_is_open(self):
        self._work()
        self.Followup._open([self._row(self.profile)])
        self._work(self.profile.contact_due_date)
        self.assertFalse(self._open_ones())

    def test_by_hand_outranks_until_its_last_day(self):
        self._work()
        profile = self.profile.with_user(self.ann)
        with self.assertRaises(UserError):
            profile._set_cadence(5, " ", False)
        with self.assertRaises(UserError):
            profile._set_cadence(5, "Why", self._ago(1))
        with self.assertRaises(AccessError):
            self.profile.with_user(self.ben)._set_cadence(5, "Envy", False)
        profile._set_cadence(5, "Project", self._ago(-10))
        self.env.invalidate_all()
        self.assertEqual((profile.cadence_days, profile.cadence_user_id), (5, self.ann))
        fact = self.profile.contact_fact_ids
        self.assertEqual((fact.computed_days, fact.manual_days), (30, 5))
        self._work(self._ago(-10))
        self.assertEqual(self.profile.cadence_days, 5)
        self._work(self._ago(-11))
        self.assertEqual(self.profile.cadence_days, 30)
        profile._set_cadence(5, "Again", False)
        profile._set_cadence(0, False, False)
        self.env.invalidate_all()
        self.assertEqual((profile.cadence_days, profile.cadence_manual_days), (30, 0))

    def test_searching_customers_by_it(self):
        silent = self._customer("Silent")
        self._bulk([(silent, self.today, 5)])
        silent = self._judged(silent)
        self._as(self.ann)._log(
            self.profile.with_user(self.ann), "call", at=self._time(self._ago(20))
        )
        self._work()

        def found(*domain):
            return self.env["customer.profile"].search(
                [("company_id", "=", self.company.id), *domain]
            )

        never_or_long_ago = [
            "|",
            ("last_contact_at", "=", False),
            ("last_contact_at", "<", "today -10d"),
        ]
        self.assertEqual(found(("last_contact_at", "!=", False)), self.profile)
        self.assertEqual(found(("last_contact_at", "=", False)), silent)
        self.assertEqual(found(*never_or_long_ago), self.profile | silent)
        self.assertEqual(found(("last_contact_user_id", "=", self.ann.id)), self.profile)
        self.assertEqual(
            found(("contact_due_date", "<", Date.to_string(self._ago(-11)))), self.profile
        )

    def test_merged_customers_keep_their_contacts(self):
        twin = self._customer("Acme twin", user_id=self.ann.id)
        self._buys(twin, every=30, times=8, last=3)
        both = self.profile | self._judged(twin)
        self._work()
        self.Followup._open([self._row(profile, "cadence", "x") for profile in both])
        self._as(self.ann)._log(both[1].with_user(self.ann), "visit")
        self.Followup._open([self._row(both[1], "cadence", "y")])
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer | twin).ids, self.customer
        )
        kept = self._profile(self.customer)
        cards = self.Followup.search([("profile_id", "=", kept.id)])
        self.assertEqual(len(cards.filtered_domain(self.Followup._open_domain())), 1)
        self.assertEqual(len(cards), 3)
        self.assertEqual(cards.partner_id, self.customer)
        self._work()
        self.assertEqual(kept.last_contact_kind, "visit")
