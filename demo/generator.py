"""A distributor's documents from a seed: who bought what when, relative to a given day.

Pure Python: equal seed and day give equal documents, whatever was drawn for other customers. Each
customer has a story (:data:`STORIES`): on which days before today it orders and how an order's size
changes over time. A story is a function ``(rng, customer) -> orders``; :func:`documents` turns its
orders into invoices with lines and into credit notes.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from .catalogue import PRODUCTS, Product
from .customers import CUSTOMERS, Customer
from .habits import discount, leaning

SEED = 20260
#: Days of history, and since when the business is as large as it is now: its first months were
#: thin. Longer than the two years that a trend takes, so that trends are seen for months already.
HISTORY = 975
IN_FULL_SINCE = 800
THIN = 5
#: Two windows that are compared lie this far apart: what is ordered by plan recurs after it.
YEAR = 364

#: A year of building: the share of a usual order that is ordered in each month.
SEASON = (0.84, 0.88, 0.96, 1.05, 1.08, 1.10, 1.06, 1.05, 1.08, 1.06, 0.98, 0.86)
#: Prices rise by this much a year.
INFLATION = 0.03
SATURDAY, SUNDAY = 5, 6


class Order(NamedTuple):
    """One order of a story: days before today, and its size in usual orders."""

    ago: float
    scale: float = 1.0
    credited: float = 0.0  # share of it that is given back soon after
    quotation: bool = False


class Line(NamedTuple):
    """``price`` is what is paid; with a discount, in percent, the unit price is as much higher."""

    product: str
    quantity: float
    price: float
    discount: float = 0.0

    @property
    def unit_price(self) -> float:
        return round(self.price / (1 - self.discount / 100), 2)


class Document(NamedTuple):
    """``kind``: invoice, credit or quotation. A credit gives ``share`` of ``origin`` back.

    ``paid`` is the day on which the customer pays an invoice, or None while it has not.
    """

    company: str
    customer: str
    key: str
    kind: str
    day: date
    currency: str
    lines: tuple[Line, ...] = ()
    origin: str = ""
    share: float = 0.0
    paid: date | None = None


# ---- stories -----------------------------------------------------------------------------------


def _regular(rng, pace: float, *, until: float, since: float = HISTORY) -> Iterator[float]:
    """Days ago of standing orders: on the same days of each year, in each half of it as many."""
    each_year = 2 * max(1, round(YEAR / pace / 2))
    shifts = [0, *(rng.uniform(-0.2, 0.2) for __ in range(each_year - 1))]
    number = 0
    while until + YEAR * number / each_year <= since:
        yield until + YEAR * (number + shifts[number % each_year]) / each_year
        number += THIN if until + YEAR * number / each_year > IN_FULL_SINCE else 1


def _every(rng, pace: float, *, until: float, since: float = HISTORY) -> Iterator[float]:
    """Days ago of orders as work comes in, from the last (``until`` days ago) back to ``since``."""
    ago = until
    while ago <= since:
        yield ago
        ago += pace * rng.uniform(0.75, 1.25) * (THIN if ago > IN_FULL_SINCE else 1)


def _key(rng, customer):
    """Large, frequent, and a tenth more each year."""
    for ago in _regular(rng, customer.pace, until=rng.uniform(2, 5)):
        yield Order(ago, (1 - 0.09 * ago / YEAR) * rng.uniform(0.88, 1.15))


def _steady(rng, customer):
    for ago in _regular(rng, customer.pace, until=customer.pace * rng.uniform(0.1, 0.6)):
        yield Order(ago, rng.uniform(0.85, 1.2))


def _growing(rng, customer):
    """A third of what it is now until two years ago; more with every order since."""
    for ago in _regular(rng, customer.pace, until=rng.uniform(2, 6)):
        progress = min(1.0, max(0.0, (700 - ago) / 660))
        yield Order(ago, (0.4 + 0.8 * progress) * rng.uniform(0.88, 1.15))


def _surging(rng, customer):
    """Flat for years; since half a year ago twice as much."""
    for ago in _regular(rng, customer.pace, until=rng.uniform(2, 7)):
        yield Order(ago, (2.1 if ago < 150 else 0.8) * rng.uniform(0.85, 1.15))


def _slowing(rng, customer):
    """Still orders, but ever smaller since nine months ago, and now and then not at all."""
    for ago in _regular(rng, customer.pace, until=customer.pace * rng.uniform(0.5, 0.8)):
        progress = max(0.0, (270 - ago) / 270)
        if ago < customer.pace or rng.random() < 1 - 0.3 * progress:
            yield Order(ago, (1 - 0.6 * progress) * rng.uniform(0.85, 1.15))


def _recovered(rng, customer):
    """A weak half-year, now over."""
    for ago in _regular(rng, customer.pace, until=rng.uniform(3, 9)):
        yield Order(ago, (0.4 if 185 < ago < 360 else 1.05) * rng.uniform(0.88, 1.15))


def _silent(rng, customer):
    """Steady, and then nothing for more than two of its intervals."""
    for ago in _regular(rng, customer.pace, until=customer.pace * rng.uniform(2.2, 2.4)):
        yield Order(ago, rng.uniform(0.85, 1.2))


def _waiting(rng, customer):
    """A good customer silent for two months: its score has fallen, the downgrade still waits."""
    for ago in _regular(rng, customer.pace, until=75):
        yield Order(ago, rng.uniform(0.85, 1.2))


def _lost_lately(rng, customer):
    """Silent for more than four of its intervals since a few weeks."""
    for ago in _regular(rng, customer.pace, until=customer.pace * rng.uniform(4.2, 4.4)):
        yield Order(ago, rng.uniform(0.85, 1.2))


def _lost(rng, customer):
    """Silent for most of a year."""
    for ago in _regular(rng, customer.pace, until=rng.uniform(230, 330)):
        yield Order(ago, rng.uniform(0.85, 1.2))


def _won_back(rng, customer):
    """Gone for nine months; regular again since five."""
    for ago in _regular(rng, customer.pace, until=rng.uniform(3, 8)):
        if ago < 160 or ago > 430:
            yield Order(ago, (1.25 if ago < 160 else 0.9) * rng.uniform(0.85, 1.2))


def _seasonal(rng, customer):
    """Orders from April to October; :func:`documents` leaves the winter out."""
    for ago in _regular(rng, customer.pace, until=customer.pace * rng.uniform(0.1, 0.8)):
        yield Order(ago, rng.uniform(0.85, 1.2))


def _big_credit(rng, customer):
    """One large delivery of a steady customer came back for the most part."""
    orders = list(_steady(rng, customer))
    returned = next(order for order in orders if order.ago > 70)
    for order in orders:
        yield order._replace(scale=3.4, credited=0.8) if order is returned else order


def _joined(rng, customer):
    """A customer since a year and a bit."""
    since = rng.uniform(380, 420)
    for ago in _regular(rng, customer.pace, until=rng.uniform(3, 9), since=since):
        yield Order(ago, rng.uniform(0.85, 1.2))


def _rising(rng, customer):
    """New, and ordering eagerly."""
    for ago in _every(rng, customer.pace, until=rng.uniform(2, 5), since=120):
        yield Order(ago, rng.uniform(0.8, 1.3))


def _newcomer(rng, customer):
    last = rng.uniform(3, 8)
    yield Order(last + customer.pace, 0.6)
    yield Order(last, 1.0)


def _one_time(rng, customer):
    yield Order(rng.uniform(190, 330))


def _credited(rng, customer):
    yield Order(rng.uniform(60, 90), credited=1.0)


def _prospect(rng, customer):
    yield Order(rng.uniform(4, 25), quotation=True)


Story = Callable[[random.Random, Customer], Iterator[Order]]
STORIES: dict[str, Story] = {
    "key": _key,
    "steady": _steady,
    "growing": _growing,
    "surging": _surging,
    "slowing": _slowing,
    "recovered": _recovered,
    "silent": _silent,
    "waiting": _waiting,
    "lost_lately": _lost_lately,
    "lost": _lost,
    "won_back": _won_back,
    "seasonal": _seasonal,
    "big_credit": _big_credit,
    "manual": _steady,
    "joined": _joined,
    "rising": _rising,
    "newcomer": _newcomer,
    "one_time": _one_time,
    "credited": _credited,
    "prospect": _prospect,
}
#: Now and then a delivery is damaged or wrong: part of it is given back.
RETURNS = 0.03


# ---- documents ---------------------------------------------------------------------------------


def documents(company: str, today: date, seed: int = SEED) -> list[Document]:
    """All documents of one company, in order of day."""
    made = [
        document
        for customer in CUSTOMERS
        if customer.company == company
        for document in _of_customer(customer, today, seed)
    ]
    return sorted(made, key=lambda document: (document.day, document.key))


def _of_customer(customer: Customer, today: date, seed: int) -> Iterator[Document]:
    # Seeded by name, so that adding a customer changes no other.
    rng = random.Random(f"{seed}/{customer.key}")
    orders = sorted(STORIES[customer.archetype](rng, customer), reverse=True)
    number = 0
    for order in orders:
        day = _working_day(today - timedelta(days=round(order.ago)), today)
        if customer.archetype == "seasonal" and not 4 <= day.month <= 10:
            continue
        number += 1
        key = f"{customer.key}_{number:03}"
        share = order.credited or (rng.choice((0.1, 0.2, 0.35)) if rng.random() < RETURNS else 0.0)
        yield Document(
            customer.company,
            customer.key,
            key,
            "quotation" if order.quotation else "invoice",
            day,
            customer.currency,
            tuple(_lines(rng, customer, order, day, today)),
            paid=_paid(rng, customer, day, today, last=order is orders[-1]),
        )
        if share and not order.quotation:
            back = _working_day(min(today, day + timedelta(days=rng.randint(6, 16))), today)
            yield Document(
                customer.company,
                customer.key,
                f"{key}_credit",
                "credit",
                max(back, day),
                customer.currency,
                origin=key,
                share=share,
            )


def _paid(rng, customer: Customer, day: date, today: date, *, last: bool) -> date | None:
    """Within two months, the large ones sooner; who is lost left with the last invoice unpaid."""
    latest = 34 if customer.archetype == "key" else 55
    paid = day + timedelta(days=rng.randint(18, latest))
    if paid > today or (last and customer.archetype.startswith("lost")):
        return None
    return paid


def _working_day(day: date, today: date) -> date:
    """The Friday before a Saturday, the Monday after a Sunday (unless that has not come yet)."""
    if day.weekday() == SATURDAY:
        return day - timedelta(days=1)
    if day.weekday() == SUNDAY:
        return day + timedelta(days=1 if day < today else -2)
    return day


def _lines(rng, customer: Customer, order: Order, day: date, today: date) -> Iterator[Line]:
    """One to four products that together come near the order's amount."""
    wanted = customer.categories.split()
    products = [p for p in PRODUCTS[customer.company] if p.code[:2] in wanted]
    amount = customer.size * order.scale * SEASON[day.month - 1]
    # Not so dear that whole pieces could not come near the amount.
    affordable = [p for p in products if p.price <= amount / 6] or [
        min(products, key=lambda product: product.price)
    ]
    affordable = leaning(customer.key, affordable)
    chosen = rng.sample(affordable, min(len(affordable), rng.choice((1, 1, 1, 2, 2, 3, 4))))
    weights = [rng.uniform(0.5, 1.5) for __ in chosen]
    for product, weight in zip(chosen, weights, strict=True):
        price = _price(customer, product, day, today)
        quantity = max(1, round(amount * weight / sum(weights) / price))
        yield Line(product.code, quantity, price, discount(customer.key, product.code, day))


