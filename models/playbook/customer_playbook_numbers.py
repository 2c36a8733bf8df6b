"""What a playbook did, and whom it would be for today."""

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger


class CustomerPlaybook(models.Model):
    _inherit = "customer.playbook"

    enrolled_count = fields.Integer("Entered", compute="_compute_numbers")
    running_count = fields.Integer("In It Now", compute="_compute_numbers")
    done_count = fields.Integer("Done", compute="_compute_numbers")
    ordered_count = fields.Integer(
        "Ordered Since",
        compute="_compute_numbers",
        help="Customers with a purchase after they entered, whatever the reason: it cannot be known "
        "whether they would have bought without.",
    )
    candidate_count = fields.Integer(
        "It Would Be Today",
        compute="_compute_candidate_count",
        help="Nothing is written by looking.",
    )

    def _compute_numbers(self):
        """Of the customers that the reader sees. One query for all playbooks."""
        Enrolment = self.env["customer.playbook.enrolment"]
        query = Enrolment._search(
            Domain("playbook_id", "in", self.ids)
            & Domain("company_id", "in", self.env.companies.ids)
            & Enrolment._counted_domain()
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.playbook_id, count(*), count(*) FILTER (WHERE e.ended_at IS NULL),
                       count(*) FILTER (WHERE e.ended_reason = 'done'),
                       count(*) FILTER (WHERE p.last_purchase_date
                                            > COALESCE(e.last_purchase_date, '-infinity'))
                  FROM customer_playbook_enrolment e
                  JOIN customer_profile p ON p.id = e.profile_id
                 WHERE e.id IN %s
                 GROUP BY e.playbook_id
                """,
                query.subselect(),
            )
        )
        numbers = {playbook_id: counts for playbook_id, *counts in rows}
        for playbook in self:
            (
                playbook.enrolled_count,
                playbook.running_count,
                playbook.done_count,
                playbook.ordered_count,
            ) = numbers.get(playbook._origin.id, (0, 0, 0, 0))

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_candidate_count(self):
        Profile = self.env["customer.profile"]
        for playbook in self:
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    playbook.candidate_count = Profile.search_count(playbook._candidate_domain())
            except (UserError, psycopg2.DataError, psycopg2.ProgrammingError):
                playbook.candidate_count = 0

    def _candidate_domain(self) -> Domain:
        """The customers for whom it would be today: who are so now, or were in the last 30 days."""
        playbook = self._origin
        if not playbook:
            return Domain.FALSE
        companies = self.env.companies
        if playbook.company_id:
            companies &= playbook.company_id
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("id", "in", SQL("(%s)", playbook._matches(company)))
            for company in companies
        )

    def action_try(self):
        """Who it would be today: a list, and nothing is written."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_profile_action"
        )
        return action | {
            "name": self.env._("%s: who it would be today", self.name),
            "path": False,
            "domain": [("playbook_candidate", "=", self.id)],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "view_mode": "list,kanban,form",
            "context": {},
            "help": self.env._(
                "<p class='o_view_nocontent_smiling_face'>Nobody today</p><p>No customer is, or lately "
                "was, what this playbook is about. Others will be; or widen whom it is for.</p>"
            ),
        }

    def action_open_enrolments(self):
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_playbook_enrolment_action"
        )
        chosen = self.env.context.get("chosen")
        return action | {
            "domain": [("playbook_id", "=", self.id)],
            "context": {f"search_default_{chosen}": 1} if chosen else {},
        }
