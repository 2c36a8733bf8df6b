import operator as comparison

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..demand.customer_demand_facts import VOICES

#: How a number of tickets may be asked for: its SQL, and the same in Python.
_COMPARISONS = {
    ">": (SQL(">"), comparison.gt),
    ">=": (SQL(">="), comparison.ge),
    "<": (SQL("<"), comparison.lt),
    "<=": (SQL("<="), comparison.le),
    "in": (SQL("IN"), lambda count, values: count in values),
}


class CustomerProfile(models.Model):
    """What a customer's page and lists show of its tickets."""

    _inherit = "customer.profile"

    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")
    open_complaint_count = fields.Integer(
        "Open Complaints", compute="_compute_ticket_count", search="_search_open_complaint_count"
    )

    def _compute_ticket_count(self):
        Ticket = self.env["customer.ticket"]
        among = [
            ("partner_id", "in", self.partner_id.ids),
            ("company_id", "in", self.company_id.ids),
        ]
        groups = ["partner_id", "company_id"]
        everything = {
            (partner, company): count
            for partner, company, count in Ticket._read_group(among, groups, ["__count"])
        }
        complaints = {
            (partner, company): count
            for partner, company, count in Ticket._read_group(
                Domain(among) & Ticket._open_complaint_domain(), groups, ["__count"]
            )
        }
        for profile in self:
            key = profile.partner_id, profile.company_id
            profile.ticket_count = everything.get(key, 0)
            profile.open_complaint_count = complaints.get(key, 0)

    def _search_open_complaint_count(self, operator, value):
        return self._search_ticket_count(
            self.env["customer.ticket"]._open_complaint_domain(), operator, value
        )

    def _search_ticket_count(self, domain: Domain, operator, value):
        """Customers by how many tickets of ``domain`` they have, among those that the reader may see.

        One subselect, however many they are. Customers without a ticket are in no group of tickets, so
        where none is an answer too, those for whom it is not are left out instead.
        """
        if operator not in _COMPARISONS:
            return NotImplemented
        sql, compare = _COMPARISONS[operator]
        if operator == "in":
            value = tuple(number or 0 for number in value)
        none_counts = compare(0, value)
        Ticket = self.env["customer.ticket"]
        query = Ticket._search(domain & Domain("partner_id", "!=", False))
        pair = SQL(
            "%s, %s",
            SQL.identifier(query.table, "partner_id"),
            SQL.identifier(query.table, "company_id"),
        )
        query.groupby = pair
        query.having = SQL("count(*) %s %s", sql, value)
        if none_counts:
            query.having = SQL("NOT %s", query.having)
        pairs = query.select(pair)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s, %s) %s (%s)",
                SQL.identifier(alias, "partner_id"),
                SQL.identifier(alias, "company_id"),
                SQL("NOT IN") if none_counts else SQL("IN"),
                pairs,
            )
        )

    def action_open_tickets(self):
        """This customer's tickets; a new one is one click further, with the customer filled in."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_ticket_action"
        )
        return action | {
            "domain": [("partner_id", "in", self.partner_id.ids)],
            "context": {
                "default_partner_id": self.partner_id[:1].id,
                "search_default_open": 0 if self.ticket_count else 1,
            },
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def action_open_opinions(self):
        """All that this customer ever said, with how it was solved."""
        self.check_access("read")
        return self.partner_id._opinion_archive()

    def _demand_links(self) -> dict[str, str]:
        links = super()._demand_links()
        if self.env["customer.ticket"].has_access("read"):
            links["tickets"] = "action_open_demand_tickets"
        return links

    def action_open_demand_tickets(self):
        """The complaints and the praise that tell what this customer buys on."""
        self.check_access("read")
        self.ensure_one()
        return self._demand_action(
            "customer.ticket",
            self.env._("Complaints And Praise"),
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("kind", "in", VOICES),
        )
