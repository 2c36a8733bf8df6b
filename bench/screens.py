"""Opening the screens of customers and of Contacts: what the server is asked for, as a user.

The requests are those of the web client, made from the views themselves: what a list shows is what is
read. Each is repeated on a fresh cache; the median counts.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from import_records import session
from lxml import etree

from environment.report import step

PAGE = 80
COUNT_LIMIT = 10_001
REPEATS = 7
NUMBERS = ("integer", "float", "monetary")
#: The first screen, all its figures in one request.
OVERVIEW = "Overview"


class Screen(NamedTuple):
    name: str
    seconds: float
    queries: int


def measure(database: str) -> list[Screen]:
    with step("Opening screens"), session.environment(database) as env:
        user = env["res.users"].search([("login", "=", "bench")])
        env = env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        partners, profiles = env["res.partner"], env["customer.profile"]
        return [
            _timed(env, "Contacts: list", lambda: _list(partners)),
            _timed(env, "Contacts: kanban", lambda: _list(partners, "kanban")),
            _timed(env, "Contacts: kanban by salesperson", lambda: _kanban(partners, "user_id")),
            _timed(env, "Customers: list", lambda: _list(profiles)),
            _timed(env, "Customers: kanban by tier", lambda: _kanban(profiles, "value_tier_id")),
            _timed(
                env, "Customers: kanban by stage", lambda: _kanban(profiles, "lifecycle_stage_id")
            ),
            _timed(env, "Customers: pivot", lambda: _pivot(profiles)),
            _timed(env, "Customers: graph", lambda: _graph(profiles)),
            _timed(env, "Customers: list grouped by tier", lambda: _grouped_list(profiles)),
            _timed(env, "Customers: at risk, by tier and stage", lambda: _at_risk(profiles)),
            _timed(env, "Customers: recency by frequency", lambda: _grid(profiles)),
            _timed(env, "Customers: revenue of the top 20 %", lambda: _top(profiles)),
            _timed(env, OVERVIEW, lambda: env["customer.overview"].get_overview()),
            _timed(env, "Contacts: list grouped by tier", lambda: _grouped_list(partners)),
            _timed(
                env,
                "Contacts: list grouped by salesperson",
                lambda: _grouped_list(partners, "user_id"),
            ),
        ]


def _timed(env, name: str, request: Callable[[], object]) -> Screen:
    seconds = []
    for __ in range(REPEATS):
        env.invalidate_all()
        queries = env.cr.sql_log_count
        started = time.perf_counter()
        request()
        seconds.append(time.perf_counter() - started)
        queries = env.cr.sql_log_count - queries
        env.cr.rollback()
    return Screen(name, statistics.median(seconds), queries)


# ---- requests of the web client ------------------------------------------------------------------


def _list(model, view_type="list"):
    arch = _arch(model, view_type)
    return model.with_context(bin_size=True).web_search_read(
        [],
        _specification(model, arch),
        limit=int(arch.get("limit") or PAGE),
        order=arch.get("default_order", ""),
        count_limit=COUNT_LIMIT,
    )


def _kanban(model, group_by: str):
    """One request opens all columns; a progress bar asks for its own counts."""
    arch = _arch(model, "kanban")
    bars = arch.findall("progressbar")
    summed = [bar.get("sum_field") for bar in bars if bar.get("sum_field")]
    result = model.with_context(bin_size=True, read_group_expand=True).web_read_group(
        [],
        [group_by],
        _aggregates(model, summed),
        limit=PAGE,
        order="",
        auto_unfold=True,
        unfold_read_specification=_specification(model, arch),
        unfold_read_default_limit=int(arch.get("limit") or PAGE),
    )
    for bar in bars:
        model.read_progress_bar(
            [], group_by, {"field": bar.get("field"), "colors": json.loads(bar.get("colors"))}
        )
    return result


def _grouped_list(model, group_by="value_tier_id"):
    arch = _arch(model, "list")
    return model.with_context(bin_size=True, read_group_expand=True).web_read_group(
        [],
        [group_by],
        _aggregates(model, list(_specification(model, arch))),
        limit=PAGE,
        order="",
        auto_unfold=False,
        unfold_read_specification=_specification(model, arch),
        unfold_read_default_limit=PAGE,
    )


def _pivot(model):
    """The first page of a pivot: totals, rows, columns, and both."""
    arch = _arch(model, "pivot")
    rows, columns, measures = _axes(model, arch)
    sets = [[], rows[:1], columns[:1], [*rows[:1], *columns[:1]]]
    distinct = [each for n, each in enumerate(sets) if each not in sets[:n]]
    return model.formatted_read_grouping_sets(
        [], distinct, [*_aggregates(model, measures), "__count"]
    )


def _graph(model):
    arch = _arch(model, "graph")
    rows, columns, measures = _axes(model, arch)
    return model.formatted_read_group(
        [], rows + columns, [*_aggregates(model, measures), "__count"]
    )


def _at_risk(model):
    return model._read_group(
        [("is_at_risk", "=", True)],
        ["value_tier_id", "lifecycle_stage_id"],
        ["__count", "revenue:sum"],
    )


def _grid(model):
    return model._read_group([], ["recency_level", "frequency_level"], ["__count", "revenue:sum"])


def _top(model):
    """The largest 1, 5 and 20 % of the active company's customers, as an overview has them."""
    [(customers,)] = model._read_group([("company_id", "=", model.env.company.id)], [], ["__count"])
    return model._top_revenue(
        [("company_id", "=", model.env.company.id)],
        [customers // 100, customers // 20, customers // 5],
    )


# ---- views ---------------------------------------------------------------------------------------


def _arch(model, view_type: str):
    return etree.fromstring(model.get_views([(False, view_type)])["views"][view_type]["arch"])


def _specification(model, arch) -> dict:
    """What the client reads for a view: a name besides the id for each many2one, ids of x2many."""
    specification: dict[str, dict] = {}
    for node in arch.iter("field"):
        name = node.get("name")
        field = model._fields.get(name)
        if field is None:
            continue
        specification[name] = {}
        if field.type == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        elif field.type in ("many2many", "one2many"):
            specification[name] = {"fields": {"display_name": {}, "color": {}}}
            if "color" not in model.env[field.comodel_name]._fields:
                del specification[name]["fields"]["color"]
    return specification


def _axes(model, arch) -> tuple[list[str], list[str], list[str]]:
    by_type: dict[str, list[str]] = {"row": [], "col": [], "measure": []}
    for node in arch.iter("field"):
        kind = node.get("type")
        name = node.get("name")
        if not kind and arch.tag == "graph":
            kind = "row"
        if kind in by_type:
            interval = node.get("interval")
            by_type[kind].append(f"{name}:{interval}" if interval else name)
    return by_type["row"], by_type["col"], by_type["measure"]


def _aggregates(model, names: list[str]) -> list[str]:
    """Aggregates of those fields that have one, currencies beside the amounts."""
    found = []
    for name in names:
        field = model._fields[name.split(":")[0]]
        if field.type not in NUMBERS or not field.aggregator or not _is_stored(field):
            continue
        found.append(f"{name}:{field.aggregator}")
        if field.type == "monetary":
            currency = field.get_currency_field(model)
            found += [f"{currency}:array_agg_distinct", f"{name}:sum_currency"]
    return list(dict.fromkeys(found))


def _is_stored(field) -> bool:
    return bool(field.store and field.column_type)
