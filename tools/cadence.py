"""How often to be in touch with a customer, and when next.

A company's rules are read in order; the first that fits a customer says how many days may pass
between two contacts. A rule fits by tier, by stage, and either by how often the customer buys (its
usual interval, ``tools.rhythm``) or because it has not bought yet.

The next contact is due so many days after the last one. A customer nobody was ever in touch with is
due so many days after its last purchase, or after it was first seen. A day agreed with the customer
outranks that, until a contact on that day or later has kept it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .dates import NO_DATE, as_days, has_date

ANY = 0
NO_RULE = -1


class Rule(NamedTuple):
    """Contact every ``days`` days; a tier or stage of ``ANY`` fits every customer.

    ``up_to``: fits customers that usually buy at least every so many days; infinite: all that have
    bought; None: those that have not bought yet.
    """

    days: int
    up_to: float | None
    tier: int = ANY
    stage: int = ANY


def choose(
    rules: Sequence[Rule], tier: ArrayLike, stage: ArrayLike, interval: ArrayLike
) -> NDArray[np.int64]:
    """The position of each customer's rule; ``NO_RULE`` where none fits.

    :param interval: usual days between purchases; NaN without a purchase
    """
    tier, stage, interval = np.broadcast_arrays(tier, stage, np.asarray(interval, np.float64))
    never = np.isnan(interval)
    chosen = np.full(interval.shape, NO_RULE, np.int64)
    for position, rule in enumerate(rules):
        with np.errstate(invalid="ignore"):
            fits = never if rule.up_to is None else interval <= rule.up_to
        if rule.tier != ANY:
            fits = fits & (tier == rule.tier)
        if rule.stage != ANY:
            fits = fits & (stage == rule.stage)
        chosen[(chosen == NO_RULE) & fits] = position
    return chosen


def days_of(rules: Sequence[Rule], chosen: ArrayLike, manual: ArrayLike = 0) -> NDArray[np.int64]:
    """Days between contacts: those set by hand where positive, else the rule's; 0 for none."""
    table = np.array([rule.days for rule in rules] + [0], np.int64)  # NO_RULE is the last
    return np.where(np.asarray(manual) > 0, manual, table[np.asarray(chosen)])


def due(
    contact: ArrayLike, purchase: ArrayLike, seen: ArrayLike, agreed: ArrayLike, days: ArrayLike
) -> NDArray[np.int32]:
    """The day of the next contact; ``NO_DATE`` where there is neither a rule nor an agreed day.

    :param contact, purchase, seen: days of the last contact, last purchase and first sight
    :param agreed: the day agreed in the last contact that agreed one
    :param days: from :func:`days_of`
    """
    contact, purchase, seen, agreed = (
        np.asarray(column, np.int64) for column in (contact, purchase, seen, agreed)
    )
    since = np.where(has_date(contact), contact, np.where(has_date(purchase), purchase, seen))
    days = np.asarray(days, np.int64)
    by_rule = np.where((days > 0) & has_date(since), since + days, NO_DATE)
    holds = has_date(agreed) & (~has_date(contact) | (agreed > contact))
    return as_days(np.where(holds, agreed, by_rule))
