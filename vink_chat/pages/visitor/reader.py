"""Reads one visitor's thread on, from where it has come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover, operators
from vink_chat.conversations import Author, ConversationRow, MessageRow, QuickReply, Status, visitors
from vink_chat.kit import db
from vink_chat.pages.visitor.views import ContactView, MessagePresenter, MessageView, contact_of

_FIRST: Final = 50


@dataclass(frozen=True, slots=True)
class News:
    """What a redraw needs.

    Attributes:
        comment: What the visitor wrote beside their rating.
        read: How far an operator has read.
        place: The number in the queue, 0 for none.
        quick_replies: The buttons under the last message.
        form: Which wait the contact form is offered in; empty while it is not.
        blocked: That the visitor may not go on with what is over; empty when they may.
    """

    messages: list[MessageView]
    more: bool
    status: str
    thinking: bool
    rating: int
    comment: str
    form: str
    contact: ContactView
    id: UUID | None
    position: int
    read: int
    place: int
    quick_replies: list[QuickReply]
    blocked: str


class ThreadReader:
    """A place in the thread.

    Attributes:
        language: In which it is drawn.
        position: Of the last message read.
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
        """What is read and how it is drawn: the visitor, the language, the time zone."""
        return self.visitor_id, self.language, self._zone

    def suits(self, visitor_id: UUID, language: str) -> bool:
        """Tell whether this reader reads that visitor's thread in that language."""
        return (self.visitor_id, self.language) == (visitor_id, language)

    async def whole(self) -> News:
        """Read the last fifty messages again."""
        self.position = 0
        self._presenter = MessagePresenter(self.language, self._zone)
        return await self._read(_FIRST)

    async def news(self) -> News:
        """Read what came since the last reading."""
        return await self._read(1000)

    async def before(self, position: int) -> tuple[list[MessageView], bool]:
        """Read up to fifty messages ahead of a position, and whether there are still more."""
        async with db.reading() as tx:
            found = await conversations.thread(tx, self.visitor_id, before=position, limit=_FIRST + 1)
            unnamed = await operators.unnamed(tx, _writers(found))
        presenter = MessagePresenter(self.language, self._zone)
        return presenter.present(found[-_FIRST:], unnamed), len(found) > _FIRST

    async def _read(self, limit: int) -> News:
        async with db.reading() as tx:
            found = list(await conversations.thread(tx, self.visitor_id, after=self.position, limit=limit + 1))
            conversation = await conversations.newest_row(tx, self.visitor_id)
            place = await handover.place(tx, conversation) if conversation else 0
            unnamed = await operators.unnamed(tx, _writers(found))
            form = _form_of(conversation)
            contact = contact_of(await visitors.get_row(tx, self.visitor_id)) if form else contact_of()
            over = conversation is not None and conversation.status is Status.CLOSED
            blocked = await self._blocked(tx) if over else ""
        more = len(found) > limit
        fresh = found[-limit:]
        if fresh:
            self.position, self._quick_replies = fresh[-1].position, fresh[-1].quick_replies
        return News(
            messages=self._presenter.present(fresh, unnamed),
            more=more,
            status=conversation.status.value if conversation else Status.ASSISTED.value,
            thinking=conversation is not None and conversations.awaits_assistant(conversation),
            rating=(conversation.rating or 0) if conversation else 0,
            comment=conversation.rating_comment if conversation else "",
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


def _writers(messages: Sequence[MessageRow]) -> set[UUID]:
    return {one.operator_id for one in messages if one.author is Author.OPERATOR and one.operator_id}


def _form_of(conversation: ConversationRow | None) -> str:
    if conversation is None or not handover.shows_contact_form(conversation):
        return ""
    return f"{conversation.id.hex}:{conversation.waiting_since:%Y%m%d%H%M%S%f}"
