"""Data to verify: what is missing, what is due, and one click that says it holds."""

from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CustomerCase

COMPLETE = {
    "email": "a@b.example",
    "phone": "1",
    "street": "Road 1",
    "city": "Town",
    "vat": "X1",
    "lang": "en_US",
}


@tagged("post_install", "-at_install")
class TestVerification(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        country = cls.env.ref("base.us").id
        cls.whole = cls._customer(
            "Whole",
            country_id=country,
            child_ids=[(0, 0, {"name": "Ann", "type": "contact"})],
            **COMPLETE,
        )
        cls.bare = cls._customer("Bare", lang=False)
        cls._bulk([(cls.whole, cls.today, 900_000), (cls.bare, cls.today, 10)])

    def setUp(self):
        super().setUp()
        self._run("full")
        self.profile = self._profile(self.whole)
        self.manager = self._user("manager", "all")

    def _found(self, *domain):
        return (
            self.env["customer.profile"]
            .search([("company_id", "=", self.company.id), *domain], order="id")
            .partner_id
        )

    def _codes(self, partner):
        return {
            check.get_external_id()[check.id].split("data_check_")[-1]
            for check in self._profile(partner).data_missing_ids
        }

    def test_what_is_missing(self):
        self.assertEqual(self._codes(self.whole), set())
        self.assertEqual(
            self._codes(self.bare), {"email", "phone", "address", "person", "vat", "language"}
        )
        for values, missing in (
            ({"email": False}, "email"),
            ({"phone": False}, "phone"),
            ({"city": False}, "address"),
            ({"vat": False}, "vat"),
        ):
            before = {name: self.whole[name] for name in values}
            self.whole.write(values)
            self.env.invalidate_all()
            with self.subTest(missing):
                self.assertEqual(self._codes(self.whole), {missing})
                self.assertIn(self.whole, self._found(("data_missing_ids", "!=", False)))
            self.whole.write(before)
        self.assertEqual(self._found(("data_missing_ids", "!=", False)), self.bare)
        self.assertEqual(self._found(("data_missing_ids", "=", False)), self.whole)
        phone = self.env.ref("customer_success.data_check_phone")
        self.assertEqual(self._found(("data_missing_ids", "in", phone.ids)), self.bare)

    def test_an_archived_check_is_not_asked(self):
        self.env["customer.data.check"].search([]).active = False
        self.assertFalse(self._codes(self.bare))
        self.assertFalse(self._found(("data_missing_ids", "!=", False)))

    def test_it_falls_due_by_the_interval_of_its_tier(self):
        self.assertTrue(self.profile.is_data_due, "never verified")
        self.profile.with_user(self.manager).action_verify_data()
        self.assertEqual(
            (self.profile.data_verified_on, self.profile.data_verified_user_id),
            (self.today, self.manager),
        )
        intervals = {code: tier.data_verify_days for code, tier in self.tiers.items()}
        self.assertEqual(intervals, {"key": 90, "high": 180, "medium": 365, "low": 730})
        self.assertEqual(self.profile.value_tier_id.code, "high")
        self.assertEqual(self.profile.data_due_on, self.today + timedelta(180))
        for later, due in ((0, False), (179, False), (180, True)):
            with self._on(self.today + timedelta(later)), self.subTest(days=later):
                self.assertEqual(self.profile.is_data_due, due)
                self.assertEqual(self.whole in self._in_company(("is_data_due", "=", True)), due)
                self.assertEqual(
                    self.whole in self._in_company(("is_data_due", "=", False)), not due
                )
                self.assertEqual(
                    self.whole in self._in_company(("is_data_to_verify", "=", True)), due
                )
        self.profile.value_tier_id.data_verify_days = 0
        with self._on(self.today + timedelta(999)):
            self.assertFalse(self.profile.is_data_due)
            self.assertFalse(self.profile.data_due_on)

    def _in_company(self, *domain):
        Profile = self.env["customer.profile"].with_context(allowed_company_ids=self.company.ids)
        return Profile.search([("company_id", "=", self.company.id), *domain]).partner_id

    def test_verifying_touches_no_figure(self):
        before, row = self._snapshot(), self._physical()
        self._profiles().with_user(self.manager).action_verify_data()
        self.assertEqual(self._snapshot(), before)
        self.assertEqual([r[3] for r in self._physical()], [r[3] for r in row], "write_date")
        self.assertTrue(self.env["customer.profile.total"]._holds())
        self.assertIn("Data verified.", self.profile.message_ids[0].body)
        self.assertEqual(self.profile.message_ids[0].author_id, self.manager.partner_id)

    def test_ones_own_customers_alone(self):
        own = self._user("own", "own")
        with self.assertRaises(AccessError):
            self.profile.with_user(own).action_verify_data()
        self.whole.user_id = own
        self.profile.with_user(own).action_verify_data()
        self.assertEqual(self.profile.data_verified_user_id, own)

    def test_queries_do_not_grow(self):
        more = self._customers(40, name="More")
        self._bulk([(customer, self.today, 5) for customer in more])
        self._run()
        user = self._user("reader", "all")
        names = ["data_missing_ids", "is_data_to_verify", "data_due_on", "data_verified_on"]

        def count(profiles):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            profiles.with_user(user).with_context(allowed_company_ids=self.company.ids).read(names)
            return self.env.cr.sql_log_count - before

        profiles = self._profiles().filtered(lambda p: p.partner_id in more)
        count(profiles[:2])
        self.assertEqual(count(profiles[2:40]), count(profiles[:2]))

    def test_a_check_that_cannot_be_asked_is_refused(self):
        for domain, message in (
            ("[]", "every customer would lack it"),
            ("[('nonsense', '=', 1)]", "cannot be asked"),
            ("[(", "cannot be read"),
            ("[('user_id', '=', uid)]", "cannot be read"),
        ):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, message):
                self.env["customer.data.check"].create({"name": "Bad", "domain": domain})
