from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.fields import LooseMany2one

KINDS = [("tier", "Value tier"), ("stage", "Lifecycle stage")]
CAUSES = [
    ("first", "First computed"),
    ("facts", "Purchases and time"),
    ("policy", "New rules"),
    ("manual", "Set by hand"),
    ("manual_end", "Manual choice ended"),
    ("merge", "Contacts merged"),
]


class CustomerTransition(models.Model):
    """What changed for a customer, when and why. Written once, never changed, never deleted by hand.

    ``evidence`` holds the figures the decision was made from, as they were: the transition can be
    re-added later, whatever happened to documents and policies since.
    """

    _name = "customer.transition"
    _description = "Customer Transition"
    _log_access = False
    _order = "at desc, id desc"

    profile_id = fields.Many2one(
        "customer.profile", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Contact")
    user_id = fields.Many2one(related="profile_id.user_id", string="Account Manager")
    company_id = LooseMany2one("res.company", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    from_tier_id = LooseMany2one("customer.tier", "From Tier", ondelete="restrict", readonly=True)
    to_tier_id = LooseMany2one("customer.tier", "To Tier", ondelete="restrict", readonly=True)
    from_stage_id = LooseMany2one(
        "customer.lifecycle.stage", "From Stage", ondelete="restrict", readonly=True
    )
    to_stage_id = LooseMany2one(
        "customer.lifecycle.stage", "To Stage", ondelete="restrict", readonly=True
    )
    direction = fields.Selection(
        [("first", "First"), ("up", "Up"), ("down", "Down"), ("none", "Left")],
        readonly=True,
        help="Up: towards more valuable tiers, or away from decline and loss.",
    )
    at = fields.Datetime("Recorded On", required=True, readonly=True)
    as_of = fields.Date(required=True, readonly=True)
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    reason = fields.Char(readonly=True)
    policy_id = LooseMany2one("customer.value.policy", "Policy", ondelete="restrict", readonly=True)
    by_user_id = fields.Many2one("res.users", "By", ondelete="restrict", readonly=True)
    evidence = fields.Json(readonly=True)
    revenue = fields.Float(readonly=True, help="Net revenue in the policy's window at that time.")
    from_name = fields.Char("From", compute="_compute_names")
    to_name = fields.Char("To", compute="_compute_names")

    _company_at_idx = models.Index("(company_id, at DESC, id DESC)")
    # Whom a publication moved: few of many.
    _policy_at_idx = models.Index("(policy_id, at) WHERE cause = 'policy' AND kind = 'tier'")

    @api.depends("kind", "from_tier_id", "to_tier_id", "from_stage_id", "to_stage_id")
    @api.depends_context("lang")
    def _compute_names(self):
        for transition in self:
            before, after = (
                (transition.from_tier_id, transition.to_tier_id)
                if transition.kind == "tier"
                else (transition.from_stage_id, transition.to_stage_id)
            )
            transition.from_name = before.name
            transition.to_name = after.name

    @api.depends("profile_id", "from_name", "to_name")
    def _compute_display_name(self):
        for transition in self:
            transition.display_name = (
                f"{transition.profile_id.display_name}: "
                f"{transition.from_name or '—'} → {transition.to_name or '—'}"
            )

    @api.model
    def _known_on(self, company, kind: str, day: date) -> SQL:
        """Select ``profile_id, value_id``: each customer's tier or stage as known on ``day``.

        The last entry of the log by then counts; customers without one are not selected.

        :param kind: ``tier`` or ``stage``
        """
        return SQL(
            """
            SELECT DISTINCT ON (profile_id) profile_id, %(value)s AS value_id
              FROM customer_transition
             WHERE company_id = %(company)s AND kind = %(kind)s AND as_of <= %(day)s
             ORDER BY profile_id, as_of DESC, id DESC
            """,
            value=SQL.identifier(f"to_{kind}_id"),
            company=company.id,
            kind=kind,
            day=day,
        )

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The log of transitions is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("The log of transitions is never deleted."))
