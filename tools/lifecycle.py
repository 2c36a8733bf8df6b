"""Lifecycle stage from a customer's own rhythm, age and year-over-year trend.

With ``silence = days since last / interval`` and ``ratio = (recent + k) / (prior * market + k)``,
where ``recent`` and ``prior`` are the net amounts of the last window and of the same window 52
weeks before, ``market`` the company's own recent / prior, and ``k`` a share of the customer's usual
spend per window, the first line that holds decides::

    potential      never purchased
    lost           silence > lost_silence, and at least lost_min_days
    introduction   fewer than introduction_purchases, or first purchase < introduction_days ago
    decline        silence > decline_silence, and at least decline_min_days;
                   or ratio <= decline_ratio
    growth         ratio >= growth_ratio, on at least growth_min_purchases in the window
    maturity       the rest

A decline is left only when silence is below ``leave_silence`` (or ``decline_min_days``) *and* the
ratio is above ``decline_ratio + leave_margin``; growth only when the ratio is below
``growth_ratio - leave_margin``. Without enough history the ratio is unknown (NaN): silence and age
alone decide, and the reason says so.

Nothing here drifts from day to day but silence, age and the length of history, whose crossings are
known beforehand (:func:`next_change`). ``market`` and the median behind ``interval`` are therefore
frozen per calendar month by the caller, and the usual spend comes from a sum over a window, not
over a lifetime. The stage is a description, not a forecast.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .dates import NO_DATE, DayArray, as_days, earliest, has_date, only_after
from .lifecycle_limits import YEAR_DAYS, LifecycleLimits
from .rhythm import first_day_reaching, last_day_within, silence

__all__ = [
    "NO_STAGE",
    "YEAR_DAYS",
    "Crossings",
    "LifecycleLimits",
    "Stage",
    "StageDecision",
    "StageFacts",
    "StageReason",
    "crossings",
    "decide",
    "market_index",
    "next_change",
    "trend_ratio",
]

NO_STAGE = -1
RATIO_DECIMALS = 4  # what is shown is what was compared
MAX_RATIO = 999.0

_NEVER = np.int64(2**62)


class Stage(IntEnum):
    POTENTIAL = 0
    INTRODUCTION = 1
    GROWTH = 2
    MATURITY = 3
    DECLINE = 4
    LOST = 5


class StageReason(IntEnum):
    """Which line of the rule decided."""

    NO_PURCHASE = 0
    LOST_SILENCE = 1
    FEW_PURCHASES = 2
    NEW_CUSTOMER = 3
    DECLINE_SILENCE = 4
    DECLINE_TREND = 5
    DECLINE_KEPT_SILENCE = 6  # was in decline, silence not yet below leave_silence
    DECLINE_KEPT_TREND = 7  # was in decline, ratio not yet above decline_ratio + leave_margin
    GROWTH_TREND = 8
    GROWTH_KEPT = 9  # was growing, ratio not yet below growth_ratio - leave_margin
    STEADY = 10
    GROWTH_UNPROVEN = 11  # ratio of growth, resting on too few purchases
    TREND_UNKNOWN = 12  # mature as far as silence tells; too little history for a trend


_STAGE_OF_REASON = np.array(
    [
        Stage.POTENTIAL,
        Stage.LOST,
        Stage.INTRODUCTION,
        Stage.INTRODUCTION,
        Stage.DECLINE,
        Stage.DECLINE,
        Stage.DECLINE,
        Stage.DECLINE,
        Stage.GROWTH,
        Stage.GROWTH,
        Stage.MATURITY,
        Stage.MATURITY,
        Stage.MATURITY,
    ],
    np.int8,
)


class StageFacts(NamedTuple):
    """What was known of each customer on the day of the judgement; arrays of one length.

    Amounts are net, in company currency. ``recent``: the last ``window_days``, that is
    ``as_of - window_days < day <= as_of``; ``prior``: the same days moved back by ``YEAR_DAYS``;
    ``long_run``: the last ``long_run_days``.
    """

    first: ArrayLike  # days; NO_DATE without a purchase
    last: ArrayLike
    purchases: ArrayLike  # purchase days in life
    interval: ArrayLike  # days, from rhythm.shrunk_interval
    recent: ArrayLike
    prior: ArrayLike
    long_run: ArrayLike
    recent_purchases: ArrayLike | None = None  # purchase days in the last window; None: not checked


class StageDecision(NamedTuple):
    """One element per customer. ``silence`` and ``trend_ratio`` are NaN where there is none."""

    stage: NDArray[np.int8]
    reason: NDArray[np.int8]
    silence: NDArray[np.float64]
    trend_ratio: NDArray[np.float64]
    trend_known: NDArray[np.bool_]


class Crossings(NamedTuple):
    """First day on which each line of the rule holds when nothing more is bought."""

    lost: NDArray[np.int64]
    decline: NDArray[np.int64]
    decline_kept: NDArray[np.int64]
    established: NDArray[np.int64]  # no longer new
    trend: NDArray[np.int64]  # enough history


def market_index(recent: float, prior: float) -> float:
    """The company's own recent / prior; 1 when one of them is no amount to compare with."""
    if recent > 0 and prior > 0:
        return recent / prior
    return 1.0


