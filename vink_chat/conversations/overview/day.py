"""What is counted of one stretch of time."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Day:
    """What happened in one stretch of time.

    Attributes:
        conversations: Begun in it.
        assistant: Of these, answered by the assistant with no person called.
        called: How often a person was called in it, by reason (a value of ``Reason``).
        waits: Seconds from each of these calls to the first human answer, shortest first; calls without one
            are left out.
        ratings: How many ends in it were rated; a conversation that went on may have several.
        stars: The sum of these ratings.
    """

    conversations: int = 0
    assistant: int = 0
    called: dict[str, int] = field(default_factory=dict[str, int])
    waits: list[float] = field(default_factory=list[float])
    ratings: int = 0
    stars: int = 0

    def add(self, other: "Day") -> None:
        """Take another stretch into this one."""
        self.conversations += other.conversations
        self.assistant += other.assistant
        self.waits = sorted([*self.waits, *other.waits])
        self.ratings += other.ratings
        self.stars += other.stars
        for reason, count in other.called.items():
            self.called[reason] = self.called.get(reason, 0) + count

    def wait(self, share: float) -> float | None:
        """Return the seconds within which this share of the calls (0.0 to 1.0) was answered; None without answers."""
        if not self.waits:
            return None
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]
