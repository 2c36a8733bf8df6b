"""The lifecycle limits as an admin handles them: opened, changed, refused."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.lifecycle.customer_lifecycle_policy import LIMIT_FIELDS
from ..tools.lifecycle_limits import LifecycleLimits
from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestLifecyclePolicy(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Limits = cls.env["customer.lifecycle.policy"]
        cls.limits = cls.Limits._for_company(cls.company)

    def _runs(self):
        return self.env["customer.run"].search([("company_id", "=", self.company.id)], order="id")

    def _refused(self, message, **vals):
        with self.assertRaises(ValidationError) as refusal:
            self.limits.write(vals)
        self.assertIn(message, str(refusal.exception))

    def test_a_company_starts_with_the_measured_defaults(self):
        self.assertEqual(self.limits._kernel(), LifecycleLimits())

    def test_every_limit_has_a_place_on_the_screen(self):
        arch = self.Limits.get_view(view_type="form")["arch"]
        for name in LIMIT_FIELDS:
            self.assertIn(f'name="{name}"', arch)

    def test_a_company_has_one_record(self):
        self.assertEqual(self.Limits._for_company(self.company), self.limits)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.Limits.create({"company_id": self.company.id})

    def test_the_menu_opens_the_record_of_the_active_company(self):
        admin = self._user("admin", "admin")
        action = self._as(admin).action_open_own()
        self.assertEqual((action["res_id"], action["views"]), (self.limits.id, [(False, "form")]))

    def test_the_menu_makes_the_record_when_it_is_missing(self):
        admin = self._user("admin", "admin")
        self.limits.unlink()
        action = self._as(admin).action_open_own()
        self.assertEqual(self.Limits.browse(action["res_id"]).company_id, self.company)

    def test_only_an_administrator_opens_and_changes_limits(self):
        reader = self._user("reader", "all")
        with self.assertRaises(AccessError):
            self._as(reader).action_open_own()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.limits.with_user(reader).write({"lost_silence": 5})

    def test_a_change_by_an_administrator_queues_a_full_run(self):
        admin = self._user("admin", "admin")
        before = self._runs()
        self.limits.with_user(admin).write({"lost_silence": 5})
        run = self._runs() - before
        self.assertEqual((run.kind, run.state, run.user_id), ("full", "queued", admin))

    def test_a_change_that_is_refused_queues_nothing(self):
        before = self._runs().mapped("state")
        self._refused("Lost After", lost_silence=1)
        self.assertEqual(self._runs().mapped("state"), before)

    def test_the_name_says_whose_limits_they_are(self):
        self.assertEqual(self.limits.display_name, f"Lifecycle limits of {self.company.name}")

    def _as(self, user):
        return self.Limits.with_user(user).with_company(self.company)

    # ---- each rule, on both sides of its boundary ----------------------------------------------

    def test_window(self):
        self._refused("Compare The Last (Days) is 0. Set it to at least 1", window_days=0)
        self.limits.window_days = 1

    def test_window_longer_than_the_usual_spend(self):
        history = {"trend_min_customer_days": 800}
        message = "The usual spend is taken over (days) (364)"
        self._refused(message, window_days=365, **history)
        self.limits.write({"window_days": 364, **history})

    def test_customer_history_must_hold_both_windows(self):
        message = (
            "History Of The Customer (Days) is 545. Comparing with last year needs at least 546"
        )
        self._refused(message, trend_min_customer_days=545)
        self.limits.trend_min_customer_days = 546

    def test_growth_above_decline(self):
        message = "Decline Down From (1.25) must be less than Growth From (1.25)"
        self._refused(message, decline_ratio=1.25, leave_margin=0)
        self.limits.write({"decline_ratio": 1.24, "leave_margin": 0})

    def test_margin_leaves_room(self):
        ratios = {"growth_ratio": 1.5, "decline_ratio": 0.5}
        message = "A margin of 0.5 leaves no room between decline (0.5) and growth (1.5)"
        self._refused(message, **ratios, leave_margin=0.5)
        self.limits.write({**ratios, "leave_margin": 0.49})

    def test_negative_numbers(self):
        for name in ("leave_margin", "prior_weight"):
            with self.subTest(name):
                self._refused("is -0.01. Set it to at least 0", **{name: -0.01})
                self.limits.write({name: 0})

    def test_silence_that_ends_a_decline(self):
        message = "Decline Ends Below (Intervals) (2.01) must be less than Decline After"
        self._refused(message, leave_silence=2.01)
        self.limits.leave_silence = 2

    def test_lost_after_decline(self):
        message = "Decline After (Intervals) (4) must be less than Lost After (Intervals) (4)"
        self._refused(message, decline_silence=4)
        self.limits.decline_silence = 3.99

    def test_days_of_silence(self):
        message = "Decline Not Before (Days) (29) must be less than Lost Not Before (Days) (28)"
        self._refused(message, decline_min_days=29)
        self.limits.decline_min_days = 28

    def test_purchases_to_be_established(self):
        self._refused("Purchases To Be Established is 0", introduction_purchases=0)
        self.limits.introduction_purchases = 1

    def test_days_to_be_established(self):
        self._refused("Days To Be Established is -1", introduction_days=-1)
        self.limits.introduction_days = 0
