"""Totals kept by the database: always what adding up every customer says, and asked instead of it."""

import random
from collections import Counter, defaultdict
from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from psycopg2.extras import execute_values

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.profile.customer_profile_grouped import CustomerProfile as Grouped
from ..models.profile.customer_profile_grouped import TotalsQuery
from ..models.profile.customer_profile_total import DIMENSIONS, MEASURES
from .common import CustomerCase


class TotalsCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._new_company("Totals Abroad", currency="EUR", country="DE")
        cls.env["customer.profile"].flush_model()

    # ---- profiles of any kind --------------------------------------------------------------------

    @classmethod
    def _profiles_of_any_kind(cls, count, users, seed=1, companies=None):
        """Profiles with random figures, by SQL: of all kinds, a few of each."""
        chance = random.Random(seed)
        partners = cls._customers(count, name="Any", country_id=cls.company.country_id.id)
        tiers = [*(tier.id for tier in cls.tiers.values()), None]
        stages = [*(stage.id for stage in cls.stages.values()), None]
        rows = []
        for company in companies or cls.company | cls.other:
            for partner in partners:
                amounts = [
                    Decimal(chance.choice([0, chance.randrange(-2_000_000, 9_000_000)])) / 100
                    for _ in range(4)
                ]
                rows.append(
                    (
                        company.id,
                        partner.id,
                        chance.choice([*users.ids, None]),
                        chance.random() < 0.8,
                        chance.choice(tiers),
                        chance.choice(stages),
                        chance.randint(1, 3),
                        chance.randint(1, 2),
                        *amounts,
                        chance.randrange(40),
                        Decimal(chance.randrange(1_000_000)) / 10_000,
                        chance.randint(1, 5),
                        Decimal(chance.randrange(40_000)) / 100,
                    )
                )
        cls._insert(rows)
        return partners

    @classmethod
    def _insert(cls, rows):
        cls.env.flush_all()
        names = ("company_id", "partner_id", *DIMENSIONS[1:], *MEASURES)
        execute_values(
            cls.env.cr._obj,
            f"INSERT INTO customer_profile ({', '.join(names)}) VALUES %s",  # pylint: disable=sql-injection
            rows,
        )
        cls.env.invalidate_all()

    # ---- the two ways of counting ----------------------------------------------------------------

    def _added_up(self) -> dict:
        """Every customer of our companies, added up here: kind -> customers, buyers, sums."""
        self.env.flush_all()
        sums = defaultdict(lambda: [0] * (2 + len(MEASURES)))
        columns = SQL(", ").join(map(SQL.identifier, DIMENSIONS + MEASURES))
        for row in self.env.execute_query(
            SQL(
                "SELECT %s FROM customer_profile WHERE company_id IN %s",
                columns,
                tuple((self.company | self.other).ids),
            )
        ):
            kind, values = row[: len(DIMENSIONS)], row[len(DIMENSIONS) :]
            for n, value in enumerate((1, int(values[0] > 0), *values)):
                sums[kind][n] += value
        return {kind: tuple(map(float, values)) for kind, values in sums.items()}

    def _kept(self) -> dict:
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM (%s) net WHERE company_id IN %s",
                self.env["customer.profile.total"]._net(),
                tuple((self.company | self.other).ids),
            )
        )
        return {row[: len(DIMENSIONS)]: tuple(map(float, row[len(DIMENSIONS) :])) for row in rows}

    def assertHolds(self, message=""):
        added_up = self._added_up()
        kept = self._kept()
        self.assertEqual(kept.keys(), added_up.keys(), message)
        for kind, values in added_up.items():
            for kept_value, value in zip(kept[kind], values, strict=True):
                self.assertAlmostEqual(kept_value, value, 6, message)
        self.assertTrue(self.env["customer.profile.total"]._holds(), message)

    def _rows(self) -> int:
        return len(self._ids_of(self.company | self.other))

    def _ids_of(self, companies) -> list[int]:
        self.env.flush_all()
        Total = self.env["customer.profile.total"].with_context(active_test=False)
        return Total.search([("company_id", "in", companies.ids)]).ids


