"""The scheduled action: who was contacted, who is due, on which day; how far each company is."""

import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every
from odoo.tools.date_utils import relativedelta

from .contact_sources import touched

_logger = logging.getLogger(__name__)

#: Customers whose contacts are gathered in one transaction.
BATCH = 20_000
#: What a transaction may have written before it committed, and we looked in between.
OVERLAP = relativedelta(minutes=15)
#: First key of this module's advisory locks; the second is the company.
LOCK_CLASS = 0x43534655


class CustomerFollowupProgress(models.Model):
    """One row for each company. Each batch is a transaction; a killed job goes on where it was.

    Once a day everybody's contacts are gathered anew, so that what was deleted or moved counts too;
    between, only of customers of whom something was written.
    """

    _name = "customer.followup.progress"
    _description = "Progress Of Follow-ups"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    as_of = fields.Datetime("Contacts Until", readonly=True)
    message_ref = fields.Integer("Last Message Read", readonly=True)
    full_date = fields.Date("All Contacts Gathered On", readonly=True)
    cursor = fields.Integer("Customers Gathered", readonly=True)

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company has one such row.")

    @api.model
    def _cron_work(self):
        commit = self.env["ir.cron"]._commit_progress
        for company in self.env["res.company"].search([("active", "=", True)]):
            try:
                done = self._of(company)._work(commit)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody wrote the same rows: nothing is lost, the next call does it again.
                self.env.cr.rollback()
                _logger.info("Follow-ups of company %s met a concurrent change", company.id)
                continue
            if not done:
                return  # out of time: Odoo calls again
        commit(remaining=0)

    @api.model
    def _of(self, company):
        return self.search([("company_id", "=", company.id)]) or self.create(
            {"company_id": company.id}
        )

    def _work(self, commit=None) -> bool:
        """All there is to do for one company now; False when time ran out before the end.

        :param commit: called after each batch; False or 0 from it stops. None: one transaction
        """
        self.ensure_one()
        if not self._try_lock():
            return True  # another worker is at it
        company = self.company_id
        steps = (
            self._gather_some,
            lambda: self.env["customer.followup"]._keep_cadence_some(company),
            lambda: self.env["customer.followup"]._level(company) and False,
        )
        for step in steps:
            more = True
            while more:
                more = step()
                if commit and not commit(1, remaining=1):
                    return False
                if not self._try_lock():
                    return True
        return True

    def _try_lock(self) -> bool:
        """Take the company for this transaction, unless another worker has it."""
        return self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_CLASS, self.company_id.id)
        )[0][0]

    def _gather_some(self) -> bool:
        """Contacts of the next batch of customers; whether there are more."""
        if self.full_date != self.company_id._customer_today():
            return self._gather_all_some()
        now = fields.Datetime.now()
        last_message = self._last_message()
        ids = [
            profile_id
            for (profile_id,) in self.env.execute_query(
                touched(self.company_id.id, self.as_of - OVERLAP, self.message_ref, now)
            )
        ]
        for batch in split_every(BATCH, ids, tuple):
            self._refresh(SQL("p.id IN %s", batch))
        self.write({"as_of": now, "message_ref": last_message})
        return False

    def _gather_all_some(self) -> bool:
        if not self.cursor:
            self.write({"as_of": fields.Datetime.now(), "message_ref": self._last_message()})
        found = self.env.execute_query(
            SQL(
                "SELECT MAX(id) FROM (SELECT id FROM customer_profile WHERE company_id = %s"
                " AND id > %s ORDER BY id LIMIT %s) AS batch",
                self.company_id.id,
                self.cursor,
                BATCH,
            )
        )
        last = found[0][0]
        if not last:
            self.write({"full_date": self.company_id._customer_today(), "cursor": 0})
            return False
        self._refresh(SQL("p.id > %s AND p.id <= %s", self.cursor, last))
        self.cursor = last
        return True

    def _refresh(self, which):
        return self.env["customer.contact.fact"]._refresh(self.company_id, which)

    def _last_message(self) -> int:
        return self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM mail_message"))[0][0]
