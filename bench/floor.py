"""The floor: what SQL alone needs to compute the same facts and judgements and write the same rows.

One statement over all companies. It reads facts with the product's own facts SQL, judges them with
CASE expressions, and inserts profiles and their first two transitions into copies of the product's
tables, with the same columns, indexes, constraints and foreign keys.

Left out, in the floor's favour: hysteresis and dwell time (a first run has nothing to hold on to), choices
made by hand, the fingerprint by which a later run recognises an unchanged row (0 is written), the ledger,
the market's measurement (its figures are given), batches and their commits.
"""

from contextlib import contextmanager

from odoo.tools import SQL

from odoo.addons.customer_success.models.facts.customer_facts import FACT_COLUMNS
from odoo.addons.customer_success.tools import judgement
from odoo.addons.customer_success.tools.dates import from_days
from odoo.addons.customer_success.tools.lifecycle import Stage

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


def run(env, judged: SQL, *, sorted_grouping: bool) -> None:
    """Execute the one statement; the planner's choices are the product's, or its own."""
    with _grouping(env.cr, sorted_grouping):
        env.cr.execute(_statement(env, judged))
    env.cr.commit()


@contextmanager
def _grouping(cr, is_sorted):
    if is_sorted:
        cr.execute("SET LOCAL enable_hashagg = off")
        cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    yield


# ---- reading and judging -------------------------------------------------------------------------


def judged_customers(env, as_of) -> SQL:
    """Select every customer of every company with what is to be stored about it.

    The rules are read, and the market measured where it has not been, before the clock starts.
    """
    companies = env["res.company"].search([], order="id")
    parts = []
    for company in companies:
        run = env["customer.run"].new({"company_id": company.id, "as_of": as_of})
        rules, windows = run._rules()
        facts = env["customer.facts"]._query(company, as_of, windows)
        parts.append(_judge(company, as_of, rules, facts))
    parts.append(_prospects(env, companies))
    env.flush_all()
    return SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts)


def _judge(company, as_of, rules, facts: SQL) -> SQL:
    """Layers of sub-selects, each adding columns to the ones before."""
    limits, policy = rules.limits, rules.policy
    query = SQL(
        """
        SELECT *, %(as_of)s - last AS silent,
               CASE WHEN last IS NOT NULL THEN GREATEST(1, round(
                   ((last - first + 2 * %(median)s::float8) / (purchases_life - 1 + 2)) * 100) / 100)
               END AS pace
          FROM (%(facts)s) facts
        """,
        as_of=as_of,
        median=rules.median_interval,
        facts=facts,
    )
    query = SQL(
        """
        SELECT *, %(recency)s AS recency_level, %(frequency)s AS frequency_level,
               %(money)s AS monetary_level,
               %(ratio)s AS ratio,
               last + GREATEST(floor(%(lost)s * pace + 1e-9)::int + 1, %(lost_days)s) AS lost_on,
               last + GREATEST(floor(%(decline)s * pace + 1e-9)::int + 1, %(decline_days)s)
                   AS decline_on,
               last + GREATEST(ceil(%(leave)s * pace - 1e-9)::int, %(decline_days)s) AS kept_on,
               first + %(introduction)s AS established_on,
               GREATEST(first + %(customer_days)s, %(company_first)s::date + %(company_days)s)
                   AS trend_on
          FROM (%(query)s) paced
        """,
        recency=_levels_down(policy, "silent", "pace"),
        frequency=_levels_up(policy.frequency_cuts, "purchases"),
        money=_levels_up(policy.money_cuts, "COALESCE(revenue, 0)"),
        ratio=_trend_ratio(rules),
        lost=limits.lost_silence,
        lost_days=limits.lost_min_days,
        decline=limits.decline_silence,
        decline_days=limits.decline_min_days,
        leave=limits.leave_silence,
        introduction=limits.introduction_days,
        customer_days=limits.trend_min_customer_days,
        company_first=from_days(rules.company_first),
        company_days=limits.trend_min_company_days,
        query=query,
    )
    query = SQL(
        """
        SELECT *, %(score)s AS score, %(as_of)s >= trend_on AND ratio IS NOT NULL AS known
          FROM (%(query)s) levelled
        """,
        score=_score(policy),
        as_of=as_of,
        query=query,
    )
    query = SQL(
        "SELECT *, %(tier)s AS tier, %(reason)s AS stage_reason FROM (%(query)s) scored",
        tier=_tier(policy),
        reason=_stage_reason(limits, as_of),
        query=query,
    )
    return SQL(
        """
        SELECT %(company)s AS company_id, %(policy)s AS policy, *, %(stage)s AS stage,
               LEAST(next_event, %(next_recency)s, %(next_stage)s) AS next_change
          FROM (%(query)s) reasoned
        """,
        company=company.id,
        policy=rules.policy_id,
        stage=_stage(rules),
        next_recency=_next_recency(policy),
        next_stage=_next_stage(as_of),
        query=query,
    )


