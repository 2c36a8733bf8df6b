from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .choices import ACTIONS


class CustomerFollowup(models.Model):
    """One thing to do for one customer: a card on the board, with a reason it can name.

    Light on purpose: no chatter, no activity. Jobs make them by the thousand (:meth:`_open`), once
    per cause: ``cause_key`` says what asks for it, ``occasion`` which time. It is open until
    ``done_at``; the rest of it is in the files beside this one.
    """

    _name = "customer.followup"
    _inherit = ["customer.kept.fields"]
    _description = "Follow-up"
    _order = "planned_date, id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "note"]

    profile_id = fields.Many2one(
        "customer.profile", "Customer", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users",
        "Who",
        ondelete="set null",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who does it. Empty: nobody yet.",
    )
    stage_id = fields.Many2one(
        "customer.followup.stage",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["customer.followup.stage"]._first(),
        group_expand="_read_group_expand_full",
    )
    is_done = fields.Boolean(related="stage_id.is_done")

    # What, and why
    action = fields.Selection(ACTIONS, "What", required=True, default="call")
    cause_key = fields.Char(required=True, readonly=True, help="What asks for it.")
    occasion = fields.Char(readonly=True, help="Which time of its cause: a date, a document.")
    reason = fields.Json(readonly=True)
    advice = fields.Text("What To Say")
    res_model = fields.Char("From Model", readonly=True)
    res_id = fields.Many2oneReference("From Record", model_field="res_model", readonly=True)

    # When
    due_date = fields.Date(
        "Due", required=True, default=lambda self: self.env.company._customer_today()
    )
    planned_date = fields.Date(
        "Planned",
        help="The day on which it is to be done: never before it is due, and on no day more than "
        "its owner can do.",
    )
    value = fields.Float(
        readonly=True, help="Among those due, the most valuable are planned first."
    )

    # What came of it
    done_at = fields.Datetime("Done On", readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    outcome_id = fields.Many2one(
        "customer.followup.outcome", ondelete="restrict", index="btree_not_null"
    )
    note = fields.Text()
    cancel_code = fields.Char(readonly=True, help="Why nobody had to do it any more.")

    _cause_uniq = models.UniqueIndex(
        "(profile_id, cause_key, occasion)", "This was followed up already."
    )
    _open_cause_uniq = models.UniqueIndex(
        "(profile_id, cause_key) WHERE done_at IS NULL",
        "The same is open for this customer already: do that one.",
    )
    _board_idx = models.Index("(stage_id, planned_date, id)")
    _mine_idx = models.Index("(user_id, planned_date, id) WHERE done_at IS NULL")
    _done_idx = models.Index("(done_at) WHERE done_at IS NOT NULL")

    @api.model
    def _open_domain(self) -> Domain:
        """What is still to be done."""
        return Domain("done_at", "=", False)

    # ---- making and changing one by hand -------------------------------------------------------

    @api.model
    def _kept_sentence(self, labels):
        return self.env._("%(fields)s: written by the board itself, not by hand.", fields=labels)

    @api.model_create_multi
    def create(self, vals_list):
        """By hand: a reason of its own each, for whoever looks after the customer."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            self._refuse_kept(vals)
            profile = self.env["customer.profile"].browse(vals.get("profile_id"))
            if not profile:
                raise UserError(self.env._("Choose the customer whom this is for."))
            profile.check_access("read")
            whose = profile.sudo()
            vals["company_id"] = whose.company_id.id
            vals["partner_id"] = whose.partner_id.id
            vals.setdefault("cause_key", f"manual:{uuid4().hex}")
            vals.setdefault("occasion", "")
            vals.setdefault("reason", {"code": "manual"})
            vals.setdefault("value", whose.revenue)
            vals.setdefault("user_id", whose.user_id.id)
            today = whose.company_id._customer_today()
            due = fields.Date.to_date(vals.get("due_date")) or today
            vals.setdefault("planned_date", max(due, today))
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_kept(vals)
        if "profile_id" in vals and any(f.profile_id.id != vals["profile_id"] for f in self):
            raise UserError(
                self.env._("A follow-up stays with its customer: make another one instead.")
            )
        stage = self.env["customer.followup.stage"].browse(vals.get("stage_id"))
        if not stage:
            return super().write(vals)
        self.check_access("write")
        moved = self.filtered(lambda followup: bool(followup.done_at) != stage.is_done)
        result = super(CustomerFollowup, self.sudo()).write(vals)
        super(CustomerFollowup, moved.sudo()).write(self._stage_values(stage) | vals)
        if moved:
            self.env["customer.contact.fact"]._refresh_now(moved.sudo().profile_id)
        return result

    def _stage_values(self, stage) -> dict:
        """What a card's coming to ``stage`` means for it."""
        if stage.is_done:
            return {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
        return {"done_at": False, "done_by_id": False, "cancel_code": False}

    def action_open_customer(self):
        """The customer's page, or its contact where there is no page one may see."""
        self.check_access("read")
        self.ensure_one()
        profile = self.env["customer.profile"].search([("id", "=", self.sudo().profile_id.id)])
        return (profile or self.partner_id)._get_records_action()
