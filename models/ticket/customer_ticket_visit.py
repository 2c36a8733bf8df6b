"""The return visit: somebody asks, some days after the solution, whether all is well."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: What a return visit leaves on a ticket; a reopening forgets it (the messages keep it).
_VISIT = (
    "return_visit_due",
    "return_visit_outcome",
    "return_visit_note",
    "return_visit_at",
    "return_visit_user_id",
    "return_visit_waived_reason",
    "return_visit_waived_user_id",
)


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    return_visit_days = fields.Integer(
        "Return Visit After", readonly=True, copy=False, aggregator=None, help="Days, as promised."
    )
    return_visit_due = fields.Date(readonly=True, copy=False, tracking=True)
    return_visit_outcome = fields.Selection(
        [
            ("happy", "All is well"),
            ("neutral", "Accepted it"),
            ("unhappy", "Not solved for the customer"),
        ],
        "What the Customer Says",
        copy=False,
        tracking=True,
        help="Not solved for the customer: the ticket is reopened.",
    )
    return_visit_note = fields.Text("In the Customer's Words", copy=False, tracking=True)
    return_visit_at = fields.Datetime("Return Visit Done", readonly=True, copy=False)
    return_visit_user_id = fields.Many2one(
        "res.users", "Return Visit By", readonly=True, copy=False, ondelete="restrict"
    )
    return_visit_waived_reason = fields.Char(
        "Waived Because",
        copy=False,
        tracking=True,
        help="By somebody who sees all customers: why none is made.",
    )
    return_visit_waived_user_id = fields.Many2one(
        "res.users", "Waived By", readonly=True, copy=False, ondelete="restrict"
    )
    return_visit_state = fields.Selection(
        [("none", "None due"), ("waiting", "Waiting"), ("done", "Done"), ("waived", "Waived")],
        "Return Visit",
        compute="_compute_return_visit_state",
        search="_search_return_visit_state",
    )

    @api.model
    def _visit_domains(self) -> dict:
        """What each state of the return visit means."""
        due = Domain("return_visit_due", "!=", False)
        done = Domain("return_visit_outcome", "!=", False)
        waived = Domain("return_visit_waived_reason", "!=", False)
        return {
            "done": done,
            "waived": waived & ~done,
            "waiting": due & ~done & ~waived,
            "none": ~due & ~done & ~waived,
        }

    @api.depends("return_visit_due", "return_visit_outcome", "return_visit_waived_reason")
    def _compute_return_visit_state(self):
        self.return_visit_state = "none"
        for state, domain in self._visit_domains().items():
            self.filtered_domain(domain).return_visit_state = state

    def _search_return_visit_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._visit_domains()
        return Domain.OR(domains[state] for state in value if state in domains)

    def _plan_visit(self):
        """Solved: the return visit is due so many days from today as were promised."""
        for ticket in self.sudo():
            if ticket.return_visit_days and not ticket.return_visit_due:
                today = ticket.company_id._customer_today()
                ticket.return_visit_due = today + timedelta(days=ticket.return_visit_days)

    def _forgotten_by_reopening(self) -> dict:
        return super()._forgotten_by_reopening() | dict.fromkeys(_VISIT, False)

    def _with_visit_stamps(self, vals: dict) -> dict:
        """Who made the visit, or waived it, is the one who writes it; nobody of ours where it was said
        by the customer itself.
        """
        user, stamps = self.env.user, {}
        if "return_visit_outcome" in vals:
            made = bool(vals["return_visit_outcome"])
            if made and any(not ticket.solved_at for ticket in self):
                raise UserError(
                    self.env._("A return visit asks how the solution was: solve the ticket first.")
                )
            stamps["return_visit_at"] = made and fields.Datetime.now()
            stamps["return_visit_user_id"] = (
                made and user._is_internal() and not user._is_superuser() and user.id
            )
        if vals.get("return_visit_waived_reason"):
            self._require_manager()
            stamps["return_visit_waived_user_id"] = self.env.uid
        return vals | stamps

    def _follow_visit(self):
        """An unhappy customer reopens the ticket."""
        for ticket in self:
            if ticket.return_visit_outcome == "unhappy" and ticket.stage_id.reply_stage_id:
                ticket._move(ticket.stage_id.reply_stage_id, by_customer=True)
