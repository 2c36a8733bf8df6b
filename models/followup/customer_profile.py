from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .contact_sources import KINDS

#: Profile field -> field of the customer's contact facts.
SHOWN = {
    "last_contact_at": "last_at",
    "last_contact_kind": "last_kind",
    "last_contact_user_id": "last_user_id",
    "contact_due_date": "due_date",
    "cadence_days": "cadence_days",
    "cadence_manual_days": "manual_days",
    "cadence_reason": "manual_reason",
    "cadence_user_id": "manual_user_id",
    "cadence_until": "manual_until",
}


class CustomerProfile(models.Model):
    """When a customer was last in touch and is next due; how often it ought to be."""

    _inherit = "customer.profile"

    contact_fact_ids = fields.One2many("customer.contact.fact", "profile_id", "Contact Facts")
    last_contact_at = fields.Datetime(
        "Last Contact", compute="_compute_contact_facts", search="_search_last_contact_at"
    )
    last_contact_kind = fields.Selection(
        KINDS,
        "Last Contact By",
        compute="_compute_contact_facts",
        search="_search_last_contact_kind",
    )
    last_contact_user_id = fields.Many2one(
        "res.users",
        "Last Contacted By",
        compute="_compute_contact_facts",
        search="_search_last_contact_user_id",
    )
    contact_due_date = fields.Date(
        "Next Contact Due", compute="_compute_contact_facts", search="_search_contact_due_date"
    )
    cadence_days = fields.Integer(
        "Contact Every (Days)", compute="_compute_contact_facts", search="_search_cadence_days"
    )
    cadence_manual_days = fields.Integer("Days Set By Hand", compute="_compute_contact_facts")
    cadence_reason = fields.Char("Reason For These Days", compute="_compute_contact_facts")
    cadence_user_id = fields.Many2one("res.users", "Days Set By", compute="_compute_contact_facts")
    cadence_until = fields.Date("Days Hold Until", compute="_compute_contact_facts")
    followup_count = fields.Integer("Open Follow-ups", compute="_compute_followup_count")
    followup_ids = fields.One2many("customer.followup", "profile_id", "Follow-ups")

    def _compute_contact_facts(self):
        facts = self.env["customer.contact.fact"].search_fetch(
            [("profile_id", "in", self.ids)], ["profile_id", *SHOWN.values()]
        )
        by_profile = {fact.profile_id.id: fact for fact in facts}
        nothing = facts.browse()
        for profile in self:
            fact = by_profile.get(profile.id, nothing)
            for name, source in SHOWN.items():
                profile[name] = fact[source]

    def _search_on_contact(self, source, operator, value):
        """Profiles whose facts match; those without any count as empty."""
        if operator == "in" and False in value:
            some = Domain("contact_fact_ids", "any", [(source, "!=", False)])
            chosen = [item for item in value if item is not False]
            return ~some | Domain("contact_fact_ids", "any", [(source, "in", chosen)])
        if operator in ("in", "<", "<=", ">", ">=", "any"):
            return Domain("contact_fact_ids", "any", [(source, operator, value)])
        return NotImplemented

    def _search_last_contact_at(self, operator, value):
        return self._search_on_contact("last_at", operator, value)

    def _search_last_contact_kind(self, operator, value):
        return self._search_on_contact("last_kind", operator, value)

    def _search_last_contact_user_id(self, operator, value):
        return self._search_on_contact("last_user_id", operator, value)

    def _search_contact_due_date(self, operator, value):
        return self._search_on_contact("due_date", operator, value)

    def _search_cadence_days(self, operator, value):
        return self._search_on_contact("cadence_days", operator, value)

    def _compute_followup_count(self):
        counts = dict(
            self.env["customer.followup"]._read_group(
                self.env["customer.followup"]._open_domain() & Domain("profile_id", "in", self.ids),
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.followup_count = counts.get(profile, 0)

    # ---- how often, by hand --------------------------------------------------------------------

    def _set_cadence(self, days, reason, until) -> None:
        """Have a person's choice outrank the rules; 0 days to end it.

        :raises UserError: without a reason, or with an end in the past
        """
        self.check_access("read")
        if not self.env.user.has_group("customer_success.group_customer_own"):
            raise AccessError(self.env._("You may not change how often customers are contacted."))
        if days < 0:
            raise UserError(self.env._("Give 1 day or more, or 0 to go back to the rules."))
        if days and not (reason or "").strip():
            raise UserError(self.env._("Say why: whoever reads it later will want to know."))
        today = min(company._customer_today() for company in self.company_id)
        if days and until and until < today:
            raise UserError(self.env._("The last day has passed already. Choose a later one."))
        Fact = self.env["customer.contact.fact"].sudo()
        Fact._refresh_now(self)
        Fact.search([("profile_id", "in", self.ids)]).write(
            {
                "manual_days": days,
                "manual_reason": reason.strip() if days else False,
                "manual_user_id": self.env.uid if days else False,
                "manual_until": until if days else False,
            }
        )
        Fact._refresh_now(self)

    # ---- buttons -------------------------------------------------------------------------------

    def action_open_followups(self):
        self.check_access("read")
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_followup_action"
        ) | {
            "name": self.env._("Follow-ups of %s", self.display_name),
            "domain": [("profile_id", "=", self.id)],
            "context": {"default_profile_id": self.id},
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def action_log_contact(self):
        """The dialog in which a contact is logged."""
        self.check_access("read")
        self.ensure_one()
        return self.env["customer.contact.log"]._dialog(self)

    # ---- merging -------------------------------------------------------------------------------

    def _hand_over_to(self, kept):
        """Follow-ups go along; what both had from the same cause is told apart, one of it open."""
        if self:
            Followup = self.env["customer.followup"]
            both = self | kept
            open_ones = Followup.search(
                Followup._open_domain() & Domain("profile_id", "in", both.ids), order="due_date, id"
            )
            for __, same in open_ones.grouped("cause_key").items():
                Followup._cancel([("id", "in", same[1:].ids)], "merged")
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE customer_followup f
                       SET profile_id = %(kept)s, partner_id = %(partner)s,
                           occasion = CASE WHEN EXISTS (
                               SELECT FROM customer_followup o
                                WHERE o.profile_id IN %(both)s AND o.id <> f.id
                                  AND o.cause_key = f.cause_key AND o.occasion = f.occasion)
                               THEN f.occasion || '/' || f.id ELSE f.occasion END
                     WHERE f.profile_id IN %(folded)s
                    """,
                    kept=kept.id,
                    partner=kept.partner_id.id,
                    both=tuple(both.ids),
                    folded=tuple(self.ids),
                )
            )
        return super()._hand_over_to(kept)
