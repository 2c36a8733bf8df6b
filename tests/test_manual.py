"""Rule 7: a person outranks the machine, says why, and until when."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestManual(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()
        cls._invoice(cls.customer, cls._back(20), 100)
        cls.manager = cls._user("manager", "all")

    @classmethod
    def _back(cls, days):
        return cls.today - timedelta(days)

    def setUp(self):
        super().setUp()
        self._run("full")
        self.profile = self._profile(self.customer)
        self.assertEqual(self.profile.value_tier_id, self.tiers["low"])

    def _set(self, kind, choice, reason="They are our landlord", until=False, user=None):
        self.profile.with_user(user or self.manager)._set_manual(kind, choice, reason, until)

    def test_it_shows_at_once_beside_what_was_computed(self):
        self._set("tier", self.tiers["key"])
        profile = self.profile
        self.assertEqual(profile.value_tier_id, self.tiers["key"])
        self.assertEqual(profile.computed_tier_id, self.tiers["low"])
        self.assertTrue(profile.tier_manual)
        self.assertEqual(profile.manual_tier_user_id, self.manager)
        self.assertEqual(profile.tier_since, self.today)

    def test_it_is_logged_with_user_and_reason(self):
        self._set("stage", self.stages["growth"], "  Opens a second shop ")
        move = self._transitions(self.customer, "stage")[-1]
        self.assertEqual(
            (move.cause, move.reason, move.by_user_id, move.to_stage_id),
            ("manual", "Opens a second shop", self.manager, self.stages["growth"]),
        )
        self.assertEqual(move.from_stage_id, self.stages["introduction"])
        self.assertEqual(move.direction, "up")

    def test_runs_leave_it_alone(self):
        self._set("tier", self.tiers["key"])
        self._set("stage", self.stages["maturity"])
        logged = len(self._transitions(self.customer))
        self._invoice(self.customer, self.today, 50_000)
        self._run()
        self._run("full", self.today + timedelta(500))
        profile = self.profile
        self.assertEqual(profile.value_tier_id, self.tiers["key"])
        self.assertEqual(profile.lifecycle_stage_id, self.stages["maturity"])
        self.assertEqual(profile.computed_stage_id, self.stages["lost"])
        self.assertEqual(len(self._transitions(self.customer)), logged)

    def test_it_ends_by_itself_on_its_date(self):
        until = self.today + timedelta(3)
        self._set("tier", self.tiers["key"], until=until)
        self.assertEqual(self.profile.next_change_date, until + timedelta(1))
        self._keep_up(until)
        self.assertEqual(self.profile.value_tier_id, self.tiers["key"], "its last day")
        self._keep_up(until + timedelta(1))
        self.assertEqual(self.profile.value_tier_id, self.tiers["low"])
        self.assertFalse(self.profile.tier_manual)
        move = self._transitions(self.customer, "tier")[-1]
        self.assertEqual((move.cause, move.as_of), ("manual_end", until + timedelta(1)))
        self.assertFalse(move.by_user_id, "nobody ended it: its time had come")

    def test_it_ends_by_hand(self):
        self._set("tier", self.tiers["key"])
        self._set("tier", self.env["customer.tier"], reason=False)
        self.assertEqual(self.profile.value_tier_id, self.tiers["low"])
        self.assertFalse(self.profile.manual_tier_id)
        move = self._transitions(self.customer, "tier")[-1]
        self.assertEqual((move.cause, move.by_user_id), ("manual_end", self.manager))

    def test_each_change_by_hand_is_one_entry(self):
        self._set("tier", self.tiers["key"])
        self._set("tier", self.tiers["high"], "No longer our landlord")
        moves = self._transitions(self.customer, "tier")
        self.assertEqual(
            [(m.from_tier_id.code, m.to_tier_id.code, m.cause) for m in moves],
            [(False, "low", "first"), ("low", "key", "manual"), ("key", "high", "manual")],
        )
        self._run("full")
        self.assertEqual(self._transitions(self.customer, "tier"), moves)

    def test_the_same_tier_by_hand_is_kept_though_the_score_falls(self):
        self._set("tier", self.tiers["low"])
        self.assertTrue(self.profile.tier_manual)
        self.assertEqual(len(self._transitions(self.customer, "tier")), 1, "no move, no entry")
        self._bulk([(self.customer, self.today, 900_000)] * 3)
        self._run("full")
        self.assertEqual(self.profile.value_tier_id, self.tiers["low"])

    def test_tier_and_stage_are_chosen_apart(self):
        self._set("tier", self.tiers["key"])
        self.assertFalse(self.profile.stage_manual)
        self._set("stage", self.stages["lost"])
        self._set("tier", self.env["customer.tier"], False)
        self.assertEqual(self.profile.lifecycle_stage_id, self.stages["lost"])

    def test_a_choice_needs_a_reason_and_a_day_to_come(self):
        for reason in (False, "", "   "):
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, "Say why"):
                self._set("tier", self.tiers["key"], reason)
        with self.assertRaisesRegex(UserError, "passed already"):
            self._set("tier", self.tiers["key"], until=self._back(1))
        self._set("tier", self.tiers["key"], until=self.today)
        self.assertEqual(self.profile.value_tier_id, self.tiers["key"])

    def test_who_may_choose(self):
        self.customer.user_id = own = self._user("own", "own")
        other = self._user("other_own", "own")
        with self.assertRaises(AccessError):
            self._set("tier", self.tiers["key"], user=other)
        with self.assertRaises(AccessError):
            self._set("tier", self.tiers["key"], user=self._user("nobody"))
        self._set("tier", self.tiers["key"], user=own)
        self.assertEqual(self.profile.manual_tier_user_id, own)

    def test_many_at_once(self):
        others = self._customers(3)
        for other in others:
            self._invoice(other, self._back(3), 10)
        self._run()
        profiles = self._profiles().filtered("purchase_count_life")
        self.assertEqual(len(profiles), 4)
        profiles.with_user(self.manager)._set_manual("tier", self.tiers["high"], "Campaign", False)
        self.assertEqual(profiles.value_tier_id, self.tiers["high"])
        self.assertEqual(len(profiles.manual_tier_user_id), 1)

    def test_a_person_reads_marks_no_more_than_others(self):
        """Setting by hand computes from the documents as they are, marks included."""
        self._invoice(self.customer, self.today, 200)
        self._settle()
        self._set("tier", self.tiers["high"])
        self.assertEqual((self.profile.revenue, self._marks()), (300, []))

    def test_the_dialog(self):
        wizard = (
            self.env["customer.override"]
            .with_user(self.manager)
            .with_context(active_model="customer.profile", active_ids=self.profile.ids)
            .create({"kind": "tier", "tier_id": self.tiers["key"].id, "reason": "Strategic"})
        )
        self.assertEqual(wizard.profile_ids, self.profile)
        wizard.action_apply()
        self.assertEqual(self.profile.value_tier_id, self.tiers["key"])
        wizard.action_end()
        self.assertEqual(self.profile.value_tier_id, self.tiers["low"])
