"""Cost: the number of queries does not grow with the number of customers."""

from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestQueries(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._customers(90, country_id=cls.company.country_id.id)
        cls._bulk([(customer, cls.today, 100 + n) for n, customer in enumerate(cls.customers)])

    def _count(self, work) -> int:
        """Queries of ``work`` with nothing in the cache but what never changes."""
        self._settle()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _incremental(self, customers):
        """Queries of a run over so many customers of whom each has changed."""
        self._bulk([(customer, self._ago(1), 5_000) for customer in customers])
        self.env["customer.mark"]._add((self.company.id, c.id) for c in customers)
        self._settle()
        run = self.env["customer.run"]._open(self.company, "incremental", "asked")

        def work():
            while run._advance():
                pass

        queries = self._count(work)
        self.assertEqual((run.read_count, run.changed_count), (len(customers),) * 2)
        return queries

    def test_an_incremental_run(self):
        self._run("full")
        self._incremental(self.customers[:1])  # warm
        one = self._incremental(self.customers[1:2])
        fifty = self._incremental(self.customers[2:52])
        self.assertEqual(fifty, one)
        self.assertLess(one, 45)

    def test_a_full_run(self):
        def full():
            run = self.env["customer.run"]._open(self.company, "full", "asked")
            while run._advance():
                pass

        self._run("full")
        # Totals, the month, and one size for each segment that comes with the addon included.
        self.assertLess(self._count(full), 60)

    def test_the_list_of_customers(self):
        self._run("full")
        user = self._user("reader", "all")
        Profile = self.env["customer.profile"].with_user(user).with_company(self.company)
        view = Profile.get_view(view_type="list")
        specification = {
            name: {"fields": {"display_name": {}}}
            if Profile._fields[name].type == "many2one"
            else {}
            for name in Profile.get_views([(False, "list")])["models"]["customer.profile"]["fields"]
            if f'name="{name}"' in view["arch"]
        }
        self.assertIn("value_tier_id", specification)

        def read(limit):
            found = Profile.web_search_read([], specification, limit=limit)
            self.assertEqual(len(found["records"]), limit)

        self._count(lambda: read(5))  # warm
        ten = self._count(lambda: read(10))
        eighty = self._count(lambda: read(80))
        self.assertEqual(eighty, ten)

    def test_what_contacts_show(self):
        self._run("full")

        def read(partners):
            partners = partners.with_company(self.company)
            partners.read(["value_tier_id", "lifecycle_stage_id", "customer_profile_id"])

        read(self.customers[:2])  # warm
        ten = self._count(lambda: read(self.customers[:10]))
        eighty = self._count(lambda: read(self.customers[10:90]))
        self.assertEqual(eighty, ten)

    def test_a_choice_by_hand_for_many(self):
        self._run("full")
        profiles = self._profiles().filtered(lambda p: p.partner_id in self.customers)

        def choose(few):
            few._set_manual("tier", self.tiers["key"], "Campaign", False)

        choose(profiles[:2])  # warm
        ten = self._count(lambda: choose(profiles[2:12]))
        seventy = self._count(lambda: choose(profiles[12:82]))
        self.assertEqual(seventy, ten)

    def test_transitions_and_silence(self):
        self._run("full")

        def read(profiles):
            profiles.mapped("transition_count")
            profiles.mapped("silence_ratio")
            profiles.mapped("display_name")

        profiles = self._profiles()
        read(profiles[:2])
        ten = self._count(lambda: read(profiles[:10]))
        eighty = self._count(lambda: read(profiles[10:90]))
        self.assertEqual(eighty, ten)
