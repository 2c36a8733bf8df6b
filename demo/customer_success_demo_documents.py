"""What the demo's companies sell to whom, and the documents of it."""

from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.fields import Command

from . import generator
from .catalogue import PRODUCTS
from .customer_success_demo import XMLID, noon
from .customers import CUSTOMERS

#: Documents posted at once.
POST_BATCH = 200


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    # ---- catalogue and customers ---------------------------------------------------------------

    def _make_products(self, company, spec) -> dict:
        products = PRODUCTS[spec.key]
        names = list(dict.fromkeys(product.category for product in products))
        categories = self.env["product.category"].create([{"name": name} for name in names])
        by_name = dict(zip(names, categories, strict=True))
        tax = self.env["account.tax"].search(
            [("company_id", "=", company.id), ("type_tax_use", "=", "sale")], limit=1
        )
        records = self.env["product.product"].create(
            [
                {
                    "name": product.name,
                    "default_code": product.code,
                    "categ_id": by_name[product.category].id,
                    "list_price": product.price,
                    "company_id": company.id,
                    "type": "consu",
                    "taxes_id": [Command.set(tax.ids)],
                    "supplier_taxes_id": [Command.clear()],
                }
                for product in products
            ]
        )
        return {product.default_code: product for product in records}

    def _make_partners(self, company, spec, people) -> dict:
        customers = [customer for customer in CUSTOMERS if customer.company == spec.key]
        partners = self.env["res.partner"].create(
            [
                self._partner_values(company, spec, customer, people, number)
                for number, customer in enumerate(customers)
            ]
        )
        by_key = dict(zip((customer.key for customer in customers), partners, strict=True))
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{XMLID}.partner_{key}", "record": partner, "noupdate": True}
                for key, partner in by_key.items()
            ]
        )
        return by_key

    def _partner_values(self, company, spec, customer, people, number) -> dict:
        country = self.env.ref(f"base.{(customer.country or spec.country).lower()}")
        domain = f"{customer.key.replace('_', '-')}.example.com"
        phone = spec.phones.format(f"{120 + number:04}")
        lang = self._language(spec, customer.country)
        return {
            "name": customer.name,
            "is_company": True,
            "lang": lang,
            "company_id": company.id,
            "user_id": people[customer.manager].id,
            # Some records have gaps, as records do.
            "street": f"{100 + 7 * number} {spec.street.split(' ', 1)[-1]}"
            if number % 4
            else False,
            "vat": f"{spec.country.upper()}{91310000 + 17 * number}" if number % 6 else False,
            "city": customer.city,
            "country_id": country.id,
            "state_id": self._state(country, customer.state).id,
            "phone": phone,
            "email": f"info@{domain}",
            "website": f"https://www.{domain}",
            "child_ids": [
                Command.create(
                    {
                        "name": customer.contact,
                        "function": customer.function,
                        "lang": lang,
                        "email": f"{generator.mailbox(customer)}@{domain}",
                        "phone": phone,
                        "company_id": company.id,
                    }
                )
            ],
        }

    # ---- documents -----------------------------------------------------------------------------

    def _make_invoices(self, company, spec, products, partners) -> None:
        """Invoices, the credit notes on them, and the payments of them; all posted."""
        documents = generator.documents(spec.key, company._customer_today())
        billed = [document for document in documents if document.kind == "invoice"]
        currencies = {d.currency: self.env.ref(f"base.{d.currency}") for d in billed if d.currency}
        currencies[""] = company.currency_id
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": partners[document.customer].id,
                    "invoice_user_id": partners[document.customer].user_id.id,
                    "invoice_payment_term_id": self.env.ref(
                        "account.account_payment_term_30days"
                    ).id,
                    "currency_id": currencies[document.currency].id,
                    "invoice_date": document.day,
                    "date": document.day,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": products[line.product].id,
                                "quantity": line.quantity,
                                "price_unit": line.unit_price,
                                "discount": line.discount,
                            }
                        )
                        for line in document.lines
                    ],
                }
                for document in billed
            ]
        )
        self._post(invoices)
        by_key = dict(zip((document.key for document in billed), invoices, strict=True))
        self._make_credits([d for d in documents if d.kind == "credit"], by_key)
        self._make_payments(company, {by_key[d.key]: d.paid for d in billed if d.paid})

    def _post(self, moves) -> None:
        for start in range(0, len(moves), POST_BATCH):
            moves[start : start + POST_BATCH]._post(soft=False)

    def _make_credits(self, documents, invoices) -> None:
        """Credit notes as the button on an invoice makes them, reduced to the share given back."""
        origins = self.env["account.move"].union(*(invoices[d.origin] for d in documents))
        notes = origins._reverse_moves(
            [{"invoice_date": document.day, "date": document.day} for document in documents]
        )
        for document, note in zip(documents, notes, strict=True):
            if document.share < 1:
                note.invoice_line_ids = [
                    Command.update(
                        line.id, {"quantity": max(1, round(line.quantity * document.share))}
                    )
                    for line in note.invoice_line_ids
                ]
        self._post(notes)

    def _make_payments(self, company, paid_on: dict) -> None:
        """What customers paid, one entry in the bank's journal per month."""
        of_month = defaultdict(list)
        for invoice, day in paid_on.items():
            due = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
            if not company.currency_id.is_zero(sum(due.mapped("amount_residual"))):
                of_month[day.replace(day=1)].append((day, due))
        bank = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        entries = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "journal_id": bank.id,
                    "date": max(day for day, __ in paid),
                    "ref": f"Bank statement {month:%Y-%m}",
                    "line_ids": [self._receipt(bank, [due for __, due in paid])]
                    + [self._settlement(due) for __, due in paid],
                }
                for month, paid in of_month.items()
            ]
        )
        self._post(entries)
        pairs = []
        for entry, paid in zip(entries, of_month.values(), strict=True):
            settled = entry.line_ids.filtered("partner_id")
            pairs += [due + line for (__, due), line in zip(paid, settled, strict=True)]
        self.env["account.move.line"]._reconcile_plan(pairs)

    def _receipt(self, bank, dues) -> tuple:
        return Command.create(
            {
                "account_id": bank.default_account_id.id,
                "name": "Customer payments",
                "debit": sum(due.amount_residual for due in dues),
            }
        )

    def _settlement(self, due) -> tuple:
        return Command.create(
            {
                "account_id": due.account_id.id,
                "partner_id": due.partner_id.id,
                "name": due.move_id.name,
                "currency_id": due.currency_id.id,
                "amount_currency": -due.amount_residual_currency,
                "balance": -due.amount_residual,
            }
        )

    def _make_quotations(self, company, spec, products, partners) -> None:
        documents = generator.documents(spec.key, company._customer_today())
        self.env["sale.order"].create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partners[document.customer].id,
                    "user_id": partners[document.customer].user_id.id,
                    "date_order": noon(document.day),
                    "validity_date": document.day + timedelta(days=30),
                    "state": "sent",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": products[line.product].id,
                                "product_uom_qty": line.quantity,
                                "price_unit": line.price,
                            }
                        )
                        for line in document.lines
                    ],
                }
                for document in documents
                if document.kind == "quotation"
            ]
        )
