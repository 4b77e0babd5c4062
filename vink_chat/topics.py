"""What may be listened to: the topics of the signals that say «read again»."""

from typing import Final

QUEUE: Final = "queue"
HOUSE: Final = "house"
OPERATORS: Final = "operators"
"""The kind of signal on ``QUEUE`` that says: who is on shift has changed."""


def visitor(visitor_id: object) -> str:
    """Name the topic of one visitor's thread."""
    return f"visitor:{visitor_id}"


def conversation(conversation_id: object) -> str:
    """Name the topic of one conversation, notes included."""
    return f"conversation:{conversation_id}"
