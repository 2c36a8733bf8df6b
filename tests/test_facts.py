"""Facts: SQL against a brute-force oracle, and the cases that have a name."""

import random
from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..models.facts.customer_facts import FACT_COLUMNS, SEASON, YEAR, Windows, among, between
from ..tools.dates import from_days
from ..tools.tests import test_judgement as kernel_tests
from . import oracle
from .common import CustomerCase

DATES = {name for name, sql_type in FACT_COLUMNS if sql_type == "date"}
WINDOWS = Windows(365, 182, 364)


class FactsCase(CustomerCase):
    def _facts(self, as_of=None, company=None, windows=WINDOWS, restrict=None) -> dict:
        """What SQL says, by customer id, as the oracle would say it."""
        company = company or self.company
        restricted = [restrict] if restrict else []
        rows = self.env["customer.facts"]._fetch(company, as_of or self.today, windows, *restricted)
        self.assertEqual(len(rows), len(set(rows["partner_id"].tolist())), "one row per customer")
        return {
            int(row["partner_id"]): oracle.Facts(
                **{
                    name: self._as_oracle(name, row[name], company.currency_id.decimal_places)
                    for name in oracle.Facts._fields
                }
            )
            for row in rows
        }

    @staticmethod
    def _as_oracle(name, value, decimals):
        if name in DATES:
            return from_days(int(value))
        if isinstance(value.item(), float):
            return Decimal(str(round(value.item(), decimals) + 0.0))
        return value.item()

    def _fact(self, partner, as_of=None, **options):
        return self._facts(as_of, **options).get(partner.id)

    def assertAgrees(self, documents, company, as_of, windows):
        expected = {
            customer: fact._replace(
                **{
                    name: round(value, company.currency_id.decimal_places) + 0
                    for name, value in fact._asdict().items()
                    if isinstance(value, Decimal)
                }
            )
            for customer, fact in oracle.facts(
                documents, company=company.id, as_of=as_of, windows=oracle.Windows(*windows)
            ).items()
        }
        found = self._facts(as_of, company, windows)
        self.assertEqual(found.keys(), expected.keys(), as_of)
        for customer, fact in expected.items():
            self.assertEqual(found[customer], fact, f"customer {customer} as of {as_of}")


