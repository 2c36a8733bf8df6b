"""What a level of recency or of frequency means: the range it stands for, short and in a sentence."""

import math
from typing import NamedTuple

from ...tools import value_policy as kernel
from ...tools.rhythm import last_day_within


class Level(NamedTuple):
    level: int
    short: str
    text: str


def recency_levels(env, rules: kernel.ValuePolicy, number) -> list[Level]:
    """The best first: those who bought last. ``number`` writes a number as the user reads it."""
    if rules.recency_mode == kernel.RECENCY_RHYTHM:
        return _rhythm_levels(env, rules, number)
    limits = [int(last_day_within(cut, 1.0)) for cut in rules.recency_cuts]
    top = len(limits) + 1
    levels = []
    for position in range(top):  # the most recent first
        low = number(limits[position - 1] + 1) if position else None
        high = number(limits[position]) if position < len(limits) else None
        if high is None and low is None:
            short, text = env._("any"), env._("Bought before")
        elif low is None:
            short, text = f"≤ {high}", env._("Last purchase %s days ago or less", high)
        elif high is None:
            short, text = f"≥ {low}", env._("Last purchase %s days ago or more", low)
        else:
            short = f"{low}–{high}"
            text = env._("Last purchase %(low)s to %(high)s days ago", low=low, high=high)
        levels.append(Level(top - position, short, text))
    return levels


def _rhythm_levels(env, rules, number) -> list[Level]:
    cuts, top = rules.recency_cuts, len(rules.recency_cuts) + 1
    levels = []
    for position in range(top):
        low = number(cuts[position - 1]) if position else None
        high = number(cuts[position]) if position < len(cuts) else None
        if high is None and low is None:
            short, text = env._("any"), env._("Bought before")
        elif low is None:
            short, text = f"≤ {high} ×", env._("Silent for %s usual intervals or less", high)
        elif high is None:
            short, text = f"> {low} ×", env._("Silent for more than %s usual intervals", low)
        else:
            short = f"{low}–{high} ×"
            text = env._(
                "Silent for more than %(low)s and up to %(high)s usual intervals",
                low=low,
                high=high,
            )
        levels.append(Level(top - position, short, text))
    return levels


def frequency_levels(env, rules: kernel.ValuePolicy, number) -> list[Level]:
    """The lowest first: those who bought least often in the policy's window."""
    # Purchases are counted: "reaches 4.5" is 5 of them.
    limits = [math.ceil(cut) for cut in rules.frequency_cuts]
    days = number(rules.window_days)
    levels = []
    for position in range(len(limits) + 1):
        low = limits[position - 1] if position else None
        high = limits[position] - 1 if position < len(limits) else None
        if high is None and low is None:
            short, text = env._("any"), env._("Any number of purchases")
        elif low is None:
            short = f"≤ {number(high)}"
            text = env._(
                "%(count)s purchases or fewer in %(days)s days", count=number(high), days=days
            )
        elif high is None:
            short = f"≥ {number(low)}"
            text = env._(
                "%(count)s purchases or more in %(days)s days", count=number(low), days=days
            )
        elif low >= high:
            short = number(low)
            text = env._("%(count)s purchases in %(days)s days", count=number(low), days=days)
        else:
            short = f"{number(low)}–{number(high)}"
            text = env._(
                "%(low)s to %(high)s purchases in %(days)s days",
                low=number(low),
                high=number(high),
                days=days,
            )
        levels.append(Level(position + 1, short, text))
    return levels
