"""The topics of signals: what a tab or a process can subscribe to in order to learn that it should read again."""

from typing import Final

QUEUE: Final = "queue"
SETTINGS: Final = "house"
"""Announces saved preferences."""
OPERATORS: Final = "operators"
"""The kind of signal on ``QUEUE`` that means: the operators on shift have changed."""


def visitor(visitor_id: object) -> str:
    """Return the topic of a visitor's thread."""
    return f"visitor:{visitor_id}"


def conversation(conversation_id: object) -> str:
    """Return the topic of a conversation, notes included."""
    return f"conversation:{conversation_id}"