@tagged("post_install", "-at_install")
class TestFactsOfInvoices(FactsCase):
    """Random documents of three companies; each is known to Odoo and to the oracle."""

    WINDOWS = (WINDOWS, Windows(90, 28, 200), Windows(1, 1, 1))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        random_ = random.Random(20240612)
        cls.companies = (
            cls.company
            | cls._new_company("Second")
            | cls._new_company("Yen", currency="JPY", country="JP")
        )
        customers = cls._customers(14)
        contacts = cls.env["res.partner"].create(
            [{"name": f"Contact {n}", "parent_id": customers[n].id} for n in range(5)]
        )
        cls.documents = []
        for company in cls.companies:
            cls._make_documents(company, customers | contacts, random_)

    @classmethod
    def _make_documents(cls, company, partners, random_):
        decimals = company.currency_id.decimal_places
        sales = [cls._random_sale(company, partners, decimals, random_) for _ in range(160)]
        sale_ids = cls._bulk([cls._row(sale) for sale in sales], company)
        sales = [
            (partner, document._replace(key=move_id))
            for (partner, document), move_id in zip(sales, sale_ids, strict=True)
        ]
        credits = [
            cls._random_credit(company, sale, partners, decimals, random_)
            for sale in random_.sample(sales, 60)
            for _ in range(random_.choice((1, 1, 2)))
        ]
        cls._bulk([cls._row(credit) for credit in credits], company)
        cls.documents += [document for __, document in sales + credits]

    @classmethod
    def _random_day(cls, random_):
        """Often exactly on a boundary of some window, or one day beside it."""
        offsets = sorted({0} | {offset for windows in cls.WINDOWS for offset in windows.offsets})
        if random_.random() < 0.6:
            return cls.today - timedelta(random_.choice(offsets) + random_.choice((-1, 0, 0, 1)))
        return cls.today - timedelta(random_.randint(-40, 900))

    @classmethod
    def _random_sale(cls, company, partners, decimals, random_):
        partner = random_.choice(partners)
        cents = random_.choices((0, -3000, random_.randint(1, 500_000)), (1, 1, 10))[0]
        amount = round(Decimal(cents) / 10**decimals, decimals)
        rate = random_.choice((None, None, Decimal("1.25"), Decimal("0.8")))
        return partner, oracle.Document(
            company=company.id,
            customer=partner.commercial_partner_id.id,
            day=cls._random_day(random_),
            amount=amount,
            currency=cls._currency("EUR" if rate else company.currency_id.name).id,
            in_currency=round(abs(amount) * (rate or 1), 2),
            state=random_.choices(("posted", "draft", "cancel"), (8, 1, 1))[0],
        )

    @classmethod
    def _random_credit(cls, company, sale, partners, decimals, random_):
        """Of the whole sale or a part, in its currency or another, now and then to another customer."""
        partner, sold = sale
        share = random_.choice((1, 1, Decimal("0.5"), Decimal("0.25"), Decimal("0.999")))
        drift = random_.choice((1, Decimal("1.1")))  # the rate of the credit note's day
        in_currency = round(sold.in_currency * share, 2)
        amount = -round(abs(sold.amount) * share * drift, decimals)
        currency = sold.currency
        if random_.random() < 0.15:
            currency, in_currency = company.currency_id.id, -amount
        if random_.random() < 0.15:
            partner = random_.choice(partners)
        return partner, oracle.Document(
            company=company.id,
            customer=partner.commercial_partner_id.id,
            day=cls._random_day(random_),
            amount=amount or Decimal(-1),
            kind="credit",
            reverses=sold.key if random_.random() < 0.85 else None,
            currency=currency,
            in_currency=in_currency or Decimal(1),
            state=random_.choices(("posted", "draft", "cancel"), (8, 1, 1))[0],
        )

    @classmethod
    def _row(cls, entry):
        partner, document = entry
        values = {
            "state": document.state,
            "move_type": "out_invoice" if document.kind == "sale" else "out_refund",
            "currency_id": document.currency,
            # As Odoo stores it: the sign of a sale lies in the amount itself.
            "amount_untaxed": document.in_currency.copy_sign(
                document.amount if document.kind == "sale" else Decimal(1)
            ),
            "reversed_entry_id": document.reverses,
        }
        return partner, document.day, document.amount, values

    def test_sql_equals_oracle_on_random_documents(self):
        days = [self.today + timedelta(n) for n in (-700, -365, -182, -1, 0, 1, 27, 28, 40, 365)]
        for company in self.companies:
            for as_of in days:
                with self.subTest(company=company.name, as_of=as_of):
                    self.assertAgrees(self.documents, company, as_of, WINDOWS)

    def test_sql_equals_oracle_in_other_windows(self):
        for windows in self.WINDOWS[1:]:
            for n in (-200, 0, 1):
                with self.subTest(windows=windows, as_of=n):
                    self.assertAgrees(
                        self.documents, self.company, self.today + timedelta(n), windows
                    )

    def test_the_data_holds_every_case(self):
        """A random test is worth what its data reach."""
        documents = [d for d in self.documents if d.state == "posted"]
        kinds = {
            "zero sale": [d for d in documents if d.kind == "sale" and d.amount == 0],
            "negative sale": [d for d in documents if d.kind == "sale" and d.amount < 0],
            "future": [d for d in documents if d.day > self.today],
            "other currency": [d for d in documents if d.currency != self.company.currency_id.id],
            "not posted": [d for d in self.documents if d.state != "posted"],
        }
        by_key = {d.key: d for d in documents if d.key}
        linked = [(d, by_key[d.reverses]) for d in documents if d.reverses in by_key]
        kinds["to another customer"] = [c for c, s in linked if c.customer != s.customer]
        kinds["in another currency"] = [c for c, s in linked if c.currency != s.currency]
        kinds["before the sale"] = [c for c, s in linked if c.day < s.day]
        for offset in WINDOWS.offsets:
            for beside in (0, -1):
                day = self._ago(offset + beside)
                kinds[f"{offset + beside} days ago"] = [d for d in documents if d.day == day]
        facts = oracle.facts(
            documents, company=self.company.id, as_of=self.today, windows=oracle.Windows(*WINDOWS)
        )
        kinds["customer fully credited"] = [
            f for f in facts.values() if not f.purchases_life and f.revenue_life == 0
        ] or [s for c, s in linked if c.in_currency == s.in_currency]
        for kind, found in kinds.items():
            with self.subTest(kind):
                self.assertTrue(found)

    def test_restricted_facts_are_the_same(self):
        """Some customers at a time, by list or by range of ids, give what all at once give."""
        everyone = self._facts()
        half = sorted(everyone)[::2]
        self.assertEqual(self._facts(restrict=among(half)), {i: everyone[i] for i in half})
        low, high = half[1], half[-2]
        self.assertEqual(
            self._facts(restrict=between(low, high)),
            {i: fact for i, fact in everyone.items() if low <= i < high},
        )

    def test_nothing_changes_before_the_next_event(self):
        """``next_event`` may come for nothing, but never late."""
        for company in self.companies:
            facts = self._facts(company=company)
            for wait in (1, 2, 3, 7, 20, 60):
                later = self._facts(self.today + timedelta(wait), company=company)
                for customer, fact in facts.items():
                    if fact.next_event and self.today + timedelta(wait) >= fact.next_event:
                        continue
                    self.assertEqual(later[customer], fact, f"{customer}, {wait} days later")

    def test_profiles_equal_oracle_and_kernels_over_time(self):
        """Facts by the oracle, then each kernel asked about one customer, is what a run stores."""
        standing = {}
        tier_ids = [line.tier_id.id for line in self._policy().tier_ids.sorted("threshold")[::-1]]
        for wait in (0, 30, 31, 95, 200, 430):
            as_of = self.today + timedelta(wait)
            run = self._run("full", as_of)
            with self._on(as_of):
                rules, windows = run._rules()
            stages = list(rules.stage_ids)
            facts = oracle.facts(
                self.documents,
                company=self.company.id,
                as_of=as_of,
                windows=oracle.Windows(*windows),
            )
            self.assertTrue(facts.keys() <= set(self._profiles().partner_id.ids))
            for profile in self._profiles():
                partner = profile.partner_id.id
                if partner not in facts:
                    continue
                fact = facts[partner]
                judged = oracle.judged(
                    fact, rules, as_of=as_of, before=standing.get(partner, oracle.Standing())
                )
                standing[partner] = oracle.Standing(judged.tier, judged.below_since, judged.stage)
                with self.subTest(as_of=as_of, customer=partner):
                    self.assertEqual(profile.first_purchase_date or None, fact.first)
                    self.assertEqual(profile.last_purchase_date or None, fact.last)
                    self.assertEqual(profile.purchase_count, fact.purchases)
                    self.assertEqual(profile.purchase_count_life, fact.purchases_life)
                    self.assertEqual(profile.invoice_count, fact.invoices)
                    self.assertEqual(profile.credit_note_count, fact.credit_notes)
                    for name, value in (
                        ("revenue", fact.revenue),
                        ("revenue_previous", fact.revenue_previous),
                        ("revenue_life", fact.revenue_life),
                        ("credited", fact.credited),
                        ("trend_recent", fact.recent),
                        ("trend_prior", fact.prior),
                        ("trend_usual", fact.long_run),
                    ):
                        self.assertEqual(round(profile[name], 2), float(round(value, 2)), name)
                    self.assertEqual(
                        (profile.recency_level, profile.frequency_level, profile.monetary_level),
                        judged.levels,
                    )
                    self.assertAlmostEqual(profile.value_score, judged.score, 4)
                    self.assertAlmostEqual(profile.expected_interval, judged.interval, 2)
                    tier = tier_ids[judged.tier] if judged.tier >= 0 else False
                    self.assertEqual(profile.value_tier_id.id, tier)
                    self.assertEqual(profile.tier_below_since or None, judged.below_since)
                    self.assertEqual(profile.lifecycle_stage_id.id, stages[judged.stage])
                    self.assertEqual(profile.trend_known, judged.trend is not None)
                    self.assertAlmostEqual(profile.trend_ratio, judged.trend or 0, 4)

    def _policy(self):
        return self.env["customer.value.policy"]._published(self.company)


