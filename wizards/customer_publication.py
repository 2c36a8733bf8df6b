from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CustomerPublication(models.TransientModel):
    """Somebody has a version of the value policy judge every customer: why, and from when."""

    _name = "customer.publication"
    _description = "Publish A Value Policy"

    policy_id = fields.Many2one("customer.value.policy", "Version", required=True, readonly=True)
    company_id = fields.Many2one(related="policy_id.company_id")
    effect = fields.Char("What It Does", compute="_compute_around")
    again = fields.Boolean(
        compute="_compute_around", help="Whether customers were judged by this version before."
    )
    current_id = fields.Many2one(
        "customer.value.policy", "Instead Of", compute="_compute_around", compute_sudo=False
    )
    scheduled_id = fields.Many2one(
        "customer.value.policy", "Scheduled Already", compute="_compute_around", compute_sudo=False
    )
    schedule_text = fields.Char("Its Day", compute="_compute_around")
    reason = fields.Char(
        "Why",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="Whoever wonders later why customers moved will read this.",
    )
    when = fields.Selection(
        [("now", "Now"), ("later", "From a later day on")],
        "From When",
        required=True,
        default="now",
    )
    publish_on = fields.Date(
        "Judges From",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="It takes over when this day begins in the company's time zone.",
    )

    @api.depends("policy_id")
    @api.depends_context("lang")
    def _compute_around(self):
        for wizard in self:
            policy = wizard.policy_id
            wizard.again = policy.state == "archived"
            wizard.current_id = policy._published(policy.company_id)
            wizard.scheduled_id = policy._scheduled(policy.company_id) - policy
            other = wizard.scheduled_id
            wizard.schedule_text = other and self.env._(
                "%(policy)s is scheduled already and takes over on %(day)s.",
                policy=other.display_name,
                day=format_date(self.env, other.publish_on),
            )
            wizard.effect = self.env._(
                "Every customer of the company is judged by this version from then on. Who reaches a "
                "higher tier gets it at once. Who falls keeps the tier as long as the score is not "
                "below what keeps it, and for %s days more.",
                policy.dwell_days,
            )

    @api.depends("policy_id")
    def _compute_proposal(self):
        """What was chosen for a schedule that failed; else the first day of the next month."""
        for wizard in self:
            company = wizard.policy_id.company_id or self.env.company
            today = company._customer_today()
            chosen = wizard.policy_id.publish_on
            next_month = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
            wizard.publish_on = chosen if chosen and chosen > today else next_month
            wizard.reason = wizard.policy_id.publish_reason

    def action_apply(self):
        """Publish or schedule; the progress of the computation, or nothing more to see."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why: whoever wonders later why customers moved will read it.")
            )
        if self.when == "later":
            if not self.publish_on:
                raise UserError(self.env._("Choose the day from which it judges."))
            self.policy_id._schedule(self.publish_on, reason)
            return {"type": "ir.actions.act_window_close"}
        action = self.policy_id._publish(reason)._progress_action()
        action["params"]["instead_of_dialog"] = True
        return action
