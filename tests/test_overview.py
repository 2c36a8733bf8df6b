"""The overview: every figure against SQL written here, whose customers it counts, and what it opens."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from random import Random

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..models.overview.levels import frequency_levels, recency_levels
from ..tools import scoring, value_policy
from ..tools.dates import to_days
from .common import CustomerCase

EVERYONE = SQL("TRUE")
AT_RISK = SQL("t.code IN ('key', 'high') AND s.code IN ('decline', 'lost')")


class OverviewCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", "all")
        cls.keeper = cls._user("keeper", "own")

    def _overview(self, user=None, company=None, **options):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["customer.overview"]
            .with_user(user or self.manager)
            .with_context(allowed_company_ids=(company or self.company).ids)
            .get_overview(**options)
        )

    def _opened(self, domain, user=None, model="customer.profile", company=None):
        """What the web client's list shows for this domain."""
        return (
            self.env[model]
            .with_user(user or self.manager)
            .with_context(allowed_company_ids=(company or self.company).ids)
            .search(domain)
        )

    def _moves(self, data):
        return {(cell["from"], cell["to"]): cell["customers"] for cell in data["moved"]["cells"]}

    def _ways(self, data):
        return {way["way"]: way["customers"] for way in data["moved"]["ways"] if way["customers"]}

    def _stage(self, data, code):
        return next(stage for stage in data["stages"] if stage["code"] == code)


