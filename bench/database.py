"""The benchmark's own database: companies, customers and documents like a wholesaler's, by seeded SQL.

Sizes are skewed (a customer's place is the cube of a uniform number: the top hundredth makes about a
fifth of all documents), customers come and go, documents reach over three years to yesterday and lie in
the order of their days, as they do where people post them.
"""

import os
import subprocess
from typing import NamedTuple

from import_records import bulk, session, shape

from odoo.tools import config

from environment import databases, paths
from environment.postgres import Server
from environment.report import step

NAME = "bench_{customers}"
DAYS = 3 * 365
SEED = 0.19

#: A second company, and how many of the customers are its own; some buy from both.
SECOND_SHARE = 0.3
SHARED_SHARE = 0.05


class Size(NamedTuple):
    """How much of what; documents are invoices before credit notes are added."""

    customers: int
    documents: int
    entries: int  # other journal entries in the same table


def build(size: Size) -> str:
    """Make the database anew; its name."""
    name = NAME.format(customers=size.customers)
    new(name)
    with step("Companies, users"), session.environment(name) as env:
        add_second_company(env)
        add_user(env)
    _check_shape(name)
    with step(f"{size.customers:,} customers"), session.environment(name) as env:
        add_customers(env, size)
    with step(f"{size.documents:,} invoices"), session.environment(name) as env:
        _documents(env, size)
    with (
        step("Writing them"),
        session.environment(name) as env,
        bulk.without_indexes(env, "account_move"),
    ):
        bulk.post(env)
    with step("VACUUM ANALYZE"):
        session.maintain(name, "DROP TABLE bench_customer", "VACUUM ANALYZE")
    return name


def size(name: str) -> Size:
    """Of a database that was kept."""
    with session.environment(name) as env:
        env.cr.execute("SELECT count(*) FROM res_partner WHERE customer_rank > 0 AND ref LIKE 'C%'")
        customers = env.cr.fetchone()[0]
        env.cr.execute("SELECT move_type, count(*) FROM account_move GROUP BY move_type")
        counts = dict(env.cr.fetchall())
    return Size(customers, counts.get("out_invoice", 0), counts.get("entry", 0))


def drop(name: str) -> None:
    session.start()
    server = Server(config["db_host"], config["db_port"], config["db_user"], None)
    databases.drop(server, name)


def new(name: str) -> None:
    """Through the command, run by the machine's own Python: ours may not prepare what it runs from."""
    path = os.environ["PATH"].replace(f"{paths.VENV / 'bin'}{os.pathsep}", "")
    command = [paths.DEV / "newdb", name]
    subprocess.run(command, env={**os.environ, "PATH": path}, check=True, stdin=subprocess.DEVNULL)


def add_second_company(env) -> None:
    company = env["res.company"].create(
        {
            "name": "Second Company",
            "currency_id": env.ref("base.EUR").id,
            "country_id": env.ref("base.fr").id,
        }
    )
    env.ref("base.EUR").active = True
    chart = env["account.chart.template"]
    chart.try_loading("generic_coa", company, install_demo=False)


def add_user(env, *more: str):
    """Who opens the screens: sees all customers and contacts, and is no superuser."""
    groups = (
        "base.group_user",
        "base.group_partner_manager",
        "customer_success.group_customer_all",
        *more,
    )
    companies = env["res.company"].search([])
    return env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "company_id": companies[0].id,
            "company_ids": companies.ids,
            "group_ids": [env.ref(group).id for group in groups],
        }
    )


def _check_shape(name: str) -> None:
    found = shape.differences(name)
    if found:
        raise SystemExit("Bulk documents are not as Odoo's:\n" + "\n".join(found))


