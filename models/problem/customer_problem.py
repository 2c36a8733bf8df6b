"""The recurring issue behind several tickets: why it is one, what causes it, what is done about it."""

import json
from datetime import timedelta

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, formatLang, get_lang

from . import grouping

OPEN_STATES = ("proposed", "confirmed")
#: Weeks that the picture on the form shows.
WEEKS = 26


class CustomerProblem(models.Model):
    _name = "customer.problem"
    _inherit = ["customer.kept.fields", "mail.thread", "mail.activity.mixin"]
    _description = "Recurring Issue"
    _order = "proposed_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("confirmed", "Being Worked On"),
            ("closed", "Closed"),
            ("dismissed", "Dismissed"),
        ],
        required=True,
        default="confirmed",
        tracking=True,
        copy=False,
        group_expand=True,
        index=True,
    )
    ticket_ids = fields.One2many("customer.ticket", "problem_id", "Tickets", check_company=True)
    # For the record rule alone. A rule is judged as superuser and leaves what it read in the cache: were
    # it about ``ticket_ids``, whoever reads that next would find everybody's tickets there.
    ruled_ticket_ids = fields.One2many(
        "customer.ticket", "problem_id", "Tickets That Rules Ask For", groups=fields.NO_ACCESS
    )
    ticket_count = fields.Integer("Number of Tickets", compute="_compute_ticket_count")
    customer_count = fields.Integer("Customers Touched", compute="_compute_ticket_count")
    product_id = fields.Many2one("product.product", ondelete="set null", index="btree_not_null")
    category_id = fields.Many2one("customer.ticket.category", ondelete="set null")

    # Why it was proposed: as it was then, never changed
    rule_id = fields.Many2one("customer.recurrence.rule", readonly=True, ondelete="set null")
    group_key = fields.Char("What Its Tickets Share", readonly=True, copy=False)
    proposed_at = fields.Datetime(
        "Seen", readonly=True, required=True, default=lambda self: fields.Datetime.now()
    )
    since = fields.Datetime(
        readonly=True,
        required=True,
        default=lambda self: fields.Datetime.now(),
        help="From when on its tickets are gathered.",
    )
    recent_count = fields.Integer("Tickets Then", readonly=True)
    recent_days = fields.Integer(readonly=True, aggregator=None)
    past_days = fields.Integer("Days Before", readonly=True, aggregator=None)
    expected = fields.Float(readonly=True, aggregator=None)
    chance = fields.Float(digits=(8, 6), readonly=True, aggregator=None)
    reason = fields.Text("Why It Is Proposed", compute="_compute_reason")

    # What is done about it
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    due_date = fields.Date(tracking=True)
    cause = fields.Text("Root Cause", tracking=True)
    correction = fields.Text(tracking=True, help="What mends it for the customers touched.")
    prevention = fields.Text(tracking=True, help="What keeps it from happening again.")
    dismiss_reason = fields.Char("Dismissed Because", tracking=True, copy=False)
    customer_text = fields.Text(
        "What Customers Are Told",
        translate=True,
        help="A few sentences for everybody touched, put into a letter in each customer's language.",
    )
    decided_at = fields.Datetime(
        "Closed or Dismissed", readonly=True, copy=False, help="What comes later is counted anew."
    )
    weekly = fields.Text("Tickets by Week", compute="_compute_weekly")

    _open_once = models.UniqueIndex(
        "(company_id, rule_id, group_key) WHERE state IN ('proposed', 'confirmed')",
        "There is an open issue for this group already.",
    )
    _rule_idx = models.Index("(rule_id, company_id, group_key)")

    @api.model
    def _open_domain(self) -> Domain:
        """What an open issue is: neither closed nor dismissed."""
        return Domain("state", "in", OPEN_STATES)

    # ---- its tickets ---------------------------------------------------------------------------

    @api.depends("ticket_ids")
    def _compute_ticket_count(self):
        counts = {
            problem: (count, customers)
            for problem, count, customers in self.env["customer.ticket"]._read_group(
                [("problem_id", "in", self.ids)],
                ["problem_id"],
                ["__count", "partner_id:count_distinct"],
            )
        }
        for problem in self:
            problem.ticket_count, problem.customer_count = counts.get(problem, (0, 0))

    def _matching_domain(self) -> Domain:
        """Every ticket like its own, whenever it came; none where nobody said what they share."""
        self.ensure_one()
        Ticket = self.env["customer.ticket"]
        if self.group_key:
            shared = grouping.domain_of(Ticket, self.group_key)
        else:
            shared = Domain.AND(
                Domain(name, "=", self[name].id)
                for name in ("category_id", "product_id")
                if self[name]
            )
            if shared.is_true():
                return Domain.FALSE
        counted = Domain("company_id", "=", self.company_id.id)
        if rule := self.sudo().rule_id:
            counted = rule._counted_domain(self.company_id)
        return counted & shared

    # ---- why -----------------------------------------------------------------------------------

    @api.depends("recent_count", "recent_days", "past_days", "expected", "chance")
    @api.depends_context("lang")
    def _compute_reason(self):
        for problem in self:
            if not problem.recent_count:
                problem.reason = False
                continue
            problem.reason = self.env._(
                "%(count)s in %(days)s days; %(expected)s expected from the %(past)s days before; "
                "chance of that %(chance)s",
                count=problem.recent_count,
                days=problem.recent_days,
                expected=formatLang(self.env, problem.expected, digits=1),
                past=problem.past_days,
                chance=self._percent(problem.chance),
            )

    def _percent(self, chance: float) -> str:
        if chance < 0.0001:
            return self.env._("under %(percent)s %%", percent=formatLang(self.env, 0.01, digits=2))
        return f"{formatLang(self.env, chance * 100, digits=1 if chance >= 0.001 else 2)} %"

    def _compute_weekly(self):
        """Tickets like its own, week by week, as the picture wants them."""
        Ticket = self.env["customer.ticket"]
        today = fields.Date.context_today(self)
        locale = babel_locale_parse(get_lang(self.env).code)
        monday = today - timedelta(days=today.weekday())
        weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
        for problem in self:
            likes = problem._matching_domain() | Domain("problem_id", "in", problem.ids)
            counts = {}
            for opened, count in Ticket._read_group(
                likes & Domain("opened_at", ">=", weeks[0]), ["opened_at:day"], ["__count"]
            ):
                day = fields.Date.to_date(opened)
                week = day - timedelta(days=day.weekday())
                counts[week] = counts.get(week, 0) + count
            problem.weekly = json.dumps(
                [
                    {
                        "key": self.env._("Tickets"),
                        "values": [
                            {
                                "label": format_skeleton("MMMd", week, locale=locale),
                                "value": counts.get(week, 0),
                                "type": "past"
                                if problem.since and week < problem.since.date() - timedelta(7)
                                else "future",
                            }
                            for week in weeks
                        ],
                    }
                ]
            )

    # ---- deciding ------------------------------------------------------------------------------

    @api.constrains("state", "cause", "prevention", "dismiss_reason")
    def _check_decided(self):
        """By button, by drag or by import: nothing is closed without saying what was learnt."""
        for problem in self:
            missing = [
                problem._fields[name]._description_string(self.env)
                for name in {
                    "closed": ("cause", "prevention"),
                    "dismissed": ("dismiss_reason",),
                }.get(problem.state, ())
                if not (problem[name] or "").strip()
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(issue)s: first write down, below: %(missing)s.",
                        issue=problem.name,
                        missing=", ".join(missing),
                    )
                )

    @api.model
    def _kept_sentence(self, labels):
        return self.env._("%(fields)s: stays as it was when the issue was found.", fields=labels)

    def write(self, vals):
        self._refuse_kept(vals)
        if "state" in vals:
            decided = vals["state"] not in OPEN_STATES
            vals = vals | {"decided_at": decided and fields.Datetime.now()}
            if not decided:
                vals.setdefault("dismiss_reason", False)
        return super().write(vals)

    def _decide(self, state):
        self.check_access("write")
        for problem in self:
            values = {"state": state}
            if state == "confirmed" and not problem.user_id:
                values["user_id"] = self.env.uid
            problem.write(values)

    def action_confirm(self):
        """Somebody works on it: whoever says so, unless it has an owner."""
        self._decide("confirmed")

    def action_close(self):
        self._decide("closed")

    def action_dismiss(self):
        self._decide("dismissed")

    def action_open_tickets(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_ticket_action"
        )
        return action | {
            "domain": [("problem_id", "in", self.ids)],
            "context": {"default_problem_id": self[:1].id},
            "views": [(False, "list"), (False, "kanban"), (False, "pivot"), (False, "form")],
        }
