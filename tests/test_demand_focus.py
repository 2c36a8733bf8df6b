"""What customers buy on, from documents to profile: made customers whose answer is known."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import CustomerCase


class DemandCase(CustomerCase):
    """A company selling six products in two categories; most customers buy middling ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foci = {focus.code: focus for focus in cls.env["customer.demand.focus"].search([])}
        cls.tiles, cls.tools = cls.env["product.category"].create(
            [{"name": "Tiles (test)"}, {"name": "Tools (test)"}]
        )
        cls.products = {
            price: cls.env["product.product"].create(
                {
                    "name": f"Product {price}",
                    "categ_id": (cls.tiles if price < 100 else cls.tools).id,
                    "list_price": price,
                }
            )
            for price in (10, 20, 30, 40, 50, 100, 200)
        }
        cls.many = cls._customers(5, name="Ordinary")
        for customer in cls.many:
            cls._buy(customer, [(30, 1)] * 4 + [(20, 1)] * 2 + [(40, 1)] * 2)

    @classmethod
    def _buy(cls, customer, lines, ago=20, company=None, kind="out_invoice", **vals):
        """One posted invoice of ``(list price, quantity[, discount])``."""
        move = cls._in(company or cls.company)["account.move"].create(
            {
                "move_type": kind,
                "partner_id": customer.id,
                "invoice_date": cls.today - timedelta(ago),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.products[price].id,
                            "quantity": quantity,
                            "price_unit": price,
                            "discount": discount[0] if discount else 0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for price, quantity, *discount in lines
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _order(cls, customer, days, ago=30, count=1):
        """Confirmed orders wanted so many days after they were placed."""
        moment = cls._noon(cls.today - timedelta(ago))
        return cls._in(cls.company)["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": cls.company.id,
                    "date_order": moment,
                    "commitment_date": moment + timedelta(days),
                    "state": "sale",
                }
                for __ in range(count)
            ]
        )

    def _ticket(self, customer, category, kind="complaint", ago=10, count=1):
        team = self.env["customer.ticket.team"].search([("company_id", "=", self.company.id)])
        return self.env["customer.ticket"].create(
            [
                {
                    "name": "Said",
                    "kind": kind,
                    "partner_id": customer.id,
                    "team_id": team.id,
                    "category_id": self.env.ref(f"customer_success.ticket_category_{category}").id,
                    "opened_at": self._noon(self._ago(ago)),
                }
                for __ in range(count)
            ]
        )

    def _weigh(self, day=None, reason="asked", company=None):
        """Weigh everybody, or with reason ``schedule`` those who changed; the ledger's entry."""
        company = company or self.company
        with self._on(day or self.today):
            self._settle()
            self.env["customer.run"]._unfinished_focus(company).write({"state": "superseded"})
            run = self.env["customer.run"]._open(company, "focus", reason)
            while run._advance():
                pass
        self.assertEqual(run.state, "done")
        return run

    def _focus(self, customer, company=None):
        """The code of the focus shown; False where it is not known."""
        return self._profile(customer, company).demand_focus_id.code


