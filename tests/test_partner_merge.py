"""Merging contacts merges their profiles: nothing is lost, nothing counted twice."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..models.run import customer_run_batch as batch
from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestPartnerMerge(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._new_company("Other")
        cls.kept, cls.gone, cls.third = cls._customers(3, country_id=cls.company.country_id.id)

    def _merge(self, *partners, into=None):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [partner.id for partner in partners], into or partners[0]
        )
        self.env.invalidate_all()

    def test_figures_are_summed(self):
        self._invoice(self.kept, self._ago(30), 100)
        self._invoice(self.gone, self._ago(20), 50)
        self._invoice(self.gone, self._ago(30), 1)
        self._credit(self.third, self._ago(5), 10)
        self._run("full")
        self._merge(self.kept, self.gone, self.third)
        self.assertFalse((self.gone | self.third).exists())
        self._keep_up()
        profile = self._profile(self.kept)
        self.assertEqual(len(profile), 1)
        self.assertEqual((profile.revenue, profile.credited), (141, 10))
        self.assertEqual(profile.purchase_count, 2, "the day they have in common counts once")
        self.assertFalse(
            self.env["customer.profile"].search(
                [("partner_id", "in", (self.gone | self.third).ids)]
            )
        )

    def test_both_histories_are_kept(self):
        self._invoice(self.kept, self._ago(30), 100)
        self._run("full", self._ago(29))
        self._invoice(self.gone, self._ago(20), 50)
        self._run("full", self._ago(19))
        self._run("full", self._ago(1))
        both = self._transitions(self.kept) | self._transitions(self.gone)
        told = both.mapped(lambda move: (move.kind, move.as_of, move.at))
        self._merge(self.kept, self.gone)
        self.assertEqual(len(both.exists()), 4)
        self.assertEqual(both.profile_id, self._profile(self.kept))
        self.assertEqual(both.mapped(lambda move: (move.kind, move.as_of, move.at)), told)

    def test_only_one_of_them_is_a_customer(self):
        self._invoice(self.gone, self._ago(20), 50)
        self._run("full")
        history = self._transitions(self.gone)
        profile = self._profile(self.gone)
        self._merge(self.kept, self.gone)
        self._keep_up()
        self.assertEqual(self._profile(self.kept), profile, "the profile moves along")
        self.assertEqual(profile.revenue, 50)
        self.assertEqual(self._transitions(self.kept), history, "and nothing else happened to it")

    def test_whoever_merges_contacts_need_not_see_figures(self):
        """odoo#16520: access errors across companies."""
        for company in self.company | self.other:
            self._invoice(self.kept, self._ago(30), 100, company=company)
            self._invoice(self.gone, self._ago(20), 50, company=company)
            self._run("full", company=company)
        clerk = self._user("clerk")
        clerk.group_ids += self.env.ref("base.group_partner_manager")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(clerk)
        wizard._merge((self.kept | self.gone).ids, self.kept.with_user(clerk))
        self.env.invalidate_all()
        self.assertFalse(self.gone.exists())
        for company in self.company | self.other:
            self._keep_up(company=company)
            self.assertEqual(self._profile(self.kept, company).revenue, 150)

    def test_neither_is_a_customer(self):
        self._merge(self.kept, self.gone)
        self._run()
        self.assertTrue(self.kept.exists())

    def test_companies_stay_apart(self):
        self._invoice(self.kept, self._ago(30), 100)
        self._invoice(self.gone, self._ago(20), 50, company=self.other)
        for company in self.company | self.other:
            self._run("full", company=company)
        self._merge(self.kept, self.gone)
        for company in self.company | self.other:
            self._keep_up(company=company)
        self.assertEqual(self._profile(self.kept).revenue, 100)
        self.assertEqual(self._profile(self.kept, self.other).revenue, 50)

    def test_a_choice_by_hand_is_kept(self):
        for partner in (self.kept, self.gone):
            self._invoice(partner, self._ago(20), 50)
        self._run("full")
        until = self.today + timedelta(30)
        self._profile(self.gone)._set_manual("tier", self.tiers["key"], "Landlord", until)
        self._merge(self.kept, self.gone)
        self._keep_up()
        profile = self._profile(self.kept)
        self.assertEqual(profile.value_tier_id, self.tiers["key"])
        self.assertEqual(
            (profile.manual_tier_reason, profile.manual_tier_until), ("Landlord", until)
        )

    def test_the_kept_customers_own_choice_comes_first(self):
        for partner in (self.kept, self.gone):
            self._invoice(partner, self._ago(20), 50)
        self._run("full")
        self._profile(self.kept)._set_manual("tier", self.tiers["high"], "Mine", False)
        self._profile(self.gone)._set_manual("tier", self.tiers["key"], "Theirs", False)
        self._profile(self.gone)._set_manual("stage", self.stages["growth"], "Opens shops", False)
        self._merge(self.kept, self.gone)
        self._keep_up()
        profile = self._profile(self.kept)
        self.assertEqual(
            (profile.value_tier_id, profile.manual_tier_reason), (self.tiers["high"], "Mine")
        )
        self.assertEqual(profile.lifecycle_stage_id, self.stages["growth"])

    def test_of_two_choices_the_newest_is_kept(self):
        for partner in (self.gone, self.third):
            self._invoice(partner, self._ago(20), 50)
        self._run("full")
        self._profile(self.third)._set_manual("tier", self.tiers["key"], "Older", False)
        with self._on(self.today + timedelta(2)):
            self._profile(self.gone)._set_manual("tier", self.tiers["high"], "Newer", False)
        self._merge(self.kept, self.gone, self.third)
        self.assertEqual(self._profile(self.kept).manual_tier_reason, "Newer")

    def test_messages_and_activities_are_kept(self):
        for partner in (self.kept, self.gone):
            self._invoice(partner, self._ago(20), 50)
        self._run("full")
        source = self._profile(self.gone)
        message = source.message_post(body="Called them")
        activity = source.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.uid)
        attachment = self.env["ir.attachment"].create(
            {"name": "offer", "res_model": source._name, "res_id": source.id}
        )
        self._merge(self.kept, self.gone)
        profile = self._profile(self.kept)
        self.assertEqual(message.exists().res_id, profile.id)
        self.assertEqual(activity.exists().res_id, profile.id)
        self.assertEqual(attachment.exists().res_id, profile.id)

    def test_merged_in_the_middle_of_a_run(self):
        """Between two batches: one of them computed already, one not yet."""
        rows = [(self.kept, self._ago(30), 100), (self.third, self._ago(20), 50)]
        self._bulk(rows)
        self._run("full")
        self._bulk([(self.kept, self._ago(2), 7), (self.third, self._ago(1), 3)])
        run = self.env["customer.run"]._queue(self.company, "asked")
        with patch.object(batch, "FULL_BATCH", self.third.id - 1):
            self.assertTrue(run._advance())  # all but the third, and whoever is newer
            self.assertEqual(self._profile(self.kept).revenue, 107)
            self.assertEqual(self._profile(self.third).revenue, 50)
            self._merge(self.kept, self.third)
            while run._advance():
                pass
        self._keep_up()
        profile = self._profile(self.kept)
        self.assertEqual((run.state, profile.revenue, profile.purchase_count), ("done", 160, 4))
        whole = self._snapshot()
        self._run("full")
        self.assertSame(self._snapshot(), whole)

    def test_a_mark_of_the_merged_one_does_no_harm(self):
        self._invoice(self.kept, self._ago(30), 100)
        self._invoice(self.gone, self._ago(20), 50)
        self._settle()
        self._merge(self.kept, self.gone)
        self._run()
        self.assertEqual(self._profile(self.kept).revenue, 150)
        self.assertEqual(self._marks(), [])
        self.assertEqual(
            self.env["customer.profile"].search_count([("company_id", "=", self.company.id)]), 1
        )