def trend_ratio(
    recent: ArrayLike,
    prior: ArrayLike,
    long_run: ArrayLike,
    *,
    market: ArrayLike,
    limits: LifecycleLimits,
) -> NDArray[np.float64]:
    """Year-over-year ratio against the market, to four decimals, at most ``MAX_RATIO``.

    Negative amounts (more credited than sold) count as nothing sold. NaN where nothing at all was
    sold in any of the windows.
    """
    share = limits.prior_weight * limits.window_days / limits.long_run_days
    usual = share * np.maximum(np.asarray(long_run, np.float64), 0.0)
    above = np.maximum(np.asarray(recent, np.float64), 0.0) + usual
    below = np.maximum(np.asarray(prior, np.float64), 0.0) * market + usual
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.round(np.minimum(above / below, MAX_RATIO), RATIO_DECIMALS)


def decide(
    facts: StageFacts,
    previous: ArrayLike,
    *,
    as_of: int,
    company_first: ArrayLike,
    market: ArrayLike,
    limits: LifecycleLimits,
) -> StageDecision:
    """Judge the stage of customers.

    :param previous: the computed stage so far, ``NO_STAGE`` for none
    :param company_first: day of the company's first posted document, ``NO_DATE`` for none
    :param market: from :func:`market_index`, frozen per month; one for all or one each
    """
    steps = crossings(facts, company_first, limits)
    ratio = trend_ratio(facts.recent, facts.prior, facts.long_run, market=market, limits=limits)
    known = has_date(facts.last) & (as_of >= steps.trend) & ~np.isnan(ratio)
    ratio = np.where(known, ratio, np.nan)
    reason = _reason(facts, np.asarray(previous), steps, ratio, as_of, limits)
    return StageDecision(
        _STAGE_OF_REASON[reason],
        reason,
        silence(facts.last, facts.interval, as_of),
        ratio,
        known,
    )


def next_change(
    facts: StageFacts,
    stage: ArrayLike,
    *,
    as_of: int,
    company_first: ArrayLike,
    limits: LifecycleLimits,
    next_window_event: ArrayLike = NO_DATE,
) -> DayArray:
    """First day after ``as_of`` on which time alone can change the decision; ``NO_DATE``: never.

    :param stage: as decided on ``as_of``
    :param next_window_event: the first day on which an amount enters or leaves one of the windows;
        the caller knows the documents
    """
    steps = crossings(facts, company_first, limits)
    bought = has_date(facts.last)
    in_decline = np.asarray(stage) == Stage.DECLINE
    change = np.full(bought.shape, _NEVER)
    for step, concerned in (
        (steps.lost, bought),
        (steps.decline, bought),
        (steps.decline_kept, bought & in_decline),
        (steps.established, bought),
        (steps.trend, bought),
    ):
        np.minimum(change, step, out=change, where=concerned & (step > as_of))
    return earliest(as_days(change), only_after(next_window_event, as_of))


def crossings(facts: StageFacts, company_first: ArrayLike, limits: LifecycleLimits) -> Crossings:
    """When silence, age and history alone carry customers over each line of the rule."""
    first = np.asarray(facts.first, np.int64)
    last = np.asarray(facts.last, np.int64)
    company_first = np.asarray(company_first, np.int64)
    interval = facts.interval
    decline = last_day_within(limits.decline_silence, interval) + 1
    lost = last_day_within(limits.lost_silence, interval) + 1
    kept = first_day_reaching(limits.leave_silence, interval)
    return Crossings(
        lost=last + np.maximum(lost, limits.lost_min_days),
        decline=last + np.maximum(decline, limits.decline_min_days),
        decline_kept=last + np.maximum(kept, limits.decline_min_days),
        established=first + limits.introduction_days,
        trend=np.where(
            has_date(company_first),
            np.maximum(
                first + limits.trend_min_customer_days,
                company_first + limits.trend_min_company_days,
            ),
            _NEVER,
        ),
    )


def _reason(
    facts: StageFacts,
    previous: NDArray,
    steps: Crossings,
    ratio: NDArray[np.float64],
    as_of: int,
    limits: LifecycleLimits,
) -> NDArray[np.int8]:
    """The rule, from its last line to its first: a later assignment outranks an earlier one."""
    growing = previous == Stage.GROWTH
    declining = previous == Stage.DECLINE
    few = _few_purchases(facts, limits)
    stay_growth = round(limits.growth_ratio - limits.leave_margin, RATIO_DECIMALS)
    stay_decline = round(limits.decline_ratio + limits.leave_margin, RATIO_DECIMALS)
    why = StageReason
    reason = np.full(np.shape(ratio), why.STEADY, np.int8)
    reason[np.isnan(ratio)] = why.TREND_UNKNOWN
    reason[growing & ~few & (ratio >= stay_growth)] = why.GROWTH_KEPT
    reason[ratio >= limits.growth_ratio] = why.GROWTH_TREND
    reason[few & (ratio >= limits.growth_ratio)] = why.GROWTH_UNPROVEN
    reason[declining & (ratio <= stay_decline)] = why.DECLINE_KEPT_TREND
    reason[declining & (as_of >= steps.decline_kept)] = why.DECLINE_KEPT_SILENCE
    reason[ratio <= limits.decline_ratio] = why.DECLINE_TREND
    reason[as_of >= steps.decline] = why.DECLINE_SILENCE
    reason[as_of < steps.established] = why.NEW_CUSTOMER
    reason[np.asarray(facts.purchases) < limits.introduction_purchases] = why.FEW_PURCHASES
    reason[as_of >= steps.lost] = why.LOST_SILENCE
    reason[~has_date(facts.last)] = why.NO_PURCHASE
    return reason


def _few_purchases(facts: StageFacts, limits: LifecycleLimits) -> NDArray[np.bool_]:
    """Whether the last window holds too few purchases for a growth to rest on."""
    if facts.recent_purchases is None:
        return np.zeros(np.shape(facts.last), bool)
    return np.asarray(facts.recent_purchases) < limits.growth_min_purchases
