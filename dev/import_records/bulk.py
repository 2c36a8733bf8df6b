"""Posted invoices and credit notes by the million: rows of ``account_move``, written by SQL.

Journal items are left out: purchase facts are read from documents alone. Every column that Odoo fills
in on a posted invoice is filled in here too; :mod:`shape` holds the two against each other.

How to use it: fill the table that :func:`create_staging` makes, one row per document, then call
:func:`post`, within :func:`without_indexes` when there are many.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from odoo.tools import SQL

STAGING = "bulk_document"

#: A document to be. ``number`` counts from 1 and gives the id; ``reverses`` is another's number.
#: ``amount`` is untaxed, positive, in the document's currency; ``rate`` is that currency's units per
#: unit of company currency.
_COLUMNS = """
    number bigint NOT NULL,
    company_id int NOT NULL,
    partner_id int NOT NULL,
    move_type varchar NOT NULL,
    state varchar NOT NULL DEFAULT 'posted',
    day date NOT NULL,
    amount numeric NOT NULL,
    currency_id int NOT NULL,
    rate numeric NOT NULL DEFAULT 1,
    reverses bigint,
    reference varchar
"""

#: Share of the untaxed amount that is added as tax: what is measured must not count it.
TAX = "0.08"


def create_staging(env) -> None:
    env.cr.execute(f"DROP TABLE IF EXISTS {STAGING}")
    env.cr.execute(f"CREATE UNLOGGED TABLE {STAGING} ({_COLUMNS})")


@contextmanager
def without_indexes(env, *tables: str) -> Iterator[None]:
    """Drop secondary indexes and foreign keys of these tables, and build them anew afterwards."""
    cr = env.cr
    cr.execute(
        """
        SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
               format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s',
                      c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
          FROM pg_constraint c
         WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)
         UNION ALL
        SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
          FROM pg_index i
         WHERE i.indrelid::regclass::text = ANY(%s)
           AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
        """,
        [list(tables), list(tables)],
    )
    statements = cr.fetchall()
    for drop, __ in statements:
        cr.execute(drop)
    yield
    for __, create in statements:
        cr.execute(create)


def post(env) -> int:
    """Turn the staged documents into posted ones; how many. Ids are in the order of ``number``."""
    cr = env.cr
    cr.execute("SELECT COALESCE(max(id), 0) FROM account_move")
    first = cr.fetchone()[0]
    journals = _journals(env)
    cr.execute(
        SQL(
            """
            INSERT INTO account_move (%(columns)s)
            SELECT %(values)s
              FROM %(documents)s d
              JOIN (VALUES %(journals)s) AS j (company_id, journal_id, code)
                ON j.company_id = d.company_id
              JOIN res_partner p ON p.id = d.partner_id
             ORDER BY d.number
            """,
            columns=SQL(", ").join(SQL.identifier(name) for name in _VALUES),
            values=SQL(", ").join(
                SQL(value, **_arguments(env, first, value)) for value in _VALUES.values()
            ),
            documents=_numbered_documents(),
            journals=SQL(", ").join(SQL("(%s, %s, %s)", *journal) for journal in journals),
        )
    )
    posted = cr.rowcount
    cr.execute(
        "SELECT setval('account_move_id_seq', GREATEST((SELECT max(id) FROM account_move), 1))"
    )
    cr.execute(f"DROP TABLE {STAGING}")
    env.invalidate_all()
    return posted


def _journals(env) -> Sequence[tuple[int, int, str]]:
    """The sales journal of each company: company, journal, its code."""
    found = env["account.journal"].search([("type", "=", "sale")], order="sequence, id")
    return [
        (company.id, journals[0].id, journals[0].code)
        for company, journals in found.grouped("company_id").items()
    ]


def _numbered_documents() -> SQL:
    """Documents with their position in the journal's yearly sequence, and what they give back.

    Sequences go on after what the journal holds already.
    """
    return SQL(
        """
        (SELECT one.*,
                row_number() OVER (PARTITION BY company_id, prefix ORDER BY number)
                    + COALESCE(taken.last, 0) AS position,
                CASE WHEN one.move_type = 'out_refund' THEN -1 ELSE 1 END AS sign,
                one.currency_id <> c.currency_id AS foreign_currency,
                COALESCE(back.amount, 0) AS given_back
           FROM (SELECT s.*,
                        CASE s.move_type WHEN 'out_refund' THEN 'RINV/' WHEN 'entry' THEN 'PAY/'
                                         ELSE 'INV/' END || extract(year FROM s.day) || '/' AS prefix
                   FROM %(staging)s s) one
           JOIN res_company c ON c.id = one.company_id
           LEFT JOIN (SELECT reverses, sum(amount) AS amount FROM %(staging)s
                       WHERE reverses IS NOT NULL GROUP BY reverses) back
             ON back.reverses = one.number
           LEFT JOIN (SELECT company_id AS holder, sequence_prefix, max(sequence_number) AS last
                        FROM account_move GROUP BY company_id, sequence_prefix) taken
             ON taken.holder = one.company_id AND taken.sequence_prefix = one.prefix)
        """,
        staging=SQL.identifier(STAGING),
    )


_UNTAXED = "CASE WHEN d.move_type = 'entry' THEN 0 ELSE d.amount END"
_TAX = f"round(({_UNTAXED}) * {TAX}, 2)"
_TOTAL = f"(({_UNTAXED}) + {_TAX})"
_PAID = "(d.move_type <> 'out_invoice' OR d.day < CURRENT_DATE - 45)"
_NUMBER = "lpad(d.position::text, GREATEST(5, length(d.position::text)), '0')"
_NAME = f"CASE WHEN d.state = 'posted' THEN d.prefix || {_NUMBER} ELSE '/' END"
_IN_COMPANY_CURRENCY = "round(d.sign * {} / d.rate, 2)"

#: Column of ``account_move`` -> SQL over ``d`` (a document), ``j`` (its journal), ``p`` (its customer).
_VALUES = {
    "id": "%(first)s + d.number",
    "sequence_number": "d.position",
    "sequence_prefix": "d.prefix",
    "name": _NAME,
    "payment_reference": f"CASE WHEN d.move_type = 'out_invoice' THEN {_NAME} END",
    "ref": "CASE WHEN d.number %% 3 = 0 THEN 'PO-' || (d.number * 7919 %% 1000003) ELSE d.reference END",
    "invoice_origin": "CASE WHEN d.number %% 2 = 0 THEN 'S' || lpad(d.number::text, 7, '0') END",
    "state": "d.state",
    "move_type": "d.move_type",
    "auto_post": "'no'",
    "payment_state": f"""CASE WHEN d.state <> 'posted' OR d.move_type = 'entry' THEN 'not_paid'
                              WHEN d.given_back >= d.amount THEN 'reversed'
                              WHEN {_PAID} THEN 'paid'
                              WHEN d.given_back > 0 THEN 'partial'
                              ELSE 'not_paid' END""",
    "journal_id": "j.journal_id",
    "company_id": "d.company_id",
    "currency_id": "d.currency_id",
    "partner_id": "d.partner_id",
    "commercial_partner_id": "p.commercial_partner_id",
    "partner_shipping_id": "d.partner_id",
    "invoice_partner_display_name": "p.complete_name",
    "invoice_user_id": "COALESCE(p.user_id, %(uid)s)",
    "team_id": "%(team)s",
    "reversed_entry_id": "%(first)s + d.reverses",
    "date": "d.day",
    "invoice_date": "CASE WHEN d.move_type <> 'entry' THEN d.day END",
    "invoice_date_due": "CASE WHEN d.move_type <> 'entry' THEN d.day + 30 END",
    "invoice_currency_rate": "d.rate",
    "amount_untaxed": _UNTAXED,
    "amount_tax": _TAX,
    "amount_total": _TOTAL,
    "amount_residual": f"CASE WHEN {_PAID} THEN 0 ELSE GREATEST({_TOTAL} - d.given_back, 0) END",
    "amount_untaxed_signed": _IN_COMPANY_CURRENCY.format(f"({_UNTAXED})"),
    "amount_tax_signed": _IN_COMPANY_CURRENCY.format(_TAX),
    "amount_total_signed": _IN_COMPANY_CURRENCY.format(_TOTAL),
    "amount_residual_signed": f"""CASE WHEN {_PAID} THEN 0
        ELSE {_IN_COMPANY_CURRENCY.format(f"GREATEST({_TOTAL} - d.given_back, 0)")} END""",
    "amount_untaxed_in_currency_signed": f"d.sign * ({_UNTAXED})",
    "amount_total_in_currency_signed": f"d.sign * {_TOTAL}",
    "quick_edit_total_amount": "CASE WHEN d.move_type = 'out_refund' THEN 0 END",
    "always_tax_exigible": "FALSE",
    "checked": "TRUE",
    "posted_before": "d.state <> 'draft'",
    "made_sequence_gap": "FALSE",
    "is_manually_modified": "TRUE",
    "access_token": "CASE WHEN d.number %% 5 = 0 THEN gen_random_uuid()::text END",
    "narration": """CASE WHEN d.number %% 4 = 0 THEN
        '<p>Payment within 30 days net. Goods remain our property until paid in full.</p>' END""",
    "create_uid": "%(uid)s",
    "create_date": "d.day + time '09:00'",
    "write_uid": "%(uid)s",
    "write_date": "d.day + time '09:05'",
}


def _arguments(env, first: int, value: str) -> dict[str, object]:
    """Those of the named arguments that an SQL value uses: SQL() refuses the others."""
    team = env["crm.team"].search([], limit=1).id or None
    arguments = {"first": first, "uid": env.uid, "team": team}
    return {name: each for name, each in arguments.items() if f"%({name})s" in value}