@tagged("post_install", "-at_install")
class TestFactsByName(FactsCase):
    """Each case that somebody will ask about, with its answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()

    def test_bulk_documents_are_shaped_like_odoos(self):
        """What the other tests insert by SQL counts exactly as what a person posts."""
        other = self._customer()
        for partner, amount in ((self.customer, 120.5), (self.customer, -20)):
            kind = "out_invoice" if amount > 0 else "out_refund"
            self._document(partner, self._ago(3), abs(amount), kind=kind)
        self._bulk([(other, self._ago(3), 120.5), (other, self._ago(3), -20)])
        self.assertEqual(self._fact(self.customer), self._fact(other))

    def test_window_boundaries_on_both_sides(self):
        """A window of n days ends with the day itself: n - 1 days ago is in, n days ago is out."""
        for field, days in (("revenue", 365), ("recent", 182), ("long_run", 364)):
            inside, outside = self._customers(2)
            self._bulk([(inside, self._ago(days - 1), 10), (outside, self._ago(days), 10)])
            with self.subTest(field):
                self.assertEqual(getattr(self._fact(inside), field), 10)
                self.assertEqual(getattr(self._fact(outside), field), 0)

    def test_boundaries_of_the_year_before(self):
        for field, newest, days in (("revenue_previous", YEAR, 365), ("prior", SEASON, 182)):
            for age, expected in (
                (newest - 1, 0),
                (newest, 10),
                (newest + days - 1, 10),
                (newest + days, 0),
            ):
                customer = self._customer()
                self._bulk([(customer, self._ago(age), 10)])
                with self.subTest(field=field, age=age):
                    self.assertEqual(getattr(self._fact(customer), field), expected)

    def test_purchases_of_one_day_count_once(self):
        self._bulk([(self.customer, self._ago(5), 10)] * 3 + [(self.customer, self._ago(6), 10)])
        fact = self._fact(self.customer)
        self.assertEqual((fact.purchases, fact.invoices, fact.revenue), (2, 4, 40))

    def test_draft_and_cancelled_documents_are_none(self):
        self._invoice(self.customer, self._ago(5), 10, post=False)
        self._invoice(self.customer, self._ago(5), 10).button_cancel()
        self.assertIsNone(self._fact(self.customer))

    def test_a_vendor_bill_is_no_purchase(self):
        for kind in ("in_invoice", "out_receipt", "entry"):
            self._bulk([(self.customer, self._ago(5), 10, {"move_type": kind})])
        self.assertIsNone(self._fact(self.customer))

    def test_a_purchase_in_the_future_counts_from_its_day_on(self):
        day = self.today + timedelta(4)
        self._invoice(self.customer, day, 10)
        before = self._fact(self.customer)
        self.assertEqual((before.last, before.revenue_life, before.purchases_life), (None, 0, 0))
        self.assertEqual(before.next_event, day)
        self.assertIsNone(self._fact(self.customer, day - timedelta(1)).last)
        after = self._fact(self.customer, day)
        self.assertEqual((after.last, after.revenue_life, after.purchases), (day, 10, 1))

    def test_only_credit_notes(self):
        self._credit(self.customer, self._ago(5), 30)
        fact = self._fact(self.customer)
        self.assertEqual((fact.first, fact.purchases_life), (None, 0))
        self.assertEqual((fact.revenue, fact.credited, fact.credit_notes), (-30, 30, 1))

    def test_a_fully_credited_invoice_is_no_purchase(self):
        kept = self._invoice(self.customer, self._ago(20), 50)
        undone = self._invoice(self.customer, self._ago(5), 30)
        self._credit(self.customer, self._ago(2), 30, of=undone)
        fact = self._fact(self.customer)
        self.assertEqual((fact.last, fact.purchases), (kept.invoice_date, 1))
        self.assertEqual((fact.revenue, fact.credited, fact.credit_notes), (50, 30, 1))
        self.assertEqual(
            self._fact(self.customer, self._ago(3)).last,
            undone.invoice_date,
            "until the credit note's day it was a purchase",
        )

    def test_crediting_to_the_last_cent_or_one_less(self):
        for given_back, last in ((29.99, True), (30, False)):
            customer = self._customer()
            invoice = self._invoice(customer, self._ago(5), 30)
            self._credit(customer, self._ago(4), given_back, of=invoice)
            with self.subTest(given_back):
                self.assertEqual(bool(self._fact(customer).last), last)

    def test_credited_in_parts(self):
        invoice = self._invoice(self.customer, self._ago(9), 30)
        self._credit(self.customer, self._ago(8), 10, of=invoice)
        self._credit(self.customer, self._ago(7), 19.99, of=invoice)
        self.assertEqual(self._fact(self.customer).purchases, 1)
        self._credit(self.customer, self._ago(6), 0.01, of=invoice)
        self.assertEqual(self._fact(self.customer).purchases, 0)

    def test_one_of_two_invoices_of_a_day_is_credited(self):
        self._invoice(self.customer, self._ago(9), 30)
        undone = self._invoice(self.customer, self._ago(9), 20)
        self._credit(self.customer, self._ago(9), 20, of=undone)
        fact = self._fact(self.customer)
        self.assertEqual((fact.purchases, fact.revenue), (1, 30))

    def test_an_invoice_reversed_by_odoos_own_button(self):
        invoice = self._invoice(self.customer, self._ago(9), 30)
        invoice._reverse_moves([{"invoice_date": self._ago(8)}], cancel=True)
        fact = self._fact(self.customer)
        self.assertEqual((fact.purchases, fact.revenue, fact.credited), (0, 0, 30))

    def test_an_invoice_of_nothing_is_no_purchase(self):
        self._invoice(self.customer, self._ago(5), 0)
        fact = self._fact(self.customer)
        self.assertEqual((fact.last, fact.purchases_life, fact.revenue_life), (None, 0, 0))

    def test_a_credit_note_on_an_invoice_of_another_customer(self):
        """It lowers the revenue of whom it names; the other's invoice stays a purchase."""
        other = self._customer()
        invoice = self._invoice(other, self._ago(9), 30)
        self._credit(self.customer, self._ago(8), 30, of=invoice)
        mine, others = self._fact(self.customer), self._fact(other)
        self.assertEqual((mine.revenue, mine.purchases_life), (-30, 0))
        self.assertEqual((others.revenue, others.purchases_life), (30, 1))

    def test_currency_of_the_documents_own_day(self):
        self._set_rate(self.company, "EUR", self._ago(100), 0.5)  # 1 USD = 0.5 EUR
        self._set_rate(self.company, "EUR", self._ago(10), 0.8)
        self._invoice(self.customer, self._ago(50), 100, currency="EUR")  # 200 USD
        self._invoice(self.customer, self._ago(5), 100, currency="EUR")  # 125 USD
        self._invoice(self.customer, self._ago(5), 40)
        self.assertEqual(self._fact(self.customer).revenue, 365)

    def test_fully_credited_at_another_rate(self):
        """All of it given back in its own currency undoes a sale, though cents of rate remain."""
        self._set_rate(self.company, "EUR", self._ago(100), 0.5)
        self._set_rate(self.company, "EUR", self._ago(10), 0.8)
        invoice = self._invoice(self.customer, self._ago(50), 100, currency="EUR")
        self._credit(self.customer, self._ago(5), 100, of=invoice, currency="EUR")
        fact = self._fact(self.customer)
        self.assertEqual((fact.purchases_life, fact.revenue), (0, 75))

    def test_taxes_are_no_revenue(self):
        own = self._in(self.company)
        tax = own["account.tax"].create(
            {
                "name": "10 %",
                "amount": 10,
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "country_id": self.company.country_id.id,
                "tax_group_id": own["account.tax.group"].create({"name": "Tax"}).id,
            }
        )
        move = self._invoice(self.customer, self._ago(5), 100, post=False)
        move.invoice_line_ids.tax_ids = tax
        move.action_post()
        self.assertEqual(move.amount_total, 110)
        self.assertEqual(self._fact(self.customer).revenue, 100)

    def test_what_a_contact_buys_its_firm_buys(self):
        """odoo#26184: counts wrong or double on parent and child."""
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        delivery = self.env["res.partner"].create(
            {"name": "Dock", "parent_id": self.customer.id, "type": "delivery"}
        )
        self._invoice(self.customer, self._ago(7), 1)
        self._invoice(contact, self._ago(6), 2)
        self._invoice(delivery, self._ago(5), 4)
        self.assertEqual(self._fact(self.customer).revenue, 7)
        self.assertEqual(self._facts().keys(), {self.customer.id})

    def test_history_stays_with_the_firm_when_a_contact_moves(self):
        """odoo#16199: the firm named on the document keeps it."""
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self._invoice(contact, self._ago(5), 30)
        new_firm = self._customer()
        contact.parent_id = new_firm
        self.env.flush_all()
        self._invoice(contact, self._ago(4), 7)
        self.assertEqual(self._fact(self.customer).revenue, 30)
        self.assertEqual(self._fact(new_firm).revenue, 7)

    def test_a_customer_that_becomes_a_contact_takes_its_history_along(self):
        """Odoo then rewrites the commercial partner of its invoices; both firms are marked."""
        self._invoice(self.customer, self._ago(5), 30)
        firm = self._customer()
        self._run()
        self.customer.write({"parent_id": firm.id, "is_company": False})
        self.env.flush_all()
        self.assertIsNone(self._fact(self.customer))
        self.assertEqual(self._fact(firm).revenue, 30)
        self.assertEqual(self._marks(), sorted([self.customer.id, firm.id]))

    def test_an_archived_customer_has_its_facts(self):
        self._invoice(self.customer, self._ago(5), 30)
        self.customer.active = False
        self.env.flush_all()
        self.assertEqual(self._fact(self.customer).revenue, 30)

    def test_the_kernels_tests_read_the_same_columns(self):
        self.assertEqual(kernel_tests.FACTS, FACT_COLUMNS)

    def test_a_company_without_documents(self):
        company = self._new_company("Empty")
        self.assertEqual(self._facts(company=company), {})


