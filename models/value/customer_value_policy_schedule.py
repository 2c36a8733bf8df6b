"""Publishing from a later day on: chosen now, done by the scheduled actions when the day begins."""

import logging
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class CustomerValuePolicy(models.Model):
    """A scheduled policy is frozen like a published one, and judges nobody yet.

    Its day is one of the company's own calendar. It is published once, by whichever worker comes
    first after that day has begun, however late; it judges from the day on which that is. A policy
    that can no longer be published then goes back to where it was, says why, and the old one stays.
    """

    _inherit = "customer.value.policy"

    publish_on = fields.Date("Judges From", readonly=True, copy=False)
    publish_reason = fields.Char("Why", readonly=True, copy=False)
    scheduled_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    schedule_error = fields.Text(
        "Why It Was Not Published", readonly=True, copy=False, help="What was wrong on its day."
    )

    schedule_text = fields.Char(
        "Schedule", compute="_compute_schedule_text", help="What is to happen, or did not."
    )

    _one_scheduled = models.UniqueIndex(
        "(company_id) WHERE state = 'scheduled'", "A company has one scheduled policy."
    )

    @api.depends("state", "publish_on", "schedule_error", "successor_id")
    @api.depends_context("lang")
    def _compute_schedule_text(self):
        for policy in self:
            text = False
            day = format_date(self.env, policy.publish_on)
            if policy.state == "scheduled":
                text = self.env._("Scheduled: it judges every customer from %s on.", day)
            elif policy.successor_id:
                text = self.env._(
                    "%(policy)s takes over on %(day)s.",
                    policy=policy.successor_id.display_name,
                    day=format_date(self.env, policy.successor_id.publish_on),
                )
            elif policy.schedule_error:
                text = self.env._("It was to judge from %s on, and could not be published.", day)
            policy.schedule_text = text

    @api.model
    def _scheduled(self, company):
        """The company's scheduled policy, or an empty record."""
        return self.search([("company_id", "=", company.id), ("state", "=", "scheduled")])

    def _schedule(self, day: date, reason: str) -> None:
        """Have this policy published when ``day`` begins in its company.

        :raises UserError: when the day is not to come, or another version is scheduled
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "archived"):
            raise UserError(self.env._("%s is published or scheduled already.", self.display_name))
        if day <= self.company_id._customer_today():
            raise UserError(
                self.env._(
                    "%s has begun already. Choose a later day, or publish it now.",
                    format_date(self.env, day),
                )
            )
        other = self._scheduled(self.company_id)
        if other:
            raise UserError(
                self.env._(
                    "%(policy)s is scheduled already, from %(day)s on. Cancel that schedule first.",
                    policy=other.display_name,
                    day=format_date(self.env, other.publish_on),
                )
            )
        self._check_ready()
        self.sudo().write(
            {
                "state": "scheduled",
                "publish_on": day,
                "publish_reason": reason,
                "scheduled_by_id": self.env.uid,
                "schedule_error": False,
            }
        )
        self.message_post(
            body=self.env._(
                "%(user)s scheduled it, to judge from %(day)s on: %(reason)s",
                user=self.env.user.name,
                day=format_date(self.env, day),
                reason=reason,
            )
        )
        cron = self.env.ref("customer_success.ir_cron_keep_up", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(self.company_id._customer_day_start(day))

    def action_cancel_schedule(self):
        """Judge nobody by this version: back to the draft, or to the history, that it was."""
        self.check_access("write")
        for policy in self:
            if policy.state != "scheduled":
                raise UserError(self.env._("%s is not scheduled.", policy.display_name))
            policy._unschedule()
            policy.message_post(
                body=self.env._("%s cancelled the schedule.", self.env.user.display_name)
            )

    def _unschedule(self, error=False) -> None:
        self.sudo().write(
            {
                "state": "archived" if self.publication_ids else "draft",
                "schedule_error": error,
                # Kept after a failure: they are proposed again when it is mended.
                "publish_on": self.publish_on if error else False,
                "publish_reason": self.publish_reason if error else False,
            }
        )

    @api.model
    def _publish_due(self, company) -> None:
        """Publish what ``company`` has scheduled for today or a day before, once.

        In the caller's transaction, with the queued run: both are there, or neither. A worker that
        meets another one at it leaves it alone; where the other has committed since this one's
        snapshot, PostgreSQL refuses the lock, and the next call sees what became of it.
        """
        due = self._scheduled(company).filtered(
            lambda policy: policy.publish_on <= company._customer_today()
        )
        if not due:
            return
        due = due.try_lock_for_update(allow_referencing=True)
        if not due:
            return
        try:
            with self.env.cr.savepoint():
                due._publish(due.publish_reason, due.scheduled_by_id)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            message = str(error) or repr(error)
            _logger.warning("%s could not be published: %s", due.display_name, message)
            due._tell_failure(message)

    def _tell_failure(self, message: str) -> None:
        """Say where it is seen that the old policy stays: here, in the ledger, to who scheduled it."""
        user = self.scheduled_by_id
        day = format_date(self.env, self.publish_on)
        self._unschedule(error=message)
        self.message_post(
            body=self.env._(
                "It was to judge from %(day)s on, and could not be published. The version published "
                "until then stays. %(error)s",
                day=day,
                error=message,
            ),
            partner_ids=user.partner_id.ids,
        )
        # Tried again after a while like any full run that failed: then by the policy that stayed.
        run = self.env["customer.run"].sudo()._open(self.company_id, "full", "policy")
        run.write({"state": "failed", "ended": fields.Datetime.now(), "error": message})
