"""What the chats show of a message whose text changed: what the bot sent is edited, an operator's own gets a line."""

from typing import Final
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Link
from vink_chat.channels.telegram import cards, group
from vink_chat.channels.telegram import store as links
from vink_chat.conversations import Message
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus

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
        language = await _language(tx, places.get(row.chat_id))
        text = cards.relayed(message, subject, language, topic=False)
        if row.chat_id in written:
            text = _line(message, language)
        if alone and row.id is not None and cards.units(text) == cards.units(cards.split(text)[0]):
            await outbox.edit(tx, row.id, text, row.markup)
    told = {row.chat_id for row in rows}
    for heard in written.values():
        if channel != CHANNEL and heard.chat_id not in told:
            await _tell(tx, message, places[heard.chat_id], heard.telegram_id)


async def _tell(tx: Transaction, message: Message, link: Link, number: int) -> None:
    """Say under an operator's own message what stands in the thread now, where they still read."""
    reader = await operators.operator(tx, link.operator_id) if link.operator_id else None
    if reader and (reader.status is not AccountStatus.ACTIVE or reader.telegram_id != link.chat_id):
        return
    words = _line(message, reader.language if reader else group.language())
    await outbox.text(tx, link.chat_id, words, link_id=link.id, message_id=message.id, answers=number, silent=True)


async def _language(tx: Transaction, link: Link | None) -> str:
    if link is None or link.operator_id is None:
        return group.language()
    return (await operators.operator(tx, link.operator_id)).language


def _line(message: Message, language: str) -> str:
    text = cards.split(message.text, _LONGEST)[0]
    text = text if text == message.text else f"{text}…"
    if message.note:
        return say("Заметка исправлена: «{text}»", language, text=text)
    return say("Исправлено, посетитель теперь читает: «{text}»", language, text=text)
