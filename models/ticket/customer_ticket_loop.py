"""The loop: which steps a ticket may take, and what each asks for."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list


class CustomerTicket(models.Model):
    """Every way to move a ticket ends in ``_move``, and so passes one gate."""

    _inherit = "customer.ticket"

    stage_id = fields.Many2one(
        "customer.ticket.stage",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["customer.ticket.stage"]._first(),
        group_expand="_read_group_expand_full",
        copy=False,
        tracking=True,
    )
    stage_since = fields.Datetime("In This Stage Since", readonly=True, copy=False)
    stage_clock = fields.Selection(related="stage_id.clock", string="Solution Clock")
    stage_description = fields.Text(related="stage_id.description", string="About This Stage")
    move_ids = fields.One2many("customer.ticket.move", "ticket_id", "Steps")
    opened_at = fields.Datetime(
        "Opened", required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    solved_at = fields.Datetime("Solved", readonly=True, copy=False)
    told_at = fields.Datetime(
        "Customer Told",
        readonly=True,
        copy=False,
        help="When a person last wrote to the customer or called, or the solution was sent.",
    )
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    reopened_count = fields.Integer("Reopened", readonly=True, copy=False)

    next_stage_id = fields.Many2one(related="stage_id.usual_stage_id", string="Next Step")
    reachable_stage_ids = fields.Many2many(
        "customer.ticket.stage", compute="_compute_reachable_stage_ids"
    )
    next_missing = fields.Text(
        "What the Next Step Needs", compute="_compute_next_missing", help="Empty: nothing more."
    )

    @api.depends("stage_id")
    def _compute_reachable_stage_ids(self):
        for ticket in self:
            ticket.reachable_stage_ids = ticket.stage_id | ticket.stage_id.next_stage_ids

    @api.depends(
        "stage_id", "kind", "user_id", "solution", "told_at", "responded_at", "next_response_since",
        "solved_at", "return_visit_due", "return_visit_state",
    )  # fmt: skip
    def _compute_next_missing(self):
        for ticket in self:
            ticket.next_missing = "\n".join(ticket._missing_for(ticket.next_stage_id)) or False

    @api.model
    def _open_complaint_domain(self) -> Domain:
        """What an open complaint is: not at the end of the loop yet."""
        return Domain("kind", "=", "complaint") & Domain("closed_at", "=", False)

    # ---- the gate ------------------------------------------------------------------------------

    def _missing_for(self, stage) -> list[str]:
        """What this ticket lacks to enter ``stage``, one sentence each with the way out."""
        self.ensure_one()
        solved = self.solved_at

        def needed(name):
            return stage[name] == "all" or stage[name] == self.kind

        missing = []
        if needed("needs_owner") and not self.user_id:
            missing.append(self.env._("Nobody owns it: choose an owner, or take it yourself."))
        if needed("needs_answer") and (not self.responded_at or self.next_response_since):
            missing.append(
                self.env._(
                    "The customer's last message is unanswered: write what you need to know."
                )
            )
        if needed("needs_solution") and not (self.solution or "").strip():
            missing.append(self.env._("What we did is empty: write down the solution."))
        if needed("needs_told") and not (solved and self.told_at and self.told_at >= solved):
            missing.append(
                self.env._(
                    "The customer does not know yet: write to the customer how it was solved, or call."
                )
            )
        if needed("needs_return_visit") and self.return_visit_state == "waiting":
            missing.append(
                self.env._(
                    "The return visit has not taken place: enter what the customer said, or have it "
                    "waived with a reason."
                )
            )
        return missing

    def _check_move(self, stage):
        """Refuse a step that the loop does not know, or that still lacks something."""
        for ticket in self:
            here = ticket.stage_id
            if stage not in here.next_stage_ids:
                raise UserError(
                    self.env._(
                        "%(ticket)s is in stage %(here)s, from where it cannot go to %(stage)s. It may "
                        "go on to: %(ways)s.",
                        ticket=ticket.display_name,
                        here=here.name,
                        stage=stage.name,
                        ways=format_list(self.env, here.next_stage_ids.mapped("name"), "or") or "—",
                    )
                )
            missing = ticket._missing_for(stage)
            if missing:
                raise UserError(
                    self.env._(
                        "%(ticket)s cannot go to %(stage)s yet.\n%(missing)s",
                        ticket=ticket.display_name,
                        stage=stage.name,
                        missing="\n".join(f"• {sentence}" for sentence in missing),
                    )
                )

    # ---- moving --------------------------------------------------------------------------------

    def _move(self, stage, by_customer=False):
        """Go to ``stage``: the only way there. The customer's own word passes without the gate."""
        if not self:
            return
        if not by_customer:
            self._check_move(stage)
        now = fields.Datetime.now()
        for ticket in self:
            before = ticket.stage_id
            values = {"stage_id": stage.id, "stage_since": now}
            values["closed_at"] = (ticket.closed_at or now) if stage.is_closed else False
            if stage.clock == "stop":
                values["solved_at"] = ticket.solved_at or now
            elif before.clock == "stop":  # a reopening
                values |= {"solved_at": False, "reopened_count": ticket.reopened_count + 1}
                values |= ticket._forgotten_by_reopening()
            ticket._write_past_gate(values)
            ticket._log_moves(before, by_customer)
            if stage.clock == "stop" and before.clock != "stop":
                ticket._stop_clocks(now)
                ticket._plan_visit()
            elif before.clock == "stop" and stage.clock != "stop":
                ticket._restart_clocks()
            ticket._refresh_clocks()
            ticket._tell()

    def _forgotten_by_reopening(self) -> dict:
        """What was said about a solution that turned out to be none."""
        return {}

    def _log_moves(self, before, by_customer=False):
        now = fields.Datetime.now()
        self.env["customer.ticket.move"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "from_stage_id": before.id,
                    "to_stage_id": ticket.stage_id.id,
                    "at": ticket.stage_since or ticket.opened_at or now,
                    "user_id": False if by_customer else self.env.uid,
                    "clock": ticket.stage_id.clock,
                }
                for ticket in self
            ]
        )

    def action_next(self):
        """The usual next step; refused when somebody else took one since the screen was drawn."""
        self.check_access("write")
        seen = self.env.context.get("seen_stage_id")
        for ticket in self:
            if seen and seen != ticket.stage_id.id:
                last = ticket.move_ids.sorted("id")[-1:]
                raise UserError(
                    self.env._(
                        "%(ticket)s is in stage %(stage)s since %(who)s moved it. Reload to see what "
                        "happened; what you wrote is kept.",
                        ticket=ticket.display_name,
                        stage=ticket.stage_id.name,
                        who=last.user_id.name or self.env._("the customer"),
                    )
                )
            if ticket.next_stage_id:
                ticket._move(ticket.next_stage_id)
