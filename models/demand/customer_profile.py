from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.demand_focus import Reason
from ..common.fields import LooseMany2one
from ..evidence.formats import Formats
from ..facts.customer_facts import among
from .focus_receipt import FocusReceipt


class CustomerProfile(models.Model):
    """What a customer buys on: shown beside its tier and stage, with its why and what to do."""

    _inherit = "customer.profile"

    demand_focus_id = LooseMany2one(
        "customer.demand.focus",
        readonly=True,
        ondelete="restrict",
        group_expand="_read_group_expand_full",
        help="Said by a person where somebody did, inferred otherwise. Empty: not known.",
    )
    demand_focus_since = fields.Date(readonly=True)
    demand_focus_manual = fields.Boolean("Focus Set By Hand", readonly=True)
    focus_color = fields.Integer("Focus Color", related="demand_focus_id.color")
    focus_measures = fields.Text(related="demand_focus_id.measures", string="What It Wants")
    demand_id = fields.Many2one("customer.demand", compute="_compute_demand")
    demand_focus_confidence = fields.Float(
        "Confidence", compute="_compute_demand", help="Of the inferred focus, 0 to 1."
    )
    demand_evidence = fields.Html(compute="_compute_demand_evidence", sanitize_attributes=False)

    # Nothing for customers whose focus is not known, so that a first computation stays as quick.
    _focus_idx = models.Index(
        "(demand_focus_id, revenue DESC, id DESC) WHERE demand_focus_id IS NOT NULL"
    )

    def _compute_demand(self):
        found = self.env["customer.demand"].search_fetch(
            [("profile_id", "in", self.ids)], ["profile_id", "confidence"]
        )
        by_profile = found.grouped("profile_id")
        for profile in self:
            demand = by_profile.get(profile._origin, found.browse())
            profile.demand_id = demand
            profile.demand_focus_confidence = demand.confidence

    # ---- evidence ------------------------------------------------------------------------------

    @api.depends("demand_focus_id", "demand_focus_since")
    @api.depends_context("lang", "uid")
    def _compute_demand_evidence(self):
        for profile in self:
            profile.demand_evidence = self.env["ir.qweb"]._render(
                "customer_success.demand_evidence", profile._demand_evidence_values()
            )

    def _demand_evidence_values(self) -> dict:
        self.ensure_one()
        demand = self.demand_id
        form = Formats(self.env, self.currency_id)
        receipt = FocusReceipt(self.env, demand.evidence, form)
        limits = self.env["customer.demand.policy"].sudo()._for_company(self.company_id)
        computed = demand.computed_focus_id
        reasons = dict(demand._fields["reason"]._description_selection(self.env))
        return {
            "name": computed.name or self.env._("Not known"),
            "reason": reasons[demand.reason or "too_little"],
            "manual": self._manual_focus_text(demand, form),
            "source": demand.as_of
            and self.env._(
                "The last %(days)s days, as of %(day)s.",
                days=(demand.evidence or {}).get("ordinary", {}).get("days", limits.window_days),
                day=form.day(demand.as_of),
            ),
            "confidence": computed
            and self.env._(
                "%(confidence)s sure: %(points)s of 100 points.",
                confidence=form.percent(round(demand.confidence, 2)),
                points=form.number(demand.points, 1),
            ),
            "lines": receipt.lines(),
            "totals": receipt.totals(computed.id),
            "outlook": self._demand_outlook(demand, receipt, limits, form),
            "measures": (self.demand_focus_id.measures or "").splitlines(),
            "measures_title": self.env._("What to do: %s", self.demand_focus_id.name),
            "links": self._demand_links(),
            "last_move": self._last_move("focus"),
        }

    def _manual_focus_text(self, demand, form) -> str:
        if not demand.manual_focus_id:
            return ""
        words = {
            "choice": demand.manual_focus_id.name,
            "user": demand.manual_user_id.sudo().name,
            "reason": demand.manual_reason,
            "day": form.day(demand.manual_until),
        }
        if demand.manual_until:
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

    def _demand_outlook(self, demand, receipt, limits, form) -> str:
        """What it would take for another answer."""
        if demand.rival_since:
            day = demand.rival_since + timedelta(days=limits.hold_days)
            return self.env._(
                "%(focus)s from %(day)s, if that is still the answer then.",
                focus=demand.rival_focus_id.name or self.env._("Not known"),
                day=form.day(day),
            )
        if demand.computed_focus_id:
            return self.env._("Stays until another answer holds for %s days.", limits.hold_days)
        lead = receipt.lead()
        if lead is None or demand.reason == Reason.NOTHING_SPEAKS.name.lower():
            return self.env._(
                "Nothing it does stands out yet. If you know what it wants, set it by hand."
            )
        return self.env._(
            "Most speaks for %(focus)s: %(points)s points, %(lead)s ahead. It takes %(least)s "
            "points, a lead of %(margin)s, and %(evidence)s observations.",
            focus=lead[0],
            points=form.number(lead[1], 1),
            lead=form.number(lead[2], 1),
            least=form.number(limits.min_score, 1),
            margin=form.number(limits.margin, 1),
            evidence=form.number(limits.min_evidence, 1),
        )

    # ---- where its numbers lead ----------------------------------------------------------------

    def _demand_links(self) -> dict[str, str]:
        """The action behind each line that this user may open."""
        links = {"log": "action_open_transitions"}
        invoices = self.env["account.move.line"].has_access("read")
        if invoices and self.fact_source == "invoice":
            links |= {
                "lines": "action_open_demand_lines",
                "discounts": "action_open_demand_discounts",
            }
        if self.env["sale.order"].has_access("read"):
            links["orders"] = "action_open_demand_orders"
        if self.env["customer.demand.policy"].has_access("read"):
            links["limits"] = "action_open_demand_limits"
        return links

    def _demand_start(self):
        days = ((self.demand_id.evidence or {}).get("ordinary") or {}).get("days", 365)
        return self.demand_id.as_of - timedelta(days=days)

    def _demand_action(self, model, name, domain) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": list(domain),
            "context": {"create": False},
        }

    def _demand_lines_domain(self) -> Domain:
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("move_id.commercial_partner_id", "=", self.partner_id.id),
                ("parent_state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("display_type", "=", "product"),
                ("product_id", "!=", False),
                ("is_downpayment", "=", False),
                ("invoice_date", ">", self._demand_start()),
                ("invoice_date", "<=", self.demand_id.as_of),
            ]
        )

    def action_open_demand_lines(self):
        """The lines whose prices and categories were looked at."""
        self.check_access("read")
        self.ensure_one()
        return self._demand_action(
            "account.move.line", self.env._("Lines"), self._demand_lines_domain()
        )

    def action_open_demand_discounts(self):
        """Those of them with a discount."""
        self.check_access("read")
        self.ensure_one()
        return self._demand_action(
            "account.move.line",
            self.env._("Lines With A Discount"),
            self._demand_lines_domain()
            & Domain("discount", ">", 0)
            & Domain("move_type", "=", "out_invoice"),
        )

    def action_open_demand_orders(self):
        """Orders with a day of delivery asked for."""
        self.check_access("read")
        self.ensure_one()
        company = self.company_id
        span = (
            company._customer_day_start(self._demand_start() + timedelta(days=1)),
            company._customer_day_start(self.demand_id.as_of + timedelta(days=1)),
        )
        return self._demand_action(
            "sale.order",
            self.env._("Orders With A Delivery Date"),
            self._orders_domain()
            & Domain("commitment_date", "!=", False)
            & Domain("date_order", ">=", span[0])
            & Domain("date_order", "<", span[1]),
        )

    def action_open_demand_limits(self):
        """The limits by which its focus was named or not."""
        self.check_access("read")
        self.ensure_one()
        limits = self.env["customer.demand.policy"].sudo()._for_company(self.company_id)
        return limits.with_env(self.env)._get_records_action()

    # ---- by hand -------------------------------------------------------------------------------

    def _set_manual(self, kind, choice, reason, until) -> None:
        """A person may say what a customer buys on: that outranks what is inferred."""
        if kind != "focus":
            super()._set_manual(kind, choice, reason, until)
            return
        self._check_manual(choice, reason, until)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_demand (profile_id, company_id, manual_focus_id, manual_reason,
                                             manual_user_id, manual_until)
                SELECT id, company_id, %(focus)s, %(reason)s, %(user)s, %(until)s
                  FROM customer_profile
                 WHERE id = ANY(%(profiles)s)
                    ON CONFLICT (profile_id) DO UPDATE
                   SET (manual_focus_id, manual_reason, manual_user_id, manual_until)
                     = (EXCLUDED.manual_focus_id, EXCLUDED.manual_reason, EXCLUDED.manual_user_id,
                        EXCLUDED.manual_until)
                """,
                focus=choice.id or None,
                reason=reason.strip() if choice else None,
                user=self.env.uid if choice else None,
                until=until or None if choice else None,
                profiles=self.ids,
            )
        )
        self.env["customer.demand"].invalidate_model()
        cause = "facts" if choice else "manual_end"
        self.sudo()._weigh_demand(cause)

    def _weigh_demand(self, cause="facts") -> None:
        """Weigh these customers in this transaction."""
        for company, profiles in self.grouped("company_id").items():
            self.env["customer.demand"]._weigh(
                company, company._customer_today(), among(profiles.partner_id.ids), cause
            )

    def action_end_manual(self):
        result = super().action_end_manual()
        chosen = self.filtered("demand_focus_manual")
        if chosen:
            chosen._set_manual("focus", self.env["customer.demand.focus"], False, False)
        return result

    def action_end_manual_focus(self):
        self._set_manual("focus", self.env["customer.demand.focus"], False, False)

    # ---- merging -------------------------------------------------------------------------------

    def _hand_over_to(self, kept):
        """The choice of the kept customer stands; otherwise the newest of the others does."""
        Demand = self.env["customer.demand"].sudo()
        own = Demand.search([("profile_id", "=", kept.id), ("manual_focus_id", "!=", False)])
        others = Demand.search(
            [("profile_id", "in", self.ids), ("manual_focus_id", "!=", False)], order="id desc"
        )
        chosen = others[:1] if not own else others.browse()
        words = chosen.read(["manual_reason", "manual_until"]) if chosen else []
        focus, user = chosen.manual_focus_id, chosen.manual_user_id
        result = super()._hand_over_to(kept)
        if words:
            kept.with_user(user).sudo()._set_manual(
                "focus", focus, words[0]["manual_reason"], words[0]["manual_until"]
            )
        return result
