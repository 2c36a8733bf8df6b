"""What the tests of this addon share: a company of their own, documents made cheaply, runs as of any day.

The database may hold demo data or a year of somebody's work. So every test class makes its own companies
and customers, and looks at nothing else.
"""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import freezegun

from odoo import Command, fields
from odoo.tests import HttpCase, TransactionCase, freeze_time, new_test_user
from odoo.tools import SQL

from ..tools import judgement

# pytest measures with the real clock, whatever day a test says it is.
freezegun.configure(extend_ignore_list=["_pytest.timing"])

#: What a run writes about a customer, by field name.
JUDGED = [name for name, __ in judgement.PROFILE_COLUMNS]
GROUP = "customer_success.group_customer_{}"


class CustomerCase(TransactionCase):
    """One company without a history, on a day of its own: ``today``."""

    today = date(2024, 6, 12)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, mail_create_nolog=True, lang=None)
        )
        clock = freeze_time(cls._noon(cls.today))
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls._patterns = {}
        cls.company = cls._new_company("Test Trading")
        cls.tiers = {tier.code: tier for tier in cls.env["customer.tier"].search([])}
        cls.stages = {stage.code: stage for stage in cls.env["customer.lifecycle.stage"].search([])}

    # ---- time ----------------------------------------------------------------------------------

    @staticmethod
    def _noon(day: date) -> datetime:
        return datetime.combine(day, time(12))

    @contextmanager
    def _on(self, day: date):
        """Have it be noon of ``day`` for Python; what time alone computes is forgotten."""
        with freeze_time(self._noon(day)):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()

    def _ago(self, days: int) -> date:
        return self.today - timedelta(days)

    # ---- companies, customers, users -----------------------------------------------------------

    @classmethod
    def _new_company(cls, name, currency="USD", country="US"):
        """A company with a sales journal and the two accounts that an invoice needs."""
        company = cls.env["res.company"].create(
            {
                "name": f"{name} (test)",
                "currency_id": cls._currency(currency).id,
                "country_id": cls.env.ref(f"base.{country.lower()}").id,
            }
        )
        cls.env.user.company_ids += company
        own = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        income, receivable, gain, loss = own["account.account"].create(
            [
                {"name": name, "code": code, "account_type": account_type}
                for name, code, account_type in (
                    ("Sales", "400000", "income"),
                    ("Receivables", "120000", "asset_receivable"),
                    ("Exchange Gain", "410000", "income_other"),
                    ("Exchange Loss", "510000", "expense"),
                )
            ]
        )
        own["account.journal"].create(
            [
                {
                    "name": name,
                    "type": "sale",
                    "code": code,
                    "sequence": sequence,
                    "default_account_id": income.id,
                }
                for name, code, sequence in (("Sales", "INV", 1), ("Bulk", "BULK", 99))
            ]
        )
        company.write(
            {
                "currency_exchange_journal_id": own["account.journal"]
                .create({"name": "Exchange", "type": "general", "code": "EXCH"})
                .id,
                "income_currency_exchange_account_id": gain.id,
                "expense_currency_exchange_account_id": loss.id,
            }
        )
        own["ir.default"].set(
            "res.partner", "property_account_receivable_id", receivable.id, company_id=company.id
        )
        return company

    @classmethod
    def _currency(cls, name):
        currency = (
            cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        )
        currency.active = True
        return currency

    @classmethod
    def _set_rate(cls, company, currency, day, rate):
        """``rate`` units of ``currency`` are one unit of the company's currency, from ``day`` on."""
        cls.env["res.currency.rate"].create(
            {
                "company_id": company.id,
                "currency_id": cls._currency(currency).id,
                "name": day,
                "rate": rate,
            }
        )

    @classmethod
    def _customer(cls, name="Customer", **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def _customers(cls, count, name="Customer", **vals):
        return cls.env["res.partner"].create(
            [{"name": f"{name} {n}", "is_company": True, **vals} for n in range(count)]
        )

    @classmethod
    def _user(cls, login, *levels, companies=None):
        """A user with these of our groups: ``own``, ``all``, ``admin``."""
        companies = companies or cls.company
        return new_test_user(
            cls.env,
            login=f"cs_{login}",
            groups=",".join(["base.group_user", *(GROUP.format(level) for level in levels)]),
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )

    # ---- documents -----------------------------------------------------------------------------

    @classmethod
    def _in(cls, company):
        return cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))

    @classmethod
    def _document(cls, partner, day, amount, kind="out_invoice", company=None, post=True, **vals):
        """An invoice or credit note of one line, through Odoo's own code."""
        company = company or cls.company
        currency = vals.pop("currency", None)
        if currency:
            vals["currency_id"] = cls._currency(currency).id
        move = cls._in(company)["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _invoice(cls, partner, day, amount, **vals):
        return cls._document(partner, day, amount, **vals)

    @classmethod
    def _credit(cls, partner, day, amount, of=None, **vals):
        """A credit note; ``of`` is the invoice that it gives back."""
        if of:
            vals["reversed_entry_id"] = of.id
        return cls._document(partner, day, amount, kind="out_refund", **vals)

    @classmethod
    def _bulk(cls, rows, company=None):
        """Posted documents by SQL, thousands a second: ``(partner, day, amount[, extra columns])``.

        ``amount`` is negative for a credit note. Every column but these is copied from a document that
        Odoo posted, so that the rows are shaped like its own; they have no lines. Their ids.
        """
        company = company or cls.company
        journal = cls._in(company)["account.journal"].search(
            [("code", "=", "BULK"), ("company_id", "=", company.id)]
        )
        patterns = {
            kind: cls._pattern(company, kind, rows[0][0]) for kind in ("out_invoice", "out_refund")
        }
        cls.env.flush_all()
        counter = cls.env["account.move"].search_count([("journal_id", "=", journal.id)])
        columns = [
            name
            for (name,) in cls.env.execute_query(
                SQL(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = 'account_move' AND table_schema = current_schema"
                )
            )
            if name != "id"
        ]
        ids = []
        for number, (partner, day, amount, *extra) in enumerate(rows, counter):
            kind = "out_invoice" if amount >= 0 else "out_refund"
            values = {
                "state": "posted",
                "journal_id": journal.id,
                "name": f"BULK/{company.id}/{number:06}",
                "sequence_prefix": f"BULK/{company.id}/",
                "sequence_number": number,
                "partner_id": partner.id,
                "commercial_partner_id": partner.commercial_partner_id.id,
                "invoice_date": day,
                "date": day,
                "amount_untaxed": abs(amount),
                "amount_total": abs(amount),
                "amount_untaxed_signed": amount,
                "amount_total_signed": amount,
                "amount_untaxed_in_currency_signed": amount,
                **(extra[0] if extra else {}),
            }
            ids += cls.env.execute_query(
                SQL(
                    "INSERT INTO account_move (%s) SELECT %s FROM account_move WHERE id = %s"
                    " RETURNING id",
                    SQL(", ").join(map(SQL.identifier, columns)),
                    SQL(", ").join(
                        SQL("%s", values[name]) if name in values else SQL.identifier(name)
                        for name in columns
                    ),
                    patterns[kind].id,
                )
            )
        cls.env.invalidate_all()
        return [move_id for (move_id,) in ids]

    @classmethod
    def _pattern(cls, company, kind, partner):
        """A document that Odoo posted and took back: a draft, so it counts nowhere."""
        pattern = cls._patterns.get((company, kind))
        if not pattern or not pattern.exists():  # made in another test, and rolled back with it
            pattern = cls._document(partner, cls.today, 1, kind=kind, company=company)
            pattern.button_draft()
            cls._patterns[company, kind] = pattern
        return pattern

    # ---- runs ----------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Do what a commit does first: marks collected so far are written."""
        self.env.cr.flush()

    def _marks(self, company=None) -> list[int]:
        """The customers marked in a company, one entry per mark."""
        self._settle()
        return (
            self.env["customer.mark"]
            .search([("company_ref", "=", (company or self.company).id)], order="partner_ref")
            .mapped("partner_ref")
        )

    def _run(self, kind="incremental", day=None, company=None):
        """Compute now, as of ``day``; the run's entry in the ledger. What was queued is given up."""
        company = company or self.company
        with self._on(day or self.today):
            self._settle()
            self.env["customer.run"].search(
                [("company_id", "=", company.id), ("state", "in", ("queued", "running"))]
            ).write({"state": "superseded"})
            run = self.env["customer.run"]._open(company, kind, "asked")
            while run._advance():
                pass
        self.assertEqual(run.state, "done")
        return run

    def _keep_up(self, day=None, company=None, nightly=False):
        """What the scheduled actions do for one company on ``day``; the runs that it took."""
        runs = self.env["customer.run"]
        with self._on(day or self.today):
            self._settle()
            while run := runs._next_run(company or self.company, nightly):
                self.assertNotIn(run, runs, "a run that never ends")
                while run._advance():
                    pass
                runs += run
                nightly = False
        return runs

    def _profile(self, partner, company=None):
        return self.env["customer.profile"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
                ("active", "in", (True, False)),
            ]
        )

    def _profiles(self, company=None):
        return self.env["customer.profile"].search(
            [("company_id", "=", (company or self.company).id), ("active", "in", (True, False))],
            order="partner_id",
        )

    def _transitions(self, partner, kind=None, company=None):
        """The log of one customer, oldest first."""
        domain = [("profile_id", "in", self._profile(partner, company).ids)]
        return self.env["customer.transition"].search(
            domain + ([("kind", "=", kind)] if kind else []), order="id"
        )

    def _snapshot(self, company=None, names=None) -> dict:
        """What is known of every customer of a company: partner id -> values of all judged columns."""
        self.env.flush_all()
        names = names or JUDGED
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, %s FROM customer_profile WHERE company_id = %s ORDER BY partner_id",
                SQL(", ").join(map(SQL.identifier, names)),
                (company or self.company).id,
            )
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def _physical(self, company=None) -> list[tuple]:
        """Where each profile's row lies and who wrote it: differs when a row was written at all."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT id, ctid::text, xmin::text, write_date FROM customer_profile"
                " WHERE company_id = %s ORDER BY id",
                (company or self.company).id,
            )
        )

    def assertSame(self, left: dict, right: dict, message=""):
        """Two snapshots are equal; says who differs in what."""
        self.assertEqual(left.keys(), right.keys(), message)
        differing = {
            key: {
                name: (left[key][name], right[key][name])
                for name in left[key]
                if left[key][name] != right[key][name]
            }
            for key in left
            if left[key] != right[key]
        }
        self.assertFalse(differing, message)

    def _today_is(self, day: date) -> None:
        self.assertEqual(self.company._customer_today(), day, fields.Datetime.now())


class BrowserCase(HttpCase):
    """The makers of companies and documents without the clock of their case: a browser has its own."""

    _new_company = classmethod(CustomerCase._new_company.__func__)
    _currency = classmethod(CustomerCase._currency.__func__)
    _customer = classmethod(CustomerCase._customer.__func__)
    _in = classmethod(CustomerCase._in.__func__)
    _document = classmethod(CustomerCase._document.__func__)