@tagged("post_install", "-at_install")
class TestFactsOfOrders(FactsCase):
    """The other source: confirmed orders less the credit notes made from their lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.customer_fact_source = "order"
        cls.company.partner_id.tz = "Asia/Shanghai"  # eight hours ahead: days begin at 16:00 UTC
        cls.product = cls._in(cls.company)["product.product"].create(
            {
                "name": "Cement",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
        cls.customer = cls._customer()

    @classmethod
    def _order(cls, partner, day, amounts, confirm=True, hour=2, currency=None):
        own = cls._in(cls.company)
        vals = {
            "partner_id": partner.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": cls.product.id,
                        "product_uom_qty": 1,
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                    }
                )
                for amount in amounts
            ],
        }
        if currency:
            vals["pricelist_id"] = (
                own["product.pricelist"]
                .create({"name": currency, "currency_id": cls._currency(currency).id})
                .id
            )
        order = own["sale.order"].create(vals)
        if confirm:
            order.action_confirm()
        order.date_order = cls._noon(day).replace(hour=hour)
        order.order_line.flush_recordset()
        return order

    @classmethod
    def _credit_of(cls, order, day, amounts, **vals):
        """A credit note whose lines were made from the order's lines."""
        move = cls._credit(order.partner_id, day, 1, post=False, **vals)
        move.invoice_line_ids = [Command.clear()] + [
            Command.create(
                {
                    "name": "Returned",
                    "quantity": 1,
                    "price_unit": amount,
                    "tax_ids": [Command.clear()],
                    "sale_line_ids": [Command.link(line.id)],
                }
            )
            for line, amount in zip(order.order_line, amounts, strict=False)
            if amount
        ]
        move.action_post()
        return move

    def test_sql_equals_oracle_on_random_orders(self):
        random_ = random.Random(7)
        customers = self._customers(6)
        documents = []
        for number in range(40):
            partner = random_.choice(customers)
            day = self._ago(random_.choice((-3, 0, 1, 181, 182, 363, 364, 365, 366, 545, 546, 729)))
            amounts = [random_.randint(1, 5000) for _ in range(random_.randint(1, 3))]
            confirm = random_.random() < 0.85
            order = self._order(partner, day, amounts, confirm)
            documents.append(
                oracle.Document(
                    self.company.id,
                    partner.id,
                    day,
                    Decimal(sum(amounts)),
                    key=number,
                    currency="own",
                    in_currency=Decimal(sum(amounts)),
                    state="posted" if confirm else "draft",
                )
            )
            if confirm and random_.random() < 0.4:
                whole = random_.random() < 0.5
                given = amounts if whole else [amount // 2 for amount in amounts]
                credit_day = day + timedelta(random_.choice((0, 1, 30)))
                if not sum(given):
                    continue
                self._credit_of(order, credit_day, given)
                documents.append(
                    oracle.Document(
                        self.company.id,
                        partner.id,
                        credit_day,
                        -Decimal(sum(given)),
                        kind="credit",
                        reverses=number,
                        currency="own",
                        in_currency=Decimal(sum(given)),
                    )
                )
        self.env.flush_all()
        for wait in (-366, -1, 0, 1, 3, 30, 365):
            with self.subTest(as_of=wait):
                self.assertAgrees(documents, self.company, self.today + timedelta(wait), WINDOWS)

    def test_a_quotation_is_no_purchase(self):
        self._order(self.customer, self._ago(5), [10], confirm=False)
        self._order(self.customer, self._ago(5), [10])._action_cancel()
        self.assertIsNone(self._fact(self.customer))

    def test_an_invoice_is_none_beside_its_order(self):
        order = self._order(self.customer, self._ago(5), [10, 20])
        invoice = order._create_invoices()
        invoice.invoice_date = self._ago(4)
        invoice.action_post()
        fact = self._fact(self.customer)
        self.assertEqual((fact.revenue, fact.purchases), (30, 1))

    def test_a_fully_credited_order_is_no_purchase(self):
        order = self._order(self.customer, self._ago(5), [10, 20])
        self._credit_of(order, self._ago(3), [10, 19.99])
        self.assertEqual(self._fact(self.customer).purchases, 1)
        self._credit_of(order, self._ago(2), [0, 0.01])
        fact = self._fact(self.customer)
        self.assertEqual((fact.purchases, fact.last, fact.revenue, fact.credited), (0, None, 0, 30))
        self.assertEqual(self._fact(self.customer, self._ago(3)).purchases, 1)

    def test_a_draft_credit_note_gives_nothing_back(self):
        order = self._order(self.customer, self._ago(5), [10])
        self._credit_of(order, self._ago(3), [10]).button_draft()
        self.assertEqual(self._fact(self.customer).revenue, 10)

    def test_a_credit_note_without_an_order_is_none_of_an_orders(self):
        self._order(self.customer, self._ago(5), [10])
        self._credit(self.customer, self._ago(3), 10)
        self.assertEqual(self._fact(self.customer).revenue, 10)

    def test_the_day_is_the_companys(self):
        """17:00 UTC is the next day in Shanghai."""
        self._order(self.customer, self._ago(5), [10], hour=17)
        self.assertEqual(self._fact(self.customer).last, self._ago(4))

    def test_at_the_orders_own_rate(self):
        self._set_rate(self.company, "EUR", self._ago(400), 0.5)
        order = self._order(self.customer, self.today, [100], currency="EUR")
        self.assertEqual(order.currency_id.name, "EUR")
        self.assertEqual(self._fact(self.customer).revenue, 200)

    def test_a_line_added_after_the_order_was_confirmed(self):
        order = self._order(self.customer, self._ago(5), [10])
        order.order_line.price_unit = 25
        self.env.flush_all()
        self.assertEqual(self._fact(self.customer).revenue, 25)
