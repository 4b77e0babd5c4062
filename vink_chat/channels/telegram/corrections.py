"""What the chats show of a message whose text changed: what the bot sent is edited, an operator's own gets a line."""

from typing import Final
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Link
from vink_chat.channels.telegram import cards
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.split import split, units
from vink_chat.conversations import Message
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import DEFAULT_LANGUAGE, say
from vink_chat.operators import AccountStatus, OperatorView

CHANNEL: Final = "telegram"
_LONGEST: Final = 3900


async def show(tx: Transaction, message_id: UUID, channel: str) -> None:
    """Bring every chat up to a message's new text; one that was cut into pieces there stays as it was.

    Args:
        tx: The open transaction.
        message_id: Whose text changed.
        channel: Where it was changed: who corrects their message in Telegram sees that it is corrected.
    """
    message = await conversations.message(tx, message_id)
    if message is None:
        return
    subject = await conversations.get(tx, message.conversation_id)
    places = {link.chat_id: link for link in await links.links(tx, subject.id)}
    written = {one.chat_id: one for one in await store.written(tx, message_id) if one.chat_id in places}
    rows = await store.rows_of_message(tx, message_id)
    for row in rows:
        alone = sum(other.chat_id == row.chat_id for other in rows) == 1
        text = cards.relayed(message, subject, DEFAULT_LANGUAGE, topic=False)
        if row.chat_id in written:
            text = _line(message, await _reader(tx, places[row.chat_id]))
        if alone and row.id is not None and units(text) == units(split(text)[0]):
            await outbox.edit(tx, row.id, text, row.markup)
    told = {row.chat_id for row in rows}
    for heard in written.values():
        if channel != CHANNEL and heard.chat_id not in told:
            await _tell(tx, message, places[heard.chat_id], heard.telegram_id)


async def _tell(tx: Transaction, message: Message, link: Link, number: int) -> None:
    """Say under an operator's own message what stands in the thread now, where they still read."""
    reader = await _reader(tx, link)
    if link.operator_id is None or (reader and reader.telegram_id == link.chat_id):
        words = _line(message, reader)
        await outbox.text(tx, link.chat_id, words, link_id=link.id, message_id=message.id, answers=number, silent=True)


async def _reader(tx: Transaction, link: Link) -> OperatorView | None:
    """Return whose own chat a place is, if they may still read there; nobody for the group."""
    known = await operators.operator(tx, link.operator_id) if link.operator_id else None
    return known if known and known.status is AccountStatus.ACTIVE else None


def _line(message: Message, reader: OperatorView | None) -> str:
    language = reader.language if reader else DEFAULT_LANGUAGE
    text = split(message.text, _LONGEST)[0]
    text = text if text == message.text else f"{text}…"
    if message.note:
        return say("Заметка исправлена: «{text}»", language, text=text)
    return say("Исправлено, клиент теперь читает: «{text}»", language, text=text)