@tagged("post_install", "-at_install")
class TestKept(TotalsCase):
    """Whatever writes profiles, the totals follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._user("one", "own") | cls._user("two", "own")
        cls.partners = cls._profiles_of_any_kind(40, cls.users)

    def test_inserts(self):
        self.assertEqual(sum(values[0] for values in self._added_up().values()), 80)
        self.assertHolds()

    def test_updates_by_the_orm(self):
        profiles = self._profiles()
        profiles[:7].value_tier_id = self.tiers["key"]
        profiles[3:9].lifecycle_stage_id = self.stages["lost"]
        profiles[5].write({"revenue": 12.34, "recency_level": 3, "credited": 0.01})
        self.assertHolds()

    def test_an_update_of_something_else_appends_nothing(self):
        before = self._rows()
        self._profiles().write({"manual_tier_reason": "because", "tier_manual": True})
        self.env.flush_all()
        self.assertEqual(self._rows(), before)

    def test_contacts_change_hands_and_are_archived(self):
        self.partners[:10].user_id = self.users[0]
        self.partners[5:15].user_id = False
        self.partners[12:20].active = False
        self.assertHolds()
        self.partners[12:14].active = True
        self.assertHolds()

    def test_deleted_contacts_and_companies(self):
        self.partners[:3].unlink()
        self.assertHolds()
        self.env.cr.execute("DELETE FROM customer_profile WHERE company_id = %s", [self.other.id])
        self.assertHolds()
        self.assertFalse([kind for kind in self._kept() if kind[0] == self.other.id])

    def test_a_deleted_user_leaves_its_customers_without_manager(self):
        partners = self.partners.filtered(lambda p: self._profile(p).user_id == self.users[0])
        self.partners.user_id = self.users[1]
        self.partners[:4].user_id = self.users[0]
        self.env.flush_all()
        self.users[0].unlink()
        self.env.invalidate_all()
        self.assertFalse(self.partners[0].user_id)
        self.assertTrue(partners)
        self.assertHolds()

    def test_merged_contacts(self):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            self.partners[:3].ids, self.partners[1]
        )
        self.env.invalidate_all()
        self.assertHolds()

    def test_runs(self):
        customers = self._customers(12, name="Buying", country_id=self.company.country_id.id)
        self._bulk([(c, self._ago(9 * n), 100 + n) for n, c in enumerate(customers)])
        self._run("full")
        self.assertHolds("first")
        self._bulk([(c, self._ago(2), 900) for c in customers[:5]])
        self.env["customer.mark"]._add((self.company.id, c.id) for c in customers[:5])
        self._run("incremental")
        self.assertHolds("incremental")
        self._profile(customers[0])._set_manual("tier", self.tiers["key"], "Promised", False)
        self.assertHolds("by hand")
        self._run("nightly", self._ago(-200))
        self.assertHolds("by time")

    def test_what_is_rolled_back_leaves_nothing(self):
        before = self._kept(), self._rows()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._profiles().value_tier_id = self.tiers["low"]
            self.env.flush_all()
            self.assertNotEqual(self._kept(), before[0])
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual((self._kept(), self._rows()), before)

    def test_folding_leaves_one_row_of_each_kind(self):
        Total = self.env["customer.profile.total"]
        for code in ("key", "low", "high"):
            self._profiles().value_tier_id = self.tiers[code]
            self.env.flush_all()
        kept = self._kept()
        self.assertGreater(self._rows(), len(kept))
        Total._compact(self.company)
        self.assertHolds()
        own = [kind for kind in kept if kind[0] == self.company.id]
        folded = self._ids_of(self.company)
        self.assertEqual(len(folded), len(own))
        self.assertGreater(min(Total.browse(folded).mapped("customers")), 0)
        Total._compact(self.company)
        self.assertEqual(self._ids_of(self.company), folded, "nothing to fold, nothing written")

    def test_a_run_folds_its_company_and_writes_nothing_twice(self):
        self._run("full")
        self._run("full")
        rows = self._ids_of(self.company)
        self.assertEqual(len(rows), len([k for k in self._kept() if k[0] == self.company.id]))
        self._run("full")
        self.assertEqual(self._ids_of(self.company), rows)

    def test_what_does_not_hold_is_found_and_mended(self):
        Total = self.env["customer.profile.total"]
        for damage in (
            "UPDATE customer_profile_total SET revenue = revenue + 0.01 WHERE id = %s",
            "DELETE FROM customer_profile_total WHERE id = %s",
        ):
            with self.subTest(damage):
                row = Total.search([("company_id", "=", self.company.id)], limit=1)
                self.env.cr.execute(damage, [row.id])
                self.assertFalse(Total._holds())
                with self.assertLogs(
                    "odoo.addons.customer_success.models.profile.customer_profile_total", "ERROR"
                ):
                    Total._gc_verify()
                self.assertHolds()
        with self.assertNoLogs(
            "odoo.addons.customer_success.models.profile.customer_profile_total", "ERROR"
        ):
            Total._gc_verify()

    def test_an_update_of_the_module_counts_anew_only_what_is_wrong(self):
        Total = self.env["customer.profile.total"]
        rows = self._ids_of(self.company | self.other)
        Total._set_up()
        self.assertEqual(self._ids_of(self.company | self.other), rows)
        self.env.cr.execute("DELETE FROM customer_profile_total")
        self.env.invalidate_all()
        Total._set_up()
        self.assertHolds()


@tagged("post_install", "-at_install")
class TestAsked(TotalsCase):
    """The same question, put to the totals or to the customers, has the same answer."""

    GROUPS = (
        "company_id",
        "user_id",
        "active",
        "value_tier_id",
        "lifecycle_stage_id",
        "recency_level",
        "frequency_level",
        "stage_code",
        "tier_color",
        "currency_id",
        "value_tier_id.code",
        "user_id.partner_id",
        "company_id.currency_id",
    )
    AGGREGATES = (
        "__count",
        "revenue:sum",
        "revenue:avg",
        "revenue_previous:sum",
        "revenue_life:sum",
        "credited:sum",
        "purchase_count:sum",
        "purchase_count:avg",
        "value_score:avg",
        "expected_interval:avg",
        "monetary_level:avg",
        "recency_level:avg",
        "frequency_level:sum",
        "currency_id:array_agg_distinct",
        "user_id:count_distinct",
        "recency_level:max",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("totals_own", "own")
        cls.colleague = cls._user("totals_colleague", "own")
        cls.both = cls._user("totals_both", "all", companies=cls.company | cls.other)
        cls.partners = cls._profiles_of_any_kind(150, cls.own | cls.colleague | cls.both, seed=2)
        cls.askers = [
            (cls.own, cls.company),
            (cls.both, cls.company),
            (cls.both, cls.other),
            (cls.both, cls.company | cls.other),
        ]

    def _as(self, user, companies, **context):
        return (
            self.env["customer.profile"]
            .with_user(user)
            .with_context(allowed_company_ids=companies.ids, **context)
        )

    @contextmanager
    def _unrouted(self):
        with patch.object(Grouped, "_query_of_totals", lambda *args: None):
            yield

    def _asks_totals(self, work) -> bool:
        """Whether ``work`` read groups, and all of them from the totals."""
        queries = []
        original = Grouped._query_of_totals

        def spy(*args):
            queries.append(original(*args))
            return queries[-1]

        with patch.object(Grouped, "_query_of_totals", spy):
            work()
        return bool(queries) and all(isinstance(query, TotalsQuery) for query in queries)

    def _domain(self, chance) -> list:
        conditions = [
            ("company_id", "=", self.company.id),
            ("company_id", "in", (self.company | self.other).ids),
            ("user_id", "=", self.own.id),
            ("user_id", "=", False),
            ("user_id", "!=", self.colleague.id),
            ("user_id.login", "=", self.own.login),
            ("user_id.name", "ilike", "totals"),
            ("active", "=", False),
            ("active", "in", [True, False]),
            ("active", "!=", False),
            ("value_tier_id", "=", self.tiers["key"].id),
            ("value_tier_id", "not in", [self.tiers["low"].id, False]),
            ("value_tier_id.code", "in", ["key", "high"]),
            ("value_tier_id.name", "ilike", "i"),
            ("lifecycle_stage_id", "any", [("code", "!=", "lost")]),
            ("lifecycle_stage_id.code", "=", "growth"),
            ("stage_code", "in", ["growth", "maturity"]),
            ("stage_code", "!=", "lost"),
            ("is_at_risk", "=", True),
            ("is_at_risk", "=", False),
            ("recency_level", ">=", 2),
            ("frequency_level", "=", 1),
            ("currency_id.name", "=", "EUR"),
        ]
        domain = []
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            domain = [
                *chance.choice([[], ["!"]]),
                *chance.choice([["&"], ["|"]] if domain else [[]]),
                chance.choice(conditions),
                *domain,
            ]
        return domain

    def test_groups(self):
        chance = random.Random(3)
        asked = Counter()
        for number in range(250):
            user, companies = chance.choice(self.askers)
            Profile = self._as(user, companies, **chance.choice([{}, {}, {"active_test": False}]))
            groups = chance.sample(self.GROUPS, chance.choice([0, 1, 1, 2, 3]))
            aggregates = chance.sample(self.AGGREGATES, chance.randint(1, 6))
            options = {}
            if groups and chance.random() < 0.4:
                options["order"] = ", ".join(
                    f"{term} {chance.choice(['asc', 'desc'])}"
                    for term in [chance.choice(["__count", "revenue:sum"]), *groups]
                    if "." not in term
                )
            if groups and chance.random() < 0.3:
                options["having"] = [chance.choice([("__count", ">", 2), ("revenue:sum", ">", 0)])]
            if groups and not options.get("order") and chance.random() < 0.3:
                options |= {"limit": 3, "offset": chance.randrange(3)}
            question = (self._domain(chance), groups, aggregates)
            with self.subTest(number=number, user=user.login, question=question, **options):
                answers = []
                self.assertTrue(
                    self._asks_totals(
                        lambda p=Profile, q=question, o=options, a=answers: a.append(
                            p._read_group(*q, **o)
                        )
                    )
                )
                with self._unrouted():
                    expected = Profile._read_group(*question, **options)
                self.assertEqual(answers[0], expected)
                self.assertEqual(
                    [[type(v) for v in row] for row in answers[0]],
                    [[type(v) for v in row] for row in expected],
                )
                asked[bool(expected)] += 1
        self.assertGreater(asked[True], 100, "most questions have an answer")

    def test_grouping_sets(self):
        chance = random.Random(4)
        for number in range(60):
            user, companies = chance.choice(self.askers)
            Profile = self._as(user, companies)
            sets = [
                chance.sample(self.GROUPS, chance.choice([0, 1, 2]))
                for _ in range(chance.randint(1, 4))
            ]
            question = (self._domain(chance), sets, chance.sample(self.AGGREGATES, 4))
            with self.subTest(number=number, user=user.login, question=question):
                answers = []
                self.assertTrue(
                    self._asks_totals(
                        lambda p=Profile, q=question, a=answers: a.append(p._read_grouping_sets(*q))
                    )
                )
                with self._unrouted():
                    self.assertEqual(answers[0], Profile._read_grouping_sets(*question))

    def test_what_the_web_client_asks(self):
        aggregates = [
            "__count",
            "revenue:sum",
            "currency_id:array_agg_distinct",
            "revenue:sum_currency",
        ]
        bar = {"field": "stage_code", "colors": {"growth": "success", "lost": "danger"}}
        requests = {
            "board": lambda p: p.with_context(read_group_expand=True).web_read_group(
                [("is_at_risk", "=", True)],
                ["value_tier_id"],
                aggregates,
                auto_unfold=True,
                unfold_read_specification={"partner_id": {}},
            ),
            "bar": lambda p: p.read_progress_bar([], "value_tier_id", bar),
            "pivot": lambda p: p.formatted_read_grouping_sets(
                [], [[], ["value_tier_id"], ["value_tier_id", "lifecycle_stage_id"]], aggregates
            ),
            "graph": lambda p: p.formatted_read_group(
                [("user_id", "!=", False)], ["lifecycle_stage_id", "value_tier_id"], aggregates
            ),
            "list": lambda p: p.web_read_group(
                [], ["user_id"], aggregates, limit=2, order="revenue desc"
            ),
        }
        for user, companies in self.askers:
            for name, request in requests.items():
                with self.subTest(name, user=user.login, companies=companies.mapped("name")):
                    answers = []
                    Profile = self._as(user, companies)
                    self.assertTrue(
                        self._asks_totals(lambda r=request, p=Profile, a=answers: a.append(r(p)))
                    )
                    with self._unrouted():
                        expected = request(Profile)
                    self.assertEqual(_plain(answers[0]), _plain(expected))

    def test_sums_in_one_currency(self):
        """Divided by the rate once instead of once for each customer: equal but for the last bits."""
        self._set_rate(self.company, "EUR", self._ago(10), 0.7)
        for user, companies in self.askers:
            question = ([], ["value_tier_id"], ["revenue:sum_currency"])
            kept = self._as(user, companies)._read_group(*question)
            with self._unrouted():
                expected = self._as(user, companies)._read_group(*question)
            self.assertTrue(expected)
            for (tier, value), (expected_tier, expected_value) in zip(kept, expected, strict=True):
                self.assertEqual(tier, expected_tier)
                self.assertAlmostEqual(value, expected_value, 6)

    def test_what_totals_cannot_tell_is_asked_of_the_customers(self):
        Profile = self._as(self.both, self.company)
        for domain, groups, aggregates in (
            ([("revenue", ">", 100)], [], ["__count"]),
            ([("partner_id", "in", self.partners[:5].ids)], [], ["__count"]),
            ([("partner_id.name", "ilike", "1")], ["value_tier_id"], ["__count"]),
            ([("is_unusually_silent", "=", True)], [], ["__count"]),
            ([Domain.custom(to_sql=lambda *args: SQL("TRUE"))], [], ["__count"]),
            ([("id", ">", 0)], ["value_tier_id"], ["__count"]),
            ([], ["country_id"], ["__count"]),
            ([], ["last_purchase_date:month"], ["__count"]),
            ([], ["value_tier_id"], ["revenue:max"]),
            ([], ["value_tier_id"], ["id:recordset"]),
            ([], ["value_tier_id"], ["trend_ratio:avg"]),
            ([], ["monetary_level"], ["__count"]),
        ):
            with self.subTest(domain=domain, groups=groups, aggregates=aggregates):
                if domain and isinstance(domain[0], Domain):
                    domain = domain[0]
                self.assertFalse(
                    self._asks_totals(
                        lambda d=domain, g=groups, a=aggregates: Profile._read_group(d, g, a)
                    )
                )
                with self._unrouted():
                    expected = Profile._read_group(domain, groups, aggregates)
                self.assertEqual(Profile._read_group(domain, groups, aggregates), expected)
        self.assertFalse(
            self._asks_totals(
                lambda: Profile._read_group([], ["value_tier_id"], ["__count"], order="revenue:max")
            )
        )
        self.assertFalse(
            self._asks_totals(
                lambda: Profile._read_group(
                    [], ["value_tier_id"], ["__count"], having=[("revenue:max", ">", 5)]
                )
            )
        )

    def test_a_rule_that_totals_do_not_know_is_kept(self):
        """An admin's own rule on customers binds what is read from totals, too."""
        self.env["ir.rule"].create(
            {
                "name": "Only some",
                "model_id": self.env["ir.model"]._get_id("customer.profile"),
                "domain_force": f"[('partner_id', 'in', {self.partners[:9].ids})]",
            }
        )
        Profile = self._as(self.both, self.company, active_test=False)
        self.assertFalse(self._asks_totals(lambda: Profile._read_group([], [], ["__count"])))
        self.assertEqual(Profile._read_group([], [], ["__count"]), [(9,)])

    def test_who_may_not_read_customers_may_not_ask(self):
        nobody = self._user("totals_nobody")
        with self.assertRaises(AccessError):
            self._as(nobody, self.company)._read_group([], [], ["__count"])
        with self.assertRaises(AccessError):
            self._as(nobody, self.company)._read_grouping_sets([], [[]], ["__count"])

    def test_an_unwritten_change_is_counted(self):
        Profile = self._as(self.both, self.company)
        question = ([("active", "in", [True, False])], ["user_id"], ["__count", "revenue:sum"])
        self.partners.user_id = self.own  # not flushed
        [(user, count, _revenue)] = Profile._read_group(*question)
        self.assertEqual((user, count), (self.own, 150))

    def test_questions_cost_one_query(self):
        Profile = self._as(self.both, self.company)

        def ask():
            Profile._read_group(
                [("is_at_risk", "=", True)], ["recency_level", "frequency_level"], ["revenue:sum"]
            )

        self.env.flush_all()
        ask()
        with self.assertQueryCount(1):
            ask()


