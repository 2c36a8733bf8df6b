"""What a sales manager does with the overview in the browser: from a figure to the names, and back."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import BrowserCase


@tagged("post_install", "-at_install")
class TestToursOverview(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls._new_company("Overview Trading")
        cls.user = new_test_user(
            cls.env,
            login="overview_manager",
            groups="customer_success.group_customer_all",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.today = cls.company._customer_today()

    def _compute(self, kind="full"):
        self.env.cr.flush()
        run = self.env["customer.run"]._open(self.company, kind, "asked")
        while run._advance():
            pass
        self.env["customer.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "queued")]
        ).write({"state": "superseded"})

    def test_from_a_figure_to_the_names(self):
        customers = [
            self._customer(f"Overview {number}", user_id=self.user.id if number < 2 else False)
            for number in range(5)
        ]
        for customer in customers:
            self._document(customer, self.today - timedelta(days=20), 1_000)
        self._compute()
        profile = self.env["customer.profile"].search(
            [("company_id", "=", self.company.id), ("partner_id", "=", customers[0].id)]
        )
        self.assertNotEqual(profile.value_tier_id.code, "key")
        profile._set_manual("tier", self.env.ref("customer_success.tier_key"), "Contract", False)
        lost = self.env.ref("customer_success.stage_lost")
        profile._set_manual("stage", lost, "Closed its shop", False)
        self.start_tour(
            "/odoo/customer-overview", "customer_overview_tour", login="overview_manager"
        )

    def test_before_there_is_a_customer(self):
        self.start_tour(
            "/odoo/customer-overview", "customer_overview_empty_tour", login="overview_manager"
        )
