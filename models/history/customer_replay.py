import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.fields import LooseMany2one

#: Customers that one batch of a replay judges: their documents are held in memory meanwhile. Each batch
#: goes through all days, which alone takes about a second for two years.
BATCH = 2000
#: How long one request may compute before it says how far it is, in seconds.
STEP_SECONDS = 2.0
#: Customers whom a replay takes at most. Two years of 10,000 took 10 s with five documents each, and 25 s
#: with a hundred: here a few minutes at worst.
MOST_CUSTOMERS = 50_000


class CustomerReplay(models.TransientModel):
    """Two past days of the whole base, by the documents as they are now; worked out batch by batch.

    Its result stays for an hour or so, like any dialog's, so that its cells can be opened.
    """

    _name = "customer.replay"
    _description = "Past Days Judged Again"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    day_from = fields.Date(required=True, readonly=True)
    day_to = fields.Date(required=True, readonly=True)
    position = fields.Integer(readonly=True, help="Customers' ids up to this one are done.")
    done_count = fields.Integer(readonly=True)
    total = fields.Integer(readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done")], required=True, readonly=True, default="running"
    )

    @api.model
    def start_replay(self, day_from, day_to) -> dict:
        """Begin with the active company; how many customers there are to judge."""
        migration = self.env["customer.migration"]
        days = migration._checked_days(day_from, day_to)
        total = self.env["customer.profile"].search_count(migration._customers(self.env.company))
        if total > MOST_CUSTOMERS:
            raise UserError(
                self.env._(
                    "%(count)s customers are too many to judge again here: %(most)s at most.",
                    count=total,
                    most=MOST_CUSTOMERS,
                )
            )
        replay = self.sudo().create(
            {
                "company_id": self.env.company.id,
                "day_from": days[0],
                "day_to": days[1],
                "total": total,
            }
        )
        return replay.with_user(self.env.user)._progress()

    def action_step(self) -> dict:
        """Judge for a moment and say how far it is: what the screen calls until it is done."""
        self.ensure_one()
        self.check_access("read")
        stop = time.monotonic() + STEP_SECONDS
        while self.state == "running":
            self._judge_batch()
            if time.monotonic() > stop:
                break
        return self._progress()

    def _progress(self) -> dict:
        return {
            "id": self.id,
            "state": self.state,
            "done": self.done_count,
            "total": self.total,
        }

    def _judge_batch(self) -> None:
        Profile = self.env["customer.profile"]
        domain = self.env["customer.migration"]._customers(self.company_id)
        profiles = Profile.search_fetch(
            [*domain, ("id", ">", self.position)], ["partner_id"], limit=BATCH, order="id"
        )
        this = self.sudo()
        if not profiles:
            this.state = "done"
            return
        profile_of = {profile.partner_id.id: profile.id for profile in profiles}
        company, days = this.company_id, (this.day_from, this.day_to)
        History = this.env["customer.history"]
        before, after = History._recomputed(company, profile_of, days)
        known = [History._known_tiers(company, profile_of, day) for day in days]
        this.env.cr.execute_values(
            "INSERT INTO customer_replay_line"
            " (replay_id, profile_id, from_tier_id, to_tier_id, differs) VALUES %s",
            [
                (
                    this.id,
                    profile_of[partner_id],
                    was or None,
                    became or None,
                    [was, became] != [tiers.get(partner_id, 0) for tiers in known],
                )
                for partner_id, was, became in zip(
                    before["partner_id"].tolist(),
                    before["value_tier_id"].tolist(),
                    after["value_tier_id"].tolist(),
                    strict=True,
                )
            ],
        )
        this.position = profiles[-1].id
        this.done_count += len(profiles)

    def _pairs(self, differing=False) -> SQL:
        """Select ``profile_id, from_tier_id, to_tier_id``, 0 for none.

        :param differing: only those of whom the log says something else on either day
        """
        self.ensure_one()
        return SQL(
            """
            SELECT profile_id, COALESCE(from_tier_id, 0) AS from_tier_id,
                   COALESCE(to_tier_id, 0) AS to_tier_id
              FROM customer_replay_line
             WHERE replay_id = %s AND %s
            """,
            self.id,
            SQL("differs") if differing else SQL("TRUE"),
        )

    def get_cells(self) -> dict:
        """The migration by the documents as they are, and how many customers the log has otherwise."""
        self.ensure_one()
        self.check_access("read")
        cells = self.env["customer.migration"]._cells(self.company_id, self._pairs())
        differing = self.env["customer.replay.line"].search_count(
            [("replay_id", "=", self.id), ("differs", "=", True)]
        )
        return {"cells": cells, "differing": differing}


class CustomerReplayLine(models.TransientModel):
    _name = "customer.replay.line"
    _description = "Customer On Two Past Days"
    _transient_max_hours = 0  # goes with its replay
    _transient_max_count = 0

    replay_id = fields.Many2one("customer.replay", required=True, index=True, ondelete="cascade")
    profile_id = fields.Many2one("customer.profile", required=True, index=True, ondelete="cascade")
    from_tier_id = LooseMany2one("customer.tier", readonly=True)
    to_tier_id = LooseMany2one("customer.tier", readonly=True)
    differs = fields.Boolean(readonly=True, help="The log has another tier on either day.")