#: What one unit of the customer's currency costs in the company's, roughly: for price lists.
_LIST_RATES = {("hartwell", "CAD"): 0.73, ("hartwell", "EUR"): 1.10, ("hengzhu", "USD"): 7.15}


def _price(customer: Customer, product: Product, day: date, today: date) -> float:
    """The list price of that year in the customer's currency, less what large buyers get."""
    years = today.year - day.year
    rate = _LIST_RATES.get((customer.company, customer.currency), 1.0)
    discount = 0.08 if customer.archetype == "key" else 0.0
    return round(product.price / (1 + INFLATION) ** years / rate * (1 - discount), 2)


def rates(company: str, today: date, seed: int = SEED) -> list[tuple[str, date, float]]:
    """Per foreign currency and month: units of it for one unit of the company's."""
    made = []
    for (of_company, currency), rate in _LIST_RATES.items():
        if of_company != company:
            continue
        rng = random.Random(f"{seed}/{currency}")
        month = (today - timedelta(days=HISTORY + 31)).replace(day=1)
        while month <= today:
            made.append((currency, month, round(1 / (rate * rng.uniform(0.97, 1.03)), 6)))
            month = (month + timedelta(days=32)).replace(day=1)
    return made


def mailbox(customer: Customer) -> str:
    """The contact's mailbox: a first name where it can be written in ASCII."""
    name = customer.contact.split()[0].lower()
    return name if name.isascii() else "contact"