def add_customers(env, size: Size) -> None:
    """Partners, and how each of them buys (``bench_customer``)."""
    cr = env.cr
    cr.execute("SELECT setseed(%s)", [SEED])
    cr.execute("SELECT max(id) FROM res_partner")
    first = cr.fetchone()[0]
    with bulk.without_indexes(env, "res_partner"):
        cr.execute(
            """
            INSERT INTO res_partner (
                id, name, complete_name, commercial_company_name, commercial_partner_id, type, lang,
                active, is_company, partner_share, customer_rank, supplier_rank, color,
                message_bounce, autopost_bills, ref, vat, street, city, zip, country_id, email,
                email_normalized, phone, user_id, create_uid, create_date, write_uid, write_date)
            SELECT %(first)s + i, named, named, named, %(first)s + i, 'contact', 'en_US',
                   TRUE, TRUE, TRUE, 1, 0, 0, 0, 'ask', 'C' || lpad(i::text, 7, '0'),
                   CASE WHEN i %% 3 > 0 THEN 'DE' || (100000000 + i) END,
                   1 + i %% 200 || ' ' || (ARRAY['Mill','Station','Harbour','Church','Market'])
                       [1 + i %% 5] || ' Street',
                   (ARRAY['Lyon','Bremen','Turin','Ghent','Porto','Leeds','Graz'])[1 + i %% 7],
                   (10000 + i %% 89999)::text, %(country)s,
                   'office@customer' || i || '.example', 'office@customer' || i || '.example',
                   '+49 30 ' || (1000000 + i),
                   CASE WHEN i %% 4 > 0 THEN %(uid)s END, %(uid)s, now(), %(uid)s, now()
              FROM (SELECT i,
                           (ARRAY['Northern','Alpine','Central','Royal','United','Old Town','Golden'])
                               [1 + i * 31 %% 7] || ' ' ||
                           (ARRAY['Building','Timber','Glass','Steel','Paint','Tile','Garden','Pipe'])
                               [1 + i * 17 %% 8] || ' ' ||
                           (ARRAY['Supplies','Works','Trading','Partners','Stores'])
                               [1 + i * 13 %% 5] || ' ' || i AS named
                      FROM generate_series(1, %(customers)s) i) numbered
            """,
            {
                "first": first,
                "customers": size.customers,
                "country": env.ref("base.de").id,
                "uid": env.ref("base.user_admin").id,
            },
        )
    cr.execute("SELECT setval('res_partner_id_seq', (SELECT max(id) FROM res_partner))")
    own, second = env["res.company"].search([], order="id").ids
    cr.execute(
        """
        CREATE UNLOGGED TABLE bench_customer AS
        SELECT place, partner_id, typical, begins,
               CASE WHEN ends < 0.75 THEN %(days)s
                    ELSE begins + floor((%(days)s - begins) * random())::int END AS ends,
               CASE WHEN house < %(second_share)s THEN %(second)s ELSE %(own)s END AS company_id,
               CASE WHEN shared < %(shared_share)s
                    THEN CASE WHEN house < %(second_share)s THEN %(own)s ELSE %(second)s END
               END AS other_company_id
          FROM (SELECT i - 1 AS place,
                       %(first)s + 1 + (i::bigint * %(stride)s) %% %(customers)s AS partner_id,
                       exp(5.5 + 1.2 * (random() + random() + random() + random() - 2) * 1.732)
                           AS typical,
                       CASE WHEN random() < 0.6 THEN 0 ELSE floor(%(days)s * random())::int END
                           AS begins,
                       random() AS ends, random() AS house, random() AS shared
                  FROM generate_series(1, %(customers)s) i) drawn
        """,
        {
            "first": first,
            "customers": size.customers,
            "stride": _stride(size.customers),
            "days": DAYS,
            "own": own,
            "second": second,
            "second_share": SECOND_SHARE,
            "shared_share": SHARED_SHARE,
        },
    )
    cr.execute("ALTER TABLE bench_customer ADD PRIMARY KEY (place)")


def _stride(customers: int) -> int:
    """A prime that does not divide the number of customers: steps by it visit each of them once."""
    return next(prime for prime in (7919, 7927, 7933, 7937) if customers % prime)


def _documents(env, size: Size) -> None:
    """Stage invoices in the order of their days, credit notes of some of them, and other entries."""
    cr = env.cr
    bulk.create_staging(env)
    currencies = {c.id: c.currency_id.id for c in env["res.company"].search([])}
    own, second = sorted(currencies)
    arguments = {
        "documents": size.documents,
        "entries": size.entries,
        "customers": size.customers,
        "days": DAYS,
        "own": own,
        "own_currency": currencies[own],
        "second_currency": currencies[second],
    }
    cr.execute("SELECT setseed(%s)", [SEED / 2])
    cr.execute(
        """
        INSERT INTO bulk_document (number, company_id, partner_id, move_type, state, day, amount,
                                   currency_id, rate)
        SELECT row_number() OVER (ORDER BY day), company_id, partner_id, move_type, state, day, amount,
               CASE WHEN (company_id = %(own)s) = domestic THEN %(own_currency)s
                    ELSE %(second_currency)s END,
               CASE WHEN domestic THEN 1 WHEN company_id = %(own)s THEN 0.92 ELSE 1.08 END
          FROM (SELECT c.partner_id, move_type,
                       CASE WHEN other_company_id IS NOT NULL AND random() < 0.3
                            THEN other_company_id ELSE company_id END AS company_id,
                       CASE WHEN random() < 0.01 THEN 'draft' WHEN random() < 0.01 THEN 'cancel'
                            ELSE 'posted' END AS state,
                       CURRENT_DATE - 1 - %(days)s + begins
                           + floor((ends - begins + 1) * random())::int AS day,
                       round((typical * exp(1.2 * (random() + random() - 1)))::numeric, 2) AS amount,
                       random() >= 0.05 AS domestic
                  FROM (SELECT floor(%(customers)s * power(random(), 3))::int AS place,
                               CASE WHEN n > %(documents)s THEN 'entry' ELSE 'out_invoice' END
                                   AS move_type
                          FROM generate_series(1, %(documents)s + %(entries)s) n) drawn
                  JOIN bench_customer c USING (place)) placed
        """,
        arguments,
    )
    # Of a hundred invoices three are credited, one of them wholly; a few credits name no invoice.
    cr.execute(
        """
        INSERT INTO bulk_document (number, company_id, partner_id, move_type, day, amount, currency_id,
                                   rate, reverses)
        SELECT %(documents)s + %(entries)s + row_number() OVER (ORDER BY day), company_id, partner_id,
               'out_refund', day, amount, currency_id, rate, reverses
          FROM (SELECT company_id, partner_id, currency_id, rate,
                       LEAST(day + floor(30 * random())::int, CURRENT_DATE - 1) AS day,
                       CASE WHEN random() < 0.35 THEN amount
                            ELSE round(amount * (0.1 + 0.5 * random())::numeric, 2) END AS amount,
                       CASE WHEN random() < 0.9 THEN number END AS reverses
                  FROM bulk_document
                 WHERE move_type = 'out_invoice' AND state = 'posted' AND random() < 0.03) credit
        """,
        arguments,
    )
