"""Past days: what was known then, and what the documents say now, by judging again from day to day."""

import random
from datetime import date, timedelta
from unittest.mock import patch

import numpy as np

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.facts.customer_facts import FACT_COLUMNS, Windows, among
from ..models.history import customer_migration, customer_replay
from ..tools.dates import from_days, to_days
from ..tools.replay import Purchases
from .test_runs import RunCase

STANDING = (
    "value_tier_id",
    "lifecycle_stage_id",
    "computed_tier_id",
    "tier_below_since",
    "tier_since",
    "stage_since",
)


class HistoryCase(RunCase):
    """A company that is computed every day, and of which every day is remembered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._customers(24)
        cls._histories(cls.customers, cls.company, seed=5)
        cls._bulk_made(cls.today, cls.company)
        policy = cls.env["customer.value.policy"].create(
            {"company_id": cls.company.id, "dwell_days": 12}
        )
        policy._calibrate(cls.today)
        policy.action_publish()

    @classmethod
    def _bulk_made(cls, day, company):
        """Documents of a test are made when the test runs: have them made by ``day``."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE account_move SET create_date = LEAST(invoice_date, %s) + time '12:00'"
            " WHERE company_id = %s AND create_date > %s",
            [day, company.id, day + timedelta(days=1)],
        )
        cls.env.invalidate_all()

    def setUp(self):
        super().setUp()
        self.seen = {}

    def _live(self, last, first=None, each_day=None):
        """Compute every day from ``first`` to ``last``, as the night does, and remember each."""
        day = first or self.today
        while day <= last:
            with self._on(day):
                if each_day:
                    each_day(day)
            self._keep_up(day, nightly=True)
            self.seen[day] = self._snapshot(names=STANDING)
            day += timedelta(days=1)

    def _sell(self, partner, day, amount, made=None):
        """A document, made on its own day unless said otherwise."""
        ids = self._bulk([(partner, day, amount)])
        made = made or day
        self.env.cr.execute(
            "UPDATE account_move SET create_date = %s WHERE id = ANY(%s)", [self._noon(made), ids]
        )
        self.env["customer.mark"]._add([(self.company.id, partner.id)])
        return self.env["account.move"].browse(ids)

    def _recomputed(self, days=None, company=None):
        """Day -> partner id -> what the documents say now."""
        days = sorted(days or self.seen)
        partners = (company or self.company, self._profiles(company).partner_id.ids)
        found = self.env["customer.history"]._recomputed(*partners, days)
        return {
            day: {
                int(row["partner_id"]): {
                    name: from_days(row[name])
                    if name.endswith("_since")
                    else int(row[name]) or None
                    for name in STANDING
                }
                for row in rows
            }
            for day, rows in zip(days, found, strict=True)
        }

    def _differing(self, names=STANDING):
        """``(day, customer)`` for which the two readings differ."""
        again = self._recomputed()
        return {
            (day, partner_id)
            for day, seen in self.seen.items()
            for partner_id, values in seen.items()
            if any(values[name] != again[day][partner_id][name] for name in names)
        }


