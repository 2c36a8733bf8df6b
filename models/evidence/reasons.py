"""Why a decision is what it is, in words. The codes are the kernels'; these are their only names."""

#: Selection of ``customer.profile.tier_reason`` and words of a transition's reason.
TIER_REASONS = [
    ("none", "No purchase yet"),
    ("first", "Reached when first computed"),
    ("raised", "Its score reaches a higher tier"),
    ("kept", "Its score reaches this tier"),
    ("kept_by_margin", "Its score is a little below this tier's, but high enough to keep it"),
    ("waiting", "Its score is too low for this tier: a downgrade waits"),
    ("lowered", "Its score stayed too low until the waiting time was over"),
]

#: Selection of ``customer.profile.stage_reason`` and words of a transition's reason.
STAGE_REASONS = [
    ("no_purchase", "Has not bought yet"),
    ("lost_silence", "Silent far beyond its own rhythm"),
    ("few_purchases", "Too few purchases yet to be established"),
    ("new_customer", "Has not been a customer for long enough to be established"),
    ("decline_silence", "Silent for longer than usual"),
    ("decline_trend", "Buys clearly less than a year ago"),
    ("decline_kept_silence", "Was declining, and is not yet back in its usual rhythm"),
    ("decline_kept_trend", "Was declining, and has not yet recovered enough"),
    ("growth_trend", "Buys clearly more than a year ago"),
    ("growth_kept", "Was growing, and still buys more than a year ago"),
    ("steady", "Buys as usual, about as much as a year ago"),
    ("growth_unproven", "Buys more than a year ago, but too seldom to call it growth"),
    ("trend_unknown", "Buys as usual; too little history for a trend"),
]


def words_of(env, kind: str, code: str) -> str:
    """A reason's words in the user's language; the code itself where a kernel knows a newer one."""
    field = env["customer.profile"]._fields[f"{kind}_reason"]
    return dict(field._description_selection(env)).get(code, code or "")
