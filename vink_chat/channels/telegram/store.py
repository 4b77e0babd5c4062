"""The SQL of the links between conversations and chats, and of the Telegram messages in a chat."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, cast
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import bindparam, delete, func, update
from sqlmodel import SQLModel, col, select

from vink_chat.channels import store
from vink_chat.channels.model import (
    LONG_AGO,
    DeliveryStatus,
    HandledUpdate,
    KeptText,
    Kind,
    Link,
    LinkState,
    Outgoing,
    QueueNotice,
    Stranger,
    TelegramMessage,
)
from vink_chat.conversations import Conversation, Status, Visitor
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared

WITH_OPERATORS: Final = frozenset({Status.WAITING, Status.ATTENDED})
"""The statuses in which operators get a conversation's messages."""
MAX_STRANGERS: Final = 60
"""How many strangers the bot answers in an hour."""
_link, _telegram_message, _split_text, _message, _conversation = (
    SQLModel.metadata.tables[name]
    for name in ("telegram_link", "telegram_heard", "telegram_cut_text", "message", "conversation")
)

_LINK_COLUMNS: Final = [column.label(column.key) for column in _link.c]

# Hot path: these statements are prepared once.
_READ_LINK: Final = Prepared(sql.select(*_LINK_COLUMNS).where(_link.c.id == bindparam("which")))
_TOPIC_LINK: Final = Prepared(
    sql.select(*_LINK_COLUMNS)
    .where(_link.c.chat_id == bindparam("chat"), _link.c.thread_id == bindparam("thread"))
    .limit(1)
)
_LINKS: Final = select(Link).where(Link.conversation_id == bindparam("which")).order_by(col(Link.id)).limit(1000)
_LAST_WRITTEN: Final = (
    select(Link)
    .where(Link.chat_id == bindparam("chat"), Link.operator_id == bindparam("whose"), col(Link.touched_at) > LONG_AGO)
    .order_by(col(Link.touched_at).desc())
    .limit(1)
)
_SPLIT_TEXT: Final = Prepared(
    sql.select(_split_text.c.chat_id).where(
        _split_text.c.chat_id == bindparam("chat"), _split_text.c.person == bindparam("whose")
    )
)
_TELEGRAM_ID_OF: Final = Prepared(
    sql.select(_telegram_message.c.telegram_id)
    .where(_telegram_message.c.message_id == bindparam("message"), _telegram_message.c.chat_id == bindparam("chat"))
    .order_by(_telegram_message.c.telegram_id)
    .limit(1)
)
_READ_BY_VISITOR: Final = Prepared(
    sql.select(_telegram_message)
    .join(_message, _message.c.id == _telegram_message.c.message_id)
    .join(_conversation, _conversation.c.id == _telegram_message.c.conversation_id)
    .where(
        _telegram_message.c.conversation_id == bindparam("which"),
        _telegram_message.c.receipt == bindparam("told"),
        _message.c.position <= _conversation.c.visitor_read,
    )
    .order_by(_message.c.position.desc())
    .limit(20)
)


async def link(tx: Transaction, link_id: int) -> Link | None:
    """Find a link."""
    return await tx.session.get(Link, link_id)


async def read_link(tx: Transaction, link_id: int) -> Link | None:
    """Find a link, read-only; faster than ``link``."""
    rows = await tx.rows(_READ_LINK, which=link_id)
    return cast("Link", rows[0]) if rows else None


async def links(tx: Transaction, conversation_id: UUID) -> list[Link]:
    """List the links of a conversation."""
    return list((await tx.session.exec(_LINKS, params={"which": conversation_id})).all())


async def link_in(tx: Transaction, conversation_id: UUID, chat_id: int) -> Link | None:
    """Find the link of a conversation in one chat."""
    return next((link for link in await links(tx, conversation_id) if link.chat_id == chat_id), None)


async def topic_link(tx: Transaction, chat_id: int, thread_id: int) -> Link | None:
    """Find the link of a topic, read-only."""
    rows = await tx.rows(_TOPIC_LINK, chat=chat_id, thread=thread_id)
    return cast("Link", rows[0]) if rows else None