@tagged("post_install", "-at_install")
class TestNothingBackdated(HistoryCase):
    """Where nothing was dated back, judging again gives every day what was known on it."""

    def assertReplayed(self, names=STANDING):
        again = self._recomputed()
        for day, seen in self.seen.items():
            for partner_id, values in seen.items():
                with self.subTest(day=day, partner=partner_id):
                    self.assertEqual(
                        {name: again[day][partner_id][name] for name in names},
                        {name: values[name] for name in names},
                    )

    def assertLogged(self):
        """The log says of each day what the profiles said on it."""
        for kind, name in (("tier", "value_tier_id"), ("stage", "lifecycle_stage_id")):
            for day, seen in self.seen.items():
                known = dict(
                    self.env.execute_query(
                        self.env["customer.transition"]._known_on(self.company, kind, day)
                    )
                )
                profiles = self._profiles()
                for profile in profiles:
                    values = seen.get(profile.partner_id.id)
                    with self.subTest(day=day, kind=kind, partner=profile.partner_id.id):
                        self.assertEqual(known.get(profile.id), values and values[name])

    def test_the_passage_of_days_and_months(self):
        self._live(self.today + timedelta(days=55))
        self.assertReplayed()
        self.assertLogged()
        moves = self.env["customer.transition"].search(
            [("company_id", "=", self.company.id), ("cause", "!=", "first")]
        )
        self.assertGreater(len(moves), 10, "nothing moved: the test tests nothing")
        self.assertTrue(
            any(row["tier_below_since"] for seen in self.seen.values() for row in seen.values())
        )

    def test_every_month_has_its_own_market(self):
        """Everybody is judged on the first of a month, due or not."""
        first = date(2024, 7, 1)
        self.env["customer.market"].create(
            {
                "company_id": self.company.id,
                "month": first,
                "as_of": first,
                "median_interval": 9,
                "trend": 4,
                "first_document": self._ago(900),
            }
        )
        self._live(first + timedelta(days=3))
        moves = self.env["customer.transition"].search(
            [("company_id", "=", self.company.id), ("as_of", "=", first), ("kind", "=", "stage")]
        )
        self.assertGreater(len(moves), 3, "the market moved nobody: the test tests nothing")
        self.assertReplayed()

    def test_purchases_credits_and_new_customers_on_their_own_days(self):
        random_ = random.Random(4)
        sold = []

        def trade(day):
            for _ in range(random_.choice((0, 1, 2))):
                partner = random_.choice(self.customers)
                sold.append(self._sell(partner, day, random_.choice((20, 300, 5000))))
            if sold and random_.random() < 0.3:  # all of a sale is given back
                sale = sold.pop(random_.randrange(len(sold)))
                credit = self._sell(sale.partner_id, day, -sale.amount_untaxed)
                self.env.cr.execute(
                    "UPDATE account_move SET reversed_entry_id = %s WHERE id = %s",
                    [sale.id, credit.id],
                )
            if random_.random() < 0.1:
                self._sell(self._customer(f"New on {day}"), day, 900)

        self._live(self.today + timedelta(days=50), each_day=trade)
        self.assertReplayed()
        self.assertLogged()

    def test_another_policy_in_between(self):
        def publish(day):
            if day == self.today + timedelta(days=20):
                policy = self.env["customer.value.policy"]._published(self.company).copy()
                policy.dwell_days = 5
                policy.weight_money, policy.weight_recency = 0.2, 0.5
                policy.action_publish()

        self._live(self.today + timedelta(days=40), each_day=publish)
        causes = self.env["customer.transition"].search([("company_id", "=", self.company.id)])
        self.assertIn("policy", causes.mapped("cause"))
        self.assertReplayed()

    def test_choices_by_hand(self):
        chosen, ended = self.customers[0], self.customers[1]

        def decide(day):
            if day == self.today + timedelta(days=3):
                for partner in chosen | ended:
                    profile = self._profile(partner)
                    tier = self.tiers["medium" if profile.value_tier_id.code == "key" else "key"]
                    until = False if partner == chosen else day + timedelta(days=10)
                    profile._set_manual("tier", tier, "Signed a contract", until)
                    profile._set_manual("stage", self.stages["lost"], "Closed", until)

        self._live(self.today + timedelta(days=25), each_day=decide)
        causes = self._transitions(ended).mapped("cause")
        self.assertIn("manual", causes)
        self.assertIn("manual_end", causes)
        self.assertReplayed(STANDING[:4])  # since when is of what is computed

    def test_nothing_is_written(self):
        self._live(self.today + timedelta(days=3))
        before = self._physical()
        markets = self.env["customer.market"].search_count([])
        self._recomputed([self.today + timedelta(days=n) for n in (1, 3)])
        self.assertEqual(self._physical(), before)
        self.assertEqual(self.env["customer.market"].search_count([]), markets)

    def test_queries_do_not_grow_with_customers(self):
        self._live(self.today + timedelta(days=2))
        day = self.today + timedelta(days=60)
        counts = []
        for partners in (self.customers[:2], self.customers):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            list(self.env["customer.history"]._recomputed(self.company, partners.ids, [day]))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestSameFacts(RunCase):
    """The facts of a replay are those that SQL gathers, on every day and from either kind of document."""

    WINDOWS = Windows(365, 182, 728)

    def assertSameFacts(self, customers, days):
        partner_ids = np.array(sorted(customers.ids), np.int32)
        restrict = among(customers.ids)
        purchases = Purchases(
            self.env["customer.history"]._daily(self.company, restrict), partner_ids
        )
        undone = 0
        for day in days:
            expected = self.env["customer.facts"]._fetch(self.company, day, self.WINDOWS, restrict)
            expected.sort(order="partner_id")
            who = np.searchsorted(partner_ids, expected["partner_id"])
            found = np.zeros(len(expected), expected.dtype)
            found["partner_id"] = expected["partner_id"]
            purchases.facts_into(found, who, to_days(day), self.WINDOWS)
            for name, sql_type in FACT_COLUMNS:
                with self.subTest(day=day, fact=name):
                    if sql_type == "float8":
                        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=1e-6)
                    else:
                        self.assertEqual(found[name].tolist(), expected[name].tolist())
            undone += int((expected["purchases_life"] < expected["invoices"]).sum())
        return undone

    def test_of_invoices(self):
        customers = self._customers(8)
        self._histories(customers, self.company, seed=9)
        random_ = random.Random(2)
        for invoice in self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", "out_invoice")]
        ):
            if invoice.state == "posted" and random_.random() < 0.15:
                for share, wait in ((0.5, 3), (0.5, random_.choice((-2, 9, 80)))):
                    self._bulk(
                        [
                            (
                                invoice.partner_id,
                                invoice.invoice_date + timedelta(wait),
                                -round(invoice.amount_untaxed * share + 0.004, 2),
                                {"reversed_entry_id": invoice.id},
                            )
                        ]
                    )
        days = [self._ago(n) for n in (*range(0, 40), *range(41, 900, 37), -3, -12, -40)]
        self.assertTrue(self.assertSameFacts(customers, days), "no purchase was undone")

    def test_of_orders(self):
        self.company.customer_fact_source = "order"
        env = self._in(self.company)
        customers = self._customers(3)
        product = env["product.product"].create(
            {"name": "Goods", "invoice_policy": "order", "taxes_id": [Command.clear()]}
        )
        random_ = random.Random(8)
        for partner in customers:
            for ago in (400, 300, 299, 120, 60, 9):
                order = env["sale.order"].create(
                    {
                        "partner_id": partner.id,
                        "order_line": [
                            Command.create(
                                {"product_id": product.id, "price_unit": random_.choice((50, 700))}
                            )
                        ],
                    }
                )
                order.action_confirm()
                order.date_order = self._noon(self._ago(ago))
                if ago in (300, 120):
                    invoice = order._create_invoices()
                    invoice.action_post()
                    credit = invoice._reverse_moves(
                        [{"invoice_date": self._ago(ago - 5), "date": self._ago(ago - 5)}]
                    )
                    credit.action_post()
        days = [
            self._ago(n) for n in (0, 1, 8, 9, 10, 54, 55, 56, 60, 115, 116, 294, 296, 299, 301)
        ]
        self.assertTrue(self.assertSameFacts(customers, days), "no purchase was undone")


