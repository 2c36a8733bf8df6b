"""The win-back list: who is on it, what a person says, what only a purchase says."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestWinback(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", "own")
        cls.Winback = cls.env["customer.winback"]
        cls.company.customer_winback_limit = 9_000
        names = ("Gone", "Small", "Once Big", "Loyal")
        cls.gone, cls.small, cls.once, cls.loyal = (
            cls._customer(name, user_id=cls.manager.id) for name in names
        )
        cls._bulk(
            [(cls.gone, cls._days(n), 1000) for n in range(400, 800, 30)]
            + [(cls.small, cls._days(n), 100) for n in range(400, 800, 30)]
            # ten years ago 9,000 within twelve months, split over two calendar years
            + [(cls.once, cls._days(3650 + n * 30), 1500) for n in range(6)]
            + [(cls.once, cls._days(900), 10)]
            + [(cls.loyal, cls._days(n), 1000) for n in range(5, 400, 30)]
        )

    @classmethod
    def _days(cls, ago):
        return cls._ago(cls, ago)

    def setUp(self):
        super().setUp()
        self._run("full")

    def _work(self, ago=0):
        with self._on(self._ago(ago)), self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_winback").method_direct_trigger()
        self.env.invalidate_all()

    def _cases(self, partner=None):
        cases = self.Winback.search([("company_id", "=", self.company.id)], order="id")
        return cases.filtered(lambda case: not partner or case.partner_id == partner)

    def _buy(self, partner, ago, amount=700):
        self._bulk([(partner, self._ago(ago), amount)])
        self.env["customer.mark"]._add([(self.company.id, partner.id)])
        self._run(day=self._ago(ago))

    def test_valuable_and_silent_by_its_best_twelve_months(self):
        self._work()
        self.assertEqual(self._cases().partner_id, self.gone | self.once)
        case = self._cases(self.gone)
        self.assertEqual((case.state, case.user_id), ("new", self.manager))
        self.assertEqual(case.silent_since, self._ago(400))
        self.assertEqual(case.best_revenue, 12_000, "twelve calendar months in a row")
        self.assertEqual(self._cases(self.once).best_revenue, 9_000)
        found = self.env["customer.profile"].with_context(allowed_company_ids=self.company.ids)
        worth = found.search([("is_worth_winning_back", "=", True)])
        self.assertEqual(worth.partner_id, self.gone | self.once, "one definition")
        self.assertTrue(worth[0].is_worth_winning_back)

    def test_a_cent_below_the_limit(self):
        self.company.customer_winback_limit = 9_000.01
        self._work()
        self.assertEqual(self._cases().partner_id, self.gone)

    def test_a_second_time_changes_nothing(self):
        self._work()
        before = self._cases().read()
        self._work()
        self.assertEqual(self._cases().read(), before)

    def test_won_back_or_came_back_by_itself(self):
        self._work()
        self._cases(self.gone).with_user(self.manager).state = "contacted"
        for partner in (self.gone, self.once):
            self._buy(partner, -10)
        self._buy(self.gone, -20, 300)
        self._work(-21)
        won, back = self._cases(self.gone), self._cases(self.once)
        self.assertEqual((won.state, back.state), ("won", "back"))
        self.assertEqual((won.won_on, won.closed_on), (self._ago(-10), self._ago(-21)))
        self.assertEqual((won.regained, back.regained), (1000, 700))
        self.assertEqual(len(self._cases()), 2, "just bought: not on the list again")

    def test_silent_again(self):
        self._work()
        self._cases(self.gone).state = "offered"
        self._buy(self.gone, -10)
        self._work(-11)
        self._run("full", day=self._ago(-700))
        self._work(-700)
        first, second = self._cases(self.gone)
        self.assertEqual((first.state, second.state), ("won", "new"))
        self.assertEqual((first.relapsed, second.relapsed), (True, False))
        self.assertEqual(second.silent_since, self._ago(-10))
        self._buy(self.gone, -710, 50)
        self._work(-711)
        self.assertEqual((first.regained, second.regained), (700, 50), "nothing counted twice")

    def test_given_up_with_a_reason_and_not_brought_up_again(self):
        self._work()
        case = self._cases(self.gone).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "choose why it left"):
            case.action_lost()
        case.reason_id = self.env.ref("customer_success.winback_reason_unknown")
        case.action_lost()
        self.assertEqual((case.state, case.closed_on), ("lost", self.today))
        self._work(-1)
        self.assertEqual(len(self._cases(self.gone)), 1)
        case.profile_id.with_user(self.manager).action_win_back()
        self.assertEqual((case.state, case.closed_on), ("new", False), "somebody tries once more")

    def test_what_documents_say_nobody_writes(self):
        self._work()
        case = self._cases(self.gone).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "won back when it buys"):
            case.state = "won"
        for vals in ({"regained": 1}, {"closed_on": self.today}, {"silent_since": self.today}):
            with self.subTest(vals), self.assertRaises(AccessError):
                case.write(vals)
        self._buy(self.gone, -1)
        self._work(-1)
        with self.assertRaisesRegex(UserError, "settled"):
            case.state = "new"

    def test_by_hand_for_any_customer_that_bought(self):
        """From its page; the list keeps one case however often it is asked for."""
        profile = self._profile(self.small).with_user(self.manager)
        opened = profile.action_win_back()
        case = self.Winback.browse(opened["res_id"])
        self.assertEqual((case.partner_id, case.best_revenue), (self.small, 1200))
        self.assertEqual(profile.action_win_back()["res_id"], case.id)
        self.assertTrue(profile.winback_open)
        stranger = self._user("stranger", "own")
        with self.assertRaises(AccessError):
            self.Winback.with_user(stranger).create({"profile_id": profile.id})

    def test_own_customers_or_own_cases(self):
        self._work()
        stranger = self._user("stranger", "own")
        seen = self.Winback.with_user(stranger).with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(seen.search([]))
        case = self._cases(self.gone)
        case.invalidate_recordset()
        with self.assertRaises(AccessError):
            case.with_user(stranger).offer = "x"
        case.user_id = stranger
        self.env.flush_all()
        self.assertEqual(seen.search([]), case)

    def test_another_companys_documents_do_not_count(self):
        other = self._new_company("Other")
        other.customer_winback_limit = 9_000
        self._bulk([(self.small, self._ago(500), 50_000)], other)
        self._run("full", company=other)
        self._work()
        self.assertNotIn(self.small, self._cases().partner_id)
        found = self.Winback.search([("company_id", "=", other.id)])
        self.assertEqual((found.partner_id, found.best_revenue), (self.small, 50_000))
        self.assertEqual(len(self._cases(self.gone)), 1)

    def test_as_many_queries_for_many(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for work in (self.Winback._close_won, self.Winback._open_due, self.Winback._measure):
                work(self.company)
            return self.env.cr.sql_log_count - before

        few = queries()
        partners = self._customers(40)
        self._bulk([(p, self._ago(n), 5000) for p in partners for n in (600, 630, 660)])
        self._run("full")
        self.assertLessEqual(queries(), few)
        self.assertEqual(len(self._cases()), 42)
