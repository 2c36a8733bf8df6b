"""The floor: what SQL alone needs to compute the same facts and judgements and write the same rows.

One statement over all companies; where it is faster, one for the profiles and one for their transitions.
It judges in SQL (``judged_sql``) and inserts profiles and their first two transitions into copies of the
product's tables, with the same columns, indexes, constraints and foreign keys.

Left out, in the floor's favour: hysteresis and dwell time (a first run has nothing to hold on to),
choices made by hand, the fingerprint by which a later run recognises an unchanged row (0 is written), the
ledger, the market's measurement (its figures are given), batches and their commits.
"""

from typing import NamedTuple

from odoo.tools import SQL

from odoo.addons.customer_success.tools import judgement

PROFILE = "floor_profile"
TRANSITION = "floor_transition"


def create_tables(env) -> None:
    """Empty copies of the two tables; the transitions' foreign key leads to the copied profiles."""
    cr = env.cr
    for copy, source in ((PROFILE, "customer_profile"), (TRANSITION, "customer_transition")):
        cr.execute(f"DROP TABLE IF EXISTS {copy} CASCADE")
        cr.execute(f"CREATE TABLE {copy} (LIKE {source} INCLUDING ALL)")
        cr.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass",
            [source],
        )
        for name, definition in cr.fetchall():
            definition = definition.replace("customer_profile(", f"{PROFILE}(")
            cr.execute(f'ALTER TABLE {copy} ADD CONSTRAINT "floor_{name}" {definition}')


def drop_tables(env) -> None:
    env.cr.execute(f"DROP TABLE IF EXISTS {PROFILE}, {TRANSITION} CASCADE")


class Variant(NamedTuple):
    """One way to have the planner do it."""

    name: str
    sorted_grouping: bool  # documents grouped in the order of their index, as the product has it
    one_statement: bool  # transitions from the profiles just inserted, or from the table


VARIANTS = (
    Variant("one statement, sorted grouping", True, True),
    Variant("one statement, the planner's grouping", False, True),
    Variant("profiles, then transitions, sorted grouping", True, False),
)


def run(env, judged: SQL, variant: Variant) -> None:
    cr = env.cr
    if variant.sorted_grouping:
        cr.execute("SET LOCAL enable_hashagg = off")
        cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    profiles = _insert_profiles(env, judged)
    if variant.one_statement:
        stored = SQL("WITH stored AS (%s RETURNING p.*)", profiles)
        cr.execute(SQL("%s %s", stored, _insert_transitions(SQL("stored"))))
    else:
        cr.execute(profiles)
        cr.execute(_insert_transitions(SQL.identifier(PROFILE)))
    cr.commit()


# ---- writing -------------------------------------------------------------------------------------

#: Profile column -> SQL over a judged customer ``j`` and its partner ``r``.
_PROFILE_VALUES = {
    "company_id": "j.company_id",
    "partner_id": "j.partner_id",
    "user_id": "r.user_id",
    "active": "r.active",
    "as_of": "%(as_of)s",
    "create_uid": "%(uid)s",
    "create_date": "now() AT TIME ZONE 'UTC'",
    "write_uid": "%(uid)s",
    "write_date": "now() AT TIME ZONE 'UTC'",
    "fingerprint": "0",
    "first_purchase_date": "j.first",
    "last_purchase_date": "j.last",
    "purchase_count": "COALESCE(j.purchases, 0)",
    "purchase_count_life": "COALESCE(j.purchases_life, 0)",
    "invoice_count": "COALESCE(j.invoices, 0)",
    "credit_note_count": "COALESCE(j.credit_notes, 0)",
    "revenue": "round(COALESCE(j.revenue, 0)::numeric, 2)",
    "revenue_previous": "round(COALESCE(j.revenue_previous, 0)::numeric, 2)",
    "revenue_life": "round(COALESCE(j.revenue_life, 0)::numeric, 2)",
    "credited": "round(COALESCE(j.credited, 0)::numeric, 2)",
    "mean_interval": """CASE WHEN j.purchases_life >= 2 THEN
        round((j.last - j.first)::numeric / (j.purchases_life - 1), 2) ELSE 0 END""",
    "recent_interval": """CASE WHEN j.purchases >= 2 THEN
        round((j.last - j.window_first)::numeric / (j.purchases - 1), 2) ELSE 0 END""",
    "expected_interval": "COALESCE(j.pace, 0)::numeric",
    "trend_purchases": "COALESCE(j.recent_purchases, 0)",
    "trend_recent": "round(COALESCE(j.recent, 0)::numeric, 2)",
    "trend_prior": "round(COALESCE(j.prior, 0)::numeric, 2)",
    "trend_usual": "round(COALESCE(j.long_run, 0)::numeric, 2)",
    "trend_known": "COALESCE(j.known, FALSE)",
    "trend_ratio": "CASE WHEN j.known THEN j.ratio::numeric ELSE 0 END",
    "policy_id": "j.policy",
    "recency_level": "COALESCE(j.recency_level, 0)",
    "frequency_level": "COALESCE(j.frequency_level, 0)",
    "monetary_level": "COALESCE(j.monetary_level, 0)",
    "value_score": "COALESCE(j.score, 0)::numeric",
    "computed_tier_id": "j.tier",
    "tier_reason": "CASE WHEN j.last IS NULL THEN 'none' ELSE 'kept' END",
    "tier_below_since": "NULL::date",
    "value_tier_id": "j.tier",
    "tier_since": "CASE WHEN j.tier IS NOT NULL THEN %(as_of)s::date END",
    "tier_manual": "FALSE",
    "computed_stage_id": "j.stage",
    "stage_reason": "j.stage_reason",
    "lifecycle_stage_id": "j.stage",
    "stage_since": "%(as_of)s::date",
    "stage_manual": "FALSE",
    "next_change_date": "j.next_change",
}


