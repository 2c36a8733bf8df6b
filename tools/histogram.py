"""How many customers have which value, on a scale on which each doubling takes as much room.

Batches are counted finely and added up (:func:`counted`, :func:`added`); only at the end, when the
range is known, do the counts become bars (:func:`bars`). Memory is bounded by the scale, not by the
customers: a value falls in one of :data:`PER_DOUBLING` steps of its doubling.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

PER_DOUBLING = 16
#: The scale reaches from 2**-30 to 2**50; what lies beyond is counted at its end.
_LEAST, _MOST = -30 * PER_DOUBLING, 50 * PER_DOUBLING
#: Share of customers at each end that may lie in one bar: a single giant does not make the rest a spike.
TAIL = 0.005


class Bar(NamedTuple):
    """Customers whose value lies in ``low <= value < high``; the outermost take what is beyond."""

    low: float
    high: float
    customers: int


def counted(values: ArrayLike) -> dict[int, int]:
    """Customers for each step of the scale. Values of zero or less, and NaN, are not on it."""
    values = np.asarray(values, np.float64)
    values = values[values > 0]
    steps = np.floor(np.log2(values) * PER_DOUBLING + 1e-9).clip(_LEAST, _MOST).astype(np.int64)
    return {int(s): int(n) for s, n in zip(*np.unique(steps, return_counts=True), strict=True)}


def added(*counts: dict[int, int]) -> dict[int, int]:
    """The counts of all batches together."""
    total: dict[int, int] = {}
    for each in counts:
        for step, customers in each.items():
            total[step] = total.get(step, 0) + customers
    return total


def bars(counts: dict[int, int], most: int = 24, *, whole: bool = False) -> list[Bar]:
    """At most so many bars, of equal width on the scale; every customer is in one of them.

    :param whole: values are whole numbers, so a bar without one would only be a gap: such bars join
        the next
    """
    if not counts:
        return []
    steps = np.array(sorted(counts))
    customers = np.array([counts[step] for step in steps])
    reached = np.cumsum(customers) / customers.sum()
    low = int(steps[np.searchsorted(reached, TAIL)])
    high = int(steps[np.searchsorted(reached, 1 - TAIL)]) + 1
    width = max(1, math.ceil((high - low) / most))
    edges = list(range(low, high, width))
    values = [2.0 ** (edge / PER_DOUBLING) for edge in [*edges, edges[-1] + width]]
    if whole:
        kept = [
            n
            for n, (value, after) in enumerate(pairwise(values))
            if math.ceil(value - 1e-9) < after - 1e-9
        ]
        edges = [edges[n] for n in kept]
        values = [float(math.ceil(values[n] - 1e-9)) for n in kept] + [
            float(math.ceil(values[-1] - 1e-9))
        ]
    place = np.clip(np.searchsorted(edges, steps, side="right") - 1, 0, None)
    totals = np.bincount(place, weights=customers, minlength=len(edges)).astype(np.int64)
    return [Bar(values[n], values[n + 1], int(total)) for n, total in enumerate(totals)]
