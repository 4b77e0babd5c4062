"""Who else has the same conversation open."""

from typing import Self
from uuid import UUID, uuid4

from vink_chat.kit import signals

_AT: dict[UUID, dict[str, tuple[UUID, str]]] = {}


class Looking:
    """One desk's gaze. In several processes each knows its own desks."""

    def __init__(self) -> None:
        self._key = uuid4().hex
        self._conversation: UUID | None = None
        self._operator: UUID | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self.away()

    def at(self, conversation_id: UUID, operator_id: UUID, name: str) -> None:
        """Look at a conversation, and let those who look at it know."""
        self.away()
        self._conversation, self._operator = conversation_id, operator_id
        _AT.setdefault(conversation_id, {})[self._key] = (operator_id, name)
        self._tell()

    def away(self) -> None:
        """Look away."""
        if self._conversation is None:
            return
        gazes = _AT.get(self._conversation, {})
        gazes.pop(self._key, None)
        if not gazes:
            _AT.pop(self._conversation, None)
        self._tell()
        self._conversation = None

    def others(self) -> str:
        """Name the others who look at it now."""
        gazes = _AT.get(self._conversation, {}) if self._conversation else {}
        return ", ".join(sorted({name for operator, name in gazes.values() if operator != self._operator}))

    def _tell(self) -> None:
        signals.current().publish(signals.conversation_topic(self._conversation), "looking", local=True)
