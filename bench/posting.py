"""What posting an invoice costs with the addon, without its hooks, and without its index on documents.

Each draft is posted in all three ways and rolled back after each, in turning order, so that all meet the
same invoice on the same machine within a second. Dropping an index is part of the transaction, too.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from import_records import session

from environment.report import step

ADDON = "odoo.addons.customer_success."
#: Models whose overridden methods posting an invoice can pass through.
MODELS = (
    "account.move",
    "account.move.line",
    "res.partner",
    "res.company",
    "sale.order",
    "sale.order.line",
)
WARM_UP = 20


class Way(NamedTuple):
    """Posting in one way: the median, and by how much the addon is slower, invoice by invoice."""

    milliseconds: float
    queries: float
    slower: float  # share; of the medians of the differences between the whole addon and this
    uncertainty: float  # share; standard error of that


class Posting(NamedTuple):
    invoices: int
    whole: Way
    without_hooks: Way
    without_index: Way
    index: str  # the addon's indexes on account_move, "" for none
    index_size: int


def measure(database: str, invoices: int) -> Posting:
    names, size = _indexes(database)
    with step(f"Posting {invoices} invoices in three ways"), session.environment(database) as env:
        drafts = _drafts(env, invoices + WARM_UP)
        ways: list[tuple[Callable, bool]] = [
            (_as_it_is, False),
            (_without_hooks, False),
            (_as_it_is, True),
        ]
        measured: list[list[tuple[float, int]]] = [[], [], []]
        for number, move in enumerate(drafts):
            for turn in range(3):
                chosen = (number + turn) % 3
                hooks, indexless = ways[chosen]
                with hooks(env):
                    result = _post(env, move, names, indexless=indexless)
                if number >= WARM_UP:
                    measured[chosen].append(result)
    whole = [seconds for seconds, __ in measured[0]]
    return Posting(
        invoices,
        *(_way(each, whole) for each in measured),
        index=", ".join(names),
        index_size=size,
    )


def _way(measured: list[tuple[float, int]], whole: list[float]) -> Way:
    seconds = [each for each, __ in measured]
    base = statistics.median(seconds)
    differences = [w - s for w, s in zip(whole, seconds, strict=True)]
    # The median of normal noise is 1.25 times as uncertain as its mean; outliers are cut by quartiles.
    spread = statistics.quantiles(differences, n=4)
    deviation = (spread[2] - spread[0]) / 1.35
    return Way(
        milliseconds=1000 * base,
        queries=statistics.median(queries for __, queries in measured),
        slower=statistics.median(differences) / base,
        uncertainty=1.25 * deviation / len(differences) ** 0.5 / base,
    )


def _drafts(env, count: int):
    """Draft invoices of one line, for as many customers."""
    env.cr.execute(
        "SELECT id FROM res_partner WHERE customer_rank > 0 AND user_id IS NOT NULL"
        " ORDER BY id LIMIT %s",
        [count],
    )
    customers = [row[0] for row in env.cr.fetchall()]
    today = env.company._customer_today()
    drafts = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customers[n % len(customers)],
                "invoice_date": today,
                "invoice_line_ids": [(0, 0, {"name": "Goods", "price_unit": 100.0 + n})],
            }
            for n in range(count)
        ]
    )
    env.cr.commit()
    return drafts


def _post(env, move, indexes, *, indexless: bool) -> tuple[float, int]:
    """Seconds and queries of one posting, up to the commit, which is not done.

    Nothing is in the cache, as in a request of its own. What PostgreSQL knows of the table is read anew
    whether or not the index was dropped.
    """
    cr = env.cr
    cr.execute("ALTER TABLE account_move SET (fillfactor = 100)")
    if indexless:
        for name in indexes:
            cr.execute(f'DROP INDEX "{name}"')
    cr.execute("SELECT FROM account_move LIMIT 1")
    env.invalidate_all()
    gc.collect()
    gc.disable()
    queries = cr.sql_log_count
    started = time.perf_counter()
    move.action_post()
    cr.flush()  # as a commit does first: it runs what waits for the commit, the marks too
    seconds = time.perf_counter() - started
    gc.enable()
    queries = cr.sql_log_count - queries
    cr.rollback()
    return seconds, queries


@contextmanager
def _as_it_is(env) -> Iterator[None]:
    yield


@contextmanager
def _without_hooks(env) -> Iterator[None]:
    """Take the addon's overrides of other models' methods away."""
    taken = []
    for model in MODELS:
        classes = [each for each in type(env[model]).mro() if each.__module__.startswith(ADDON)]
        for each in classes:
            for name, value in list(vars(each).items()):
                if callable(value) and _overrides(type(env[model]), each, name):
                    taken.append((each, name, value))
                    delattr(each, name)
    try:
        yield
    finally:
        for each, name, value in taken:
            setattr(each, name, value)


def _overrides(model_class, definition, name: str) -> bool:
    """Whether a method of this class stands before one of Odoo's own."""
    if name.startswith("__"):
        return False
    return any(
        name in vars(each) and not each.__module__.startswith(ADDON)
        for each in model_class.mro()
        if each is not definition and hasattr(each, "_inherit")
    )


def _indexes(database: str) -> tuple[list[str], int]:
    """The addon's indexes on documents, and their size in bytes."""
    with session.environment(database) as env:
        env.cr.execute(
            """
            SELECT c.name, pg_relation_size(i.indexrelid)
              FROM ir_model_constraint c
              JOIN ir_module_module m ON m.id = c.module AND m.name = 'customer_success'
              JOIN pg_class r ON r.relname = c.name
              JOIN pg_index i ON i.indexrelid = r.oid AND i.indrelid = 'account_move'::regclass
            """
        )
        rows = env.cr.fetchall()
    return [name for name, __ in rows], sum(size for __, size in rows)