async def open_links(tx: Transaction, chat_id: int) -> Sequence[Link]:
    """List the open links of an operator's own chat, the one last written in first."""
    statement = (
        select(Link)
        .where(Link.chat_id == chat_id, Link.state == LinkState.OPEN)
        .order_by(col(Link.touched_at).desc())
        .limit(100)
    )
    return (await tx.session.exec(statement)).all()


async def last_written(tx: Transaction, chat_id: int, operator_id: UUID) -> Link | None:
    """Find the link in an operator's own chat in which they last wrote, even if it is over."""
    return (await tx.session.exec(_LAST_WRITTEN, params={"chat": chat_id, "whose": operator_id})).first()


async def shown_since(
    tx: Transaction, chat_id: int, conversation_ids: Collection[UUID], *, after: int, to: int
) -> bool:
    """Tell whether a message of some conversations came into a chat between two of its messages.

    A row in flight counts too: the operator may have read it already.
    """
    shown = col(Outgoing.telegram_id).between(after + 1, to - 1)
    under_way = (col(Outgoing.status) == DeliveryStatus.PENDING) & (col(Outgoing.tries) > 0)
    statement = (
        select(Outgoing.id)
        .join(Link, col(Link.id) == col(Outgoing.link_id))
        .where(
            Outgoing.chat_id == chat_id,
            Outgoing.kind == Kind.TEXT,
            col(Link.conversation_id).in_(conversation_ids),
            col(Outgoing.message_id).is_not(None) | (col(Outgoing.id) == col(Link.card_row_id)),
            shown | under_way,
        )
        .limit(1)
    )
    return (await tx.session.exec(statement)).first() is not None


async def shown_below(tx: Transaction, chat_id: int, row_id: int, *, after: int) -> bool:
    """Tell whether the bot sent, or is sending, any other row into a chat after one of its messages."""
    newer = (col(Outgoing.id) > row_id) | (col(Outgoing.telegram_id) > after)
    under_way = (col(Outgoing.status) == DeliveryStatus.PENDING) & (col(Outgoing.tries) > 0)
    statement = (
        select(Outgoing.id)
        .where(Outgoing.chat_id == chat_id, Outgoing.kind == Kind.TEXT, Outgoing.id != row_id, newer | under_way)
        .limit(1)
    )
    return (await tx.session.exec(statement)).first() is not None


async def ended_since(tx: Transaction, chat_id: int, moment: datetime) -> bool:
    """Tell whether a conversation ended in an operator's own chat since a moment."""
    statement = select(Link.id).where(Link.chat_id == chat_id, col(Link.ended_at) > moment).limit(1)
    return (await tx.session.exec(statement)).first() is not None


async def has_split_text(tx: Transaction, chat_id: int, person: int) -> bool:
    """Tell whether a user's last message in a chat may be the beginning of a longer text."""
    return bool(await tx.rows(_SPLIT_TEXT, chat=chat_id, whose=person))


async def kept_texts(
    tx: Transaction, chat_id: int, operator_id: UUID, question: int | None = None
) -> Sequence[KeptText]:
    """List the kept texts of an operator, oldest first; only those of ``question``, if it is given."""
    statement = select(KeptText).where(KeptText.chat_id == chat_id, KeptText.operator_id == operator_id)
    if question is not None:
        statement = statement.where(KeptText.question == question)
    return (await tx.session.exec(statement.order_by(col(KeptText.id)).limit(200))).all()


async def latest_telegram_id(tx: Transaction, chat_id: int) -> int:
    """Return the Telegram id of the newest message in a chat that belongs to a conversation; 0 if there is none."""
    statement = select(func.max(TelegramMessage.telegram_id)).where(TelegramMessage.chat_id == chat_id)
    return (await tx.session.exec(statement)).first() or 0


async def record_telegram_message(
    tx: Transaction, chat_id: int, telegram_id: int, conversation_id: UUID, message: UUID | None, receipt: str = ""
) -> None:
    """Record which message of a thread a Telegram message shows, and the receipt shown to its author."""
    row = TelegramMessage(chat_id=chat_id, telegram_id=telegram_id, conversation_id=conversation_id, message_id=message)
    row.receipt = receipt
    await store.insert(tx, row, TelegramMessage.telegram_id)


