"""Facts and the present standing of customers in, what to write about them out.

The one place where scores, tiers and stages come together with what a person decided and with the date of
the next look. Rows are numpy record arrays, one row per customer of one company.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import lifecycle, rhythm, scoring, tiers
from .dates import NO_DATE, earliest, has_date, only_after
from .digest import digest
from .lifecycle_limits import LifecycleLimits
from .value_policy import ValuePolicy

#: What is known of a customer already: name, SQL type. Ids are 0 for none.
STATE_COLUMNS = (
    ("profile_id", "int4"),
    ("fingerprint", "float8"),
    ("policy_id", "int4"),
    ("computed_tier_id", "int4"),
    ("tier_below_since", "date"),
    ("value_tier_id", "int4"),
    ("tier_since", "date"),
    ("tier_manual", "bool"),
    ("manual_tier_id", "int4"),
    ("manual_tier_until", "date"),
    ("computed_stage_id", "int4"),
    ("lifecycle_stage_id", "int4"),
    ("stage_since", "date"),
    ("stage_manual", "bool"),
    ("manual_stage_id", "int4"),
    ("manual_stage_until", "date"),
)

#: What is written about a customer: name, SQL type. The two reasons are kernel codes.
PROFILE_COLUMNS = (
    ("first_purchase_date", "date"),
    ("last_purchase_date", "date"),
    ("purchase_count", "int4"),
    ("purchase_count_life", "int4"),
    ("invoice_count", "int4"),
    ("credit_note_count", "int4"),
    ("revenue", "float8"),
    ("revenue_previous", "float8"),
    ("revenue_life", "float8"),
    ("credited", "float8"),
    ("mean_interval", "float8"),
    ("recent_interval", "float8"),
    ("expected_interval", "float8"),
    ("trend_purchases", "int4"),
    ("trend_recent", "float8"),
    ("trend_prior", "float8"),
    ("trend_usual", "float8"),
    ("trend_known", "bool"),
    ("trend_ratio", "float8"),
    ("policy_id", "int4"),
    ("recency_level", "int4"),
    ("frequency_level", "int4"),
    ("monetary_level", "int4"),
    ("value_score", "float8"),
    ("computed_tier_id", "int4"),
    ("tier_reason", "int4"),
    ("tier_below_since", "date"),
    ("value_tier_id", "int4"),
    ("tier_since", "date"),
    ("tier_manual", "bool"),
    ("computed_stage_id", "int4"),
    ("stage_reason", "int4"),
    ("lifecycle_stage_id", "int4"),
    ("stage_since", "date"),
    ("stage_manual", "bool"),
    ("next_change_date", "date"),
)

#: What the log needs besides: where a customer came from, which way it went, and why.
MOVE_COLUMNS = (
    ("tier_from", "int4"),
    ("tier_direction", "int4"),
    ("tier_cause", "int4"),
    ("tier_move", "int4"),
    ("stage_from", "int4"),
    ("stage_direction", "int4"),
    ("stage_cause", "int4"),
)

RESULT_COLUMNS = (
    ("profile_id", "int4"),
    ("partner_id", "int4"),
    ("fingerprint", "float8"),
    *PROFILE_COLUMNS,
    *MOVE_COLUMNS,
)
_RESULT_DTYPE = np.dtype(
    [
        (name, {"int4": "i4", "date": "i4", "float8": "f8", "bool": "?"}[t])
        for name, t in RESULT_COLUMNS
    ]
)


class Direction(IntEnum):
    """Which way a transition went; 0 is no transition."""

    STAYED = 0
    FIRST = 1
    UP = 2
    DOWN = 3
    NONE = 4


class Cause(IntEnum):
    FIRST = 1
    FACTS = 2
    POLICY = 3
    MANUAL = 4
    MANUAL_END = 5


class Rules(NamedTuple):
    """By what one company's customers are judged. A tier's id in ``policy`` is its record's."""

    policy: ValuePolicy
    policy_id: int
    limits: LifecycleLimits
    stage_ids: tuple[int, ...]  # record id of each lifecycle.Stage, in its order
    market: float
    median_interval: float
    company_first: int  # days; NO_DATE for none
    decimals: int = 2  # of the company's currency
    #: Kinds (tier, stage) whose limits, or what counts as a purchase, changed since the last judgement
    new_rules: tuple[str, ...] = ()


