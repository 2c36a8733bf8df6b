"""The receipt of a lifecycle stage: silence, age and trend beside the limits they were held against.

Like the receipt of a tier it is made from figures stored with the decision. The limits are those of
today: changing them has every customer judged anew.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from ...tools import lifecycle
from ...tools.dates import NO_DATE, from_days, to_days
from ..facts.customer_facts import SEASON
from .formats import Formats


class StageFigures(NamedTuple):
    """What a stage was decided from; ``ratio`` is None where the trend was not known."""

    as_of: date
    first: date | None
    last: date | None
    purchases: int
    interval: float
    recent: float
    prior: float
    usual: float
    ratio: float | None


class Line(NamedTuple):
    """One line of the receipt: what it is about, the figure, what it was held against."""

    key: str
    name: str
    value: str
    limits: list[str]
    decided: bool


class TrendRow(NamedTuple):
    """One amount of the trend's sum."""

    name: str
    value: str
    key: str


#: Which line of the receipt a reason was decided by.
DECIDED_BY = {
    "no_purchase": "age",
    "few_purchases": "age",
    "new_customer": "age",
    "lost_silence": "silence",
    "decline_silence": "silence",
    "decline_kept_silence": "silence",
    "decline_trend": "trend",
    "decline_kept_trend": "trend",
    "growth_trend": "trend",
    "growth_kept": "trend",
    "growth_unproven": "trend",
    "steady": "trend",
    "trend_unknown": "trend",
}


