"""Records into the books: partners, and posted invoices and credit notes, in bulk or through Odoo."""

from odoo.fields import Command

from . import bulk
from .records import Document, Records

#: Through Odoo, so many documents are created and posted at once.
BATCH = 200


def create_customers(env, records: Records) -> list[int]:
    """A partner for each customer, in their order."""
    partners = env["res.partner"].with_context(tracking_disable=True, mail_create_nolog=True)
    ids: list[int] = []
    for names in _batches(records.customers, 1000):
        ids += partners.create(
            [{"name": n, "is_company": True, "customer_rank": 1} for n in names]
        ).ids
    env.flush_all()
    return ids


def post_in_bulk(env, records: Records, partner_ids: list[int]) -> None:
    company = env.company
    bulk.create_staging(env)
    env.cr.execute_values(
        """
        INSERT INTO bulk_document (number, company_id, partner_id, move_type, day, amount, currency_id,
                                   reverses)
        VALUES %s
        """,
        [
            (
                number,
                company.id,
                partner_ids[document.customer],
                "out_invoice" if document.amount > 0 else "out_refund",
                document.day,
                abs(document.amount),
                company.currency_id.id,
                None if document.reverses is None else document.reverses + 1,
            )
            for number, document in enumerate(records.documents, start=1)
        ],
        page_size=10_000,
    )
    with bulk.without_indexes(env, "account_move"):
        bulk.post(env)


def post_through_odoo(env, records: Records, partner_ids: list[int]) -> None:
    """As a bookkeeper would: drafts, then posted; credit notes name the invoice they reverse."""
    moves = env["account.move"].with_context(tracking_disable=True)
    ids: dict[int, int] = {}  # position in the records -> invoice
    numbered = list(enumerate(records.documents))
    for is_credit in (False, True):
        chosen = [each for each in numbered if (each[1].reverses is not None) == is_credit]
        for batch in _batches(chosen, BATCH):
            created = moves.create([_move(document, partner_ids, ids) for __, document in batch])
            created.action_post()
            ids.update(zip((position for position, __ in batch), created.ids, strict=True))
            env.cr.commit()
            env.invalidate_all()


def _move(document: Document, partner_ids: list[int], ids: dict[int, int]) -> dict:
    line = {
        "name": "Purchases",
        "price_unit": float(abs(document.amount)),
        "tax_ids": [Command.clear()],
    }
    return {
        "move_type": "out_invoice" if document.amount > 0 else "out_refund",
        "partner_id": partner_ids[document.customer],
        "invoice_date": document.day,
        "reversed_entry_id": ids.get(document.reverses, False),
        "invoice_line_ids": [Command.create(line)],
    }


def _batches(items, size):
    return (items[start : start + size] for start in range(0, len(items), size))
