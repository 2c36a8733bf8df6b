"""Looking for recurring issues: every night, and when somebody asks."""

import logging
from datetime import datetime, timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.recurrence import jumps
from . import grouping

_logger = logging.getLogger(__name__)

#: A look is due this long after the last, so that a night's job that is run again does nothing.
_FRESH = timedelta(hours=12)


class CustomerProblem(models.Model):
    _inherit = "customer.problem"

    @api.model
    def _cron_look(self):
        """Every rule in every company that was not looked at this night; one at a time, each kept."""
        now = fields.Datetime.now()
        commit = self.env["ir.cron"]._commit_progress
        due = self._due(now)
        commit(remaining=len(due))
        for rule, company in due:
            try:
                self.with_company(company)._look(rule, company, now)
            except UniqueViolation:  # somebody looked at the same time
                self.env.cr.rollback()
                _logger.info("Rule %s in company %s: looked at elsewhere", rule.id, company.id)
            if not commit(1):
                return

    @api.model
    def _due(self, now: datetime) -> list[tuple]:
        """Pairs of rule and company that nobody looked at lately, in the order of the rules."""
        looked = {
            (look.rule_id, look.company_id)
            for look in self.env["customer.recurrence.look"].search([("at", ">", now - _FRESH)])
        }
        return [
            (rule, company)
            for rule in self.env["customer.recurrence.rule"].search([])
            for company in rule.company_id or self.env["res.company"].search([], order="id")
            if (rule, company) not in looked
        ]

    def action_look_now(self):
        """What the night would do, now, in the active company."""
        self.check_access("create")
        company, now = self.env.company, fields.Datetime.now()
        rules = self.env["customer.recurrence.rule"].search(
            [("company_id", "in", (company.id, False))]
        )
        looks = self.env["customer.recurrence.look"]
        for rule in rules.sudo():
            looks |= self.sudo()._look(rule, company, now)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Looked at %(tickets)s tickets in %(groups)s groups: %(proposed)s proposed; "
                    "%(joined)s tickets joined an open issue.",
                    tickets=sum(looks.mapped("ticket_count")),
                    groups=sum(looks.mapped("group_count")),
                    proposed=sum(looks.mapped("proposed_count")),
                    joined=sum(looks.mapped("joined_count")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _look(self, rule, company, as_of: datetime):
        """Have new tickets join what is open, and propose what the rule names beyond that."""
        joined = self._gather(rule, company)
        counted = rule._count(company, as_of)
        named = []
        if counted.before_days >= rule.window_days:
            named = jumps(
                counted.groups,
                window=rule.window_days,
                before=counted.before_days,
                min_count=rule.min_count,
                budget=rule.false_alarms,
            )
        is_open = set(
            self.search(
                self._open_domain()
                & Domain("rule_id", "=", rule.id)
                & Domain("company_id", "=", company.id)
            ).mapped("group_key")
        )
        proposed = self._propose(
            rule,
            company,
            as_of,
            counted,
            [jump for jump in named if counted.keys[jump.index] not in is_open],
        )
        return self._note_look(
            rule,
            company,
            {
                "at": as_of,
                "ticket_count": sum(map(sum, counted.groups)),
                "group_count": len(counted.groups),
                "proposed_count": len(proposed),
                "joined_count": joined,
            },
        )

    def _note_look(self, rule, company, values):
        Look = self.env["customer.recurrence.look"].sudo()
        look = Look.search([("rule_id", "=", rule.id), ("company_id", "=", company.id)])
        if look:
            look.write(values)
            return look
        return Look.create({"rule_id": rule.id, "company_id": company.id, **values})

    @api.model
    def _propose(self, rule, company, as_of, counted, named):
        """One issue for each group that is named and says something about its tickets."""
        Ticket = self.env["customer.ticket"].with_context(
            lang=company.partner_id.lang or self.env.lang
        )
        proposed = self.browse()
        for jump in named:
            key = counted.keys[jump.index]
            name = grouping.label_of(Ticket, key)
            if not name:
                continue
            shared = grouping.values_of(Ticket, key)
            decided = self.search(
                [
                    ("rule_id", "=", rule.id),
                    ("company_id", "=", company.id),
                    ("group_key", "=", key),
                    ("decided_at", ">", counted.window_from),
                ],
                order="decided_at desc",
                limit=1,
            ).decided_at
            proposed |= self.create(
                {
                    "name": name,
                    "company_id": company.id,
                    "state": "proposed",
                    "rule_id": rule.id,
                    "group_key": key,
                    "product_id": shared.get("product_id"),
                    "category_id": shared.get("category_id"),
                    "proposed_at": as_of,
                    "since": decided or counted.window_from,
                    "recent_count": jump.recent,
                    "recent_days": rule.window_days,
                    "past_days": round(counted.before_days),
                    "expected": jump.expected,
                    "chance": jump.chance,
                }
            )
        if proposed:
            self._gather(rule, company)
            for problem in proposed:
                problem._tell_leaders()
        return proposed

    @api.model
    def _gather(self, rule, company) -> int:
        """Tickets in no issue yet join the open one of their group; how many did."""
        Ticket = self.env["customer.ticket"].sudo()
        opened = self.search(
            self._open_domain()
            & Domain("rule_id", "=", rule.id)
            & Domain("company_id", "=", company.id)
        )
        count = 0
        for names, problems in opened.grouped(
            lambda problem: grouping.names_of(problem.group_key)
        ).items():
            if not all(name in Ticket._fields for name in names):
                continue
            by_key = problems.grouped("group_key")
            query = Ticket._search(
                rule._counted_domain(company)
                & Domain("problem_id", "=", False)
                & Domain("opened_at", ">=", min(problems.mapped("since")))
            )
            key = grouping.key_sql(Ticket, query, names)
            query.add_where(SQL("%s IN %s", key, tuple(by_key)))
            found = {}
            for ticket_id, ticket_key in self.env.execute_query(
                query.select(SQL.identifier(query.table, "id"), key)
            ):
                found.setdefault(by_key[ticket_key], []).append(ticket_id)
            for problem, ids in found.items():
                tickets = Ticket.browse(ids).filtered(
                    lambda ticket, problem=problem: ticket.opened_at >= problem.since
                )
                tickets.problem_id = problem
                count += len(tickets)
        return count

    def _tell_leaders(self):
        """Whoever leads the teams of its tickets hears of it, and of what becomes of it."""
        self.ensure_one()
        for leader in self.sudo().ticket_ids.team_id.leader_id:
            told = self.sudo().with_context(lang=leader.lang)
            told.message_subscribe(partner_ids=leader.partner_id.ids)
            told.message_notify(
                partner_ids=leader.partner_id.ids,
                subject=told.env._("Recurring issue proposed: %(name)s", name=told.name),
                body=told.reason,
            )
