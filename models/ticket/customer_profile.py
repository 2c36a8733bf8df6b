from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..demand.customer_demand_facts import VOICES


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
        """Only whether there are any: ``> 0`` and ``= 0``."""
        if (operator, value) == (">", 0):
            negate = False
        elif operator == "in" and set(value) == {0}:
            negate = True
        else:
            return NotImplemented
        Ticket = self.env["customer.ticket"]
        query = Ticket._search(Ticket._open_complaint_domain() & Domain("partner_id", "!=", False))
        pairs = query.select(
            SQL.identifier(query.table, "partner_id"), SQL.identifier(query.table, "company_id")
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s, %s) %s (%s)",
                SQL.identifier(alias, "partner_id"),
                SQL.identifier(alias, "company_id"),
                SQL("NOT IN") if negate else SQL("IN"),
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
