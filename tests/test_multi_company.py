"""One company never sees another's, nor counts it."""

from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestMultiCompany(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._new_company("Other", currency="EUR")
        cls.customer = cls._customer()

    def test_a_shared_customer_has_a_profile_in_each_company(self):
        self._invoice(self.customer, self._ago(5), 100)
        self._invoice(self.customer, self._ago(4), 7, company=self.other)
        for company in self.company | self.other:
            self._run("full", company=company)
        here, there = self._profile(self.customer), self._profile(self.customer, self.other)
        self.assertEqual((here.revenue, here.currency_id.name), (100, "USD"))
        self.assertEqual((there.revenue, there.currency_id.name), (7, "EUR"))
        self.assertEqual(here.policy_id.company_id, self.company)
        self.assertEqual(there.policy_id.company_id, self.other)

    def test_a_customer_of_another_company_is_no_prospect_here(self):
        """Whichever company is computed first: asked of the documents, not of what is computed."""
        self._invoice(self.customer, self._ago(4), 7, company=self.other)
        self.env.cr.postcommit.run()  # Odoo raises the customer's rank there
        self.customer.customer_rank = 1
        self.env.flush_all()
        for company in self.company | self.other:
            self._run("full", company=company)
        self.assertFalse(self._profile(self.customer))
        self.assertTrue(self._profile(self.customer, self.other))
        self._run("nightly")
        self.assertFalse(self._profile(self.customer))

    def test_a_prospect_that_companies_share_is_everyones(self):
        self.customer.customer_rank = 1
        self.env.flush_all()
        for company in self.company | self.other:
            self._run("full", company=company)
            self.assertTrue(self._profile(self.customer, company))

    def test_a_prospect_of_one_company_is_that_ones(self):
        self.customer.write({"customer_rank": 1, "company_id": self.other.id})
        self.env.flush_all()
        for company in self.company | self.other:
            self._run("full", company=company)
        self.assertFalse(self._profile(self.customer))
        self.assertTrue(self._profile(self.customer, self.other))

    def test_a_contact_or_an_archived_one_is_no_prospect(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id, "customer_rank": 1}
        )
        archived = self._customer(customer_rank=1, active=False)
        self._run("full")
        self.assertFalse(self._profile(contact) | self._profile(archived))

    def test_a_run_touches_its_company_alone(self):
        for company in self.company | self.other:
            self._invoice(self.customer, self._ago(5), 100, company=company)
            self._run("full", company=company)
        before = self._physical(self.other)
        self._invoice(self.customer, self._ago(4), 100)
        self._run("full")
        self.assertEqual(self._physical(self.other), before)

    def test_a_credit_note_of_another_company_undoes_nothing(self):
        invoice = self._invoice(self.customer, self._ago(5), 100)
        self._bulk(
            [(self.customer, self._ago(4), -100, {"reversed_entry_id": invoice.id})], self.other
        )
        self._run("full")
        self.assertEqual(self._profile(self.customer).purchase_count, 1)

    def test_each_company_has_its_own_day(self):
        """At noon UTC it is tomorrow already in Kiritimati (UTC+14)."""
        self.other.partner_id.tz = "Pacific/Kiritimati"
        self.assertEqual((self.other._customer_today() - self.company._customer_today()).days, 1)
        run = self.env["customer.run"]._open(self.other, "full", "asked")
        self.assertEqual(run.as_of, self.other._customer_today())

    def test_a_new_company_gets_its_policies(self):
        for company in self.company | self.other:
            policy = self.env["customer.value.policy"]._published(company)
            self.assertEqual((policy.version, policy.state), (1, "published"))
            self.assertEqual(
                policy.tier_ids.sorted("threshold").mapped("tier_id.code"),
                ["low", "medium", "high", "key"],
            )
            limits = self.env["customer.lifecycle.policy"].search([("company_id", "=", company.id)])
            self.assertEqual(len(limits), 1)
