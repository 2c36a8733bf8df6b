"""The gate: whether a message may go to somebody, and if not, why; over arrays.

Reasons are asked in the order of :data:`REASONS`, and the first that holds is the one that is said.
What cannot be mended (too late, gone, no address) comes before what the customer wants, that before
what goes on between us, and that before what merely keeps us from writing too often. Who would have
got the message is held out last, so that those held out differ from the others by nothing but chance.
"""

from typing import NamedTuple

import numpy as np

SEND = 0
#: Reasons, first to last; the code of a reason is its place in here, counted from 1.
REASONS = (
    "late",
    "archived",
    "no_address",
    "bad_address",
    "blacklisted",
    "refused",
    "not_given",
    "complaint",
    "overdue",
    "duplicate",
    "recent",
    "capped",
    "held_out",
)
CODE = {reason: code for code, reason in enumerate(REASONS, 1)}
#: Reasons that are known for each row by itself.
PLAIN = REASONS[: REASONS.index("duplicate")]


class Caps(NamedTuple):
    """Messages that one person may get by one channel; 0: as many as there are."""

    week: int = 0
    month: int = 0


class Rows(NamedTuple):
    """Who is due, one entry each, in the order in which they are served.

    ``flags`` has a boolean array for each of :data:`PLAIN`; what is left out holds for nobody.
    """

    person: np.ndarray  # int: whose caps
    address: np.ndarray  # str
    occasion: np.ndarray  # str
    flags: dict[str, np.ndarray]
    written: np.ndarray  # bool: this address had a message on this occasion already
    recent: np.ndarray  # bool: this program wrote too lately
    in_week: np.ndarray  # int: messages of the last week, and of the last month
    in_month: np.ndarray
    held: np.ndarray  # bool: drawn to be held out


def judge(rows: Rows, caps: Caps) -> np.ndarray:
    """For each row :data:`SEND`, or the code of the first reason against it."""
    reason = np.zeros(len(rows.person), np.int8)

    def refuse(why: str, holds: np.ndarray) -> None:
        reason[(reason == SEND) & holds] = CODE[why]

    unknown = rows.flags.keys() - set(PLAIN)
    if unknown:
        raise ValueError(f"no such reasons: {sorted(unknown)}")
    for why in PLAIN:
        if why in rows.flags:
            refuse(why, rows.flags[why])
    refuse("duplicate", rows.written)
    passing = np.flatnonzero(reason == SEND)
    refuse("duplicate", _mark(reason, passing[_rank_of(rows, passing) > 0]))
    refuse("recent", rows.recent)
    refuse("capped", _over(rows, np.flatnonzero(reason == SEND), len(reason), caps))
    refuse("held_out", rows.held)
    return reason


def _mark(like: np.ndarray, places: np.ndarray) -> np.ndarray:
    marked = np.zeros(len(like), bool)
    marked[places] = True
    return marked


def _rank_of(rows: Rows, places: np.ndarray) -> np.ndarray:
    """The how-maniest of its address and occasion each of ``places`` is. No address is its own."""
    if not len(places):
        return np.zeros(0, np.int64)
    __, address = np.unique(rows.address[places], return_inverse=True)
    __, occasion = np.unique(rows.occasion[places], return_inverse=True)
    nowhere = rows.address[places] == ""
    key = address.astype(np.int64) * len(places) + occasion
    key[nowhere] = -1 - np.flatnonzero(nowhere)
    return rank(key)


def _over(rows: Rows, places: np.ndarray, size: int, caps: Caps) -> np.ndarray:
    """Whose caps are used up by what it had, and by what it is served before in this very batch."""
    over = np.zeros(size, bool)
    before = rank(rows.person[places])
    for cap, had in ((caps.week, rows.in_week), (caps.month, rows.in_month)):
        if cap:
            over[places] |= had[places] + before >= cap
    return over


def rank(keys: np.ndarray) -> np.ndarray:
    """For each entry, how many equal ones come before it."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else order
    lengths = np.diff(np.r_[starts, len(keys)])
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = np.arange(len(keys)) - np.repeat(starts, lengths)
    return ranks
