from odoo import api, fields, models


class CustomerPlaybookStart(models.TransientModel):
    """Turn a playbook on: from now, or also for those who are in it now, whose number is shown."""

    _name = "customer.playbook.start"
    _description = "Turn a Playbook On"

    playbook_id = fields.Many2one("customer.playbook", required=True, readonly=True)
    summary = fields.Char(related="playbook_id.summary")
    candidate_count = fields.Integer(compute="_compute_candidate_count")
    whom = fields.Selection(
        [
            ("new", "Whom it happens to from now on"),
            ("also", "Also those who are in it now"),
        ],
        "For",
        required=True,
        default="new",
    )

    @api.depends("playbook_id")
    def _compute_candidate_count(self):
        for wizard in self:
            wizard.candidate_count = wizard.playbook_id.candidate_count

    def action_start(self):
        for wizard in self:
            wizard.playbook_id.check_access("write")
            wizard.playbook_id._turn_on(catch_up=wizard.whom == "also")

    def action_try(self):
        self.ensure_one()
        return self.playbook_id.action_try()
