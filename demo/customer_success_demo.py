"""Loads the demo: two distributors of building materials, their people, customers and documents.

Everything is made through Odoo's own models, as users would have made it. Then the product's own
computation is run as of past days, so that the log of transitions tells a year.
"""

from datetime import date, datetime, time

from odoo import api, models
from odoo.fields import Command

from . import generator
from .companies import COMPANIES, PEOPLE

#: The external ids of what is made here; not the addon's own, since posted documents outlive it.
XMLID = "customer_success_demo"
#: Percent of the tax that comes with the generic chart of accounts.
_TEMPLATE_TAX = 15.0


def noon(day: date) -> datetime:
    """Noon of that day, UTC: the same day wherever the company is."""
    return datetime.combine(day, time(12))


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
        quiet._load_words()
        quiet._compute_others()
        people = quiet._make_people()
        for spec in COMPANIES:
            company = quiet._make_company(spec)
            quiet._assign_people(company, spec, people)
            here = quiet.with_context(allowed_company_ids=company.ids)
            here._make_rates(company, spec)
            products = here._make_products(company, spec)
            partners = here._make_partners(company, spec, people)
            here._make_invoices(company, spec, products, partners)
            here.env.cr.flush()  # writes the marks of these documents, for the runs to take
            here._compute_past(company)
            # Only now: an offer of last week made nobody a potential customer a year ago.
            here._make_quotations(company, spec, products, partners)
            here._make_urgent_orders(company, spec, products, partners)
            here.env.cr.flush()
            here._compute_today(company)
            here._choose_by_hand(company, spec)
            here._make_tickets(company, spec, partners, people)
            here._make_followups(company, spec, partners, people)
            here._make_portal(company, spec, partners)
            here._make_problems(company, spec, partners, products, people)
            here._make_retention(company, spec, partners, people)
            here._make_care(company, spec, partners)
            here._plan_the_morning(company)
            here._weigh_demand(company)
            here._verify_data(company)

    # ---- helpers -------------------------------------------------------------------------------

    def _name_record(self, name: str, record) -> None:
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{XMLID}.{name}", "record": record, "noupdate": True}]
        )

    def _load_words(self) -> None:
        """Ours of today, before the customers are told anything: Odoo loads them after the demo."""
        self.env["ir.module.module"]._get("customer_success")._update_translations()

    def _language(self, spec, country="") -> str:
        """What the people of a company speak with each other, where Odoo speaks it too."""
        spoken = self.env["res.lang"]._get_data(code=spec.lang).code
        return spoken if spoken and country in ("", spec.country.upper()) else "en_US"

    def _compute_others(self) -> None:
        """Judge the customers of companies that are there already, so that theirs are not ours."""
        companies = self.env["res.company"].search([("active", "=", True)])
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
        spoken = {spec.key: spec for spec in COMPANIES}
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
                    "lang": self._language(spoken[person.company]),
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
        company = (
            self.with_context(install_mode=True)
            .env["res.company"]
            .create(
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
        )
        # Only now: a company made with a domain has it looked up on the Internet.
        company = company.with_env(self.env)
        company.write({"email": f"office@{spec.domain}", "website": f"https://www.{spec.domain}"})
        company.partner_id.write({"tz": spec.timezone, "lang": self._language(spec)})
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
