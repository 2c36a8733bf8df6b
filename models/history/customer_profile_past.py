"""One customer on a past day: as known then, as its documents say now, and why the two differ."""

from datetime import date

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import lifecycle, tiers
from ...tools.dates import from_days
from ..evidence.formats import Formats
from ..evidence.reasons import words_of
from ..evidence.stage_receipt import StageFigures, StageReceipt
from ..evidence.value_receipt import Figures, ValueReceipt
from .customer_history import month_end
from .differences import Differences

MODELS = {"tier": "customer.tier", "stage": "customer.lifecycle.stage"}


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    def action_open_past_day(self):
        """Show this customer on another day."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "customer_success.past_day",
            "target": "new",
            "params": {"profile_id": self.id, "name": self.display_name},
        }

    def get_past_day(self, day=False) -> dict:
        """What a dialog shows of this customer on ``day``; the end of last month unless given.

        ``known`` is by the log, ``now`` by the documents as they are today; each has, per kind, what
        the customer was and the receipt.
        """
        self.ensure_one()
        self.check_access("read")
        company = self.company_id
        today = company._customer_today()
        day = fields.Date.to_date(day) or month_end(today)
        if day > today:
            raise UserError(
                self.env._("That day is still to come. Choose today or an earlier day.")
            )
        History = self.env["customer.history"].sudo()
        begin = History._first_day(company)
        known = self._known_on_day(day)
        standing = next(History._recomputed(company, self.partner_id.ids, [day]))[0]
        now = self._recomputed_on_day(day, standing)
        logged = not begin or day >= begin
        differing = [kind for kind in MODELS if logged and known[kind]["id"] != now[kind]["id"]]
        return {
            "day": fields.Date.to_string(day),
            "today": fields.Date.to_string(today),
            "logged": bool(begin and logged),
            "begin": begin and Formats(self.env, company.currency_id).day(begin),
            "known": known,
            "now": now,
            "differing": differing,
            "reasons": Differences(self, day, begin).reasons() if differing else [],
        }

    # ---- as known then -------------------------------------------------------------------------

    def _known_on_day(self, day: date) -> dict:
        form = Formats(self.env, self.currency_id)
        known = {}
        for kind in MODELS:
            entry = self.env["customer.transition"].search(
                [("profile_id", "=", self.id), ("kind", "=", kind), ("as_of", "<=", day)],
                order="as_of desc, id desc",
                limit=1,
            )
            value = entry[f"to_{kind}_id"]
            words = {"since": form.day(entry.as_of), "policy": entry.policy_id.sudo().display_name}
            known[kind] = {
                **_shown(value),
                "entry_id": entry.id,
                "reason": entry.reason_text or "",
                "source": (
                    self.env._("Since %(since)s, by %(policy)s.", **words)
                    if entry and kind == "tier" and entry.policy_id
                    else self.env._("Since %(since)s.", **words)
                    if entry
                    else ""
                ),
                "evidence": (entry.evidence_html or "") if entry else "",
                "evidence_title": self.env._("Evidence of %s", words["since"]) if entry else "",
            }
        return known

    # ---- as the documents say now --------------------------------------------------------------

    def _recomputed_on_day(self, day: date, standing) -> dict:
        policy = self.env["customer.history"].sudo()._policy_on(self.company_id, day)
        title = self.env._("Evidence of %s", Formats(self.env, self.currency_id).day(day))
        is_customer = bool(standing["lifecycle_stage_id"])
        now = {}
        for kind, shown in (("tier", "value_tier_id"), ("stage", "lifecycle_stage_id")):
            reasons = tiers.TierReason if kind == "tier" else lifecycle.StageReason
            code = reasons(int(standing[f"{kind}_reason"])).name.lower()
            if not is_customer:
                reason = self.env._("Not a customer yet.")
            elif standing[f"{kind}_manual"]:
                reason = self.env._("Set by hand, as the log has it.")
            else:
                reason = words_of(self.env, kind, code)
            now[kind] = {
                "evidence_title": title,
                **_shown(self.env[MODELS[kind]].browse(int(standing[shown]) or [])),
                "reason": reason,
                "source": self.env._("By %s.", policy.display_name) if kind == "tier" else "",
                "evidence": (
                    self._value_evidence_on(policy, day, standing)
                    if kind == "tier"
                    else self._stage_evidence_on(day, standing, code)
                ),
            }
        return now

    def _value_evidence_on(self, policy, day: date, standing) -> str:
        last = from_days(standing["last_purchase_date"])
        if not policy or not last:
            return ""
        receipt = ValueReceipt(
            self.env,
            policy,
            Figures(
                as_of=day,
                last=last,
                purchases=int(standing["purchase_count"]),
                revenue=float(standing["revenue"]),
                interval=float(standing["expected_interval"]),
                levels=tuple(
                    int(standing[f"{axis}_level"]) for axis in ("recency", "frequency", "monetary")
                ),
                score=float(standing["value_score"]),
            ),
        )
        return self.env["ir.qweb"]._render(
            "customer_success.past_value_evidence",
            {"receipt": receipt, "axes": receipt.axes(), "thresholds": receipt.thresholds()},
        )

    def _stage_evidence_on(self, day: date, standing, code: str) -> str:
        last = from_days(standing["last_purchase_date"])
        if not last:
            return ""
        limits = self.env["customer.lifecycle.policy"].sudo()._for_company(self.company_id)
        Market = self.env["customer.market"].sudo()
        receipt = StageReceipt(
            self.env,
            limits,
            Market._look_up(self.company_id, day, limits.window_days),
            StageFigures(
                as_of=day,
                first=from_days(standing["first_purchase_date"]),
                last=last,
                purchases=int(standing["purchase_count_life"]),
                interval=float(standing["expected_interval"]),
                recent=float(standing["trend_recent"]),
                prior=float(standing["trend_prior"]),
                usual=float(standing["trend_usual"]),
                ratio=float(standing["trend_ratio"]) if standing["trend_known"] else None,
            ),
            code,
        )
        return self.env["ir.qweb"]._render(
            "customer_success.past_stage_evidence",
            {"lines": receipt.lines(), "trend_sum": receipt.trend_sum()},
        )


def _shown(value) -> dict:
    return {"id": value.id, "name": value.name or "—", "color": value.color or 0}