@tagged("post_install", "-at_install")
class TestInferences(DemandCase):
    def test_each_inference_from_its_documents(self):
        dear, cheap, bargain, lifted, urgent, wide, angry, glad, quiet = customers = (
            self._customers(9, name="Made")
        )
        self._buy(dear, [(50, 1)] * 10)
        self._buy(cheap, [(10, 1)] * 10)
        self._buy(bargain, [(30, 1, 10)] * 9)
        for quantity, discount in ((5, 10), (1, 0)):
            self._buy(lifted, [(30, quantity, discount)] * 6)
        self._order(urgent, 1, count=12)
        for customer in self.many:
            self._order(customer, 10, count=4)
        self._buy(wide, [(30, 10)] * 5 + [(100, 3)] * 5)
        for customer in (angry, glad, quiet):
            self._buy(customer, [(30, 1)])
        self._ticket(angry, "service", count=3)
        self._ticket(glad, "delivery", "praise", count=3)
        self._ticket(quiet, "service", "question", count=5)
        self._run("full")
        run = self._weigh()
        self.assertEqual(
            [self._focus(customer) for customer in customers],
            [
                "quality",
                "price",
                "price",
                "price",
                "delivery",
                "range",
                "service",
                "delivery",
                False,
            ],
        )
        for customer in self.many:
            self.assertFalse(self._focus(customer))
        self.assertEqual(run.moved_count, 8)

    def test_thin_evidence_is_not_known(self):
        """Seven dear lines, two complaints: one short of what it takes."""
        seven, eight, two = self._customers(3)
        self._buy(two, [(30, 1)])
        self._buy(seven, [(50, 1)] * 7)
        self._buy(eight, [(50, 1)] * 8)
        self._ticket(two, "service", count=2)
        self._run("full")
        self._weigh()
        self.assertEqual(
            [self._focus(customer) for customer in (seven, eight, two)], [False, "quality", False]
        )
        self.assertEqual(self._profile(seven).demand_id.reason, "too_little")
        self.assertIn("Too little is known", self._profile(seven).demand_evidence)

    def test_what_does_not_count(self):
        """Given back, too old, a draft, another company's, a down payment, a service note."""
        back, old, draft, abroad, ahead = self._customers(5)
        bought = self._buy(back, [(50, 1)] * 10)
        self._buy(back, [(50, 1)] * 10, kind="out_refund", reversed_entry_id=bought.id)
        self._buy(old, [(50, 1)] * 10, ago=400)
        self._buy(draft, [(50, 1)] * 10).button_draft()
        other = self._new_company("Other")
        self._buy(abroad, [(50, 1)] * 10, company=other)
        move = self._buy(ahead, [(50, 1)] * 10)
        move.invoice_line_ids.is_downpayment = True
        self._run("full")
        self._weigh()
        for customer in (back, old, draft, abroad, ahead):
            with self.subTest(customer.id):
                self.assertFalse(self._focus(customer))
        demand = self._profile(back).demand_id
        self.assertEqual((demand.evidence["position"], demand.evidence["compared"]), (None, 0))

    def test_each_currency_and_unit_gives_the_same(self):
        """In dozens and in euros at half the price: as dear as everybody else."""
        self._set_rate(self.company, "EUR", self._ago(300), 0.5)
        customer = self._customer()
        dozen = self.env.ref("uom.product_uom_dozen")
        move = self._in(self.company)["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "currency_id": self._currency("EUR").id,
                "invoice_date": self._ago(20),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.products[30].id,
                            "product_uom_id": dozen.id,
                            "quantity": 1,
                            "price_unit": 12 * 30 * 0.5,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        self._run("full")
        self._weigh()
        ordinary = self._profile(self.many[0]).demand_id.evidence
        evidence = self._profile(customer).demand_id.evidence
        self.assertEqual(evidence["compared"], 1)
        place = self.env["customer.demand.yardstick"]._find(self.company, self.today)
        thirty = next(iter(place.prices.values()))
        self.assertIn(30.0, thirty)
        self.assertEqual(evidence["position"], 0.5)
        self.assertLess(abs(ordinary["position"] - 0.5), 0.1)

    def test_orders_where_orders_are_what_counts(self):
        self.company.customer_fact_source = "order"
        customer = self._customer()
        for buyer, price, count in [(customer, 50, 10), *((one, 30, 4) for one in self.many)]:
            order = self._order(buyer, 10)
            order.order_line = [
                Command.create({"product_id": self.products[p].id, "price_unit": p})
                for p in [price] * count + [20, 40] * (price == 30)
            ]
        self._run("full")
        self._weigh()
        self.assertEqual(self._focus(customer), "quality")


@tagged("post_install", "-at_install")
class TestRuns(DemandCase):
    def setUp(self):
        super().setUp()
        self.dear = self._customer("Dear")
        self._buy(self.dear, [(50, 1)] * 10)
        self._run("full")
        self.first = self._weigh()

    def test_a_second_run_changes_nothing(self):
        before = self._physical(), self.env["customer.demand"].search([]).mapped("as_of")
        run = self._weigh(self.today + timedelta(1))
        self.assertEqual((run.changed_count, run.moved_count), (0, 0))
        self.assertGreater(run.read_count, 5)
        after = self._physical(), self.env["customer.demand"].search([]).mapped("as_of")
        self.assertEqual(before, after)

    def test_totals_and_figures_are_left_alone(self):
        self.assertTrue(self.env["customer.profile.total"]._holds())
        figures = self._snapshot()
        customer = self._customer("Cheap")
        self._buy(customer, [(10, 1)] * 10)
        self._run()
        totals = self.env["customer.profile.total"].search_count([])
        self._weigh()
        self.assertEqual(self._focus(customer), "price")
        self.assertEqual(self.env["customer.profile.total"].search_count([]), totals)
        self.assertTrue(self.env["customer.profile.total"]._holds())
        self.assertEqual(
            {key: self._snapshot()[key] for key in figures}, figures, "runs own the figures"
        )

    def test_only_who_changed_is_read(self):
        self._long_ago()
        self.assertEqual(self._weigh(reason="schedule").read_count, 0)
        with self.subTest("a purchase"):
            self._long_ago()
            self._buy(self.dear, [(50, 1)])
            self._run()
            self.assertEqual(self._weigh(reason="schedule").read_count, 1)
        with self.subTest("a complaint"):
            self._long_ago()
            self._ticket(self.many[1], "service")
            self.assertEqual(self._weigh(reason="schedule").read_count, 1)

    def _long_ago(self):
        """Have everything be written long before the last run."""
        self._settle()
        self.env.flush_all()
        for table in ("customer_profile", "customer_ticket", "sale_order"):
            self.env.cr.execute(
                SQL("UPDATE %s SET write_date = '2001-01-01'", SQL.identifier(table))
            )
        self.env["customer.run"]._last_focus(self.company).started = self._noon(self.today)
        self.env.invalidate_all()

    def test_what_is_due(self):
        Run = self.env["customer.run"]
        with self._on(self.today):
            self.assertFalse(Run._next_focus_run(self.company), "done today")
        with self._on(self.today + timedelta(1)):
            run = Run._next_focus_run(self.company)
            self.assertEqual((run.reason, run.state), ("schedule", "running"))
            self.assertEqual(Run._next_focus_run(self.company), run, "goes on with it")
            run.state = "failed"
            run.ended = self._noon(self.today + timedelta(1))
            self.assertFalse(Run._next_focus_run(self.company), "not at once again")
        with self._on(self.today.replace(month=7, day=1)):
            again = Run._next_focus_run(self.company)
            self.assertEqual(again.reason, "month", "another month, another yardstick")

    def test_it_is_no_computation_of_figures(self):
        self.assertFalse(
            self.env["customer.run"]
            .search([("company_id", "=", self.company.id), ("kind", "!=", "focus")])
            .filtered(lambda run: run.state == "running")
        )
        focus = self.env["customer.run"]._open(self.company, "focus", "asked")
        with self._on(self.today):
            self.assertNotEqual(self.env["customer.run"]._next_run(self.company, False), focus)
            focus.state = "failed"
            fresh = (
                self.env["customer.run"]
                .with_context(allowed_company_ids=self.company.ids)
                .get_freshness()
            )
        self.assertEqual(fresh["state"], "fresh")

    def test_the_scheduled_action(self):
        with self._on(self.today + timedelta(1)), self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_demand_focus").method_direct_trigger()
        newest = self.env["customer.run"]._last_focus(self.company)
        self.assertEqual(newest.as_of, self.today + timedelta(1))

    def test_a_batch_at_a_time(self):
        """Killed after a batch, it goes on after it; together they read everybody once."""
        from ..models.demand import customer_run

        self.patch(customer_run, "BATCH", max(self.dear.id // 3, 1))
        run = self.env["customer.run"]._open(self.company, "focus", "asked")
        self.assertTrue(run._advance())
        position = run.position
        self.assertTrue(0 < position < run.total)
        while run._advance():
            pass
        self.assertEqual(run.read_count, self.first.read_count)

    def test_queries_do_not_grow(self):
        def count(customers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._profiles().filtered(lambda p: p.partner_id in customers)._weigh_demand()
            return self.env.cr.sql_log_count - before

        more = self._customers(30, name="More")
        for customer in more:
            self._buy(customer, [(50, 1)] * 9)
        self._run()
        count(more[:1])
        self.assertEqual(count(more[2:30]), count(more[1:2]))

    def test_lists_and_cards_do_not_grow(self):
        profiles = self._profiles()

        def read(few):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            few.read(["demand_focus_id", "demand_focus_confidence", "focus_color"])
            return self.env.cr.sql_log_count - before

        read(profiles[:1])
        self.assertEqual(read(profiles[:2]), read(profiles))


@tagged("post_install", "-at_install")
class TestHold(DemandCase):
    def test_it_changes_only_after_the_hold_and_is_looked_at_that_day(self):
        customer = self._customer()
        self._buy(customer, [(50, 1)] * 10, ago=300)
        self._run("full")
        self._weigh()
        self.assertEqual(self._focus(customer), "quality")
        self._buy(customer, [(10, 10)] * 60)
        self._run()
        self._weigh()
        demand = self._profile(customer).demand_id
        self.assertEqual(self._focus(customer), "quality")
        self.assertEqual(
            (demand.reason, demand.rival_focus_id, demand.rival_since),
            ("held", self.foci["price"], self.today),
        )
        due = self.today + timedelta(30)
        self.assertEqual(demand.next_look_date, due)
        self.assertIn("Price from Jul 12, 2024", self._profile(customer).demand_evidence)
        self._weigh(due - timedelta(1), "schedule")
        self.assertEqual(self._focus(customer), "quality")
        self._weigh(due, "schedule")
        self.assertEqual(self._focus(customer), "price")
        log = self._transitions(customer, "focus")
        self.assertEqual(log.mapped("cause"), ["first", "facts"])
        self.assertEqual(log.mapped("to_name"), ["Quality", "Price"])
        self.assertEqual(log.mapped("direction"), [False, False])
        self.assertEqual(log[-1].reason_text, "What it does speaks clearly for this")
        self.assertIn("Prices paid", log[-1].evidence_html)


@tagged("post_install", "-at_install")
class TestByHand(DemandCase):
    def setUp(self):
        super().setUp()
        self.customer = self._customer("Dear")
        self._buy(self.customer, [(50, 1)] * 10)
        self._run("full")
        self._weigh()
        self.profile = self._profile(self.customer)
        self.manager = self._user("manager", "all")

    def _set(self, code="service", reason="Said so", until=False, user=None, profile=None):
        choice = self.foci[code] if code else self.env["customer.demand.focus"]
        (profile or self.profile).with_user(user or self.manager)._set_manual(
            "focus", choice, reason, until
        )

    def test_it_outranks_what_is_inferred(self):
        self._set()
        self.assertEqual(self._focus(self.customer), "service")
        self.assertTrue(self.profile.demand_focus_manual)
        self.assertEqual(self.profile.demand_id.computed_focus_id, self.foci["quality"])
        self._weigh()
        self.assertEqual(self._focus(self.customer), "service")
        log = self._transitions(self.customer, "focus")[-1]
        self.assertEqual(
            (log.cause, log.reason, log.by_user_id), ("manual", "Said so", self.manager)
        )
        self.assertIn("Said so", self.profile.demand_evidence)
        self.assertIn("calls back the same day", self.profile.demand_evidence)

    def test_it_ends_by_hand_and_by_its_day(self):
        self._set(until=self.today)
        self.assertEqual(self.profile.demand_id.next_look_date, self.today + timedelta(1))
        self._weigh(self.today, "schedule")
        self.assertEqual(self._focus(self.customer), "service")
        self._weigh(self.today + timedelta(1), "schedule")
        self.assertEqual(self._focus(self.customer), "quality")
        self.assertFalse(self.profile.demand_focus_manual)
        self.assertEqual(self._transitions(self.customer, "focus")[-1].cause, "manual_end")
        self._set()
        self.profile.with_user(self.manager).action_end_manual()
        self.assertEqual(self._focus(self.customer), "quality")
        ended = self._transitions(self.customer, "focus")[-1]
        self.assertEqual((ended.cause, ended.by_user_id), ("manual_end", self.manager))

    def test_of_a_customer_about_whom_nothing_is_known(self):
        quiet = self._customer("Quiet", customer_rank=1)
        self._run("full")
        self._set(profile=self._profile(quiet))
        self.assertEqual(self._focus(quiet), "service")

    def test_it_says_why_and_until_when(self):
        for arguments in ({"reason": " "}, {"until": self._ago(1)}):
            with self.subTest(**arguments), self.assertRaises(UserError):
                self._set(**arguments)
        own = self._user("own", "own")
        with self.assertRaises(AccessError):
            self._set(user=own)
        self.customer.user_id = own
        self._set(user=own)
        self.assertEqual(self._focus(self.customer), "service")

    def test_the_dialog(self):
        wizard = Form(
            self.env["customer.override"]
            .with_user(self.manager)
            .with_context(
                default_profile_ids=self.profile.ids, allowed_company_ids=self.company.ids
            )
        )
        wizard.kind = "focus"
        wizard.focus_id = self.foci["price"]
        wizard.reason = "Always haggles"
        wizard.save().action_apply()
        self.assertEqual(self._focus(self.customer), "price")

    def test_a_merge_keeps_the_choice(self):
        kept = self._customer("Kept")
        self._buy(kept, [(30, 1)])
        self._run()
        self._set(reason="Before the merge")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (kept | self.customer).ids, kept
        )
        demand = self._profile(kept).demand_id
        self.assertEqual(self._focus(kept), "service")
        self.assertEqual(
            (demand.manual_reason, demand.manual_user_id), ("Before the merge", self.manager)
        )


@tagged("post_install", "-at_install")
class TestShown(DemandCase):
    def setUp(self):
        super().setUp()
        self.customer = self._customer("Dear")
        self._buy(self.customer, [(50, 1)] * 10)
        self._run("full")
        self._weigh()

    def test_contacts_groups_and_segments(self):
        Partner = self.env["res.partner"].with_context(allowed_company_ids=self.company.ids)
        both = [("id", "in", (self.customer | self.many).ids)]
        quality = self.foci["quality"]
        self.assertEqual(
            Partner.search([*both, ("demand_focus_id.code", "=", "quality")]), self.customer
        )
        self.assertEqual(Partner.search([*both, ("demand_focus_id", "=", False)]), self.many)
        self.assertEqual(
            dict(Partner._read_group(both, ["demand_focus_id"], ["__count"])),
            {quality: 1, quality.browse(): 5},
        )
        self.assertEqual(Partner.browse(self.customer.id).demand_focus_id, quality)
        board = self.env["customer.profile"]._read_group(
            [("company_id", "=", self.company.id)], ["demand_focus_id"], ["__count", "revenue:sum"]
        )
        self.assertIn((quality, 1, 500), board)
        segment = self.env["customer.segment"].create(
            {"name": "Quality", "domain": "[('demand_focus_id.code', '=', 'quality')]"}
        )
        self.assertIn(
            self._profile(self.customer), self.env["customer.profile"].search(segment._members())
        )

    def test_the_receipt_says_what_each_thing_speaks_for(self):
        """The points of its lines are those of the focus; its numbers open what they were made from."""
        profile = self._profile(self.customer)
        text = " ".join(profile.demand_evidence.striptags().split())
        self.assertIn("dearer than 87.5% of comparable products (lines: 10)", text)
        evidence = profile.demand_id.evidence
        focus = evidence["foci"][str(self.foci["quality"].id)]
        self.assertEqual(focus["score"], evidence["points"]["pays_more"])
        place = evidence["ordinary"]["place"]
        expected = 100 * (0.875 - place) / (1 - place) * 10 / 16
        self.assertAlmostEqual(focus["score"], expected, 1)
        self.assertEqual(focus["score"], profile.demand_id.points)
        action = profile.action_open_demand_lines()
        self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 10)

    def test_an_account_manager_without_accounting_gets_no_link_to_invoices(self):
        own = self._user("own", "own")
        self.customer.user_id = own
        profile = self._profile(self.customer).with_user(own)
        self.assertNotIn("action_open_demand_lines", profile.demand_evidence)
        self.assertIn("action_open_demand_limits", profile.demand_evidence)

    def test_a_focus_that_is_used_is_archived_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.foci["quality"].unlink()
        self.env["customer.demand.focus"].create({"name": "Green", "code": "green"}).unlink()

    def test_a_focus_an_admin_adds_is_inferred_from_what_is_said(self):
        green = self.env["customer.demand.focus"].create({"name": "Green", "code": "green"})
        self.env.ref("customer_success.ticket_category_other").demand_focus_id = green
        self._ticket(self.many[0], "other", count=4)
        self._weigh()
        self.assertEqual(self._focus(self.many[0]), "green")


@tagged("post_install", "-at_install")
class TestLimits(DemandCase):
    def test_other_limits_have_everybody_weighed_anew(self):
        seven = self._customer()
        self._buy(seven, [(50, 1)] * 7)
        self._run("full")
        self._weigh()
        self.assertFalse(self._focus(seven))
        limits = self.env["customer.demand.policy"].create({"company_id": self.company.id})
        limits.min_evidence = 7
        run = self.env["customer.run"]._unfinished_focus(self.company)
        self.assertEqual((run.reason, run.state), ("limits", "queued"))
        while run._advance():
            pass
        self.assertEqual(self._focus(seven), "quality")

    def test_what_cannot_be_is_refused_in_words(self):
        limits = self.env["customer.demand.policy"].create({"company_id": self.company.id})
        for values, message in (
            ({"margin": 0}, "Lead From is 0. Set it to at least 0.5."),
            ({"min_score": 100}, "Points From is 100. Set it to at most 99."),
            ({"window_days": 7}, r"Look Back \(Days\) is 7. Set it to at least 30."),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, message):
                limits.write(values)
