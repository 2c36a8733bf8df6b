"""The public pool: who goes back and when, who may claim, what is written down."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestPool(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = patch.object(cls.env.cr, "now", lambda: fields.Datetime.now())
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.ann, cls.ben = (cls._user(name, "own") for name in ("ann", "ben"))
        cls.boss = cls._user("boss", "all")
        cls.mine, cls.free = (
            cls._customer("Mine", user_id=cls.ann.id, city="Rome"),
            cls._customer("Free"),
        )
        cls._bulk([(cls.mine, cls.today, 100), (cls.free, cls.today, 100)])
        cls.Entry = cls.env["customer.pool.entry"]
        cls.Move = cls.env["customer.pool.move"]

    def setUp(self):
        super().setUp()
        self._run("full")
        for partner in (self.mine, self.free):
            self._profile(partner)._set_manual("tier", self.tiers["medium"], "Test", False)
        self.company.customer_pool_on = True  # 90 days for medium, 7 to warn, 30 protected
        self.env.flush_all()

    def _work(self, ago=0):
        with self._on(self._ago(ago)), self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_pool").method_direct_trigger()
        self.env.invalidate_all()

    def _pool(self, user=None):
        return self.Entry.with_user(user or self.ben).with_context(
            allowed_company_ids=self.company.ids
        )

    def _claim(self, partner, user=None):
        entry = self._pool(user).search([("partner_id", "=", partner.id)])
        self.assertEqual(len(entry), 1)
        entry.action_claim()
        self.env.flush_all()

    def _contacted(self, partner, ago):
        profile = self._profile(partner)
        with self._on(self._ago(ago)):
            self.env["customer.followup"].with_user(self.ann)._log(
                profile.with_user(self.ann), "call"
            )
        self.env.flush_all()

    def _warnings(self):
        found = self.env["customer.followup"].search(
            [("cause_key", "=", "pool"), ("company_id", "=", self.company.id)], order="id"
        )
        return [(card.user_id, card.occasion, card.cancel_code or "") for card in found]

    def _moves(self, partner=None):
        moves = self.Move.search([("company_id", "=", self.company.id)], order="id")
        return [
            (move.kind, move.from_user_id, move.to_user_id, move.by_user_id)
            for move in moves
            if not partner or move.partner_id == partner
        ]

    def test_off_by_default(self):
        other = self._new_company("Other")
        self.assertFalse(other.customer_pool_on)
        self.company.customer_pool_on = False
        self.assertFalse(self._pool().search([]))
        self._work(-4000)
        self.assertEqual(self.mine.user_id, self.ann)

    def test_back_on_the_day_and_not_before(self):
        """Silence counts from the day the pool was turned on: nobody is surprised."""
        self.assertEqual(self.company.customer_pool_since, self.today)
        for days, user in [(0, self.ann), (89, self.ann), (90, self.env["res.users"])]:
            self._work(-days)
            self.assertEqual(self.mine.user_id, user, f"after {days} days")
        nobody = self.env["res.users"]
        self.assertEqual(self._moves(), [("released", self.ann, nobody, nobody)])
        self._work(-91)
        self.assertEqual(len(self._moves()), 1)

    def test_a_contact_keeps_it(self):
        self._contacted(self.mine, -50)
        for days, user in [(139, self.ann), (140, self.env["res.users"])]:
            self._work(-days)
            self.assertEqual(self.mine.user_id, user, f"after {days} days")

    def test_warned_before_and_no_more_once_in_touch(self):
        for days, count in [(82, 0), (83, 1), (84, 1)]:
            self._work(-days)
            self.assertEqual(len(self._warnings()), count, f"after {days} days")
        goes = str(self._ago(-90))
        self.assertEqual(self._warnings(), [(self.ann, goes, "")])
        card = self.env["customer.followup"].search(
            [("cause_key", "=", "pool"), ("company_id", "=", self.company.id)]
        )
        self.assertIn("Goes back to the public pool on 09/10/2024", card.why)
        self._contacted(self.mine, -84)
        self._work(-85)
        self.assertEqual(self._warnings(), [(self.ann, goes, "contacted")])
        self._work(-84 - 83)
        self.assertEqual(len(self._warnings()), 2, "the next silence is warned of anew")

    def test_exempt_tiers_stay(self):
        for name, change in [
            ("key", lambda: self._profile(self.mine)._set_manual(
                "tier", self.tiers["key"], "Test", False)),
            ("no rule", lambda: self.company.customer_pool_rule_ids.unlink()),
        ]:  # fmt: skip
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                change()
                self._work(-1000)
                self.assertEqual(self.mine.user_id, self.ann)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_customer_of_two_companies_stays(self):
        """A contact has one account manager for all companies: none takes it from another."""
        other = self._new_company("Other")
        self._bulk([(self.mine, self.today, 100)], other)
        self._run("full", company=other)
        self._work(-1000)
        self.assertEqual(self.mine.user_id, self.ann)

    def test_claimed_and_protected(self):
        self._work(-90)
        with self._on(self._ago(-100)):
            self._claim(self.mine)
        self.assertEqual(self.mine.user_id, self.ben)
        self.assertEqual(
            self._moves(self.mine)[-1], ("claimed", self.env["res.users"], self.ben, self.ben)
        )
        self.assertEqual(self._profile(self.mine).with_user(self.ben).revenue, 100, "its own now")
        for days, user in [(129, self.ben), (130, self.env["res.users"])]:
            self._work(-days)
            self.assertEqual(self.mine.user_id, user, f"after {days} days")

    def test_the_second_is_told_who_was_faster(self):
        entry = self._pool(self.ann).search([("partner_id", "=", self.free.id)])
        self._claim(self.free)
        with self.assertRaisesRegex(UserError, "cs_ben .* was faster"):
            entry.action_claim()
        self.assertEqual(self.free.user_id, self.ben)
        self.assertEqual(len(self._moves()), 1)

    def test_quotas(self):
        others = self._customers(2, name="More")
        self._bulk([(partner, self.today, 100) for partner in others])
        self._run("full")
        self.company.customer_pool_max_claims = 2
        self._claim(self.free)
        self._claim(others[0])
        with self.assertRaisesRegex(UserError, "claimed 2 customers today"):
            self._claim(others[1])
        with self._on(self._ago(-1)):
            self.company.customer_pool_max_held = 2
            with self.assertRaisesRegex(UserError, "look after 2 customers"):
                self._claim(others[1])
            self.company.customer_pool_max_held = 0
            self._claim(others[1])
        self.assertEqual(others[1].user_id, self.ben)

    def test_ones_quota_is_shown(self):
        self._claim(self.free)
        self.assertEqual(
            self._pool().action_open_pool()["name"],
            "Public Pool: you hold 1 of 200, claimed 1 of 5 today",
        )

    def test_what_the_pool_shows(self):
        """Enough to choose by; no money, no facts but how long it has been silent."""
        entry = self._pool().search([])
        self.assertEqual(entry.partner_id, self.free, "nobody's customers alone")
        money = [name for name, field in self.Entry._fields.items() if field.type == "monetary"]
        self.assertFalse(money)
        for name in ("revenue", "profile_id", "value_score"):
            self.assertNotIn(name, self.Entry._fields)
        with self.assertRaises(AccessError):
            self._profile(self.free).with_user(self.ben).read(["revenue"])
        outsider = self._user("outsider")
        with self.assertRaises(AccessError):
            entry.with_user(outsider).action_claim()

    def test_another_companys_pool(self):
        other = self._new_company("Other")
        other.customer_pool_on = True
        theirs = self._customer("Theirs")
        self._bulk([(theirs, self.today, 10)], other)
        self._run("full", company=other)
        self.assertFalse(self._pool().search([("partner_id", "=", theirs.id)]))
        hidden = self.Entry.search([("partner_id", "=", theirs.id)])
        with self.assertRaises(AccessError):
            hidden.with_user(self.ben).with_context(
                allowed_company_ids=self.company.ids
            ).action_claim()

    def test_given_back(self):
        profile = self._profile(self.mine)
        with self.assertRaises(AccessError):
            profile.with_user(self.ben).action_give_back()
        profile.with_user(self.ann).action_give_back()
        nobody = self.env["res.users"]
        self.assertEqual(self._moves(), [("returned", self.ann, nobody, self.ann)])

    def test_assigned_by_anybody_is_logged_and_protected(self):
        with self._on(self._ago(-80)):
            self.mine.with_user(self.boss).sudo().user_id = self.ben
            self.env.flush_all()
        self.assertEqual(self._moves(), [("assigned", self.ann, self.ben, self.boss)])
        self._work(-109)
        self.assertEqual(self.mine.user_id, self.ben)
        self._work(-110)
        self.assertFalse(self.mine.user_id)

    def test_the_log_is_for_ever(self):
        self._claim(self.free)
        move = self.Move.search([], limit=1)
        with self.assertRaises(UserError):
            move.write({"kind": "assigned"})
        with self.assertRaises(UserError):
            move.unlink()
        stranger = self._user("stranger", "own")
        seen = self.Move.with_user(stranger).with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(seen.search([]))

    def test_released_in_small_batches_with_as_many_queries_each(self):
        partners = self._customers(60, user_id=self.ann.id)
        self._bulk([(partner, self.today, 100) for partner in partners])
        self._run("full")
        for partner in partners:
            self._profile(partner)._set_manual("tier", self.tiers["medium"], "Test", False)
        Profile = self.env["customer.profile"]
        with self._on(self._ago(-100)):
            counts = []
            while True:
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                count = Profile._release(self.company)
                self.env.flush_all()
                if not count:
                    break
                counts.append((count, self.env.cr.sql_log_count - before))
        self.assertEqual([count for count, __ in counts], [20, 20, 20, 1])
        queries = [cost for __, cost in counts]
        self.assertLessEqual(max(queries), min(queries) + 3, queries)

    def test_senseless_settings(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.company.customer_pool_protect_days = -1
