"""The receipt of a value tier: figures, cut-points, points that add up, and what lies around it.

It is made from figures as they were stored with the decision and from the policy that made it, which
nobody can change any more: never from today's documents. A profile and a transition both have one.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

from ...tools import outlook, scoring
from ...tools.dates import NO_DATE, from_days, to_days
from ...tools.value_policy import RECENCY_RHYTHM
from ...tools.ways import Way, Ways, ways_up
from ..facts.customer_facts import among
from .formats import Formats


class Figures(NamedTuple):
    """What a tier was decided from. ``interval`` in days; levels 0 and no ``last``: no purchase."""

    as_of: date
    last: date | None
    purchases: int
    revenue: float
    interval: float
    levels: tuple[int, int, int]
    score: float


class Cut(NamedTuple):
    text: str
    reached: bool


class Axis(NamedTuple):
    """One line of the receipt."""

    axis: str
    name: str
    value: str
    level: int
    top_level: int
    cuts: list[Cut]
    direction: str
    how: str
    points: str
    exact_points: float


class ValueReceipt:
    """Lines and sentences of one receipt, in the language of ``env``.

    :param policy: the ``customer.value.policy`` that decided
    """

    def __init__(self, env, policy, figures: Figures):
        self.env = env
        self.policy = policy
        self.figures = figures
        self.formats = Formats(env, policy.currency_id)
        self._rules = policy._kernel()
        self.points = scoring.points(*figures.levels, self._rules)

    # ---- the sum -------------------------------------------------------------------------------

    def axes(self) -> list[Axis]:
        figures, rules, points = self.figures, self._rules, self.points
        rhythm = rules.recency_mode == RECENCY_RHYTHM
        recency_format = self.formats.number
        lines = (
            (
                "recency",
                self.env._("Recency"),
                self._recency_text(rhythm),
                rules.recency_cuts,
                recency_format,
                self.env._("usual intervals at most") if rhythm else self.env._("days at most"),
                points.recency,
            ),
            (
                "frequency",
                self.env._("Frequency"),
                self.env._(
                    "%(count)s days with a purchase in %(days)s days",
                    count=figures.purchases,
                    days=rules.window_days,
                ),
                rules.frequency_cuts,
                self.formats.number,
                self.env._("days at least"),
                points.frequency,
            ),
            (
                "money",
                self.env._("Money"),
                self.env._(
                    "%(amount)s in %(days)s days",
                    amount=self.formats.money(figures.revenue),
                    days=rules.window_days,
                ),
                rules.money_cuts,
                self.formats.limit,
                self.env._("%s at least", self.policy.currency_id.name),
                points.money,
            ),
        )
        return [
            Axis(
                axis,
                name,
                value,
                level,
                cuts.top_level,
                self._cuts(axis, cuts, level, form),
                direction,
                self.env._(
                    "level %(level)s of %(top)s × %(weight)s",
                    level=level,
                    top=cuts.top_level,
                    weight=self.formats.percent(weight / sum(rules.weights)),
                ),
                self.formats.number(part),
                part,
            )
            for (axis, name, value, cuts, form, direction, part), level, weight in zip(
                lines, figures.levels, rules.weights, strict=True
            )
        ]

    @staticmethod
    def _cuts(axis, cuts, level, form) -> list[Cut]:
        """Cut-points from the easiest to the hardest: the first ``level - 1`` are reached."""
        ordered = reversed(cuts) if axis == "recency" else cuts
        return [Cut(form(cut), index < level - 1) for index, cut in enumerate(ordered)]

    def _recency_text(self, rhythm: bool) -> str:
        if not self.figures.last:
            return self.env._("no purchase yet")
        days = (self.figures.as_of - self.figures.last).days
        if not rhythm:
            return self.env._("%s days since the last purchase", days)
        return self.env._(
            "%(silence)s usual intervals: %(days)s days of silence, usually %(interval)s",
            silence=self.formats.fixed(days / self.figures.interval, 2),
            days=days,
            interval=self.formats.number(self.figures.interval, 2),
        )

    def score_text(self) -> str:
        return self.formats.number(self.points.score)

    # ---- tiers ---------------------------------------------------------------------------------

    def thresholds(self) -> list[Cut]:
        """Every tier of the policy: from which score, kept down to which, whether reached."""
        return [
            Cut(self._threshold_text(line), self.points.score >= line.threshold)
            for line in self._lines()
        ]

    def _threshold_text(self, line) -> str:
        words = {
            "tier": line.tier_id.name,
            "threshold": self.formats.number(line.threshold),
            "keep": self.formats.number(line.keep_threshold),
        }
        if line.keep_threshold == line.threshold:
            return self.env._("%(tier)s from %(threshold)s", **words)
        return self.env._("%(tier)s from %(threshold)s (kept down to %(keep)s)", **words)

    def _lines(self):
        return self.policy.tier_ids.sorted("threshold", reverse=True)

    def _standing(self, tier, below_since=None) -> outlook.Standing | None:
        """The customer as the outlook sees it; None where there is nothing to look out for."""
        lines = list(self._lines())
        position = next((i for i, line in enumerate(lines) if line.tier_id == tier), None)
        if position is None or not self.figures.last:
            return None
        return outlook.Standing(
            last=to_days(self.figures.last),
            frequency=self.figures.purchases,
            money=self.figures.revenue,
            tier_index=position,
            as_of=to_days(self.figures.as_of),
            interval=self.figures.interval or None,
            **({"below_since": to_days(below_since)} if below_since else {}),
        )

    def next_tier(self, tier, future=None) -> str:
        """What separates a customer of ``tier`` from the tier above, and what alone would do by when.

        :param future: from :func:`future_points`; without it nothing is promised
        """
        standing = self._standing(tier)
        if standing is None:
            return self.env._("The first purchase gives a tier.")
        distance = outlook.distance(standing, self._rules)
        if distance.next_tier is None:
            return self.env._("%s is the highest tier.", tier.name)
        line = self._lines()[distance.next_tier]
        missing = self.env._(
            "%(tier)s from %(threshold)s: %(missing)s points are missing.",
            tier=line.tier_id.name,
            threshold=self.formats.number(line.threshold),
            missing=self.formats.number(distance.points_missing),
        )
        if future is None:
            return missing
        decimals = self.policy.currency_id.decimal_places
        ways = ways_up(future, standing, self._rules, decimals=decimals)
        return f"{missing} {self._ways_text(ways)}"

    def _ways_text(self, ways: Ways) -> str:
        """What would do, each on its own, and by which day it must be bought."""
        phrases = []
        if ways.amount:
            amount = self.formats.money(ways.amount.more)
            phrases.append(
                self.env._("%s more at any time", amount)
                if ways.amount.until == NO_DATE
                else self.env._(
                    "%(amount)s more by %(day)s", amount=amount, day=self._day(ways.amount.until)
                )
            )
        if ways.days:
            phrases.append(self._days_text(ways.days, anything=not ways.amount))
        if not phrases:
            return self.env._("Neither money nor more purchases are enough for it on their own.")
        if len(phrases) == 1:
            return self.env._("Reached with %s, if nothing is given back.", phrases[0])
        return self.env._(
            "Reached with %(one)s or with %(other)s, if nothing is given back.",
            one=phrases[0],
            other=phrases[1],
        )

    def _days_text(self, way: Way, anything: bool) -> str:
        """More days with a purchase; one of them, where no amount is asked for, is any purchase."""
        endless = way.until == NO_DATE
        if way.more == 1 and anything:
            if endless:
                return self.env._("any purchase at any time")
            return self.env._("any purchase by %s", self._day(way.until))
        if way.more == 1:
            if endless:
                return self.env._("one more day with a purchase at any time")
            return self.env._("one more day with a purchase by %s", self._day(way.until))
        if endless:
            return self.env._(
                "%(count)s more days with a purchase within %(window)s days",
                count=way.more,
                window=self._rules.window_days,
            )
        return self.env._(
            "%(count)s more days with a purchase by %(day)s",
            count=way.more,
            day=self._day(way.until),
        )

    def _day(self, days: int) -> str:
        return self.formats.day(from_days(days))

    def previous_tier(self, tier, below_since, future) -> str:
        """When a customer of ``tier`` that buys no more falls, and to what.

        :param future: from :func:`future_points`; None where the documents are other ones by now
        """
        standing = self._standing(tier, below_since)
        if standing is None:
            return ""
        if future is None:
            return self.env._("Its documents have changed: recompute it to see when it would fall.")
        fall = outlook.falls_on(future, standing, self._rules)
        if fall is None:
            return self.env._("It keeps %s even if it buys nothing more.", tier.name)
        line = self._lines()[standing.tier_index]
        words = {
            "tier": self._lines()[fall.tier_index].tier_id.name,
            "day": self._day(fall.lowered_on),
            "keep": self.formats.number(line.keep_threshold),
        }
        if below_since and fall.below_on == to_days(below_since):
            return self.env._(
                "Falls to %(tier)s on %(day)s, unless its score is %(keep)s again before: it has "
                "been lower since %(since)s.",
                since=self._day(fall.below_on),
                **words,
            )
        if not self._rules.dwell_days:
            return self.env._(
                "Falls to %(tier)s on %(day)s if it buys nothing until then: its score goes below "
                "%(keep)s.",
                **words,
            )
        return self.env._(
            "Falls to %(tier)s on %(day)s if it buys nothing until then: its score goes below "
            "%(keep)s on %(below)s, and %(dwell)s days later the tier is lost.",
            below=self._day(fall.below_on),
            dwell=self._rules.dwell_days,
            **words,
        )


def future_points(profile, as_of: date) -> list[outlook.FuturePoint] | None:
    """How the window's figures shrink as its purchases grow old, when nothing more is bought.

    None where the documents do not add up to the stored figures: they have changed since, and a day
    computed from them would belong to another decision.
    """
    company = profile.company_id
    window = profile.policy_id.window_days
    profile.env.flush_all()
    documents = (
        profile.env["customer.facts"]
        .sudo()
        ._documents(company, as_of, among(profile.partner_id.ids))
    )
    rows = profile.env.execute_query(
        SQL(
            """
            SELECT day, sum(amount), (sum(sales) > 0)::int
              FROM (%(documents)s) document
             WHERE day <= %(as_of)s AND day > %(start)s
             GROUP BY day
             ORDER BY day DESC
            """,
            documents=documents,
            as_of=as_of,
            start=as_of - timedelta(days=window),
        )
    )
    points, count, money = [], 0, 0.0
    for day, amount, purchase in rows:  # from the newest: what is left when this day has left
        points.append(outlook.FuturePoint(to_days(day) + window, count, money))
        count += purchase
        money = company.currency_id.round(money + float(amount))
    if count != profile.purchase_count or company.currency_id.compare_amounts(
        money, profile.revenue
    ):
        return None
    return points[::-1]
