"""The addon at work on the imported documents, as of one day after another."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from . import session

TIERS = ("Key", "High", "Medium", "Low")


class Customer(NamedTuple):
    """What a profile said on a day."""

    name: str
    tier: str
    stage: str
    first: date | None
    last: date | None
    purchases: int
    revenue: float
    revenue_previous: float
    revenue_life: float
    score: float
    interval: float
    trend: float | None
    reason: str


class Cut(NamedTuple):
    as_of: date
    customers: dict[int, Customer]  # by partner; who never bought is left out
    read: int
    changed: int
    nights: int  # nightly runs before it
    nights_read: int


def publish_policy(env, as_of: date):
    """A policy calibrated on what was known then; what publishing queued is left to us."""
    policy = env["customer.value.policy"].create({"company_id": env.company.id})
    if not policy._calibrate(as_of):
        raise SystemExit(
            f"Too few customers bought in the year before {as_of} to calibrate a policy."
        )
    policy.action_publish()
    _supersede(env)
    env["customer.market"].search([]).unlink()
    env.cr.commit()
    return policy


def _supersede(env) -> None:
    env["customer.run"].search([("state", "in", ("queued", "running"))]).write(
        {"state": "superseded"}
    )


def cuts(env, days: list[date], *, nightly: bool) -> Iterator[Cut]:
    """Run as of each day in turn; with ``nightly`` also on each day between."""
    yesterday = None
    for as_of in sorted(days):
        nights = read = 0
        while nightly and yesterday and yesterday < as_of:
            yesterday += timedelta(1)
            run = _run(env, "full" if yesterday.day == 1 else "incremental", yesterday)
            nights += 1
            read += run.read_count
        run = _run(env, "full", as_of)
        yesterday = as_of
        yield Cut(as_of, _customers(env), run.read_count, run.changed_count, nights, read)


def _run(env, kind: str, as_of: date):
    run = env["customer.run"]._open(env.company, kind)
    run.as_of = as_of
    env.cr.commit()
    session.finish(run)
    return run


def _customers(env) -> dict[int, Customer]:
    env.cr.execute(
        """
        SELECT p.partner_id, r.name, t.name->>'en_US', s.code, p.first_purchase_date,
               p.last_purchase_date, p.purchase_count, p.revenue::float8, p.revenue_previous::float8,
               p.revenue_life::float8, p.value_score::float8, p.expected_interval::float8,
               CASE WHEN p.trend_known THEN p.trend_ratio::float8 END, p.stage_reason
          FROM customer_profile p
          JOIN res_partner r ON r.id = p.partner_id
          JOIN customer_tier t ON t.id = p.value_tier_id
          JOIN customer_lifecycle_stage s ON s.id = p.lifecycle_stage_id
         WHERE p.company_id = %s
        """,
        [env.company.id],
    )
    return {partner_id: Customer(*values) for partner_id, *values in env.cr.fetchall()}
