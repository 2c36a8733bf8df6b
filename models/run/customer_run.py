"""The computation itself: SQL gathers, the kernels judge, changed rows are stored.

One batch is one transaction: it reads the facts of some customers, judges them, stores what differs,
logs what moved, deletes the marks it has read, and advances the ledger. A process killed anywhere
leaves whole batches; the next one goes on after them. Two workers never compute one company at once:
a batch holds an advisory lock until its transaction ends.
"""

import logging
import time
from datetime import timedelta
from io import BytesIO

import numpy as np

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools import judgement, pgcopy
from ...tools.dates import to_days
from ...tools.lifecycle import Stage, StageReason
from ...tools.tiers import TierReason
from ..facts.customer_facts import FACT_COLUMNS, Windows, among, between

_logger = logging.getLogger(__name__)

#: Customer ids that one batch of a full run spans: about 100 bytes of memory a column and customer.
FULL_BATCH = 100_000
#: Customers that one batch of an incremental run takes.
INCREMENTAL_BATCH = 20_000
#: First key of this module's advisory locks; the second is the company.
LOCK_CLASS = 0x43535543
#: A full run that failed is tried again after this time: what it was to bring is still missing.
RETRY_AFTER = timedelta(hours=1)
#: How long one request of the progress dialog may compute before it reports, in seconds.
STEP_SECONDS = 2.0

_ROW = pgcopy.Columns(FACT_COLUMNS + judgement.STATE_COLUMNS)
_RESULT = pgcopy.Columns(judgement.RESULT_COLUMNS)
_REASONS = {"tier_reason", "stage_reason"}
_DIRECTIONS = ["first", "up", "down", "none"]
_CAUSES = [cause.name.lower() for cause in judgement.Cause]


