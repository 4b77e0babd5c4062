"""«When this happened, do that»: the whole table on one screen.

Facts arrive here after their commit. A reaction that takes time runs in the background: the caller has gone on.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from vink_chat import handover, preferences, topics
from vink_chat.answering import SILENCE_TOPIC
from vink_chat.conversations import Author, Reason, Status
from vink_chat.events import (
    ConversationMoved,
    ConversationOverdue,
    ConversationUpdated,
    KnowledgeChanged,
    MessageChanged,
    MessagePosted,
    OperatorLeft,
    OperatorsChanged,
    PreferencesChanged,
    QuestionChanged,
    QuestionPutAgain,
)
from vink_chat.kit import db, signals

log = logging.getLogger(__name__)

Wake = Callable[[UUID], Awaitable[None]]
Relay = Callable[[Any], Awaitable[None]]
Shown = MessagePosted | ConversationMoved | ConversationUpdated
Reaction = Callable[[Any], Awaitable[None] | None]


class Reactions:
    """What follows from each fact."""

    def __init__(self, wake_assistant: Wake, write_card: Wake, relay: Relay | None = None) -> None:
        self._wake_assistant = wake_assistant
        self._write_card = write_card
        self._relay = relay
        # Without a channel, no task is started for it.
        to_channel = (self.relay,) if relay else ()
        self._table: Final[dict[type, tuple[Reaction, ...]]] = {
            MessagePosted: (self.show, self.answer, self.update_wait, *to_channel),
            MessageChanged: (self.correct, *to_channel),
            ConversationMoved: (self.show, self.silence, self.brief, self.take_contacts, *to_channel),
            ConversationUpdated: (self.show, *to_channel),
            ConversationOverdue: (self.alert, *to_channel),
            QuestionChanged: (self.show_desks, *to_channel),
            QuestionPutAgain: (self.answer_again,),
            PreferencesChanged: (self.apply,),
            OperatorsChanged: (self.show_queue, *to_channel),
            OperatorLeft: (*to_channel,),
            KnowledgeChanged: (),
        }

    def to(self, fact: object) -> tuple[Reaction, ...]:
        """List the reactions to a fact. A reaction acts at once, or returns an awaitable if it takes time."""
        return next(self._table[kind] for kind in type(fact).__mro__ if kind in self._table)

    def show(self, fact: Shown) -> None:
        """Wake every tab that shows the thread or the queue."""
        bus = signals.current()
        bus.publish(topics.visitor(fact.visitor_id), "thread")
        bus.publish(topics.conversation(fact.conversation_id), "thread")
        moves = isinstance(fact, ConversationMoved) or (isinstance(fact, ConversationUpdated) and fact.moves_queue)
        bus.publish(topics.QUEUE, "moved" if moves else "queue")

    def show_desks(self, fact: QuestionChanged) -> None:
        """Wake the operators' tabs only."""
        bus = signals.current()
        bus.publish(topics.conversation(fact.conversation_id), "thread")
        bus.publish(topics.QUEUE, "queue")

    def correct(self, fact: MessageChanged) -> None:
        """Make every tab read the whole thread again: the changed message is before the ones it would read next."""
        bus = signals.current()
        bus.publish(topics.visitor(fact.visitor_id), signals.READ_AGAIN)
        bus.publish(topics.conversation(fact.conversation_id), "changed")
        bus.publish(topics.QUEUE, "queue")

    def answer(self, fact: MessagePosted) -> Awaitable[None] | None:
        """Wake the assistant when a visitor wrote and no operator holds the conversation."""
        if fact.author == Author.VISITOR and fact.status in {Status.ASSISTED, Status.WAITING}:
            return self._wake_assistant(fact.conversation_id)
        return None

    def update_wait(self, fact: MessagePosted) -> Awaitable[None] | None:
        """Update the question and the contacts of a waiting visitor who writes again."""
        if fact.author == Author.VISITOR and fact.status == Status.WAITING:
            return _update_wait(fact)
        return None

    def take_contacts(self, fact: ConversationMoved) -> Awaitable[None] | None:
        """Save contacts in the message that called a person."""
        return _take_contacts(fact) if fact.after == Status.WAITING else None

    async def answer_again(self, fact: QuestionPutAgain) -> None:
        """Wake the assistant again, and the desks, which show that it is answering."""
        await self._wake_assistant(fact.conversation_id)
        signals.current().publish(topics.QUEUE, "queue")

    def silence(self, fact: ConversationMoved) -> None:
        """Drop a draft in any process, when the assistant no longer holds the conversation."""
        if fact.before in {Status.ASSISTED, Status.WAITING}:
            signals.current().publish(SILENCE_TOPIC, str(fact.conversation_id))

    def brief(self, fact: ConversationMoved) -> Awaitable[None] | None:
        """Have the model write the card for operators, unless the provider is down."""
        called = fact.after == Status.WAITING and fact.before != Status.ATTENDED
        if called and fact.reason != Reason.PROVIDER_DOWN:
            return self._write_card(fact.conversation_id)
        return None

    def alert(self, fact: ConversationOverdue) -> None:
        """Alert the desks again."""
        signals.current().publish(topics.QUEUE, "alert", str(fact.conversation_id))

    async def relay(self, fact: object) -> None:
        """Relay it to the operators' channel, if there is one."""
        if self._relay:
            await self._relay(fact)

    async def apply(self, fact: PreferencesChanged) -> None:
        """Apply a saved section in this process, and tell the other processes."""
        async with db.reading() as tx:
            await preferences.cache.refresh(tx, fact.section)
        signals.current().publish(topics.HOUSE, f"preferences:{fact.section}")

    def show_queue(self, _fact: OperatorsChanged) -> None:
        """Wake the desks: the operators on shift have changed."""
        signals.current().publish(topics.QUEUE, topics.OPERATORS)


async def _update_wait(fact: MessagePosted) -> None:
    async with db.transaction() as tx:
        await handover.update_wait(tx, fact.conversation_id, fact.message_id)


async def _take_contacts(fact: ConversationMoved) -> None:
    async with db.transaction() as tx:
        await handover.save_typed_contacts(tx, fact.conversation_id)
