"""What a customer buys on, inferred from what it does: evidence in, a focus or *unknown* out.

How it works
------------
A *signal* is something a customer does that speaks for one focus. Each has a strength of 0 to 1, in
which 0 is what is ordinary in this company, and a number of observations it was taken from:

=====================  ==========  ==========================================  ====================
signal                 speaks for  strength                                    observations
=====================  ==========  ==========================================  ====================
pays above others      quality     place of its prices among those of the      lines compared
                                   category's products, by spend, beyond the
                                   company's
pays below others      price       the same below it                           lines compared
buys discounted        price       share of its lines beyond the company's     lines
buys more discounted   price       ``log2`` of quantity with a discount over   pairs of lines of one
                                   quantity without, 1 at the double           product
wants it soon          delivery    share of urgent orders beyond the           orders with a
                                   company's                                   requested day
buys widely            range       ``log2`` of its effective number of         lines
                                   categories over what three quarters of the
                                   customers do not exceed, 1 at the double
complains, praises     each        share of what it said that is about it      what it said, weighted
=====================  ==========  ==========================================  ====================

Every strength is drawn towards the ordinary by ``prior_weight`` observations: ``s * n / (n + w)``. The
signals of one focus add up as independent reasons do, so that more reasons never make less::

    score      = 100 * (1 - product of (1 - s n / (n + w)))
    evidence   = sum of n           over the signals with s > 0
    confidence = 1 - product of w / (n + w)       over the same

The answer is the focus with the highest score, if its evidence and its score reach their limits and
it leads by the margin; otherwise it is *unknown*, with the reason. A focus once held is left only
when another answer has stood for ``hold_days`` (:func:`hold`).

*Beyond* the ordinary share ``o`` is ``(share - o) / (1 - o)``: all that is left beyond it is 1. Places
and shares have no unit: money may be counted in any currency, goods in any unit.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from .demand_limits import DemandLimits

#: No focus: the evidence does not suffice for one.
UNKNOWN = -1
#: Nobody leads against the focus held.
NOBODY = -2


class Signal(IntEnum):
    PAYS_MORE = 0
    PAYS_LESS = 1
    DISCOUNTED = 2
    LIFT = 3
    RUSH = 4
    BREADTH = 5
    VOICE = 6


#: Which focus, by code, a signal speaks for; what is said speaks for the focus it is about.
SPEAKS_FOR = {
    Signal.PAYS_MORE: "quality",
    Signal.PAYS_LESS: "price",
    Signal.DISCOUNTED: "price",
    Signal.LIFT: "price",
    Signal.RUSH: "delivery",
    Signal.BREADTH: "range",
}


class Reason(IntEnum):
    """Why the answer is what it is."""

    CLEAR = 0
    NOTHING_SPEAKS = 1  # it does only what is ordinary, or nothing at all
    TOO_LITTLE = 2  # evidence below its limit
    TOO_WEAK = 3  # score below its limit
    TOO_CLOSE = 4  # lead below the margin
    HELD = 5  # another answer has not stood for long enough


class Evidence(NamedTuple):
    """What customers did in the window: one element per customer, NaN where it cannot be said."""

    position: np.ndarray
    compared: np.ndarray
    discounted: np.ndarray
    lines: np.ndarray
    lift: np.ndarray
    pairs: np.ndarray
    rush: np.ndarray
    orders: np.ndarray
    breadth: np.ndarray
    voices: np.ndarray  # customers x foci: complaints and praise
    voices_all: np.ndarray  # those about no focus included


class Norm(NamedTuple):
    """What is ordinary in this company."""

    place: float  # of the prices that the median customer pays, among comparable products
    discounted: float  # of lines
    rush: float  # of orders
    breadth: float  # which three quarters of the customers do not exceed; 0 where nobody bought


class Scores(NamedTuple):
    """Customers x foci."""

    score: np.ndarray
    evidence: np.ndarray
    confidence: np.ndarray


class Standing(NamedTuple):
    """The focus held, who leads against it, since which day. Foci by their column."""

    focus: np.ndarray
    rival: np.ndarray
    since: np.ndarray  # days, 0 where nobody leads


def place_among(values, ascending) -> np.ndarray:
    """Where values lie among others, 0 to 1; in the middle of those that are equal. NaN stays NaN."""
    values, ascending = np.asarray(values, float), np.asarray(ascending, float)
    if not len(ascending):
        return np.full(values.shape, np.nan)
    below = np.searchsorted(ascending, values, "left")
    not_above = np.searchsorted(ascending, values, "right")
    return np.where(np.isnan(values), np.nan, (below + not_above) / (2 * len(ascending)))


def signals(evidence: Evidence, norm: Norm, limits: DemandLimits) -> dict:
    """Per signal its strength and its number of observations; voice has a column per focus."""
    lines, compared = evidence.lines.astype(float), evidence.compared.astype(float)
    said = evidence.voices_all.astype(float)
    return {
        Signal.PAYS_MORE: (_beyond(evidence.position, norm.place), compared),
        Signal.PAYS_LESS: (_beyond(1 - evidence.position, 1 - norm.place), compared),
        Signal.DISCOUNTED: (
            _beyond(evidence.discounted / np.maximum(lines, 1), norm.discounted),
            lines,
        ),
        Signal.LIFT: (_strength(evidence.lift), evidence.pairs.astype(float)),
        Signal.RUSH: (
            _beyond(evidence.rush / np.maximum(evidence.orders, 1), norm.rush),
            evidence.orders.astype(float),
        ),
        Signal.BREADTH: (_strength(_doublings(evidence.breadth, norm.breadth)), lines),
        Signal.VOICE: (
            _strength(evidence.voices / np.maximum(said, 1)[:, None]),
            said * limits.voice_weight,
        ),
    }


def score(evidence: Evidence, norm: Norm, foci: tuple[str, ...], limits: DemandLimits) -> Scores:
    """How much speaks for each focus.

    :param foci: the codes of the columns; one without a signal of its own has what is said alone
    """
    count = len(evidence.lines)
    against = np.ones((count, len(foci)))
    unsure = np.ones((count, len(foci)))
    observed = np.zeros((count, len(foci)))
    for signal, (strength, number) in signals(evidence, norm, limits).items():
        for column, code in enumerate(foci):
            if signal is Signal.VOICE:
                speaks = strength[:, column]
            elif SPEAKS_FOR[signal] == code:
                speaks = strength
            else:
                continue
            weight = limits.prior_weight
            against[:, column] *= 1 - speaks * number / (number + weight)
            heard = np.where(speaks > 0, number, 0.0)
            unsure[:, column] *= weight / (heard + weight)
            observed[:, column] += heard
    return Scores(100 * (1 - against), observed, 1 - unsure)


def answer(scores: Scores, limits: DemandLimits) -> tuple[np.ndarray, np.ndarray]:
    """The focus that the evidence allows to name, or :data:`UNKNOWN`; and the :class:`Reason`."""
    count, width = scores.score.shape
    if not width:
        return np.full(count, UNKNOWN), np.full(count, Reason.NOTHING_SPEAKS)
    rows = np.arange(count)
    best = scores.score.argmax(axis=1)
    top = scores.score[rows, best]
    reason = np.select(
        [
            top <= 0,
            scores.evidence[rows, best] < limits.min_evidence,
            top < limits.min_score,
            _lead(scores.score, best) < limits.margin,
        ],
        [Reason.NOTHING_SPEAKS, Reason.TOO_LITTLE, Reason.TOO_WEAK, Reason.TOO_CLOSE],
        Reason.CLEAR,
    )
    return np.where(reason == Reason.CLEAR, best, UNKNOWN), reason


def hold(
    scores: Scores, before: Standing, as_of: int, limits: DemandLimits
) -> tuple[Standing, np.ndarray]:
    """What is held from this day on, and why.

    From unknown to a focus at once. A focus is left when another answer (unknown is one) has been
    the same for ``hold_days``; as long as it still suffices and nobody leads it by the margin, it
    has no rival.
    """
    found, reason = answer(scores, limits)
    held = before.focus != UNKNOWN
    kept = held & ((found == before.focus) | _still_stands(scores, before.focus, limits))
    contested = held & ~kept
    since = np.where(contested, np.where(before.rival == found, before.since, as_of), 0)
    waits = contested & (as_of - since < limits.hold_days)
    focus = np.where(kept | waits, before.focus, found)
    reason = np.where(
        waits, Reason.HELD, np.where(kept & (found != before.focus), Reason.CLEAR, reason)
    )
    return Standing(focus, np.where(waits, found, NOBODY), np.where(waits, since, 0)), reason


def _still_stands(scores: Scores, focus: np.ndarray, limits: DemandLimits) -> np.ndarray:
    """Whether a held focus suffices by itself and nobody leads it by the margin."""
    if not scores.score.shape[1]:
        return np.zeros(len(focus), bool)
    rows, column = np.arange(len(focus)), np.maximum(focus, 0)
    own = scores.score[rows, column]
    return (
        (own >= limits.min_score)
        & (scores.evidence[rows, column] >= limits.min_evidence)
        & (scores.score.max(axis=1) - own < limits.margin)
    )


def _lead(score: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Points between the best and the second; all of them where there is no second."""
    rows = np.arange(len(score))
    others = score.copy()
    others[rows, best] = 0.0
    return score[rows, best] - others.max(axis=1)


def _strength(raw: np.ndarray) -> np.ndarray:
    return np.clip(np.nan_to_num(raw, nan=0.0), 0.0, 1.0)


def _beyond(share: np.ndarray, ordinary: float) -> np.ndarray:
    """How far a share lies beyond the ordinary one, of what there is beyond it."""
    if ordinary >= 1:
        return np.zeros(len(share))
    return _strength((share - ordinary) / (1 - ordinary))


def _doublings(value: np.ndarray, ordinary: float) -> np.ndarray:
    if ordinary <= 0:
        return np.zeros(len(value))
    return np.log2(np.maximum(np.nan_to_num(value, nan=ordinary), 1e-9) / ordinary)
