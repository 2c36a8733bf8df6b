"""When each customer was last in touch, how and by whom; how often it ought to be; when next."""

import numpy as np

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ...tools import cadence
from ...tools.dates import NO_DATE, from_days
from ..common.fields import LooseMany2one
from .contact_sources import KINDS, every_contact

#: Changed rows of one statement.
BATCH = 1000
#: What a refresh writes, and how.
COLUMNS = {
    "last_at": "timestamp",
    "last_kind": "varchar",
    "last_user_id": "int4",
    "agreed_date": "date",
    "cadence_id": "int4",
    "computed_days": "int4",
    "cadence_days": "int4",
    "due_date": "date",
}


class CustomerContactFact(models.Model):
    """One row for each customer, beside its profile, which its runs write.

    Everything but what a person set by hand follows from what is written down elsewhere
    (``contact_sources``) and from the cadence rules: :meth:`_refresh` computes it, in bulk, and
    writes the rows that differ.
    """

    _name = "customer.contact.fact"
    _description = "Last And Next Contact"
    _rec_name = "profile_id"
    _order = "due_date, id"

    profile_id = fields.Many2one(
        "customer.profile",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    last_at = fields.Datetime("Last Contact", readonly=True)
    last_kind = fields.Selection(KINDS, "Contact By", readonly=True)
    last_user_id = LooseMany2one("res.users", "Contacted By", readonly=True)
    agreed_date = fields.Date("Next Contact Agreed", readonly=True)
    cadence_id = LooseMany2one("customer.cadence", "Cadence", readonly=True)
    computed_days = fields.Integer("Days By The Rules", readonly=True)
    cadence_days = fields.Integer("Contact Every (Days)", readonly=True)
    due_date = fields.Date("Next Contact Due", readonly=True)

    # By hand
    manual_days = fields.Integer("Days Set By Hand", readonly=True)
    manual_reason = fields.Char(readonly=True)
    manual_user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    manual_until = fields.Date(readonly=True, help="The last day on which it holds.")

    _profile_uniq = models.Constraint("UNIQUE(profile_id)", "A customer has one such row.")
    _due_idx = models.Index("(company_id, due_date)")

    @api.model
    def _manual_domain(self, today) -> Domain:
        """A person's choice outranks the rules, to its last day."""
        return Domain("manual_days", ">", 0) & (
            Domain("manual_until", "=", False) | Domain("manual_until", ">=", today)
        )

    @api.model
    def _refresh(self, company, which: SQL) -> int:
        """Compute these customers of a company anew; the number of rows that differed.

        :param which: a condition on ``customer_profile p``
        """
        self.env.flush_all()
        which = SQL("p.company_id = %s AND %s", company.id, which)
        rows = self.env.execute_query(self._facts_query(company, which))
        if not rows:
            return 0
        rules = self.env["customer.cadence"]._of(company)
        changed = _changes(rows, rules)
        for batch in split_every(BATCH, changed, list):
            self._write_changes(company, batch)
        self.invalidate_model()
        return len(changed)

    @api.model
    def _refresh_now(self, profiles) -> None:
        """These customers, at once: what was just logged moves the last contact and the next."""
        for company, own in profiles.sudo().grouped("company_id").items():
            self.sudo()._refresh(company, SQL("p.id IN %s", tuple(own.ids)))

    def _facts_query(self, company, which) -> SQL:
        """Per customer: id, tier, stage, interval, four days as numbers, what is stored, and the
        last contact."""
        zone = company._customer_timezone()
        return SQL(
            """
            WITH contact AS (
                SELECT DISTINCT ON (profile_id) profile_id, at, kind, user_id
                  FROM (%(contacts)s) AS every (profile_id, at, kind, user_id)
                 WHERE at <= %(now)s
                 ORDER BY profile_id, at DESC, kind
            ), agreed AS (
                SELECT DISTINCT ON (f.profile_id) f.profile_id, f.next_date
                  FROM customer_followup f JOIN customer_profile p ON p.id = f.profile_id
                 WHERE f.done_at IS NOT NULL AND f.next_date IS NOT NULL AND %(which)s
                 ORDER BY f.profile_id, f.done_at DESC, f.id DESC
            )
            SELECT p.id, COALESCE(p.value_tier_id, 0), COALESCE(p.lifecycle_stage_id, 0),
                   CASE WHEN p.last_purchase_date IS NOT NULL THEN p.expected_interval END,
                   (c.at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date - DATE '1970-01-01',
                   p.last_purchase_date - DATE '1970-01-01',
                   p.create_date::date - DATE '1970-01-01',
                   a.next_date - DATE '1970-01-01',
                   CASE WHEN k.manual_days > 0
                         AND COALESCE(k.manual_until >= %(today)s, TRUE)
                        THEN k.manual_days ELSE 0 END,
                   ARRAY[k.last_at::text, k.last_kind, k.last_user_id::text, k.agreed_date::text,
                         k.cadence_id::text, k.computed_days::text, k.cadence_days::text,
                         k.due_date::text, (k.id IS NOT NULL)::text],
                   c.at::text, c.kind, c.user_id::text, a.next_date::text
              FROM customer_profile p
              LEFT JOIN customer_contact_fact k ON k.profile_id = p.id
              LEFT JOIN contact c ON c.profile_id = p.id
              LEFT JOIN agreed a ON a.profile_id = p.id
             WHERE %(which)s
             ORDER BY p.id
            """,
            contacts=every_contact(which, fields.Datetime.now()),
            which=which,
            zone=zone,
            today=company._customer_today(),
            now=fields.Datetime.now(),
        )

    def _write_changes(self, company, changed: list[tuple]) -> None:
        names = list(COLUMNS)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_contact_fact (profile_id, company_id, %(names)s,
                                                   create_date, write_date)
                SELECT v.profile_id, %(company)s, %(typed)s, %(now)s, %(now)s
                  FROM (VALUES %(values)s) AS v (profile_id, %(names)s)
                    ON CONFLICT (profile_id) DO UPDATE SET %(updates)s, write_date = %(now)s
                """,
                company=company.id,
                now=self.env.cr.now(),
                names=SQL(", ").join(map(SQL.identifier, names)),
                typed=SQL(", ").join(
                    SQL("v.%s::%s", SQL.identifier(name), SQL(COLUMNS[name])) for name in names
                ),
                values=SQL(", ").join(SQL("%s", row) for row in changed),
                updates=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in names
                ),
            )
        )


def _changes(rows: list[tuple], rules) -> list[tuple]:
    """``(profile id, *COLUMNS)`` as texts of the rows that are not stored so already."""
    tier, stage, interval, contact, purchase, seen, agreed, manual = (
        np.array([_missing(index) if row[index] is None else row[index] for row in rows], dtype)
        for index, dtype in enumerate((*["i8"] * 2, "f8", *["i8"] * 5), 1)
    )
    kernel = rules._kernel()
    chosen = cadence.choose(kernel, tier, stage, interval)
    computed = cadence.days_of(kernel, chosen)
    days = cadence.days_of(kernel, chosen, manual)
    due = cadence.due(contact, purchase, seen, agreed, days)
    ids = [*(str(rule.id) for rule in rules), None]  # NO_RULE is the last
    changed = []
    for row, position, by_rule, every, day in zip(
        rows, chosen.tolist(), computed.tolist(), days.tolist(), due.tolist(), strict=True
    ):
        stored, (at, kind, user, agreed_text) = row[9], row[10:]
        date = from_days(day)
        values = (
            at, kind, user, agreed_text, ids[position], str(by_rule), str(every),
            date and date.isoformat(),
        )  # fmt: skip
        if [*values, "true"] != stored:
            changed.append((row[0], *values))
    return changed


def _missing(index: int):
    """What stands for NULL in a column of the facts query."""
    return float("nan") if index == 3 else NO_DATE
