"""The events: frozen dataclasses named in the past tense. They carry ids and short codes, never texts."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A message was added to a thread.

    Attributes:
        author: A value of ``conversations.Author``.
        status: The conversation's status after the message, a value of ``conversations.Status``.
    """

    conversation_id: UUID
    visitor_id: UUID
    message_id: UUID
    author: str
    status: str


@dataclass(frozen=True, slots=True)
class MessageChanged:
    """A message's text or marks changed after it was posted.

    Attributes:
        channel: Where its author changed it (``telegram``); empty in the browser.
    """

    conversation_id: UUID
    visitor_id: UUID
    message_id: UUID
    channel: str = ""


@dataclass(frozen=True, slots=True)
class ConversationMoved:
    """A conversation went from one status to another, or to another holder.

    Attributes:
        before: A value of ``conversations.Status``.
        after: A value of ``conversations.Status``.
        reason: A value of ``conversations.Reason``, or empty.
    """

    conversation_id: UUID
    visitor_id: UUID
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConversationUpdated:
    """What is shown of a conversation changed. Events of this kind only cause a redraw.

    Attributes:
        moves_queue: Whether visitors' numbers in the queue can change with it.
    """

    moves_queue: ClassVar[bool] = False
    conversation_id: UUID
    visitor_id: UUID


@dataclass(frozen=True, slots=True)
class ConversationRated(ConversationUpdated):
    """A visitor rated a closed conversation, or changed the stars or the comment."""


@dataclass(frozen=True, slots=True)
class OperatorLeft:
    """An operator can no longer answer, and the conversations they held are back in the queue.

    Attributes:
        conversation_ids: The conversations they held; never empty.
    """

    operator_id: UUID
    conversation_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ConversationOverdue:
    """Nobody has claimed a waiting conversation in time: all operators are alerted again."""

    conversation_id: UUID
    visitor_id: UUID


@dataclass(frozen=True, slots=True)
class WaitChanged(ConversationUpdated):
    """A waiting conversation is to be called back, is in the queue again, or is offered to everybody now."""

    moves_queue: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PriorityChanged(ConversationUpdated):
    """An operator changed how urgent a conversation is.

    Attributes:
        before: How urgent it was, a value of ``conversations.Priority``.
    """

    moves_queue: ClassVar[bool] = True
    before: int


@dataclass(frozen=True, slots=True)
class ConversationSeen(ConversationUpdated):
    """Somebody read a thread, or a visitor's card changed."""


@dataclass(frozen=True, slots=True)
class QuestionChanged:
    """The question of a waiting visitor, as operators see it, changed; the visitor does not see it."""

    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class QuestionPutAgain:
    """The assistant is asked a question again that it could not answer before."""

    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class KnowledgeChanged:
    """Articles were added, edited or removed."""


@dataclass(frozen=True, slots=True)
class PreferencesChanged:
    """An administrator saved a section of the preferences."""

    section: str


@dataclass(frozen=True, slots=True)
class OperatorsChanged:
    """An account, its presence or its shift changed."""

    operator_id: UUID
