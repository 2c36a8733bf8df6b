"""Segments: who is in one, how many they are, who may know, and what happens when one breaks."""

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomerCase

LARGE = "[('revenue', '>=', 1000)]"


class SegmentCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Segment = cls._in(cls.company)["customer.segment"]
        cls.env["customer.segment"].search([]).active = False  # those that the addon brings
        cls.large, cls.small, cls.mine = cls._customers(3, name="Segment")
        cls.contact = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.large.id})
        cls.stranger = cls._customer("Stranger")
        cls._bulk([(cls.large, cls.today, 5_000), (cls.small, cls.today, 10)])
        cls._bulk([(cls.mine, cls.today, 2_000)])
        cls.own = cls._user("seg_own", "own")
        cls.all = cls._user("seg_all", "all")
        cls.mine.user_id = cls.own
        cls.everyone = cls.large | cls.small | cls.mine | cls.contact | cls.stranger

    def setUp(self):
        super().setUp()
        self._run("full")

    def _segment(self, domain=LARGE, name="Large", **vals):
        return self.Segment.create({"name": name, "domain": domain, **vals})

    def _as(self, user, record, companies=None):
        companies = companies or self.company
        return record.with_user(user).with_context(allowed_company_ids=companies.ids)

    def _in_segment(self, operator, value, user=None, company=None):
        """Which of our contacts a search for the segment finds."""
        Partner = self._in(company or self.company)["res.partner"]
        if user:
            Partner = self._as(user, Partner)
        return Partner.search(
            Domain("customer_segment_ids", operator, value) & Domain("id", "in", self.everyone.ids)
        )

    @contextmanager
    def _forgotten(self, name):
        """As if the module that brought a field had been uninstalled."""
        Profile = self.env.registry["customer.profile"]
        self.env.flush_all()
        left = {key: field for key, field in Profile._fields.items() if key != name}
        with patch.object(Profile, "_fields", left):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestConditions(SegmentCase):
    def test_what_cannot_be_asked_is_refused_with_the_way_out(self):
        for domain, words in (
            ("[('tonnage', '>', 1)]", "no field “tonnage”"),
            ("[('partner_id.shoe_size', '>', 1)]", "no field “shoe_size”"),
            ("[('partner_id', 'any', [('shoe_size', '>', 1)])]", "no field “shoe_size”"),
            ("[('last_purchase_date', '>', 'some day')]", "cannot be compared"),
            ("[('user_id', '=', uid)]", "the same for everybody"),
            ("[('my_activity_date_deadline', '!=', False)]", "depends on who looks"),
            ("[('last_purchase_date', '>', context_today())]", "relative to today"),
            ("[('revenue', '>', 1)", "cannot be read"),
            ("[('revenue', 'about', 1)]", "cannot be read"),
            ("'revenue'", "cannot be read"),
            ("[('segment_ids', '!=', False)]", "not made from other segments"),
            ("[('partner_id.customer_segment_ids', '!=', False)]", "not made from other segments"),
        ):
            with self.subTest(domain), self.assertRaises(ValidationError) as caught:
                self._segment(domain)
            self.assertIn(words, str(caught.exception))
        segment = self._segment()
        with self.assertRaises(ValidationError):
            segment.domain = "[('tonnage', '>', 1)]"

    def test_dates_relative_to_today_move_with_it(self):
        segment = self._segment("[('last_purchase_date', '>=', 'today -30d')]")
        self.assertEqual(segment.customer_count, 3)
        with self._on(date(2024, 8, 12)):
            self.assertEqual(segment.customer_count, 0)

    def test_what_was_bought_is_reached_through_documents(self):
        """By product category: of the customer's invoices and of those to its contacts."""
        cement, sand = self.env["product.category"].create([{"name": "Cement"}, {"name": "Sand"}])
        white = self.env["product.category"].create({"name": "White", "parent_id": cement.id})
        for partner, category in (
            (self.small, white),
            (self.contact, cement),
            (self.mine, sand),
        ):
            product = self.env["product.product"].create({"name": "X", "categ_id": category.id})
            line = {"product_id": product.id, "price_unit": 5, "tax_ids": [Command.clear()]}
            self._invoice(
                partner, self.today, 5, invoice_line_ids=[Command.create({**line, "name": "X"})]
            )
        self._keep_up()
        path = "invoice_ids.invoice_line_ids.product_id.categ_id"
        itself = f"('partner_id.{path}', 'child_of', {cement.id})"
        people = f"('partner_id.child_ids.{path}', 'child_of', {cement.id})"
        for domain, found in (
            (f"[{itself}]", self.small),
            (f"['|', {itself}, {people}]", self.small | self.large),
        ):
            with self.subTest(domain):
                segment = self._segment(domain)
                self.assertEqual(segment.customer_count, len(found))
                self.assertEqual(self._in_segment("in", segment.ids) - self.contact, found)

    def test_the_segments_that_come_along_work(self):
        shipped = (
            self.env["ir.model.data"]
            .search([("module", "=", "customer_success"), ("model", "=", "customer.segment")])
            .mapped("res_id")
        )
        segments = self.Segment.browse(shipped)
        self.assertGreaterEqual(len(segments), 7)
        self.assertFalse([s.name for s in segments if s.problem or s.error])
        new = self.env.ref("customer_success.segment_new_this_year").with_env(self.Segment.env)
        self.assertEqual(new.customer_count, 3)
        with self._on(date(2025, 1, 1)):
            self.assertEqual(new.customer_count, 0)


