"""Follow-ups: once per cause, in bulk, with a reason; logged by hand; who sees them."""

from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .followup_case import FollowupCase


@tagged("post_install", "-at_install")
class TestFollowups(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._customers(6, name="Buyer", user_id=cls.ann.id)
        for n, customer in enumerate(cls.customers):
            cls._bulk([(customer, cls.today, 100 * (n + 1))])
        cls.profiles = cls._judged(*cls.customers)
        cls.profile = cls.profiles[0]

    def test_opened_once_per_cause(self):
        made = self.Followup._open([self._row(profile) for profile in self.profiles])
        self.assertEqual(len(made), 6)
        one = made.filtered(lambda followup: followup.profile_id == self.profile)
        self.assertEqual(one.partner_id, self.profile.partner_id)
        self.assertEqual(one.company_id, self.company)
        self.assertEqual(one.user_id, self.ann)
        self.assertEqual(one.value, self.profile.revenue)
        self.assertEqual((one.due_date, one.planned_date), (self.today, self.today))
        self.assertEqual(one.stage_id, self.stage["to_do"])
        again = [
            self._row(self.profile),  # the same
            self._row(self.profile, occasion="2"),  # another time, while the first is open
            self._row(self.profile, cause="other"),  # another reason
        ]
        self.assertEqual(self.Followup._open(again).cause_key, "other")
        one.stage_id = self.stage["done"]
        self.assertTrue(one.done_at)
        again = self.Followup._open(
            [self._row(self.profile), self._row(self.profile, occasion="2")]
        )
        self.assertEqual(again.mapped("occasion"), ["2"])

    def test_planned_no_earlier_than_today_nor_than_due(self):
        late, early = self.Followup._open(
            [
                self._row(self.profile, "late", due_date=self._ago(5)),
                self._row(self.profile, "early", due_date=self._ago(-5)),
            ]
        ).sorted("due_date")
        self.assertEqual((late.due_date, late.planned_date), (self._ago(5), self.today))
        self.assertEqual((early.due_date, early.planned_date), (self._ago(-5),) * 2)

    def test_a_thousand_in_the_queries_of_one(self):
        def queries(rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.Followup._open(rows)), len(rows))
            return self.env.cr.sql_log_count - before

        queries([self._row(self.profile, "warm")])
        one = queries([self._row(self.profile, "one")])
        many = queries(
            [self._row(profile, f"many {n}") for n in range(100) for profile in self.profiles]
        )
        self.assertEqual(many, one)

    def test_cancelled_in_bulk_with_a_code(self):
        made = self.Followup._open([self._row(profile) for profile in self.profiles])
        self.assertEqual(self.Followup._cancel([("profile_id", "!=", self.profile.id)], "gone"), 5)
        kept = made.filtered_domain(self.Followup._open_domain())
        self.assertEqual(kept.profile_id, self.profile)
        for followup in made - kept:
            self.assertEqual(followup.cancel_code, "gone")
            self.assertEqual(followup.outcome_id, self.outcome["not_needed"])
            self.assertTrue(followup.stage_id.is_done)
        self.assertEqual(self.Followup._cancel([("profile_id", "!=", self.profile.id)], "gone"), 0)

    def test_its_reason_is_said_in_the_readers_language(self):
        made = self.Followup._open(
            [
                self._row(self.profile),
                self._row(self.profile, "b", reason={"code": "from a later version"}),
                self._row(self.profile, "c", reason={"code": "cadence"}),  # without its arguments
            ]
        ).sorted("cause_key")
        self.assertEqual(made.mapped("why")[2], "Because")
        for unknown in made.mapped("why")[:2]:
            self.assertEqual(unknown, "Asked for by another program.")

    def test_a_card_dragged_to_done_and_back(self):
        card = self.Followup._open([self._row(self.profile)]).with_user(self.ann)
        card.stage_id = self.stage["done"]
        self.assertEqual(card.done_by_id, self.ann)
        self.assertTrue(card.done_at)
        card.stage_id = self.stage["to_do"]
        self.assertFalse(card.done_at or card.done_by_id)
        card.stage_id = self.stage["done"]
        self.Followup._open([self._row(self.profile, occasion="next")])
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            card.stage_id = self.stage["to_do"]
            card.flush_recordset()

    def test_logged_with_and_without_a_card(self):
        log = self._as(self.ann)._log
        profile = self.profile.with_user(self.ann)
        entered = log(profile, "call", self.outcome["spoke"], "All well")
        self.assertTrue(entered.done_at)
        self.assertEqual((entered.done_by_id, entered.note), (self.ann, "All well"))
        card = self.Followup._open([self._row(self.profile, "cadence", "1")])
        tried = log(profile, "call", self.outcome["not_reached"], next_date=self._ago(-1))
        self.assertEqual(tried, card)
        self.assertEqual(card.stage_id, self.stage["contacted"])
        self.assertEqual((card.done_at, card.planned_date), (False, self._ago(-1)))
        log(profile, "visit", self.outcome["will_order"], "Thursday")
        self.assertEqual((card.action, card.stage_id), ("visit", self.stage["done"]))
        with self.assertRaises(UserError):
            log(profile, "call", at=self._time(self.today + timedelta(days=1)))

    def test_entered_by_hand(self):
        mine = self._as(self.ann)
        first, second = mine.create([{"profile_id": self.profile.id, "note": "Samples"}] * 2)
        self.assertNotEqual(first.cause_key, second.cause_key)
        self.assertEqual((first.company_id, first.user_id), (self.company, self.ann))
        with self.assertRaises(UserError):
            mine.create({"note": "for nobody"})
        with self.assertRaises(UserError):
            first.write({"profile_id": self.profiles[1].id})

    # ---- who sees and does what ----------------------------------------------------------------

    def test_own_customers_or_ones_own(self):
        theirs = self._customer("Theirs", user_id=self.ben.id)
        self._bulk([(theirs, self.today, 5)])
        profile = self._judged(theirs)
        mine, hidden = (
            self.Followup._open([self._row(self.profile)]),
            self.Followup._open([self._row(profile)]),
        )
        seen = self._as(self.ann).search([("company_id", "=", self.company.id)])
        self.assertEqual(seen, mine)
        hidden_from_ann = hidden.with_user(self.ann)
        for door in (
            lambda: hidden_from_ann.read(["note"]),
            lambda: hidden_from_ann.write({"note": "x"}),
            lambda: hidden_from_ann.write({"stage_id": self.stage["done"].id}),
            lambda: hidden_from_ann.action_open_customer(),
            lambda: self._as(self.ann)._log(profile.with_user(self.ann), "call"),
            lambda: self._as(self.ann).create({"profile_id": profile.id}),
        ):
            with self.assertRaises(AccessError):
                self.env.invalidate_all()
                door()
        hidden.user_id = self.ann  # passed on
        self.env.flush_all()
        self.assertEqual(self._as(self.ann).search_count([("id", "=", hidden.id)]), 1)
        hidden.with_user(self.ann).write({"stage_id": self.stage["done"].id})
        self.assertEqual(hidden.done_by_id, self.ann)

    def test_another_companys(self):
        other = self._new_company("Other")
        self._bulk([(self.customers[0], self.today, 5)], other)
        run = self.env["customer.run"]._open(other, "full", "asked")
        while run._advance():
            pass
        hidden = self.Followup._open([self._row(self._profile(self.customers[0], other))])
        self.assertEqual(hidden.company_id, other)
        with self.assertRaises(AccessError):
            hidden.with_user(self.boss).with_context(allowed_company_ids=self.company.ids).read(
                ["note"]
            )

    def test_no_side_door(self):
        card = self.Followup._open([self._row(self.profile)]).with_user(self.boss)
        for name in ("cause_key", "value", "done_at", "reason", "partner_id", "done_by_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                card.write({name: False})
        for name in ("_open", "_cancel", "_log", "_done", "_insert_followups"):
            with self.subTest(name), mute_logger("odoo.service.model"):
                self.assertTrue(hasattr(card, name))
                with self.assertRaises(AccessError):
                    get_public_method(card, name)

    def test_the_board_keeps_a_beginning_and_an_end(self):
        with self.assertRaises(UserError):
            self.stage["done"].is_done = False
        with self.assertRaises(UserError):
            (self.stage["to_do"] | self.stage["contacted"] | self.stage["waiting"]).unlink()
