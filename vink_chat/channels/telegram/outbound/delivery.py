"""Makes one call for one row of the outbox: reads in one transaction, calls outside any, saves the result in another.

The first row for a missing topic creates it and sends its card: each is a call of its own, and the row stays pending.
"""

import contextlib
from dataclasses import dataclass, field

from vink_chat import conversations
from vink_chat.channels import outbox, store
from vink_chat.channels.model import DeliveryStatus, Kind, Link, Outgoing, saved_id
from vink_chat.channels.telegram import buttons, cards, errors, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.bot import Bot, Destination, Markup
from vink_chat.conversations import AnyConversation, Author, VisitorRow, visitors
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

_BETWEEN = "\n\n"
_HEADING = 32


@dataclass(slots=True)
class Delivery:
    """A row of the outbox with what its call needs.

    Attributes:
        together: The row, and the following ones that are sent in the same message.
        text: The text to send.
        target: The Telegram message an edit changes, and its new text.
    """

    row: Outgoing
    link: Link | None = None
    conversation: AnyConversation | None = None
    visitor: VisitorRow | None = None
    together: list[Outgoing] = field(default_factory=list[Outgoing])
    text: str = ""
    target: tuple[int, str] | None = None


async def deliver_next(bot: Bot, row_id: int) -> None:
    """Make the next call a row needs, and save its result.

    Raises:
        TemporaryFailure: The call failed, and may succeed later.
        CallRejected: Telegram rejected the call.
    """
    delivery = await _prepare(row_id)
    if delivery is None:
        return
    link, conversation = delivery.link, delivery.conversation
    if delivery.row.kind in {Kind.EDIT, Kind.KEYBOARD, Kind.DELETE, Kind.REACTION}:
        await _change(bot, delivery)
    elif link is None or conversation is None or not link.topic:
        await _send(bot, delivery, None)
    elif delivery.row.kind is Kind.NAME:
        await _rename(bot, delivery, link)
    elif link.thread_id is None:
        await _create(bot, link, conversation)
    elif link.closed and conversation.status in link_store.WITH_OPERATORS:
        await _reopen(bot, link)
    elif link.card_due and delivery.visitor is not None:
        await _send_card(bot, link, conversation, delivery.visitor)
    else:
        await _send(bot, delivery, link.thread_id)


async def _prepare(row_id: int) -> Delivery | None:
    async with db.transaction() as tx:
        # From here on, an edit of the row is queued as another row.
        row = await store.begin_attempt(tx, row_id)
        if row is None:
            return None
        delivery = Delivery(row, together=[row])
        if row.link_id is not None:
            delivery.link = await link_store.read_link(tx, row.link_id)
        if delivery.link and (delivery.link.topic or row.kind is Kind.DOCUMENT):
            delivery.conversation = await conversations.get_row(tx, delivery.link.conversation_id)
            delivery.visitor = await visitors.get_row(tx, delivery.conversation.visitor_id)
        if row.kind is Kind.TEXT and (row.chat_id < 0 or row.message_id):
            delivery.together = await _rows_together(tx, row, delivery.link.card_row_id if delivery.link else None)
        delivery.text = await _compose(tx, delivery.together)
        if row.edits is not None:
            delivery.target = await _target(tx, row)
        return delivery


async def _rows_together(tx: Transaction, row: Outgoing, card_row_id: int | None) -> list[Outgoing]:
    """Return the rows to send as one message: in a group all rows of a link, in a private chat messages of the thread.

    The card is sent alone: it grows later, and together with other texts it could become too long for Telegram.
    """
    rows, length = [row], cards.units(row.text) + _HEADING
    if row.link_id is None or row.reply_to or row.unsure or row.id == card_row_id:
        return rows
    for other in await store.rows_after(tx, row):
        length += cards.units(_BETWEEN + other.text) + _HEADING
        full = length > cards.LONGEST_MESSAGE
        if other.id == card_row_id or (row.chat_id > 0 and other.message_id is None):
            break
        # Buttons belong to the whole message, so only its last row may have them.
        if rows[-1].markup or other.kind is not Kind.TEXT or other.reply_to or other.unsure or full:
            break
        if begun_row := await store.begin_attempt(tx, saved_id(other)):
            rows.append(begun_row)
    return rows


async def _compose(tx: Transaction, rows: list[Outgoing], change: Outgoing | None = None) -> str:
    """Return the text of rows sent as one message; the visitor is named if it has messages of others too.

    Args:
        tx: The open transaction.
        rows: The rows.
        change: An edit that replaces the text of one of them.
    """
    if len(rows) == 1:
        return change.text if change is not None and change.edits == rows[0].id else rows[0].text
    said = [await conversations.message(tx, row.message_id) if row.message_id else None for row in rows]
    mixed = len({message.author if message else None for message in said}) > 1
    parts: list[str] = []
    for row, message in zip(rows, said, strict=True):
        text = change.text if change is not None and change.edits == row.id else row.text
        plain = message is not None and text == message.text and message.author is Author.VISITOR
        parts.append(f"{cards.author(message, group.language())}:\n{text}" if mixed and plain and message else text)
    return _BETWEEN.join(parts)