@tagged("post_install", "-at_install")
class TestSize(SegmentCase):
    def test_counts_equal_the_table(self):
        segment = self._segment()
        rows = self.env.execute_query(
            SQL(
                "SELECT count(*), sum(revenue) FROM customer_profile"
                " WHERE company_id = %s AND active AND revenue >= 1000",
                self.company.id,
            )
        )
        self.assertEqual((segment.customer_count, segment.revenue), (2, 7_000))
        self.assertEqual([(2, 7_000)], [(count, float(total)) for count, total in rows])
        Profile = self._as(self.all, self.env["customer.profile"])
        opened = segment.action_open_customers()
        self.assertEqual(opened["display_name"], "Large")
        members = Profile.search(opened["domain"])
        self.assertEqual(members.partner_id, self.large | self.mine)

    def test_an_account_manager_counts_own_customers(self):
        segment = self._segment()
        self.assertEqual(self._as(self.own, segment).customer_count, 1)
        self.assertEqual(self._as(self.own, segment).revenue, 2_000)
        self.assertEqual(self._as(self.all, segment).customer_count, 2)
        self.assertEqual(self._in_segment("in", segment.ids, self.own), self.mine)
        self.assertEqual(
            self._in_segment("in", segment.ids, self.all), self.large | self.mine | self.contact
        )

    def test_the_whole_companys_size_is_for_those_who_see_it(self):
        segment = self._segment()
        self.assertEqual(self._as(self.all, segment).size_ids.customer_count, 2)
        for name in ("size_ids", "size_picture"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._as(self.own, segment).read([name])

    def test_archived_customers_are_out_unless_asked_for(self):
        segment = self._segment()
        self.large.active = False
        self.env.flush_all()
        self.assertEqual(segment.customer_count, 1)
        asked = self._segment("[('revenue', '>=', 1000), ('active', '=', False)]")
        self.assertEqual(asked.customer_count, 1)
        hidden = segment.with_context(active_test=False)
        hidden.invalidate_recordset()
        self.assertEqual(hidden.customer_count, 1)

    def test_money_of_several_companies_is_that_of_the_active_one(self):
        other = self._new_company("Yen", currency="JPY")
        self._set_rate(self.company, "JPY", date(2024, 1, 1), 100)
        self._bulk([(self.large, self.today, 300_000)], other)
        self._run("full", company=other)
        segment = self._segment().with_context(allowed_company_ids=(self.company | other).ids)
        self.assertEqual((segment.customer_count, segment.revenue), (3, 10_000))

    def test_other_companies_are_out_of_sight(self):
        other = self._new_company("Other")
        self._bulk([(self.small, self.today, 9_000)], other)
        self._run("full", company=other)
        shared, theirs = self._segment(), self._segment(company_id=other.id)
        self.assertEqual(self._as(self.all, shared).customer_count, 2)
        with self.assertRaises(AccessError):
            self._as(self.all, theirs).read(["name"])
        self.assertEqual(self._in_segment("in", shared.ids, company=other), self.small)
        # A segment of one company means that company's customers, wherever it is used.
        both = self.company | other
        self.all.company_ids = both
        Partner = self._as(self.all, self.env["res.partner"], both)
        ours = Domain("id", "in", self.everyone.ids)
        self.assertEqual(
            Partner.search(Domain("customer_segment_ids", "in", theirs.ids) & ours), self.small
        )
        self.assertEqual(Partner.browse(self.small.id).customer_segment_ids, theirs)
        self.assertEqual(Partner.browse(self.large.id).customer_segment_ids, shared)


@tagged("post_install", "-at_install")
class TestMembers(SegmentCase):
    def test_contacts_belong_with_their_firm(self):
        large = self._segment()
        small = self._segment("[('revenue', '<', 1000)]", "Small")
        here = self._in(self.company)["res.partner"].browse(self.everyone.ids)
        by_name = {partner.name: partner.customer_segment_ids for partner in here}
        none = self.Segment
        self.assertEqual(
            by_name,
            {
                "Segment 0": large,
                "Segment 1": small,
                "Segment 2": large,
                "Ann": large,
                "Stranger": none,
            },
        )
        self.assertEqual(self._profile(self.large).segment_ids, large)

    def test_every_operator(self):
        large, small = self._segment(), self._segment("[('revenue', '<', 1000)]", "Small fry")
        larges, smalls = self.large | self.mine | self.contact, self.small
        for operator, value, found in (
            ("in", large.ids, larges),
            ("in", (large | small).ids, larges | smalls),
            ("=", small.id, smalls),
            ("not in", large.ids, smalls | self.stranger),
            ("!=", large.id, smalls | self.stranger),
            ("in", [small.id, False], smalls | self.stranger),
            ("=", False, self.stranger),
            ("!=", False, larges | smalls),
            ("ilike", "fry", smalls),
            ("not ilike", "fry", larges | self.stranger),
            ("any", [("name", "=", "Large")], larges),
            ("not any", [("name", "=", "Large")], smalls | self.stranger),
            ("in", [], self.env["res.partner"]),
        ):
            with self.subTest(operator=operator, value=value):
                self.assertEqual(self._in_segment(operator, value), found)
                profiles = self.env["customer.profile"].search(
                    Domain("segment_ids", operator, value)
                    & Domain("company_id", "=", self.company.id)
                )
                self.assertEqual(profiles.partner_id, found - self.contact - self.stranger)

    def test_a_condition_becomes_one_subselect(self):
        """However many are in it: never a list of ids."""
        segment = self._segment()
        Partner = self._in(self.company)["res.partner"]
        domain = [("customer_segment_ids", "in", segment.ids)]
        Partner.search(domain, limit=1)
        before = self.env.cr.sql_log_count
        query = Partner._search(domain)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 1)  # the segment itself
        code = query.select().code
        self.assertIn("customer_profile", code)
        self.assertNotIn(self.large.id, query.select().params)

    def test_showing_segments_costs_a_query_a_segment(self):
        self._segment()
        self._bulk([(c, self.today, 2_000) for c in self._customers(40, name="Many")])
        self._run("full")
        profiles = self._profiles()
        self.assertGreater(len(profiles), 40)

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("segment_ids")
            return self.env.cr.sql_log_count - before

        queries(profiles[:1])
        self.assertEqual(queries(profiles), queries(profiles[:1]))
        partners = self.Segment.env["res.partner"].browse(profiles.partner_id.ids)

        def on_contacts(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("customer_segment_ids")
            return self.env.cr.sql_log_count - before

        on_contacts(partners[:1])
        self.assertEqual(on_contacts(partners), on_contacts(partners[:1]))

    def test_an_archived_segment_still_works_where_it_is_used(self):
        segment = self._segment()
        segment.active = False
        self.assertEqual(len(self._in_segment("in", segment.ids)), 3)
        self.assertFalse(self._profile(self.large).segment_ids)
        segment.unlink()
        self.assertFalse(self._in_segment("in", segment.ids))


@tagged("post_install", "-at_install")
class TestHistory(SegmentCase):
    def _sizes(self, segment):
        return [
            (size.month, size.customer_count, size.revenue)
            for size in segment.size_ids.filtered(lambda s: s.company_id == self.company).sorted(
                "month"
            )
        ]

    def test_it_begins_when_the_segment_is_saved_and_grows_by_runs(self):
        segment = self._segment()
        june, july = date(2024, 6, 1), date(2024, 7, 1)
        self.assertEqual(self._sizes(segment), [(june, 2, 7_000)])
        self._bulk([(self.small, self.today, 1_990)])
        self._run("full")
        self.assertEqual(self._sizes(segment), [(june, 3, 9_000)])
        self._bulk([(self.stranger, date(2024, 7, 3), 1_000)])
        self._run("full", date(2024, 7, 4))
        self.assertEqual(self._sizes(segment), [(june, 3, 9_000), (july, 4, 10_000)])
        with self._on(date(2024, 7, 4)):
            self.assertIn('"value": 4', segment.size_picture)

    def test_a_row_that_is_the_same_stays(self):
        segment = self._segment()

        def physical():
            return self.env.execute_query(
                SQL(
                    "SELECT id, ctid::text FROM customer_segment_size WHERE segment_id = %s",
                    segment.id,
                )
            )

        before = physical()
        self._run("full")
        self._run("nightly")
        self.assertEqual(physical(), before)

    def test_small_runs_do_not_count_segments(self):
        segment = self._segment()
        segment.size_ids.unlink()
        self._bulk([(self.small, self.today, 1_990)])
        self._run("incremental")
        self.assertFalse(self._sizes(segment))
        self._run("nightly")
        self.assertEqual(len(self._sizes(segment)), 1)

    def test_changed_conditions_count_at_once(self):
        segment = self._segment()
        segment.domain = "[('revenue', '<', 1000)]"
        self.assertEqual(self._sizes(segment), [(date(2024, 6, 1), 1, 10)])

    def test_a_size_is_the_companys_whoever_saves(self):
        segment = self._as(self.all, self.Segment).create({"name": "By all", "domain": LARGE})
        other = self._new_company("Unseen")
        self._bulk([(self.small, self.today, 9_000)], other)
        self._run("full", company=other)
        sizes = segment.sudo().size_ids.grouped("company_id")
        self.assertEqual(sizes[other].customer_count, 1)
        segment.invalidate_recordset(["size_ids"])
        self.assertEqual(self._as(self.all, segment).size_ids.company_id, self.company)

    def test_a_segment_that_fails_breaks_nothing(self):
        broken = self._segment("[('purchase_count_life', '>', 0)]", "Broken")
        sound = self._segment()
        sound.size_ids.unlink()
        with self._forgotten("purchase_count_life"):
            # Not by a run: without the field, its own work would fail as well.
            (broken | sound)._record_sizes(self.company)
            self.assertIn("no field “purchase_count_life”", broken.error)
            self.assertFalse(sound.error)
            self.assertEqual(self._sizes(sound), [(date(2024, 6, 1), 2, 7_000)])
            self.env.invalidate_all()
            self.assertTrue(broken.problem)
            self.assertEqual(sound.customer_count, 2)
            self.assertEqual(self._profile(self.large).segment_ids, sound)
            with self.assertRaisesRegex(UserError, "Segment Broken"):
                self._in_segment("in", broken.ids)
            with self.assertRaisesRegex(UserError, "Segment Broken"):
                self._in_segment("not in", broken.ids)
        self._run("nightly")
        self.assertFalse(broken.error, "it works again")

    def test_sql_that_fails_breaks_no_run(self):
        segment = self._segment()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE customer_segment SET domain = %s WHERE id = %s",
                "[('revenue', '>', 'plenty')]",
                segment.id,
            )
        )
        segment.invalidate_recordset()
        sound = self._segment("[('revenue', '<', 1000)]", "Small")
        sound.size_ids.unlink()
        self._run("nightly")
        self.assertTrue(segment.error)
        self.assertEqual(len(self._sizes(sound)), 1)


