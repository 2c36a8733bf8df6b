"""What a dry-run found, as its screen shows it; every number can be opened."""

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import cutpoints, histogram
from ..value.customer_value_policy import AXES

#: Ways a customer goes, by rank of its tiers.
WAYS = ("up", "down", "first", "none", "stay")


class CustomerValueTrial(models.Model):
    _inherit = "customer.value.trial"

    def get_result(self):
        """Everything that the screen of this dry-run shows."""
        self.check_access("read")
        self.ensure_one()
        result = {
            "id": self.id,
            "state": self.state,
            "progress": self.progress,
            "error": self.error,
            "policy": self.policy_id.display_name,
            "published": self.published_id.display_name,
            "as_of": str(self.as_of),
            "is_past": self.is_past,
            "is_outdated": self.is_outdated,
            "dwell_days": self.policy_id.dwell_days,
            "currency": self.currency_id.id,
            "customers": self.customer_count,
        }
        if self.state != "done":
            return result
        findings = self.findings
        return result | {
            "unknown": findings["unknown"],
            "tiers": self._tiers_shown(),
            "cells": {kind: self._cells(kind) for kind in ("now", "later")},
            "figures": {kind: self._figures(kind) for kind in ("now", "later")},
            "margin": self._sum(self._cells("margin")),
            "waiting": self._sum(self._cells("waiting")),
            "movers": {view: self._movers(view) for view in ("now", "later")},
            "histograms": self._histograms(),
            "idle": findings["idle"],
            "suggestions": self._suggestions(),
        }

    @api.model
    def get_latest(self, policy_id=False):
        """The result of the last dry-run of a policy, or False."""
        self.check_access("read")
        return self.search([("policy_id", "=", policy_id)], limit=1)._result_or_false()

    def _result_or_false(self):
        return self.get_result() if self else False

    # ---- matrix and figures --------------------------------------------------------------------

    def _tiers_shown(self) -> list[dict]:
        """The company's tiers, the most valuable first; those no longer used where somebody has them."""
        used = self.cell_ids.from_tier_id | self.cell_ids.to_tier_id
        tiers = (
            self.env["customer.tier"].search([("active", "=", True)])
            | used
            | self.policy_id.tier_ids.tier_id
        )
        return [
            {"id": tier.id, "name": tier.name, "color": tier.color}
            for tier in tiers.sorted(lambda tier: (tier.sequence, tier.id))
        ]

    def _cells(self, kind) -> list[dict]:
        return [
            {
                "id": cell.id,
                "from": cell.from_tier_id.id,
                "to": cell.to_tier_id.id,
                "customers": cell.customers,
                "revenue": cell.revenue,
                "way": self._way(cell.from_tier_id, cell.to_tier_id),
            }
            for cell in self.cell_ids
            if cell.kind == kind
        ]

    @staticmethod
    def _way(before, after) -> str:
        """Which of :data:`WAYS` it is from one tier to another."""
        if before == after:
            return "stay"
        if not before:
            return "first"
        if not after:
            return "none"
        rank = [(tier.sequence, tier.id) for tier in (before, after)]
        return "up" if rank[1] < rank[0] else "down"

    def _figures(self, kind) -> dict:
        """How many go each way, and how many get another benefit, with the cells to open."""
        cells = self._cells(kind)
        figures = {way: self._sum(c for c in cells if c["way"] == way) for way in WAYS}
        benefit = {
            tier.id: tier.description or ""
            for tier in self.env["customer.tier"].browse(
                {c[side] for c in cells for side in ("from", "to") if c[side]}
            )
        }
        figures["benefit"] = self._sum(
            c for c in cells if benefit.get(c["from"], "") != benefit.get(c["to"], "")
        )
        return figures

    @staticmethod
    def _sum(cells) -> dict:
        cells = list(cells)
        return {
            "customers": sum(cell["customers"] for cell in cells),
            "revenue": sum(cell["revenue"] for cell in cells),
            "cells": [cell["id"] for cell in cells],
        }

    # ---- the largest ---------------------------------------------------------------------------

    def _movers(self, view) -> list[dict]:
        """The largest that move, as far as the reader may see them and they still exist."""
        movers = self.findings["movers"].get(view, [])
        context = {"active_test": False}
        partners = (
            self.env["res.partner"]
            .with_context(**context)
            .search([("id", "in", [mover["partner"] for mover in movers])])
        )
        profiles = (
            self.env["customer.profile"]
            .with_context(**context)
            .search([("id", "in", [mover["profile"] for mover in movers])])
        )
        names = {partner.id: partner.display_name for partner in partners}
        return [
            mover | {"name": names[mover["partner"]]}
            for mover in movers
            if mover["partner"] in names
            and (not mover["profile"] or mover["profile"] in profiles.ids)
        ]

    # ---- histograms ----------------------------------------------------------------------------

    def _histograms(self) -> list[dict]:
        """Each axis: how the company's customers spread, and where both policies cut."""
        published = self.published_id
        same_unit = published.recency_mode == self.policy_id.recency_mode
        return [
            {
                "axis": axis,
                "unit": self.policy_id.recency_mode if axis == "recency" else axis,
                "bars": [
                    bar._asdict()
                    for bar in histogram.bars(
                        {int(step): n for step, n in self.findings["bars"].get(axis, {}).items()},
                        whole=axis == "frequency",
                    )
                ],
                "draft": sorted(self.policy_id[f"{axis}_cut_ids"].mapped("value")),
                "published": sorted(published[f"{axis}_cut_ids"].mapped("value"))
                if axis != "recency" or same_unit
                else [],
            }
            for axis, __ in AXES
        ]

    # ---- suggested cut-points ------------------------------------------------------------------

    def _suggestions(self) -> list[dict]:
        """The draft's cut-points and the suggested ones, each with what it would do in the end."""
        own = {axis: sorted(self.policy_id[f"{axis}_cut_ids"].mapped("value")) for axis, __ in AXES}
        choices = [{"code": "draft", "cuts": own}, *self.findings["suggestions"]]
        return [
            {
                "code": choice["code"],
                "cuts": {axis: choice["cuts"][axis] for axis, __ in AXES},
                "is_own": all(list(choice["cuts"][axis]) == own[axis] for axis in own),
                "customers": choice["cuts"].get("customers", 0),
                **self._effect(self.findings["ways"].get(choice["code"], [])),
            }
            for choice in choices
        ]

    def _effect(self, ways) -> dict:
        """How many rise and fall, and the share of customers with a tier that each tier gets."""
        tiers = self.env["customer.tier"].search([("active", "in", (True, False))])
        known = {0: tiers.browse()} | {tier.id: tier for tier in tiers}
        effect = {"up": 0, "down": 0}
        held: dict[int, int] = {}
        for before, after, customers in ways:
            if not {before, after} <= known.keys():  # a tier that was deleted since
                continue
            way = self._way(known[before], known[after])
            if way in effect:
                effect[way] += customers
            if after:
                held[after] = held.get(after, 0) + customers
        total = sum(held.values()) or 1
        return effect | {"shares": {tier: 100 * n / total for tier, n in held.items()}}

    def action_use_suggestion(self, code=False):
        """Have the draft use the cut-points that this dry-run suggested."""
        self._check_may_try()
        self.ensure_one()
        self.check_access("read")
        for choice in self.findings["suggestions"]:
            if choice["code"] == code:
                self.policy_id._take_suggestion(cutpoints.Calibration(**choice["cuts"]), self.as_of)
                return
        raise UserError(self.env._("This dry-run has no such suggestion. Try the policy again."))

    # ---- opening what a number was made from ---------------------------------------------------

    def action_open_cells(self, cell_ids=(), title=""):
        """The ordinary list of customers, holding those of some cells of this dry-run."""
        self.check_access("read")
        self.ensure_one()
        cells = self.env["customer.value.trial.cell"].search(
            [("id", "in", list(cell_ids)), ("trial_id", "=", self.id)]
        )
        domain = [("trial_cell_id", "in", cells.ids)]
        Profile = self.env["customer.profile"].with_context(active_test=False)
        count = Profile.search_count(domain)
        if not title and len(cells) == 1:
            never = self.env._("never bought")
            title = f"{cells.from_tier_id.name or never} → {cells.to_tier_id.name or never}"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(title)s: %(count)s customers", title=title, count=count)
            if count != 1
            else self.env._("%(title)s: 1 customer", title=title),
            "res_model": "customer.profile",
            "views": [[False, "list"], [False, "kanban"], [False, "pivot"], [False, "form"]],
            "domain": domain,
            "context": {"active_test": False},
        }