def _trend_ratio(rules) -> SQL:
    """NULL where nothing at all was sold in any of the windows."""
    limits = rules.limits
    share = limits.prior_weight * limits.window_days / limits.long_run_days
    usual = SQL("%s::float8 * GREATEST(COALESCE(long_run, 0), 0)", share)
    above = SQL("(GREATEST(COALESCE(recent, 0), 0) + %s)", usual)
    below = SQL("(GREATEST(COALESCE(prior, 0), 0) * %s::float8 + %s)", rules.market, usual)
    return SQL(
        """
        CASE WHEN %(below)s > 0 THEN round(LEAST(%(above)s / %(below)s, 999) * 10000) / 10000
             WHEN %(above)s > 0 THEN 999 END
        """,
        above=above,
        below=below,
    )


def _levels_up(cuts, value: str) -> SQL:
    steps = [SQL("(" + value + " >= %s)::int", cut) for cut in cuts]
    return _with_purchase(SQL(" + ").join([SQL("1"), *steps]))


def _levels_down(policy, silent: str, pace: str) -> SQL:
    steps = [
        SQL("(" + silent + " <= %s)::int", _within(policy, cut, pace))
        for cut in policy.recency_cuts
    ]
    return _with_purchase(SQL(" + ").join([SQL("1"), *steps]))


def _within(policy, cut, pace: str) -> SQL:
    """Most whole days of silence that keep the recency cut."""
    if policy.recency_mode == "days":
        return SQL("%s", int(cut))
    return SQL("floor(%s * " + pace + " + 1e-9)", cut)


def _with_purchase(value: SQL) -> SQL:
    return SQL("CASE WHEN last IS NULL THEN 0 ELSE %s END", value)


def _score(policy) -> SQL:
    axes = ("recency_level", "frequency_level", "monetary_level")
    total = sum(policy.weights)
    terms = [
        SQL("%s::float8 * " + axis, weight / (cuts.top_level * total))
        for axis, weight, cuts in zip(axes, policy.weights, policy.cuts, strict=True)
    ]
    return SQL("round((%s) * 1000000) / 10000", SQL(" + ").join(terms))


def _tier(policy) -> SQL:
    whens = [SQL("WHEN score >= %s THEN %s", rule.threshold, rule.id) for rule in policy.tiers]
    return SQL("CASE WHEN last IS NULL THEN NULL %s END", SQL(" ").join(whens))


def _stage_reason(limits, as_of) -> SQL:
    return SQL(
        """
        CASE WHEN last IS NULL THEN 'no_purchase'
             WHEN %(as_of)s >= lost_on THEN 'lost_silence'
             WHEN purchases_life < %(few)s THEN 'few_purchases'
             WHEN %(as_of)s < established_on THEN 'new_customer'
             WHEN %(as_of)s >= decline_on THEN 'decline_silence'
             WHEN NOT known THEN 'trend_unknown'
             WHEN ratio <= %(decline)s THEN 'decline_trend'
             WHEN ratio >= %(growth)s AND recent_purchases < %(least)s THEN 'growth_unproven'
             WHEN ratio >= %(growth)s THEN 'growth_trend'
             ELSE 'steady' END
        """,
        as_of=as_of,
        few=limits.introduction_purchases,
        decline=limits.decline_ratio,
        growth=limits.growth_ratio,
        least=limits.growth_min_purchases,
    )


