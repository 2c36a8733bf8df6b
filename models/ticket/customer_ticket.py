from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from ..common.fields import LooseMany2one
from .choices import CHANNELS, KINDS, SEVERITIES

#: Changing one of these may change which service level counts.
PROMISING = {"kind", "severity", "team_id", "partner_id", "contact_id"}


class CustomerTicket(models.Model):
    """A complaint, suggestion, praise or question, from the first word to the return visit.

    What the customer said is written once. The rest of the ticket is in the files beside this one:
    the loop of stages and its gate, the clocks, the return visit, mail in and out.
    """

    _name = "customer.ticket"
    _inherit = ["customer.kept.fields", "mail.thread.cc", "mail.activity.mixin"]
    _description = "Ticket"
    _order = "due_at, id desc"
    _rec_names_search = ["number", "name", "partner_id.name"]
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False)
    name = fields.Char("Subject", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="complaint", tracking=True)
    severity = fields.Selection(SEVERITIES, required=True, default="1", tracking=True)
    channel = fields.Selection(CHANNELS, "Came By", required=True, default="phone")
    category_id = fields.Many2one(
        "customer.ticket.category", ondelete="restrict", tracking=True, index=True
    )

    # Who
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        ondelete="restrict",
        index=True,
        tracking=True,
        domain="[('parent_id', '=', False)]",
        help="Empty: the sender is not known. Choose the customer, and the ticket counts for it.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('id', 'child_of', partner_id)] if partner_id else []",
        help="Who said it, and is written to.",
    )
    email_from = fields.Char(
        "Sender", help="The address it came from, as long as nobody knows whose it is."
    )
    value_tier_id = LooseMany2one(
        "customer.tier",
        readonly=True,
        ondelete="restrict",
        help="The customer's when the ticket was opened.",
    )
    tier_color = fields.Integer(related="value_tier_id.color")
    team_id = fields.Many2one(
        "customer.ticket.team",
        ondelete="restrict",
        index=True,
        tracking=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # What about
    product_id = fields.Many2one("product.product", ondelete="set null", index="btree_not_null")
    order_id = fields.Many2one(
        "sale.order",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    invoice_id = fields.Many2one(
        "account.move",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_refund')),"
        " ('partner_id', 'child_of', partner_id)]",
    )

    # What was said and done
    said = fields.Html(
        "What the Customer Said", help="In its own words. Never changed once written."
    )
    solution = fields.Text("What We Did", tracking=True, help="Told to the customer, and kept.")

    _open_complaint_idx = models.Index("(partner_id, company_id) WHERE closed_at IS NULL")
    _due_idx = models.Index("(due_at, id DESC)")
    _stage_idx = models.Index("(stage_id, due_at, id DESC)")
    _opened_idx = models.Index("(opened_at)")

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = " ".join(filter(None, (ticket.number, ticket.name)))

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        if self.contact_id and not self.partner_id:
            self.partner_id = self.contact_id.commercial_partner_id

    @api.model
    def _kept_sentence(self, labels):
        return self.env._(
            "%(fields)s: set by the steps of a ticket and its clocks, not by hand.", fields=labels
        )

    # ---- opening a ticket ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        stage = self.env["customer.ticket.stage"]._first()
        Team = self.env["customer.ticket.team"]
        Sequence = self.env["ir.sequence"].sudo()
        given = {"company_id", "opened_at"}
        nothing_yet = dict.fromkeys(self._kept_fields() - given, False)
        for vals in vals_list:
            self._refuse_kept(vals.keys() - given)
            vals.update(nothing_yet)
            team = Team.sudo().browse(vals.get("team_id"))
            company = team.company_id or self.env["res.company"].browse(
                vals.get("company_id") or self.env.company.id
            )
            vals["company_id"] = company.id
            vals["team_id"] = (team or Team._default_for(company)).id
            vals["number"] = Sequence.with_company(company).next_by_code("customer.ticket")
            vals["stage_id"] = stage.id
            vals.update(self._customer_of(vals))
        tickets = super().create(vals_list)
        tickets._open()
        return tickets

    def _open(self):
        """What follows from being there: a promise, an owner, running clocks, a word to the customer."""
        self._log_moves(self.env["customer.ticket.stage"])
        self._promise()
        for team, tickets in self.grouped("team_id").items():
            if team:
                team._assign(tickets.filtered(lambda ticket: not ticket.user_id))
        for ticket in self:
            ticket._subscribe_contact()
            ticket._tell()

    def _customer_of(self, vals) -> dict:
        """The customer is the firm, the contact a person of it, whichever of them was given."""
        Partner = self.env["res.partner"]
        named = {
            name: Partner.browse(vals[name])
            for name in ("partner_id", "contact_id")
            if vals.get(name)
        }
        if not named:
            return {}
        given = named.get("partner_id") or named["contact_id"]
        values = {"partner_id": given.sudo().commercial_partner_id.id}
        if "contact_id" not in vals:
            values["contact_id"] = given.id
        return values

    def _subscribe_contact(self):
        contact = self.sudo().contact_id
        if contact.email:
            self.sudo().message_subscribe(partner_ids=contact.ids)

    def _promise(self):
        """Take the customer's tier and the service level that fits, while there is time to keep it."""
        tickets = self.sudo().filtered(lambda ticket: ticket.stage_id.clock != "stop")
        Profile = self.env["customer.profile"].sudo().with_context(active_test=False)
        profiles = Profile.search_fetch(
            [
                ("partner_id", "in", tickets.partner_id.ids),
                ("company_id", "in", tickets.company_id.ids),
            ],
            ["partner_id", "company_id", "value_tier_id"],
        ).grouped(lambda profile: (profile.partner_id, profile.company_id))
        for ticket in tickets:
            profile = profiles.get((ticket.partner_id, ticket.company_id), Profile)
            if profile.value_tier_id != ticket.value_tier_id:
                ticket.value_tier_id = profile.value_tier_id
        for ticket, policy in self.env["customer.sla.policy"]._choose(tickets).items():
            if policy != ticket.sla_policy_id or not policy:
                ticket.write({"sla_policy_id": policy.id, **policy._targets()})
        tickets._refresh_clocks()

    # ---- changing one --------------------------------------------------------------------------

    def write(self, vals):
        if "said" in vals and any(ticket.said and ticket.said != vals["said"] for ticket in self):
            raise UserError(
                self.env._(
                    "What the customer said is never changed. Write beside it what you know."
                )
            )
        self._refuse_kept(vals)
        vals = self._with_visit_stamps(vals)
        stage = self.env["customer.ticket.stage"].browse(vals.get("stage_id"))
        rest = {name: value for name, value in vals.items() if name != "stage_id"}
        if rest.get("partner_id") or rest.get("contact_id"):
            rest.update(self._customer_of(rest))
        result = super().write(rest) if rest else True
        if rest.keys() & PROMISING:
            for ticket in self:
                ticket._subscribe_contact()
            self._promise()
        if stage:
            # last, so that the gate sees what was written along
            self.filtered(lambda ticket: ticket.stage_id != stage)._move(stage)
        if vals.get("return_visit_outcome"):
            self._follow_visit()
        return result

    def _write_past_gate(self, values):
        """For ``_move`` alone, which asked the gate."""
        write = super().write
        return write(values)

    def copy_data(self, default=None):
        raise UserError(
            self.env._("A ticket is what one customer said once: it is not duplicated.")
        )

    def action_take(self):
        """Become the owner."""
        self.check_access("write")
        self.user_id = self.env.user

    def action_open_customer(self):
        """The customer's page, or its contact where there is no page to see."""
        self.check_access("write")  # customers read their own tickets
        partner = self.partner_id[:1]
        return (
            partner.with_company(self.company_id[:1]).customer_profile_id or partner
        )._get_records_action()

    def _require_manager(self):
        if not self.env.su and not self.env.user.has_group("customer_success.group_customer_all"):
            raise AccessError(
                self.env._(
                    "Only who sees all customers waives a return visit. Ask one of: %(names)s.",
                    names=format_list(
                        self.env,
                        self.env.ref("customer_success.group_customer_all")
                        .sudo()
                        .all_user_ids.filtered(lambda user: not user.share)[:5]
                        .mapped("name"),
                    ),
                )
            )
