"""The clocks of a ticket: what was promised, when it is due, whether it is late.

Three promises: a first response by a person, a response to each further word of the customer, and a
solution. Due times are stored when something happens that can change them; *late* is then nothing but
a comparison with the time, and needs no job to have run. ``due_at`` is the nearest due time of the
clocks that run, so one indexed column answers for search, board, filter and colour.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.sla_clock import Clock, Effect, Move, continued, solution_clock, worked
from .customer_sla_policy import hours
from .working_time import WorkingTime

CLOCKS = [
    ("response", "First response"),
    ("next_response", "Next response"),
    ("solution", "Solution"),
]
RESULTS = [("in_time", "In time"), ("late", "Late")]


class DueTimes(NamedTuple):
    """What is stored of a ticket's clocks, by field name."""

    response_due: datetime | bool = False
    next_response_due: datetime | bool = False
    solution_due: datetime | bool = False
    due_at: datetime | bool = False
    due_clock: str | bool = False
    due_since: datetime | bool = False
    warn_at: datetime | bool = False
    escalate_at: datetime | bool = False


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    # What was promised when the ticket came: a policy that changes later changes nothing here
    sla_policy_id = fields.Many2one(
        "customer.sla.policy",
        "Service Level",
        readonly=True,
        ondelete="restrict",
        index=True,
        copy=False,
    )
    response_target = fields.Float("First Response Promised", readonly=True, copy=False)
    next_response_target = fields.Float("Next Response Promised", readonly=True, copy=False)
    solution_target = fields.Float("Solution Promised", readonly=True, copy=False)
    warn_share = fields.Float(readonly=True, copy=False, aggregator=None)
    escalate_share = fields.Float(readonly=True, copy=False, aggregator=None)

    # What happened
    responded_at = fields.Datetime("First Response", readonly=True, copy=False)
    next_response_since = fields.Datetime(
        "Unanswered Since",
        readonly=True,
        copy=False,
        help="The first word of the customer that nobody answered yet. A second one gives no more time.",
    )

    # When it is due
    response_due = fields.Datetime("First Response Due", readonly=True, copy=False)
    next_response_due = fields.Datetime(readonly=True, copy=False)
    solution_due = fields.Datetime(
        readonly=True,
        copy=False,
        help="Empty while waiting for the customer: the clock is paused.",
    )
    due_at = fields.Datetime(
        "Due", readonly=True, copy=False, help="The nearest promise. Empty: no clock runs."
    )
    due_clock = fields.Selection(CLOCKS, "Due Next", readonly=True, copy=False)
    due_since = fields.Datetime("Clock Since", readonly=True, copy=False)
    warn_at = fields.Datetime(readonly=True, copy=False)
    escalate_at = fields.Datetime(readonly=True, copy=False)

    # How it went
    response_result = fields.Selection(RESULTS, "First Response Kept", readonly=True, copy=False)
    solution_result = fields.Selection(RESULTS, "Solution Kept", readonly=True, copy=False)
    response_hours = fields.Float(
        "Hours to First Response",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working hours.",
    )
    solution_hours = fields.Float(
        "Hours to Solution",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working hours, without the time spent waiting for the customer.",
    )

    response_in_time = fields.Float(
        "First Responses In Time (%)",
        compute="_compute_in_time",
        store=True,
        aggregator="avg",
        help="Share of first responses in time, among those that were promised.",
    )
    solution_in_time = fields.Float(
        "Solutions In Time (%)",
        compute="_compute_in_time",
        store=True,
        aggregator="avg",
        help="Share of solutions in time, among those that were promised.",
    )

    # Time runs while nothing is written
    is_late = fields.Boolean("Late", compute="_compute_clock_state", search="_search_is_late")
    clock_state = fields.Selection(
        [
            ("late", "Late"),
            ("soon", "Due soon"),
            ("fine", "In time"),
            ("paused", "Paused"),
            ("none", "No promise runs"),
        ],
        compute="_compute_clock_state",
    )
    time_left = fields.Char(
        compute="_compute_time_left",
        help="Working time until the nearest promise is due; once it is late, the time since then.",
    )

    # ---- late ----------------------------------------------------------------------------------

    @api.model
    def _late_domain(self, now: datetime) -> Domain:
        """What late means, for search and screen alike: a running clock is past its due time."""
        return Domain("due_at", "<", now)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._late_domain(fields.Datetime.now())

    @api.depends("due_at", "warn_at", "stage_id")
    def _compute_clock_state(self):
        now = fields.Datetime.now()
        late = self.filtered_domain(self._late_domain(now))
        for ticket in self:
            ticket.is_late = ticket in late
            if ticket.is_late:
                ticket.clock_state = "late"
            elif ticket.due_at:
                soon = ticket.warn_at and ticket.warn_at <= now
                ticket.clock_state = "soon" if soon else "fine"
            else:
                ticket.clock_state = "paused" if ticket.stage_id.clock == "pause" else "none"

    @api.depends("due_at", "stage_id")
    @api.depends_context("lang")
    def _compute_time_left(self):
        now, time = fields.Datetime.now(), WorkingTime()
        for ticket in self:
            if not ticket.due_at:
                ticket.time_left = (
                    self.env._("paused") if ticket.stage_id.clock == "pause" else False
                )
            elif ticket.due_at < now:
                ticket.time_left = self.env._(
                    "late by %(time)s", time=self._in_words(now - ticket.due_at, days=True)
                )
            else:
                work = time.of(ticket, now, ticket.due_at)
                left = worked(work, now, ticket.due_at)
                ticket.time_left = self.env._("%(time)s left", time=self._in_words(left))

    def _in_words(self, span, days=False) -> str:
        """``1 h 20``; working time is never said in days, since a day of work is not one."""
        minutes = int(span.total_seconds() // 60)
        whole, rest = divmod(minutes, 60)
        if days and whole >= 48:
            return self.env._("%(count)s days", count=whole // 24)
        if whole >= 10 or (whole and not rest):
            return self.env._("%(hours)s h", hours=whole)
        if whole:
            return self.env._("%(hours)s h %(minutes)s", hours=whole, minutes=f"{rest:02}")
        return self.env._("%(minutes)s min", minutes=rest)

    # ---- figures ----

    @api.depends("response_result", "solution_result")
    def _compute_in_time(self):
        for ticket in self:
            ticket.response_in_time = 100 * (ticket.response_result == "in_time")
            ticket.solution_in_time = 100 * (ticket.solution_result == "in_time")

    def _read_group_select(self, aggregate_spec, query):
        """Average what was answered and solved: an open ticket is no 0 hours, and not late either."""
        happened = {
            "response_hours:avg": "responded_at",
            "solution_hours:avg": "solved_at",
            "response_in_time:avg": "response_result",
            "solution_in_time:avg": "solution_result",
        }
        if aggregate_spec in happened:
            hours_field = aggregate_spec.partition(":")[0]
            return SQL(
                "AVG(%s) FILTER (WHERE %s IS NOT NULL)",
                self._field_to_sql(self._table, hours_field, query),
                self._field_to_sql(self._table, happened[aggregate_spec], query),
            )
        return super()._read_group_select(aggregate_spec, query)

    # ---- the clocks ----------------------------------------------------------------------------

    def _running_clocks(self, log: list[Move], targets=None) -> list[tuple[str, Clock]]:
        """Clocks of promises that are still open. ``targets`` instead of what was promised."""
        self.ensure_one()
        promised = targets or self
        clocks = []
        if promised["response_target"] and not self.responded_at:
            clocks.append(("response", Clock(self.opened_at, hours(promised["response_target"]))))
        if promised["next_response_target"] and self.next_response_since:
            target = hours(promised["next_response_target"])
            clocks.append(("next_response", Clock(self.next_response_since, target)))
        if promised["solution_target"]:
            clock = solution_clock(log, hours(promised["solution_target"]))
            if clock and clock.stopped is None:
                clocks.append(("solution", clock))
        return clocks

    def _log_of_moves(self) -> dict:
        """The log of each ticket as its solution clock reads it, oldest first, in one query.

        Of a ticket that was merged into another one, too: from then on it goes as the other one goes.
        """
        logs = {ticket.id: [] for ticket in self | self.merged_ids}
        Log = self.env["customer.ticket.move"].sudo()
        for move in Log.search_fetch(
            [("ticket_id", "in", list(logs))], ["ticket_id", "at", "clock"], order="id"
        ):
            logs[move.ticket_id.id].append(Move(move.at, Effect(move.clock)))
        for merged in self.merged_ids:
            logs[merged.id] = continued(
                logs[merged.id], logs[merged.merged_into_id.id], merged.merged_at
            )
        return logs

    def _due_times(self, targets=None) -> dict:
        """What is to be stored of each ticket's clocks; nothing where they stand still.

        Of one clock's promises, those to merged tickets among them, the earliest counts.
        """
        time, logs, found = WorkingTime(), self._log_of_moves(), {}
        for ticket in self:
            if ticket.stage_id.clock == "stop":
                found[ticket] = DueTimes()
                continue
            due, clocks = {}, {}
            for promise in ticket._promises():
                changed = targets if promise == ticket else None
                for name, clock in promise._running_clocks(logs[promise.id], changed):
                    moment = time.reached(ticket, clock)
                    if not due.get(name) or (moment and moment < due[name]):
                        due[name], clocks[name] = moment, clock
            first = min((name for name in due if due[name]), key=due.get, default=None)
            values = {f"{name}_due": moment or False for name, moment in due.items()}
            if first:
                promised = targets or ticket
                steps = {
                    step: time.reached(ticket, clocks[first], promised[f"{step}_share"])
                    for step in ("warn", "escalate")
                    if promised[f"{step}_share"]
                }
                values |= {
                    "due_at": due[first],
                    "due_clock": first,
                    "due_since": clocks[first].started,
                    **{f"{step}_at": moment or False for step, moment in steps.items()},
                }
            found[ticket] = DueTimes(**values)
        return found

    def _refresh_clocks(self):
        """Store the due times of promises still open; those kept or broken stay as they were."""
        for ticket, times in self.sudo()._due_times().items():
            values = times._asdict()
            if ticket.responded_at:
                del values["response_due"]
            if ticket.stage_id.clock == "stop":
                del values["solution_due"]
            values = {name: value for name, value in values.items() if ticket[name] != value}
            if values:
                ticket.write(values)

    def _stop_clocks(self, at: datetime):
        """Solved: say how the promises went. The solution is the answer, where none was given."""
        time, logs = WorkingTime(), self._log_of_moves()
        for ticket in self.sudo():
            ticket._promises_answered(at)
            longest, kept = timedelta(0), []
            for promise in ticket._promises():
                clock = solution_clock(logs[promise.id], hours(promise.solution_target))
                used = clock.used(time.of(ticket, clock.started, at), at)
                longest = max(longest, used)
                if promise.solution_target:
                    kept.append(used <= clock.target)
            ticket.write(
                {
                    "solution_hours": longest.total_seconds() / 3600,
                    "solution_result": bool(kept) and ("in_time" if all(kept) else "late"),
                }
            )

    def _restart_clocks(self):
        """Reopened: how the first solution went counts no more, it was none."""
        self.sudo().write({"solution_result": False, "solution_hours": 0})

    # ---- what people said ----------------------------------------------------------------------

    def _responded(self, at: datetime):
        """A person answered for the first time."""
        time = WorkingTime()
        for ticket in self:
            clock = Clock(ticket.opened_at, hours(ticket.response_target))
            used = clock.used(time.of(ticket, ticket.opened_at, at), at)
            ticket.write(
                {
                    "responded_at": at,
                    "response_hours": used.total_seconds() / 3600,
                    "response_result": ticket.response_target
                    and ("late" if used > clock.target else "in_time"),
                }
            )

    def _answered(self, at: datetime):
        """A person wrote to the customer, or called: response clocks stop."""
        for ticket in self.sudo():
            ticket._promises_answered(at)
            ticket.told_at = at
        self._refresh_clocks()

    def _promises_answered(self, at: datetime):
        """No promise of an answer is open: neither to this ticket nor to those merged into it.

        How the first answer went is the worst of them, since one customer waited for it.
        """
        promises = self._promises()
        promises.filtered(lambda promise: not promise.responded_at)._responded(at)
        promises.write({"next_response_since": False})
        if len(promises) > 1:
            self.write(
                {
                    "response_hours": max(promises.mapped("response_hours")),
                    "response_result": min(
                        (p.response_result for p in promises if p.response_result),
                        key=("late", "in_time").index,
                        default=False,
                    ),
                }
            )

    def _customer_wrote(self, at: datetime):
        """The next response is due from now, and the ticket goes where such tickets go."""
        for ticket in self.sudo():
            back = ticket.stage_id.reply_stage_id
            if back:
                ticket._move(back, by_customer=True)
            if ticket.responded_at and not ticket.next_response_since and not ticket.closed_at:
                ticket.next_response_since = at
        self._refresh_clocks()

    def action_answered_by_phone(self):
        """What was said on the phone, or face to face, is an answer too."""
        self.check_access("write")
        for ticket in self:
            ticket.message_post(body=self.env._("Answered by phone or in person."))
        self._answered(fields.Datetime.now())
