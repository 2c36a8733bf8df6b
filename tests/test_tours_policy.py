"""What an admin does in the browser: policies, computing, and how fresh the numbers are."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursPolicy(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].create([{"name": "Tour One"}, {"name": "Tour Two"}])
        cls.company = cls.companies[0]
        new_test_user(
            cls.env,
            login="policy_admin",
            groups="base.group_user,customer_success.group_customer_admin",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.companies.ids)],
        )
        cls.env["res.partner"].create(
            {"name": "Tour Customer", "customer_rank": 1, "company_id": cls.company.id}
        )
        cls._compute()

    @classmethod
    def _compute(cls):
        runs = cls.env["customer.run"].search(
            [("company_id", "in", cls.companies.ids), ("state", "=", "queued")]
        )
        for run in runs:
            while run._advance():
                pass

    def _published_with_key_from_90(self):
        """The tour tells its numbers: they must not depend on the defaults."""
        Policy = self.env["customer.value.policy"]
        draft = Policy.browse(Policy._published(self.company).action_new_version()["res_id"])
        lines = draft.tier_ids.sorted(lambda line: line.tier_id.sequence)
        scores = [(90, 85), (75, 70), (50, 45), (0, 0)]
        draft.tier_ids = [
            Command.update(line.id, {"threshold": threshold, "keep_threshold": keep})
            for line, (threshold, keep) in zip(lines, scores, strict=True)
        ]
        draft.action_publish()
        self._compute()
        return draft

    def _tour(self, path, tour):
        self.start_tour(path, tour, login="policy_admin")

    def test_policy(self):
        before = self._published_with_key_from_90()
        with self.assertLogs("odoo.http", "WARNING") as refusals:
            self._tour("/odoo/customer-value-policies", "customer_policy_tour")
        self.assertEqual(len(refusals.output), 1, refusals.output)
        self.assertIn("Set High lower than 90", refusals.output[0])
        log = self.env["customer.value.publication"].search(
            [("company_id", "=", self.company.id)], order="id desc", limit=2
        )
        after = log[1].policy_id
        self.assertEqual((after.version, after.previous_id), (before.version + 1, before))
        self.assertEqual(
            log.mapped("reason"), ["It was right before", "High was too easy to reach"]
        )
        self.assertEqual((log[0].policy_id, log[0].replaced_id), (before, after))
        self.assertEqual((before.state, after.state), ("published", "archived"))
        run = self.env["customer.run"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual((run.state, run.policy_id), ("done", before))

    def test_recompute_all_companies(self):
        self._tour("/odoo/customer-computations", "customer_recompute_tour")
        for company in self.companies:
            run = self.env["customer.run"].search([("company_id", "=", company.id)], limit=1)
            self.assertEqual(
                (run.kind, run.state, run.user_id.login), ("full", "done", "policy_admin")
            )

    def test_freshness(self):
        action = self.env.ref("customer_success.customer_profile_action")
        self._tour(f"/odoo/action-{action.id}?view_type=list", "customer_freshness_tour")
