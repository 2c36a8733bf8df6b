"""What is wrong with a policy, said in codes that the caller turns into translated messages."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple


class IssueCode(str, Enum):
    """Stable names. The parameters each carries are listed beside it."""

    # value policy
    MODE_UNKNOWN = "mode_unknown"  # mode
    WINDOW_TOO_SHORT = "window_too_short"  # days, least
    WEIGHT_NEGATIVE = "weight_negative"  # axis, weight
    WEIGHTS_SUM_ZERO = "weights_sum_zero"  # (none)
    CUTS_MISSING = "cuts_missing"  # axis
    CUTS_TOO_MANY = "cuts_too_many"  # axis, count, most
    CUTS_NOT_INCREASING = "cuts_not_increasing"  # axis, value, previous
    CUT_NOT_POSITIVE = "cut_not_positive"  # axis, value
    TIERS_MISSING = "tiers_missing"  # (none)
    TIER_REPEATED = "tier_repeated"  # tier
    THRESHOLD_OUT_OF_RANGE = "threshold_out_of_range"  # tier, threshold
    THRESHOLDS_NOT_DECREASING = "thresholds_not_decreasing"
    # tier, threshold, above, above_threshold
    LOWEST_THRESHOLD_NOT_ZERO = "lowest_threshold_not_zero"  # tier, threshold
    KEEP_OUT_OF_RANGE = "keep_out_of_range"  # tier, keep
    KEEP_ABOVE_THRESHOLD = "keep_above_threshold"  # tier, keep, threshold
    KEEP_BELOW_NEXT_TIER = "keep_below_next_tier"  # tier, keep, below, below_threshold
    DWELL_NEGATIVE = "dwell_negative"  # days
    NOT_A_NUMBER = "not_a_number"  # field
    # lifecycle limits
    LIMIT_TOO_SMALL = "limit_too_small"  # field, value, least
    LIMIT_TOO_LARGE = "limit_too_large"  # field, value, most
    LIMITS_OUT_OF_ORDER = "limits_out_of_order"  # lower, lower_value, upper, upper_value
    MARGIN_TOO_WIDE = "margin_too_wide"  # margin, growth_ratio, decline_ratio
    TREND_HISTORY_TOO_SHORT = "trend_history_too_short"  # field, value, least


class Issue(NamedTuple):
    """One thing wrong: a stable code and the values its message needs."""

    code: IssueCode
    params: Mapping[str, object]


class PolicyError(ValueError):
    """A policy that must not be used. ``issues`` holds all that is wrong, not only the first."""

    def __init__(self, issues: Iterable[Issue]):
        self.issues = tuple(issues)
        super().__init__("; ".join(f"{i.code.value} {dict(i.params)}" for i in self.issues))
