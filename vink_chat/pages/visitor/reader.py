"""Reads one visitor's thread incrementally."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover, operators
from vink_chat.conversations import Author, ConversationRow, MessageRow, QuickReply, Status, visitors
from vink_chat.kit import db
from vink_chat.pages.visitor.views import ContactView, MessagePresenter, MessageView, contact_view

_PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class ThreadUpdate:
    """New messages, and the conversation's current values.

    Attributes:
        comment: The visitor's comment on their rating.
        ending: Which end of the conversation is rated; empty while it is open.
        read: The position up to which an operator has read.
        place: The number in the queue, 0 for none.
        quick_replies: The buttons below the last message.
        form: The wait in which the contact form is offered; empty while it is not.
        blocked: Why the visitor may not continue a closed conversation; empty when they may.
    """

    messages: list[MessageView]
    more: bool
    status: str
    thinking: bool
    rating: int
    comment: str
    ending: str
    form: str
    contact: ContactView
    id: UUID | None
    position: int
    read: int
    place: int
    quick_replies: list[QuickReply]
    blocked: str


class ThreadReader:
    """A cursor in the thread.

    Attributes:
        language: The language of the views.
        position: The position of the last message read.
    """

    def __init__(self, visitor_id: UUID, language: str, zone: str) -> None:
        self.visitor_id = visitor_id
        self.language = language
        self._zone = zone
        self._presenter = MessagePresenter(language, zone)
        self._quick_replies: list[QuickReply] = []
        self.position = 0

    @property
    def key(self) -> tuple[UUID, str, str]:
        """The visitor, the language and the time zone: tabs with the same key show the same."""
        return self.visitor_id, self.language, self._zone

    def suits(self, visitor_id: UUID, language: str) -> bool:
        """Tell whether this reader is for that visitor and language."""
        return (self.visitor_id, self.language) == (visitor_id, language)

    async def read_all(self) -> ThreadUpdate:
        """Read the last fifty messages, whatever was read before."""
        self.position = 0
        self._presenter = MessagePresenter(self.language, self._zone)
        return await self._read(_PAGE_SIZE)

    async def read_new(self) -> ThreadUpdate:
        """Read the messages added since the last read."""
        return await self._read(1000)

    async def read_before(self, position: int) -> tuple[list[MessageView], bool]:
        """Read up to fifty messages before a position, and whether there are more."""
        async with db.reading() as tx:
            messages = await conversations.thread(tx, self.visitor_id, before=position, limit=_PAGE_SIZE + 1)
            unnamed = await operators.unnamed(tx, _operators_of(messages))
        presenter = MessagePresenter(self.language, self._zone)
        return presenter.present(messages[-_PAGE_SIZE:], unnamed), len(messages) > _PAGE_SIZE

    async def _read(self, limit: int) -> ThreadUpdate:
        async with db.reading() as tx:
            messages = list(await conversations.thread(tx, self.visitor_id, after=self.position, limit=limit + 1))
            conversation = await conversations.newest_row(tx, self.visitor_id)
            place = await handover.place(tx, conversation) if conversation else 0
            unnamed = await operators.unnamed(tx, _operators_of(messages))
            form = _form_of(conversation)
            contact = contact_view(await visitors.get_row(tx, self.visitor_id)) if form else contact_view()
            closed = conversation is not None and conversation.status is Status.CLOSED
            blocked = await self._blocked(tx) if closed else ""
        more = len(messages) > limit
        fresh = messages[-limit:]
        if fresh:
            self.position, self._quick_replies = fresh[-1].position, fresh[-1].quick_replies
        return ThreadUpdate(
            messages=self._presenter.present(fresh, unnamed),
            more=more,
            status=conversation.status.value if conversation else Status.ASSISTED.value,
            thinking=conversation is not None and conversations.awaits_assistant(conversation),
            rating=(conversation.rating or 0) if conversation else 0,
            comment=conversation.rating_comment if conversation else "",
            ending=_ending_of(conversation),
            form=form,
            contact=contact,
            id=conversation.id if conversation else None,
            position=self.position,
            read=conversation.operator_read if conversation else 0,
            place=place,
            quick_replies=self._quick_replies if conversation and conversation.status is Status.ASSISTED else [],
            blocked=blocked,
        )

    async def _blocked(self, tx: db.Transaction) -> str:
        try:
            await conversations.require_unblocked(tx, self.visitor_id)
        except conversations.Blocked as refusal:
            return refusal.say(self.language, zone=self._zone)
        return ""


def _operators_of(messages: Sequence[MessageRow]) -> set[UUID]:
    return {row.operator_id for row in messages if row.author is Author.OPERATOR and row.operator_id}


def _ending_of(conversation: ConversationRow | None) -> str:
    if conversation is None or conversation.closed_at is None:
        return ""
    return f"{conversation.id.hex}:{conversation.closed_at:%Y%m%d%H%M%S%f}"


def _form_of(conversation: ConversationRow | None) -> str:
    if conversation is None or not handover.shows_contact_form(conversation):
        return ""
    return f"{conversation.id.hex}:{conversation.waiting_since:%Y%m%d%H%M%S%f}"
