"""A customer on one page: a PDF of one A4 page, in the reader's language, for those who may see it."""

import io
from datetime import timedelta

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.evidence.customer_print import PRINTED_DOCUMENTS
from .common import CustomerCase

REPORT = "customer_success.report_customer_document"
A4 = (595, 842)


class PrintCase:
    def _pdf(self, profile) -> PdfReader:
        report = self.env["ir.actions.report"].with_env(profile.env)
        # An unpatched wkhtmltopdf says of each page that it prints no headers.
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            data, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
                REPORT, profile.ids
            )
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(data))

    def _html(self, profile) -> str:
        report = self.env["ir.actions.report"].with_env(profile.env)
        return report._render_qweb_html(REPORT, profile.ids)[0].decode()


@tagged("post_install", "-at_install")
class TestPrint(PrintCase, CustomerCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine, cls.theirs, cls.none = cls._customers(3, "Print")
        cls.user = cls._user("printer", "own")
        cls.mine.user_id = cls.user
        cls.none.customer_rank = 1
        # Long in everything: names, amounts, documents, reasons.
        cls.mine.name = "Consolidated International Building Materials Wholesale " * 2
        rows = [(cls.mine, cls._day(n * 9), 1_234_567.89 - n) for n in range(100)]
        rows += [(cls.mine, cls._day(n * 40), -1_000.5) for n in range(9)]
        rows += [(cls.theirs, cls._day(n * 30), 50) for n in range(10)]
        cls._bulk(rows)

    @classmethod
    def _day(cls, ago):
        return cls.today - timedelta(days=ago)

    def setUp(self):
        super().setUp()
        self._run("full")
        self.profile = self._profile(self.mine)

    def test_the_longest_receipts_fill_one_page(self):
        reason = "Signed a yearly contract after long negotiations, " * 4
        self.profile._set_manual("tier", self.tiers["key"], reason, self._ago(-300))
        self.profile._set_manual("stage", self.stages["growth"], reason, self._ago(-300))
        pdf = self._pdf(self.profile)
        self.assertEqual(len(pdf.pages), 1)
        self.assertEqual(tuple(map(int, pdf.pages[0].mediabox[2:])), A4)
        # Glyphs drawn, not characters: what they say is read from the page that was printed.
        self.assertGreater(len(pdf.pages[0].get_contents().get_data()), 20_000)
        page = self._html(self.profile)
        self.assertIn("Consolidated International", page)
        self.assertIn(f"{self.profile.revenue:,.2f}", page)

    def test_it_says_what_the_receipts_say(self):
        page = self._html(self.profile)
        for axis in self.profile._value_receipt().axes():
            self.assertIn(axis.how, page)
            self.assertIn(axis.points, page)
        for row in self.profile._stage_receipt().trend_sum():
            self.assertIn(row.value, page)
        self.assertIn(f"Invoices: {self.profile.invoice_count}", page)
        self.assertEqual(page.count("BULK/"), PRINTED_DOCUMENTS)
        self.assertIn("The newest", " ".join(page.split()))
        self.assertNotIn("data-customer-action", page)

    def test_only_documents_that_the_reader_may_see(self):
        page = self._html(self.profile.with_user(self.user))
        self.assertIn(f"Invoices: {self.profile.invoice_count}", page)
        self.assertNotIn("BULK/", page)

    def test_only_own_customers(self):
        with self.assertRaises(AccessError):
            self._html(self._profile(self.theirs).with_user(self.user))

    def test_only_people_of_customer_success_have_it_in_their_menu(self):
        report = self.env.ref("customer_success.report_customer")
        for groups, offered in ((("own",), True), ((), False)):
            user = self._user(f"menu_{len(groups)}", *groups)
            bindings = self.env["ir.actions.actions"].with_user(user)
            listed = bindings.get_bindings("customer.profile").get("report", ())
            self.assertEqual(report.id in [action["id"] for action in listed], offered)

    def test_without_a_purchase(self):
        profile = self._profile(self.none)
        page = self._html(profile)
        self.assertIn("The first purchase gives a tier", page)
        self.assertNotIn("Made from", page)


@tagged("post_install", "-at_install")
class TestPrintDemo(PrintCase, HttpCase):
    def test_the_longest_demo_pages_are_one_page_in_both_languages(self):
        """Those with most text; a PDF of everybody would take minutes."""
        company = self.env.ref("customer_success_demo.company_hartwell", raise_if_not_found=False)
        other = self.env.ref("customer_success_demo.company_hengzhu", raise_if_not_found=False)
        module = self.env["ir.module.module"].search([("name", "=", "customer_success")])
        self.assertEqual(bool(company and other), module.demo)
        if not company:
            return
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, profiles in (
            ("en_US", self._of(company)),
            ("zh_CN", self._of(other)),
        ):
            self.assertGreater(len(profiles), 10)
            longest = profiles.with_context(lang=lang).sorted(lambda p: -len(self._html(p)))[:4]
            for profile in longest:
                with self.subTest(profile.display_name, lang=lang):
                    self.assertEqual(len(self._pdf(profile).pages), 1)

    def _of(self, company):
        return self.env["customer.profile"].search([("company_id", "=", company.id)])
