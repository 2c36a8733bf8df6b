from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.sla_clock import Effect


class CustomerTicketMove(models.Model):
    """Append-only log: which stage a ticket went to, when, by whom, and what that did to its clock.

    The clock is read from here (``tools.sla_clock.solution_clock``), so a pause survives a new
    promise, and a stage that is changed later changes nothing that was.
    """

    _name = "customer.ticket.move"
    _description = "Ticket Move"
    _order = "id desc"

    ticket_id = fields.Many2one(
        "customer.ticket", required=True, readonly=True, ondelete="cascade", index=True
    )
    from_stage_id = fields.Many2one(
        "customer.ticket.stage", "From", readonly=True, ondelete="restrict"
    )
    to_stage_id = fields.Many2one(
        "customer.ticket.stage", "To", required=True, readonly=True, ondelete="restrict"
    )
    at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, ondelete="restrict", help="Empty: the customer wrote."
    )
    clock = fields.Selection(
        [
            (Effect.RUN.value, "Runs"),
            (Effect.PAUSE.value, "Is paused"),
            (Effect.STOP.value, "Stopped"),
        ],
        "Solution Clock",
        required=True,
        readonly=True,
    )

    @api.depends("from_stage_id", "to_stage_id")
    def _compute_display_name(self):
        for move in self:
            move.display_name = f"{move.from_stage_id.name or '—'} → {move.to_stage_id.name}"

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The log of a ticket is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("The log of a ticket is never deleted."))
