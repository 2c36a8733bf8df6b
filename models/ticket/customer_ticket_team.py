import ast
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerTicketTeam(models.Model):
    """Who answers tickets: its members, its working hours, its address, how work is shared out."""

    _name = "customer.ticket.team"
    _inherit = ["mail.alias.mixin", "mail.thread"]
    _description = "Ticket Team"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    leader_id = fields.Many2one(
        "res.users",
        "Team Leader",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Told when a promise to a customer is about to be broken.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "customer_ticket_team_member_rel",
        "team_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        domain="[('company_id', 'in', (company_id, False))]",
        help="The clocks of its tickets run in these hours, holidays left out. Empty: the company's.",
    )
    assignment = fields.Selection(
        [
            ("manual", "By hand"),
            ("least", "Whoever has the fewest open tickets"),
            ("turns", "In turns"),
            ("manager", "The customer's account manager"),
        ],
        required=True,
        default="least",
        help="Members who are absent today are passed over; when all are, the ticket waits under "
        "Unassigned. An account manager who is absent, or whom the customer has not, is stood in for "
        "by the member with the fewest open tickets.",
    )
    opinion_box = fields.Boolean(
        help="A public page on which anybody says something, with or without a name, without logging "
        "in. Each message opens a ticket of this team.",
    )
    opinion_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    opinion_url = fields.Char(
        "Address of the Opinion Box",
        compute="_compute_opinion_url",
        compute_sudo=True,
        help="Put it on your website, on delivery notes or, as a QR code, on the counter.",
    )
    open_ticket_count = fields.Integer("Open Tickets", compute="_compute_open_ticket_count")

    def _compute_open_ticket_count(self):
        counts = dict(
            self.env["customer.ticket"]._read_group(
                [("team_id", "in", self.ids), ("closed_at", "=", False)], ["team_id"], ["__count"]
            )
        )
        for team in self:
            team.open_ticket_count = counts.get(team, 0)

    _opinion_token_uniq = models.UniqueIndex(
        "(opinion_token) WHERE opinion_token IS NOT NULL", "Two opinion boxes have one address."
    )

    @api.depends("opinion_box", "opinion_token")
    def _compute_opinion_url(self):
        for team in self:
            team.opinion_url = (
                team.opinion_box
                and team.opinion_token
                and f"{team.get_base_url()}/opinions/{team.opinion_token}"
            )

    def _ensure_opinion_token(self):
        """A box that is switched off and on again keeps its address: it is printed somewhere."""
        for team in self.sudo():
            if team.opinion_box and not team.opinion_token:
                team.opinion_token = secrets.token_urlsafe(9)

    @api.model
    def _opinion_box(self, token: str):
        """The team whose box has this address; empty when there is none, or it is switched off."""
        return self.sudo().search(
            [("opinion_token", "=", token), ("opinion_box", "=", True)], limit=1
        )

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        teams._ensure_opinion_token()
        return teams

    @api.constrains("company_id")
    def _check_company_of_tickets(self):
        for team in self:
            if (
                self.env["customer.ticket"]
                .sudo()
                .search_count(
                    [("team_id", "=", team.id), ("company_id", "!=", team.company_id.id)], limit=1
                )
            ):
                raise ValidationError(
                    self.env._(
                        "%(team)s has tickets of its present company. Make a team for the other "
                        "company instead.",
                        team=team.name,
                    )
                )

    def _calendar(self):
        """The calendar by which the team works; empty where the company has none."""
        team = self.sudo()
        return team.resource_calendar_id or team.company_id.resource_calendar_id

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["customer.ticket"]._refresh_clocks_of(self)
        if vals.get("opinion_box"):
            self._ensure_opinion_token()
        return result

    def action_open_tickets(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_ticket_action"
        )
        return action | {"domain": [("team_id", "in", self.ids)], "context": {}}

    # ---- intake --------------------------------------------------------------------------------

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get("customer.ticket").id
        if self.id:
            values["alias_defaults"] = defaults = ast.literal_eval(self.alias_defaults or "{}")
            defaults["team_id"] = self.id
        return values

    @api.model
    def _default_for(self, company):
        """The team of new tickets in ``company``: the user's own where there is one."""
        teams = self.sudo().search([("company_id", "=", company.id)])
        return teams.filtered(lambda team: self.env.user in team.member_ids)[:1] or teams[:1]

    # ---- sharing out ---------------------------------------------------------------------------

    def _present(self, users):
        """Those of ``users`` who can take a ticket now: of this company, active, not on leave."""
        self.ensure_one()
        now = fields.Datetime.now()
        members = users.sudo().filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )
        absent = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id.user_id", "in", members.ids),
                    ("time_type", "=", "leave"),
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                ]
            )
            .resource_id.user_id
        )
        return (members - absent).sorted("id")

    def _assign(self, tickets):
        """Give each of ``tickets`` an owner, as the team shares them out."""
        self.ensure_one()
        if self.assignment == "manual" or not tickets:
            return
        present = self._present(self.sudo().member_ids)
        managers = present.browse()
        if self.assignment == "manager":
            managers = self._present(tickets.sudo().partner_id.user_id)
        Ticket = self.env["customer.ticket"].sudo()
        load = dict.fromkeys(present | managers, 0) | dict(
            Ticket._read_group(
                [("user_id", "in", (present | managers).ids), ("closed_at", "=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        last = Ticket.search(
            [("team_id", "=", self.id), ("user_id", "!=", False), ("id", "not in", tickets.ids)],
            order="id desc",
            limit=1,
        ).user_id
        for ticket in tickets:
            manager = ticket.sudo().partner_id.user_id
            if manager in managers:
                chosen = manager
            elif not present:
                continue
            elif self.assignment == "turns":
                chosen = next((user for user in present if user.id > last.id), present[0])
            else:
                chosen = min(present, key=lambda user: (load[user], user.id))
            ticket.user_id = last = chosen
            load[chosen] += 1
