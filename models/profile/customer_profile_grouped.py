"""Groups of customers from the kept totals, wherever these can tell.

A board, a pivot or a graph asks for sums over every customer. Where a question names nothing but what
totals are kept by, Odoo's own code puts it to the totals instead of to the profiles: same domain,
same record rules, same order and format, one row for thousands.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.models import parse_read_group_spec
from odoo.tools import SQL
from odoo.tools.query import Query

from .customer_profile_total import DIMENSIONS, MEASURES

#: Levels are summed like measures, although customers are counted by them.
LEVELS = ("recency_level", "frequency_level")
#: Aggregates that say the same of one row as of a thousand equal ones.
_BLIND_TO_NUMBER = ("array_agg_distinct", "count_distinct", "min", "max", "bool_and", "bool_or")


class TotalsQuery(Query):
    """A query of profiles whose rows are kinds of customers: each stands for many."""

    @classmethod
    def of(cls, query: Query, totals: SQL) -> "TotalsQuery":
        """The same question as ``query``, put to ``totals``."""
        same = cls(query._env, query.table, SQL("(%s)", totals))
        vars(same).update({**vars(query), "_tables": same._tables})
        return same


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        compared = [item[0] for item in having if isinstance(item, list | tuple)]
        query = self._query_of_totals(domain, groupby, [*aggregates, *compared], order)
        asked = domain if query is None else query
        return super()._read_group(asked, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        groupby = [spec for each in grouping_sets for spec in each]
        query = self._query_of_totals(domain, groupby, aggregates, order)
        asked = domain if query is None else query
        return super()._read_grouping_sets(asked, grouping_sets, aggregates, order)

    @api.model
    def _search(self, domain, *args, **kwargs):
        if isinstance(domain, TotalsQuery):  # searched already
            return domain
        return super()._search(domain, *args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        if not isinstance(query, TotalsQuery):
            return super()._read_group_select(aggregate_spec, query)
        if aggregate_spec == "__count":
            return SQL("COALESCE(SUM(customers), 0)::bigint")
        name, __, function = parse_read_group_spec(aggregate_spec)
        if function not in ("sum", "avg"):
            return super()._read_group_select(aggregate_spec, query)
        field = self._fields[name]
        value = self._field_to_sql(self._table, name, query)
        total = SQL("SUM(%s * customers)" if name in LEVELS else "SUM(%s)", value)
        if function == "avg":
            return SQL("%s / SUM(customers)", total)
        return SQL("%s::bigint", total) if field.type == "integer" else total

    # ---- what totals can tell --------------------------------------------------------------------

    def _query_of_totals(self, domain, groupby, aggregates, order) -> TotalsQuery | None:
        """The question put to the totals, or None where these cannot tell."""
        if not (
            all(map(self._is_kept_by, groupby))
            and all(map(self._is_kept, aggregates))
            and all(
                term in groupby or self._is_kept(term)
                for term in (part.split()[0] for part in (order or "").split(",") if part.strip())
            )
        ):
            return None
        if not self._asks_for_kinds(Domain(domain).optimize_full(self)):
            return None
        if not self.env.su:
            rules = self.env["ir.rule"]._compute_domain(self._name, "read")
            if not self._asks_for_kinds(rules.optimize_full(self.sudo())):
                return None
        # The domain as it was given: optimized, it may no longer say that it names archived ones.
        return TotalsQuery.of(self._search(domain), self.env["customer.profile.total"]._net())

    def _is_kept_by(self, path: str) -> bool:
        """Whether ``path`` says the same of all customers of one kind: a dimension, or behind one."""
        first, __, rest = path.partition(".")
        field = self._fields.get(first)
        if field is None or ":" in path:
            return False
        if field.store:
            return first in DIMENSIONS and (not rest or field.type == "many2one")
        return bool(field.related) and not rest and self._is_kept_by(field.related)

    def _is_kept(self, aggregate: str) -> bool:
        if aggregate == "__count":
            return True
        name, path, function = parse_read_group_spec(aggregate)
        if path or not function:
            return False
        if function in ("sum", "avg"):
            return name in MEASURES + LEVELS
        if function == "sum_currency":
            return name in MEASURES and self._fields[name].type == "monetary"
        return function in _BLIND_TO_NUMBER and self._is_kept_by(name)

    @staticmethod
    def _asks_for_kinds(domain: Domain) -> bool:
        """Whether a domain, optimized, looks at dimensions alone."""
        return all(
            isinstance(item, str) or (isinstance(item, tuple) and item[0] in (*DIMENSIONS, 0, 1))
            for item in domain
        )
