"""What counts as recurring, as data."""

from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.recurrence import Group
from ..ticket.choices import KINDS
from .grouping import GROUPABLE, key_sql

#: Fields of a ticket that say nothing about what went wrong.
_NO_GROUPS = {
    "company_id", "create_uid", "write_uid", "problem_id", "merged_into_id", "active", "due_clock",
    "warned", "escalated", "stage_id", "response_result", "solution_result", "sla_policy_id",
    "message_main_attachment_id", "return_visit_outcome", "return_visit_user_id",
    "return_visit_waived_user_id", "order_id", "invoice_id",
}  # fmt: skip


class Counted(NamedTuple):
    """What one look at the tickets of a company saw."""

    keys: list[str]
    groups: list[Group]
    window_from: datetime
    before_days: float


class CustomerRecurrenceRule(models.Model):
    """Which tickets are counted together, over which days, and how sure one must be."""

    _name = "customer.recurrence.rule"
    _description = "Recurrence Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="A ticket belongs to one issue: that of the first rule that fits."
    )
    company_id = fields.Many2one("res.company", help="Empty: every company.", ondelete="cascade")

    group_by = fields.Selection(
        "_groupable",
        "Count Together",
        required=True,
        default="category_id",
        help="Tickets that have this in common, and what follows, are one group.",
    )
    group_by_2 = fields.Selection("_groupable", "And")
    group_by_3 = fields.Selection("_groupable", "And Also")
    count_complaint = fields.Boolean("Complaints", default=True)
    count_suggestion = fields.Boolean("Suggestions")
    count_question = fields.Boolean("Questions")
    count_praise = fields.Boolean("Praise")

    window_days = fields.Integer("Recent Days", default=14, required=True)
    past_days = fields.Integer(
        "Compared With",
        default=365,
        required=True,
        help="Days ahead of the recent ones. Where tickets have not been kept that long, since the "
        "first; nothing is proposed until that is as long as the recent days.",
    )
    min_count = fields.Integer("At Least", default=3, required=True, help="Tickets in recent days.")
    false_alarms = fields.Float(
        default=0.05,
        required=True,
        help="The chance that one nightly look proposes anything at all although nothing changed, "
        "over all groups together. Smaller: fewer false alarms, and issues are seen later.",
    )
    look_ids = fields.One2many("customer.recurrence.look", "rule_id", "Looks", readonly=True)

    _days_positive = models.Constraint(
        "CHECK (window_days > 0 AND past_days >= window_days)",
        "Recent days must be at least one, and compared with at least as many days before.",
    )
    _min_count_positive = models.Constraint(
        "CHECK (min_count > 0)", "At least one ticket must be asked for."
    )
    _false_alarms_share = models.Constraint(
        "CHECK (false_alarms > 0 AND false_alarms < 1)",
        "False alarms are a chance between 0 % and 100 %; 5 % is usual.",
    )

    @api.model
    def _groupable(self):
        """Stored fields of a ticket with few values; also those that an administrator added."""
        Ticket = self.env["customer.ticket"]
        return sorted(
            (
                (name, field._description_string(self.env))
                for name, field in Ticket._fields.items()
                if field.type in GROUPABLE and field.store and name not in _NO_GROUPS
            ),
            key=lambda choice: choice[1],
        )

    @api.constrains(
        "group_by", "group_by_2", "group_by_3", *(f"count_{kind}" for kind, __ in KINDS)
    )
    def _check_groups(self):
        for rule in self:
            chosen = [name for name in (rule.group_by, rule.group_by_2, rule.group_by_3) if name]
            if len(set(chosen)) < len(chosen):
                raise ValidationError(
                    self.env._("%(rule)s counts by one field twice: empty one.", rule=rule.name)
                )
            if not rule._kinds():
                raise ValidationError(
                    self.env._("%(rule)s counts nothing: tick a kind of ticket.", rule=rule.name)
                )

    def _names(self) -> tuple[str, ...]:
        """The fields it groups by, those that are there no more left out."""
        self.ensure_one()
        known = self.env["customer.ticket"]._fields
        chosen = (self.group_by, self.group_by_2, self.group_by_3)
        return tuple(sorted(name for name in chosen if name in known))

    def _kinds(self) -> list[str]:
        self.ensure_one()
        return [kind for kind, __ in KINDS if self[f"count_{kind}"]]

    def _counted_domain(self, company) -> Domain:
        """The tickets that it looks at; merged ones are archived and so count once."""
        return Domain("company_id", "=", company.id) & Domain("kind", "in", self._kinds())

    def _count(self, company, as_of: datetime) -> Counted:
        """The tickets of each group, in one query.

        What was decided about (closed, dismissed) belongs to the past from that moment: only what came
        since can make it an issue again.
        """
        self.ensure_one()
        Ticket, names = self.env["customer.ticket"].sudo(), self._names()
        window_from = as_of - timedelta(days=self.window_days)
        past_from = window_from - timedelta(days=self.past_days)
        if not names:
            return Counted([], [], window_from, 0)
        self.env["customer.problem"].flush_model(["group_key", "decided_at", "rule_id"])
        query = Ticket._search(
            self._counted_domain(company)
            & Domain("opened_at", ">=", past_from)
            & Domain("opened_at", "<=", as_of)
        )
        opened = Ticket._field_to_sql(query.table, "opened_at", query)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT counted.key,
                       COUNT(*) FILTER (
                           WHERE counted.opened_at >= GREATEST(%(window_from)s, decided.at)
                       ),
                       COUNT(*),
                       MIN(counted.opened_at)
                  FROM (%(tickets)s) AS counted
                  LEFT JOIN (
                       SELECT group_key, MAX(decided_at) AS at
                         FROM customer_problem
                        WHERE rule_id = %(rule)s AND company_id = %(company)s
                          AND decided_at IS NOT NULL
                        GROUP BY group_key
                       ) AS decided ON decided.group_key = counted.key
                 GROUP BY counted.key
                 ORDER BY counted.key
                """,
                window_from=window_from,
                tickets=query.select(
                    SQL("%s AS key", key_sql(Ticket, query, names)),
                    SQL("%s AS opened_at", opened),
                ),
                rule=self.id,
                company=company.id,
            )
        )
        first = min((row[3] for row in rows), default=window_from)
        before = min(window_from - first, timedelta(days=self.past_days))
        return Counted(
            [row[0] for row in rows],
            [Group(recent, everything - recent) for __, recent, everything, __ in rows],
            window_from,
            before.total_seconds() / 86400,
        )
