from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STATES = [
    ("new", "To decide"),
    ("contacted", "Contacted"),
    ("offered", "Offer made"),
    ("won", "Won back"),
    ("back", "Came back by itself"),
    ("lost", "Lost for good"),
]
OPEN_STATES = ("new", "contacted", "offered")


class CustomerWinback(models.Model):
    """A valuable customer that went silent, and what is done to have it back.

    One for each silence, and never two open for one customer. A purchase ends it, not a person: won
    back where somebody had done something before, by itself otherwise. A person says why it left, what
    was offered, and when it is lost for good.
    """

    _name = "customer.winback"
    _inherit = ["customer.kept.fields", "mail.thread"]
    _description = "Win-Back"
    _order = "best_revenue desc, id desc"
    _rec_name = "profile_id"
    _mail_post_access = "read"

    profile_id = fields.Many2one(
        "customer.profile", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Contact")
    value_tier_id = fields.Many2one(related="profile_id.value_tier_id")
    tier_color = fields.Integer(related="value_tier_id.color")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        ondelete="set null",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    state = fields.Selection(STATES, required=True, default="new", tracking=True, group_expand=True)

    # What went
    opened_on = fields.Date("On The List Since", readonly=True, required=True)
    silent_since = fields.Date("Last Purchase", readonly=True, required=True)
    best_revenue = fields.Monetary(
        "Best 12 Months", readonly=True, help="Net revenue of its best twelve months in a row."
    )

    # Why, and what is done
    reason_id = fields.Many2one(
        "customer.winback.reason", "Why It Left", ondelete="restrict", index=True, tracking=True
    )
    reason_note = fields.Text("In The Customer's Words", tracking=True)
    offer = fields.Text("What We Offer", tracking=True)
    order_id = fields.Many2one(
        "sale.order",
        "Offer",
        ondelete="set null",
        index="btree_not_null",
        domain="[('partner_id', 'child_of', partner_id), ('company_id', '=', company_id)]",
    )
    cost = fields.Monetary(tracking=True, help="What it cost us: discounts, gifts, travel.")

    # What came of it
    closed_on = fields.Date(readonly=True)
    won_on = fields.Date("Bought Again On", readonly=True)
    regained = fields.Monetary(
        "Revenue Regained",
        readonly=True,
        help="Net revenue since it bought again, until it fell silent once more. Revenue, not margin: "
        "what the goods cost is not known here.",
    )
    relapsed = fields.Boolean(
        "Silent Again", readonly=True, help="It bought again, and later was on this list once more."
    )

    _open_uniq = models.UniqueIndex(
        "(profile_id) WHERE closed_on IS NULL", "This customer is on the win-back list already."
    )
    _silence_uniq = models.UniqueIndex(
        "(profile_id, silent_since)", "This silence of the customer is on the list already."
    )
    _company_idx = models.Index("(company_id, id) WHERE closed_on IS NULL")

    @api.model
    def _open_domain(self) -> Domain:
        """Customers that may still be won."""
        return Domain("closed_on", "=", False)

    @api.model
    def _kept_sentence(self, labels):
        return self.env._(
            "%(fields)s: follows from the customer's documents, not written by hand.", fields=labels
        )

    @api.model_create_multi
    def create(self, vals_list):
        """By hand, for a customer that is not on the list by itself."""
        for vals in vals_list:
            profile = self.env["customer.profile"].browse(vals.get("profile_id"))
            profile.check_access("read")
            if not profile or not profile.last_purchase_date:
                raise UserError(
                    self.env._("Only a customer that has bought can be won back: choose one.")
                )
            self._refuse_kept(vals.keys() - {"profile_id"})
            if vals.get("state", "new") not in OPEN_STATES:
                raise UserError(self.env._("It begins open: close it when it is decided."))
            found = profile.sudo()
            vals["company_id"] = found.company_id.id
            vals.setdefault("user_id", found.user_id.id)
            vals["silent_since"] = found.last_purchase_date
            vals["opened_on"] = found.company_id._customer_today()
            vals["best_revenue"] = found._best_revenues(found.company_id).get(found.id, 0)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_kept(vals)
        if "state" not in vals:
            return super().write(vals)
        state = vals["state"]
        moving = self.filtered(lambda case: case.state != state)
        for case in moving:
            case._check_move(state, vals)
        result = super().write(vals)
        today = {company: company._customer_today() for company in moving.company_id}
        for case in moving:
            closed = today[case.company_id] if state == "lost" else False
            super(CustomerWinback, case.sudo()).write({"closed_on": closed})
        return result

    def _check_move(self, state, vals):
        if self.state in ("won", "back"):
            raise UserError(self.env._("%s bought again: that is settled.", self.display_name))
        if state in ("won", "back"):
            raise UserError(
                self.env._(
                    "%s is won back when it buys: its next invoice closes this by itself.",
                    self.display_name,
                )
            )
        if state == "lost" and not (vals.get("reason_id") or self.reason_id):
            raise UserError(
                self.env._(
                    "%s: choose why it left before giving it up, or that nobody knows.",
                    self.display_name,
                )
            )

    def action_lost(self):
        """Given up, with its reason; it comes back to the list only if it buys and goes again."""
        self.check_access("write")
        self.write({"state": "lost"})

    def action_open_customer(self):
        self.check_access("read")
        self.ensure_one()
        return self.profile_id._get_records_action()