def judge(rows: NDArray, rules: Rules, *, as_of: int) -> NDArray:
    """Judge customers.

    :param rows: a record array with the facts (see ``models/facts``) and :data:`STATE_COLUMNS`
    :returns: a record array of :data:`RESULT_COLUMNS`, in the order of ``rows``
    """
    out = np.zeros(len(rows), _RESULT_DTYPE)
    out["profile_id"] = rows["profile_id"]
    out["partner_id"] = rows["partner_id"]
    out["policy_id"] = rules.policy_id
    _take_facts(out, rows, rules)
    tier_change = _judge_tier(out, rows, rules, as_of)
    stage_change = _judge_stage(out, rows, rules, as_of)
    _apply_manual(out, rows, as_of)
    out["next_change_date"] = only_after(
        earliest(
            rows["next_event"],
            tier_change,
            stage_change,
            _day_after(out["tier_manual"], rows["manual_tier_until"]),
            _day_after(out["stage_manual"], rows["manual_stage_until"]),
        ),
        as_of,
    )
    _set_moves(out, rows, rules)
    out["tier_since"] = np.where(out["tier_direction"] > 0, as_of, rows["tier_since"])
    out["stage_since"] = np.where(out["stage_direction"] > 0, as_of, rows["stage_since"])
    out["fingerprint"] = digest([out[name] for name, __ in PROFILE_COLUMNS])
    return out


def _take_facts(out: NDArray, rows: NDArray, rules: Rules) -> None:
    money = (
        ("revenue", "revenue"),
        ("revenue_previous", "revenue_previous"),
        ("revenue_life", "revenue_life"),
        ("credited", "credited"),
        ("trend_recent", "recent"),
        ("trend_prior", "prior"),
        ("trend_usual", "long_run"),
    )
    for field, fact in money:
        out[field] = np.round(rows[fact], rules.decimals) + 0.0
    for field, fact in (
        ("first_purchase_date", "first"),
        ("last_purchase_date", "last"),
        ("purchase_count", "purchases"),
        ("purchase_count_life", "purchases_life"),
        ("trend_purchases", "recent_purchases"),
        ("invoice_count", "invoices"),
        ("credit_note_count", "credit_notes"),
    ):
        out[field] = rows[fact]
    out["mean_interval"] = _mean_interval(rows["first"], rows["last"], rows["purchases_life"])
    out["recent_interval"] = _mean_interval(rows["window_first"], rows["last"], rows["purchases"])
    interval = rhythm.shrunk_interval(
        rows["first"], rows["last"], rows["purchases_life"], rules.median_interval
    )
    out["expected_interval"] = np.nan_to_num(interval)


def _mean_interval(first: NDArray, last: NDArray, purchases: NDArray) -> NDArray:
    """Days between purchases, to two decimals; 0 with fewer than two."""
    repeat = purchases >= 2
    span = np.where(repeat, last.astype(np.int64) - first, 0)
    return np.round(span / np.maximum(purchases - 1, 1), 2)


def _judge_tier(out: NDArray, rows: NDArray, rules: Rules, as_of: int) -> NDArray:
    """Fill in levels, score and computed tier; the next day on which time alone changes them."""
    policy = rules.policy
    interval = np.where(has_date(rows["last"]), out["expected_interval"], np.nan)
    scores = scoring.score(
        rows["last"],
        rows["purchases"],
        out["revenue"],
        as_of=as_of,
        policy=policy,
        interval=interval,
    )
    out["recency_level"] = scores.recency_level
    out["frequency_level"] = scores.frequency_level
    out["monetary_level"] = scores.money_level
    out["value_score"] = scores.score

    tier_ids = np.array([rule.id for rule in policy.tiers], np.int32)
    previous = _position(rows["computed_tier_id"], tier_ids)
    decision = tiers.decide(
        scores.score,
        has_date(rows["last"]),
        previous,
        rows["tier_below_since"],
        as_of=as_of,
        policy=policy,
    )
    out["computed_tier_id"] = np.where(
        decision.tier_index == tiers.NO_TIER, 0, tier_ids[decision.tier_index]
    )
    out["tier_below_since"] = decision.below_since
    out["tier_move"] = decision.reason
    moved = np.isin(
        decision.reason,
        (tiers.TierReason.FIRST, tiers.TierReason.RAISED, tiers.TierReason.LOWERED),
    )
    # What is stored is a standing: judged again, it must read the same.
    out["tier_reason"] = np.where(moved, tiers.TierReason.KEPT, decision.reason)
    return earliest(
        scoring.next_recency_change(rows["last"], as_of=as_of, policy=policy, interval=interval),
        tiers.dwell_end(decision.below_since, policy),
    )