@tagged("post_install", "-at_install")
class TestTop(TotalsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("top_own", "own")
        cls.all = cls._user("top_all", "all", companies=cls.company | cls.other)
        cls._profiles_of_any_kind(120, cls.own | cls.all, seed=5)

    def _expected(self, domain, counts, user, companies):
        Profile = self._as(user, companies)
        revenues = sorted(
            (r for r in Profile.search(domain).mapped("revenue") if r > 0), reverse=True
        )
        return [sum(revenues[:count]) for count in counts]

    def _as(self, user, companies):
        return (
            self.env["customer.profile"]
            .with_user(user)
            .with_context(allowed_company_ids=companies.ids)
        )

    def test_revenue_of_the_largest(self):
        counts = [1, 7, 3, 20, 10_000, 0]
        for user, companies in (
            (self.own, self.company),
            (self.all, self.other),
            (self.all, self.company | self.other),
        ):
            for domain in ([], [("is_at_risk", "=", True)], [("company_id", "=", self.company.id)]):
                with self.subTest(user=user.login, companies=companies.ids, domain=domain):
                    found = self._as(user, companies)._top_revenue(domain, counts)
                    expected = self._expected(domain, counts, user, companies)
                    self.assertEqual(len(found), len(counts))
                    for value, wanted in zip(found, expected, strict=True):
                        self.assertAlmostEqual(value, wanted, 2)
        self.assertGreater(found[0], 0)

    def test_buyers_are_those_with_revenue(self):
        for user, companies in (
            (self.own, self.company),
            (self.all, self.company | self.other),
        ):
            Profile = self._as(user, companies)
            for domain in (
                [],
                [("is_at_risk", "=", True)],
                [("user_id", "=", self.own.id)],
                [("partner_id", "!=", False)],  # none that totals are kept by
            ):
                with self.subTest(user=user.login, domain=domain):
                    expected = Profile.search_count([*domain, ("revenue", ">", 0)])
                    self.assertEqual(Profile._buyer_count(domain), expected)
        self.assertGreater(expected, 0)

    def test_nobody_there(self):
        Profile = self._as(self.all, self.company)
        self.assertEqual(Profile._top_revenue([("id", "=", 0)], [1, 5]), [0, 0])
        self.assertEqual(Profile._top_revenue(Domain.FALSE, [2]), [0])
        self.assertEqual(Profile._top_revenue([], []), [])

    def test_one_query(self):
        Profile = self._as(self.all, self.company)
        self.env.flush_all()
        Profile._top_revenue([], [1, 5])
        with self.assertQueryCount(1):
            Profile._top_revenue([], [1, 5, 20])


@tagged("post_install", "-at_install")
class TestMonths(TotalsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("months_manager", "own")
        cls.customers = cls._customers(6, name="Month", country_id=cls.company.country_id.id)
        cls.customers[:2].user_id = cls.manager
        cls._bulk([(c, cls._noon(cls.today).date(), 100) for c in cls.customers])

    def _month(self, day, company=None):
        return self.env["customer.profile.month"].search(
            [("company_id", "=", (company or self.company).id), ("month", "=", day.replace(day=1))]
        )

    def _expected(self) -> Counter:
        expected = Counter()
        for profile in self._profiles().filtered("active"):
            kind = (profile.user_id, profile.value_tier_id, profile.lifecycle_stage_id)
            expected[(*kind, "customers")] += 1
            expected[(*kind, "buyers")] += profile.revenue > 0
            expected[(*kind, "revenue")] += profile.revenue
        return expected

    def assertMonth(self, day):
        found = Counter()
        for row in self._month(day):
            kind = (row.user_id, row.value_tier_id, row.lifecycle_stage_id)
            for name in ("customers", "buyers", "revenue"):
                self.assertNotIn((*kind, name), found, "one row for each kind")
                found[(*kind, name)] = row[name]
        self.assertEqual(found, self._expected())
        self.assertTrue(found)

    def test_a_run_keeps_its_month(self):
        self.customers[5].active = False
        self._run("full")
        self.assertMonth(self.today)
        self.assertEqual(sum(self._month(self.today).mapped("revenue")), 500)
        self.assertFalse(self._month(self.today, self.other))

    def test_the_month_that_runs_follows_and_the_last_one_stays(self):
        self._run("full")
        june = self._month(self.today).read()
        self._bulk([(self.customers[0], self._ago(-25), 1_000)])
        self.env["customer.mark"]._add([(self.company.id, self.customers[0].id)])
        self._run("nightly", self._ago(-25))  # in July
        self.assertEqual(self._month(self.today).read(), june)
        self.assertMonth(self._ago(-25))
        self.assertEqual(sum(self._month(self._ago(-25)).mapped("revenue")), 1_600)

    def test_a_second_run_writes_nothing(self):
        self._run("full")
        before = self._month(self.today).ids
        for kind in ("nightly", "incremental", "full"):
            self._run(kind)
            self.assertEqual(self._month(self.today).ids, before)

    def test_the_account_manager_changes_within_the_month(self):
        self._run("full")
        self.customers.user_id = self.manager
        self.env.flush_all()
        self._run("nightly")
        self.assertMonth(self.today)
        self.assertEqual(self._month(self.today).user_id, self.manager)

    def test_a_click_leaves_the_month_to_the_next_run(self):
        self._run("full")
        before = self._month(self.today).ids
        self._profile(self.customers[0])._set_manual("tier", self.tiers["key"], "Promised", False)
        self.assertEqual(self._month(self.today).ids, before)
        self._run("incremental")
        self.assertMonth(self.today)

    def test_a_deleted_user_is_no_longer_named(self):
        self._run("full")
        self.customers.user_id = False
        self.env.flush_all()
        self.manager.unlink()
        self.env.invalidate_all()
        self.assertFalse(self._month(self.today).user_id)
        self._run("nightly")
        self.assertMonth(self.today)

    def test_who_sees_which_months(self):
        self._run("full")
        every = self._user("months_all", "all")
        stranger = self._user("months_stranger", "all", companies=self.other)
        for user, companies, customers in (
            (self.manager, self.company, 2),
            (every, self.company, 6),
            (stranger, self.other, 0),
        ):
            Month = (
                self.env["customer.profile.month"]
                .with_user(user)
                .with_context(allowed_company_ids=companies.ids)
            )
            with self.subTest(user.login):
                [(found,)] = Month._read_group([], [], ["customers:sum"])
                self.assertEqual(found or 0, customers)

    def test_a_tier_that_a_month_names_is_not_deleted(self):
        tier = self.env["customer.tier"].create({"name": "Gone", "code": "gone"})
        self.env["customer.profile.month"].create(
            {"company_id": self.company.id, "month": self.today, "value_tier_id": tier.id}
        )
        with self.assertRaises(UserError):
            tier.unlink()


def _plain(value):
    """Answers for the web client, with floats that may differ in their last bits rounded."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value