def columns() -> tuple[list[str], list[str]]:
    """The profile's columns that the floor writes, and those of the product's that it leaves out."""
    names = [name for name, __ in judgement.PROFILE_COLUMNS]
    return list(_PROFILE_VALUES), [name for name in names if name not in _PROFILE_VALUES]


def _insert_profiles(env, judged: SQL) -> SQL:
    arguments = {"as_of": env["res.company"].browse(1)._customer_today(), "uid": env.uid}
    values = [
        SQL(value, **{k: v for k, v in arguments.items() if f"%({k})s" in value})
        for value in _PROFILE_VALUES.values()
    ]
    return SQL(
        """
        INSERT INTO %(profile)s AS p (%(names)s)
        SELECT %(values)s
          FROM (%(judged)s) j
          JOIN res_partner r ON r.id = j.partner_id
        """,
        profile=SQL.identifier(PROFILE),
        names=SQL(", ").join(map(SQL.identifier, _PROFILE_VALUES)),
        values=SQL(", ").join(values),
        judged=judged,
    )


def _insert_transitions(stored: SQL) -> SQL:
    """The first tier and the first stage of each stored profile."""
    return SQL(
        """
        INSERT INTO %(transition)s (profile_id, company_id, kind, to_tier_id, to_stage_id, direction,
                                    at, as_of, cause, reason, policy_id, revenue, evidence)
        SELECT p.id, p.company_id, move.kind, move.tier, move.stage, 'first', p.write_date, p.as_of,
               'first', move.reason, p.policy_id, p.revenue,
               jsonb_build_object(
                   'first', p.first_purchase_date, 'last', p.last_purchase_date,
                   'purchases', p.purchase_count, 'purchases_life', p.purchase_count_life,
                   'revenue', p.revenue, 'credited', p.credited, 'interval', p.expected_interval,
                   'recent', p.trend_recent, 'prior', p.trend_prior,
                   'trend', CASE WHEN p.trend_known THEN p.trend_ratio END,
                   'levels', ARRAY[p.recency_level, p.frequency_level, p.monetary_level],
                   'score', p.value_score)
          FROM %(stored)s p
         CROSS JOIN LATERAL (VALUES ('tier', p.value_tier_id, NULL::int, 'first'),
                                    ('stage', NULL::int, p.lifecycle_stage_id, p.stage_reason))
               AS move (kind, tier, stage, reason)
         WHERE COALESCE(move.tier, move.stage) IS NOT NULL
        """,
        transition=SQL.identifier(TRANSITION),
        stored=stored,
    )


def differences(env) -> dict[str, int]:
    """Column -> number of customers for whom the floor and the product stored something else.

    Half a cent or half a unit of the last decimal may be rounded either way and is no difference.
    """
    names = [name for name, __ in judgement.PROFILE_COLUMNS if name in _PROFILE_VALUES]
    numbers = {name for name, sql_type in judgement.PROFILE_COLUMNS if sql_type == "float8"}
    tests = [
        SQL(
            "abs(f.%(n)s - p.%(n)s) > 0.0101"
            if name in numbers
            else "f.%(n)s IS DISTINCT FROM p.%(n)s",
            n=SQL.identifier(name),
        )
        for name in names
    ]
    rows = env.execute_query(
        SQL(
            """
            SELECT count(*) FILTER (WHERE f.id IS NULL), count(*) FILTER (WHERE p.id IS NULL), %s
              FROM floor_profile f
              FULL JOIN customer_profile p USING (company_id, partner_id)
            """,
            SQL(", ").join(SQL("count(*) FILTER (WHERE %s)", test) for test in tests),
        )
    )[0]
    counts = dict(zip(["missing in floor", "missing in product", *names], rows, strict=True))
    return {name: count for name, count in counts.items() if count}
