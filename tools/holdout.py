"""Does writing help? Some who would have got a message are held out, and both groups are compared.

Who is held out follows from the program and the customer alone, so it never changes: a customer is
in the same group however often it is looked at, and raising the share only adds to those held out.
"""

from enum import Enum
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

#: Places of a hundred percent that a share is drawn in.
_PLACES = 10_000
_CONFIDENCE = 0.95
_POWER = 0.8
#: Below so many in a group nothing is said: intervals of so few are wider than any effect.
LEAST = 30


def held_out(program: int, customers: np.ndarray, percent: float) -> np.ndarray:
    """Which of ``customers`` (ids) a program holds out."""
    return _places(program, customers) < round(percent * _PLACES / 100)


def _places(program: int, customers: np.ndarray) -> np.ndarray:
    """A place from 0 to 9,999 for each customer: the finalizer of splitmix64, over arrays."""
    seed = (program * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    with np.errstate(over="ignore"):
        mixed = _mixed(np.asarray(customers).astype(np.uint64) ^ _mixed(np.uint64(seed)))
    return mixed % np.uint64(_PLACES)


def _mixed(number):
    with np.errstate(over="ignore"):
        number = number + np.uint64(0x9E3779B97F4A7C15)
        number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return number ^ (number >> np.uint64(31))


class Group(NamedTuple):
    customers: int = 0
    buyers: int = 0
    revenue: float = 0.0
    squares: float = 0.0  # sum of squared revenues, one summand a customer


class Finding(Enum):
    NOBODY_HELD_OUT = "nobody_held_out"
    TOO_FEW = "too_few"
    CANNOT_TELL = "cannot_tell"
    MORE = "more"
    FEWER = "fewer"


class Comparison(NamedTuple):
    """Those written to less those held out: shares of buyers, and revenue for each customer."""

    finding: Finding
    difference: float = 0.0
    low: float = 0.0
    high: float = 0.0
    smallest: float = 0.0  # the difference that this many customers would have shown
    revenue: float = 0.0
    revenue_low: float = 0.0
    revenue_high: float = 0.0


def compare(written: Group, held: Group) -> Comparison:
    if not held.customers:
        return Comparison(Finding.NOBODY_HELD_OUT)
    if min(written.customers, held.customers) < LEAST:
        return Comparison(Finding.TOO_FEW)
    low, high = newcombe(written.buyers, written.customers, held.buyers, held.customers)
    difference = written.buyers / written.customers - held.buyers / held.customers
    finding = Finding.CANNOT_TELL
    if low > 0:
        finding = Finding.MORE
    elif high < 0:
        finding = Finding.FEWER
    revenue, margin = _revenue(written, held)
    return Comparison(
        finding,
        difference,
        low,
        high,
        smallest_difference(held.buyers, held.customers, written.customers),
        revenue,
        revenue - margin,
        revenue + margin,
    )


def wilson(successes: int, size: int, confidence=_CONFIDENCE) -> tuple[float, float]:
    """Wilson's interval for a proportion."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / size
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def newcombe(a: int, m: int, b: int, n: int, confidence=_CONFIDENCE) -> tuple[float, float]:
    """Newcombe's interval (method 10) for ``a / m - b / n``."""
    low_a, high_a = wilson(a, m, confidence)
    low_b, high_b = wilson(b, n, confidence)
    first, second = a / m, b / n
    return (
        first - second - sqrt((first - low_a) ** 2 + (high_b - second) ** 2),
        first - second + sqrt((high_a - first) ** 2 + (second - low_b) ** 2),
    )


def smallest_difference(buyers: int, held: int, written: int, power=_POWER) -> float:
    """The difference of shares that groups of these sizes show in ``power`` of all cases.

    Nobody buying among those held out is taken as one buyer, else nothing would ever be too small.
    """
    normal = NormalDist()
    z = normal.inv_cdf((1 + _CONFIDENCE) / 2) + normal.inv_cdf(power)
    share = min(max(buyers, 1), max(held - 1, 1)) / held
    return z * sqrt(share * (1 - share) * (1 / held + 1 / written))


def _revenue(written: Group, held: Group) -> tuple[float, float]:
    """The difference of revenue for each customer, and how far it may be off (Welch)."""
    z = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)
    variance = 0.0
    for group in (written, held):
        mean = group.revenue / group.customers
        spread = max(group.squares / group.customers - mean * mean, 0.0)
        variance += spread / max(group.customers - 1, 1)
    difference = written.revenue / written.customers - held.revenue / held.customers
    return difference, z * sqrt(variance)
