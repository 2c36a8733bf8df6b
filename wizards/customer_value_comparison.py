from typing import NamedTuple

from odoo import api, fields, models

from ..models.evidence.formats import Formats
from ..tools.policy_difference import Line, Rule, compare
from ..tools.value_policy import RECENCY_RHYTHM

#: What a version does not have.
NOTHING = "—"


class Row(NamedTuple):
    """A line of the table, in words."""

    section: str
    rule: str
    old: str
    new: str
    differs: bool


class CustomerValueComparison(models.TransientModel):
    """What changed between two versions of a company's value policy, rule by rule."""

    _name = "customer.value.comparison"
    _description = "What Changed Between Two Versions"

    policy_id = fields.Many2one(
        "customer.value.policy", "Version", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    other_id = fields.Many2one(
        "customer.value.policy",
        "Compared With",
        required=True,
        ondelete="cascade",
        domain="[('company_id', '=', company_id), ('id', '!=', policy_id)]",
    )
    show_all = fields.Boolean("Show All Rules", help="Also the rules that are the same in both.")
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.depends("policy_id", "other_id")
    def _compute_display_name(self):
        for comparison in self:
            comparison.display_name = self.env._(
                "What changed: version %(new)s against %(old)s",
                new=comparison.policy_id.version,
                old=comparison.other_id.version,
            )

    @api.depends("policy_id", "other_id", "show_all")
    @api.depends_context("lang")
    def _compute_table(self):
        for comparison in self:
            if not comparison.other_id:
                comparison.table = False
                continue
            rows = comparison._rows()
            differing = [row for row in rows if row.differs]
            counts = {"differing": len(differing), "same": len(rows) - len(differing)}
            summary = (
                self.env._("Rules that differ: %(differing)s. The same: %(same)s.", **counts)
                if differing
                else self.env._("Both versions have the same rules.")
            )
            comparison.table = self.env["ir.qweb"]._render(
                "customer_success.value_policy_comparison",
                {
                    "old": comparison.other_id,
                    "new": comparison.policy_id,
                    "rows": rows if comparison.show_all else differing,
                    "summary": summary,
                },
            )

    def _rows(self) -> list[Row]:
        """Every rule of either version."""
        self.ensure_one()
        lines = compare(self.other_id._kernel(), self.policy_id._kernel())
        return [
            Row(
                self._section(line),
                self._rule(line),
                self._value(line, line.old, self.other_id),
                self._value(line, line.new, self.policy_id),
                line.differs,
            )
            for line in lines
        ]

    def _section(self, line: Line) -> str:
        if line.rule in (Rule.WINDOW, Rule.RECENCY_MODE):
            return self.env._("What counts")
        if line.rule in (Rule.WEIGHT, Rule.CUT):
            return {
                "recency": self.env._("Recency"),
                "frequency": self.env._("Frequency"),
                "money": self.env._("Money"),
            }[line.of]
        return self.env._("Tiers")

    def _rule(self, line: Line) -> str:
        if line.rule is Rule.CUT and line.of == "recency":
            return self.env._("Level %s: at most", line.level)
        if line.rule is Rule.CUT:
            return self.env._("Level %s: at least", line.level)
        if line.rule in (Rule.THRESHOLD, Rule.KEEP):
            tier = self.env["customer.tier"].browse(line.of).name
            if line.rule is Rule.THRESHOLD:
                return self.env._("%s from score", tier)
            return self.env._("%s kept down to", tier)
        return {
            Rule.WINDOW: self.env._("Purchases of the last"),
            Rule.RECENCY_MODE: self.env._("Recency is"),
            Rule.WEIGHT: self.env._("Weight in the score"),
            Rule.DWELL: self.env._("Wait before a downgrade"),
        }[line.rule]

    def _value(self, line: Line, value, policy) -> str:
        """A rule's value in the words of the version that has it."""
        if value is None:
            return NOTHING
        form = Formats(self.env, policy.currency_id)
        if line.rule is Rule.RECENCY_MODE:
            return dict(policy._fields["recency_mode"]._description_selection(self.env))[value]
        if line.rule is Rule.WEIGHT:
            return form.percent(value)
        if line.rule in (Rule.WINDOW, Rule.DWELL):
            return self.env._("%s days", form.number(value))
        if line.rule is Rule.CUT and line.of == "money":
            return form.money(value)
        if line.rule is Rule.CUT and line.of == "frequency":
            return self.env._("%s days with a purchase", form.number(value))
        if line.rule is Rule.CUT:
            if policy.recency_mode == RECENCY_RHYTHM:
                return self.env._("%s usual intervals", form.number(value))
            return self.env._("%s days", form.number(value))
        return form.number(value)
