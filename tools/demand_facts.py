"""What customers bought, added up per customer: the evidence that :mod:`demand_focus` weighs."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .demand_focus import place_among


class Bought(NamedTuple):
    """One element per (customer, product, kind of unit), in the window.

    ``spend`` and ``quantity`` are net of what was given back; the rest counts lines of sales.
    """

    customer: np.ndarray
    category: np.ndarray
    unit: np.ndarray
    spend: np.ndarray
    quantity: np.ndarray
    lines: np.ndarray
    discounted: np.ndarray
    discounted_quantity: np.ndarray
    plain_quantity: np.ndarray


class Purchases(NamedTuple):
    """One element per customer."""

    position: np.ndarray  # NaN without comparable products
    compared: np.ndarray
    lines: np.ndarray
    discounted: np.ndarray
    lift: np.ndarray  # NaN without a product bought both ways
    pairs: np.ndarray
    breadth: np.ndarray  # NaN without spend


#: (category, kind of unit) -> the company's prices of its products, ascending.
PriceTable = Mapping[tuple[int, int], np.ndarray]


def add_up(bought: Bought, customers: np.ndarray, prices: PriceTable, least: int) -> Purchases:
    """What each of ``customers`` (ascending) bought.

    :param least: products of one category and kind of unit, for prices to be compared
    """
    owner = np.searchsorted(customers, bought.customer)
    count = len(customers)

    def total(values):
        return np.bincount(owner, values, count)

    position, compared = _positions(bought, prices, least)
    known = ~np.isnan(position)
    spend = np.where(known, np.maximum(bought.spend, 0), 0)
    lift, weight = _lifts(bought)
    return Purchases(
        position=_ratio(total(spend * np.where(known, position, 0)), total(spend)),
        compared=total(compared),
        lines=total(bought.lines),
        discounted=total(bought.discounted),
        lift=_ratio(total(weight * lift), total(weight)),
        pairs=total(weight),
        breadth=_effective_categories(bought, owner, count),
    )


def price_table(category, unit, price) -> dict[tuple[int, int], np.ndarray]:
    """Prices of products by category and kind of unit, ascending."""
    table: dict = {}
    for key, amount in zip(
        zip(category.tolist(), unit.tolist(), strict=True), price.tolist(), strict=True
    ):
        table.setdefault(key, []).append(amount)
    return {key: np.sort(np.array(values)) for key, values in table.items()}


def _positions(bought: Bought, prices: PriceTable, least: int):
    """Per row, where the price paid lies among the category's products; lines so compared."""
    position = np.full(len(bought.spend), np.nan)
    sound = (bought.spend > 0) & (bought.quantity > 0)
    kinds, which = np.unique(_pair(bought.category, bought.unit), return_inverse=True)
    order = np.argsort(which, kind="stable")
    bounds = np.searchsorted(which[order], np.arange(len(kinds) + 1))
    for number, kind in enumerate(kinds.tolist()):
        known = prices.get((kind >> 32, kind & 0xFFFFFFFF))
        if known is None or len(known) < least:
            continue
        rows = order[bounds[number] : bounds[number + 1]]
        rows = rows[sound[rows]]
        # To the ten-thousandth: the same price reached by another sum is the same price.
        paid = bought.spend[rows] / bought.quantity[rows]
        position[rows] = place_among(_rounded(paid), _rounded(known))
    return position, np.where(np.isnan(position), 0, bought.lines)


def _rounded(price: np.ndarray) -> np.ndarray:
    """Six significant digits, whatever the currency."""
    price = np.asarray(price, float)
    digits = 10.0 ** (5 - np.floor(np.log10(np.maximum(np.abs(price), 1e-300))))
    return np.round(price * digits) / digits


def _lifts(bought: Bought):
    """Per product bought both ways: log2 of the quantity per discounted line over per plain line."""
    plain = bought.lines - bought.discounted
    both = (
        (bought.discounted > 0)
        & (plain > 0)
        & (bought.discounted_quantity > 0)
        & (bought.plain_quantity > 0)
    )
    lift = np.zeros(len(bought.lines))
    np.divide(
        bought.discounted_quantity * plain,
        bought.plain_quantity * bought.discounted,
        out=lift,
        where=both,
    )
    np.log2(lift, out=lift, where=both)
    return lift, np.where(both, np.minimum(bought.discounted, plain), 0)


def _effective_categories(bought: Bought, owner: np.ndarray, count: int) -> np.ndarray:
    """The number of equally large categories that would be as mixed: exp of the entropy of spend."""
    pairs, which = np.unique(_pair(owner, bought.category), return_inverse=True)
    spend = np.bincount(which, np.maximum(bought.spend, 0), len(pairs))
    whose = pairs >> 32
    whole = np.bincount(whose, spend, count)
    share = np.divide(spend, whole[whose], out=np.zeros(len(spend)), where=whole[whose] > 0)
    logs = np.log(share, out=np.zeros(len(share)), where=share > 0)
    entropy = -np.bincount(whose, share * logs, count)
    return np.where(whole > 0, np.round(np.exp(entropy), 6), np.nan)


def _pair(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Two columns of ids as one of numbers: telling these apart takes a tenth of the time."""
    return (left.astype(np.int64) << 32) | right.astype(np.int64)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