def figures(part, path=""):
    """Everything that says a number of customers and the domain it was counted with."""
    if isinstance(part, dict):
        if "customers" in part and "domain" in part:
            yield path, part
        for key, value in part.items():
            yield from figures(value, f"{path}/{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from figures(value, f"{path}/{index}")


@tagged("post_install", "-at_install")
class TestOverviewFigures(OverviewCase):
    """Two companies, several currencies, colleagues, archived contacts, choices by hand, a history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        random = Random(20240612)
        cls.other = cls._new_company("Other Trading", currency="EUR", country="DE")
        cls.manager.company_ids += cls.other
        cls.customers = cls._customers(90, name="Seen")
        for customer in cls.customers:
            customer.user_id = random.choice((cls.manager, cls.keeper, cls.env["res.users"]))
        for company in cls.company | cls.other:
            rows = []
            for customer in cls.customers[10:]:  # ten never buy
                pace, size = random.choice((9, 25, 70, 200)), random.choice((40, 300, 2_500.55))
                quiet = random.choice((0, 0, 0, 45, 120))
                for ago in range(quiet + random.randrange(pace), 800, pace):
                    rows.append(
                        (customer, cls.today - timedelta(ago), round(size * random.random(), 2))
                    )
            rows += [(cls.customers[11], cls.today - timedelta(3), -50_000)]
            cls._bulk(rows, company)
        cls._set_rate(cls.company, "EUR", date(2023, 1, 1), 0.8)
        cls._invoice(cls.customers[12], cls.today - timedelta(30), 4_000, currency="EUR")
        cls.customers[:10].customer_rank = 1
        cls.customers[80:86].active = False

    def setUp(self):
        super().setUp()
        for company in self.company | self.other:
            for ago in (95, 60, 25, 8, 0):
                self._run("full", self._ago(ago), company)
        for index, code in ((20, "key"), (21, "low"), (22, "high")):
            profile = self._profile(self.customers[index])
            profile._set_manual("tier", self.tiers[code], "Known better", False)
        self._profile(self.customers[22])._set_manual(
            "stage", self.stages["lost"], "Closed its shop", False
        )

    def _sums(self, dimensions, user=None, where=EVERYONE):
        """Customers and revenue per value of some columns, by SQL alone."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(dimensions)s, count(*), sum(p.revenue)
                  FROM customer_profile p
                  JOIN res_partner r ON r.id = p.partner_id
                  LEFT JOIN customer_tier t ON t.id = p.value_tier_id
                  LEFT JOIN customer_lifecycle_stage s ON s.id = p.lifecycle_stage_id
                 WHERE p.company_id = %(company)s AND r.active AND %(whose)s AND %(where)s
                 GROUP BY %(dimensions)s
                """,
                dimensions=dimensions,
                company=self.company.id,
                whose=SQL("r.user_id = %s", user.id) if user else EVERYONE,
                where=where,
            )
        )
        return {tuple(row[:-2]): (row[-2], float(row[-1])) for row in rows}

    def assertSums(self, shown, counted):
        """``shown``: key -> figure, empty ones allowed; ``counted``: key -> customers and revenue."""
        shown = {key: figure for key, figure in shown.items() if figure["customers"]}
        self.assertEqual(shown.keys(), counted.keys())
        for key, figure in shown.items():
            customers, revenue = counted[key]
            with self.subTest(key=key):
                self.assertEqual(figure["customers"], customers)
                self.assertAlmostEqual(figure["revenue"], revenue, 2)

    def _everyone(self):
        """Who looks at what: the user, the scope asked for, and whose customers are to be counted."""
        return (
            (self.manager, "all", None),
            (self.manager, "mine", self.manager),
            (self.keeper, "mine", self.keeper),
            (self.keeper, "all", self.keeper),
        )

    def test_every_figure_is_what_sql_counts(self):
        for user, scope, whose in self._everyone():
            data = self._overview(user, scope=scope)
            with self.subTest(user=user.login, scope=scope):
                self.assertEqual(data["scope"], "mine" if whose else "all")
                self.assertSums({(1,): data["total"]}, self._sums(SQL("1"), whose))
                self.assertSums(
                    {(tier["id"] or None,): tier for tier in data["tiers"]},
                    self._sums(SQL("p.value_tier_id"), whose),
                )
                self.assertSums(
                    {(stage["id"],): stage for stage in data["stages"]},
                    self._sums(SQL("p.lifecycle_stage_id"), whose),
                )
                self.assertSums(
                    {(c["recency"], c["frequency"]): c for c in data["grid"]["cells"]},
                    self._sums(
                        SQL("p.recency_level, p.frequency_level"),
                        whose,
                        SQL("p.last_purchase_date IS NOT NULL"),
                    ),
                )
                never = self._sums(SQL("1"), whose, SQL("p.last_purchase_date IS NULL"))
                self.assertEqual(
                    data["grid"]["none"]["customers"], never.get((1,), (0,))[0], "never bought"
                )
                self.assertSums({(1,): data["at_risk"]}, self._sums(SQL("1"), whose, AT_RISK))

    def test_the_tiles(self):
        data = self._overview()
        tiles = {tile["key"]: tile for tile in data["tiles"]}
        self.assertEqual(list(tiles), ["customers", "revenue", "at_risk", "unmanaged"])
        self.assertSums(
            {(1,): tiles["unmanaged"]}, self._sums(SQL("1"), None, SQL("r.user_id IS NULL"))
        )
        self.assertEqual(tiles["customers"]["value"], data["total"]["customers"])
        self.assertEqual(tiles["revenue"]["value"], data["total"]["revenue"])
        self.assertEqual(tiles["at_risk"]["value"], data["at_risk"]["revenue"])
        mine = {tile["key"]: tile for tile in self._overview(self.keeper)["tiles"]}
        falling = self._profiles().filtered(
            lambda p: p.active and p.user_id == self.keeper and p.tier_below_since
        )
        self.assertTrue(falling, "or this test says nothing")
        self.assertEqual(mine["falling"]["value"], len(falling))

    def test_tiers_come_in_the_order_of_their_value_and_none_last(self):
        codes = [
            self.env["customer.tier"].browse(tier["id"]).code for tier in self._overview()["tiers"]
        ]
        self.assertEqual(codes, ["key", "high", "medium", "low", False])
        self.assertAlmostEqual(sum(tier["share"] for tier in self._overview()["tiers"]), 1)

    def test_concentration(self):
        for user, scope, whose in self._everyone():
            data = self._overview(user, scope=scope)
            own = self._profiles().filtered(
                lambda p, whose=whose: p.active and (not whose or p.user_id == whose)
            )
            buyers = sorted((p.revenue for p in own if p.revenue > 0), reverse=True)
            if not whose:
                self.assertLess(min(own.mapped("revenue")), 0, "or negatives are not tested")
            with self.subTest(user=user.login, scope=scope):
                for top in data["concentration"]:
                    count = -(-len(buyers) * top["percent"] // 100)
                    self.assertEqual(top["count"], count)
                    self.assertAlmostEqual(top["revenue"], sum(buyers[:count]), 2)
                    self.assertAlmostEqual(
                        top["share"], sum(buyers[:count]) / sum(own.mapped("revenue"))
                    )
                self.assertEqual([top["percent"] for top in data["concentration"]], [1, 5, 20])

    def test_the_largest_at_risk_are_named(self):
        for user, scope, whose in self._everyone():
            own = self._profiles().filtered(
                lambda p, whose=whose: (
                    p.active and p.is_at_risk and (not whose or p.user_id == whose)
                )
            )
            largest = own.sorted(lambda p: (p.revenue, p.id), reverse=True)[:10]
            self.assertTrue(largest, "or this test says nothing")
            with self.subTest(user=user.login, scope=scope):
                named = self._overview(user, scope=scope)["at_risk"]["named"]
                self.assertEqual([line["id"] for line in named], largest.ids)
        by_hand = self._profile(self.customers[22])
        line = next(
            line for line in self._overview()["at_risk"]["named"] if line["id"] == by_hand.id
        )
        self.assertEqual(
            (line["name"], line["why"], line["stage"], line["tier"]),
            ("Seen 22", "Closed its shop", "Lost", "High"),
        )
        self.assertEqual(line["silence"], by_hand.silence_text)

    def test_every_figure_opens_what_it_counts(self):
        for user, scope, __ in self._everyone():
            for month in (False, "2024-04-15", "2024-05-01"):
                found = 0
                data = self._overview(user, scope=scope, month=month)
                for path, figure in figures(data):
                    with self.subTest(user=user.login, scope=scope, month=month, figure=path):
                        opened = self._opened(figure["domain"], user)
                        self.assertEqual(len(opened), figure["customers"])
                        if "revenue" in figure:
                            self.assertAlmostEqual(
                                sum(opened.mapped("revenue")), figure["revenue"], 2
                            )
                        found += bool(opened)
                for stage in data["stages"]:
                    for way in ("entered", "left"):
                        with self.subTest(stage=stage["code"], way=way, month=month):
                            opened = self._opened(
                                stage[f"{way}_domain"], user, "customer.transition"
                            )
                            self.assertEqual(len(opened), stage[way])
                            found += bool(opened)
                self.assertGreater(found, 15, "empty figures prove nothing")

    def test_the_largest_open_exactly_even_where_they_are_equal(self):
        twins = self._profiles().filtered(lambda p: p.active and p.revenue > 0)[:4]
        self.env.execute_query(
            SQL(
                "UPDATE customer_profile SET revenue = 99999.99 WHERE id = ANY(%s) RETURNING id",
                twins.ids,
            )
        )
        self.env.invalidate_all()
        Overview = self.env["customer.overview"].with_user(self.manager).with_company(self.company)
        expected = self._profiles().filtered("active").sorted(lambda p: (-p.revenue, -p.id))
        for count in (1, 2, 3, 7):
            opened = self._opened(Overview.get_top_domain("all", count))
            with self.subTest(count=count):
                self.assertEqual(opened.ids, expected[:count].ids)

    def test_moves_between_tiers_are_those_of_the_log(self):
        for user, scope, whose in self._everyone():
            for month in (date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)):
                ends = defaultdict(list)
                for line in self.env["customer.transition"].search(
                    [("company_id", "=", self.company.id), ("kind", "=", "tier")], order="as_of, id"
                ):
                    profile = line.profile_id
                    if (
                        line.as_of.replace(day=1) == month
                        and profile.active
                        and (not whose or profile.user_id == whose)
                    ):
                        ends[profile] += [line.from_tier_id.id, line.to_tier_id.id]
                expected = Counter((path[0], path[-1]) for path in ends.values())
                expected = {pair: n for pair, n in expected.items() if pair[0] != pair[1]}
                data = self._overview(user, scope=scope, month=str(month))
                with self.subTest(user=user.login, scope=scope, month=month):
                    self.assertEqual(self._moves(data), expected)
                    self.assertEqual(sum(self._ways(data).values()), sum(expected.values()))
        self.assertTrue(expected, "or this test says nothing")

    def test_stages_entered_and_left_are_those_of_the_log(self):
        for user, scope, whose in self._everyone():
            for month in (date(2024, 4, 1), date(2024, 6, 1)):
                entered, left = Counter(), Counter()
                for line in self.env["customer.transition"].search(
                    [("company_id", "=", self.company.id), ("kind", "=", "stage")]
                ):
                    if line.as_of.replace(day=1) == month and (
                        not whose or line.profile_id.user_id == whose
                    ):
                        entered[line.to_stage_id.id] += 1
                        left[line.from_stage_id.id] += 1
                data = self._overview(user, scope=scope, month=str(month))
                for stage in data["stages"]:
                    with self.subTest(user=user.login, month=month, stage=stage["code"]):
                        self.assertEqual(stage["entered"], entered[stage["id"]])
                        self.assertEqual(stage["left"], left[stage["id"]])
        self.assertTrue(left, "or this test says nothing")

    def test_another_company_is_another_overview(self):
        one = self._overview()
        two = self._overview(company=self.other)
        self.assertNotEqual(one["total"]["revenue"], two["total"]["revenue"])
        self.assertEqual(two["currency_id"], self.other.currency_id.id)
        both = self._overview(company=self.company | self.other)
        self.assertEqual(both["total"], one["total"], "the active company alone")


@tagged("post_install", "-at_install")
class TestOverviewMonths(OverviewCase):
    def test_the_first_computation_is_no_entrance(self):
        """Everybody got tier and stage on that day; who comes later in the month is new."""
        early, late = self._customers(2)
        self._bulk([(early, self._ago(300), 10), (early, self._ago(8), 10)])
        self._run("full", self._ago(6))
        data = self._overview()
        self.assertEqual([stage["entered"] for stage in data["stages"]], [0] * 6)
        self.assertEqual(data["moved"]["cells"], [])
        self._bulk([(late, self._ago(2), 10)])
        self._run("full", self._ago(1))
        data = self._overview()
        self.assertEqual(self._ways(data), {"new": 1})
        stage = self._stage(data, self._profile(late).lifecycle_stage_id.code)
        self.assertEqual(stage["entered"], 1)
        self.assertEqual(
            self._opened(stage["entered_domain"], model="customer.transition").partner_id, late
        )

    def test_before_the_first_computation_nothing_moved(self):
        self._bulk([(self._customer(), self._ago(200), 10)])
        self._run("full")
        data = self._overview(month="2024-02-01")
        self.assertEqual(data["moved"]["cells"], [])
        self.assertEqual(sum(stage["entered"] for stage in data["stages"]), 0)
        self.assertEqual(data["months"], ["2024-06-01"])

    def test_a_customer_who_moved_twice_moved_once(self):
        twice, back = self._customers(2)
        self._bulk([(customer, self._ago(90), 10) for customer in (twice, back)])
        self._run("full", self._ago(60))
        before = self._profile(twice).value_tier_id
        self.assertNotIn(before.code, ("key", "high"))
        for partner, day, code in (
            (twice, 9, "high"),
            (back, 9, "high"),
            (twice, 5, "key"),
            (back, 5, before.code),
        ):
            with self._on(self._ago(day)):
                self._profile(partner)._set_manual("tier", self.tiers[code], "A hunch", False)
        data = self._overview()
        self.assertEqual(self._moves(data), {(before.id, self.tiers["key"].id): 1})
        self.assertEqual(self._ways(data), {"up": 1})
        [cell] = data["moved"]["cells"]
        self.assertEqual(self._opened(cell["domain"]).partner_id, twice)
        self.assertEqual(self._overview(month="2024-05-01")["moved"]["cells"], [])

    def test_down_is_towards_the_less_valuable(self):
        customer = self._customer()
        self._bulk([(customer, self._ago(90), 10)])
        self._run("full", self._ago(60))
        for ago, code in ((40, "key"), (3, "medium")):
            with self._on(self._ago(ago)):
                self._profile(customer)._set_manual("tier", self.tiers[code], "A hunch", False)
        self.assertEqual(self._ways(self._overview()), {"down": 1})
        self.assertEqual(self._ways(self._overview(month="2024-05-31")), {"up": 1})

    def test_a_cell_that_does_not_exist_opens_nobody(self):
        self._bulk([(self._customer(), self._ago(9), 10)])
        self._run("full")
        for text in ("", "x", "1/2024", f"{self.company.id}/2024-06-01", "1/2024-06-01/a/b"):
            with self.subTest(text):
                self.assertFalse(self._opened([("tier_move", "=", text)]))

    def test_a_month_begins_when_the_companys_day_does(self):
        """23:30 UTC on the last of May is June in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        early, customer = self._customers(2)
        self._bulk([(early, date(2024, 4, 1), 10)])
        self._run("full", date(2024, 5, 3))
        self._bulk([(customer, date(2024, 5, 30), 10)])
        with freeze_time(datetime(2024, 5, 31, 23, 30)):
            run = self.env["customer.run"]._open(self.company, "full", "asked")
            while run._advance():
                pass
            data = self._overview()
        self.assertEqual((data["today"], data["month"]), ("2024-06-01", "2024-06-01"))
        self.assertEqual(self._ways(data), {"new": 1})
        self.assertEqual(data["months"], ["2024-06-01", "2024-05-01"])
        self.assertEqual(self._ways(self._overview(month="2024-05-01")), {})


@tagged("post_install", "-at_install")
class TestOverviewAccess(OverviewCase):
    def test_an_account_manager_gets_own_customers_whatever_is_asked(self):
        mine, theirs = self._customers(2)
        mine.user_id, theirs.user_id = self.keeper, self.manager
        self._bulk([(mine, self._ago(9), 10), (theirs, self._ago(9), 900)])
        self._run("full")
        for scope in ("all", "mine", "anything"):
            data = self._overview(self.keeper, scope=scope)
            with self.subTest(scope):
                self.assertEqual((data["scope"], data["may_see_all"]), ("mine", False))
                self.assertEqual(data["total"]["revenue"], 10)
                self.assertEqual(data["concentration"][0]["revenue"], 10)
        Overview = self.env["customer.overview"].with_user(self.keeper).with_company(self.company)
        opened = self._opened(Overview.get_top_domain("all", 1), self.keeper)
        self.assertEqual(opened.partner_id, mine)

    def test_nobody_else_gets_figures(self):
        internal = self._user("internal")
        with self.assertRaises(AccessError):
            self._overview(internal)
        with self.assertRaises(AccessError):
            self.env["customer.overview"].with_user(internal).get_top_domain("all", 1)

    def test_without_customers(self):
        data = self._overview()
        self.assertEqual(data["total"]["customers"], 0)
        self.assertEqual(data["concentration"], [])
        self.assertEqual(data["months"], ["2024-06-01"])


@tagged("post_install", "-at_install")
class TestOverviewCost(OverviewCase):
    def _count(self):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        data = self._overview()
        return self.env.cr.sql_log_count - before, data

    def test_queries_do_not_grow_with_customers(self):
        def at_risk(count, name, size):
            customers = self._customers(count, name=name, user_id=self.keeper.id)
            self._bulk([(c, self._ago(30 + n), size) for n, c in enumerate(customers)])
            self._run("full")
            profiles = self._profiles().filtered(lambda p: p.partner_id in customers)
            profiles._set_manual("tier", self.tiers["key"], "A hunch", False)
            profiles._set_manual("stage", self.stages["lost"], "A hunch", False)

        self._run("full", self._ago(40))
        at_risk(12, "Few", 900)
        self._count()  # warm
        queries, data = self._count()
        self.assertEqual(len(data["at_risk"]["named"]), 10)
        at_risk(150, "Many", 1000)
        more, data = self._count()
        self.assertEqual(data["total"]["customers"], 162)
        self.assertEqual(more, queries)
        self.assertLess(queries, 35)


@tagged("post_install", "-at_install")
class TestLevels(CustomerCase):
    """The words of a level say what the kernel counts to it."""

    def _rules(self, **cuts):
        return value_policy.ValuePolicy(
            money_cuts=(1,), tiers=(value_policy.TierRule(1, 0, 0),), **cuts
        )

    def _short(self, levels):
        return {level.level: level.short for level in levels}

    def _inside(self, value, short):
        """Whether a whole number lies in a range as it is written on the screen."""
        if "–" in short:
            low, high = map(int, short.split("–"))
            return low <= value <= high
        sign, __, limit = short.rpartition(" ")
        limit = int(limit)
        return {"≤": value <= limit, "≥": value >= limit, "": value == limit}[sign]

    def test_days_and_purchases(self):
        rules = self._rules(
            recency_mode=value_policy.RECENCY_DAYS,
            recency_cuts=(10, 11, 30.5, 60),
            frequency_cuts=(2, 3, 4.5, 9),
        )
        recency = self._short(recency_levels(self.env, rules, str))
        frequency = self._short(frequency_levels(self.env, rules, str))
        self.assertEqual(sorted(recency), sorted(frequency), [1, 2, 3, 4, 5])
        today = to_days(self.today)
        for value in range(1, 80):
            scores = scoring.score(
                [today - value], [value], [1.0], as_of=today, policy=rules, interval=[1.0]
            )
            with self.subTest(value):
                self.assertEqual(
                    [level for level, short in recency.items() if self._inside(value, short)],
                    [scores.recency_level[0]],
                )
                self.assertEqual(
                    [level for level, short in frequency.items() if self._inside(value, short)],
                    [scores.frequency_level[0]],
                )

    def test_own_rhythm(self):
        rules = self._rules(
            recency_mode=value_policy.RECENCY_RHYTHM, recency_cuts=(0.5, 1), frequency_cuts=()
        )
        levels = recency_levels(self.env, rules, lambda value: f"{value:g}")
        self.assertEqual(self._short(levels), {3: "≤ 0.5 ×", 2: "0.5–1 ×", 1: "> 1 ×"})
        self.assertEqual(self._short(frequency_levels(self.env, rules, str)), {1: "any"})
