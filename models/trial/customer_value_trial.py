"""A dry-run of a policy: started, stepped through, thrown away after a month."""

import hashlib
import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

_logger = logging.getLogger(__name__)

#: How long one request of the screen may compute before it reports, in seconds.
STEP_SECONDS = 2.0
#: Days after which a dry-run is thrown away.
KEPT_DAYS = 30


class CustomerValueTrial(models.Model):
    """What a policy would do to every customer, without doing it.

    Judged by the very kernels and rows of a run: as of today it is, customer by customer, what
    publishing then does. As of a past day the draft and the published policy both judge that day's
    documents alone, as if nobody had had a tier before, and are compared with each other. Nothing is
    written but this record and its cells.
    """

    _name = "customer.value.trial"
    _description = "Dry-Run Of A Value Policy"
    _order = "id desc"

    policy_id = fields.Many2one(
        "customer.value.policy", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    published_id = fields.Many2one(
        "customer.value.policy",
        "Compared With",
        readonly=True,
        ondelete="set null",
        help="The policy that was published when it was tried.",
    )
    as_of = fields.Date(required=True, readonly=True, help="The day as which it judges.")
    is_past = fields.Boolean(
        "Past Day",
        readonly=True,
        help="Both policies judge that day's documents alone, as if nobody had had a tier before.",
    )
    user_id = fields.Many2one("res.users", "Tried By", readonly=True, ondelete="set null")
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="running",
    )
    position = fields.Integer(readonly=True, help="Customers with an id below it are judged.")
    total = fields.Integer(readonly=True, help="The end of the ids to go through.")
    progress = fields.Float(compute="_compute_progress")
    customer_count = fields.Integer("Customers", readonly=True)
    duration = fields.Float("Duration (Seconds)", readonly=True, digits=(10, 2))
    error = fields.Text(readonly=True)
    rules_digest = fields.Char(readonly=True)
    findings = fields.Json(
        readonly=True, help="What is not a cell: largest movers, histograms, suggested cut-points."
    )
    cell_ids = fields.One2many("customer.value.trial.cell", "trial_id", readonly=True)
    rise_count = fields.Integer("Rise", readonly=True, help="At once.")
    fall_count = fields.Integer("Fall", readonly=True, help="At once.")
    later_rise_count = fields.Integer("Rise In The End", readonly=True)
    later_fall_count = fields.Integer(
        "Fall In The End", readonly=True, help="Once the waiting time has passed."
    )
    is_outdated = fields.Boolean(
        compute="_compute_is_outdated", help="The policy was changed after it was tried."
    )

    _company_idx = models.Index("(company_id)")

    @api.depends("state", "position", "total")
    def _compute_progress(self):
        for trial in self:
            if trial.state == "done":
                trial.progress = 100
            else:
                trial.progress = min(99, 100 * trial.position / trial.total) if trial.total else 0

    @api.depends("policy_id", "as_of")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for trial in self:
            policy = trial.policy_id.display_name
            trial.display_name = f"{policy}, {format_date(self.env, trial.as_of)}"

    @api.depends("rules_digest")
    def _compute_is_outdated(self):
        for trial in self:
            trial.is_outdated = bool(trial.rules_digest) and trial.rules_digest != trial._digest()

    def _digest(self) -> str:
        """What the answer depends on besides documents and time."""
        self.ensure_one()
        published = self.env["customer.value.policy"]._published(self.company_id)
        before = published._kernel() if self.is_past and published else published.id
        rules = repr((self.policy_id._kernel(), before))
        return hashlib.sha256(rules.encode()).hexdigest()

    @api.constrains("as_of")
    def _check_as_of(self):
        for trial in self:
            if trial.as_of > trial.company_id._customer_today():
                raise ValidationError(
                    self.env._("Nobody knows the documents of days to come: try it as of today.")
                )

    # ---- starting ------------------------------------------------------------------------------

    @api.model
    def start_trial(self, policy_id=False, as_of=False):
        """Open a dry-run of a saved policy, as of today or of a past day; its id.

        :raises AccessError: for anybody but an administrator
        :raises ValidationError: when the policy cannot judge, with the way to mend it
        """
        self._check_may_try()
        policy = self.env["customer.value.policy"].browse(policy_id).exists()
        policy.ensure_one()
        policy.check_access("read")
        policy._check_publishable()
        if not policy.cut_ids:
            raise UserError(self.env._("Give the policy cut-points first."))
        today = policy.company_id._customer_today()
        day = fields.Date.to_date(as_of) or today
        trial = self.sudo().create(
            {
                "policy_id": policy.id,
                "company_id": policy.company_id.id,
                "as_of": day,
                "is_past": day < today,
                "user_id": self.env.uid,
            }
        )
        return trial.id

    def _check_may_try(self) -> None:
        if not self.env.user.has_group("customer_success.group_customer_admin"):
            raise AccessError(self.env._("Only administrators try policies."))

    # ---- stepping ------------------------------------------------------------------------------

    def action_step(self):
        """Judge for a moment and say how far it is: what the screen calls until it is done."""
        self._check_may_try()
        self.ensure_one()
        self.check_access("read")
        trial = self.sudo()
        stop = time.monotonic() + STEP_SECONDS
        while trial.state == "running" and time.monotonic() < stop:
            more = trial._advance_safely()
            self.env["ir.cron"]._commit_progress()
            if not more:
                break
        return trial.read(["state", "progress", "customer_count", "error"])[0]

    def _advance_safely(self) -> bool:
        """One batch; on an error nothing of it stays, and the record says what happened."""
        self.ensure_one()
        try:
            return self._advance()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody else took this step: nothing is lost, the next call goes on.
            self.env.cr.rollback()
            return False
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Dry-run %s failed", self.id)
            self.write({"state": "failed", "error": str(error) or repr(error)})
            return False

    @api.autovacuum
    def _gc_old_trials(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", limit)]).unlink()
