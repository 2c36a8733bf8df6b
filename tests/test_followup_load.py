"""Each follow-up on a day its owner has a place for; what a manager sees and passes on; the cards."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .followup_case import FollowupCase


@tagged("post_install", "-at_install")
class TestLoad(FollowupCase):
    """12 June 2024 is a Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"
        cls.customers = cls._customers(12, name="Buyer", user_id=cls.ann.id)
        cls._bulk([(customer, cls.today, 100 * n) for n, customer in enumerate(cls.customers, 1)])
        cls.profiles = cls._judged(*cls.customers)
        cls.capacity = cls.env["customer.followup.capacity"].create(
            {
                "company_id": cls.company.id,
                "user_id": cls.ann.id,
                **dict.fromkeys(
                    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
                    3,
                ),
            }
        )

    def _cards(self, count=12, **vals):
        made = self.Followup._open(
            [self._row(profile, due_date=self.today, **vals) for profile in self.profiles[:count]]
        )
        return made.sorted("value", reverse=True)

    def _level(self, users=None):
        moved = self.Followup._level(self.company, users)
        self.env.invalidate_all()
        return moved

    def _days(self, cards):
        return [(card.planned_date - self.today).days for card in cards]

    def test_no_day_holds_more_than_fits_and_nobody_works_on_sundays(self):
        cards = self._cards()
        self._level()
        self.assertEqual(self._days(cards), [0] * 3 + [1] * 3 + [2] * 3 + [5] * 3)
        self.assertEqual(self._level(), 0)
        late = self.Followup._open([self._row(self.profiles[0], "late", due_date=self._ago(20))])
        self.assertEqual(self._level(), 4)  # one from each day that was full
        self.assertEqual(late.planned_date, self.today)

    def test_what_is_done_takes_its_place(self):
        cards = self._cards()
        self._level()
        cards[0].with_user(self.ann).stage_id = self.stage["done"]
        self.assertEqual(self._level(), 0)
        with self._on(self._ago(-1)):
            self._level()
            self.assertEqual(self._days(cards[1:6]), [1, 1, 1, 2, 2])

    def test_a_day_chosen_by_hand_stays(self):
        cards = self._cards(6)
        cards[0].with_user(self.ann).planned_date = self._ago(-1)
        self._level()
        self.assertEqual(self._days(cards), [1, 0, 0, 0, 1, 1])
        cards[0].with_user(self.ann).planned_date = False
        self._level()
        self.assertEqual(self._days(cards), [0, 0, 0, 1, 1, 1])

    def test_absences_and_holidays(self):
        resource = self.env["resource.resource"].create(
            {
                "name": "Ann",
                "user_id": self.ann.id,
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
            }
        )
        for day, who in ((0, resource), (1, resource.browse())):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Away",
                    "company_id": self.company.id,
                    "calendar_id": self.company.resource_calendar_id.id,
                    "resource_id": who.id,
                    "date_from": self._time(self._ago(-day), 0),
                    "date_to": self._time(self._ago(-day), 23),
                }
            )
        cards = self._cards(4)
        self._level()
        self.assertEqual(self._days(cards), [2, 2, 2, 5])
        load = self.env["customer.followup.load"].search([("user_id", "=", self.ann.id)])
        self.assertEqual(load[0].day, self._ago(-2))
        self.assertEqual((load[0].planned, load[0].capacity, load[0].free), (3, 3, 0))

    def test_a_companys_own_figure_and_the_usual_one(self):
        places = self.env["customer.followup.capacity"]._places
        users = self.ann | self.ben
        self.assertEqual([p[0] for p in places(self.company, users, self.today).values()], [3, 20])
        self.capacity.copy({"user_id": False, "wednesday": 7})
        self.assertEqual([p[0] for p in places(self.company, users, self.today).values()], [3, 7])

    def test_the_bar_above_my_day(self):
        cards = self._cards(5)
        self.Followup._open([self._row(self.profiles[0], "late", due_date=self._ago(20))])
        self._level()
        cards[0].with_user(self.ann).stage_id = self.stage["done"]
        self.assertEqual(
            self._as(self.ann).get_my_load(), {"to_do": 2, "late": 1, "done": 1, "capacity": 3}
        )

    def test_today_is_the_companys_day_whatever_the_readers_clock(self):
        """Noon in London is tomorrow on Kiritimati: the bar and the board show the same cards."""
        self.company.partner_id.tz = "Pacific/Kiritimati"
        self.ann.tz = "UTC"
        board = self._as(self.ann).with_context(tz="UTC")
        card = board.create({"profile_id": self.profiles[0].id, "user_id": self.ann.id})
        self.assertEqual(card.planned_date, self._ago(-1))
        mine = [("user_id", "=", self.ann.id), ("is_for_today", "=", True)]
        self.assertEqual(board.search(mine), card)
        self.assertEqual(board.get_my_load()["to_do"], 1)
        card.planned_date = self._ago(-2)
        self.assertFalse(board.search(mine) or card.is_for_today)
        card.stage_id = self.stage["done"]
        self.env.invalidate_all()
        self.assertEqual(board.search(mine), card)
        self.assertTrue(card.is_for_today)

    # ---- passing on ----------------------------------------------------------------------------

    def _pass_on(self, user, **vals):
        return (
            self._as(user, "customer.followup.pass.on")
            .create(
                {
                    "from_id": self.ann.id,
                    "to_ids": [(6, 0, (self.ben | self.boss).ids)],
                    "reason": "Ann is ill",
                    "days": 1,
                    **vals,
                }
            )
            .action_apply()
        )

    def test_passed_on_within_what_each_can_do(self):
        self.capacity.copy({"user_id": self.ben.id, "wednesday": 4})
        self.capacity.copy({"user_id": self.boss.id, "wednesday": 2})
        cards = self._cards()
        self.Followup._open([self._row(self.profiles[11], "bens", user_id=self.ben.id)])
        self._level()
        self._pass_on(self.boss)
        self.env.invalidate_all()
        taken = {
            user: cards.filtered(lambda c, u=user: c.user_id == u) for user in (self.ben, self.boss)
        }
        self.assertEqual([len(own) for own in taken.values()], [3, 2])
        passed = taken[self.ben] | taken[self.boss]
        self.assertEqual(passed, cards[:5])  # the most urgent
        self.assertEqual(set(passed.mapped("passed_reason")), {"Ann is ill"})
        self.assertEqual((passed.passed_from_id, passed.passed_by_id), (self.ann, self.boss))
        self.assertEqual(set(passed.mapped("planned_date")), {self.today})
        # Ann's day has room again
        self.assertEqual(self._days(cards[5:8]), [0, 0, 0])
        self.assertEqual(
            self._as(self.ben).search_count(
                [("id", "in", passed.ids), ("user_id", "=", self.ben.id)]
            ),
            3,
        )

    def test_who_may_pass_on_and_must_say_why(self):
        self._cards(2)
        with self.assertRaises(AccessError):
            self._pass_on(self.ann)
        with self.assertRaises(UserError):
            self._pass_on(self.boss, reason=" ")
        with self.assertRaises(UserError):
            self._pass_on(self.boss, to_ids=[])

    # ---- cards and dialog ----------------------------------------------------------------------

    def test_cards_are_read_in_a_few_queries_for_a_page(self):
        self.customers[0].child_ids = [(0, 0, {"name": "Person"})]
        cards = self._cards()
        user = self.boss
        view = self._as(user).get_view(view_type="kanban")["arch"]
        fields = self._as(user).get_views([(False, "kanban")])["models"]["customer.followup"][
            "fields"
        ]
        specification = {
            name: {"fields": {"display_name": {}}}
            if self.Followup._fields[name].type == "many2one"
            else {}
            for name in fields
            if f'name="{name}"' in view
        }
        self.assertIn("last_contact_text", specification)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._as(user).browse(some.ids).web_read(specification)
            return self.env.cr.sql_log_count - before

        queries(cards[:2])
        self.assertEqual(queries(cards[2:4]), queries(cards[2:]))

    def test_a_card_of_anothers_customer_says_what_it_takes(self):
        (card,) = self._cards(1)
        card.user_id = self.ben
        read = card.with_user(self.ben).with_context(allowed_company_ids=self.company.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(read.value_tier_id, self.profiles[0].value_tier_id)
        self.assertEqual(read.last_contact_text, "No contact yet")
        self.assertIn("Last order", read.order_text)
        self.assertEqual(read.action_open_customer()["res_model"], "res.partner")

    def test_a_card_says_whose_birthday_is_next(self):
        """The first of the customer's people to have it; none that is far off."""
        (card,) = self._cards(1)
        customer = card.partner_id
        self.assertFalse(card.birthday_text)
        self.env["res.partner"].create(
            [
                {"name": name, "parent_id": customer.id, "customer_birthday": born}
                for name, born in (
                    ("Later", "1990-06-20"),
                    ("Soon", "1980-06-14"),
                    ("Far", "1970-09-01"),
                )
            ]
        )
        for lang, text in (
            ("en_US", "Soon has a birthday on Fri, Jun 14"),
            ("zh_CN", "6月14日周五"),
        ):
            with self.subTest(lang=lang):
                self.env["res.lang"]._activate_lang(lang)
                self.env.invalidate_all()
                self.assertIn(text, card.with_context(lang=lang).birthday_text)
        customer.child_ids.filtered(lambda c: c.name == "Far").customer_birthday = "1970-06-12"
        self.env.invalidate_all()
        self.assertEqual(card.birthday_text, "Far has a birthday today")

    def test_the_dialog_proposes_the_next_date(self):
        self.env["customer.contact.fact"]._refresh_now(self.profiles)
        (card,) = self._cards(1)
        action = card.with_user(self.ann).action_log_call()
        context = {**action["context"], "allowed_company_ids": self.company.ids}
        log = Form(self.env["customer.contact.log"].with_user(self.ann).with_context(**context))
        self.assertEqual(log.customer, self.customers[0].display_name)
        days = self.profiles[0].cadence_days
        self.assertTrue(days)
        self.assertEqual(log.next_date, self.today + timedelta(days=days))
        log.outcome_id = self.outcome["not_reached"]
        self.assertTrue(log.stays_open)
        self.assertEqual(log.next_date, self._ago(-1))
        log.outcome_id = self.outcome["comes_back"]
        self.assertEqual(log.next_date, self._ago(-7))
        log.outcome_id = self.outcome["will_order"]
        log.note = "Thursday"
        log.save().action_apply()
        self.assertEqual((card.done_by_id, card.note), (self.ann, "Thursday"))
        self.assertFalse(card.next_date)  # nothing else was agreed than the rhythm
        self.env.invalidate_all()
        self.assertEqual(self.profiles[0].last_contact_kind, "call")

    def test_the_dialog_tells_nothing_of_anothers_customer(self):
        (card,) = self._cards(1)
        Log = self.env["customer.contact.log"].with_user(self.ben)
        for vals in ({}, {"followup_id": card.id}):
            with self.subTest(vals):
                log = Log.create({"profile_id": self.profiles[0].id, **vals})
                self.assertFalse(log.customer or log.proposed_date)
                with self.assertRaises(AccessError):
                    log.action_apply()
