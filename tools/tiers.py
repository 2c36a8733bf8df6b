"""Score and previous tier -> value tier. Up at once; down only below a keep score and after a wait.

With previous tier ``p`` and score ``s``, in this order::

    no purchase ever                        no tier, at once
    no previous tier                        the tier that s reaches
    s >= threshold of a tier above p        that tier, at once
    s >= keep[p]                            p; a wait that was running is over
    below keep[p] for < dwell_days          p; the wait runs since below_since
    below keep[p] for >= dwell_days         the tier that s reaches

A tier is its position in the policy, 0 the highest; ``NO_TIER`` is none. Judging the same facts
again on the same day moves nobody.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .dates import NO_DATE, DayArray, as_days, has_date
from .value_policy import ValuePolicy

NO_TIER = -1


class TierReason(IntEnum):
    """Why a judgement ended as it did.

    ``FIRST``, ``RAISED``, ``LOWERED`` tell of a change and are not repeated by a second judgement;
    the others describe a standing.
    """

    NONE = 0  # no purchase ever
    FIRST = 1  # had no tier before
    RAISED = 2
    KEPT = 3  # reaches its tier's threshold
    KEPT_BY_MARGIN = 4  # below the threshold, not below the keep score
    WAITING = 5  # below the keep score, dwell time not over
    LOWERED = 6


class TierDecision(NamedTuple):
    """One element per customer. ``below_since`` is to be stored and handed back next time."""

    tier_index: NDArray[np.int8]
    below_since: DayArray
    reason: NDArray[np.int8]


def tier_reached(score: ArrayLike, policy: ValuePolicy) -> NDArray[np.int8]:
    """The highest tier whose threshold a score reaches (thresholds are inclusive)."""
    score = np.asarray(score, np.float64)
    reached = np.full(score.shape, len(policy.tiers), np.int8)
    for rule in policy.tiers:
        reached -= score >= rule.threshold
    return reached


def decide(
    score: ArrayLike,
    has_purchase: ArrayLike,
    previous_tier: ArrayLike,
    below_since: ArrayLike,
    *,
    as_of: int,
    policy: ValuePolicy,
) -> TierDecision:
    """Judge the tier of customers.

    :param score: 0..100, from :func:`scoring.score`
    :param has_purchase: whether there was ever a purchase
    :param previous_tier: position of the computed tier so far, ``NO_TIER`` for none
    :param below_since: as the previous decision returned it, ``NO_DATE`` for none
    :raises ValueError: when a previous tier is no position in this policy
    """
    score = np.asarray(score, np.float64)
    bought = np.asarray(has_purchase, bool)
    previous = np.asarray(previous_tier)
    if previous.size and not NO_TIER <= previous.min() <= previous.max() < len(policy.tiers):
        raise ValueError(f"previous tiers must lie in {NO_TIER}..{len(policy.tiers) - 1}")
    previous = previous.astype(np.int8)
    reached = np.where(bought, tier_reached(score, policy), np.int8(NO_TIER))
    fresh = previous == NO_TIER
    held = bought & ~fresh  # the last element of keep is met by NO_TIER, and masked here
    below = held & (score < np.array([rule.keep for rule in policy.tiers])[previous])

    since = np.asarray(below_since, np.int64)
    since = np.where(below, np.where(has_date(since), since, as_of), NO_DATE)
    lowered = below & (as_of - since >= policy.dwell_days)
    waiting = below & ~lowered
    stays = held & (reached > previous) & ~lowered
    tier = np.where(stays, previous, reached)

    reason = np.full(score.shape, TierReason.KEPT, np.int8)
    reason[stays] = TierReason.KEPT_BY_MARGIN
    reason[waiting] = TierReason.WAITING
    reason[lowered] = TierReason.LOWERED
    reason[held & (reached < previous)] = TierReason.RAISED
    reason[bought & fresh] = TierReason.FIRST
    reason[~bought] = TierReason.NONE
    return TierDecision(tier, as_days(np.where(waiting, since, NO_DATE)), reason)


def dwell_end(below_since: ArrayLike, policy: ValuePolicy) -> DayArray:
    """The day on which a running wait ends in a lower tier; ``NO_DATE`` where none runs."""
    since = np.asarray(below_since, np.int64)
    return as_days(np.where(has_date(since), since + policy.dwell_days, NO_DATE))
