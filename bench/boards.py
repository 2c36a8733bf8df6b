"""The boards of tickets and of follow-ups beside Odoo's own pipeline of leads, with as many of them.

A database of its own, with CRM: as many tickets, leads and follow-ups, of the same customers and owners,
so spread that each board has the same share of its records in its open columns. What is measured is what
the web client asks for, as a user who sees all of them.
"""

from typing import NamedTuple

import database
from client import Screen, kanban, opened, timed
from import_records import bulk, session

from odoo.tools import SQL

from environment.report import step

NAME = "bench_boards"
CUSTOMERS = 20_000
PIPELINE = "CRM: pipeline"

#: Share of the records that are done with: won leads, closed tickets.
DONE_SHARE = 0.6


class Boards(NamedTuple):
    records: int
    screens: list[Screen]

    @property
    def pipeline(self) -> float:
        return next(screen.seconds for screen in self.screens if screen.name == PIPELINE)


def build(records: int) -> str:
    """Make the database anew; its name."""
    database.new(NAME)
    with step("CRM"), session.environment(NAME) as env:
        crm = env["ir.module.module"].search([("name", "=", "crm")])
        crm.button_immediate_install()
    with step(f"{CUSTOMERS:,} customers"), session.environment(NAME) as env:
        database.add_second_company(env)
        user = database.add_user(env, "sales_team.group_sale_salesman_all_leads")
        database.add_customers(env, database.Size(CUSTOMERS, 0, 0))
        env.cr.execute("DROP TABLE bench_customer")
    with session.environment(NAME) as env:
        user = env["res.users"].browse(user.id)
        with step(f"{records:,} leads"):
            _leads(env, user, records)
        with step(f"{records:,} tickets"):
            _tickets(env, user, records)
        with step(f"{CUSTOMERS:,} profiles"):
            session.finish(env["customer.run"]._queue(env.company, "policy"))
        with step(f"{records:,} follow-ups"):
            _followups(env, user, records)
    with step("VACUUM ANALYZE"):
        session.maintain(NAME, "VACUUM ANALYZE")
    return NAME


def measure(name: str) -> Boards:
    with step("Opening boards"), session.environment(name) as env:
        user = env["res.users"].search([("login", "=", "bench")])
        env = env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        leads, tickets = env["crm.lead"], env["customer.ticket"]
        followups = env["customer.followup"]
        opportunity, late = [("type", "=", "opportunity")], [("is_late", "=", True)]
        screens = [
            timed(env, PIPELINE, lambda: kanban(leads, "stage_id", opportunity)),
            timed(env, "Tickets: board", lambda: kanban(tickets, "stage_id")),
            timed(env, "Tickets: board, late", lambda: kanban(tickets, "stage_id", late)),
            timed(env, "Tickets: list, late", lambda: opened(tickets, "list", late)),
            timed(env, "Follow-ups: board", lambda: kanban(followups, "stage_id")),
            timed(env, "Follow-ups: list", lambda: opened(followups)),
            timed(env, "CRM: list", lambda: opened(leads, "list", opportunity)),
            timed(env, "Tickets: list", lambda: opened(tickets)),
        ]
        return Boards(tickets.search_count([]), screens)


# ---- records -------------------------------------------------------------------------------------


def _leads(env, user, records: int) -> None:
    stages = env["crm.stage"].search([])
    won = stages.filtered("is_won")[:1]
    lead = env["crm.lead"].create(
        {"name": "Tiles for the hall", "type": "opportunity", "user_id": user.id}
    )
    _multiply(
        env,
        lead,
        records,
        stages - won,
        won,
        name="'Order ' || n",
        active="TRUE",
        user_id=SQL("CASE WHEN luck < 0.9 THEN %s END", user.id),
        expected_revenue="1000 * luck",
        date_open="began_at",
        date_last_stage_update="began_at + luck * interval '9 days'",
        date_closed="CASE WHEN is_done THEN began_at + interval '20 days' END",
        won_status="CASE WHEN is_done THEN 'won' ELSE 'pending' END",
        probability="CASE WHEN is_done THEN 100 ELSE 10 + 80 * luck END",
    )


