from odoo import api, fields, models
from odoo.fields import Domain

from . import grouping


class CustomerTicket(models.Model):
    """A ticket belongs to one recurring issue at most, and finds the open one by itself."""

    _inherit = "customer.ticket"

    problem_id = fields.Many2one(
        "customer.problem",
        "Recurring Issue",
        ondelete="set null",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="The issue behind this ticket and others like it.",
    )
    problem_state = fields.Selection(related="problem_id.state", string="State of the Issue")

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._join_problems()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if "problem_id" not in vals and vals.keys() & {"category_id", "product_id", "kind"}:
            self._join_problems()
        return result

    def _join_problems(self):
        """Of the open issues those that these tickets are about; the first rule's counts."""
        tickets = self.sudo().filtered(lambda ticket: not ticket.problem_id)
        Problem = self.env["customer.problem"].sudo()
        opened = tickets and Problem.search(
            Problem._open_domain()
            & Domain("rule_id", "!=", False)
            & Domain("company_id", "in", tickets.company_id.ids)
        )
        for problem in opened.sorted(lambda problem: (problem.rule_id.sequence, problem.id)):
            rule, names = problem.rule_id, grouping.names_of(problem.group_key)
            if not all(name in self._fields for name in names):
                continue
            fitting = tickets.filtered_domain(
                rule._counted_domain(problem.company_id)
                & Domain("opened_at", ">=", problem.since)
                & Domain("problem_id", "=", False)
            ).filtered(
                lambda ticket, names=names, key=problem.group_key: (
                    grouping.key_of(ticket, names) == key
                )
            )
            if fitting:
                fitting.problem_id = problem

    def _hand_over(self, survivor):
        """Merged: its issue is the survivor's, where that has none."""
        if self.problem_id and not survivor.problem_id:
            survivor.problem_id = self.problem_id
        return super()._hand_over(survivor)

    def action_open_problem(self):
        self.check_access("read")
        return self.problem_id[:1]._get_records_action()
