"""The numbers of the demand rule as data, and what would make them unusable."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

from .errors import Issue, IssueCode, PolicyError


@dataclass(frozen=True)
class DemandLimits:
    """Limits of the rule in :mod:`demand_focus`. All of them are inclusive: reaching one suffices.

    What is counted as *observations* are invoice lines and orders; a complaint or a praise weighs as
    much as ``voice_weight`` of them, since few customers say anything.
    """

    window_days: int = 365  # how far back a customer's doings tell what it wants today
    prior_weight: float = 6.0  # observations of an ordinary customer that are added to its own
    voice_weight: float = 3.0
    min_comparable: int = 3  # products of a category, for a price to be dear or cheap among them
    rush_ratio: float = 0.5  # an order wanted within this share of the company's median is urgent
    min_evidence: float = 8.0  # observations that speak for a focus
    min_score: float = 25.0  # of 100
    margin: float = 10.0  # points of lead over the second
    hold_days: int = 30  # how long another focus must lead before it replaces the one held

    def validate(self) -> None:
        """:raises PolicyError: with everything that is wrong"""
        issues = tuple(self._issues())
        if issues:
            raise PolicyError(issues)

    def _issues(self) -> Iterator[Issue]:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value):
                yield Issue(IssueCode.NOT_A_NUMBER, {"field": field.name})
                continue
            least, most = _RANGES[field.name]
            if value < least:
                yield Issue(
                    IssueCode.LIMIT_TOO_SMALL,
                    {"field": field.name, "value": value, "least": least},
                )
            elif value > most:
                yield Issue(
                    IssueCode.LIMIT_TOO_LARGE,
                    {"field": field.name, "value": value, "most": most},
                )


#: What each limit may be. With no weight of the ordinary a single line would be a certainty; with no
#: margin equal scores would be decided by the order of the foci.
_RANGES = {
    "window_days": (30, 3650),
    "prior_weight": (0.1, 1000),
    "voice_weight": (0, 100),
    "min_comparable": (2, 1000),
    "rush_ratio": (0.05, 0.95),
    "min_evidence": (1, 10_000),
    "min_score": (1, 99),
    "margin": (0.5, 99),
    "hold_days": (0, 3650),
}
