"""The first screen: where revenue comes from, what grows, what slips away, who moved.

Everything is grouped by the database over a few dimensions; nothing costs a query per customer.
Each figure carries the domain it was counted with, and a click opens exactly that.
"""

from collections import defaultdict
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet

from ...tools.value_policy import RECENCY_RHYTHM
from ..evidence.formats import Formats
from ..evidence.reasons import words_of
from .customer_profile import WAYS
from .levels import frequency_levels, recency_levels

#: Concentration is told for these shares of the customers with revenue, in per cent.
TOP_PERCENTS = (1, 5, 20)
#: How many customers at risk are named.
NAMED = 10
#: How many month ends a sparkline shows, today being one more point.
SPARK_MONTHS = 23


class CustomerOverview(models.AbstractModel):
    """Sums up the customers of the active company that the user may see."""

    _name = "customer.overview"
    _description = "Customer Overview"

    @api.model
    @api.readonly
    def get_overview(self, scope: str = "all", month: str | None = None) -> dict:
        """All figures of the overview, read in one go.

        :param scope: ``all``, or ``mine`` for the customers whose account manager the user is; who may
            not see all customers always gets ``mine``
        :param month: any day of the month whose changes are told; this month by default
        """
        Profile = self.env["customer.profile"]
        Profile.check_access("read")
        company = self.env.company
        today = company._customer_today()
        month = (fields.Date.to_date(month) or today).replace(day=1)
        may_see_all = self.env.user.has_group("customer_success.group_customer_all")
        scope = "all" if scope == "all" and may_see_all else "mine"
        mine = Domain("user_id", "=", self.env.uid) if scope == "mine" else Domain.TRUE
        own = Domain("company_id", "=", company.id) & mine
        first_day = self.env["customer.transition"]._first_day(company)
        rows = Profile._read_group(
            own,
            ["value_tier_id", "lifecycle_stage_id", "recency_level", "frequency_level"],
            ["__count", "revenue:sum"],
        )
        policy = self.env["customer.value.policy"]._published(company)
        rules = policy._kernel() if policy else None
        total = _summed(own, rows)
        at_risk = self._figure(own & Domain("is_at_risk", "=", True))
        return {
            "company": company.name,
            "currency_id": company.currency_id.id,
            "scope": scope,
            "may_see_all": may_see_all,
            "today": fields.Date.to_string(today),
            "window_days": rules.window_days if rules else False,
            "month": fields.Date.to_string(month),
            "months": _months_between(first_day or today, today),
            "total": total,
            "tiles": self._tiles(own, total, at_risk, today, scope),
            "grid": self._grid(own, rows, rules) if rules else False,
            "tiers": self._tiers(own, rows, policy, total["revenue"]),
            "concentration": self._concentration(own, total["revenue"]),
            "stages": self._stages(own, mine, rows, company, month, first_day),
            "moved": self._moved(own, policy, company, month),
            "at_risk": at_risk | {"named": self._named(own)},
        }

    @api.model
    @api.readonly
    def get_top_domain(self, scope: str, count: int) -> list:
        """The domain of the ``count`` customers who bring most, in the order of the list of customers.

        Found when somebody wants to see them: ties are cut where the list would cut them.
        """
        mine = Domain("user_id", "=", self.env.uid) if scope == "mine" else Domain.TRUE
        domain = Domain("company_id", "=", self.env.company.id) & mine & Domain("revenue", ">", 0)
        last = self.env["customer.profile"].search(
            domain, order="revenue desc, id desc", offset=max(count, 1) - 1, limit=1
        )
        if last:
            revenue = last.revenue
            domain &= Domain("revenue", ">", revenue) | (
                Domain("revenue", "=", revenue) & Domain("id", ">=", last.id)
            )
        return _as_list(domain)

    # ---- figures -------------------------------------------------------------------------------

    def _figure(self, domain) -> dict:
        """How many customers, what they bring, and the domain that finds them."""
        [(customers, revenue)] = self.env["customer.profile"]._read_group(
            domain, [], ["__count", "revenue:sum"]
        )
        return {"customers": customers, "revenue": revenue or 0, "domain": _as_list(domain)}

    def _tiles(self, own, total, at_risk, today, scope) -> list[dict]:
        """The four figures on top, each with its past month ends.

        The fourth is what somebody can mend: customers without an account manager for whoever sees
        all, tiers about to be lost for an account manager.
        """
        Profile = self.env["customer.profile"]
        this_month = today.replace(day=1)
        tiles = [
            {"key": "customers", "value": total["customers"], **total},
            {"key": "revenue", "value": total["revenue"], **total},
            {"key": "at_risk", "value": at_risk["revenue"], **at_risk},
        ]
        known = self._past(own, this_month)
        history = {
            "customers": {end: customers for end, (customers, __) in known.items()},
            "revenue": {end: revenue for end, (__, revenue) in known.items()},
            "at_risk": _filled(self._past(own & Profile._at_risk_domain(), this_month), known, 1),
        }
        if scope == "all":
            nobody = Domain("user_id", "=", False)
            figure = self._figure(own & nobody)
            tiles.append({"key": "unmanaged", "value": figure["customers"], **figure})
            history["unmanaged"] = _filled(self._past(own & nobody, this_month), known, 0)
        else:
            figure = self._figure(own & Domain("tier_below_since", "!=", False))
            tiles.append({"key": "falling", "value": figure["customers"], **figure})
        for tile in tiles:
            past = history.get(tile["key"], {})
            tile["past"] = [[fields.Date.to_string(end), past[end]] for end in sorted(past)]
        return tiles

    def _past(self, domain, this_month: date) -> dict[date, tuple[int, float]]:
        """Month -> customers and revenue as they were known at its end, for the months before this."""
        since = this_month - relativedelta(months=SPARK_MONTHS)
        rows = self.env["customer.profile.month"]._read_group(
            domain & Domain("month", ">=", since) & Domain("month", "<", this_month),
            ["month:month"],
            ["customers:sum", "revenue:sum"],
        )
        return {month: (customers, revenue or 0) for month, customers, revenue in rows}

    # ---- where revenue comes from --------------------------------------------------------------

    def _grid(self, own, rows, rules) -> dict:
        """Recency against frequency; customers who never bought have no place in it."""
        form = Formats(self.env, self.env.company.currency_id)
        recency = recency_levels(self.env, rules, form.number)
        frequency = frequency_levels(self.env, rules, form.number)
        sums = _rolled_up(rows, lambda tier, stage, r, f: (r, f))
        cells = [
            {
                "recency": r,
                "frequency": f,
                "customers": customers,
                "revenue": revenue,
                "domain": _as_list(
                    own & Domain("recency_level", "=", r) & Domain("frequency_level", "=", f)
                ),
            }
            for (r, f), (customers, revenue) in sums.items()
            if r and f
        ]
        return {
            "rhythm": rules.recency_mode == RECENCY_RHYTHM,
            "recency": [level._asdict() for level in recency],
            "frequency": [level._asdict() for level in frequency],
            "cells": cells,
            "none": {
                "customers": sums[0, 0][0],
                "domain": _as_list(own & Domain("recency_level", "=", 0)),
            },
        }

    def _tiers(self, own, rows, policy, revenue) -> list[dict]:
        """The published policy's tiers in order, others that customers still have, and none."""
        sums = _rolled_up(rows, lambda tier, *__: tier)
        tiers = policy.tier_ids.sorted("threshold", reverse=True).tier_id
        tiers += self.env["customer.tier"].union(*sums).sorted() - tiers
        shown = [*tiers, self.env["customer.tier"]] if self.env["customer.tier"] in sums else tiers
        return [
            {
                "id": tier.id,
                "name": tier.name,
                "color": tier.color,
                "customers": sums[tier][0],
                "revenue": sums[tier][1],
                "share": sums[tier][1] / revenue if revenue > 0 else 0,
                "domain": _as_list(own & Domain("value_tier_id", "=", tier.id)),
            }
            for tier in shown
        ]

    def _concentration(self, own, revenue) -> list[dict]:
        """What share of the revenue the customers with most revenue bring."""
        Profile = self.env["customer.profile"]
        buyers = Profile._buyer_count(own)
        if not buyers or revenue <= 0:
            return []
        counts = [-(-buyers * percent // 100) for percent in TOP_PERCENTS]
        return [
            {"percent": percent, "count": count, "revenue": top, "share": top / revenue}
            for percent, count, top in zip(
                TOP_PERCENTS, counts, Profile._top_revenue(own, counts), strict=True
            )
        ]

    # ---- what moves ----------------------------------------------------------------------------

    def _stages(self, own, mine, rows, company, month, first_day) -> list[dict]:
        """Each stage with its customers, and the changes of the month that led into it and out of it."""
        sums = _rolled_up(rows, lambda tier, stage, *__: stage)
        Transition = self.env["customer.transition"]
        changes = (
            Domain("kind", "=", "stage")
            & Transition._between_domain(company, month, month + relativedelta(months=1), first_day)
            & mine
        )
        entered, left = defaultdict(int), defaultdict(int)
        for before, after, count in Transition._read_group(
            changes, ["from_stage_id", "to_stage_id"], ["__count"]
        ):
            left[before] += count
            entered[after] += count
        return [
            {
                "id": stage.id,
                "name": stage.name,
                "code": stage.code,
                "color": stage.color,
                "strategy": stage.strategy or "",
                "customers": sums[stage][0],
                "revenue": sums[stage][1],
                "domain": _as_list(own & Domain("lifecycle_stage_id", "=", stage.id)),
                "entered": entered[stage],
                "entered_domain": _as_list(changes & Domain("to_stage_id", "=", stage.id)),
                "left": left[stage],
                "left_domain": _as_list(changes & Domain("from_stage_id", "=", stage.id)),
            }
            for stage in self.env["customer.lifecycle.stage"].search([])
        ]

    def _moved(self, own, policy, company, month) -> dict:
        """From which tier to which: whose tier is another than when the month began."""
        Profile = self.env["customer.profile"]
        query = Profile._search(own)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(moved.from_id, 0), COALESCE(moved.to_id, 0), moved.way,
                       count(*), sum(customer_profile.revenue)
                  FROM %(tables)s
                  JOIN (%(moves)s) moved ON moved.profile_id = customer_profile.id
                 WHERE %(conditions)s
                 GROUP BY 1, 2, 3
                 ORDER BY 1, 2
                """,
                tables=query.from_clause,
                moves=Profile._tier_moves(company, month),
                conditions=query.where_clause,
            )
        )
        key = f"{company.id}/{month}"
        cells, ways = [], dict.fromkeys(WAYS, 0)
        for from_id, to_id, way, customers, revenue in rows:
            ways[way] += customers
            cells.append(
                {
                    "from": from_id or False,
                    "to": to_id or False,
                    "customers": customers,
                    "revenue": float(revenue or 0),
                    "domain": _as_list(own & Domain("tier_move", "=", f"{key}/{from_id}/{to_id}")),
                }
            )
        tiers = policy.tier_ids.sorted("threshold", reverse=True).tier_id
        seen = {cell[side] for cell in cells for side in ("from", "to")} - {False}
        tiers += self.env["customer.tier"].browse(seen - set(tiers.ids)).sorted()
        return {
            "tiers": [{"id": t.id, "name": t.name, "color": t.color} for t in tiers],
            "cells": cells,
            "ways": [
                {
                    "way": way,
                    "customers": customers,
                    "domain": _as_list(own & Domain("tier_move", "=", f"{key}/{way}")),
                }
                for way, customers in ways.items()
            ],
        }

    def _named(self, own) -> list[dict]:
        """The customers at risk who bring most: who, why, how silent, whose."""
        profiles = self.env["customer.profile"].search(
            own & Domain("is_at_risk", "=", True), limit=NAMED
        )
        return [
            {
                "id": profile.id,
                # Whoever may see a customer may know what it and its account manager are called.
                "name": profile.partner_id.sudo().display_name,
                "revenue": profile.revenue,
                "tier": profile.value_tier_id.name,
                "tier_color": profile.value_tier_id.color,
                "stage": profile.lifecycle_stage_id.name,
                "stage_color": profile.lifecycle_stage_id.color,
                "why": profile.manual_stage_reason
                if profile.stage_manual
                else words_of(self.env, "stage", profile.stage_reason),
                "silence": profile.silence_text,
                "user_id": profile.user_id.id,
                "user": profile.user_id.sudo().display_name or "",
            }
            for profile in profiles
        ]


def _rolled_up(rows, key) -> dict:
    """Customers and revenue per ``key(*dimensions)``."""
    sums = defaultdict(lambda: (0, 0.0))
    for *dimensions, count, revenue in rows:
        customers, amount = sums[key(*dimensions)]
        sums[key(*dimensions)] = (customers + count, amount + (revenue or 0))
    return sums


def _summed(domain, rows) -> dict:
    customers, revenue = _rolled_up(rows, lambda *__: None)[None]
    return {"customers": customers, "revenue": revenue, "domain": _as_list(domain)}


def _filled(past: dict, known: dict, which: int) -> dict:
    """One figure of ``past`` for each month that is known at all: none then means 0."""
    return {end: past.get(end, (0, 0))[which] for end in known}


def _months_between(start: date, end: date) -> list[str]:
    """The first day of each month from ``start``'s to ``end``'s, the newest first."""
    months, month = [], end.replace(day=1)
    while month >= start.replace(day=1):
        months.append(fields.Date.to_string(month))
        month -= relativedelta(months=1)
    return months


def _as_list(domain: Domain) -> list:
    """A domain as the web client takes it."""
    return [
        part if isinstance(part, str) else [_as_json(value) for value in part] for part in domain
    ]


def _as_json(value):
    if isinstance(value, date):
        return fields.Date.to_string(value)
    return list(value) if isinstance(value, (tuple, set, OrderedSet)) else value
