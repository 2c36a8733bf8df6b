"""The evidence of a tier and a stage: it adds up, each number is true, and so is what it foretells."""

import random
from datetime import date, timedelta
from decimal import Decimal

from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from ..models.evidence.value_receipt import future_points
from ..tools import outlook, ways
from ..tools.dates import NO_DATE, from_days
from ..tools.lifecycle import StageReason
from ..tools.tiers import TierReason
from .common import CustomerCase

KANBAN_FIELDS = {
    "partner_id": {},
    "value_tier_id": {},
    "tier_color": {},
    "stage_color": {},
    "revenue": {},
    "revenue_change": {},
    "silence_text": {},
    "is_unusually_silent": {},
    "silence_ratio": {},
    "user_id": {},
}


class EvidenceCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(20240612)
        cls.partners = cls._customers(40)
        rows = []
        for number, partner in enumerate(cls.partners[:-1]):
            gap, size = cls.random.choice((9, 17, 30, 55)), cls.random.choice((90, 800, 7000))
            day = cls.random.randint(1, 150) if number % 5 else 400
            while day < 900:
                amount = round(cls.random.uniform(0.5, 1.5) * size, 2)
                rows.append((partner, cls._day(day), amount))
                if cls.random.random() < 0.1:
                    rows.append((partner, cls._day(day), -round(amount / 3, 2)))
                day += max(1, int(cls.random.uniform(0.5, 1.5) * gap))
        cls._bulk(rows)
        cls.env["customer.mark"]._add((cls.company.id, partner.id) for partner in cls.partners)
        policy = cls.env["customer.value.policy"]._published(cls.company)
        draft = policy.browse(policy.action_new_version()["res_id"])
        draft.action_calibrate()
        draft.action_publish()
        cls.env["customer.market"].search([("company_id", "=", cls.company.id)]).unlink()

    @classmethod
    def _day(cls, ago):
        return cls.today - timedelta(days=ago)

    def setUp(self):
        super().setUp()
        self._run("full")
        self.profiles = self._profiles()

    def _texts(self, markup, css_class):
        """Texts of the elements of a class, spaces folded."""
        tree = html.fromstring(markup)
        nodes = tree.xpath(
            f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {css_class} ')]"
        )
        return [" ".join(node.text_content().split()) for node in nodes]

    def _sql(self, query, **arguments):
        return self.env.execute_query(SQL(query, **arguments))

    def _amount(self, profile, start, end):
        """Net revenue of ``start < day <= end`` straight from the documents."""
        return self._sql(
            "SELECT COALESCE(sum(amount_untaxed_signed), 0) FROM account_move WHERE state = 'posted'"
            " AND company_id = %(company)s AND commercial_partner_id = %(partner)s"
            " AND invoice_date > %(start)s AND invoice_date <= %(end)s",
            company=self.company.id,
            partner=profile.partner_id.id,
            start=start,
            end=end,
        )[0][0]


