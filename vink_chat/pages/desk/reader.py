"""Reads one conversation for one operator's desk."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vink_chat import answering, conversations, handover
from vink_chat.answering import Run
from vink_chat.conversations import MessageRow, queue, visitors
from vink_chat.conversations.queue import QueueRow
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.pages.desk.messages import DeskMessageView, DeskPresenter
from vink_chat.pages.desk.views import (
    CardView,
    EarlierView,
    HeadView,
    Reader,
    VisitorView,
    present_card,
    present_head,
    present_row,
    present_visitor,
    visitor_name,
)

_PAGE_SIZE: Final = 100
_MAX_NEW_MESSAGES: Final = 1000
_MESSAGES_AROUND: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """What the desk's middle and right columns show.

    Attributes:
        more: Whether there are older messages.
        gap: Whether newer messages are left out, because the ones around an old message were read.
    """

    head: HeadView
    visitor: VisitorView
    card: CardView
    earlier: list[EarlierView]
    messages: list[DeskMessageView]
    position: int
    read: int
    more: bool
    gap: bool


class DeskReader:
    """Reads a conversation for one desk, and remembers how far.

    Attributes:
        at: A message to show with those around it; None for the newest ones.
        typing_until: Until when the visitor is shown as typing, by ``time.monotonic``; 0 if they are not.
    """

    def __init__(
        self, conversation_id: UUID, operator_id: UUID, language: str, zone: str, *, admin: bool = False
    ) -> None:
        self._admin = admin
        self.conversation_id = conversation_id
        self._operator_id = operator_id
        self._reader = Reader(language, zone, operator_id)
        self._presenter = self._new_presenter()
        self._position = 0
        self._runs: list[Run] = []
        self._before: list[QueueRow] = []
        self.at: UUID | None = None
        self.typing_until = 0.0

    def _new_presenter(self) -> DeskPresenter:
        return DeskPresenter(*self._reader)

    async def read(self, *, whole: bool) -> Page:
        """Read the end of the conversation (``whole``), or what came since the last reading.

        Raises:
            NotFound: There is no such conversation.
        """
        if whole:
            self._position, self._presenter = 0, self._new_presenter()
        async with db.reading() as tx:
            conversation = await conversations.get_row(tx, self.conversation_id)
            visitor = await visitors.get_row(tx, conversation.visitor_id)
            newest = await conversations.newest_row(tx, conversation.visitor_id)
            fresh = list(
                await conversations.conversation_messages(
                    tx, conversation.id, after=self._position, limit=_PAGE_SIZE + 1 if whole else _MAX_NEW_MESSAGES
                )
            )
            if whole or any(message.run_id for message in fresh):
                self._runs = list(await answering.runs(tx, conversation.id))
            more = whole and len(fresh) > _PAGE_SIZE
            fresh = fresh[-_PAGE_SIZE:] if whole else fresh
            if fresh:
                self._position = fresh[-1].position
            gap = False
            if whole and self.at and all(message.id != self.at for message in fresh):
                fresh, more, gap = await self._about(tx, self.at, fresh, more=more)
            address = await handover.block_of_address(tx, visitor)
            takes = await handover.may_take_over(tx, conversation, self._operator_id, admin=self._admin)
            if whole:
                self._before = list(await queue.earlier(tx, conversation.visitor_id, conversation.id))
        name = visitor_name(visitor.name, visitor.id, self._reader.language)
        last = newest is not None and newest.id == conversation.id
        return Page(
            head=present_head(conversation, name, self._reader, last=last, takes=takes),
            visitor=present_visitor(visitor, conversation, address, self._reader),
            card=present_card(conversation, self._runs, self._reader.language),
            earlier=[
                EarlierView(id=row["id"], text=row["text"], time=row["time"])
                for row in (present_row(earlier, self._reader) for earlier in self._before)
            ],
            messages=self._presenter.present(fresh, {run.id.hex: run for run in self._runs}, name),
            position=self._position,
            read=conversation.visitor_read,
            more=more,
            gap=gap,
        )

    async def _about(
        self, tx: Transaction, message_id: UUID, newest: list[MessageRow], *, more: bool
    ) -> tuple[list[MessageRow], bool, bool]:
        """Read the messages around one, joined with the newest ones if they meet.

        Returns:
            The messages, whether there are older ones, and whether the newest ones are not among them.
        """
        wanted = await conversations.message(tx, message_id)
        if wanted is None or wanted.conversation_id != self.conversation_id or not newest:
            return newest, more, False
        before = await conversations.conversation_messages(
            tx, self.conversation_id, before=wanted.position, limit=_MESSAGES_AROUND + 1
        )
        after = await conversations.conversation_messages(
            tx, self.conversation_id, after=wanted.position - 1, before=wanted.position + _MESSAGES_AROUND
        )
        found = [*before[-_MESSAGES_AROUND:], *after]
        gap = found[-1].position < newest[0].position
        joined = found if gap else [*(one for one in found if one.position < newest[0].position), *newest]
        return joined, len(before) > _MESSAGES_AROUND, gap

    async def before(self, position: int) -> tuple[list[DeskMessageView], bool]:
        """Read up to a hundred messages before a position, and whether there are more.

        Raises:
            NotFound: There is no such conversation.
        """
        async with db.reading() as tx:
            conversation = await conversations.get_row(tx, self.conversation_id)
            visitor = await visitors.get_row(tx, conversation.visitor_id)
            found = await conversations.conversation_messages(
                tx, conversation.id, before=position, limit=_PAGE_SIZE + 1
            )
            runs = await answering.runs(tx, conversation.id)
        name, presenter = visitor_name(visitor.name, visitor.id, self._reader.language), self._new_presenter()
        drawn = presenter.present(list(found[-_PAGE_SIZE:]), {run.id.hex: run for run in runs}, name)
        return drawn, len(found) > _PAGE_SIZE
