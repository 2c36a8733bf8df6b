from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ("now", "At once"),
    ("later", "After the waiting time"),
    ("margin", "Kept by the margin"),
    ("waiting", "Kept until the waiting time has passed"),
]


class CustomerValueTrialCell(models.Model):
    """Customers who go the same way in a dry-run.

    Who they are lies in a column of the table that the ORM does not know, an array of profile ids:
    four bytes a customer, read by SQL alone when somebody opens the cell.
    """

    _name = "customer.value.trial.cell"
    _description = "Cell Of A Dry-Run"
    _log_access = False

    trial_id = fields.Many2one(
        "customer.value.trial", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="trial_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    from_tier_id = fields.Many2one("customer.tier", "From", ondelete="cascade", readonly=True)
    to_tier_id = fields.Many2one("customer.tier", "To", ondelete="cascade", readonly=True)
    customers = fields.Integer(readonly=True)
    revenue = fields.Monetary(readonly=True)

    _way_uniq = models.UniqueIndex(
        "(trial_id, kind, COALESCE(from_tier_id, 0), COALESCE(to_tier_id, 0))"
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS profile_ids int[] NOT NULL DEFAULT '{}'",
                SQL.identifier(self._table),
            )
        )

    def _add(self, trial, groups) -> None:
        """Add groups of customers of one batch: (kind, :class:`tools.trial.Group`, profile ids)."""
        if not groups:
            return
        rows = [
            SQL(
                "(%s, %s, NULLIF(%s, 0), NULLIF(%s, 0), %s, %s::numeric, %s::int[])",
                trial.id,
                kind,
                group.before,
                group.after,
                len(group.members),
                round(group.revenue, 4),
                profile_ids[profile_ids > 0].tolist(),
            )
            for kind, group, profile_ids in groups
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_value_trial_cell AS cell (trial_id, kind, from_tier_id,
                            to_tier_id, customers, revenue, profile_ids)
                VALUES %s
                    ON CONFLICT (trial_id, kind, COALESCE(from_tier_id, 0), COALESCE(to_tier_id, 0))
                    DO UPDATE SET customers = cell.customers + EXCLUDED.customers,
                                  revenue = cell.revenue + EXCLUDED.revenue,
                                  profile_ids = cell.profile_ids || EXCLUDED.profile_ids
                """,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model()
        trial.invalidate_recordset(["cell_ids"])
