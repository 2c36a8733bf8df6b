"""Facts straight from the records, the slow way, against what the product stored."""

import importlib.util
import random
import sys
from datetime import date

from environment import paths

from .records import Records

COMPARED = {
    "first_purchase_date": "first",
    "last_purchase_date": "last",
    "purchase_count": "purchases",
    "purchase_count_life": "purchases_life",
    "invoice_count": "invoices",
    "credit_note_count": "credit_notes",
    "revenue": "revenue",
    "revenue_previous": "revenue_previous",
    "revenue_life": "revenue_life",
    "credited": "credited",
    "trend_recent": "recent",
    "trend_prior": "prior",
    "trend_usual": "long_run",
}


def load_oracle():
    """``tests/oracle.py`` as a module of its own: importing it as the addon's would import all tests."""
    name = "customer_success_oracle"
    if name not in sys.modules:
        path = paths.REPOSITORY / "tests" / "oracle.py"
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def same(stored, value) -> bool:
    """Equal; amounts to the cent: a profile rounds what a sum leaves below it."""
    if isinstance(value, bool | date) or value is None or stored is None:
        return stored == value
    return abs(float(stored) - float(value)) < 0.0051


def differences(env, records: Records, partner_ids: list[int], as_of: date, size: int) -> list[str]:
    """What a sample of profiles says as of ``as_of`` and the records do not."""
    oracle = load_oracle()
    run = env["customer.run"].new({"company_id": env.company.id, "as_of": as_of})
    __, windows = run._rules()
    chosen = set(random.Random(size).sample(range(len(partner_ids)), min(size, len(partner_ids))))
    documents = [
        oracle.Document(
            company=1,
            customer=document.customer,
            day=document.day,
            amount=document.amount,
            kind="sale" if document.amount > 0 else "credit",
            key=index,
            reverses=document.reverses,
        )
        for index, document in enumerate(records.documents)
        if document.customer in chosen
    ]
    facts = oracle.facts(documents, company=1, as_of=as_of, windows=oracle.Windows(*windows))
    env.cr.execute(
        "SELECT * FROM customer_profile WHERE company_id = %s AND partner_id = ANY(%s)",
        [env.company.id, [partner_ids[index] for index in chosen]],
    )
    profiles = {row["partner_id"]: row for row in env.cr.dictfetchall()}
    wrong = []
    for customer, fact in facts.items():
        profile = profiles[partner_ids[customer]]
        wrong += [
            f"{records.customers[customer]}: {name} is {profile[name]},"
            f" by the records {getattr(fact, of)}"
            for name, of in COMPARED.items()
            if not same(profile[name], getattr(fact, of))
        ]
    return wrong
