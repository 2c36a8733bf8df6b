"""The customer's voice: what it complained of, how fast that was solved, how satisfied it is."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Over how long complaints and ratings are counted, and for how long an unhappy word is fresh.
YEAR = relativedelta(months=12)
LATELY = relativedelta(days=90)
#: Tickets shown on the customer's page.
LAST = 5


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    complaint_year_count = fields.Integer(
        "Complaints in 12 Months",
        compute="_compute_voice",
        search="_search_complaint_year_count",
    )
    complaint_solution_hours = fields.Float(
        "Hours to Solution",
        compute="_compute_voice",
        help="Working hours, without the time spent waiting for the customer: the average of the "
        "complaints of 12 months that were solved.",
    )
    rated_year_count = fields.Integer(
        "Ratings in 12 Months", compute="_compute_voice", search="_search_rated_year_count"
    )
    satisfied_year_share = fields.Float(
        "Satisfied",
        compute="_compute_voice",
        help="Share of its ratings of 12 months that say satisfied.",
    )
    unhappy_count = fields.Integer(
        "Unhappy in 90 Days",
        compute="_compute_voice",
        search="_search_unhappy_count",
        help="Tickets whose last rating, in the last 90 days, says not satisfied.",
    )
    last_ticket_ids = fields.Many2many(
        "customer.ticket", string="Last Tickets", compute="_compute_last_ticket_ids"
    )

    # ---- one definition each -------------------------------------------------------------------

    @api.model
    def _voice_domains(self) -> dict:
        """What each figure counts, for the figure, its search and its list of tickets."""
        now, Ticket = fields.Datetime.now(), self.env["customer.ticket"]
        return {
            "open": Ticket._open_complaint_domain(),
            "year": Domain("kind", "=", "complaint") & Domain("opened_at", ">=", now - YEAR),
            "rated": Ticket._rated_domain(now - YEAR),
            "unhappy": Ticket._unhappy_domain(now - LATELY),
        }

    def _search_complaint_year_count(self, operator, value):
        return self._search_ticket_count(self._voice_domains()["year"], operator, value)

    def _search_rated_year_count(self, operator, value):
        return self._search_ticket_count(self._voice_domains()["rated"], operator, value)

    def _search_unhappy_count(self, operator, value):
        return self._search_ticket_count(self._voice_domains()["unhappy"], operator, value)

    # ---- figures -------------------------------------------------------------------------------

    def _compute_voice(self):
        domains, Ticket = self._voice_domains(), self.env["customer.ticket"]
        among = Domain("partner_id", "in", self.partner_id.ids) & Domain(
            "company_id", "in", self.company_id.ids
        )

        def by_customer(name, *aggregates):
            rows = Ticket._read_group(
                among & domains[name], ["partner_id", "company_id"], ["__count", *aggregates]
            )
            return {(partner, company): values for partner, company, *values in rows}

        complaints = by_customer("year", "solution_hours:avg")
        ratings = by_customer("rated", "satisfied_share:avg")
        unhappy = by_customer("unhappy")
        for profile in self:
            key = profile.partner_id, profile.company_id
            count, hours = complaints.get(key, (0, 0))
            profile.complaint_year_count, profile.complaint_solution_hours = count, hours or 0
            count, share = ratings.get(key, (0, 0))
            profile.rated_year_count, profile.satisfied_year_share = count, (share or 0) / 100
            profile.unhappy_count = unhappy.get(key, (0,))[0]

    def _compute_last_ticket_ids(self):
        """For one page: lists do not show it."""
        Ticket = self.env["customer.ticket"]
        for profile in self:
            profile.last_ticket_ids = Ticket.search(
                [
                    ("partner_id", "=", profile.partner_id.id),
                    ("company_id", "=", profile.company_id.id),
                ],
                order="opened_at desc, id desc",
                limit=LAST,
            )

    def action_open_voice(self):
        """The tickets of which a figure is made; the button says of which by ``voice``."""
        self.check_access("read")
        name = self.env.context.get("voice", "year")
        domain = (
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & self._voice_domains()[name]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_ticket_action"
        )
        return action | {
            "name": {
                "open": self.env._("Open Complaints"),
                "year": self.env._("Complaints in 12 Months"),
                "rated": self.env._("Ratings in 12 Months"),
                "unhappy": self.env._("Unhappy in 90 Days"),
            }[name],
            "domain": list(domain),
            "context": {"default_partner_id": self.partner_id[:1].id},
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }
