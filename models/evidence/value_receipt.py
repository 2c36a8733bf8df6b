"""The receipt of a value tier: figures, cut-points, points that add up, and what lies around it.

It is made from figures as they were stored with the decision and from the policy that made it, which
nobody can change any more: never from today's documents. A profile and a transition both have one.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

from ...tools import outlook, scoring
from ...tools.dates import from_days, to_days
from ...tools.value_policy import RECENCY_RHYTHM
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

    def next_tier(self, tier) -> str:
        """What separates a customer of ``tier`` from the tier above."""
        standing = self._standing(tier)
        if standing is None:
            return self.env._("The first purchase gives a tier.")
        distance = outlook.distance(standing, self._rules)
        if distance.next_tier is None:
            return self.env._("%s is the highest tier.", tier.name)
        line = self._lines()[distance.next_tier]
        alone = self._alone(distance)
        if not alone:
            ways = self.env._("No single figure is enough for it.")
        elif len(alone) == 1:
            ways = self.env._("This alone would do: %s.", alone[0])
        else:
            ways = self.env._("One of these alone would do: %s.", " / ".join(alone))
        return self.env._(
            "%(tier)s from %(threshold)s: %(missing)s points are missing. %(ways)s",
            tier=line.tier_id.name,
            threshold=self.formats.number(line.threshold),
            missing=self.formats.number(distance.points_missing),
            ways=ways,
        )

    def _alone(self, distance: outlook.Distance) -> list[str]:
        """The values which alone would lift the score to the next tier."""
        ways = []
        if distance.frequency is not None:
            ways.append(
                self.env._(
                    "%(count)s days with a purchase (%(more)s more)",
                    count=self.formats.number(distance.frequency, 0),
                    more=self.formats.number(distance.frequency - self.figures.purchases, 0),
                )
            )
        if distance.money is not None:
            ways.append(
                self.env._(
                    "%(amount)s (%(more)s more)",
                    amount=self.formats.money(distance.money),
                    more=self.formats.money(distance.money - self.figures.revenue),
                )
            )
        if distance.recency is not None:
            if self._rules.recency_mode == RECENCY_RHYTHM:
                limit = distance.recency * self.figures.interval
            else:
                limit = distance.recency
            ways.append(
                self.env._(
                    "a last purchase at most %s days ago", self.formats.number(int(limit), 0)
                )
            )
        return ways

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
        lower = self._lines()[fall.tier_index].tier_id.name
        line = self._lines()[standing.tier_index]
        below_on = from_days(fall.below_on)
        if below_since:
            return self.env._(
                "Falls to %(tier)s on %(day)s, unless its score is %(keep)s again before: it has "
                "been lower since %(since)s.",
                tier=lower,
                day=self.formats.day(from_days(fall.lowered_on)),
                keep=self.formats.number(line.keep_threshold),
                since=self.formats.day(below_on),
            )
        return self.env._(
            "Falls to %(tier)s on %(day)s if it buys nothing until then: its score goes below "
            "%(keep)s on %(below)s, and %(dwell)s days later the tier is lost.",
            tier=lower,
            day=self.formats.day(from_days(fall.lowered_on)),
            keep=self.formats.number(line.keep_threshold),
            below=self.formats.day(below_on),
            dwell=self._rules.dwell_days,
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
