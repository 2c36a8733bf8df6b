"""Decisions into the database: changed profiles are written, each move is appended to the log.

Rows travel as one binary COPY into a temporary table, and from there by one statement each. The columns
and their order are those of :mod:`tools.judgement`.
"""

from io import BytesIO

import numpy as np

from odoo import models
from odoo.tools import SQL

from ...tools import judgement, pgcopy
from ...tools.lifecycle import StageReason
from ...tools.tiers import TierReason

_RESULT = pgcopy.Columns(judgement.RESULT_COLUMNS)
_REASONS = {"tier_reason": TierReason, "tier_move": TierReason, "stage_reason": StageReason}
_DIRECTIONS = ["first", "up", "down", "none"]
_CAUSES = [cause.name.lower() for cause in judgement.Cause]


class CustomerRun(models.Model):
    _inherit = "customer.run"

    def _store(self, changed: np.ndarray) -> int:
        """Write these rows and log their moves; the number of moves."""
        cr = self.env.cr
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE customer_stage (%s) ON COMMIT DROP",
                SQL(", ").join(
                    SQL("%s %s", SQL.identifier(column.name), SQL.identifier(column.sql_type))
                    for column in _RESULT
                ),
            )
        )
        cr.copy_expert(
            "COPY customer_stage FROM STDIN (FORMAT binary)", BytesIO(_RESULT.encode(changed))
        )
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
                            WHEN s.%(cause)s <> %(manual_end)s THEN %(reason)s END,
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
    reasons = [reason.name.lower() for reason in _REASONS[name]]
    return SQL("(%s)[%s + 1]", _array(reasons), SQL.identifier("s", name))


def _array(names) -> SQL:
    return SQL("%s::varchar[]", list(names))
