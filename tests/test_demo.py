"""The demo: its generator, which needs no database, and what it makes of a database that has it."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np

from odoo import fields
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import BaseCase, TransactionCase, tagged

from ..demo import generator
from ..demo.catalogue import PRODUCTS
from ..demo.companies import COMPANIES, MANUAL, PEOPLE
from ..demo.customers import CUSTOMERS
from ..demo.followups import CAPACITY
from ..tools import lifecycle, rhythm
from ..tools.dates import to_days

TODAY = date(2026, 11, 22)
COMPANY_KEYS = [company.key for company in COMPANIES]
#: The stage that each story ends in, on whatever day the demo is loaded. Seasonal buyers have none:
#: in winter they are silent.
STAGES = {
    "key": "MATURITY",
    "steady": "MATURITY",
    "manual": "MATURITY",
    "big_credit": "MATURITY",
    "joined": "MATURITY",
    "recovered": "MATURITY",
    "growing": "GROWTH",
    "surging": "GROWTH",
    "won_back": "GROWTH",
    "slowing": "DECLINE",
    "silent": "DECLINE",
    "waiting": "DECLINE",
    "lost": "LOST",
    "lost_lately": "LOST",
    "one_time": "LOST",
    "newcomer": "INTRODUCTION",
    "rising": "INTRODUCTION",
    "credited": "POTENTIAL",
    "prospect": "POTENTIAL",
}


class History:
    """What one customer's documents amount to, in plain Python."""

    def __init__(self):
        self.amounts = []
        self.days = set()

    def between(self, today: date, newest: int, oldest: int) -> float:
        """Net amount of days that lie ``newest`` to ``oldest`` days back, the oldest excluded."""
        return sum(a for day, a in self.amounts if newest <= (today - day).days < oldest)


def histories(company: str, today: date) -> dict[str, History]:
    documents = generator.documents(company, today)
    by_key = {document.key: document for document in documents}
    made = defaultdict(History)
    for document in documents:
        history = made[document.customer]
        sold = by_key[document.origin] if document.kind == "credit" else document
        amount = sum(line.quantity * line.price for line in sold.lines)
        if document.kind == "invoice":
            history.amounts.append((document.day, amount))
            history.days.add(document.day)
        elif document.kind == "credit":
            history.amounts.append((document.day, -amount * document.share))
            if document.share == 1:
                history.days.discard(sold.day)
    return made


def stages(company: str, today: date) -> dict[str, str]:
    """The stage of each customer by the product's own rule, with its default limits."""
    limits = lifecycle.LifecycleLimits()
    made = histories(company, today)
    days = [sorted(history.days) for history in made.values()]
    first = np.array([to_days(own[0] if own else None) for own in days])
    last = np.array([to_days(own[-1] if own else None) for own in days])
    purchases = np.array([len(own) for own in days])
    window, year = limits.window_days, lifecycle.YEAR_DAYS
    recent, prior, usual = (
        np.array([history.between(today, *span) for history in made.values()])
        for span in ((0, window), (year, year + window), (0, limits.long_run_days))
    )
    median = rhythm.company_median(first, last, purchases)
    decision = lifecycle.decide(
        lifecycle.StageFacts(
            first=first,
            last=last,
            purchases=purchases,
            interval=rhythm.shrunk_interval(first, last, purchases, median),
            recent=recent,
            prior=prior,
            long_run=usual,
        ),
        np.full(len(days), lifecycle.NO_STAGE),
        as_of=to_days(today),
        company_first=to_days(min(own[0] for own in days if own)),
        market=lifecycle.market_index(recent.sum(), prior.sum()),
        limits=limits,
    )
    return {
        key: lifecycle.Stage(stage).name for key, stage in zip(made, decision.stage, strict=True)
    }


