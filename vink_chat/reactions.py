"""«When this happened, do that»: the whole table on one screen.

Events arrive here after their commit. A reaction that takes time runs in the background: the caller has gone on.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from vink_chat import handover, preferences, topics
from vink_chat.answering import RECHECK_RUN
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
    PriorityChanged,
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
    """What follows from each event."""

    def __init__(self, wake_assistant: Wake, write_card: Wake, relay: Relay | None = None) -> None:
        self._wake_assistant = wake_assistant
        self._write_card = write_card
        self._relay = relay
        # Without a channel, no task is started for it.
        to_channel = (self.relay,) if relay else ()
        self._table: Final[dict[type, tuple[Reaction, ...]]] = {
            MessagePosted: (self.show, self.answer, self.update_wait, *to_channel),
            MessageChanged: (self.correct, *to_channel),
            ConversationMoved: (
                self.show,
                self.recheck_run,
                self.brief,
                self.take_contacts,
                self.restate_notices,
                *to_channel,
            ),
            PriorityChanged: (self.show, self.restate_notices, *to_channel),
            ConversationUpdated: (self.show, *to_channel),
            ConversationOverdue: (self.alert, *to_channel),
            QuestionChanged: (self.show_desks, *to_channel),
            QuestionPutAgain: (self.answer_again,),
            PreferencesChanged: (self.apply,),
            OperatorsChanged: (self.show_queue, *to_channel),
            OperatorLeft: (*to_channel,),
            KnowledgeChanged: (),
        }

    def to(self, event: object) -> tuple[Reaction, ...]:
        """List the reactions to an event. A reaction acts at once, or returns an awaitable if it takes time."""
        return next(self._table[kind] for kind in type(event).__mro__ if kind in self._table)

    def show(self, event: Shown) -> None:
        """Wake every tab that shows the thread or the queue."""
        bus = signals.current()
        bus.publish(topics.visitor(event.visitor_id), "thread")
        bus.publish(topics.conversation(event.conversation_id), "thread")
        moves = isinstance(event, ConversationMoved) or (isinstance(event, ConversationUpdated) and event.moves_queue)
        bus.publish(topics.QUEUE, "moved" if moves else "queue")

    def show_desks(self, event: QuestionChanged) -> None:
        """Wake the operators' tabs only."""
        bus = signals.current()
        bus.publish(topics.conversation(event.conversation_id), "thread")
        bus.publish(topics.QUEUE, "queue")

    def correct(self, event: MessageChanged) -> None:
        """Make every tab read the whole thread again: the changed message is before the ones it would read next."""
        bus = signals.current()
        bus.publish(topics.visitor(event.visitor_id), signals.RESYNC)
        bus.publish(topics.conversation(event.conversation_id), "changed")
        bus.publish(topics.QUEUE, "queue")

    def answer(self, event: MessagePosted) -> Awaitable[None] | None:
        """Wake the assistant when a visitor wrote and no operator holds the conversation."""
        if event.author == Author.VISITOR and event.status in {Status.ASSISTED, Status.WAITING}:
            return self._wake_assistant(event.conversation_id)
        return None

    def update_wait(self, event: MessagePosted) -> Awaitable[None] | None:
        """Update the question and the contacts of a waiting visitor who writes again."""
        if event.author == Author.VISITOR and event.status == Status.WAITING:
            return _update_wait(event)
        return None

    def take_contacts(self, event: ConversationMoved) -> Awaitable[None] | None:
        """Save contacts in the message that called a person."""
        return _take_contacts(event) if event.after == Status.WAITING else None

    def restate_notices(self, event: ConversationMoved | PriorityChanged) -> Awaitable[None] | None:
        """Tell those whom it may have overtaken in the queue their new place."""
        if isinstance(event, PriorityChanged):
            return _restate_notices(event.conversation_id, event.before)
        return _restate_notices(event.conversation_id) if event.after == Status.WAITING else None

    async def answer_again(self, event: QuestionPutAgain) -> None:
        """Wake the assistant again, and the desks, which show that it is answering."""
        await self._wake_assistant(event.conversation_id)
        signals.current().publish(topics.QUEUE, "queue")

    def recheck_run(self, event: ConversationMoved) -> None:
        """Drop a draft in any process, when the assistant no longer holds the conversation."""
        if event.before in {Status.ASSISTED, Status.WAITING}:
            signals.current().publish(RECHECK_RUN, str(event.conversation_id))

    def brief(self, event: ConversationMoved) -> Awaitable[None] | None:
        """Have the model write the card for operators, unless the provider is down."""
        called = event.after == Status.WAITING and event.before != Status.ATTENDED
        if called and event.reason != Reason.PROVIDER_DOWN:
            return self._write_card(event.conversation_id)
        return None

    def alert(self, event: ConversationOverdue) -> None:
        """Alert the desks again."""
        signals.current().publish(topics.QUEUE, "alert", str(event.conversation_id))

    async def relay(self, event: object) -> None:
        """Relay it to the operators' channel, if there is one."""
        if self._relay:
            await self._relay(event)

    async def apply(self, event: PreferencesChanged) -> None:
        """Apply a saved section in this process, and tell the other processes."""
        async with db.reading() as tx:
            await preferences.cache.refresh(tx, event.section)
        signals.current().publish(topics.SETTINGS, f"preferences:{event.section}")

    def show_queue(self, _fact: OperatorsChanged) -> None:
        """Wake the desks: the operators on shift have changed."""
        signals.current().publish(topics.QUEUE, topics.OPERATORS)


async def _update_wait(event: MessagePosted) -> None:
    async with db.transaction() as tx:
        await handover.update_wait(tx, event.conversation_id, event.message_id)


async def _take_contacts(event: ConversationMoved) -> None:
    async with db.transaction() as tx:
        await handover.save_typed_contacts(tx, event.conversation_id)


async def _restate_notices(conversation_id: UUID, before: int | None = None) -> None:
    async with db.reading() as tx:
        told = await handover.to_restate(tx, conversation_id, before)
    for one in told:
        # Each in a transaction of its own: a visitor who writes meanwhile waits for one of them at most.
        async with db.transaction() as tx:
            await handover.restate_notice(tx, one)
