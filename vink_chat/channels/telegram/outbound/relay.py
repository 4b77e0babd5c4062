"""Updates the Telegram chats after an event: conversations, corrections, read receipts, the queue."""

import contextlib
from uuid import UUID

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.model import REACTIONS, Link, LinkState, Receipt
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.outbound import sync
from vink_chat.conversations import Message, Status
from vink_chat.events import (
    ConversationMoved,
    ConversationOverdue,
    ConversationSeen,
    ConversationUpdated,
    MessageChanged,
    MessagePosted,
    OperatorLeft,
    OperatorsChanged,
    QuestionChanged,
)
from vink_chat.kit import db
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus

Event = (
    MessagePosted
    | MessageChanged
    | ConversationMoved
    | ConversationUpdated
    | ConversationOverdue
    | QuestionChanged
    | OperatorsChanged
    | OperatorLeft
)


async def handle(event: Event) -> None:
    """Queue the Telegram messages an event calls for."""
    match event:
        case ConversationSeen() | QuestionChanged():
            await _refresh_read_state(event.conversation_id)
            return
        case MessagePosted() if event.status not in link_store.WITH_OPERATORS:
            return
        case MessageChanged():
            async with db.transaction() as tx:
                await _show_correction(tx, event.message_id, event.channel)
        case OperatorsChanged():
            await _sync_operator(event.operator_id)
        case OperatorLeft():
            async with db.transaction() as tx:
                await _tell_left(tx, event)
        case _:
            await sync_conversation(event.conversation_id)
            if isinstance(event, ConversationMoved) and Status.ATTENDED in {event.before, event.after}:
                # An operator became free, or busy.
                await _sync_waiting()
    if not isinstance(event, MessagePosted | MessageChanged):
        await sync_queue()
    outbox.wake_sender()


async def _refresh_read_state(conversation_id: UUID) -> None:
    """Mark the messages the visitor has read, and refresh the chats that show an invitation or a pending end."""
    async with db.reading() as tx:
        chats = await link_store.links(tx, conversation_id)
        read = bool(chats) and await _is_newly_read(tx, conversation_id)
    if any(link.ending_row_id is not None or link.state is LinkState.INVITED for link in chats):
        await sync_conversation(conversation_id)
    if read:
        async with db.transaction() as tx:
            await _show_read(tx, conversation_id)
        outbox.wake_sender()


async def _sync_operator(operator_id: UUID) -> None:
    with contextlib.suppress(VinkError):
        async with db.transaction() as tx:
            await _tell_account(tx, operator_id)
    async with db.reading() as tx:
        held = await handover.held_by(tx, operator_id)
    for conversation in held:
        # The operator may have moved to or from Telegram.
        await sync_conversation(conversation.id)
    await _sync_waiting()


async def _sync_waiting() -> None:
    async with db.reading() as tx:
        waiting = await sync.waiting(tx)
    for conversation_id in waiting:
        await sync_conversation(conversation_id)


async def sync_queue() -> None:
    """Bring the line about the queue up to date in every chat."""
    async with db.transaction() as tx:
        await sync.queue(tx)


async def sync_conversation(conversation_id: UUID) -> None:
    """Bring every chat up to date with one conversation."""
    with contextlib.suppress(VinkError):
        async with db.transaction() as tx:
            await sync.conversation(tx, conversation_id)


