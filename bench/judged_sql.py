"""The product's judgement as SQL: what the floor writes about each customer.

Facts come from the product's own SQL; levels, score, tier, stage and the next day of change are CASE
expressions over them, in layers of sub-selects that each add columns to the ones before.
"""

from odoo.tools import SQL

from odoo.addons.customer_success.models.facts.customer_facts import FACT_COLUMNS, between
from odoo.addons.customer_success.tools.dates import from_days
from odoo.addons.customer_success.tools.lifecycle import Stage


def judged_customers(env, as_of) -> SQL:
    """Select every customer of every company with what is to be stored about it.

    The rules are read, and the market measured where it has not been, before the clock starts.
    """
    companies = env["res.company"].search([], order="id")
    # The whole range of ids, said so: the planner then reads documents from their covering index.
    everybody = between(0, 2**31 - 1)
    parts = []
    for company in companies:
        run = env["customer.run"].new({"company_id": company.id, "as_of": as_of})
        rules, windows = run._rules()
        facts = env["customer.facts"]._query(company, as_of, windows, everybody)
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
        SELECT *,
               %(score)s AS score,
               last IS NOT NULL AND %(as_of)s >= trend_on AND ratio IS NOT NULL AS known
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
    usual = SQL("%s::float8 * %s", share, _amount("long_run"))
    above = SQL("(%s + %s)", _amount("recent"), usual)
    below = SQL("(%s * %s::float8 + %s)", _amount("prior"), rules.market, usual)
    return SQL(
        """
        CASE WHEN %(below)s > 0 THEN round(LEAST(%(above)s / %(below)s, 999) * 10000) / 10000
             WHEN %(above)s > 0 THEN 999 END
        """,
        above=above,
        below=below,
    )


def _amount(column: str) -> SQL:
    """To the cent, and nothing below nothing."""
    return SQL("GREATEST(round(COALESCE(" + column + ", 0) * 100) / 100, 0)")


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
