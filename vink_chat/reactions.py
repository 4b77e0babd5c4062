"""«When this happened, do that»: the whole table on one screen.

Facts arrive here after their commit. What takes time runs on its own: the handler that emitted the fact has gone on.
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
        # Without such a channel nothing is started in vain.
        carry = (self.relay,) if relay else ()
        self._table: Final[dict[type, tuple[Reaction, ...]]] = {
            MessagePosted: (self.show, self.answer, self.update_wait, *carry),
            MessageChanged: (self.correct, *carry),
            ConversationMoved: (self.show, self.silence, self.brief, self.take_contacts, *carry),
            ConversationUpdated: (self.show, *carry),
            ConversationOverdue: (self.alert, *carry),
            QuestionChanged: (self.show_desks, *carry),
            QuestionPutAgain: (self.answer_again,),
            PreferencesChanged: (self.apply,),
            OperatorsChanged: (self.show_queue, *carry),
            OperatorLeft: (*carry,),
            KnowledgeChanged: (),
        }

    def to(self, fact: object) -> tuple[Reaction, ...]:
        """List what follows from a fact: what is done at once, and what takes time is returned to be awaited."""
        return next(self._table[kind] for kind in type(fact).__mro__ if kind in self._table)

    def show(self, fact: Shown) -> None:
        """Wake every tab that looks at the thread or at the queue."""
        bus = signals.current()
        bus.publish(topics.visitor(fact.visitor_id), "thread")
        bus.publish(topics.conversation(fact.conversation_id), "thread")
        moves = isinstance(fact, ConversationMoved) or (isinstance(fact, ConversationUpdated) and fact.moves_queue)
        bus.publish(topics.QUEUE, "moved" if moves else "queue")

    def show_desks(self, fact: QuestionChanged) -> None:
        """Wake the operators' tabs alone."""
        bus = signals.current()
        bus.publish(topics.conversation(fact.conversation_id), "thread")
        bus.publish(topics.QUEUE, "queue")

    def correct(self, fact: MessageChanged) -> None:
        """Have every tab read the thread again: what changed lies behind the place it has come to."""
        bus = signals.current()
        bus.publish(topics.visitor(fact.visitor_id), signals.READ_AGAIN)
        bus.publish(topics.conversation(fact.conversation_id), "changed")
        bus.publish(topics.QUEUE, "queue")

    def answer(self, fact: MessagePosted) -> Awaitable[None] | None:
        """Wake the assistant when a visitor wrote and nobody else has the conversation yet."""
        if fact.author == Author.VISITOR and fact.status in {Status.ASSISTED, Status.WAITING}:
            return self._wake_assistant(fact.conversation_id)
        return None

    def update_wait(self, fact: MessagePosted) -> Awaitable[None] | None:
        """Look again at what a waiting visitor asks, and for contacts, when they write again."""
        if fact.author == Author.VISITOR and fact.status == Status.WAITING:
            return _update_wait(fact)
        return None

    def take_contacts(self, fact: ConversationMoved) -> Awaitable[None] | None:
        """Keep the number or the address that somebody wrote in the message that called a person."""
        return _take_contacts(fact) if fact.after == Status.WAITING else None

    async def answer_again(self, fact: QuestionPutAgain) -> None:
        """Wake the assistant once more, and the desks that see it at work."""
        await self._wake_assistant(fact.conversation_id)
        signals.current().publish(topics.QUEUE, "queue")

    def silence(self, fact: ConversationMoved) -> None:
        """Drop a draft in flight, in whatever process, when the assistant no longer holds the conversation."""
        if fact.before in {Status.ASSISTED, Status.WAITING}:
            signals.current().publish(SILENCE_TOPIC, str(fact.conversation_id))

    def brief(self, fact: ConversationMoved) -> Awaitable[None] | None:
        """Let the model write the operator's card, where a model may be asked."""
        called = fact.after == Status.WAITING and fact.before != Status.ATTENDED
        if called and fact.reason != Reason.PROVIDER_DOWN:
            return self._write_card(fact.conversation_id)
        return None

    def alert(self, fact: ConversationOverdue) -> None:
        """Call the desks once more."""
        signals.current().publish(topics.QUEUE, "alert", str(fact.conversation_id))

    async def relay(self, fact: object) -> None:
        """Carry it to the operators who work elsewhere, where there is such a channel."""
        if self._relay:
            await self._relay(fact)

    async def apply(self, fact: PreferencesChanged) -> None:
        """Make a saved section count in this process, and tell the others."""
        async with db.reading() as tx:
            await preferences.cache.refresh(tx, fact.section)
        signals.current().publish(topics.HOUSE, f"preferences:{fact.section}")

    def show_queue(self, _fact: OperatorsChanged) -> None:
        """Wake the desks: who is here has changed."""
        signals.current().publish(topics.QUEUE, topics.OPERATORS)


async def _update_wait(fact: MessagePosted) -> None:
    async with db.transaction() as tx:
        await handover.update_wait(tx, fact.conversation_id, fact.message_id)


async def _take_contacts(fact: ConversationMoved) -> None:
    async with db.transaction() as tx:
        await handover.save_typed_contacts(tx, fact.conversation_id)
