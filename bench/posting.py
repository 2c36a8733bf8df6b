"""What posting an invoice costs with the addon, and what without its hook and its index.

The hook is switched on and off between two invoices, so that both kinds meet the same machine. The index
on documents is dropped and built again around blocks of invoices.
"""

import gc
import statistics
import time
from collections.abc import Iterator
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
BLOCKS = 4


class Posting(NamedTuple):
    """Milliseconds and queries per posted invoice, commit included; medians."""

    pairs: int
    with_hook: float
    without_hook: float
    slower: float  # median of the differences within pairs, as a share of a posting
    queries_with: float
    queries_without: float
    index: str  # the addon's indexes on account_move, "" for none
    with_index: float
    without_index: float
    index_size: int


def measure(database: str, pairs: int) -> Posting:
    with step(f"Posting {2 * pairs} invoices, with the hook and without"):
        with_hook, without_hook = _alternately(database, pairs)
    with step("Posting without the index on documents"):
        names, size = _indexes(database)
        with_index, without_index = _index_blocks(database, names, pairs) if names else (0, 0)
    differences = [a[0] - b[0] for a, b in zip(with_hook, without_hook, strict=True)]
    base = statistics.median(seconds for seconds, __ in without_hook)
    return Posting(
        pairs=pairs,
        with_hook=1000 * statistics.median(seconds for seconds, __ in with_hook),
        without_hook=1000 * base,
        slower=statistics.median(differences) / base,
        queries_with=statistics.median(queries for __, queries in with_hook),
        queries_without=statistics.median(queries for __, queries in without_hook),
        index=", ".join(names),
        with_index=1000 * with_index,
        without_index=1000 * without_index,
        index_size=size,
    )


def _quiet(env) -> None:
    """Commits do not wait for the disk: its moods are larger than what is measured here."""
    env.cr.execute("SET synchronous_commit = off")
    env.cr.commit()


def _drafts(env, count: int):
    """Draft invoices of one line, for as many customers."""
    env.cr.execute(
        "SELECT id FROM res_partner WHERE customer_rank > 0 AND user_id IS NOT NULL ORDER BY id LIMIT %s",
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


def _post(env, move) -> tuple[float, int]:
    """Seconds and queries of one posting; nothing is in the cache, as in a request of its own."""
    env.invalidate_all()
    gc.collect()
    gc.disable()
    queries = env.cr.sql_log_count
    started = time.perf_counter()
    move.action_post()
    env.cr.commit()
    seconds = time.perf_counter() - started
    gc.enable()
    return seconds, env.cr.sql_log_count - queries


def _alternately(database: str, pairs: int) -> tuple[list, list]:
    """Seconds and queries of each posting, with the addon's hooks and without them."""
    with_hook, without_hook = [], []
    with session.environment(database) as env:
        _quiet(env)
        drafts = _drafts(env, 2 * pairs + WARM_UP)
        for move in drafts[:WARM_UP]:
            _post(env, move)
        for number, move in enumerate(drafts[WARM_UP:]):
            if number % 4 in (0, 3):  # a b b a: neither comes always first
                with_hook.append(_post(env, move))
            else:
                with _without_hooks(env):
                    without_hook.append(_post(env, move))
    return with_hook, without_hook


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


def _index_blocks(database: str, names: list[str], pairs: int) -> tuple[float, float]:
    """Median seconds of a posting with the index and without it, in alternating blocks."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    with session.environment(database) as env:
        _quiet(env)
        env.cr.execute("SELECT pg_get_indexdef(i::regclass) FROM unnest(%s) i", [names])
        definitions = [row[0] for row in env.cr.fetchall()]
        for block in range(BLOCKS):
            indexed = block % 2 == 0
            _have_index(env, names, definitions, indexed)
            drafts = _drafts(env, WARM_UP // 2 + 2 * pairs // BLOCKS)
            posted = [_post(env, move)[0] for move in drafts]
            seconds[indexed] += posted[WARM_UP // 2 :]
        _have_index(env, names, definitions, True)
    return statistics.median(seconds[True]), statistics.median(seconds[False])


def _have_index(env, names, definitions, wanted: bool) -> None:
    for name, definition in zip(names, definitions, strict=True):
        env.cr.execute(f'DROP INDEX IF EXISTS "{name}"')
        if wanted:
            env.cr.execute(definition)
    env.cr.commit()
