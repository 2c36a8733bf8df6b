from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerFollowupStage(models.Model):
    """A step of the follow-up board: not begun, tried, waiting for the customer, done."""

    _name = "customer.followup.stage"
    _description = "Follow-up Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="New follow-ups begin in the first stage.")
    fold = fields.Boolean("Folded", help="Folded on the board, where little happens.")
    is_done = fields.Boolean("Done", help="Nothing is left to do: a card that comes here is done.")
    description = fields.Text(translate=True, help="When a follow-up belongs here.")

    @api.model
    def _first(self):
        """Where new follow-ups begin."""
        return self.search([("is_done", "=", False)], limit=1)

    @api.model
    def _last(self):
        """Where done follow-ups go."""
        return self.search([("is_done", "=", True)], limit=1)

    @api.constrains("is_done")
    def _check_ends(self):
        """There is always a stage to begin in and one to end in."""
        for end in (self._first(), self._last()):
            if not end:
                raise UserError(
                    self.env._(
                        "Keep one stage that is done and one that is not: the board needs both."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ends(self):
        left = self.search([("id", "not in", self.ids)])
        if len(set(left.mapped("is_done"))) < 2:
            raise UserError(
                self.env._("Keep one stage that is done and one that is not: the board needs both.")
            )
