"""What is wrong with a policy, in the user's language and with the way out."""

from ...tools.errors import IssueCode, PolicyError


def policy_messages(env, error: PolicyError, names: dict) -> list[str]:
    """One sentence per issue.

    :param names: how the user knows what the kernel calls by id or field name
    """
    return [_message(env, issue, names) for issue in error.issues]


def _message(env, issue, names) -> str:
    axes = {"recency": env._("Recency"), "frequency": env._("Frequency"), "money": env._("Money")}
    p = {
        key: axes.get(value, names.get(value, value)) if key in _NAMED else _plain(value)
        for key, value in issue.params.items()
    }
    return _MESSAGES[issue.code](env, p)


def _plain(value):
    """A number without decimals that say nothing: 90 rather than 90.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: Parameters whose value is an axis, a tier or a field, said by its name.
_NAMED = {"axis", "tier", "above", "below", "field", "lower", "upper"}

#: How each issue is said, from its parameters.
_MESSAGES = {
    IssueCode.MODE_UNKNOWN: lambda env, p: env._("Choose how recency is measured."),
    IssueCode.WINDOW_TOO_SHORT: lambda env, p: env._(
        "A window of %(days)s days holds no purchases. Set it to at least %(least)s day.", **p
    ),
    IssueCode.WEIGHT_NEGATIVE: lambda env, p: env._(
        "%(axis)s has the weight %(weight)s. A weight cannot be negative: use 0 to leave the "
        "axis out.",
        **p,
    ),
    IssueCode.WEIGHTS_SUM_ZERO: lambda env, p: env._(
        "All weights are 0, so every customer would score 0. Give at least one axis a weight."
    ),
    IssueCode.CUTS_MISSING: lambda env, p: env._(
        "%(axis)s has no cut-points. Add at least one, or calibrate from your customers.", **p
    ),
    IssueCode.CUTS_TOO_MANY: lambda env, p: env._(
        "%(axis)s has %(count)s cut-points. Keep at most %(most)s.", **p
    ),
    IssueCode.CUTS_NOT_INCREASING: lambda env, p: env._(
        "%(axis)s: the cut-point %(value)s must be greater than the one before it, %(previous)s.",
        **p,
    ),
    IssueCode.CUT_NOT_POSITIVE: lambda env, p: env._(
        "%(axis)s: the cut-point %(value)s must be greater than 0.", **p
    ),
    IssueCode.TIERS_MISSING: lambda env, p: env._("Add at least one tier."),
    IssueCode.TIER_REPEATED: lambda env, p: env._(
        "%(tier)s appears twice. Remove one of the lines.", **p
    ),
    IssueCode.THRESHOLD_OUT_OF_RANGE: lambda env, p: env._(
        "%(tier)s starts from %(threshold)s. Scores go from 0 to 100: choose one of them.", **p
    ),
    IssueCode.THRESHOLDS_NOT_DECREASING: lambda env, p: env._(
        "%(tier)s starts from %(threshold)s, but the tier above it, %(above)s, starts from "
        "%(above_threshold)s. Set %(tier)s lower than %(above_threshold)s.",
        **p,
    ),
    IssueCode.LOWEST_THRESHOLD_NOT_ZERO: lambda env, p: env._(
        "The lowest tier, %(tier)s, starts from %(threshold)s. Set it to 0, so that every "
        "customer has a tier.",
        **p,
    ),
    IssueCode.KEEP_OUT_OF_RANGE: lambda env, p: env._(
        "%(tier)s is kept down to %(keep)s. Scores go from 0 to 100: choose one of them.", **p
    ),
    IssueCode.KEEP_ABOVE_THRESHOLD: lambda env, p: env._(
        "%(tier)s starts from %(threshold)s but is kept only down to %(keep)s: a customer who "
        "just reached it would lose it. Lower the second to at most %(threshold)s.",
        **p,
    ),
    IssueCode.KEEP_BELOW_NEXT_TIER: lambda env, p: env._(
        "%(tier)s is kept down to %(keep)s, but %(below)s starts from %(below_threshold)s: "
        "nobody could ever fall to it. Raise the first above %(below_threshold)s.",
        **p,
    ),
    IssueCode.DWELL_NEGATIVE: lambda env, p: env._(
        "The wait before a downgrade is %(days)s days. Use 0 for none.", **p
    ),
    IssueCode.NOT_A_NUMBER: lambda env, p: env._("%(field)s is not a number.", **p),
    IssueCode.LIMIT_TOO_SMALL: lambda env, p: env._(
        "%(field)s is %(value)s. Set it to at least %(least)s.", **p
    ),
    IssueCode.LIMIT_TOO_LARGE: lambda env, p: env._(
        "%(field)s is %(value)s. Set it to at most %(most)s.", **p
    ),
    IssueCode.LIMITS_OUT_OF_ORDER: lambda env, p: env._(
        "%(lower)s (%(lower_value)s) must be less than %(upper)s (%(upper_value)s). "
        "Change one of them.",
        **p,
    ),
    IssueCode.MARGIN_TOO_WIDE: lambda env, p: env._(
        "A margin of %(margin)s leaves no room between decline (%(decline_ratio)s) and growth "
        "(%(growth_ratio)s). Make it less than half of the distance.",
        **p,
    ),
    IssueCode.TREND_HISTORY_TOO_SHORT: lambda env, p: env._(
        "%(field)s is %(value)s. Comparing with last year needs at least %(least)s.", **p
    ),
}
