"""Clocks of a promise: how much working time has passed, and when a promised amount will have.

Time is a list of half-open intervals ``(start, end)`` of naive UTC datetimes in which somebody works:
lunch, holidays, nights and the change to summer time are simply not in it. A clock knows when it
started, when it was paused and when it stopped; everything else follows from these and the intervals,
so nothing has to run for a ticket to become late.

A promise is kept up to and including its due time, and broken one instant later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

Interval = tuple[datetime, datetime]
Pause = tuple[datetime, datetime | None]
ZERO = timedelta(0)


class Effect(str, Enum):
    """What a step of a ticket does to its clock."""

    RUN = "run"
    PAUSE = "pause"
    STOP = "stop"


class Move(NamedTuple):
    """From ``at`` on, the clock runs, is paused or stands still."""

    at: datetime
    effect: Effect


def normalised(intervals: Iterable[Interval]) -> list[Interval]:
    """In order, those that touch or overlap joined, empty ones dropped."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def subtract(work: Iterable[Interval], pauses: Iterable[Pause]) -> list[Interval]:
    """What is left of the working intervals outside the pauses; a pause without an end never ends."""
    left = normalised(work)
    holes = sorted((start, end or datetime.max) for start, end in pauses)
    for hole_start, hole_end in holes:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, hole_start)), (max(start, hole_end), end))
            if part[0] < part[1]
        ]
    return left


def worked(work: Iterable[Interval], start: datetime, end: datetime) -> timedelta:
    """Working time between two moments; none when they are not in order."""
    return sum(
        (max(min(stop, end) - max(begin, start), ZERO) for begin, stop in normalised(work)), ZERO
    )


def reached(work: Iterable[Interval], start: datetime, amount: timedelta) -> datetime | None:
    """The first moment by which ``amount`` of working time has passed since ``start``.

    None when the intervals end before. An amount used up exactly at the end of a day is reached then,
    not the next morning.
    """
    if amount <= ZERO:
        return start
    for begin, stop in normalised(work):
        begin = max(begin, start)
        if begin >= stop:
            continue
        if stop - begin >= amount:
            return begin + amount
        amount -= stop - begin
    return None


@dataclass(frozen=True)
class Clock:
    """One promise: ``target`` of working time from ``started`` on, less the pauses."""

    started: datetime
    target: timedelta
    pauses: tuple[Pause, ...] = ()
    stopped: datetime | None = None

    @property
    def paused(self) -> bool:
        """Whether it is paused now: a pause has no end yet, and nothing stopped it."""
        return self.stopped is None and any(end is None for __, end in self.pauses)

    @property
    def running(self) -> bool:
        return self.stopped is None and not self.paused

    def used(self, work: Iterable[Interval], at: datetime) -> timedelta:
        """Working time that the clock has counted by ``at``."""
        end = at if self.stopped is None else min(at, self.stopped)
        return worked(subtract(work, self.pauses), self.started, end)

    def share(self, work: Iterable[Interval], at: datetime) -> float:
        """Part of the promised time that is used up: 1 at the due time."""
        return self.used(work, at) / self.target if self.target else float("inf")

    def at_share(self, work: Iterable[Interval], share: float) -> datetime | None:
        """When this part of the promised time is used up, so somebody can be told then.

        None when the intervals end before, or when a pause that has not ended comes before.
        """
        return reached(subtract(work, self.pauses), self.started, self.target * share)

    def due(self, work: Iterable[Interval]) -> datetime | None:
        """When the promise ends; None as for :meth:`at_share`."""
        return self.at_share(work, 1.0)

    def late(self, work: Iterable[Interval], at: datetime) -> bool:
        """Whether the promise is, or was when the clock stopped, broken at ``at``."""
        due = self.due(work)
        return due is not None and due < (at if self.stopped is None else min(at, self.stopped))


def solution_clock(moves: Sequence[Move], target: timedelta) -> Clock | None:
    """The clock of the present attempt to solve, from the log of all moves in order.

    Solving stops it. Running again afterwards, a reopening, starts it anew: what was used before
    counts no more, and neither do the pauses of then.
    """
    clock = None
    for at, effect in moves:
        if effect is Effect.STOP:
            if clock and clock.stopped is None:
                clock = Clock(clock.started, target, _ended(clock.pauses, at), at)
            elif clock is None:
                clock = Clock(at, target, (), at)
            continue
        if clock is None or clock.stopped is not None:
            clock = Clock(at, target)
        pauses = clock.pauses
        if effect is Effect.PAUSE and not clock.paused:
            pauses = (*pauses, (at, None))
        elif effect is Effect.RUN:
            pauses = _ended(pauses, at)
        clock = Clock(clock.started, target, pauses)
    return clock


def continued(moves: Sequence[Move], others: Sequence[Move], since: datetime) -> list[Move]:
    """A log that goes on as another one goes, from ``since`` on: of two that became one.

    Its own moves at that moment and later say how it ended, and count no more.
    """
    own = [move for move in moves if move.at < since]
    before = [move for move in others if move.at <= since]
    now = [Move(since, before[-1].effect)] if before else []
    return own + now + [move for move in others if move.at > since]


def _ended(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    return tuple((start, at if end is None else end) for start, end in pauses)