@tagged("post_install", "-at_install")
class TestBackdated(HistoryCase):
    """What was dated back, reversed or taken away makes a difference that is found and explained."""

    def setUp(self):
        super().setUp()
        self.buyer = self._customer("Late Bookings")
        for ago in range(20, 420, 40):
            self._sell(self.buyer, self._ago(ago), 60)
        self._live(self.today + timedelta(days=10))
        self.end = self.today + timedelta(days=10)

    def _past(self, day, partner=None):
        with self._on(self.end):
            return self._profile(partner or self.buyer).get_past_day(day)

    def _codes(self, past):
        return [reason["code"] for reason in past["reasons"]]

    def test_without_a_difference_there_is_no_reason(self):
        past = self._past(self.today + timedelta(days=5))
        self.assertEqual((past["differing"], past["reasons"]), ([], []))
        self.assertEqual(past["known"]["tier"]["id"], past["now"]["tier"]["id"])
        self.assertTrue(past["known"]["tier"]["evidence"])
        self.assertTrue(past["now"]["tier"]["evidence"])
        self.assertTrue(past["now"]["stage"]["evidence"])
        self.assertFalse(self._differing())

    def test_an_invoice_dated_back(self):
        day = self.today + timedelta(days=5)
        invoice = self._sell(self.buyer, day - timedelta(days=1), 90_000, made=self.end)
        self._keep_up(self.end)
        past = self._past(day)
        self.assertEqual(past["differing"], ["tier"])
        self.assertEqual(self._codes(past), ["late_invoice"])
        self.assertEqual(past["reasons"][0]["ids"], invoice.ids)
        self.assertEqual(past["reasons"][0]["documents"][0]["name"], invoice.display_name)
        before = self._past(day - timedelta(days=2))
        self.assertEqual(before["differing"], [], "the day before it is as it was")
        differing = {d for d, partner in self._differing(STANDING[:1])}
        self.assertEqual(min(differing), day - timedelta(days=1))

    def test_a_credit_note_dated_back(self):
        day = self.today + timedelta(days=5)
        invoice = self._sell(self.buyer, self.end, 90_000)
        self._live(self.end + timedelta(days=5), self.end)
        tier = self.seen[self.end][self.buyer.id]["value_tier_id"]
        self.assertNotEqual(tier, self.seen[day][self.buyer.id]["value_tier_id"])
        self.end += timedelta(days=5)
        credit = self._sell(
            self.buyer, self.end - timedelta(days=4), -90_000, made=self.end + timedelta(days=1)
        )
        self.env.cr.execute(
            "UPDATE account_move SET reversed_entry_id = %s, invoice_date = %s WHERE id = %s",
            [invoice.id, invoice.invoice_date, credit.id],
        )
        past = self._past(self.end - timedelta(days=2))
        self.assertIn("tier", past["differing"])
        self.assertEqual(self._codes(past), ["late_credit"])
        self.assertEqual(past["reasons"][0]["ids"], credit.ids)

    def test_a_document_cancelled_since(self):
        for reset_only in (False, True):
            with self.subTest(reset_only=reset_only):
                partner = self._customer("Cancelled")
                invoice = self._invoice(partner, self.today + timedelta(days=2), 50_000)
                self.env.cr.execute(
                    "UPDATE account_move SET create_date = %s WHERE id = %s",
                    [self._noon(invoice.invoice_date), invoice.id],
                )
                self._keep_up(self.end)
                self.assertTrue(self._profile(partner).value_tier_id)
                invoice.button_draft()
                if not reset_only:
                    invoice.button_cancel()
                self._keep_up(self.end)
                past = self._past(self.end, partner)
                self.assertEqual(past["differing"], [], "today both say what is")
                # The log is asked about a day on which the invoice still counted.
                self.env.cr.execute(
                    "UPDATE customer_transition SET as_of = as_of - 1"
                    " WHERE profile_id = %s AND to_tier_id IS NOT NULL",
                    [self._profile(partner).id],
                )
                past = self._past(self.end - timedelta(days=1), partner)
                self.assertIn("tier", past["differing"])
                self.assertIn("undone", self._codes(past))
                self.assertEqual(past["reasons"][0]["ids"], invoice.ids)

    def test_what_left_no_trace_is_said_plainly(self):
        self.env.cr.execute(
            "DELETE FROM account_move WHERE company_id = %s AND commercial_partner_id = %s",
            [self.company.id, self.buyer.id],
        )
        past = self._past(self.today + timedelta(days=5))
        self.assertEqual(sorted(past["differing"]), ["stage", "tier"])
        self.assertEqual(past["reasons"], [])

    def test_limits_changed_since(self):
        limits = self.env["customer.lifecycle.policy"]._for_company(self.company)
        with self._on(self.end):
            limits.write({"introduction_purchases": 40, "introduction_days": 2000})
        self._keep_up(self.end)
        past = self._past(self.today + timedelta(days=5))
        self.assertEqual(past["differing"], ["stage"])
        self.assertEqual(self._codes(past), ["limits"])

    def test_contacts_merged_since(self):
        other = self._customer("Twice Entered")
        for ago in range(5, 300, 10):
            self._sell(other, self._ago(ago), 4000)
        self._live(self.end + timedelta(days=1), self.end)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (other | self.buyer).ids, self.buyer
        )
        self.end += timedelta(days=2)
        self._keep_up(self.end)
        past = self._past(self.today + timedelta(days=5))
        self.assertIn("tier", past["differing"])
        self.assertIn("merged", self._codes(past))

    def test_days_on_which_nothing_was_computed(self):
        """A wait that began meanwhile is known from a later day on."""
        self._bulk([(self.buyer, self.end + timedelta(days=2), 90_000)])
        self.env.cr.execute(
            "UPDATE account_move SET create_date = invoice_date WHERE commercial_partner_id = %s",
            [self.buyer.id],
        )
        self.env["customer.mark"]._add([(self.company.id, self.buyer.id)])
        missed = self.end + timedelta(days=3)
        self._live(self.end + timedelta(days=6), self.end + timedelta(days=5))
        self.end += timedelta(days=6)
        past = self._past(missed)
        self.assertIn("tier", past["differing"])
        self.assertEqual(self._codes(past), ["pauses"])

    def test_documents_are_named_to_those_who_may_read_them(self):
        day = self.today + timedelta(days=5)
        self._sell(self.buyer, day, 90_000, made=self.end)
        user = self._user("reader", "all")
        with self._on(self.end):
            past = self._profile(self.buyer).with_user(user).get_past_day(day)
        self.assertEqual(past["reasons"][0]["documents"], [])
        self.assertEqual(past["reasons"][0]["more"], 1)

    def test_days_before_the_log_and_days_to_come(self):
        past = self._past(self._ago(100))
        self.assertFalse(past["logged"])
        self.assertEqual((past["differing"], past["reasons"]), ([], []))
        self.assertFalse(past["known"]["tier"]["id"])
        self.assertTrue(past["now"]["tier"]["id"])
        with self.assertRaises(UserError):
            self._past(self.end + timedelta(days=1))

    def test_nobody_is_a_customer_before_the_first_document(self):
        partner = self._customer("Newcomer")
        self._sell(partner, self.end, 100)
        self._keep_up(self.end)
        past = self._past(self.end - timedelta(days=1), partner)
        self.assertFalse(past["known"]["stage"]["id"] or past["now"]["stage"]["id"])
        self.assertEqual(past["differing"], [])

    def test_the_end_of_last_month_comes_first(self):
        past = self._past(False)
        self.assertEqual(past["day"], "2024-05-31")

    def test_whose_customer_it_is_not_sees_nothing(self):
        user = self._user("stranger", "own")
        with self.assertRaises(AccessError):
            self._profile(self.buyer).with_user(user).get_past_day()


