"""Which operators have the same conversation open, in any process.

Each process announces a table of its own viewers at every change, and every few seconds so that the others notice when
a process dies. Nothing is stored: only the newest table of each process counts.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final, Self
from uuid import UUID, uuid4

from vink_chat import topics
from vink_chat.kit import signals
from vink_chat.kit.signals import Signals

TOPIC: Final = "looking"
_ASKED: Final = "asked"
_HEARTBEAT_SECONDS: Final = 5.0
_BEATS_MISSED: Final = 3

# conversation id -> operator id -> name; ids are text because a table is sent as JSON.
Table = dict[str, dict[str, str]]


class ViewerRegistry:
    """The viewers of all processes, as one process knows them."""

    def __init__(self, bus: Callable[[], Signals] = signals.current, beat: float = _HEARTBEAT_SECONDS) -> None:
        self._bus = bus
        self._beat = beat
        self._process = uuid4().hex
        self._here: defaultdict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self._elsewhere: dict[str, tuple[float, Table]] = {}

    def enter(self, desk: str, conversation: UUID, operator: UUID, name: str) -> None:
        """Record that a desk of this process has a conversation open."""
        self._here[str(conversation)][desk] = (str(operator), name)
        self._changed(str(conversation))

    def leave(self, desk: str, conversation: UUID) -> None:
        """Record that a desk of this process has closed a conversation."""
        looking = self._here.get(str(conversation), {})
        if looking.pop(desk, None) is None:
            return
        if not looking:
            del self._here[str(conversation)]
        self._changed(str(conversation))

    def others(self, conversation: UUID, but: UUID) -> list[str]:
        """Return the names of a conversation's viewers, except one operator."""
        everywhere = [self._own(), *(table for _, table in self._elsewhere.values())]
        found = {who for table in everywhere for who in table.get(str(conversation), {}).items()}
        return sorted({name for operator, name in found if operator != str(but)})

    async def follow(self) -> None:
        """Listen to the other processes, for as long as this one lives."""
        async with self._bus().subscribe(TOPIC) as subscription:
            self._bus().publish(TOPIC, _ASKED)
            told = time.monotonic()
            while True:
                kinds = await subscription.next(quiet_after=self._beat)
                self._hear(kinds)
                self._forget_the_dead()
                asked = {_ASKED, signals.RESYNC} & kinds.keys()
                if asked or (self._here and time.monotonic() >= told + self._beat):
                    told = time.monotonic()
                    self._announce()
                if signals.RESYNC in kinds:
                    # The connection was lost, and announcements with it: ask the others to repeat.
                    self._bus().publish(TOPIC, _ASKED)

    def _hear(self, kinds: dict[str, Any]) -> None:
        for process in kinds.keys() - {_ASKED, signals.RESYNC, self._process}:
            _, before = self._elsewhere.pop(process, (0.0, Table()))
            table: Table = kinds[process]
            if table:
                self._elsewhere[process] = (time.monotonic(), table)
            self._tell(one for one in before.keys() | table.keys() if before.get(one) != table.get(one))

    def _forget_the_dead(self) -> None:
        oldest = time.monotonic() - _BEATS_MISSED * self._beat
        for process in [one for one, (moment, _) in self._elsewhere.items() if moment < oldest]:
            self._tell(self._elsewhere.pop(process)[1])

    def _own(self) -> Table:
        return {conversation: dict(desks.values()) for conversation, desks in self._here.items()}

    def _announce(self) -> None:
        self._bus().publish(TOPIC, self._process, self._own())

    def _changed(self, conversation: str) -> None:
        self._announce()
        self._tell([conversation])

    def _tell(self, conversations: Iterable[str]) -> None:
        for conversation in conversations:
            self._bus().publish(topics.conversation(conversation), "looking", local=True)


viewers: Final = ViewerRegistry()


class Viewer:
    """One desk, which has at most one conversation open."""

    def __init__(self) -> None:
        self._desk = uuid4().hex
        self._conversation: UUID | None = None
        self._operator: UUID | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self.leave()

    def open(self, conversation_id: UUID, operator_id: UUID, name: str) -> None:
        """Open a conversation, and announce it to its other viewers."""
        self.leave()
        self._conversation, self._operator = conversation_id, operator_id
        viewers.enter(self._desk, conversation_id, operator_id, name)

    def leave(self) -> None:
        """Close the open conversation."""
        if self._conversation:
            viewers.leave(self._desk, self._conversation)
        self._conversation = None

    def others(self) -> str:
        """Name the other viewers of the open conversation."""
        if self._conversation is None or self._operator is None:
            return ""
        return ", ".join(viewers.others(self._conversation, self._operator))