async def _target(tx: Transaction, row: Outgoing) -> tuple[int, str] | None:
    first = await store.outgoing(tx, row.edits or 0)
    if first is None or first.telegram_id is None:
        return None
    # Only an edit of a text has to send the whole message.
    shared = await store.rows_of_telegram_message(tx, first) if row.kind is Kind.EDIT else [first]
    return first.telegram_id, await _compose(tx, list(shared), row)


async def _send(bot: Bot, delivery: Delivery, thread_id: int | None) -> None:
    row = delivery.row
    destination = Destination(row.chat_id, thread_id, row.reply_to, silent=row.silent)
    number = None
    with contextlib.suppress(errors.AnswerUnreadable):
        if row.kind is Kind.DOCUMENT:
            number = await bot.send_file(
                destination, f"{cards.tag(delivery.visitor.id) if delivery.visitor else ''}.txt", row.text
            )
        else:
            number = await bot.send(destination, delivery.text, delivery.together[-1].markup)
    async with db.transaction() as tx:
        for sent in delivery.together:
            await store.mark_sent(tx, sent, number, now())
        if delivery.link and number is not None:
            message = next((sent.message_id for sent in delivery.together if sent.message_id), None)
            await link_store.record_telegram_message(tx, row.chat_id, number, delivery.link.conversation_id, message)


async def _change(bot: Bot, delivery: Delivery) -> None:
    row = delivery.row
    if row.kind is Kind.REACTION:
        with contextlib.suppress(errors.AnswerUnreadable):
            await bot.react(row.chat_id, row.reply_to or 0, row.text)
    elif delivery.target is not None:
        number, text = delivery.target
        with contextlib.suppress(errors.AnswerUnreadable):
            if row.kind is Kind.DELETE:
                await bot.delete(row.chat_id, number)
            elif row.kind is Kind.KEYBOARD:
                await bot.change_keyboard(row.chat_id, number, row.markup)
            else:
                await bot.edit(row.chat_id, number, text, row.markup)
    async with db.transaction() as tx:
        first = await store.outgoing(tx, row.edits or 0) if row.kind is Kind.EDIT else None
        if first is not None:
            first.text, first.markup = row.text, row.markup
            tx.session.add(first)
        await store.mark_sent(tx, row, None, now())


async def _rename(bot: Bot, delivery: Delivery, link: Link) -> None:
    # A topic that is not created yet gets its newest name on creation.
    if link.thread_id is not None:
        with contextlib.suppress(errors.AnswerUnreadable):
            await bot.rename_topic(link.chat_id, link.thread_id, delivery.row.text)
    async with db.transaction() as tx:
        await store.mark_sent(tx, delivery.row, None, now())


async def _create(bot: Bot, link: Link, conversation: AnyConversation) -> None:
    name = cards.topic_name(conversation, group.language())
    thread_id = await bot.create_topic(link.chat_id, name)
    async with db.transaction() as tx:
        if stored_link := await link_store.link(tx, saved_id(link)):
            stored_link.thread_id, stored_link.name, stored_link.card_due = thread_id, name, True
            tx.session.add(stored_link)
        call_made = Outgoing(
            chat_id=link.chat_id, link_id=link.id, kind=Kind.NAME, text=name, status=DeliveryStatus.SENT
        )
        call_made.sent_at = now()
        await store.put(tx, call_made)


async def _reopen(bot: Bot, link: Link) -> None:
    with contextlib.suppress(errors.NothingToChange, errors.AnswerUnreadable):
        await bot.reopen_topic(link.chat_id, link.thread_id or 0)
    async with db.transaction() as tx:
        if stored_link := await link_store.link(tx, saved_id(link)):
            stored_link.closed = False
            tx.session.add(stored_link)


async def _send_card(bot: Bot, link: Link, conversation: AnyConversation, visitor: VisitorRow) -> None:
    text, markup = cards.card(conversation, visitor, group.language()), _keyboard(link, conversation)
    number = None
    with contextlib.suppress(errors.AnswerUnreadable):
        number = await bot.send(Destination(link.chat_id, link.thread_id), text, markup)
    async with db.transaction() as tx:
        row = Outgoing(chat_id=link.chat_id, link_id=link.id, text=text, markup=markup)
        row.status, row.sent_at, row.telegram_id = DeliveryStatus.SENT, now(), number
        card_row_id = await store.put(tx, row)
        if stored_link := await link_store.link(tx, saved_id(link)):
            stored_link.card_row_id, stored_link.card_due = card_row_id, False
            tx.session.add(stored_link)
        # The conversation may have changed while the card was being sent.
        moved = await conversations.get(tx, link.conversation_id)
        if (shown := cards.card(moved, visitor, group.language())) != text:
            await outbox.edit(tx, card_row_id, shown, _keyboard(link, moved))
        if number is not None:
            await link_store.record_telegram_message(tx, link.chat_id, number, link.conversation_id, None)


def _keyboard(link: Link, conversation: AnyConversation) -> Markup | None:
    return buttons.card(conversation, saved_id(link), group.language(), shared=True)