@tagged("post_install", "-at_install")
class TestValueReceipt(EvidenceCase):
    def test_points_add_up_to_the_stored_score(self):
        for profile in self.profiles.filtered("last_purchase_date"):
            with self.subTest(profile.display_name):
                axes = profile._value_receipt().axes()
                total = sum(Decimal(str(axis.exact_points)) for axis in axes)
                self.assertEqual(total, Decimal(str(profile.value_score)))
                *shown, score = self._texts(profile.value_evidence, "o_customer_receipt_points")
                self.assertEqual(sum(map(Decimal, shown)), Decimal(score))
                self.assertEqual(Decimal(score), Decimal(str(profile.value_score)))

    def test_each_number_is_that_of_the_documents(self):
        window = self.profiles.policy_id.window_days
        self.assertEqual(window, 365)
        for profile in self.profiles.filtered("last_purchase_date"):
            with self.subTest(profile.display_name):
                start = self.today - timedelta(days=window)
                ((last, purchases, sales, credits),) = self._sql(
                    """
                    SELECT max(invoice_date) FILTER (WHERE move_type = 'out_invoice'),
                           count(DISTINCT invoice_date) FILTER (
                               WHERE move_type = 'out_invoice' AND invoice_date > %(start)s),
                           count(*) FILTER (
                               WHERE move_type = 'out_invoice' AND invoice_date > %(start)s),
                           count(*) FILTER (
                               WHERE move_type = 'out_refund' AND invoice_date > %(start)s)
                      FROM account_move
                     WHERE state = 'posted' AND company_id = %(company)s
                       AND commercial_partner_id = %(partner)s
                    """,
                    start=start,
                    company=self.company.id,
                    partner=profile.partner_id.id,
                )
                revenue = self._amount(profile, start, self.today)
                recency, frequency, money = profile._value_receipt().axes()
                self.assertEqual(
                    recency.value, f"{(self.today - last).days} days since the last purchase"
                )
                self.assertEqual(frequency.value, f"{purchases} days with a purchase in 365 days")
                self.assertEqual(money.value, f"$\N{NO-BREAK SPACE}{revenue:,.2f} in 365 days")
                cuts = {axis: [] for axis in ("recency", "frequency", "money")}
                for cut in profile.policy_id.cut_ids:
                    cuts[cut.axis].append(cut.value)
                silent = (self.today - last).days
                self.assertEqual(recency.level, 1 + sum(silent <= cut for cut in cuts["recency"]))
                self.assertEqual(
                    frequency.level, 1 + sum(purchases >= cut for cut in cuts["frequency"])
                )
                self.assertEqual(
                    money.level, 1 + sum(float(revenue) >= cut for cut in cuts["money"])
                )
                for axis in (recency, frequency, money):
                    self.assertEqual(axis.top_level, len(cuts[axis.axis]) + 1)
                    self.assertEqual(sum(cut.reached for cut in axis.cuts), axis.level - 1)
                self.assertEqual(
                    (profile.invoice_count, profile.credit_note_count), (sales, credits)
                )

    def test_opens_exactly_the_documents_it_was_made_from(self):
        Move = self.env["account.move"]
        for profile in self.profiles.filtered("last_purchase_date"):
            with self.subTest(profile.display_name):
                sales = Move.search(profile.action_open_window_sales()["domain"])
                credits = Move.search(profile.action_open_window_credit_notes()["domain"])
                self.assertEqual(len(sales), profile.invoice_count)
                self.assertEqual(len(credits), profile.credit_note_count)
                self.assertAlmostEqual(
                    sum((sales + credits).mapped("amount_untaxed_signed")), profile.revenue, 2
                )
                recent = Move.search(profile.action_open_recent_documents()["domain"])
                prior = Move.search(profile.action_open_prior_documents()["domain"])
                self.assertAlmostEqual(
                    sum(recent.mapped("amount_untaxed_signed")), profile.trend_recent, 2
                )
                self.assertAlmostEqual(
                    sum(prior.mapped("amount_untaxed_signed")), profile.trend_prior, 2
                )

    def test_falls_on_the_day_it_says(self):
        """Going on without a purchase, looked at when due, ends where the receipt said it would."""
        told = {}
        for profile in self.profiles.filtered("computed_tier_id"):
            receipt = profile._value_receipt()
            tier = profile.computed_tier_id
            future = future_points(profile, self.today)
            fall = outlook.falls_on(future, receipt._standing(tier), receipt._rules)
            if fall:
                day = from_days(fall.lowered_on)
                lower = receipt._lines()[fall.tier_index].tier_id
                told[profile] = day, lower
                text = receipt.previous_tier(tier, None, future)
                self.assertIn(receipt.formats.day(day), text)
                self.assertIn(lower.name, text)
        fell = {}
        standing = {profile: profile.computed_tier_id for profile in told}
        until = sorted(day for day, __ in told.values())[8]
        while (day := min(filter(None, self.profiles.mapped("next_change_date")))) <= until:
            self._run(day=day)
            for profile, tier in standing.items():
                if profile not in fell and profile.computed_tier_id != tier:
                    fell[profile] = day, profile.computed_tier_id
        self.assertGreater(len(fell), 7)
        self.assertEqual(fell, {p: fall for p, fall in told.items() if fall[0] <= until})

    def test_what_is_promised_comes_true_on_the_last_day_and_not_after(self):
        """Buying what the receipt says, on its last day, reaches the tier; a day later it does not."""
        tried = 0
        for profile in self.profiles.filtered("computed_tier_id"):
            receipt, future = profile._value_receipt(), future_points(profile, self.today)
            tier = profile.computed_tier_id
            standing = receipt._standing(tier)
            found = ways.ways_up(future, standing, receipt._rules)
            amount, days = found.amount, found.days
            if not (amount and amount.until != NO_DATE and days and days.until != NO_DATE):
                continue
            with self.subTest(profile.display_name):
                goal = receipt._lines()[standing.tier_index - 1].tier_id
                text = receipt.next_tier(tier, future)
                for way, parts in (
                    (amount, [round(amount.more, 2)]),
                    (days, [0.01] * days.more),
                ):
                    last = from_days(way.until)
                    self.assertIn(receipt.formats.day(last), text)
                    self.assertTrue(self._reaches(profile, goal, last, parts))
                    late = last + timedelta(days=1)
                    self.assertFalse(self._reaches(profile, goal, late, parts))
                self.assertIn(receipt.formats.money(amount.more), text)
                cent_less = [round(amount.more - 0.01, 2)]
                self.assertFalse(self._reaches(profile, goal, self.today, cent_less))
            tried += 1
            if tried == 4:
                return
        self.fail(f"only {tried} customers to try it with")

    def _reaches(self, profile, goal, day, amounts) -> bool:
        """Whether a customer is in a tier or above after buying, a purchase a day up to ``day``."""
        with self.env.cr.savepoint() as savepoint:
            self._bulk(
                [
                    (profile.partner_id, day - timedelta(days=n), amount)
                    for n, amount in enumerate(amounts)
                ]
            )
            self.env["customer.mark"]._add([(self.company.id, profile.partner_id.id)])
            self._run(day=day)
            reached = profile.computed_tier_id
            rank = list(profile._value_receipt()._lines().tier_id)
            result = rank.index(reached) <= rank.index(goal)
            savepoint.rollback()
        self.env.invalidate_all()
        return result

    def test_the_last_move_is_that_of_the_log(self):
        profile = self.profiles.filtered("computed_tier_id")[0]
        self.assertIn("Reached when first computed", profile.value_evidence)
        manager = self._user("mover", "all")
        manager.name = "Mo Ver"
        profile.with_user(manager).with_context(allowed_company_ids=self.company.ids)._set_manual(
            "tier", self.tiers["key"], "Signed a contract", self._ago(-30)
        )
        self.env.invalidate_all()
        move = profile.transition_ids.filtered(lambda t: t.kind == "tier")[0]
        text = " ".join(html.fromstring(profile.value_evidence).text_content().split())
        self.assertIn(f"{move.from_name} → Key on Jun 12, 2024: by hand by Mo Ver", text)
        self.assertIn("“Signed a contract”", text)

    def test_documents_changed_since(self):
        """No day is foretold from documents that did not make the stored figures."""
        profile = self.profiles.filtered("computed_tier_id")[0]
        self._invoice(profile.partner_id, self.today, 10)
        self._settle()
        self.env.invalidate_all()
        self.assertTrue(profile.is_waiting)
        self.assertIn("documents have changed", profile.value_evidence)
        profile.action_recompute()
        self.env.invalidate_all()
        self.assertFalse(profile.is_waiting)
        self.assertNotIn("documents have changed", profile.value_evidence)

    def test_holds_on_later_days_too(self):
        """Rows are written only when they differ: the receipt of a later day shows that day's silence."""
        profile = self.profiles.filtered(
            lambda p: p.last_purchase_date and p.next_change_date > self.today + timedelta(days=2)
        )[0]
        later = profile.next_change_date - timedelta(days=1)
        with self._on(later):
            axes = profile._value_receipt().axes()
            days = (later - profile.last_purchase_date).days
            self.assertEqual(axes[0].value, f"{days} days since the last purchase")
        with self._on(later + timedelta(days=30)):
            self.assertEqual(profile.evidence_date, later)

    def test_without_a_purchase(self):
        profile = self._profile(self.partners[-1])
        if not profile:
            self.partners[-1].customer_rank = 1
            self._run("full")
            profile = self._profile(self.partners[-1])
        self.assertIn("No purchase yet", profile.value_evidence)
        self.assertIn("The first purchase gives a tier", profile.value_evidence)
        self.assertIn("Has not bought yet", profile.stage_evidence)
        self.assertEqual(profile.silence_text, "No purchase yet")

    def test_set_by_hand(self):
        profile = self.profiles.filtered(lambda p: p.computed_tier_id.code == "low")[0]
        profile._set_manual("tier", self.tiers["key"], "Signed a <yearly> contract", self._ago(-30))
        self.assertIn("Signed a &lt;yearly&gt; contract", profile.value_evidence)
        self.assertIn("Set to Key by hand", profile.value_evidence)
        self.assertEqual(profile.transition_ids[0].reason_text, "Signed a <yearly> contract")

    def test_rhythm_mode(self):
        """Recency in the customer's own intervals."""
        policy = self.profiles.policy_id
        draft = policy.browse(policy.action_new_version()["res_id"])
        draft.recency_mode = "rhythm"
        draft.action_calibrate()
        draft.action_publish()
        self._run("full")
        for profile in self.profiles.filtered("last_purchase_date"):
            axes = profile._value_receipt().axes()
            total = sum(Decimal(str(axis.exact_points)) for axis in axes)
            self.assertEqual(total, Decimal(str(profile.value_score)))
            self.assertIn("usual intervals", axes[0].value)
            silence = (self.today - profile.last_purchase_date).days / profile.expected_interval
            self.assertIn(f"{silence:.2f} usual", axes[0].value)
            self.assertTrue(profile.value_evidence)