@tagged("post_install", "-at_install")
class TestSaving(SegmentCase):
    def _save(self, search, user=None):
        action = self._as(user or self.all, self.Segment).action_save_search(search)
        return action["context"]["default_domain"]

    def test_a_search_becomes_conditions(self):
        search = '["&", ("revenue", ">", 5), ("user_id", "ilike", "ann")]'
        self.assertEqual(
            self._save(search), "['&', ('revenue', '>', 5), ('user_id', 'ilike', 'ann')]"
        )

    def test_a_search_for_everybody_is_refused(self):
        for search in ("[]", "", "[(1, '=', 1)]"):
            with self.subTest(search), self.assertRaisesRegex(UserError, "every customer"):
                self._save(search)

    def test_a_search_that_depends_on_who_looks_is_refused(self):
        with self.assertRaisesRegex(UserError, "My Customers"):
            self._save("[('user_id', '=', uid)]")

    def test_an_opened_segment_can_be_refined(self):
        segment = self._segment()
        for condition in (
            f"('segment_ids', '=', {segment.id})",
            "('segment_ids', 'ilike', 'larg')",
        ):
            domain = self._save(f"[{condition}, ('purchase_count', '<', 3)]")
            self.assertEqual(domain, "['&', ('revenue', '>=', 1000), ('purchase_count', '<', 3)]")
        self.assertEqual(
            self._save(f"[('segment_ids', 'not in', {segment.ids})]"),
            "['!', ('revenue', '>=', 1000)]",
        )

    def test_account_managers_use_segments_and_do_not_make_them(self):
        segment = self._segment()
        for door in (
            lambda: self._save(LARGE, self.own),
            lambda: self._as(self.own, self.Segment).create({"name": "Mine", "domain": LARGE}),
            lambda: self._as(self.own, segment).write({"name": "Mine"}),
            lambda: self._as(self.own, segment).unlink(),
        ):
            with self.assertRaises(AccessError):
                door()
        self.assertEqual(self._as(self.own, segment).name, "Large")