def _judge_stage(out: NDArray, rows: NDArray, rules: Rules, as_of: int) -> NDArray:
    """Fill in trend and computed stage; the next day on which time alone changes them."""
    stage_ids = np.array(rules.stage_ids, np.int32)
    facts = lifecycle.StageFacts(
        first=rows["first"],
        last=rows["last"],
        purchases=rows["purchases_life"],
        interval=np.where(has_date(rows["last"]), out["expected_interval"], np.nan),
        recent=out["trend_recent"],
        prior=out["trend_prior"],
        long_run=out["trend_usual"],
        recent_purchases=out["trend_purchases"],
    )
    decision = lifecycle.decide(
        facts,
        _position(rows["computed_stage_id"], stage_ids),
        as_of=as_of,
        company_first=rules.company_first,
        market=rules.market,
        limits=rules.limits,
    )
    out["computed_stage_id"] = stage_ids[decision.stage]
    out["stage_reason"] = decision.reason
    out["trend_known"] = decision.trend_known
    out["trend_ratio"] = np.nan_to_num(decision.trend_ratio)
    return lifecycle.next_change(
        facts, decision.stage, as_of=as_of, company_first=rules.company_first, limits=rules.limits
    )


def _apply_manual(out: NDArray, rows: NDArray, as_of: int) -> None:
    """What a person decided outranks what was computed, until its last day."""
    for kind, shown in (("tier", "value_tier_id"), ("stage", "lifecycle_stage_id")):
        until = rows[f"manual_{kind}_until"]
        chosen = rows[f"manual_{kind}_id"]
        manual = (chosen > 0) & (~has_date(until) | (until >= as_of))
        out[f"{kind}_manual"] = manual
        out[shown] = np.where(manual, chosen, out[f"computed_{kind}_id"])


def _day_after(concerned: NDArray, day: NDArray) -> NDArray:
    return np.where(concerned & has_date(day), day + 1, NO_DATE)


def _set_moves(out: NDArray, rows: NDArray, rules: Rules) -> None:
    """Say of each customer whose tier or stage is another one than before how and why it moved."""
    tier_rank = {rule.id: rank for rank, rule in enumerate(rules.policy.tiers)}
    stages = lifecycle.Stage
    # Up is away from loss. Potential, not yet a customer, is less than new and more than declining.
    order = (
        stages.GROWTH,
        stages.MATURITY,
        stages.INTRODUCTION,
        stages.POTENTIAL,
        stages.DECLINE,
        stages.LOST,
    )
    stage_rank = {rules.stage_ids[stage]: rank for rank, stage in enumerate(order)}
    for kind, shown, rank in (
        ("tier", "value_tier_id", tier_rank),
        ("stage", "lifecycle_stage_id", stage_rank),
    ):
        before, after = rows[shown], out[shown]
        moved = before != after
        out[f"{kind}_from"] = before
        rank_before, rank_after = _ranks(before, rank), _ranks(after, rank)
        direction = np.where(rank_after < rank_before, Direction.UP, Direction.DOWN)
        direction = np.where(after == 0, Direction.NONE, direction)
        direction = np.where(before == 0, Direction.FIRST, direction)
        out[f"{kind}_direction"] = np.where(moved, direction, Direction.STAYED)
        new_policy = (rows["policy_id"] != rules.policy_id) & (kind == "tier")
        cause = np.where(new_policy | (kind in rules.new_rules), Cause.POLICY, Cause.FACTS)
        cause = np.where(before == 0, Cause.FIRST, cause)
        cause = np.where(rows[f"{kind}_manual"] & ~out[f"{kind}_manual"], Cause.MANUAL_END, cause)
        out[f"{kind}_cause"] = np.where(out[f"{kind}_manual"], Cause.MANUAL, cause)


def _position(ids: NDArray, known: NDArray) -> NDArray[np.int8]:
    """The position of each id among the known ones; -1 where it is none of them."""
    position = np.full(len(ids), -1, np.int8)
    for index, known_id in enumerate(known):
        position[ids == known_id] = index
    return position


def _ranks(ids: NDArray, rank: dict[int, int]) -> NDArray[np.int64]:
    """Ranks of records; what the present policy does not know ranks last."""
    ranks = np.full(len(ids), len(rank), np.int64)
    for record_id, value in rank.items():
        ranks[ids == record_id] = value
    return ranks
