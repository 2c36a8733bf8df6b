"""Marks: who is to be recomputed, said by posting, at the price of one insert."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.facts.account_move import AccountMove
from .common import CustomerCase


class MarkCase(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()

    def setUp(self):
        super().setUp()
        self._forget_marks()

    def _forget_marks(self):
        self._settle()
        self.env.cr.execute("DELETE FROM customer_mark")

    @contextmanager
    def assertMarks(self, *customers, company=None):
        """The block, committed, leaves exactly these marks in the company."""
        yield
        self.assertEqual(
            self._marks(company), sorted(customer.id for customer in customers), "marks written"
        )
        self._forget_marks()

    @contextmanager
    def _queries(self):
        """The statements executed in the block, as text."""
        seen = []
        cursor = type(self.env.cr)
        execute = cursor.execute

        def spy(cr, query, *args, **kwargs):
            seen.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        with patch.object(cursor, "execute", spy):
            yield seen


@tagged("post_install", "-at_install")
class TestMarksOfInvoices(MarkCase):
    def test_each_step_of_a_document_marks_its_customer_once(self):
        invoice = self._invoice(self.customer, self._ago(5), 10, post=False)
        self._forget_marks()
        with self.assertMarks(self.customer):
            invoice.action_post()
        with self.assertMarks(self.customer):
            invoice.button_draft()
        with self.assertMarks(self.customer):
            invoice.action_post()
        with self.assertMarks(self.customer):
            invoice.button_cancel()

    def test_reversing_marks_the_customer_once(self):
        invoice = self._invoice(self.customer, self._ago(5), 10)
        self._forget_marks()
        with self.assertMarks(self.customer):
            invoice._reverse_moves([{"invoice_date": self._ago(1)}], cancel=True)

    def test_a_credit_note_marks_its_customer(self):
        with self.assertMarks(self.customer):
            self._credit(self.customer, self._ago(5), 10)

    def test_a_contact_marks_its_firm(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        with self.assertMarks(self.customer):
            self._invoice(contact, self._ago(5), 10)

    def test_a_changed_customer_marks_both(self):
        """A posted document handed to another customer, as the merge of contacts does."""
        invoice = self._invoice(self.customer, self._ago(5), 10)
        self._forget_marks()
        other = self._customer()
        with self.assertMarks(self.customer, other):
            invoice.button_draft()
            invoice.partner_id = other
            invoice.action_post()

    def test_a_changed_date_marks(self):
        invoice = self._invoice(self.customer, self._ago(5), 10)
        self._forget_marks()
        with self.assertMarks(self.customer):
            invoice.button_draft()
            invoice.invoice_date = self._ago(50)
            invoice.action_post()

    def test_bills_and_entries_mark_nobody(self):
        own = self._in(self.company)
        expense = self.company.expense_currency_exchange_account_id
        payable = own["account.account"].create(
            {"name": "Payables", "code": "211000", "account_type": "liability_payable"}
        )
        journal = own["account.journal"].create(
            {"name": "Bills", "type": "purchase", "code": "BILL", "default_account_id": expense.id}
        )
        self.customer.with_company(self.company).property_account_payable_id = payable
        for kind in ("in_invoice", "in_refund"):
            with self.subTest(kind), self.assertMarks():
                move = self._document(
                    self.customer, self._ago(5), 10, kind=kind, post=False, journal_id=journal.id
                )
                move.action_post()
        entry = own["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company.currency_exchange_journal_id.id,
                "line_ids": [
                    Command.create(
                        {"account_id": expense.id, "debit": 5, "partner_id": self.customer.id}
                    ),
                    Command.create({"account_id": expense.id, "credit": 5}),
                ],
            }
        )
        with self.assertMarks():
            entry.action_post()

    def test_marks_belong_to_the_documents_company(self):
        other = self._new_company("Other")
        with self.assertMarks(self.customer, company=other):
            self._invoice(self.customer, self._ago(5), 10, company=other)
            self.assertEqual(self._marks(), [])

    def test_a_posted_documents_amount_does_not_change_unseen(self):
        """Either Odoo refuses it, or the customer is marked."""
        invoice = self._invoice(self.customer, self._ago(5), 10)
        self._forget_marks()
        for change in (
            lambda: invoice.invoice_line_ids.write({"price_unit": 50}),
            lambda: invoice.write(
                {"invoice_line_ids": [Command.update(invoice.invoice_line_ids.id, {"quantity": 9})]}
            ),
        ):
            before = invoice.amount_untaxed_signed
            try:
                with self.env.cr.savepoint():
                    change()
                    self.env.flush_all()
            except UserError:
                continue
            if invoice.amount_untaxed_signed != before:
                self.assertEqual(self._marks(), [self.customer.id])
                self._forget_marks()

    def test_a_posted_document_deleted_by_force_marks(self):
        invoice = self._invoice(self.customer, self._ago(5), 10)
        self._forget_marks()
        with self.assertMarks(self.customer):
            invoice.with_context(force_delete=True).unlink()

    def test_what_does_not_change_a_fact_does_not_mark(self):
        invoice = self._invoice(self.customer, self._ago(5), 10)
        self._forget_marks()
        with self.assertMarks():
            invoice.write({"ref": "PO 17", "narration": "Thank you", "payment_reference": "X"})
            self.env.flush_all()

    def test_one_insert_per_transaction_and_no_other_query(self):
        """However many documents of however many customers; posting costs nothing else."""
        customers = self._customers(6)
        with self._hook_disabled():
            self._post(customers)  # warm
            without = self._count(customers)
        inserts, others = self._count(customers)
        self.assertEqual((inserts, others), (1, without[1]))
        self.assertEqual(without[0], 0)
        self.assertEqual(self._marks(), sorted(customers.ids))

    def _post(self, customers):
        moves = self.env["account.move"].concat(
            *(self._invoice(customer, self._ago(5), 10, post=False) for customer in customers),
            *(self._invoice(customer, self._ago(4), 10, post=False) for customer in customers),
        )
        self._forget_marks()
        self.env.invalidate_all()
        with self._queries() as queries:
            for part in (moves[:5], moves[5:6], moves[6:]):
                part.action_post()
            self._settle()
        return queries

    def _count(self, customers) -> tuple[int, int]:
        queries = self._post(customers)
        inserts = [q for q in queries if "customer_mark" in q]
        return len(inserts), len(queries) - len(inserts)

    @contextmanager
    def _hook_disabled(self):
        """Odoo's own posting: as if the addon did not override ``write``."""

        def write(records, vals):
            return super(AccountMove, records).write(vals)

        with patch.object(AccountMove, "write", write):
            yield

    def test_a_rolled_back_posting_leaves_no_mark(self):
        """The insert belongs to the posting's transaction and dies with it."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            env["customer.mark"]._add([(self.company.id, self.customer.id)])
            self.assertTrue(cr.precommit.data)
            cr.rollback()
            cr.flush()
            self.assertFalse(env["customer.mark"].search([("company_ref", "=", self.company.id)]))

    def test_marking_needs_no_right(self):
        """Whoever may post marks, though nobody but an administrator may see marks."""
        biller = self._user("biller")
        biller.group_ids += self.env.ref("account.group_account_invoice")
        invoice = self._invoice(self.customer, self._ago(5), 10, post=False)
        with self.assertMarks(self.customer):
            invoice.with_user(biller).action_post()

    def test_a_mark_without_company_or_customer_is_none(self):
        with self.assertMarks():
            self.env["customer.mark"]._add([(self.company.id, False), (False, self.customer.id)])


@tagged("post_install", "-at_install")
class TestMarksOfOrders(MarkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._in(cls.company)["product.product"].create(
            {"name": "Cement", "type": "service", "taxes_id": [Command.clear()]}
        )

    def _order(self):
        return self._in(self.company)["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.id, "price_unit": 5})],
            }
        )

    def test_each_step_of_an_order_marks_its_customer_once(self):
        with self.assertMarks(self.customer):
            order = self._order()
        with self.assertMarks(self.customer):
            order.action_confirm()
        with self.assertMarks(self.customer):
            order.order_line.price_unit = 8
        with self.assertMarks(self.customer):
            order.write({"order_line": [Command.create({"product_id": self.product.id})]})
        with self.assertMarks(self.customer):
            order.date_order = self._noon(self._ago(5))
        with self.assertMarks(self.customer):
            order._action_cancel()

    def test_editing_a_quotation_marks_nobody(self):
        order = self._order()
        self._forget_marks()
        with self.assertMarks():
            order.order_line.price_unit = 8

    def test_a_moved_contact_marks_both_firms(self):
        """With orders as the source, whose purchases a contact's are follows from where it is now."""
        self.company.customer_fact_source = "order"
        firm, new_firm = self._customers(2)
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": firm.id})
        self.customer = contact
        self._order().action_confirm()
        self._forget_marks()
        with self.assertMarks(firm, new_firm):
            contact.parent_id = new_firm
            self.env.flush_all()

    def test_a_credit_note_marks_whom_the_order_is_of(self):
        """The credit note may name another firm than the order's contact belongs to today."""
        self.company.customer_fact_source = "order"
        order = self._order()
        order.action_confirm()
        other = self._customer()
        move = self._credit(other, self._ago(1), 5, post=False)
        move.invoice_line_ids.sale_line_ids = order.order_line
        self._forget_marks()
        with self.assertMarks(self.customer, other):
            move.action_post()