def _tickets(env, user, records: int) -> None:
    """Tickets that are not done are due within ten days around now: half of them are late."""
    stages = env["customer.ticket.stage"].search([])
    closed = stages.filtered("is_closed")
    ticket = env["customer.ticket"].create(
        {"name": "Tiles arrived broken", "said": "<p>All of them.</p>", "user_id": user.id}
    )
    _multiply(
        env,
        ticket,
        records,
        stages - closed,
        closed,
        name="'Tiles arrived broken ' || n",
        number="'B' || n",
        user_id=SQL("CASE WHEN luck < 0.9 THEN %s END", user.id),
        opened_at="began_at",
        stage_since="began_at + luck * interval '9 days'",
        closed_at="CASE WHEN is_done THEN began_at + interval '20 days' END",
        due_at="CASE WHEN NOT is_done"
        " THEN now() AT TIME ZONE 'UTC' + (luck - 0.5) * interval '10 days' END",
        due_clock="CASE WHEN NOT is_done THEN 'solution' END",
        due_since="CASE WHEN NOT is_done THEN began_at END",
    )


def _followups(env, user, records: int) -> None:
    """Follow-ups that are not done are planned within thirty days around today."""
    stages = env["customer.followup.stage"].search([])
    done = stages.filtered("is_done")[:1]
    profile = env["customer.profile"].search([], limit=1)
    followup = env["customer.followup"].create({"profile_id": profile.id, "user_id": user.id})
    _multiply(
        env,
        followup,
        records,
        stages.filtered(lambda stage: not stage.is_done),
        done,
        profile_id=SQL(
            "(SELECT id FROM customer_profile WHERE partner_id = customer_id AND company_id = %s)",
            env.company.id,
        ),
        cause_key="'bench:' || n",
        due_date="CURRENT_DATE - 15 + (luck * 30)::int",
        planned_date="CURRENT_DATE - 15 + (luck * 30)::int",
        user_id=SQL("CASE WHEN luck < 0.9 THEN %s END", user.id),
        done_at="CASE WHEN is_done THEN began_at END",
    )


def _multiply(env, prototype, records: int, open_stages, done_stage, **columns) -> None:
    """Write ``records`` rows like ``prototype``, a record made by the ORM, differing in ``columns``.

    A column's expression may name, of each row, ``n``, ``customer_id``, ``began_at``, ``is_done`` and
    ``luck`` (uniform in 0..1); stage and customer are set here.
    """
    env.flush_all()
    table = prototype._table
    env.cr.execute("SELECT setseed(%s)", [database.SEED])
    env.cr.execute(
        "SELECT attname FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    )
    columns |= {
        "id": SQL("nextval(%s)", f"{table}_id_seq"),
        "partner_id": "customer_id",
        "stage_id": SQL(
            "CASE WHEN is_done THEN %s ELSE (%s)[1 + n %% %s] END",
            done_stage.id,
            open_stages.ids,
            len(open_stages),
        ),
        "create_date": "began_at",
        "write_date": "began_at",
    }
    names = [name for (name,) in env.cr.fetchall()]
    values = [
        (SQL(expression) if isinstance(expression, str) else expression)
        if (expression := columns.get(name)) is not None
        else SQL.identifier("prototype", name)
        for name in names
    ]
    with bulk.without_indexes(env, table):
        env.execute_query(
            SQL(
                """
                WITH numbered AS (
                    SELECT n, 1 + floor(random() * %(customers)s)::int AS place,
                           now() AT TIME ZONE 'UTC' - random() * interval '2 years' AS began_at,
                           random() < %(done)s AS is_done, random() AS luck
                      FROM generate_series(1, %(records)s) n),
                partner AS (
                    SELECT id AS customer_id, row_number() OVER (ORDER BY id) AS place
                      FROM res_partner WHERE ref LIKE 'C0%%'),
                drawn AS (SELECT * FROM numbered JOIN partner USING (place))
                INSERT INTO %(table)s (%(names)s)
                SELECT %(values)s FROM drawn, %(table)s prototype WHERE prototype.id = %(id)s
                RETURNING 1
                """,
                customers=CUSTOMERS,
                done=DONE_SHARE,
                records=records,
                table=SQL.identifier(table),
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(values),
                id=prototype.id,
            )
        )
    env.invalidate_all()
    prototype.unlink()