@tagged("post_install", "-at_install")
class TestMigration(HistoryCase):
    def setUp(self):
        super().setUp()
        self.last = self.today + timedelta(days=50)
        self._live(self.last)
        self.days = self.today, self.last

    def _on_last(self, user=None):
        env = self.env(
            user=(user or self.env.user).id, context={"allowed_company_ids": self.company.ids}
        )
        return env["customer.migration"], env["customer.profile"], env["customer.replay"]

    def _expected(self, day_from, day_to, partners=None):
        cells = {}
        for partner_id, now in self.seen[day_to].items():
            before = self.seen[day_from].get(partner_id, {}).get("value_tier_id") or False
            pair = before, now["value_tier_id"] or False
            if any(pair) and (partners is None or partner_id in partners):
                cells.setdefault(pair, set()).add(partner_id)
        return cells

    def assertCells(self, cells, expected):
        self.assertEqual(
            {(cell["from"], cell["to"]): cell["customers"] for cell in cells},
            {pair: len(partners) for pair, partners in expected.items()},
        )

    def test_cells_are_what_was_known_and_open_their_customers(self):
        migration, profiles, __ = self._on_last()
        cells = migration.get_known(*self.days)
        expected = self._expected(*self.days)
        self.assertCells(cells, expected)
        self.assertGreater(len([pair for pair in expected if pair[0] != pair[1]]), 1)
        for cell in cells:
            name = "known/{}/{}/{}/{}".format(*self.days, cell["from"] or 0, cell["to"] or 0)
            found = profiles.search([("history_cell", "=", name), ("active", "in", (True, False))])
            with self.subTest(name):
                self.assertEqual(set(found.partner_id.ids), expected[cell["from"], cell["to"]])
                self.assertAlmostEqual(cell["revenue"], sum(found.mapped("revenue")), 2)

    def test_account_managers_see_their_own(self):
        user = self._user("keeper", "own")
        mine = self.customers[::3]
        mine.user_id = user
        migration, profiles, replays = self._on_last(user)
        expected = self._expected(*self.days, mine.ids)
        self.assertCells(migration.get_known(*self.days), expected)
        name = "known/{}/{}".format(*self.days)
        self.assertLessEqual(
            set(profiles.search([("history_cell", "=", name)]).partner_id.ids), set(mine.ids)
        )
        self.assertCells(self._judged_again(replays, *self.days)["cells"], expected)

    def _judged_again(self, replays, day_from, day_to):
        progress = replays.start_replay(day_from, day_to)
        self.replay = replays.browse(progress["id"])
        while progress["state"] != "done":
            progress = self.replay.action_step()
        self.assertEqual(progress["done"], progress["total"])
        return self.replay.get_cells()

    def test_judged_again_it_is_the_same_until_something_is_dated_back(self):
        __, profiles, replays = self._on_last()
        with self._on(self.last):
            result = self._judged_again(replays, *self.days)
            self.assertCells(result["cells"], self._expected(*self.days))
            self.assertEqual(result["differing"], 0)
            lowest = min(
                self.customers,
                key=lambda c: self._profile(c).value_score,
            )
            self._sell(lowest, self.today + timedelta(days=5), 90_000, made=self.last)
            result = self._judged_again(replays, *self.days)
            self.assertEqual(result["differing"], 1)
            found = profiles.search([("history_cell", "=", f"differs/{self.replay.id}")])
            self.assertEqual(found.partner_id, lowest)
            row = next(
                cell
                for cell in result["cells"]
                if lowest.id
                in profiles.search(
                    [
                        (
                            "history_cell",
                            "=",
                            f"now/{self.replay.id}/{cell['from'] or 0}/{cell['to'] or 0}",
                        )
                    ]
                ).partner_id.ids
            )
            self.assertNotEqual(row["from"], row["to"])

    def test_small_batches_give_the_same(self):
        __, __, replays = self._on_last()
        whole = self._judged_again(replays, *self.days)
        with patch.object(customer_replay, "BATCH", 5):
            self.assertEqual(self._judged_again(replays, *self.days), whole)

    def test_a_base_too_large_is_refused_and_said_beforehand(self):
        migration, __, replays = self._on_last()
        self.assertTrue(migration.get_choices()["can_replay"])
        with (
            patch.object(customer_replay, "MOST_CUSTOMERS", 5),
            patch.object(customer_migration, "MOST_CUSTOMERS", 5),
        ):
            self.assertFalse(migration.get_choices()["can_replay"])
            with self.assertRaises(UserError):
                replays.start_replay(*self.days)

    def test_choices_are_month_ends_since_the_log_begins(self):
        migration, __, __ = self._on_last()
        with self._on(self.last):
            days = [choice["day"] for choice in migration.get_choices()["days"]]
        self.assertEqual(
            days,
            [
                fields.Date.to_string(day)
                for day in (self.last, date(2024, 7, 31), date(2024, 6, 30), self.today)
            ],
        )

    def test_anothers_replay_is_none_of_ones_business(self):
        __, __, replays = self._on_last()
        self._judged_again(replays, *self.days)
        other = self._user("curious", "all")
        for call in ("action_step", "get_cells"):
            with self.subTest(call), self.assertRaises(AccessError):
                getattr(self.replay.with_user(other), call)()
        profiles = self._on_last(other)[1]
        with self.assertRaises(AccessError):
            profiles.search([("history_cell", "=", f"differs/{self.replay.id}")])

    def test_a_cell_that_is_none(self):
        profiles = self._on_last()[1]
        for name in ("known/x/y/1/2", "now/abc", "known/2024-01-01/2024-02-01/1"):
            with self.subTest(name), self.assertRaises(UserError):
                profiles.search([("history_cell", "=", name)])

    def test_nobody_without_our_groups(self):
        migration, __, replays = self._on_last(self._user("nobody"))
        for call in (
            migration.get_choices,
            lambda: migration.get_known(*self.days),
            lambda: replays.start_replay(*self.days),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_one_statement_whatever_the_number_of_customers(self):
        migration, __, __ = self._on_last()
        migration.get_known(*self.days)
        counts = []
        for more in (0, 15):
            self._bulk(
                [(c, self.last, 100) for c in self._customers(more)]
                or [(self.customers[0], self.last, 1)]
            )
            self._run("full", self.last)
            migration.env.invalidate_all()
            before = self.env.cr.sql_log_count
            migration.get_known(*self.days)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
