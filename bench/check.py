"""Whether the product's profiles equal a brute-force computation, customer by customer.

Documents of a sample of customers are read as they are; ``tests/oracle.py`` makes facts of them in plain
Python and asks the kernels about one customer at a time.
"""

import random
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from import_records import session
from import_records.slow_check import load_oracle, same

from odoo.addons.customer_success import tools as kernels


class Check(NamedTuple):
    customers: int
    documents: int
    wrong: list[str]  # one line per figure that differs


def sample(database: str, size: int) -> Check:
    """Compare a seeded sample of each company's customers, the greatest among them.

    To be called after a first full run of today: what a later run keeps, the oracle does not know.
    """
    oracle = load_oracle()
    wrong: list[str] = []
    customers = documents = 0
    with session.environment(database) as env:
        for company in env["res.company"].search([]):
            as_of = company._customer_today()
            rules, windows = (
                env["customer.run"].new({"company_id": company.id, "as_of": as_of})._rules()
            )
            profiles = _sample(env, company, size)
            known = _documents(env, oracle, company, list(profiles))
            expected = oracle.facts(
                known, company=company.id, as_of=as_of, windows=oracle.Windows(*windows)
            )
            for partner_id, profile in profiles.items():
                fact = expected.get(partner_id) or _nothing(oracle)
                judged = oracle.judged(fact, rules, as_of=as_of, kernels=kernels)
                wrong += _compare(profile, fact, judged, rules)
            customers += len(profiles)
            documents += len(known)
    return Check(customers, documents, wrong)


def _sample(env, company, size: int) -> dict[int, dict]:
    env.cr.execute(
        "SELECT partner_id FROM customer_profile WHERE company_id = %s ORDER BY revenue DESC, id",
        [company.id],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    chosen = set(ids[:20]) | set(random.Random(company.id).sample(ids, min(size, len(ids))))
    env.cr.execute(
        "SELECT * FROM customer_profile WHERE company_id = %s AND partner_id = ANY(%s)",
        [company.id, sorted(chosen)],
    )
    return {row["partner_id"]: row for row in env.cr.dictfetchall()}


def _documents(env, oracle, company, partner_ids) -> list:
    env.cr.execute(
        """
        SELECT id, company_id, commercial_partner_id, invoice_date, move_type, state,
               reversed_entry_id, currency_id, amount_untaxed_signed::text AS amount,
               amount_untaxed::text AS in_currency
          FROM account_move
         WHERE commercial_partner_id = ANY(%s) AND company_id = %s
           AND move_type IN ('out_invoice', 'out_refund')
        """,
        [partner_ids, company.id],
    )
    return [
        oracle.Document(
            company=row["company_id"],
            customer=row["commercial_partner_id"],
            day=row["invoice_date"],
            amount=Decimal(row["amount"]),
            kind="sale" if row["move_type"] == "out_invoice" else "credit",
            key=row["id"],
            reverses=row["reversed_entry_id"],
            currency=row["currency_id"],
            in_currency=Decimal(row["in_currency"]),
            state=row["state"],
        )
        for row in env.cr.dictfetchall()
    ]


def _nothing(oracle):
    empty = oracle.facts(
        [oracle.Document(1, 1, date(2999, 1, 1), Decimal(0))],
        company=1,
        as_of=date(2000, 1, 1),
        windows=oracle.Windows(1, 1, 1),
    )
    return empty[1]


def _compare(profile: dict, fact, judged, rules) -> list[str]:
    tiers = [rule.id for rule in rules.policy.tiers]
    expected = {
        "first_purchase_date": fact.first,
        "last_purchase_date": fact.last,
        "purchase_count": fact.purchases,
        "purchase_count_life": fact.purchases_life,
        "invoice_count": fact.invoices,
        "credit_note_count": fact.credit_notes,
        "revenue": fact.revenue,
        "revenue_previous": fact.revenue_previous,
        "revenue_life": fact.revenue_life,
        "credited": fact.credited,
        "trend_recent": fact.recent,
        "trend_prior": fact.prior,
        "trend_usual": fact.long_run,
        "expected_interval": judged.interval,
        "recency_level": judged.levels[0],
        "frequency_level": judged.levels[1],
        "monetary_level": judged.levels[2],
        "value_score": judged.score,
        "computed_tier_id": tiers[judged.tier] if judged.tier >= 0 else None,
        "computed_stage_id": rules.stage_ids[judged.stage],
        "trend_ratio": judged.trend or 0,
    }
    return [
        f"company {profile['company_id']}, customer {profile['partner_id']}: {name} is"
        f" {profile[name]}, by brute force {value}"
        for name, value in expected.items()
        if not same(profile[name], value)
    ]
