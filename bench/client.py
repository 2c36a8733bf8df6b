"""What the web client asks the server for, made from the views themselves: what a view shows is read."""

import json
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

PAGE = 80
COUNT_LIMIT = 10_001
REPEATS = 7
NUMBERS = ("integer", "float", "monetary")


class Screen(NamedTuple):
    name: str
    seconds: float
    queries: int


def timed(env, name: str, request: Callable[[], object]) -> Screen:
    """Repeated on a fresh cache; the median counts."""
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


def opened(model, view_type="list", domain=()):
    arch = _arch(model, view_type)
    return model.with_context(bin_size=True).web_search_read(
        list(domain),
        _specification(model, arch),
        limit=int(arch.get("limit") or PAGE),
        order=arch.get("default_order", ""),
        count_limit=COUNT_LIMIT,
    )


def kanban(model, group_by: str, domain=()):
    """One request opens all columns; a progress bar asks for its own counts."""
    arch = _arch(model, "kanban")
    bars = arch.findall("progressbar")
    summed = [bar.get("sum_field") for bar in bars if bar.get("sum_field")]
    result = model.with_context(bin_size=True, read_group_expand=True).web_read_group(
        list(domain),
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
            list(domain),
            group_by,
            {"field": bar.get("field"), "colors": json.loads(bar.get("colors"))},
        )
    return result


def grouped_list(model, group_by="value_tier_id"):
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


def pivot(model):
    """The first page of a pivot: totals, rows, columns, and both."""
    arch = _arch(model, "pivot")
    rows, columns, measures = _axes(model, arch)
    sets = [[], rows[:1], columns[:1], [*rows[:1], *columns[:1]]]
    distinct = [each for n, each in enumerate(sets) if each not in sets[:n]]
    return model.formatted_read_grouping_sets(
        [], distinct, [*_aggregates(model, measures), "__count"]
    )


def graph(model):
    arch = _arch(model, "graph")
    rows, columns, measures = _axes(model, arch)
    return model.formatted_read_group(
        [], rows + columns, [*_aggregates(model, measures), "__count"]
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
