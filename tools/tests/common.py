"""What several tests of the kernels share."""

from ..value_policy import RECENCY_DAYS, TierRule, ValuePolicy

TIERS = (
    TierRule("key", 90, 85),
    TierRule("high", 75, 70),
    TierRule("medium", 50, 45),
    TierRule("low", 0, 0),
)
KEY, HIGH, MEDIUM, LOW = range(4)


def policy(**changes):
    """A sound policy in days; five levels an axis; weights .2, .3, .5."""
    values = {
        "recency_mode": RECENCY_DAYS,
        "recency_cuts": (30, 60, 120, 240),
        "frequency_cuts": (2, 4, 8, 16),
        "money_cuts": (100, 1000, 5000, 20000),
        "tiers": TIERS,
        "dwell_days": 30,
    }
    return ValuePolicy(**(values | changes))