async def telegram_message(tx: Transaction, chat_id: int, telegram_id: int) -> TelegramMessage | None:
    """Find the record of a Telegram message."""
    return await tx.session.get(TelegramMessage, (chat_id, telegram_id))


async def telegram_id_of(tx: Transaction, chat_id: int, message_id: UUID) -> int | None:
    """Find the id of the Telegram message in a chat that shows a message of a thread."""
    rows = await tx.rows(_TELEGRAM_ID_OF, message=message_id, chat=chat_id)
    return rows[0][0] if rows else None


async def operator_messages(tx: Transaction, message_id: UUID) -> Sequence[TelegramMessage]:
    """List the Telegram messages in which an operator wrote a message of a thread."""
    statement = select(TelegramMessage).where(TelegramMessage.message_id == message_id, TelegramMessage.receipt != "")
    return (await tx.session.exec(statement.order_by(col(TelegramMessage.telegram_id)).limit(50))).all()


async def read_by_visitor(tx: Transaction, conversation_id: UUID, receipt: str) -> Sequence[TelegramMessage]:
    """List the newest Telegram messages, read-only, that the visitor has read and whose receipt is ``receipt``."""
    return cast("Sequence[TelegramMessage]", await tx.rows(_READ_BY_VISITOR, which=conversation_id, told=receipt))


async def change_receipt(tx: Transaction, message: TelegramMessage, receipt: str) -> bool:
    """Change the receipt of a message; false if another process has already done so."""
    statement = update(TelegramMessage).where(
        col(TelegramMessage.chat_id) == message.chat_id,
        col(TelegramMessage.telegram_id) == message.telegram_id,
        col(TelegramMessage.receipt) == message.receipt,
    )
    return (
        await tx.session.exec(statement.values(receipt=receipt).returning(col(TelegramMessage.chat_id)))
    ).first() is not None


async def invitations(tx: Transaction, chats: Collection[int]) -> set[tuple[int, UUID]]:
    """List the pairs of chat and conversation in which one of these chats is invited."""
    statement = select(Link.chat_id, Link.conversation_id).where(
        Link.state == LinkState.INVITED, col(Link.chat_id).in_(chats)
    )
    return set((await tx.session.exec(statement.limit(5000))).all())


