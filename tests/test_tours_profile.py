"""What an account manager does in the browser: who moved, why, from which documents; and sets a tier."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import BrowserCase


@tagged("post_install", "-at_install")
class TestToursProfile(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls._new_company("Tour Trading")
        cls.user = new_test_user(
            cls.env,
            login="profile_manager",
            groups="customer_success.group_customer_all,account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        today = cls.company._customer_today()
        for name, gap, amount in (("Tour Builders", 20, 900), ("Tour Hotel", 60, 120)):
            partner = cls._customer(name, user_id=cls.user.id)
            for ago in range(5, 420, gap):
                cls._document(partner, today - timedelta(days=ago), amount)
        cls.env.cr.flush()
        for run in cls.env["customer.run"].search(
            [("company_id", "=", cls.company.id), ("state", "=", "queued")]
        ):
            while run._advance():
                pass
        cls.profile = cls.env["customer.profile"].search(
            [("company_id", "=", cls.company.id), ("partner_id.name", "=", "Tour Builders")]
        )

    def _tour(self, name, path="/odoo/customers-by-value"):
        self.start_tour(path, name, login="profile_manager")

    def test_from_the_board_to_the_documents_and_back(self):
        key = self.env.ref("customer_success.tier_key")
        self.assertTrue(self.profile.value_tier_id)
        self.assertNotEqual(self.profile.value_tier_id, key)
        self._tour("customer_profile_tour")
        self.env.invalidate_all()
        self.assertEqual(self.profile.value_tier_id, key)
        self.assertTrue(self.profile.manual_tier_until)
        self.assertEqual(self.profile.manual_tier_user_id, self.user)
        self.assertEqual(self.profile.transition_ids[0].reason_text, "Signed a yearly contract")

    def test_another_day_and_the_migration(self):
        self._tour("customer_past_day_tour", f"/odoo/customers-by-value/{self.profile.id}")
        self._tour("customer_migration_tour", "/odoo/customer-migration")

    def test_a_dragged_card_asks_first(self):
        before = self.profile.value_tier_id
        self._tour("customer_profile_drag_tour")
        self.env.invalidate_all()
        self.assertEqual(self.profile.value_tier_id, before, "a discarded drag changes nothing")
