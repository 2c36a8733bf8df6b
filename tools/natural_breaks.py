"""Natural breaks: the classes of a list of numbers that lie closest around their own means.

Of all ways to cut sorted values into ``k`` classes, the one with the least sum of squared distances
from each value to its class's mean. Equal values are one point with a weight, so a class never ends
within a crowd of equals. Found exactly, by dynamic programming over the end of the last class: W. D.
Fisher, "On Grouping for Maximum Homogeneity", Journal of the American Statistical Association 53
(1958), 789-798; used for maps by G. F. Jenks (1977), hence "Fisher-Jenks".

The table is square in the number of points. More than :data:`MOST_POINTS` different values are first
put on an even grid of so many steps between the least and the greatest, each step standing where the
mean of its values lies: a cut is then off by less than one step.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_POINTS = 1_000


def natural_breaks(values: ArrayLike, classes: int) -> tuple[float, ...]:
    """The least value of each class but the first, increasing.

    Fewer than ``classes - 1`` where there are not so many different values.

    :raises ValueError: without a value, or with less than one class
    """
    values = np.asarray(values, np.float64)
    if classes < 1 or not values.size:
        raise ValueError("needs a value and a class")
    points, weights, least = _points(values)
    starts = _starts(points, weights, min(classes, len(points)))
    return tuple(float(value) for value in least[starts[1:]])


def spread(values: ArrayLike, breaks: ArrayLike) -> float:
    """The sum of squared distances to the class's mean: what natural breaks make least."""
    values = np.asarray(values, np.float64)
    members = np.searchsorted(np.asarray(breaks, np.float64), values, side="right")
    return float(
        sum(
            np.square(values[members == each] - values[members == each].mean()).sum()
            for each in np.unique(members)
        )
    )


def _points(values: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Where the points lie, how much each weighs, and the least value that it stands for."""
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= MOST_POINTS:
        return distinct, counts.astype(np.float64), distinct
    width = (distinct[-1] - distinct[0]) / MOST_POINTS
    step = np.minimum((distinct - distinct[0]) // width, MOST_POINTS - 1).astype(np.int64)
    first = np.flatnonzero(np.diff(step, prepend=-1))
    weights = np.add.reduceat(counts, first).astype(np.float64)
    means = np.add.reduceat(distinct * counts, first) / weights
    return means, weights, distinct[first]


def _starts(points: NDArray, weights: NDArray, classes: int) -> list[int]:
    """The position of the first point of each class."""
    count = len(points)
    centred = points - np.average(points, weights=weights)  # small numbers: sums stay exact
    weight = np.concatenate([[0.0], np.cumsum(weights)])
    total = np.concatenate([[0.0], np.cumsum(weights * centred)])
    square = np.concatenate([[0.0], np.cumsum(weights * centred**2)])
    # cost[first, end]: the spread of one class of the points first .. end - 1
    begin, end = np.ogrid[:count, 1 : count + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = (
            square[end]
            - square[begin]
            - (total[end] - total[begin]) ** 2 / (weight[end] - weight[begin])
        )
    cost = np.where(begin < end, np.maximum(cost, 0.0), np.inf)
    best = cost[0]  # of the first end points in one class
    chosen = []
    for __ in range(classes - 1):
        before = np.concatenate([[np.inf], best[:-1]])  # by where the last class begins
        options = before[:, None] + cost
        chosen.append(options.argmin(axis=0))
        best = options[chosen[-1], np.arange(count)]
    starts = []
    last = count
    for choice in reversed(chosen):
        last = int(choice[last - 1])
        starts.append(last)
    return [0, *reversed(starts)]