@tagged("post_install", "-at_install")
class TestDemoGenerator(BaseCase):
    def test_equal_seed_and_day_give_equal_documents(self):
        for company in COMPANY_KEYS:
            made = generator.documents(company, TODAY)
            self.assertEqual(made, generator.documents(company, TODAY))
            self.assertNotEqual(made, generator.documents(company, TODAY, seed=1))

    def test_documents_are_as_a_distributor_would_write_them(self):
        for company in COMPANY_KEYS:
            codes = {product.code for product in PRODUCTS[company]}
            customers = {customer.key for customer in CUSTOMERS if customer.company == company}
            documents = generator.documents(company, TODAY)
            self.assertEqual({document.customer for document in documents}, customers)
            self.assertEqual(len({document.key for document in documents}), len(documents))
            for document in documents:
                self.assertLessEqual(document.day, TODAY)
                self.assertGreater(document.day, TODAY - timedelta(days=generator.HISTORY + 40))
                self.assertLess(document.day.weekday(), generator.SATURDAY, document)
                if document.kind == "credit":
                    self.assertTrue(0 < document.share <= 1)
                    continue
                self.assertTrue(1 <= len(document.lines) <= 4)
                for line in document.lines:
                    self.assertIn(line.product, codes)
                    self.assertGreaterEqual(line.quantity, 1)
                    self.assertGreater(line.price, 0)

    def test_a_credit_note_follows_its_invoice(self):
        for company in COMPANY_KEYS:
            documents = generator.documents(company, TODAY)
            invoices = {d.key: d for d in documents if d.kind == "invoice"}
            credits = [d for d in documents if d.kind == "credit"]
            self.assertTrue(credits)
            self.assertEqual(len({d.origin for d in credits}), len(credits))
            for credit in credits:
                self.assertEqual(credit.customer, invoices[credit.origin].customer)
                self.assertGreaterEqual(credit.day, invoices[credit.origin].day)

    def test_it_is_little_enough_to_load_in_a_minute(self):
        count = sum(len(generator.documents(company, TODAY)) for company in COMPANY_KEYS)
        self.assertTrue(1000 <= count <= 1300, count)

    def test_an_order_comes_near_its_customer_s_usual_size(self):
        sizes = {customer.key: customer.size for customer in CUSTOMERS}
        for company in COMPANY_KEYS:
            for document in generator.documents(company, TODAY):
                amount = sum(line.quantity * line.price for line in document.lines)
                if document.lines:
                    self.assertTrue(0.1 < amount / sizes[document.customer] < 6, document)

    def test_every_story_ends_in_its_stage_on_any_day(self):
        """Whenever somebody installs the demo, each customer is what its story says."""
        archetypes = {customer.key: customer.archetype for customer in CUSTOMERS}
        for days in range(0, 365, 33):
            today = TODAY + timedelta(days=days)
            seen = set()
            for company in COMPANY_KEYS:
                for key, stage in stages(company, today).items():
                    seen.add(stage)
                    expected = STAGES.get(archetypes[key], stage)
                    self.assertEqual(stage, expected, f"{key} ({archetypes[key]}) on {today}")
            self.assertEqual(seen, {stage.name for stage in lifecycle.Stage})

    def test_every_customer_has_a_story_and_a_manager(self):
        logins = {(person.company, person.login) for person in PEOPLE}
        for customer in CUSTOMERS:
            self.assertIn(customer.archetype, generator.STORIES)
            self.assertIn((customer.company, customer.manager), logins)
            prefixes = {product.code[:2] for product in PRODUCTS[customer.company]}
            self.assertLessEqual(set(customer.categories.split()), prefixes)
        self.assertEqual(len({c.key for c in CUSTOMERS}), len(CUSTOMERS))
        self.assertEqual({c.archetype for c in CUSTOMERS}, set(generator.STORIES))


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    def setUp(self):
        super().setUp()
        self.company = self.env.ref(
            "customer_success_demo.company_hartwell", raise_if_not_found=False
        )
        self.module = self.env["ir.module.module"].search([("name", "=", "customer_success")])

    def test_it_is_there_where_the_module_has_demo_data(self):
        self.assertEqual(bool(self.company), self.module.demo)

    def test_it_is_made_once(self):
        if not self.company:
            self.assertFalse(self.module.demo)
            return
        companies = self.env["res.company"].search_count([])
        self.env["customer.success.demo"]._load()
        self.assertEqual(self.env["res.company"].search_count([]), companies)

    def test_people_speak_their_language_where_odoo_does(self):
        demo, (ours, theirs) = self.env["customer.success.demo"], COMPANIES
        self.env["res.lang"].search([("code", "=", theirs.lang)]).active = False
        self.assertEqual(demo._language(theirs), "en_US")
        self.env["res.lang"]._activate_lang(theirs.lang)
        self.assertEqual(demo._language(theirs), "zh_CN")
        self.assertEqual(demo._language(theirs, "SG"), "en_US", "who is abroad")
        self.assertEqual(demo._language(ours), "en_US")

    def test_nobody_makes_it_from_outside(self):
        with self.assertRaises(AccessError):
            get_public_method(self.env["customer.success.demo"], "_load")

    def test_every_tier_and_stage_is_seen(self):
        if not self.company:
            self.assertFalse(self.module.demo)
            return
        profiles = self.env["customer.profile"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(profiles.value_tier_id.mapped("code")), {"key", "high", "medium", "low"}
        )
        self.assertTrue(profiles.filtered(lambda profile: not profile.value_tier_id))
        self.assertEqual(
            profiles.lifecycle_stage_id, self.env["customer.lifecycle.stage"].search([])
        )
        self.assertTrue(profiles.filtered("tier_below_since"))
        self.assertTrue(profiles.filtered("credited"))
        moves = self.env["customer.transition"].search([("company_id", "=", self.company.id)])
        for kind in ("tier", "stage"):
            directions = set(
                moves.filtered(lambda move, k=kind: move.kind == k).mapped("direction")
            )
            self.assertLessEqual({"first", "up", "down"}, directions)
        self.assertLessEqual(max(moves.mapped("at")), fields.Datetime.now())
        self.assertTrue(all(abs((move.at.date() - move.as_of).days) <= 1 for move in moves))

    def test_people_decided_by_hand(self):
        if not self.company:
            self.assertFalse(self.module.demo)
            return
        for choice in MANUAL:
            partner = self.env.ref(f"customer_success_demo.partner_{choice.customer}")
            profile = self.env["customer.profile"].search([("partner_id", "=", partner.id)])
            if choice.kind == "focus":
                self.assertEqual(profile.demand_focus_id.code, choice.value)
                self.assertEqual(profile.demand_id.manual_user_id.login, choice.user)
                continue
            self.assertEqual(profile.manual_tier_id.code, choice.value)
            self.assertEqual(profile.manual_tier_user_id.login, choice.user)

    def test_customers_are_in_playbooks_and_won_back(self):
        if not self.company:
            self.assertFalse(self.module.demo)
            return
        enrolments = self.env["customer.playbook.enrolment"].search([("ended_at", "=", False)])
        self.assertGreaterEqual(len(enrolments), 3)
        self.assertLessEqual(len(enrolments), 15, "a believable morning, no storm")
        self.assertTrue(enrolments.plan_ids.followup_id)
        states = self.env["customer.winback"].search([]).mapped("state")
        self.assertLessEqual({"new", "contacted", "offered", "won"}, set(states))
        self.assertTrue(self.env["customer.pool.entry"].search([]))

    def test_a_morning_has_reasons_of_every_kind_and_fits(self):
        if not self.company:
            self.assertFalse(self.module.demo)
            return
        company = self.company
        cards = self.env["customer.followup"].search(
            [
                ("company_id", "=", company.id),
                ("done_at", "=", False),
                ("planned_date", "<=", company._customer_today() + timedelta(days=3)),
            ]
        )
        kinds = {card.cause_key.split(":")[0] for card in cards}
        self.assertLessEqual({"cadence", "playbook", "care", "manual"}, kinds)
        fullest = max(
            len(own) for own in cards.grouped(lambda c: (c.user_id, c.planned_date)).values()
        )
        self.assertLessEqual(fullest, CAPACITY, "each day within what its owner can do")

    def test_every_focus_is_seen_and_most_are_not_known(self):
        if not self.company:
            self.assertFalse(self.module.demo)
            return
        profiles = self.env["customer.profile"].search([("company_id", "=", self.company.id)])
        inferred = profiles.demand_id.computed_focus_id
        self.assertEqual(
            set(inferred.mapped("code")), {"quality", "price", "service", "delivery", "range"}
        )
        known = len(profiles.filtered("demand_focus_id")) / len(profiles)
        self.assertTrue(0.2 < known < 0.7, known)
