import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.fields import LooseMany2one

_logger = logging.getLogger(__name__)

#: By what customers are counted: few values each, so that the totals stay few.
DIMENSIONS = (
    "company_id",
    "user_id",
    "active",
    "value_tier_id",
    "lifecycle_stage_id",
    "recency_level",
    "frequency_level",
)
#: What is summed. A run writes all of these for every customer: none is ever NULL.
MEASURES = (
    "revenue",
    "revenue_previous",
    "revenue_life",
    "credited",
    "purchase_count",
    "value_score",
    "monetary_level",
    "expected_interval",
)
COUNTS = ("customers", "buyers")

_FUNCTION = "customer_profile_total_append"
#: Event -> the rows after and before it.
_TRIGGERS = {
    "INSERT": SQL("REFERENCING NEW TABLE AS new_rows"),
    "UPDATE": SQL("REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows"),
    "DELETE": SQL("REFERENCING OLD TABLE AS old_rows"),
}


class CustomerProfileTotal(models.Model):
    """How many customers there are of each kind, and what they bring: kept, so that nobody adds up.

    The database itself keeps them: whatever writes profiles (a run's COPY, a contact's new account
    manager, a deleted company) appends the difference it makes. Rows are signed and are only ever
    added, so writers never wait for each other; the sum of all rows is the truth at every moment, in
    every snapshot. Those of one kind are folded into one now and then (:meth:`_compact`).

    What is read from it is what ``customer.profile`` is asked for (``customer_profile_grouped``).
    """

    _name = "customer.profile.total"
    _description = "Totals of Customers"
    _log_access = False
    _order = "id"

    company_id = LooseMany2one("res.company", readonly=True, index=True)
    user_id = LooseMany2one("res.users", "Account Manager", readonly=True)
    active = fields.Boolean(readonly=True)
    value_tier_id = LooseMany2one("customer.tier", readonly=True)
    lifecycle_stage_id = LooseMany2one("customer.lifecycle.stage", readonly=True)
    recency_level = fields.Integer(readonly=True)
    frequency_level = fields.Integer(readonly=True)

    customers = fields.Integer(readonly=True)
    buyers = fields.Integer(readonly=True, help="Those with revenue in the policy's window.")
    # Sums: exact decimals, as the profiles have them.
    revenue = fields.Float(readonly=True, digits=0)
    revenue_previous = fields.Float("Revenue The Year Before", readonly=True, digits=0)
    revenue_life = fields.Float("Revenue Ever", readonly=True, digits=0)
    credited = fields.Float(readonly=True, digits=0)
    purchase_count = fields.Float("Purchases", readonly=True, digits=0)
    value_score = fields.Float(readonly=True, digits=0)
    monetary_level = fields.Float(readonly=True, digits=0)
    expected_interval = fields.Float("Usual Interval", readonly=True, digits=0)

    # ---- kept by the database --------------------------------------------------------------------

    def init(self):
        """Have the database keep the totals; count anew where they do not say what the profiles say."""
        self.pool.post_init(self._set_up)

    @api.model
    def _set_up(self) -> None:
        self._create_function()
        existing = self.env.execute_query(
            SQL(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'customer_profile'::regclass"
                " AND NOT tgisinternal"
            )
        )
        for event, tables in _TRIGGERS.items():
            name = f"customer_profile_total_{event.lower()}"
            if (name,) not in existing:
                self.env.cr.execute(
                    SQL(
                        "CREATE TRIGGER %s AFTER %s ON customer_profile %s"
                        " FOR EACH STATEMENT EXECUTE FUNCTION %s()",
                        SQL.identifier(name),
                        SQL(event),
                        tables,
                        SQL.identifier(_FUNCTION),
                    )
                )
        if not self._holds():
            self._rebuild()

    @api.model
    def _create_function(self) -> None:
        """Append the difference that one statement makes: its rows after, less its rows before."""
        names = SQL(", ").join(map(SQL.identifier, DIMENSIONS + COUNTS + MEASURES))
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $body$
                BEGIN
                    IF TG_OP = 'INSERT' THEN
                        INSERT INTO customer_profile_total (%(names)s) %(after)s;
                    ELSIF TG_OP = 'DELETE' THEN
                        INSERT INTO customer_profile_total (%(names)s) %(before)s;
                    ELSE
                        INSERT INTO customer_profile_total (%(names)s)
                        SELECT %(dimensions)s, %(sums)s
                          FROM (%(after)s UNION ALL %(before)s) difference
                         GROUP BY %(dimensions)s
                        HAVING (%(sums)s) <> (%(zeros)s);
                    END IF;
                    RETURN NULL;
                END
                $body$
                """,
                function=SQL.identifier(_FUNCTION),
                names=names,
                dimensions=_DIMENSIONS_SQL,
                sums=_sums(),
                zeros=SQL(", ").join([SQL("0")] * len(COUNTS + MEASURES)),
                after=_counted(SQL("new_rows")),
                before=_counted(SQL("old_rows"), less=True),
            )
        )

    @api.model
    def _drop_function(self) -> None:
        """Undo :meth:`_set_up`: Odoo drops the tables, and their triggers with them, but no function."""
        self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(_FUNCTION)))

    @api.model
    def _holds(self) -> bool:
        """Whether the totals say what adding up all profiles says."""
        self.env["customer.profile"].flush_model()
        return not self.env.execute_query(
            SQL(
                """
                SELECT WHERE EXISTS (%(kept)s EXCEPT ALL %(counted)s)
                          OR EXISTS (%(counted)s EXCEPT ALL %(kept)s)
                """,
                kept=self._net(),
                counted=_counted(SQL("customer_profile")),
            )
        )

    @api.model
    def _rebuild(self) -> None:
        """Count anew. Others may write meanwhile: what this snapshot does not see, it does not touch."""
        self.env.cr.execute("DELETE FROM customer_profile_total")
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_profile_total (%s) %s",
                SQL(", ").join(map(SQL.identifier, DIMENSIONS + COUNTS + MEASURES)),
                _counted(SQL("customer_profile")),
            )
        )
        self.invalidate_model()

    @api.model
    def _compact(self, company=None) -> None:
        """Fold the rows of each kind into one; kinds without a customer go.

        Touches only kinds of several rows, and only rows that this snapshot sees: what others append
        meanwhile stays. Two at once: the later one fails to serialize, and is done again.

        :param company: whose; of all, and of companies that are gone, unless given
        """
        self.env.cr.execute(
            SQL(
                """
                WITH several AS (
                    SELECT unnest(array_agg(id)) AS id
                      FROM customer_profile_total
                     WHERE %(whose)s
                     GROUP BY %(dimensions)s
                    HAVING count(*) > 1
                ), folded AS (
                    DELETE FROM customer_profile_total total
                     USING several
                     WHERE total.id = several.id
                 RETURNING total.*
                )
                INSERT INTO customer_profile_total (%(names)s)
                SELECT %(dimensions)s, %(sums)s
                  FROM folded
                 GROUP BY %(dimensions)s
                HAVING sum(customers) <> 0
                """,
                whose=SQL("company_id = %s", company.id) if company else SQL("TRUE"),
                dimensions=_DIMENSIONS_SQL,
                names=SQL(", ").join(map(SQL.identifier, DIMENSIONS + COUNTS + MEASURES)),
                sums=_sums(),
            )
        )
        self.invalidate_model()

    @api.autovacuum
    def _gc_verify(self):
        """Once a day: do they hold? Nothing known makes them fail; if something does, it is mended."""
        if not self._holds():
            _logger.error(
                "The totals of customers did not say what the customers say: counted anew."
            )
            self._rebuild()
        else:
            self._compact()

    # ---- read ------------------------------------------------------------------------------------

    @api.model
    def _net(self) -> SQL:
        """Select one row for each kind of customer that there is."""
        return SQL(
            "SELECT %s, %s FROM customer_profile_total GROUP BY %s HAVING sum(customers) <> 0",
            _DIMENSIONS_SQL,
            SQL(", ").join(
                SQL("sum(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
                for name in COUNTS + MEASURES
            ),
            _DIMENSIONS_SQL,
        )


_DIMENSIONS_SQL = SQL(", ").join(map(SQL.identifier, DIMENSIONS))


def _sums() -> SQL:
    return SQL(", ").join(SQL("sum(%s)", SQL.identifier(name)) for name in COUNTS + MEASURES)


def _counted(rows: SQL, less=False) -> SQL:
    """Select totals of ``rows``, which are shaped like profiles, in the order of the names above.

    :param less: the same, negative
    """
    sign = SQL("-" if less else "")
    return SQL(
        "SELECT %s, %s FROM %s GROUP BY %s",
        _DIMENSIONS_SQL,
        SQL(", ").join(
            [
                SQL("%scount(*) AS customers", sign),
                SQL("%scount(*) FILTER (WHERE revenue > 0) AS buyers", sign),
                *(
                    SQL(
                        "%sCOALESCE(sum(%s), 0) AS %s",
                        sign,
                        SQL.identifier(name),
                        SQL.identifier(name),
                    )
                    for name in MEASURES
                ),
            ]
        ),
        rows,
        _DIMENSIONS_SQL,
    )