class CustomerRun(models.Model):
    _inherit = "customer.run"

    # ---- opening runs --------------------------------------------------------------------------

    @api.model
    def _queue(self, company, reason):
        """Have every customer of ``company`` judged anew; replaces a full run not yet finished."""
        self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "full"),
                ("state", "in", ("queued", "running")),
            ]
        ).write({"state": "superseded", "ended": fields.Datetime.now()})
        run = self._open(company, "full", reason, state="queued")
        cron = self.env.ref("customer_success.ir_cron_keep_up", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()
        return run

    @api.model
    def _open(self, company, kind, reason="asked", state="running"):
        return self.create(
            {
                "company_id": company.id,
                "kind": kind,
                "reason": reason,
                "state": state,
                "as_of": company._customer_today(),
                "user_id": self.env.uid,
                "started": fields.Datetime.now() if state == "running" else False,
            }
        )

    @api.model
    def _next_run(self, company, nightly):
        """What there is to do for ``company`` now: a run to go on with, a new one, or none."""
        today = company._customer_today()
        own = [("company_id", "=", company.id)]
        unfinished = self.search(
            [*own, ("state", "in", ("queued", "running")), ("kind", "!=", "selected")], limit=1
        )
        if unfinished and (unfinished.state == "queued" or unfinished.as_of == today):
            return unfinished
        if unfinished:  # its day is over: a run of today does all that it had left, and more
            unfinished.write({"state": "superseded", "ended": fields.Datetime.now()})
            if unfinished.kind == "full":
                return self._open(company, "full", unfinished.reason)
        newest = self.search(
            [*own, ("kind", "=", "full"), ("state", "in", ("done", "failed"))], limit=1
        )
        if newest.state == "failed" and newest.ended < fields.Datetime.now() - RETRY_AFTER:
            return self._open(company, "full", newest.reason)
        if not newest or newest.as_of.replace(day=1) != today.replace(day=1):
            return self._open(company, "full", "month")
        if nightly:
            done_today = self.search_count(
                [*own, ("as_of", "=", today), ("state", "=", "done"), ("kind", "in", ("full", "nightly"))],
                limit=1,
            )
            if not done_today:
                return self._open(company, "nightly", "schedule")
        if self._waiting_customers(company, today, limit=1):
            return self._open(company, "incremental", "schedule")
        return self.browse()

    # ---- scheduled actions ---------------------------------------------------------------------

    @api.model
    def _cron_nightly(self):
        """Every company, even where nothing changed: the ledger then says that it was looked at."""
        self._work(nightly=True)

    @api.model
    def _cron_keep_up(self):
        """Customers whose documents changed, whose day has come, and full runs waiting."""
        self._work(nightly=False)

    @api.model
    def _work(self, nightly):
        commit = self.env["ir.cron"]._commit_progress
        for company in self.env["res.company"].search([]):
            run = self._next_run(company, nightly)
            if not run:
                continue
            time_left = commit(remaining=1)
            more = True
            while more and time_left > 0:
                more = run._advance_safely()
                time_left = commit(1, remaining=1)
            if more:
                return  # out of time: Odoo calls again, and the run goes on
        commit(remaining=0)

    def _advance_safely(self) -> bool:
        """One batch; on an error nothing of it stays, and the ledger says what happened."""
        self.ensure_one()
        try:
            return self._advance()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody wrote the same rows: nothing is lost, the next call takes the batch again.
            self.env.cr.rollback()
            _logger.info("Customer run %s met a concurrent change and will go on later", self.id)
            return False
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Customer run %s failed", self.id)
            self.write(
                {"state": "failed", "ended": fields.Datetime.now(), "error": str(error) or repr(error)}
            )
            return False

    def action_step(self):
        """Compute for a moment and say how far it is: what a progress dialog calls until done."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("customer_success.group_customer_all"):
            raise AccessError(self.env._("You may not recompute all customers."))
        run = self.sudo()
        stop = time.monotonic() + STEP_SECONDS
        while run.state in ("queued", "running") and time.monotonic() < stop:
            more = run._advance_safely()
            self.env["ir.cron"]._commit_progress()
            if not more:
                break
        return run.read(
            ["state", "progress", "read_count", "changed_count", "moved_count", "error"]
        )[0]

    @api.model
    def start_full(self, all_companies=False):
        """Open a full run of the active company, or of all allowed ones; their ids.

        :raises AccessError: without the right to see all customers
        """
        if not self.env.user.has_group("customer_success.group_customer_all"):
            raise AccessError(self.env._("You may not recompute all customers."))
        companies = self.env.companies if all_companies else self.env.company
        return [self.sudo()._queue(company, "asked").id for company in companies]

    # ---- one batch -----------------------------------------------------------------------------

    def _advance(self) -> bool:
        """Compute one batch in the caller's transaction; whether there is more to do."""
        self.ensure_one()
        if not self._try_lock() or self.state not in ("queued", "running"):
            return False
        started = time.perf_counter()
        if self.state == "queued":
            self.write(
                {
                    "state": "running",
                    "started": fields.Datetime.now(),
                    "as_of": self.company_id._customer_today(),
                    "total": self._last_customer() + 1 if self.kind == "full" else 0,
                }
            )
        elif self.kind == "full" and not self.total:
            self.total = self._last_customer() + 1
        more = self._advance_full() if self.kind == "full" else self._advance_incremental()
        self.duration += time.perf_counter() - started
        if not more:
            self.write({"state": "done", "ended": fields.Datetime.now()})
        return more

    def _try_lock(self) -> bool:
        """Take the company for this transaction, unless another worker has it."""
        return self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_CLASS, self.company_id.id)
        )[0][0]

    def _last_customer(self) -> int:
        return self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM res_partner"))[0][0]

    def _advance_full(self) -> bool:
        if self.position < self.total:
            high = min(self.position + FULL_BATCH, self.total)
            restrict = between(self.position, high)
            self._take_marks(restrict)
            self._compute(restrict)
            self.position = high
            return True
        prospects = self._prospects(FULL_BATCH)
        if prospects:
            self._compute(among(prospects), prospects)
        return len(prospects) == FULL_BATCH

    def _advance_incremental(self) -> bool:
        customers = self._waiting_customers(self.company_id, self.as_of, INCREMENTAL_BATCH)
        if self.kind == "nightly" and len(customers) < INCREMENTAL_BATCH:
            known = set(customers)
            customers += [
                partner_id
                for partner_id in self._prospects(INCREMENTAL_BATCH - len(customers))
                if partner_id not in known
            ]
        if customers:
            restrict = among(customers)
            self._take_marks(restrict)
            self._compute(restrict, customers)
        return len(customers) >= INCREMENTAL_BATCH

    @api.model
    def _waiting_customers(self, company, as_of, limit) -> list[int]:
        """Customers whose documents changed, or on whom time has told, in order of id."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id
                  FROM (SELECT partner_ref AS partner_id
                          FROM customer_mark
                         WHERE company_ref = %(company)s
                         UNION
                        SELECT partner_id
                          FROM customer_profile
                         WHERE company_id = %(company)s
                           AND next_change_date <= %(as_of)s) waiting
                 ORDER BY partner_id
                 LIMIT %(limit)s
                """,
                company=company.id,
                as_of=as_of,
                limit=limit,
            )
        )
        return [row[0] for row in rows]

    def _prospects(self, limit) -> list[int]:
        """Customers without a document: partners with a quotation here, or called customers.

        A contact that Odoo calls a customer but that no company has dealt with yet is a potential
        customer of its own company, or of every company that shares it. Asked of the documents, not
        of other companies' profiles: these may not have been computed yet.
        """
        company = self.company_id.id
        others = (self.env["res.company"].search([]) - self.company_id).ids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id
                  FROM res_partner p
                 WHERE p.commercial_partner_id = p.id
                   AND p.active
                   AND NOT EXISTS (SELECT FROM customer_profile own
                                    WHERE own.partner_id = p.id AND own.company_id = %(company)s)
                   AND (p.customer_rank > 0
                        AND (p.company_id = %(company)s
                             OR p.company_id IS NULL
                                AND NOT EXISTS (SELECT FROM account_move m
                                                 WHERE m.company_id = ANY(%(others)s)
                                                   AND m.commercial_partner_id = p.id
                                                   AND m.state = 'posted'
                                                   AND m.move_type IN ('out_invoice', 'out_refund'))
                                AND p.id NOT IN (SELECT buyer.commercial_partner_id
                                                   FROM sale_order o
                                                   JOIN res_partner buyer ON buyer.id = o.partner_id
                                                  WHERE o.company_id = ANY(%(others)s)
                                                    AND buyer.commercial_partner_id IS NOT NULL))
                        OR p.id IN (SELECT buyer.commercial_partner_id
                                      FROM sale_order o
                                      JOIN res_partner buyer ON buyer.id = o.partner_id
                                     WHERE o.company_id = %(company)s))
                 ORDER BY p.id
                 LIMIT %(limit)s
                """,
                company=company,
                others=others,
                limit=limit,
            )
        )
        return [row[0] for row in rows]

    def _take_marks(self, restrict) -> None:
        """Delete the marks that this batch's snapshot sees: what they tell of is about to be read.

        A mark written meanwhile is not seen, stays, and is read by the next run. Rows locked by
        another transaction are left to it.
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_mark
                 WHERE id IN (SELECT id
                                FROM customer_mark
                               WHERE company_ref = %s AND %s
                                 FOR UPDATE SKIP LOCKED)
                """,
                self.company_id.id,
                restrict(SQL("partner_ref")),
            )
        )

    # ---- facts in, decisions out ---------------------------------------------------------------

    def _compute(self, restrict, customers=()) -> None:
        """Read, judge and store the customers that ``restrict`` selects.

        :param customers: ids that count as customers even without a document
        """
        clock = _Clock()
        rules, windows = self._rules()
        rows = self.env["customer.facts"]._copy_out(self._query(windows, restrict), _ROW)
        rows = self._with_missing(rows, customers)
        clock.lap("facts")
        result = judgement.judge(rows, rules, as_of=to_days(self.as_of))
        changed = result[result["fingerprint"] != rows["fingerprint"]]
        clock.lap("judge")
        moved = self._store(changed) if len(changed) else 0
        clock.lap("store")
        self.write(
            {
                "policy_id": rules.policy_id,
                "read_count": self.read_count + len(rows),
                "changed_count": self.changed_count + len(changed),
                "skipped_count": self.skipped_count + len(rows) - len(changed),
                "moved_count": self.moved_count + moved,
                "seconds": clock.added_to(self.seconds),
            }
        )

    def _rules(self) -> tuple[judgement.Rules, Windows]:
        """By what this run judges, and how far back it reads."""
        company = self.company_id
        policy = self.env["customer.value.policy"]._published(company)
        if not policy:
            raise UserError(
                self.env._(
                    "%s has no published value policy. Publish one to have customers computed.",
                    company.name,
                )
            )
        limits = self.env["customer.lifecycle.policy"]._for_company(company)
        market = self.env["customer.market"]._measure(company, self.as_of, limits.window_days)
        stages = {s.code: s.id for s in self.env["customer.lifecycle.stage"].search([])}
        rules = judgement.Rules(
            policy=policy._kernel(),
            policy_id=policy.id,
            limits=limits._kernel(),
            stage_ids=tuple(stages[stage.name.lower()] for stage in Stage),
            market=market.trend,
            median_interval=market.median_interval,
            company_first=to_days(market.first_document or None),
            decimals=company.currency_id.decimal_places,
            new_limits=self.reason == "limits",
        )
        return rules, Windows(policy.window_days, limits.window_days, rules.limits.long_run_days)

    def _with_missing(self, rows: np.ndarray, customers) -> np.ndarray:
        """Add empty rows for customers who have neither documents nor a profile.

        A contact that was deleted, merged or put under a firm since it was marked is none any more.
        """
        missing = np.setdiff1d(np.array(customers, np.int32), rows["partner_id"]).tolist()
        if missing:
            missing = self.env.execute_query(
                SQL(
                    "SELECT id FROM res_partner WHERE id = ANY(%s) AND commercial_partner_id = id",
                    missing,
                )
            )
        if not missing:
            return rows
        empty = _ROW.empty(len(missing))
        empty["partner_id"] = [partner_id for (partner_id,) in missing]
        return np.concatenate([rows, empty])

    def _query(self, windows, restrict) -> SQL:
        """Facts beside what the profile says now, for customers with either."""
        state = [SQL.identifier("profile", name) for name, __ in judgement.STATE_COLUMNS[1:]]
        facts = [SQL.identifier("facts", name) for name, __ in FACT_COLUMNS[1:]]
        return SQL(
            """
            SELECT COALESCE(facts.partner_id, profile.partner_id) AS partner_id,
                   profile.id AS profile_id,
                   %(facts_columns)s,
                   %(state)s
              FROM (%(facts)s) facts
              FULL JOIN (SELECT * FROM customer_profile
                          WHERE company_id = %(company)s AND %(customers)s) profile
                     ON profile.partner_id = facts.partner_id
            """,
            facts_columns=SQL(", ").join(facts),
            state=SQL(", ").join(state),
            facts=self.env["customer.facts"]._query(
                self.company_id, self.as_of, windows, restrict
            ),
            company=self.company_id.id,
            customers=restrict(SQL("partner_id")),
        )

    def _store(self, changed: np.ndarray) -> int:
        """Write these rows and log their moves; the number of moves."""
        cr = self.env.cr
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE customer_stage (%s) ON COMMIT DROP",
                SQL(", ").join(
                    SQL("%s " + column.sql_type, SQL.identifier(column.name)) for column in _RESULT
                ),
            )
        )
        cr.copy_expert("COPY customer_stage FROM STDIN (FORMAT binary)", BytesIO(_RESULT.encode(changed)))
        names = [name for name, __ in judgement.PROFILE_COLUMNS] + ["fingerprint"]
        values = [_stored(name, sql_type) for name, sql_type in judgement.PROFILE_COLUMNS]
        values.append(SQL("s.fingerprint"))
        if (changed["profile_id"] == 0).any():
            self._insert_profiles(names, values)
        if (changed["profile_id"] > 0).any():
            self._update_profiles(names, values)
        moved = self._log_moves("tier", "value_tier_id") + self._log_moves(
            "stage", "lifecycle_stage_id"
        )
        cr.execute(SQL("DROP TABLE customer_stage"))
        self.env["customer.profile"].invalidate_model()
        self.env["customer.transition"].invalidate_model()
        return moved

    def _insert_profiles(self, names, values) -> None:
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_profile (company_id, partner_id, user_id, active, as_of,
                                              create_date, write_date, %(names)s)
                SELECT %(company)s, s.partner_id, r.user_id, r.active, %(as_of)s,
                       %(now)s, %(now)s, %(values)s
                  FROM customer_stage s
                  JOIN res_partner r ON r.id = s.partner_id
                 WHERE s.profile_id = 0
                    -- one made meanwhile is then a serialization failure: go on later
                    ON CONFLICT (partner_id, company_id) DO NOTHING
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(values),
                company=self.company_id.id,
                as_of=self.as_of,
                now=self.env.cr.now(),
            )
        )

    def _update_profiles(self, names, values) -> None:
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_profile p
                   SET (as_of, write_date, %(names)s)
                     = ROW(%(as_of)s::date, %(now)s::timestamp, %(values)s)
                  FROM customer_stage s
                 WHERE p.id = s.profile_id
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(values),
                as_of=self.as_of,
                now=self.env.cr.now(),
            )
        )

    def _log_moves(self, kind, shown) -> int:
        """Append one transition for each customer whose ``kind`` is another than before."""
        column = SQL.identifier
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_transition (profile_id, company_id, kind, %(from)s, %(to)s,
                                                 direction, at, as_of, cause, reason, policy_id,
                                                 by_user_id, revenue, evidence)
                SELECT p.id, p.company_id, %(kind)s, NULLIF(s.%(before)s, 0), NULLIF(s.%(after)s, 0),
                       (%(directions)s)[s.%(direction)s], %(now)s, %(as_of)s,
                       (%(causes)s)[s.%(cause)s],
                       CASE WHEN s.%(cause)s = %(manual)s THEN p.%(manual_reason)s
                            ELSE %(reason)s END,
                       NULLIF(s.policy_id, 0),
                       CASE WHEN s.%(cause)s = %(manual)s
                              OR s.%(cause)s = %(manual_end)s AND p.%(manual_choice)s IS NULL
                            THEN p.%(manual_user)s END,
                       s.revenue,
                       jsonb_build_object(
                           'first', NULLIF(s.first_purchase_date, '-infinity'),
                           'last', NULLIF(s.last_purchase_date, '-infinity'),
                           'purchases', s.purchase_count, 'purchases_life', s.purchase_count_life,
                           'revenue', s.revenue, 'credited', s.credited,
                           'interval', s.expected_interval,
                           'recent', s.trend_recent, 'prior', s.trend_prior,
                           'trend', CASE WHEN s.trend_known THEN s.trend_ratio END,
                           'levels', ARRAY[s.recency_level, s.frequency_level, s.monetary_level],
                           'score', s.value_score)
                  FROM customer_stage s
                  JOIN customer_profile p
                    ON p.partner_id = s.partner_id AND p.company_id = %(company)s
                 WHERE s.%(direction)s > 0
                """,
                kind=kind,
                **{
                    "from": column(f"from_{kind}_id"),
                    "to": column(f"to_{kind}_id"),
                    "before": column(f"{kind}_from"),
                    "after": column(shown),
                    "direction": column(f"{kind}_direction"),
                    "cause": column(f"{kind}_cause"),
                    "manual_reason": column(f"manual_{kind}_reason"),
                    "manual_user": column(f"manual_{kind}_user_id"),
                    "manual_choice": column(f"manual_{kind}_id"),
                },
                directions=_array(_DIRECTIONS),
                causes=_array(_CAUSES),
                manual=int(judgement.Cause.MANUAL),
                manual_end=int(judgement.Cause.MANUAL_END),
                reason=_named("tier_move" if kind == "tier" else "stage_reason"),
                now=self.env.cr.now(),
                as_of=self.as_of,
                company=self.company_id.id,
            )
        )
        return self.env.cr.rowcount


class _Clock:
    """Seconds per step of a batch."""

    def __init__(self):
        self._last = time.perf_counter()
        self._seconds = {}

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self._seconds[step] = now - self._last
        self._last = now

    def added_to(self, seconds: dict | None) -> dict:
        seconds = seconds or {}
        return seconds | {
            step: round(seconds.get(step, 0) + spent, 4) for step, spent in self._seconds.items()
        }


def _stored(name: str, sql_type: str) -> SQL:
    """How a column of ``customer_stage s`` is stored in the profile."""
    column = SQL.identifier("s", name)
    if sql_type == "date":
        return SQL("NULLIF(%s, '-infinity')", column)
    if name in _REASONS:
        return _named(name)
    if sql_type == "float8":
        return SQL("%s::numeric", column)
    if name.endswith("_id"):
        return SQL("NULLIF(%s, 0)", column)
    return column


def _named(name: str) -> SQL:
    """The name of a kernel's reason code."""
    reasons = TierReason if name.startswith("tier") else StageReason
    return SQL(
        "(%s)[%s + 1]", _array([reason.name.lower() for reason in reasons]), SQL.identifier("s", name)
    )


def _array(names) -> SQL:
    return SQL("%s::varchar[]", list(names))
