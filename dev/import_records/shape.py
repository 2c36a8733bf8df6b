"""Whether a bulk-written document looks like one that Odoo posted itself."""

from . import bulk, session

#: Filled in by Odoo in circumstances that bulk documents are not in, or left out on purpose.
IGNORED = {"partner_bank_id", "fiscal_position_id", "invoice_payment_term_id"}


def differences(database: str) -> list[str]:
    """What an invoice and its credit note, posted through the ORM, hold and bulk ones do not.

    Everything is rolled back.
    """
    with session.environment(database) as env:
        partner = env["res.partner"].create({"name": "Shape", "is_company": True})
        by_orm = _rows(env, _post_through_orm(env, partner))
        by_bulk = _rows(env, _post_in_bulk(env, partner))
        env.cr.rollback()
    found = []
    for kind, orm, sql in zip(("invoice", "credit note"), by_orm, by_bulk, strict=True):
        for column, value in orm.items():
            if column in IGNORED:
                continue
            if value is not None and sql[column] is None:
                found.append(f"{kind}: {column} is empty, Odoo writes {value!r}")
            elif isinstance(value, bool | str) and column in _SAME and sql[column] != value:
                found.append(f"{kind}: {column} is {sql[column]!r}, Odoo writes {value!r}")
    return found


_SAME = {
    "state",
    "move_type",
    "auto_post",
    "checked",
    "posted_before",
    "always_tax_exigible",
    "made_sequence_gap",
    "is_manually_modified",
    "payment_state",
}


def _post_through_orm(env, partner) -> list[int]:
    line = {"name": "Goods", "quantity": 1, "price_unit": 100.0, "tax_ids": [(5, 0, 0)]}
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2020-01-06",
            "invoice_line_ids": [(0, 0, line)],
        }
    )
    invoice.action_post()
    credit = invoice._reverse_moves([{"invoice_date": "2020-01-07", "date": "2020-01-07"}])
    credit.action_post()  # pays the invoice with it
    env.flush_all()
    return [invoice.id, credit.id]


def _post_in_bulk(env, partner) -> list[int]:
    company = env.company
    bulk.create_staging(env)
    env.cr.execute(
        """
        INSERT INTO bulk_document (number, company_id, partner_id, move_type, day, amount,
                                   currency_id, reverses)
        VALUES (1, %(company)s, %(partner)s, 'out_invoice', '2020-01-06', 100, %(currency)s, NULL),
               (2, %(company)s, %(partner)s, 'out_refund', '2020-01-07', 100, %(currency)s, 1)
        """,
        {"company": company.id, "partner": partner.id, "currency": company.currency_id.id},
    )
    bulk.post(env)
    env.cr.execute("SELECT id FROM account_move ORDER BY id DESC LIMIT 2")
    return sorted(row[0] for row in env.cr.fetchall())


def _rows(env, ids) -> list[dict]:
    env.cr.execute("SELECT * FROM account_move WHERE id = ANY(%s) ORDER BY id", [ids])
    return env.cr.dictfetchall()
