from odoo import api, fields, models

from ...tools.playbook import Step
from ..followup.choices import ACTIONS
from .choices import ASSIGNEES


class CustomerPlaybookStep(models.Model):
    """One thing to do in a playbook: what, when, by whom, and what to say."""

    _name = "customer.playbook.step"
    _description = "Playbook Step"
    _order = "playbook_id, days, sequence, id"
    _rec_name = "action"

    playbook_id = fields.Many2one(
        "customer.playbook", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="playbook_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    action = fields.Selection(ACTIONS, "What", required=True, default="call")
    days = fields.Integer("After", help="Days from the day on which the customer entered.")
    within = fields.Integer(default=2, help="Days to do it in, once its day has come.")
    working = fields.Boolean(
        "Working Days",
        default=True,
        help="Count days on which the company works, by its working hours and holidays.",
    )
    assignee = fields.Selection(
        ASSIGNEES,
        "By",
        required=True,
        default="manager",
        help="Where there is none, the follow-up waits under Unassigned.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "customer_playbook_step_user_rel",
        "step_id",
        "user_id",
        string="People",
        domain="[('share', '=', False)]",
    )
    advice = fields.Text("What To Say", translate=True)

    _days_sound = models.Constraint(
        "CHECK (days BETWEEN 0 AND 1000 AND within BETWEEN 0 AND 365)",
        "A step comes 0 to 1,000 days after the start, and there are 0 to 365 days to do it in.",
    )

    @api.depends("action", "playbook_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        for step in self:
            step.display_name = f"{step.playbook_id.name}: {labels.get(step.action, '')}"

    def _kernel(self) -> Step:
        self.ensure_one()
        return Step(self.days, self.within, self.working)
