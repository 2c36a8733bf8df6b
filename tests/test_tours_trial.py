"""What an admin does at four: High is too easy to reach; who would fall if it were harder?"""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import BrowserCase


@tagged("post_install", "-at_install")
class TestToursTrial(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls._new_company("Tour Trying")
        new_test_user(
            cls.env,
            login="trial_admin",
            groups="base.group_user,customer_success.group_customer_admin",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        today = cls.company._customer_today()
        purchases = {"Steady Glass": 4, "Big Once": 1, "Large Once": 1, "Great Once": 1}
        for name, times in purchases.items():
            customer = cls._customer(name)
            for n in range(times):
                cls._document(customer, today - timedelta(n), 25_000)
        for name in ("Small Timber", "Small Steel"):
            cls._document(cls._customer(name), today, 6_000)
        cls._publish()

    @classmethod
    def _publish(cls):
        """A policy whose scores can be told by head: 88 for the steady one, 76 for the large, 66."""
        Policy = cls.env["customer.value.policy"]
        draft = Policy.browse(Policy._published(cls.company).action_new_version()["res_id"])
        scores = {"key": (90, 85), "high": (75, 70), "medium": (50, 45), "low": (0, 0)}
        cuts = {
            "recency": (30, 60, 120, 240),
            "frequency": (2, 4, 8, 16),
            "money": (100, 1_000, 5_000, 20_000),
        }
        draft.write(
            {
                "recency_mode": "days",
                "dwell_days": 0,
                "weight_recency": 0.2,
                "weight_frequency": 0.3,
                "weight_money": 0.5,
                "tier_ids": [
                    Command.update(
                        line.id,
                        {
                            "threshold": scores[line.tier_id.code][0],
                            "keep_threshold": scores[line.tier_id.code][1],
                        },
                    )
                    for line in draft.tier_ids
                ],
                "cut_ids": [
                    Command.clear(),
                    *(
                        Command.create({"axis": axis, "value": value})
                        for axis, values in cuts.items()
                        for value in values
                    ),
                ],
            }
        )
        draft.action_publish()
        runs = cls.env["customer.run"].search(
            [("company_id", "=", cls.company.id), ("state", "=", "queued")]
        )
        for run in runs:
            while run._advance():
                pass

    def test_raise_try_publish_look_and_revert(self):
        high, medium = (
            self.env["customer.tier"].search([("code", "=", c)]) for c in ("high", "medium")
        )
        own = [("company_id", "=", self.company.id)]
        Profile = self.env["customer.profile"]
        too_easy = Profile.search([*own, ("value_tier_id", "=", high.id), ("value_score", "<", 78)])
        self.assertEqual(
            set(too_easy.mapped("partner_id.name")), {"Big Once", "Large Once", "Great Once"}
        )
        self.start_tour("/odoo/customer-value-policies", "customer_trial_tour", login="trial_admin")
        first, second = self.env["customer.value.trial"].search(own, order="id")
        self.assertEqual((first.fall_count, second.fall_count), (0, 3))
        cell = second.cell_ids.filtered(
            lambda c: (c.kind, c.from_tier_id, c.to_tier_id) == ("now", high, medium)
        )
        self.assertEqual((cell.customers, cell.revenue), (3, sum(too_easy.mapped("revenue"))))
        self.assertEqual(Profile.search([("trial_cell_id", "=", cell.id)]), too_easy)
        # Publishing did what the dry-run said, and going back undid it; the log has both.
        log = self.env["customer.transition"].search(
            [("profile_id", "in", too_easy.ids), ("cause", "=", "policy")], order="id"
        )
        self.assertEqual(
            [(move.from_tier_id, move.to_tier_id) for move in log],
            [(high, medium)] * 3 + [(medium, high)] * 3,
        )
        self.assertEqual(log[:3].policy_id, second.policy_id)
        self.assertEqual(too_easy.value_tier_id, high)
        last, before = self.env["customer.value.publication"].search(own, limit=2)
        self.assertEqual((before.policy_id, before.moved_count), (second.policy_id, 3))
        self.assertEqual((last.replaced_id, last.reason), (second.policy_id, "Too hard after all"))