async def _show_correction(tx: Transaction, message_id: UUID, channel: str) -> None:
    """Edit a corrected message in every chat; one that was split into several messages is left as it is.

    Args:
        tx: The open transaction.
        message_id: The corrected message.
        channel: Where it was corrected; if in Telegram, its author already sees the correction there.
    """
    message = await conversations.message(tx, message_id)
    if message is None:
        return
    subject = await conversations.get(tx, message.conversation_id)
    chats = {link.chat_id: link for link in await link_store.links(tx, subject.id)}
    written = {
        original.chat_id: original
        for original in await link_store.operator_messages(tx, message_id)
        if original.chat_id in chats
    }
    rows = await store.rows_of_message(tx, message_id)
    for row in rows:
        alone = sum(other.chat_id == row.chat_id for other in rows) == 1
        language = await _language(tx, chats.get(row.chat_id))
        text = cards.relayed(message, subject, language, topic=False)
        if row.chat_id in written:
            text = _correction(message, language)
        if alone and row.id is not None and cards.units(text) == cards.units(cards.split(text)[0]):
            await outbox.edit(tx, row.id, text, row.markup)
    shown = {row.chat_id for row in rows}
    for original in written.values():
        if channel != outbox.CHANNEL and original.chat_id not in shown:
            await _tell_correction(tx, message, chats[original.chat_id], original.telegram_id)


async def _tell_correction(tx: Transaction, message: Message, link: Link, number: int) -> None:
    """Reply to an operator's own Telegram message with the corrected text, if they still use this chat."""
    reader = await operators.operator(tx, link.operator_id) if link.operator_id else None
    if reader and (reader.status is not AccountStatus.ACTIVE or reader.telegram_id != link.chat_id):
        return
    text = _correction(message, reader.language if reader else group.language())
    await outbox.send_text(tx, link.chat_id, text, link_id=link.id, message_id=message.id, reply_to=number, silent=True)


async def _language(tx: Transaction, link: Link | None) -> str:
    if link is None or link.operator_id is None:
        return group.language()
    return (await operators.operator(tx, link.operator_id)).language


def _correction(message: Message, language: str) -> str:
    text = cards.split(message.text, cards.LONGEST_QUOTED_TEXT)[0]
    text = text if text == message.text else f"{text}…"
    if message.note:
        return say("Заметка исправлена: «{text}»", language, text=text)
    return say("Исправлено, посетитель теперь читает: «{text}»", language, text=text)


async def _is_newly_read(tx: Transaction, conversation_id: UUID) -> bool:
    """Tell whether the visitor has read a message that is not marked as read in Telegram yet."""
    return bool(await link_store.read_by_visitor(tx, conversation_id, Receipt.SENT))


async def _show_read(tx: Transaction, conversation_id: UUID) -> None:
    """Mark the operators' messages that the visitor has read."""
    for message in await link_store.read_by_visitor(tx, conversation_id, Receipt.SENT):
        if await link_store.change_receipt(tx, message, Receipt.READ):
            await outbox.react(tx, message.chat_id, message.telegram_id, REACTIONS[Receipt.READ])


async def _tell_account(tx: Transaction, operator_id: UUID) -> None:
    """Tell an operator, once, that their account was approved or disabled."""
    person = await operators.operator(tx, operator_id)
    if not person.telegram_id:
        return
    if person.status is AccountStatus.ACTIVE and await link_store.forget_stranger(tx, person.telegram_id):
        text = say("Администратор подтвердил вас. Нажмите /start, чтобы выйти на смену.", person.language)
        await outbox.send_text(tx, person.telegram_id, text, markup=buttons.off_work())
    # A disabled operator counts as a stranger, who gets one reply, and this is it.
    if person.status is AccountStatus.DISABLED and await link_store.mark_stranger_answered(tx, person.telegram_id):
        await store.give_up(tx, person.telegram_id, "switched off")
        await outbox.send_text(tx, person.telegram_id, say("Ваша учётная запись отключена.", person.language))


async def _tell_left(tx: Transaction, event: OperatorLeft) -> None:
    """Tell everyone on shift which operator left, and which conversations are back in the queue."""
    person = await operators.operator(tx, event.operator_id)
    left_behind = [await conversations.get(tx, conversation_id) for conversation_id in event.conversation_ids]
    tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in left_behind)
    sentence = "{name} больше не отвечает. Разговоры вернулись в очередь: {tags}."
    await group.tell_colleagues(tx, person.id, sentence=sentence, name=person.name, tags=tags)