class StageReceipt:
    """Lines and sentences of one receipt, in the language of ``env``.

    :param limits: the ``customer.lifecycle.policy`` of the company
    :param market: the ``customer.market`` of the month of ``figures.as_of``; may be empty
    """

    def __init__(self, env, limits, market, figures: StageFigures, reason: str):
        self.env = env
        self.figures = figures
        self.reason = reason
        self.market = market
        self.formats = Formats(env, limits.company_id.currency_id)
        self._limits = limits._kernel()
        self._first_document = to_days(market.first_document or None)

    def crossings(self) -> lifecycle.Crossings:
        """The days on which silence, age and history alone cross each line, as whole numbers."""
        figures = self.figures
        day = lifecycle.crossings(
            lifecycle.StageFacts(
                first=np.array([to_days(figures.first)]),
                last=np.array([to_days(figures.last)]),
                purchases=np.array([figures.purchases]),
                interval=np.array([figures.interval]),
                recent=np.array([figures.recent]),
                prior=np.array([figures.prior]),
                long_run=np.array([figures.usual]),
            ),
            np.array([self._first_document]),
            self._limits,
        )
        return lifecycle.Crossings(*(int(days[0]) for days in day))

    def lines(self) -> list[Line]:
        if not self.figures.last:
            return []
        decided = DECIDED_BY.get(self.reason)
        return [
            Line(key, *content, key == decided)
            for key, content in (
                ("age", self._age()),
                ("silence", self._silence()),
                ("trend", self._trend()),
            )
        ]

    def _age(self) -> tuple[str, str, list[str]]:
        figures, limits = self.figures, self._limits
        return (
            self.env._("Age"),
            self.env._(
                "%(purchases)s days with a purchase since %(first)s, %(days)s days ago",
                purchases=figures.purchases,
                first=self.formats.day(figures.first),
                days=(figures.as_of - figures.first).days,
            ),
            [
                self.env._(
                    "Introduction below %(purchases)s purchases, or until %(days)s days",
                    purchases=limits.introduction_purchases,
                    days=limits.introduction_days,
                )
            ],
        )

    def _silence(self) -> tuple[str, str, list[str]]:
        figures, limits, crossing = self.figures, self._limits, self.crossings()
        last = to_days(figures.last)
        days = (figures.as_of - figures.last).days
        texts = [
            self.env._(
                "Decline from %(days)s days: more than %(intervals)s usual intervals",
                days=crossing.decline - last,
                intervals=self.formats.number(limits.decline_silence),
            ),
            self.env._(
                "Lost from %(days)s days: more than %(intervals)s usual intervals",
                days=crossing.lost - last,
                intervals=self.formats.number(limits.lost_silence),
            ),
        ]
        if self.reason == "decline_kept_silence":
            texts.insert(
                0,
                self.env._(
                    "Decline is left below %(days)s days: %(intervals)s usual intervals",
                    days=crossing.decline_kept - last,
                    intervals=self.formats.number(limits.leave_silence),
                ),
            )
        return (
            self.env._("Silence"),
            self.env._(
                "%(days)s days; it usually buys every %(interval)s days: %(silence)s intervals",
                days=days,
                interval=self.formats.number(figures.interval, 2),
                silence=self.formats.fixed(days / figures.interval, 2),
            ),
            texts,
        )

    def _trend(self) -> tuple[str, str, list[str]]:
        figures, limits = self.figures, self._limits
        name = self.env._("Trend")
        if figures.ratio is None:
            return name, self._unknown_trend(), []
        growth, decline = limits.growth_ratio, limits.decline_ratio
        if self.reason == "growth_kept":
            growth -= limits.leave_margin
        if self.reason == "decline_kept_trend":
            decline += limits.leave_margin
        return (
            name,
            self.env._(
                "%(ratio)s times last year, the market divided out",
                ratio=self.formats.number(figures.ratio),
            ),
            [
                self.env._("Growth from %s", self.formats.number(growth)),
                self.env._("Decline down from %s", self.formats.number(decline)),
            ],
        )

    def _unknown_trend(self) -> str:
        """Which history is too short, and by how much."""
        figures, limits = self.figures, self._limits
        customer = (figures.as_of - figures.first).days
        company = (
            to_days(figures.as_of) - self._first_document if self._first_document != NO_DATE else 0
        )
        if company < limits.trend_min_company_days:
            return self.env._(
                "Not known yet: needs %(needed)s days of the company's history, there are %(days)s",
                needed=limits.trend_min_company_days,
                days=company,
            )
        if customer < limits.trend_min_customer_days:
            return self.env._(
                "Not known yet: needs %(needed)s days of this customer's history, there are "
                "%(days)s",
                needed=limits.trend_min_customer_days,
                days=customer,
            )
        return self.env._("Not known: nothing was sold in the days that are compared")

    def trend_sum(self) -> list[TrendRow]:
        """The amounts of the trend, one per row, from which its ratio can be worked out again."""
        figures, limits = self.figures, self._limits
        if figures.ratio is None:
            return []
        share = limits.prior_weight * limits.window_days / limits.long_run_days
        usual = share * max(figures.usual, 0)
        above = max(figures.recent, 0) + usual
        below = max(figures.prior, 0) * self.market.trend + usual
        form = self.formats
        return [
            TrendRow(
                self.env._("Net revenue from %s", self._span(limits.window_days, 0)),
                form.money(figures.recent),
                "recent",
            ),
            TrendRow(
                self.env._("Net revenue from %s", self._span(limits.window_days, SEASON)),
                form.money(figures.prior),
                "prior",
            ),
            TrendRow(
                self.env._("The company's own market, by which that is multiplied"),
                form.fixed(self.market.trend, 4),
                "market",
            ),
            TrendRow(
                self.env._(
                    "%(share)s of its usual revenue in %(days)s days, added to both",
                    share=form.percent(limits.prior_weight),
                    days=limits.window_days,
                ),
                form.money(usual),
                "usual",
            ),
            TrendRow(
                self.env._("Trend"),
                f"{form.money(above)} / {form.money(below)} = {form.fixed(figures.ratio, 4)}",
                "trend",
            ),
        ]

    def _span(self, days: int, back: int) -> str:
        """A window in words: its first and its last day."""
        end = self.figures.as_of - timedelta(days=back)
        return self.env._(
            "%(start)s to %(end)s",
            start=self.formats.day(end - timedelta(days=days - 1)),
            end=self.formats.day(end),
        )

    def outlook(self, stage_code: str) -> list[str]:
        """What silence alone will do, and when."""
        if not self.figures.last:
            return [self.env._("The first purchase makes it a customer in introduction.")]
        crossing, today = self.crossings(), to_days(self.figures.as_of)
        texts = []
        if crossing.decline > today and stage_code in ("growth", "maturity"):
            texts.append(
                self.env._(
                    "Declines on %s if it buys nothing until then.",
                    self.formats.day(from_days(crossing.decline)),
                )
            )
        if crossing.lost > today and stage_code != "lost":
            texts.append(
                self.env._(
                    "Lost on %s if it buys nothing until then.",
                    self.formats.day(from_days(crossing.lost)),
                )
            )
        if stage_code == "lost":
            texts.append(self.env._("The next purchase brings it back."))
        return texts
