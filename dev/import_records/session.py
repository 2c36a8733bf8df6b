"""Odoo as a library: a database's registry in this process, without a server."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

_started = False


def start() -> None:
    """Read the configuration that ODOO_RC names; once per process."""
    global _started
    if not _started:
        config.parse_config(["--log-level=warn", "--max-cron-threads=0"], setup_logging=True)
        _started = True


@contextmanager
def environment(database: str, user_id: int = api.SUPERUSER_ID) -> Iterator[api.Environment]:
    """An environment on a cursor of its own; committed when nothing failed."""
    start()
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, user_id, {})


def maintain(database: str, *statements: str) -> None:
    """Run statements that refuse to run in a transaction: VACUUM, ANALYZE."""
    start()
    __, parameters = sql_db.connection_info_for(database)
    connection = psycopg2.connect(**parameters)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def finish(run) -> None:
    """Advance a ``customer.run`` batch by batch, each in its own transaction, as the cron does.

    :raises RuntimeError: when the ledger says that it failed
    """
    while run._advance_safely():
        run.env.cr.commit()
    run.env.cr.commit()
    if run.state != "done":
        raise RuntimeError(f"The run of {run.company_id.name} ended {run.state}: {run.error}")
