"""What is counted of one stretch of time, and of this moment."""

import math
from dataclasses import dataclass, field
from datetime import datetime

_SUMS = (
    "conversations",
    "assistant",
    "handed",
    "stepped_in",
    "answered",
    "waiting",
    "missed",
    "withdrawn",
    "ratings",
    "stars",
)


@dataclass(slots=True)
class Day:
    """What happened in one stretch of time.

    Attributes:
        conversations: Begun in it.
        assistant: Of these, answered by the assistant with no person called.
        handed: Of these, in how many a person was called or stepped in.
        called: How often a person was called in it, by reason (a value of ``Reason``).
        stepped_in: How often an operator stepped in unasked: that is no call, and its answer no wait.
        answered: Of the calls, how many a person answered before the next one.
        waiting: Of the calls, how many wait for a word still.
        missed: Of the calls, how many ended without a word: over, given back, or called once more.
        withdrawn: Of the calls, how many the visitor took back before a word.
        waits: Seconds of each call, shortest first: to the first human word, to its end without one, or until now.
        ratings: How many ends in it were rated; a conversation that went on may have several.
        stars: The sum of these ratings.
    """

    conversations: int = 0
    assistant: int = 0
    handed: int = 0
    called: dict[str, int] = field(default_factory=dict[str, int])
    stepped_in: int = 0
    answered: int = 0
    waiting: int = 0
    missed: int = 0
    withdrawn: int = 0
    waits: list[float] = field(default_factory=list[float])
    ratings: int = 0
    stars: int = 0

    def add(self, other: "Day") -> None:
        """Take another stretch into this one."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.waits = sorted([*self.waits, *other.waits])
        for reason, count in other.called.items():
            self.called[reason] = self.called.get(reason, 0) + count

    def wait(self, share: float) -> float | None:
        """Return the seconds that a share of the calls (0.0 to 1.0) did not exceed, by nearest rank; None without."""
        if not self.waits:
            return None
        return self.waits[max(0, math.ceil(share * len(self.waits)) - 1)]


@dataclass(frozen=True, slots=True)
class Present:
    """How things stand now.

    Attributes:
        waiting: How many wait for a person.
        gone: Of these, how many have left the page.
        longest_since: Since when the longest of those who are there has waited; nothing while nobody waits.
        callbacks: How many left contacts, went away, and are to be called back; they are not among those who wait.
        attended: How many a person holds.
        assisted: How many the assistant holds.
    """

    waiting: int
    gone: int
    longest_since: datetime | None
    callbacks: int
    attended: int
    assisted: int