@tagged("post_install", "-at_install")
class TestMarksTaken(MarkCase):
    def test_a_run_takes_the_marks_it_has_read(self):
        self._invoice(self.customer, self._ago(5), 10)
        self.assertEqual(self._marks(), [self.customer.id])
        self._run()
        self.assertEqual(self._marks(), [])
        self.assertEqual(self._profile(self.customer).revenue, 10)

    def test_a_run_leaves_the_marks_of_another_company(self):
        other = self._new_company("Other")
        self._invoice(self.customer, self._ago(5), 10, company=other)
        self._run()
        self.assertEqual(self._marks(other), [self.customer.id])

    def test_a_mark_of_a_deleted_customer_is_taken_and_does_no_harm(self):
        gone = self._customer()
        self.env["customer.mark"]._add([(self.company.id, gone.id)])
        self._settle()
        gone.unlink()
        run = self._run()
        self.assertEqual((run.state, self._marks()), ("done", []))

    def test_a_mark_of_a_contact_makes_no_customer_of_it(self):
        """A prospect that was put under a firm before the run read its mark."""
        self._in(self.company)["sale.order"].create({"partner_id": self.customer.id})
        firm = self._customer()
        self._settle()
        self.customer.write({"parent_id": firm.id, "is_company": False})
        self._run("nightly")
        self.assertFalse(self._profile(self.customer))
        self.assertTrue(self._profile(firm), "the quotation is the firm's now")

    def test_a_future_document_is_judged_on_its_day_without_a_mark(self):
        day = self.today + timedelta(9)
        self._invoice(self.customer, day, 10)
        self._run()
        profile = self._profile(self.customer)
        self.assertEqual(profile.lifecycle_stage_id, self.stages["potential"])
        self.assertEqual(profile.next_change_date, day)
        self._run(day=day - timedelta(1))
        self.assertFalse(profile.value_tier_id)
        self._run(day=day)
        self.assertEqual(profile.revenue, 10)
        self.assertEqual(profile.lifecycle_stage_id, self.stages["introduction"])