async def visitor_names(tx: Transaction, visitor_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of those visitors who have one."""
    statement = select(Visitor.id, Visitor.name).where(col(Visitor.id).in_(visitor_ids), Visitor.name != "")
    return dict((await tx.session.exec(statement.limit(5000))).all())


async def queue_notice_chats(tx: Transaction) -> Sequence[int]:
    """List the chats that show a queue notice."""
    statement = select(QueueNotice.chat_id).where(col(QueueNotice.row).is_not(None)).limit(1000)
    return (await tx.session.exec(statement)).all()


async def queue_notice(tx: Transaction, chat_id: int, *, new: bool) -> QueueNotice | None:
    """Return the queue notice of a chat, locked; with ``new`` it is created if it does not exist."""
    if new:
        await store.insert(tx, QueueNotice(chat_id=chat_id), QueueNotice.chat_id)
    statement = select(QueueNotice).where(QueueNotice.chat_id == chat_id).with_for_update()
    return (await tx.session.exec(statement)).one_or_none()


async def migrate_links(tx: Transaction, before: int, after: int) -> None:
    """Move the links of a group to the supergroup it became, where there are no messages to edit yet."""
    there = select(Link.conversation_id).where(Link.chat_id == after)
    statement = update(Link).where(col(Link.chat_id) == before, col(Link.conversation_id).not_in(there))
    await tx.session.exec(
        statement.values(chat_id=after, thread_id=None, card_row_id=None, buttons_row_id=None, name="", card_due=False)
    )
    # The invitation is in the old group, so another is due.
    lost = update(Link).where(col(Link.chat_id) == after, ~col(Link.topic), col(Link.state) == LinkState.INVITED)
    await tx.session.exec(lost.where(col(Link.card_row_id).is_(None)).values(state=LinkState.LOST))
    # These conversations are already linked to the new chat id.
    await tx.session.exec(delete(Link).where(col(Link.chat_id) == before))


async def mark_links_lost(tx: Transaction, chat_id: int) -> None:
    """Mark the links of a chat that are not over as lost, so that they start again there."""
    statement = update(Link).where(col(Link.chat_id) == chat_id, col(Link.state) != LinkState.OVER)
    await tx.session.exec(statement.values(state=LinkState.LOST, card_row_id=None, buttons_row_id=None))


async def open_conversations(tx: Transaction) -> list[UUID]:
    """List the conversations that wait or are attended, and those whose links are not over yet."""
    open_ids = (
        select(Conversation.id)
        .where(col(Conversation.status).in_(WITH_OPERATORS))
        .order_by(col(Conversation.last_at))
        .limit(1000)
    )
    linked_ids = (
        select(Link.conversation_id).where(col(Link.state) != LinkState.OVER).order_by(col(Link.id)).limit(1000)
    )
    both = [*(await tx.session.exec(open_ids)).all(), *(await tx.session.exec(linked_ids)).all()]
    return list(dict.fromkeys(both))


async def mark_stranger_answered(tx: Transaction, stranger: int) -> bool:
    """Record that a stranger got an answer; false if already recorded."""
    return await store.insert(tx, Stranger(id=stranger), Stranger.id)


async def mark_stranger_answered_again(tx: Transaction, stranger: int, before: datetime) -> bool:
    """Record that a stranger got another answer; false if they got one after ``before``."""
    statement = update(Stranger).where(col(Stranger.id) == stranger, col(Stranger.answered_at) < before)
    return (await tx.session.exec(statement.values(answered_at=now()).returning(col(Stranger.id)))).first() is not None


async def may_answer_stranger(tx: Transaction, since: datetime) -> bool:
    """Tell whether fewer than MAX_STRANGERS were answered since a moment."""
    statement = select(func.count()).select_from(Stranger).where(col(Stranger.answered_at) >= since)
    return (await tx.session.exec(statement)).one() < MAX_STRANGERS


async def forget_stranger(tx: Transaction, person: int) -> bool:
    """Forget that a user was a stranger; false if they were not."""
    statement = delete(Stranger).where(col(Stranger.id) == person).returning(col(Stranger.id))
    return (await tx.session.exec(statement)).first() is not None


async def serve_bot(tx: Transaction, bot_id: int) -> None:
    """Record which bot is served, in the process that holds the lease.

    Each bot has its own update and message ids. So those of a previous bot are deleted, and open conversations are
    shown again: operators have an empty chat with the new bot.
    """
    lease = await store.lease(tx)
    if bot_id in {0, lease.bot_id}:
        return
    had_bot, lease.bot_id = lease.bot_id != 0, bot_id
    tx.session.add(lease)
    if had_bot:
        await _delete_bot_ids(tx)


async def _delete_bot_ids(tx: Transaction) -> None:
    for table in (HandledUpdate, TelegramMessage, KeptText, QueueNotice):
        await tx.session.exec(delete(table))
    await tx.session.exec(update(Outgoing).values(telegram_id=None, reply_to=None))
    not_over = select(Link.id).where(~col(Link.topic), Link.state != LinkState.OVER)
    pending = update(Outgoing).where(
        col(Outgoing.link_id).in_(not_over), col(Outgoing.status) == DeliveryStatus.PENDING
    )
    await tx.session.exec(pending.values(status=DeliveryStatus.DROPPED))
    await tx.session.exec(
        update(Link)
        .where(~col(Link.topic))
        .values(state=LinkState.OVER, card_row_id=None, buttons_row_id=None, touched_number=0)
    )
    await tx.session.exec(
        update(Link)
        .where(col(Link.thread_id).is_not(None))
        .values(card_due=True, card_row_id=None, buttons_row_id=None)
    )
