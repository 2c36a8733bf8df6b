"""The facts, computed the slow way: what ``models/facts`` must agree with.

Plain Python over a list of documents, written from the definitions and not from the SQL: nothing is
grouped, nothing is clever, every figure is a sum over a comprehension. Needs neither Odoo nor a database;
``bench/`` holds the product against it too::

    windows = oracle.Windows(365, 182, 364)
    facts = oracle.facts(documents, company=1, as_of=date(2024, 6, 12), windows=windows)
    facts[customer].revenue

``judged`` adds scores, tier and stage by asking the kernels in ``tools/`` about one customer at a time.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

YEAR = 365
SEASON = 364


class Document(NamedTuple):
    """An invoice, a credit note or an order."""

    company: object
    customer: object  # the commercial partner that it names
    day: date
    amount: Decimal  # net, in company currency; positive for a sale, negative for a credit note
    kind: str = "sale"  # or "credit"
    key: object = None
    reverses: object = None  # a credit note: the key of the sale that it gives back
    currency: object = None
    in_currency: Decimal | None = None  # net in the document's own currency, never negative
    state: str = "posted"  # anything else does not exist


class Windows(NamedTuple):
    value: int
    trend: int
    long_run: int


class Facts(NamedTuple):
    first: date | None
    last: date | None
    window_first: date | None
    purchases: int
    purchases_life: int
    recent_purchases: int
    invoices: int
    credit_notes: int
    revenue: Decimal
    revenue_previous: Decimal
    revenue_life: Decimal
    credited: Decimal
    recent: Decimal
    prior: Decimal
    long_run: Decimal
    next_event: date | None


def facts(
    documents: Iterable[Document], *, company, as_of: date, windows: Windows
) -> dict[object, Facts]:
    """One row per customer with a document, dated in the future or not."""
    existing = [d for d in documents if d.company == company and d.state == "posted"]
    customers = {d.customer for d in existing}
    return {
        customer: _of_customer([d for d in existing if d.customer == customer], as_of, windows)
        for customer in customers
    }


def _of_customer(documents: list[Document], as_of: date, windows: Windows) -> Facts:
    def within(days, ending=0):
        """Documents of the ``days`` days that end ``ending`` days before ``as_of``."""
        last = as_of - timedelta(ending)
        return [d for d in documents if last - timedelta(days) < d.day <= last]

    ever = [d for d in documents if d.day <= as_of]
    days = sorted({d.day for d in ever if _is_purchase(d, documents, as_of)})
    in_window = [day for day in days if day > as_of - timedelta(windows.value)]
    window = within(windows.value)
    return Facts(
        first=days[0] if days else None,
        last=days[-1] if days else None,
        window_first=in_window[0] if in_window else None,
        purchases=len(in_window),
        purchases_life=len(days),
        recent_purchases=sum(day > as_of - timedelta(windows.trend) for day in days),
        invoices=sum(d.kind == "sale" and d.amount > 0 for d in window),
        credit_notes=sum(d.kind == "credit" for d in window),
        revenue=_sum(window),
        revenue_previous=_sum(within(windows.value, ending=YEAR)),
        revenue_life=_sum(ever),
        credited=-_sum([d for d in window if d.kind == "credit"]),
        recent=_sum(within(windows.trend)),
        prior=_sum(within(windows.trend, ending=SEASON)),
        long_run=_sum(within(windows.long_run)),
        next_event=_next_event(documents, as_of, windows),
    )


def _is_purchase(sale: Document, documents: list[Document], as_of: date) -> bool:
    """A sale of more than nothing that its customer has not been given back whole by ``as_of``.

    In the sale's own currency: rates move between the two days. A credit note in another currency gives
    back its share in company currency.
    """
    if sale.kind != "sale" or sale.amount <= 0:
        return False
    whole = sale.amount if sale.in_currency is None else sale.in_currency
    given_back = Decimal(0)
    for credit in documents:
        if credit.kind != "credit" or credit.reverses != sale.key or credit.reverses is None:
            continue
        if credit.day > as_of:
            continue
        if credit.currency == sale.currency and credit.in_currency is not None:
            given_back += credit.in_currency
        else:
            given_back += -credit.amount * whole / sale.amount
    return given_back < whole - Decimal("0.005")


def _next_event(documents: list[Document], as_of: date, windows: Windows) -> date | None:
    """The first day on which a document appears, or enters or leaves a window."""
    ages = {
        0,
        windows.value,
        YEAR,
        YEAR + windows.value,
        windows.trend,
        SEASON,
        SEASON + windows.trend,
        windows.long_run,
    }
    events = [d.day + timedelta(age) for d in documents for age in ages]
    return min((event for event in events if event > as_of), default=None)


def _sum(documents: list[Document]) -> Decimal:
    return sum((Decimal(d.amount) for d in documents), Decimal(0))


# ---- decisions, one customer at a time -----------------------------------------------------------


class Standing(NamedTuple):
    """What was decided about a customer the time before."""

    tier: int = -1  # position in the policy; -1 none
    below_since: date | None = None
    stage: int = -1


NOBODY = Standing()  # whom nobody has judged yet


class Judged(NamedTuple):
    levels: tuple[int, int, int]
    score: float
    interval: float
    tier: int
    below_since: date | None
    stage: int
    stage_reason: int
    trend: float | None


def judged(fact: Facts, rules, *, as_of: date, before: Standing = NOBODY, kernels=None) -> Judged:
    """Score, tier and stage of one customer.

    :param rules: a ``tools.judgement.Rules``
    :param kernels: the package ``tools``, for a caller that imports it under another name
    """
    if kernels is None:
        from .. import tools as kernels
    from importlib import import_module

    dates, lifecycle, rhythm, scoring, tiers = (
        import_module(f"{kernels.__name__}.{name}")
        for name in ("dates", "lifecycle", "rhythm", "scoring", "tiers")
    )
    day = dates.to_days
    first, last, now = [day(fact.first)], [day(fact.last)], day(as_of)

    def money(amount):
        return [float(round(amount, rules.decimals))]

    interval = rhythm.shrunk_interval(first, last, [fact.purchases_life], rules.median_interval)
    scores = scoring.score(
        last,
        [fact.purchases],
        money(fact.revenue),
        as_of=now,
        policy=rules.policy,
        interval=interval,
    )
    tier = tiers.decide(
        scores.score,
        [fact.last is not None],
        [before.tier],
        [day(before.below_since)],
        as_of=now,
        policy=rules.policy,
    )
    stage = lifecycle.decide(
        lifecycle.StageFacts(
            first=first,
            last=last,
            purchases=[fact.purchases_life],
            interval=interval,
            recent=money(fact.recent),
            prior=money(fact.prior),
            long_run=money(fact.long_run),
            recent_purchases=[fact.recent_purchases],
        ),
        [before.stage],
        as_of=now,
        company_first=rules.company_first,
        market=rules.market,
        limits=rules.limits,
    )
    return Judged(
        levels=tuple(
            int(level[0])
            for level in (scores.recency_level, scores.frequency_level, scores.money_level)
        ),
        score=float(scores.score[0]),
        interval=float(interval[0]) if fact.last else 0.0,
        tier=int(tier.tier_index[0]),
        below_since=dates.from_days(int(tier.below_since[0])),
        stage=int(stage.stage[0]),
        stage_reason=int(stage.reason[0]),
        trend=float(stage.trend_ratio[0]) if stage.trend_known[0] else None,
    )
