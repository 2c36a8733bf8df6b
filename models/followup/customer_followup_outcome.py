from odoo import api, fields, models

#: The outcome of what nobody had to do any more.
NO_LONGER_NEEDED = "not_needed"


class CustomerFollowupOutcome(models.Model):
    """How a contact went, as data: what it counts for and where the card goes."""

    _name = "customer.followup.outcome"
    _description = "Follow-up Outcome"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="A short name for imports: spoke, will_order, …")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_contact = fields.Boolean(
        "Counts As Contact",
        default=True,
        help="The customer was reached: the last contact and the next due date move.",
    )
    stage_id = fields.Many2one(
        "customer.followup.stage",
        "Card Goes To",
        ondelete="set null",
        help="Empty: the follow-up is done.",
    )
    retry_days = fields.Integer(
        "Try Again After (Days)",
        help="When the card is not done: the date proposed for the next attempt.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Another outcome already has this code.")
    _retry_positive = models.Constraint(
        "CHECK (retry_days >= 0)", "Days to the next attempt cannot be negative."
    )

    @api.model
    def _coded(self, code: str):
        return self.with_context(active_test=False).search([("code", "=", code)], limit=1)

    def _ends(self) -> bool:
        """Whether a follow-up with this outcome is done."""
        return not self.stage_id or self.stage_id.is_done