@tagged("post_install", "-at_install")
class TestReceiptOfOrders(CustomerCase):
    def test_opens_the_orders_it_was_made_from(self):
        """Where orders are the purchases, days begin when the company's do, and orders open."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.company.customer_fact_source = "order"
        customer = self._customer("Orders")
        product = self.env["product.product"].create({"name": "Goods", "type": "service"})
        # 17:00 UTC is the next day in Shanghai: the first is just outside the window, the second in it.
        edge = self._ago(365)
        moments = [f"{edge} 15:00:00", f"{edge} 17:00:00", f"{self.today} 03:00:00"]
        orders = self._in(self.company)["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": 100,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for __ in moments
            ]
        )
        orders.action_confirm()
        for order, moment in zip(orders, moments, strict=True):
            order.date_order = moment
        self._run("full")
        profile = self._profile(customer)
        opened = profile.action_open_window_sales()
        self.assertEqual(opened["res_model"], "sale.order")
        found = self._in(self.company)["sale.order"].search(opened["domain"])
        self.assertEqual(len(found), profile.invoice_count)
        self.assertAlmostEqual(sum(found.mapped("amount_untaxed")), profile.revenue, 2)
        self.assertEqual(found, orders[1:].sorted())
        self.assertFalse(
            self.env["account.move"].search(profile.action_open_window_credit_notes()["domain"])
        )
        self.assertEqual(profile.confirmed_order_count, 3)
        self.assertTrue(profile.value_evidence)


@tagged("post_install", "-at_install")
class TestStageReceipt(EvidenceCase):
    def test_trend_is_that_of_the_documents_and_works_out(self):
        limits = self.env["customer.lifecycle.policy"]._for_company(self.company)
        market = self.env["customer.market"]._find(self.company, self.today)
        known = self.profiles.filtered("trend_known")
        self.assertGreater(len(known), 10)
        for profile in known:
            with self.subTest(profile.display_name):
                days, today = limits.window_days, self.today
                back = timedelta(days=364)
                recent = float(self._amount(profile, today - timedelta(days=days), today))
                prior = float(
                    self._amount(profile, today - back - timedelta(days=days), today - back)
                )
                usual = float(self._amount(profile, today - timedelta(days=364), today))
                share = limits.prior_weight * days / 364 * max(usual, 0)
                above = max(recent, 0) + share
                below = max(prior, 0) * market.trend + share
                self.assertAlmostEqual(min(above / below, 999), profile.trend_ratio, 4)
                amounts = [row.value for row in profile._stage_receipt().trend_sum()]
                self.assertEqual(amounts[0], f"$\N{NO-BREAK SPACE}{recent:,.2f}")
                self.assertEqual(amounts[1], f"$\N{NO-BREAK SPACE}{prior:,.2f}")
                self.assertTrue(amounts[4].endswith(f"= {profile.trend_ratio:,.4f}"))
                self.assertIn(f"{profile.trend_ratio:,.4f}", profile.stage_evidence)

    def test_unknown_trend_says_what_is_missing(self):
        newcomer = self._customer("Newcomer")
        for ago in (200, 170, 140, 100, 60, 20):
            self._invoice(newcomer, self._ago(ago), 100)
        self._run()
        evidence = self._profile(newcomer).stage_evidence
        self.assertIn(
            "Not known yet: needs 546 days of this customer's history, there are 200", evidence
        )

    def test_silence_crosses_on_the_day_it_says(self):
        """The day of decline in the receipt is the first on which the run says decline."""
        customer = self._customer("Steady")
        for ago in range(5, 800, 20):
            self._invoice(customer, self._ago(ago), 100)
        self._run()
        profile = self._profile(customer)
        self.assertIn(profile.lifecycle_stage_id.code, ("maturity", "growth"))
        crossing = profile._stage_receipt().crossings()
        for day, code in (
            (from_days(crossing.decline), "decline"),
            (from_days(crossing.lost), "lost"),
        ):
            self._run(day=day - timedelta(days=1))
            self.assertNotEqual(profile.lifecycle_stage_id.code, code)
            self._run(day=day)
            self.assertEqual(profile.lifecycle_stage_id.code, code)

    def test_every_reason_has_words(self):
        for kind, reasons in (("tier", TierReason), ("stage", StageReason)):
            field = self.env["customer.profile"]._fields[f"{kind}_reason"]
            self.assertEqual(
                {code for code, __ in field.selection}, {reason.name.lower() for reason in reasons}
            )

    def test_every_profile_renders(self):
        for profile in self.profiles:
            self.assertIn(profile.computed_stage_id.name, profile.stage_evidence)
            self.assertTrue(profile.value_evidence)


@tagged("post_install", "-at_install")
class TestTransitionEvidence(EvidenceCase):
    def test_tells_the_figures_of_that_time(self):
        profile = self.profiles.filtered("last_purchase_date")[0]
        first = self._transitions(profile.partner_id, "tier")[0]
        score = profile.value_score
        self.assertEqual(first.reason_text, "Reached when first computed")
        before = first.evidence_html
        self._invoice(profile.partner_id, self.today, 500000)
        self._run()
        self.env.invalidate_all()
        self.assertEqual(first.evidence_html, before, "what was written down does not change")
        *shown, total = self._texts(before, "o_customer_receipt_points")
        self.assertEqual(sum(map(Decimal, shown)), Decimal(total))
        self.assertEqual(Decimal(total), Decimal(str(first.evidence["score"])))
        self.assertEqual(float(total), score)

    def test_every_transition_renders(self):
        transitions = self.env["customer.transition"].search([("company_id", "=", self.company.id)])
        self.assertGreater(len(transitions), 40)
        for transition in transitions:
            self.assertTrue(transition.evidence_html)
            self.assertTrue(transition.reason_text)


@tagged("post_install", "-at_install")
class TestStandsOut(EvidenceCase):
    def test_searches_find_what_the_fields_say(self):
        Profile = self.env["customer.profile"].with_company(self.company)
        own = [("company_id", "=", self.company.id)]
        Profile = Profile.with_context(allowed_company_ids=self.company.ids)
        self.profiles[0]._set_manual("tier", self.tiers["key"], "Test", False)
        self.profiles[0]._set_manual("stage", self.stages["lost"], "Test", False)
        for name in ("is_at_risk", "is_unusually_silent"):
            expected = self.profiles.filtered(name)
            self.assertTrue(expected, name)
            for value in (True, False):
                found = Profile.search([*own, (name, "=", value)])
                self.assertEqual(
                    found, self.profiles.filtered(lambda p, n=name, v=value: p[n] == v).sorted()
                )
            self.assertEqual(self.profiles.filtered_domain([(name, "=", True)]), expected)

    def test_at_risk_is_valuable_and_being_lost(self):
        for tier, stage, expected in (
            ("key", "decline", True),
            ("high", "lost", True),
            ("medium", "lost", False),
            ("key", "maturity", False),
        ):
            profile = self.profiles[0]
            profile._set_manual("tier", self.tiers[tier], "Test", False)
            profile._set_manual("stage", self.stages[stage], "Test", False)
            self.assertEqual(profile.is_at_risk, expected, (tier, stage))

    def test_filters_of_the_search_view_work(self):
        """Each filter is a domain that the server understands."""
        Profile = self.env["customer.profile"]
        for domain in (
            [("transition_ids", "any", [("direction", "=", "up"), ("at", ">=", "=1d")])],
            [("is_unusually_silent", "=", True), ("stage_code", "!=", "lost")],
            [("tier_below_since", "!=", False)],
        ):
            Profile.search(domain)
        for group in ("value_tier_id", "country_id", "last_purchase_date:month", "stage_code"):
            Profile.formatted_read_group([], [group], ["revenue:sum", "__count"])

    def test_reading_cards_costs_the_same_for_many(self):
        def read(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["customer.profile"].web_search_read(
                [("company_id", "=", self.company.id)], KANBAN_FIELDS, limit=limit
            )
            return self.env.cr.sql_log_count - before

        read(2)
        self.assertEqual(read(5), read(35))


@tagged("post_install", "-at_install")
class TestOverrideWizard(EvidenceCase):
    def _wizard(self, profiles):
        return Form(
            self.env["customer.override"].with_context(
                active_model="customer.profile", active_ids=profiles.ids
            )
        )

    def test_sets_many_at_once_and_ends(self):
        profiles = self.profiles[:3]
        form = self._wizard(profiles)
        form.tier_id = self.tiers["key"]
        form.reason = "Framework contract"
        self.assertTrue(form.until, "an end is proposed")
        wizard = form.save()
        wizard.action_apply()
        self.assertEqual(profiles.value_tier_id, self.tiers["key"])
        self.assertEqual(set(profiles.mapped("tier_manual")), {True})
        profiles[0]._set_manual("stage", self.stages["growth"], "A project starts", False)
        profiles.action_end_manual()
        self.assertEqual(set(profiles.mapped("stage_manual")), {False})
        self.assertEqual(set(profiles.mapped("tier_manual")), {False})
        for profile in profiles:
            self.assertEqual(profile.value_tier_id, profile.computed_tier_id)

    def test_needs_a_reason_and_a_choice(self):
        wizard = self.env["customer.override"].create({"profile_ids": self.profiles[:1].ids})
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard.tier_id = self.tiers["key"]
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard.reason = "Said so"
        wizard.until = date(2000, 1, 1)
        with self.assertRaises(UserError):
            wizard.action_apply()


@tagged("post_install", "-at_install")
class TestWhoSees(EvidenceCase):
    def test_no_documents_without_the_right_to_read_them(self):
        manager = self._user("evidence_own", "own")
        profile = self.profiles.filtered("last_purchase_date")[0]
        profile.partner_id.user_id = manager
        self.env.flush_all()
        seen = profile.with_user(manager).with_company(self.company)
        self.assertFalse(seen.can_open_invoices)
        self.assertFalse(seen.posted_invoice_count)
        self.assertIn("Score", seen.value_evidence)
        self.assertTrue(seen.stage_evidence)
        self.assertTrue(seen.transition_ids[0].evidence_html)

    def test_contacts_of_others_are_as_they_were(self):
        """Whoever has none of our groups meets nothing of ours, and nothing breaks."""
        plain = self._user("evidence_plain")
        ours = self._user("evidence_all", "all")
        for user, sees in ((plain, False), (ours, True)):
            Partner = self.env["res.partner"].with_user(user)
            views = Partner.get_views(
                [(False, "form"), (False, "list"), (False, "search"), (False, "kanban")]
            )["views"]
            for kind in ("form", "list", "search"):
                self.assertEqual("value_tier_id" in views[kind]["arch"], sees, kind)
            fields_list = Partner.fields_get()
            self.assertEqual("customer_profile_id" in fields_list, sees)
        portal = new_test_user(self.env, "cs_evidence_portal", groups="base.group_portal")
        self.assertNotIn("value_tier_id", portal.partner_id.with_user(portal).fields_get())

    def test_views_load_for_each_group(self):
        for level in ("own", "all", "admin"):
            user = self._user(f"views_{level}", level)
            for model in ("customer.profile", "customer.transition"):
                kinds = ["kanban", "list", "pivot", "graph", "form", "search"]
                self.env[model].with_user(user).get_views([(False, kind) for kind in kinds])
