"""The numbers of the lifecycle rule as data, and what would make them unusable."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

from .errors import Issue, IssueCode, PolicyError

YEAR_DAYS = 364  # 52 whole weeks: both windows hold the same weekdays


@dataclass(frozen=True)
class LifecycleLimits:
    """Limits of the rule in :mod:`lifecycle`. Silence is counted in the customer's own intervals.

    A limit on silence is exclusive (``> lost_silence`` is lost), a ratio limit inclusive
    (``>= growth_ratio`` is growth), a count of days or purchases is the first that suffices.
    """

    # Windows
    # Half a year beat 91 days on real wholesale records: next quarter against last year's 1.27 for
    # growth and .85 for decline (1.21, .88), 15 % of labels changed per four weeks (20 %), and the
    # same losses seen. The usual spend is as well taken from 364 days as from 728.
    window_days: int = 182  # what is compared with the same days a year (52 weeks) before
    long_run_days: int = 364  # over which the usual spend per window is taken

    # Trend
    growth_ratio: float = 1.25
    decline_ratio: float = 0.80
    leave_margin: float = 0.10  # how far the ratio must cross back to leave growth or decline
    prior_weight: float = 0.25  # share of the usual spend per window added to both sides
    trend_min_company_days: int = 728
    trend_min_customer_days: int = 546
    # One purchase after a quiet year is no growth: of the labels that rested on one or two, .34 and
    # .51 were active in the next quarter; on three or more, .91.
    growth_min_purchases: int = 3  # purchase days in the window

    # Silence
    decline_silence: float = 2.0
    leave_silence: float = 1.7  # a silence below this ends a decline
    decline_min_days: int = 14
    lost_silence: float = 4.0
    lost_min_days: int = 28

    # Introduction
    introduction_purchases: int = 3
    introduction_days: int = 182

    def issues(self) -> tuple[Issue, ...]:
        """Everything that keeps these limits from being used, empty when they are sound."""
        return tuple(_limit_issues(self))

    def validate(self) -> None:
        """:raises PolicyError: with all issues, when there is one"""
        issues = self.issues()
        if issues:
            raise PolicyError(issues)


_LEAST = {
    "window_days": 1,
    "long_run_days": 1,
    "decline_ratio": 0,
    "leave_margin": 0,
    "prior_weight": 0,
    "trend_min_company_days": 0,
    "growth_min_purchases": 0,
    "leave_silence": 0,
    "decline_min_days": 0,
    "introduction_purchases": 1,
    "introduction_days": 0,
}

# (lower, upper, whether they may be equal)
_ORDER = (
    ("window_days", "long_run_days", True),
    ("decline_ratio", "growth_ratio", False),
    ("leave_silence", "decline_silence", True),
    ("decline_silence", "lost_silence", False),
    ("decline_min_days", "lost_min_days", True),
)


def _limit_issues(limits: LifecycleLimits) -> Iterator[Issue]:
    bad = [f.name for f in fields(limits) if not math.isfinite(getattr(limits, f.name))]
    if bad:  # comparisons with NaN would only add noise
        yield from (Issue(IssueCode.NOT_A_NUMBER, {"field": name}) for name in bad)
        return
    for name, least in _LEAST.items():
        value = getattr(limits, name)
        if value < least:
            yield Issue(IssueCode.LIMIT_TOO_SMALL, {"field": name, "value": value, "least": least})
    for lower, upper, equal in _ORDER:
        low, high = getattr(limits, lower), getattr(limits, upper)
        if low > high or (low == high and not equal):
            yield Issue(
                IssueCode.LIMITS_OUT_OF_ORDER,
                {"lower": lower, "lower_value": low, "upper": upper, "upper_value": high},
            )
    yield from _trend_issues(limits)


def _trend_issues(limits: LifecycleLimits) -> Iterator[Issue]:
    """Zones kept by the margin must not meet; the older window must follow the first purchase."""
    room = limits.growth_ratio - limits.decline_ratio
    if room > 0 and 2 * limits.leave_margin >= room:
        yield Issue(
            IssueCode.MARGIN_TOO_WIDE,
            {
                "margin": limits.leave_margin,
                "growth_ratio": limits.growth_ratio,
                "decline_ratio": limits.decline_ratio,
            },
        )
    least = YEAR_DAYS + limits.window_days
    if limits.trend_min_customer_days < least:
        yield Issue(
            IssueCode.TREND_HISTORY_TOO_SHORT,
            {
                "field": "trend_min_customer_days",
                "value": limits.trend_min_customer_days,
                "least": least,
            },
        )
