"""What some of the demo's customers buy on, as their documents show it; the others are ordinary.

Quality: of each category the dearest that fits. Price: the cheapest, and whenever there is a discount.
Delivery: orders wanted at once. What a discounted line costs is the same as without: its list price is
higher. Drawn apart from everything else, so that nothing else changes with it.
"""

import random
from datetime import date
from typing import NamedTuple

from .catalogue import Product

QUALITY, PRICE = "quality", "price"
HABITS = {
    "castellan": QUALITY,
    "lakeshore": QUALITY,
    "metro_housing": QUALITY,
    "tri_county": PRICE,
    "corner_supply": PRICE,
    "ironwood": PRICE,
    "jinmao": QUALITY,
    "dongfang": QUALITY,
    "zhonghe": PRICE,
    "anju": PRICE,
}
#: Share of lines with a discount, and how large it is in percent.
_OFTEN, _SELDOM = (0.75, 10.0), (0.08, 5.0)


class Orders(NamedTuple):
    """Confirmed orders in which the customer asked for delivery after so many days."""

    customer: str
    count: int
    days: int


ORDERS = {
    "hartwell": (
        Orders("whitaker", 10, 2),
        Orders("northgate", 7, 14),
        Orders("meridian", 9, 12),
        Orders("granite_peak", 7, 10),
    ),
    "hengzhu": (
        Orders("yangpu", 9, 2),
        Orders("pujiang", 8, 15),
        Orders("huating", 7, 12),
    ),
}


def leaning(customer: str, products: list[Product]) -> list[Product]:
    """Of these products those that the customer would choose from."""
    habit = HABITS.get(customer)
    if not habit:
        return products
    best = {}
    for product in sorted(products, key=lambda product: product.price, reverse=habit == PRICE):
        best[product.category] = product
    return list(best.values())


def discount(customer: str, product: str, day: date) -> float:
    """Percent of discount on a line."""
    rng = random.Random(f"discount/{customer}/{product}/{day.toordinal() % 1009}")
    share, percent = _OFTEN if HABITS.get(customer) == PRICE else _SELDOM
    return percent if rng.random() < share else 0.0
