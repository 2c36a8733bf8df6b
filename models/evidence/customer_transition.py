from datetime import date

from odoo import api, fields, models

from .formats import Formats
from .reasons import words_of
from .value_receipt import Figures, ValueReceipt


class CustomerTransition(models.Model):
    """What a screen says of a change: why it came, and the figures it was made from at that time."""

    _inherit = "customer.transition"

    reason_text = fields.Char("Why", compute="_compute_reason_text")
    currency_id = fields.Many2one(related="company_id.currency_id")
    to_color = fields.Integer(compute="_compute_to_color")
    evidence_html = fields.Html("Evidence (Words)", compute="_compute_evidence_html")

    @api.depends("kind", "cause", "reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for transition in self:
            if transition.cause == "manual":
                transition.reason_text = transition.reason
            else:
                transition.reason_text = words_of(self.env, transition.kind, transition.reason)

    @api.depends("kind", "to_tier_id.color", "to_stage_id.color")
    def _compute_to_color(self):
        for transition in self:
            shown = transition.to_tier_id if transition.kind == "tier" else transition.to_stage_id
            transition.to_color = shown.color

    def _value_receipt(self) -> ValueReceipt | None:
        """The receipt of the score as it was then; None without a policy to read it by."""
        self.ensure_one()
        evidence = self.evidence
        if self.kind != "tier" or not self.policy_id or not evidence:
            return None
        figures = Figures(
            as_of=self.as_of,
            last=_day(evidence.get("last")),
            purchases=evidence["purchases"],
            revenue=evidence["revenue"],
            interval=evidence["interval"],
            levels=tuple(evidence["levels"]),
            score=evidence["score"],
        )
        return ValueReceipt(self.env, self.policy_id, figures)

    @api.depends("evidence", "policy_id", "kind")
    @api.depends_context("lang")
    def _compute_evidence_html(self):
        for transition in self:
            receipt = transition._value_receipt()
            transition.evidence_html = self.env["ir.qweb"]._render(
                "customer_success.transition_evidence",
                {
                    "transition": transition,
                    "receipt": receipt,
                    "axes": receipt.axes() if receipt else [],
                    "thresholds": receipt.thresholds() if receipt else [],
                    "figures": transition._figure_lines(),
                },
            )

    def _figure_lines(self) -> list[tuple[str, str]]:
        """The figures of that time, each with its name."""
        self.ensure_one()
        evidence = self.evidence or {}
        form = Formats(self.env, self.currency_id)
        if not evidence.get("last"):
            return [(self.env._("Purchases"), self.env._("none yet"))]
        last = _day(evidence["last"])
        lines = [
            (self.env._("First purchase"), form.day(_day(evidence["first"]))),
            (
                self.env._("Last purchase"),
                self.env._(
                    "%(day)s, %(days)s days before",
                    day=form.day(last),
                    days=(self.as_of - last).days,
                ),
            ),
            (
                self.env._("Usually buys every"),
                self.env._("%s days", form.number(evidence["interval"], 2)),
            ),
            (self.env._("Days with a purchase, ever"), form.number(evidence["purchases_life"], 0)),
            (self.env._("Recent revenue"), form.money(evidence["recent"])),
            (self.env._("The same days one year before"), form.money(evidence["prior"])),
        ]
        trend = evidence.get("trend")
        lines.append(
            (
                self.env._("Trend"),
                self.env._("not known yet") if trend is None else form.fixed(trend, 4),
            )
        )
        return lines


def _day(text) -> date | None:
    return date.fromisoformat(text) if text else None