def _stage(rules) -> SQL:
    stages = {
        "no_purchase": Stage.POTENTIAL,
        "lost_silence": Stage.LOST,
        "few_purchases": Stage.INTRODUCTION,
        "new_customer": Stage.INTRODUCTION,
        "decline_silence": Stage.DECLINE,
        "decline_trend": Stage.DECLINE,
        "growth_trend": Stage.GROWTH,
    }
    whens = [
        SQL("WHEN %s THEN %s", reason, rules.stage_ids[stage]) for reason, stage in stages.items()
    ]
    return SQL(
        "CASE stage_reason %s ELSE %s END", SQL(" ").join(whens), rules.stage_ids[Stage.MATURITY]
    )


def _next_recency(policy) -> SQL:
    """The day after the last one on which the present recency level holds."""
    whens = [
        SQL(
            "WHEN silent <= %(within)s THEN last + %(within)s::int + 1",
            within=_within(policy, cut, "pace"),
        )
        for cut in sorted(policy.recency_cuts)
    ]
    return SQL("CASE %s END", SQL(" ").join(whens))


def _next_stage(as_of) -> SQL:
    days = ["lost_on", "decline_on", "established_on", "trend_on"]
    later = [
        SQL("CASE WHEN " + day + " > %(as_of)s THEN " + day + " END", as_of=as_of) for day in days
    ]
    later.append(
        SQL(
            "CASE WHEN kept_on > %s AND stage_reason LIKE 'decline%%' THEN kept_on END",
            as_of,
        )
    )
    return SQL("LEAST(%s)", SQL(", ").join(later))


def _prospects(env, companies) -> SQL:
    """Partners called customers whom no company has dealt with: rows without facts, in each company."""
    facts = [SQL("NULL::" + sql_type) for __, sql_type in FACT_COLUMNS[1:]]
    added = [
        ("silent", "int4"), ("pace", "float8"), ("recency_level", "int4"),
        ("frequency_level", "int4"), ("monetary_level", "int4"), ("ratio", "float8"),
        ("lost_on", "date"), ("decline_on", "date"), ("kept_on", "date"),
        ("established_on", "date"), ("trend_on", "date"), ("score", "float8"), ("known", "bool"),
        ("tier", "int4"),
    ]  # fmt: skip
    policies = {c.id: env["customer.value.policy"]._published(c).id for c in companies}
    return SQL(
        """
        SELECT c.id, c.policy_id, p.id, %(facts)s, %(added)s, 'no_purchase', %(stage)s, NULL::date
          FROM res_partner p
         CROSS JOIN (VALUES %(companies)s) c (id, policy_id)
         WHERE p.commercial_partner_id = p.id
           AND p.customer_rank > 0
           AND p.active
           AND (p.company_id IS NULL OR p.company_id = c.id)
           AND NOT EXISTS (SELECT FROM account_move m
                            WHERE m.commercial_partner_id = p.id
                              AND m.state = 'posted'
                              AND m.move_type IN ('out_invoice', 'out_refund'))
        """,
        facts=SQL(", ").join(facts),
        added=SQL(", ").join(SQL("NULL::" + sql_type) for __, sql_type in added),
        companies=SQL(", ").join(SQL("(%s, %s)", *policy) for policy in policies.items()),
        stage=env["customer.lifecycle.stage"].search([("code", "=", "potential")]).id,
    )


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


def _statement(env, judged: SQL) -> SQL:
    arguments = {"as_of": env["res.company"].browse(1)._customer_today(), "uid": env.uid}
    values = [
        SQL(value, **{k: v for k, v in arguments.items() if f"%({k})s" in value})
        for value in _PROFILE_VALUES.values()
    ]
    return SQL(
        """
        WITH stored AS (
            INSERT INTO %(profile)s AS p (%(names)s)
            SELECT %(values)s
              FROM (%(judged)s) j
              JOIN res_partner r ON r.id = j.partner_id
            RETURNING p.*)
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
          FROM stored p
         CROSS JOIN LATERAL (VALUES ('tier', p.value_tier_id, NULL::int, 'first'),
                                    ('stage', NULL::int, p.lifecycle_stage_id, p.stage_reason))
               AS move (kind, tier, stage, reason)
         WHERE COALESCE(move.tier, move.stage) IS NOT NULL
        """,
        profile=SQL.identifier(PROFILE),
        transition=SQL.identifier(TRANSITION),
        names=SQL(", ").join(map(SQL.identifier, _PROFILE_VALUES)),
        values=SQL(", ").join(values),
        judged=judged,
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
