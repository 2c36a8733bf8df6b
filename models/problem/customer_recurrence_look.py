from odoo import fields, models


class CustomerRecurrenceLook(models.Model):
    """When a rule last looked at the tickets of a company, and what it saw: how fresh the board is."""

    _name = "customer.recurrence.look"
    _description = "Look For Recurring Issues"
    _order = "at desc, id desc"

    rule_id = fields.Many2one(
        "customer.recurrence.rule", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    at = fields.Datetime(required=True, readonly=True)
    ticket_count = fields.Integer("Tickets Counted", readonly=True)
    group_count = fields.Integer("Groups", readonly=True)
    proposed_count = fields.Integer("Proposed", readonly=True)
    joined_count = fields.Integer(
        "Joined", readonly=True, help="Tickets that joined an open issue."
    )

    _one = models.Constraint("UNIQUE(rule_id, company_id)", "A rule has one last look per company.")
