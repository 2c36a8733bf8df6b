"""Contacts show tier and stage of their firm, and are filtered, grouped and sorted by them."""

from odoo.fields import Domain
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestPartnerWindow(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._new_company("Other")
        cls.key, cls.low, cls.none, cls.stranger = cls._customers(4, name="Window")
        cls.contact = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.key.id})
        cls._bulk([(cls.key, cls.today, 900_000)] * 1 + [(cls.low, cls.today, 10)])
        cls._bulk([(cls.low, cls.today, 900_000)], cls.other)
        cls.none.customer_rank = 1
        cls.env.flush_all()
        cls.everyone = cls.key | cls.low | cls.none | cls.stranger | cls.contact

    def setUp(self):
        super().setUp()
        for company in self.company | self.other:
            self._run("full", company=company)
        for partner, company, code in (
            (self.key, self.company, "key"),
            (self.low, self.company, "low"),
            (self.low, self.other, "key"),
        ):
            self._profile(partner, company)._set_manual("tier", self.tiers[code], "test", False)
        self._profile(self.low)._set_manual("stage", self.stages["growth"], "test", False)
        self.stranger.customer_rank = 0

    def _found(self, domain, company=None, **options):
        Partner = self._in(company or self.company)["res.partner"]
        return Partner.search(Domain(domain) & Domain("id", "in", self.everyone.ids), **options)

    def test_a_partner_shows_its_firms_profile(self):
        here = self.everyone.with_company(self.company)
        self.assertEqual(
            here.mapped(lambda p: p.value_tier_id.code), ["key", "low", False, False, "key"]
        )
        contact = self.contact.with_company(self.company)
        self.assertEqual(contact.customer_profile_id, self._profile(self.key))
        self.assertEqual(self.low.with_company(self.company).lifecycle_stage_id.code, "growth")

    def test_in_another_company_it_shows_anothers(self):
        self.assertEqual(self.low.with_company(self.company).value_tier_id, self.tiers["low"])
        self.assertEqual(self.low.with_company(self.other).value_tier_id, self.tiers["key"])
        self.assertFalse(self.key.with_company(self.other).value_tier_id)
        self.assertEqual(
            self._found([("value_tier_id", "=", self.tiers["key"].id)], self.other), self.low
        )

    def test_every_operator(self):
        key, low = self.tiers["key"].id, self.tiers["low"].id
        keys, lows = self.key | self.contact, self.low
        unset = self.none | self.stranger
        for domain, expected in (
            ([("value_tier_id", "=", key)], keys),
            ([("value_tier_id", "!=", key)], lows | unset),
            ([("value_tier_id", "in", [key, low])], keys | lows),
            ([("value_tier_id", "not in", [key])], lows | unset),
            ([("value_tier_id", "in", [])], self.env["res.partner"]),
            ([("value_tier_id", "=", False)], unset),
            ([("value_tier_id", "!=", False)], keys | lows),
            ([("value_tier_id", "in", [low, False])], lows | unset),
            ([("value_tier_id", "not in", [low, False])], keys),
            ([("value_tier_id.code", "=", "key")], keys),
            ([("value_tier_id.code", "!=", "key")], lows),  # as for every path in Odoo
            ([("value_tier_id.code", "in", ["key", "low"])], keys | lows),
            ([("value_tier_id", "any", [("code", "=", "low")])], lows),
            ([("value_tier_id", "not any", [("code", "=", "low")])], keys | unset),
            ([("value_tier_id", "ilike", self.tiers["key"].name)], keys),
            (["!", ("value_tier_id", "=", key)], lows | unset),
            (["|", ("value_tier_id", "=", low), ("value_tier_id", "=", False)], lows | unset),
            ([("lifecycle_stage_id.code", "=", "growth")], lows),
            ([("lifecycle_stage_id.code", "=", "potential")], self.none),
            ([("lifecycle_stage_id", "=", False)], self.stranger),
            ([("customer_profile_id", "=", False)], self.stranger),
            ([("customer_profile_id.revenue", ">", 1000)], keys),
            ([("parent_id.value_tier_id", "=", key)], self.contact),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._found(domain), expected)

    def test_filtered_domain_agrees_with_search(self):
        partners = self.everyone.with_company(self.company)
        for domain in (
            [("value_tier_id", "=", self.tiers["key"].id)],
            [("value_tier_id", "=", False)],
            [("value_tier_id.code", "in", ["low"])],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(partners.filtered_domain(domain), self._found(domain))

    def test_sorting_follows_the_tiers_order(self):
        firms = Domain("id", "in", (self.key | self.low | self.none).ids)
        up = self._found(firms, order="value_tier_id, id")
        self.assertEqual(up[:2], self.key | self.low, "the most valuable first")
        down = self._found(firms, order="value_tier_id desc, id")
        self.assertEqual([p for p in down if p != self.none], [self.low, self.key])
        by_stage = self._found(firms, order="lifecycle_stage_id, id")
        self.assertEqual(set(by_stage), set(self.key | self.low | self.none))

    def test_grouping(self):
        Partner = self._in(self.company)["res.partner"]
        domain = [("id", "in", self.everyone.ids)]
        groups = dict(Partner._read_group(domain, ["value_tier_id"], ["__count"]))
        self.assertEqual(
            groups,
            {self.tiers["key"]: 2, self.tiers["low"]: 1, self.env["customer.tier"]: 2},
        )
        web = Partner.formatted_read_group(domain, ["value_tier_id"], ["__count"])
        counted = {
            group["value_tier_id"] and group["value_tier_id"][0]: group["__count"] for group in web
        }
        self.assertEqual(counted, {tier.id: n for tier, n in groups.items()})
        for group in web:
            found = Partner.search(Domain(domain) & Domain(group["__extra_domain"]))
            with self.subTest(group=group["value_tier_id"]):
                self.assertEqual(len(found), group["__count"], "a group opens to what it counted")

    def test_grouping_by_two(self):
        Partner = self._in(self.company)["res.partner"]
        groups = Partner._read_group(
            [("id", "in", (self.key | self.low).ids)],
            ["value_tier_id", "lifecycle_stage_id"],
            ["__count"],
        )
        self.assertIn((self.tiers["low"], self.stages["growth"], 1), groups)

    def test_an_archived_firm_still_shows_its_tier(self):
        self.key.active = False
        self.env.flush_all()
        self.assertEqual(self.key.with_company(self.company).value_tier_id, self.tiers["key"])
        found = self._in(self.company)["res.partner"].search(
            [("value_tier_id", "=", self.tiers["key"].id), ("active", "=", False)]
        )
        self.assertIn(self.key, found)

    def test_nothing_is_stored_on_the_contact(self):
        """odoo#205528: a job that writes contacts collides with people posting invoices."""
        for name in ("customer_profile_id", "value_tier_id", "lifecycle_stage_id"):
            with self.subTest(name):
                field = self.env["res.partner"]._fields[name]
                self.assertFalse(field.store or field.company_dependent)
        self.env.cr.execute(
            "SELECT id, xmin::text, ctid::text FROM res_partner WHERE id = ANY(%s)",
            [self.everyone.ids],
        )
        before = self.env.cr.fetchall()
        self._bulk([(self.key, self.today, 5)])
        self._run("full")
        self.env.cr.execute(
            "SELECT id, xmin::text, ctid::text FROM res_partner WHERE id = ANY(%s)",
            [self.everyone.ids],
        )
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_the_button_opens_the_profile(self):
        action = self.contact.with_company(self.company).action_open_customer_profile()
        self.assertEqual(action["res_model"], "customer.profile")
        self.assertEqual(action["res_id"], self._profile(self.key).id)
