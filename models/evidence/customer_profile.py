"""What a screen says of a customer: why its tier and stage are what they are.

Nothing here is stored and nothing decides.
"""

from datetime import timedelta

from odoo import api, fields, models

from .formats import Formats
from .reasons import STAGE_REASONS, TIER_REASONS, words_of
from .stage_receipt import StageFigures, StageReceipt
from .value_receipt import Figures, ValueReceipt, future_points


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    tier_reason = fields.Selection(TIER_REASONS)
    stage_reason = fields.Selection(STAGE_REASONS)

    # Colours and small texts
    tier_color = fields.Integer("Tier Color", related="value_tier_id.color")
    stage_color = fields.Integer("Stage Color", related="lifecycle_stage_id.color")
    stage_code = fields.Selection(related="lifecycle_stage_id.code", string="Stage")
    stage_strategy = fields.Text(related="lifecycle_stage_id.strategy", string="What To Do Now")
    tier_description = fields.Text(related="value_tier_id.description", string="What It Gets")

    # Evidence
    evidence_date = fields.Date(
        "Evidence As Of",
        compute="_compute_evidence_date",
        help="The last day for which the stored figures are known to hold, today at most.",
    )
    # Attributes name what a number opens (see customer_links); all texts are escaped by the template.
    value_evidence = fields.Html(compute="_compute_value_evidence", sanitize_attributes=False)
    stage_evidence = fields.Html(compute="_compute_stage_evidence", sanitize_attributes=False)

    # ---- evidence ------------------------------------------------------------------------------

    @api.depends("as_of", "next_change_date")
    def _compute_evidence_date(self):
        """Figures are stored when they change: until ``next_change_date`` they hold every day."""
        today = {company: company._customer_today() for company in self.company_id}
        for profile in self:
            day = today[profile.company_id]
            if profile.next_change_date:
                day = min(day, profile.next_change_date - timedelta(days=1))
            profile.evidence_date = max(day, profile.as_of) if profile.as_of else False

    def _value_receipt(self) -> ValueReceipt | None:
        """The receipt of the stored tier; None before the first computation."""
        self.ensure_one()
        if not self.policy_id or not self.as_of:
            return None
        figures = Figures(
            as_of=self.evidence_date,
            last=self.last_purchase_date or None,
            purchases=self.purchase_count,
            revenue=self.revenue,
            interval=self.expected_interval,
            levels=(self.recency_level, self.frequency_level, self.monetary_level),
            score=self.value_score,
        )
        return ValueReceipt(self.env, self.policy_id, figures)

    def _stage_receipt(self) -> StageReceipt | None:
        """The receipt of the stored stage; None before the first computation."""
        self.ensure_one()
        if not self.as_of:
            return None
        figures = StageFigures(
            as_of=self.evidence_date,
            first=self.first_purchase_date or None,
            last=self.last_purchase_date or None,
            purchases=self.purchase_count_life,
            interval=self.expected_interval,
            recent=self.trend_recent,
            prior=self.trend_prior,
            usual=self.trend_usual,
            ratio=self.trend_ratio if self.trend_known else None,
        )
        return StageReceipt(
            self.env,
            self.env["customer.lifecycle.policy"].sudo()._for_company(self.company_id),
            self.env["customer.market"].sudo()._find(self.company_id, self.as_of),
            figures,
            self.stage_reason,
        )

    @api.depends("fingerprint", "as_of", "value_tier_id", "policy_id")
    @api.depends_context("lang", "uid")
    def _compute_value_evidence(self):
        for profile in self:
            receipt = profile._value_receipt()
            profile.value_evidence = receipt and self.env["ir.qweb"]._render(
                "customer_success.value_evidence", profile._value_evidence_values(receipt)
            )

    def _manual_text(self, kind, form) -> str:
        """Who chose this tier or stage, until when and why; empty where nobody did."""
        if not self[f"{kind}_manual"]:
            return ""
        until = self[f"manual_{kind}_until"]
        words = {
            "choice": self[f"manual_{kind}_id"].name,
            "user": self[f"manual_{kind}_user_id"].sudo().name,
            "reason": self[f"manual_{kind}_reason"],
            "day": form.day(until),
        }
        if until:
            return self.env._(
                "Set to %(choice)s by hand by %(user)s until %(day)s: “%(reason)s” Below is what "
                "is computed meanwhile.",
                **words,
            )
        return self.env._(
            "Set to %(choice)s by hand by %(user)s until somebody ends it: “%(reason)s” Below is "
            "what is computed meanwhile.",
            **words,
        )

    def _value_evidence_values(self, receipt) -> dict:
        form, computed = receipt.formats, self.computed_tier_id
        future = future_points(self, self.evidence_date) if computed else []
        return {
            "profile": self,
            "receipt": receipt,
            "links": self._links(),
            "source": self.env._("Figures as of %s.", form.day(self.evidence_date)),
            "manual": self._manual_text("tier", form),
            "credited": self.credited
            and self.env._(
                "%s was given back in these days and is already taken off the revenue.",
                form.money(self.credited),
            ),
            "axes": receipt.axes(),
            "thresholds": receipt.thresholds(),
            "reason": words_of(self.env, "tier", self.tier_reason),
            "next_tier": receipt.next_tier(computed, future),
            "previous_tier": receipt.previous_tier(computed, self.tier_below_since, future),
            "last_move": self._last_move("tier"),
            "sales_count": self.env._("Orders: %s", self.invoice_count)
            if self.fact_source == "order"
            else self.env._("Invoices: %s", self.invoice_count),
            "credit_count": self.env._("Credit notes: %s", self.credit_note_count),
        }

    def _last_move(self, kind) -> tuple[str, str] | None:
        """The log's last entry of a kind in words: what came of it when, and why."""
        self.ensure_one()
        move = self.env["customer.transition"].search(
            [("profile_id", "=", self.id), ("kind", "=", kind)], limit=1
        )
        if not move:
            return None
        before, after = move.from_name, move.to_name or self.env._("none")
        what = self.env._(
            "%(move)s on %(day)s",
            move=f"{before} → {after}" if before else after,
            day=Formats(self.env, self.currency_id).day(move.as_of),
        )
        why = move.reason_text or ""
        if move.cause in ("policy", "manual_end", "merge"):
            cause = dict(move._fields["cause"]._description_selection(self.env))[move.cause]
            why = f"{cause}; {why}" if why else cause
        elif move.cause == "manual":
            why = self.env._(
                "by hand by %(user)s: “%(reason)s”",
                user=move.by_user_id.sudo().name,
                reason=why,
            )
        return what, why

    @api.depends("fingerprint", "as_of", "lifecycle_stage_id")
    @api.depends_context("lang", "uid")
    def _compute_stage_evidence(self):
        for profile in self:
            receipt = profile._stage_receipt()
            profile.stage_evidence = receipt and self.env["ir.qweb"]._render(
                "customer_success.stage_evidence", profile._stage_evidence_values(receipt)
            )

    def _stage_evidence_values(self, receipt) -> dict:
        form = receipt.formats
        return {
            "profile": self,
            "links": self._links(),
            "source": self.env._("Figures as of %s.", form.day(self.evidence_date)),
            "manual": self._manual_text("stage", form),
            "last_move": self._last_move("stage"),
            "reason": words_of(self.env, "stage", self.stage_reason),
            "lines": receipt.lines(),
            "trend_sum": receipt.trend_sum(),
            "outlook": receipt.outlook(self.computed_stage_id.code),
            "again": self.next_change_date
            and self.env._(
                "Looked at again on %s, or as soon as a document changes.",
                form.day(self.next_change_date),
            ),
        }

    # ---- where a screen leads ------------------------------------------------------------------

    def action_open_transitions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_transition_action"
        )
        return action | {
            "domain": [("profile_id", "=", self.id)],
            "context": {},
            "name": self.env._("History of %s", self.display_name),
        }

    def action_set_by_hand(self):
        """Ask which tier or stage, why, and until when."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_override_action"
            ),
            "context": {"default_profile_ids": self.ids},
        }

    def action_end_manual(self):
        """Have these customers' computed tier and stage count again, wherever a person chose."""
        for kind, model in (("tier", "customer.tier"), ("stage", "customer.lifecycle.stage")):
            chosen = self.filtered(f"manual_{kind}_id")
            if chosen:
                chosen._set_manual(kind, self.env[model], False, False)

    def action_end_manual_tier(self):
        self._set_manual("tier", self.env["customer.tier"], False, False)

    def action_end_manual_stage(self):
        self._set_manual("stage", self.env["customer.lifecycle.stage"], False, False)

    def action_open_partner(self):
        self.ensure_one()
        return self.partner_id._get_records_action()
