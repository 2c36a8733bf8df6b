"""Loads the demo: two distributors of building materials, their people, customers and documents.

Everything is made through Odoo's own models, as users would have made it. Then the product's own
computation is run as of past days, so that the log of transitions tells a year.
"""

import logging
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from . import generator
from .catalogue import PRODUCTS
from .companies import COMPANIES, MANUAL, PEOPLE
from .customers import CUSTOMERS

_logger = logging.getLogger(__name__)

#: The external ids of what is made here; not the addon's own, since posted documents outlive it.
XMLID = "customer_success_demo"
#: Percent of the tax that comes with the generic chart of accounts.
_TEMPLATE_TAX = 15.0
#: Documents posted at once.
POST_BATCH = 200
#: How far back the computation is run, and how often.
COMPUTED_DAYS = 400
COMPUTED_EVERY = 7


class CustomerSuccessDemo(models.AbstractModel):
    _name = "customer.success.demo"
    _description = "Demo data: two distributors of building materials"

    @api.model
    def _load(self) -> None:
        """Make the demo, once; called by the demo file alone (its name keeps it from RPC)."""
        if self.env.ref(f"{XMLID}.company_hartwell", raise_if_not_found=False):
            return
        quiet = self.with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
            no_reset_password=True,
            lang="en_US",
        )
        quiet._compute_others()
        people = quiet._make_people()
        for spec in COMPANIES:
            company = quiet._make_company(spec)
            quiet._assign_people(company, spec, people)
            quiet = quiet.with_context(allowed_company_ids=company.ids)
            quiet._make_rates(company, spec)
            products = quiet._make_products(company, spec)
            partners = quiet._make_partners(company, spec, people)
            quiet._make_documents(company, spec, products, partners)
            quiet._compute_history(company)
            quiet._choose_by_hand(company, spec)

    # ---- helpers -------------------------------------------------------------------------------

    def _name_record(self, name: str, record) -> None:
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{XMLID}.{name}", "record": record, "noupdate": True}]
        )

    def _compute_others(self) -> None:
        """Judge the customers of companies that are there already, so that theirs are not ours."""
        companies = self.env["res.company"].search([])
        companies._customer_set_up()
        for run in self.env["customer.run"].search([("state", "=", "queued")]):
            while run._advance():
                pass

    # ---- people and companies ------------------------------------------------------------------

    def _make_people(self) -> dict:
        groups = {
            "own": ("customer_success.group_customer_own", "sales_team.group_sale_salesman"),
            "all": ("customer_success.group_customer_all", "sales_team.group_sale_manager"),
        }
        users = self.env["res.users"].create(
            [
                {
                    "name": person.name,
                    "login": person.login,
                    "password": person.login,
                    "email": f"{person.login}@{person.domain}",
                    "phone": person.phone,
                    "tz": person.timezone,
                    "function": person.function,
                    "group_ids": [
                        Command.link(self.env.ref(name).id)
                        for name in ("base.group_user", *groups[person.sees])
                    ],
                }
                for person in PEOPLE
            ]
        )
        for user in users:
            self._name_record(f"user_{user.login}", user)
        return {user.login: user for user in users}

    def _make_company(self, spec):
        country = self.env.ref(f"base.{spec.country}")
        currency = self.env.ref(f"base.{spec.currency}")
        currency.active = True
        # In install mode: else a company's country has its localization installed there and then.
        company = self.with_context(install_mode=True).env["res.company"].create(
            {
                "name": spec.name,
                "currency_id": currency.id,
                "country_id": country.id,
                "street": spec.street,
                "city": spec.city,
                "zip": spec.zip,
                "state_id": self._state(country, spec.state).id,
                "phone": spec.phone,
            }
        )
        # Only now: a company made with a domain has it looked up on the Internet.
        company = company.with_env(self.env)
        company.write(
            {"email": f"office@{spec.domain}", "website": f"https://www.{spec.domain}"}
        )
        company.partner_id.tz = spec.timezone
        self._name_record(f"company_{spec.key}", company)
        self._load_accounts(company, spec)
        return company

    def _load_accounts(self, company, spec) -> None:
        """The generic chart of accounts, which is American, with the country's currency and tax."""
        currency = company.currency_id
        # Not try_loading: it warns while modules are being installed, when this always runs.
        self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        country = company.country_id
        company.write({"currency_id": currency.id, "account_fiscal_country_id": country.id})
        own = [("company_id", "=", company.id)]
        positions = self.env["account.fiscal.position"].search(own)
        for records in (
            self.env["account.tax.group"].search(own),
            self.env["account.tax"].search(own),
            positions.filtered("country_id"),
        ):
            records.country_id = country
        self.env["account.tax"].search([*own, ("amount", "=", _TEMPLATE_TAX)]).write(
            {"name": spec.tax_name, "amount": spec.tax}
        )

    def _assign_people(self, company, spec, people) -> None:
        own = [person for person in PEOPLE if person.company == spec.key]
        for person in own:
            people[person.login].write(
                {"company_ids": [Command.set(company.ids)], "company_id": company.id}
            )
        for person in PEOPLE:
            if person.both and person.company != spec.key:
                people[person.login].company_ids = [Command.link(company.id)]
        admin = self.env.ref("base.user_admin")
        admin.company_ids = [Command.link(company.id)]
        if spec is COMPANIES[0]:
            admin.company_id = company  # whoever logs in sees the story at once

    def _state(self, country, code):
        return self.env["res.country.state"].search(
            [("country_id", "=", country.id), ("code", "=", code)], limit=1
        )

    def _make_rates(self, company, spec) -> None:
        rows = generator.rates(spec.key, company._customer_today())
        currencies = {code: self.env.ref(f"base.{code}") for code, __, __ in rows}
        for currency in currencies.values():
            currency.active = True
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currencies[code].id,
                    "company_id": company.id,
                    "name": month,
                    "rate": rate,
                }
                for code, month, rate in rows
            ]
        )

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
        by_key = {}
        for customer, partner in zip(customers, partners, strict=True):
            by_key[customer.key] = partner
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
        return {
            "name": customer.name,
            "is_company": True,
            "company_id": company.id,
            "user_id": people[customer.manager].id,
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
                        "email": f"{generator.mailbox(customer)}@{domain}",
                        "phone": phone,
                        "company_id": company.id,
                    }
                )
            ],
        }

    # ---- documents -----------------------------------------------------------------------------

    def _make_documents(self, company, spec, products, partners) -> None:
        documents = generator.documents(spec.key, company._customer_today())
        of_kind = defaultdict(list)
        for document in documents:
            of_kind[document.kind].append(document)
        invoices = self._make_invoices(company, of_kind["invoice"], products, partners)
        self._post(invoices)
        by_key = dict(zip((d.key for d in of_kind["invoice"]), invoices, strict=True))
        self._make_credits(of_kind["credit"], by_key)
        self._make_quotations(company, of_kind["quotation"], products, partners)

    def _make_invoices(self, company, documents, products, partners):
        currencies = {d.currency: self.env.ref(f"base.{d.currency}") for d in documents if d.currency}
        currencies[""] = company.currency_id
        return self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": partners[document.customer].id,
                    "invoice_user_id": partners[document.customer].user_id.id,
                    "currency_id": currencies[document.currency].id,
                    "invoice_date": document.day,
                    "date": document.day,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": products[line.product].id,
                                "quantity": line.quantity,
                                "price_unit": line.price,
                            }
                        )
                        for line in document.lines
                    ],
                }
                for document in documents
            ]
        )

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
                    Command.update(line.id, {"quantity": max(1, round(line.quantity * document.share))})
                    for line in note.invoice_line_ids
                ]
        self._post(notes)

    def _make_quotations(self, company, documents, products, partners) -> None:
        self.env["sale.order"].create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partners[document.customer].id,
                    "user_id": partners[document.customer].user_id.id,
                    "date_order": _at(document.day),
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
            ]
        )

    # ---- a year of the product at work ---------------------------------------------------------

    def _compute_history(self, company) -> None:
        """Compute as of every few days of the last year, as the nightly job would have."""
        today = company._customer_today()
        day = today - timedelta(days=COMPUTED_DAYS // COMPUTED_EVERY * COMPUTED_EVERY)
        default = self.env["customer.value.policy"]._published(company)
        default.published_on = _at(day - timedelta(days=1))
        published_in = None
        while day <= today:
            if day.year != published_in:
                self._publish(company, day)
                published_in = day.year
            self._compute_as_of(company, day, _at(day) if day < today else fields.Datetime.now())
            day += timedelta(days=COMPUTED_EVERY)

    def _publish(self, company, day: date) -> None:
        """The policy of a year: calibrated on the company's own data, as an admin would."""
        draft = self.env["customer.value.policy"]._published(company).copy(
            {"name": f"Standard {day.year}"}
        )
        draft._calibrate(day)
        draft.action_publish()
        draft.published_on = _at(day)
        # Publishing queues a run of today; here one as of that day follows.
        self.env["customer.run"].search(
            [("company_id", "=", company.id), ("state", "=", "queued")]
        ).unlink()

    def _compute_as_of(self, company, day: date, at: datetime) -> None:
        run = self.env["customer.run"].create(
            {
                "company_id": company.id,
                "kind": "full",
                "state": "running",
                "as_of": day,
                "started": at,
                "total": self.env["customer.run"]._last_customer() + 1,
            }
        )
        while run._advance():
            pass
        run.ended = at + timedelta(seconds=run.duration)
        # The log says when something was recorded, which is the time of this transaction. In the
        # demo it is moved to the day as of which it was computed: only so does the history read
        # like one. The product itself never changes its log.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE customer_transition SET at = %s WHERE company_id = %s AND as_of = %s",
                at,
                company.id,
                day,
            )
        )
        self.env["customer.transition"].invalidate_model(["at"])

    def _choose_by_hand(self, company, spec) -> None:
        today = company._customer_today()
        for choice in MANUAL:
            if choice.company != spec.key:
                continue
            partner = self.env.ref(f"{XMLID}.partner_{choice.customer}")
            profile = self.env["customer.profile"].search(
                [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
            )
            user = self.env.ref(f"{XMLID}.user_{choice.user}")
            record = self.env.ref(f"customer_success.{choice.kind}_{choice.value}")
            profile.with_user(user).with_company(company)._set_manual(
                choice.kind,
                record.with_user(user),
                choice.reason,
                today + timedelta(days=choice.days),
            )


def _at(day: date) -> datetime:
    """Noon of that day, UTC: the same day wherever the company is."""
    return datetime.combine(day, time(12))
