"""One batch of a run: SQL gathers, the kernels judge, changed rows are stored.

One batch is one transaction: it reads the facts of some customers, judges them, stores what differs,
logs what moved, deletes the marks it has read, and advances the ledger. A process killed anywhere
leaves whole batches; the next one goes on after them. Two workers never compute one company at once:
a batch holds an advisory lock until its transaction ends.
"""

import time

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import judgement
from ...tools.dates import to_days
from ..facts.customer_facts import Windows, among, between

#: Customer ids that one batch of a full run spans: about 100 bytes of memory a column and customer.
FULL_BATCH = 100_000
#: Customers that one batch of an incremental run takes.
INCREMENTAL_BATCH = 20_000
#: Why a run was asked for -> the kinds that other rules than before decide.
NEW_RULES = {"limits": ("stage",), "source": ("tier", "stage")}
#: First key of this module's advisory locks; the second is the company.
LOCK_CLASS = 0x43535543


class CustomerRun(models.Model):
    _inherit = "customer.run"

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
                    "total": self._last_customer() + 1 if self._spans_everybody() else 0,
                }
            )
        elif self._spans_everybody() and not self.total:
            self.total = self._last_customer() + 1
        more = self._advance_some()
        self.duration += time.perf_counter() - started
        if not more:
            self.write({"state": "done", "ended": fields.Datetime.now()})
            self._finished()
        return more

    def _spans_everybody(self) -> bool:
        """Whether it goes through all customers, by ranges of their ids."""
        return self.kind == "full"

    def _advance_some(self) -> bool:
        """The work of one batch; whether there is more."""
        return self._advance_full() if self.kind == "full" else self._advance_incremental()

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
        """Customers without a document who have no profile yet (``customer.judgement``)."""
        return self.env["customer.judgement"]._prospects(self.company_id, limit)

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
        rows = self.env["customer.judgement"]._rows(
            self.company_id, self.as_of, windows, restrict, customers
        )
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
        return self.env["customer.judgement"]._rules(
            self.company_id,
            self.as_of,
            new_rules=NEW_RULES.get(self.reason, ()),
            freeze_market=True,
        )

    def _finished(self) -> None:
        """This run has ended well. What follows from finished runs lies below and extends this."""


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
