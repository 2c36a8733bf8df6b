from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

#: A nightly run may come this late before its numbers are called late.
LATE_AFTER = timedelta(hours=26)
#: A run that has not moved for this long was killed, and nobody goes on with it.
STALLED_AFTER = timedelta(hours=1)

KINDS = [
    ("full", "All customers"),
    ("nightly", "Changed customers and new prospects"),
    ("incremental", "Changed customers"),
    ("selected", "Chosen customers"),
]
#: Kinds that bring the figures of a whole company up to date. Others tell nothing about how fresh
#: these are, and are not gone on with by who computes them.
FIGURE_KINDS = ("full", "nightly", "incremental")
REASONS = [
    ("schedule", "Schedule"),
    ("month", "New month"),
    ("policy", "New value policy"),
    ("limits", "New lifecycle limits"),
    ("source", "Other documents count"),
    ("asked", "Asked for"),
]
STATES = [
    ("queued", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("superseded", "Superseded"),
]


class CustomerRun(models.Model):
    """The ledger of computations: what was computed when, as of which day, how far, how long.

    It is what makes a number trustworthy: a screen can say how fresh it is, an admin can see why a
    night failed, and a run that was killed goes on from where its last batch was stored.
    """

    _name = "customer.run"
    _description = "Computation"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="queued", index=True)
    reason = fields.Selection(REASONS, required=True, readonly=True, default="asked")
    as_of = fields.Date(required=True, readonly=True, help="The day as which it was computed.")
    policy_id = fields.Many2one("customer.value.policy", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "Asked By", readonly=True, ondelete="set null")
    started = fields.Datetime(readonly=True)
    ended = fields.Datetime(readonly=True)
    position = fields.Integer(
        readonly=True, help="A full run goes through customers by id; those below are done."
    )
    total = fields.Integer(readonly=True, help="The end of the ids to go through.")
    read_count = fields.Integer("Read", readonly=True)
    changed_count = fields.Integer("Changed", readonly=True)
    skipped_count = fields.Integer("Unchanged", readonly=True)
    moved_count = fields.Integer("Moved", readonly=True, help="Changes of tier or stage.")
    seconds = fields.Json("Seconds Per Step", readonly=True, help="Seconds spent in each step.")
    duration = fields.Float("Duration (Seconds)", readonly=True, digits=(10, 2))
    error = fields.Text(readonly=True)
    progress = fields.Float(compute="_compute_progress")

    _company_ended_idx = models.Index("(company_id, state, ended DESC)")

    @api.depends("state", "position", "total")
    def _compute_progress(self):
        for run in self:
            if run.state == "done":
                run.progress = 100
            else:
                run.progress = min(99, 100 * run.position / run.total) if run.total else 0

    @api.depends("kind", "as_of")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            as_of = format_date(self.env, run.as_of)
            run.display_name = f"{kinds.get(run.kind)}, {as_of}"

    # ---- freshness -----------------------------------------------------------------------------

    @api.model
    def get_freshness(self) -> dict:
        """How fresh the numbers of the active company are, in words and as a colour.

        ``state`` is ``fresh``, ``running``, ``late``, ``failed`` or ``never``; ``waiting`` counts the
        customers whose documents changed since.
        """
        self.env["customer.profile"].check_access("read")
        company = self.env.company
        runs = self.sudo().search([("company_id", "=", company.id)], limit=50)
        figures = runs.filtered(lambda run: run.kind in FIGURE_KINDS)
        done = figures.filtered(lambda run: run.state == "done")[:1]
        if not done:
            done = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "done"),
                    ("kind", "in", FIGURE_KINDS),
                ],
                limit=1,
            )
        waiting = self.env.execute_query(
            SQL(
                "SELECT count(DISTINCT partner_ref) FROM customer_mark WHERE company_ref = %s",
                company.id,
            )
        )[0][0]
        newest = figures[:1]
        stalled = newest and fields.Datetime.now() - newest.write_date > STALLED_AFTER
        if newest.state == "failed":
            state = "failed"
        elif newest.state in ("queued", "running") and not stalled:
            state = "running"
        elif not done:
            state = "never"
        elif (stalled and newest != done) or fields.Datetime.now() - done.ended > LATE_AFTER:
            state = "late"
        else:
            state = "fresh"
        return {
            "state": state,
            "computed_at": fields.Datetime.to_string(done.ended) if done else False,
            "as_of": fields.Date.to_string(done.as_of) if done else False,
            "waiting": waiting,
            "run_id": newest.id,
            "progress": newest.progress,
            "company": company.name,
            "error": newest.error if state == "failed" else False,
        }

    def action_watch(self):
        """Show how far these runs are, and lend them a hand."""
        return self._progress_action()

    def _progress_action(self) -> dict:
        """Have the web client show how far these runs are (``static/src/recompute``)."""
        return {
            "type": "ir.actions.client",
            "tag": "customer_success.recompute",
            "target": "new",
            "params": {"run_ids": self.ids},
        }

    @api.autovacuum
    def _gc_old_runs(self):
        """Keep a year of the ledger; the last good run of each kind stays whatever its age."""
        limit = fields.Datetime.now() - timedelta(days=400)
        self.search([("create_date", "<", limit), ("state", "!=", "done")]).unlink()
        keep = self._read_group([("state", "=", "done")], ["company_id", "kind"], ["id:max"])
        self.search(
            [
                ("create_date", "<", limit),
                ("id", "not in", [run_id for __, __, run_id in keep]),
            ]
        ).unlink()
