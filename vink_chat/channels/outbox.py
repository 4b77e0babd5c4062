"""Adds rows to the outbox; they are sent after the commit, once, in order."""

from typing import Any, Final
from uuid import UUID

from vink_chat.channels import store
from vink_chat.channels.model import DeliveryStatus, Kind, Outgoing, Priority
from vink_chat.kit import signals
from vink_chat.kit.db import Transaction

CHANNEL: Final = "telegram"
"""The channel recorded with a message that was edited in Telegram."""
SENDER_SIGNAL: Final = "telegram"
"""The signal that wakes the sender."""
SYNC_ALL_SIGNAL: Final = "telegram:look"
"""The signal to bring every chat up to date."""


def wake_sender() -> None:
    """Wake the sender, after rows were committed."""
    signals.current().publish(SENDER_SIGNAL, "row")


def call_ended_signal(chat_id: int) -> str:
    """Return the signal that a call to a chat has ended, with or without success."""
    return f"telegram:{chat_id}"


async def send_text(  # noqa: PLR0913  each is a fact of its own
    tx: Transaction,
    chat_id: int,
    body: str,
    *,
    markup: dict[str, Any] | None = None,
    link_id: int | None = None,
    message_id: UUID | None = None,
    reply_to: int | None = None,
    silent: bool = False,
    priority: Priority = Priority.DIALOGUE,
) -> int:
    """Queue a message, and return its row's id."""
    row = Outgoing(chat_id=chat_id, text=body, markup=markup, link_id=link_id, message_id=message_id, reply_to=reply_to)
    row.silent, row.priority = silent, priority
    return await store.put(tx, row)


async def send_document(tx: Transaction, chat_id: int, link_id: int | None, body: str) -> None:
    """Queue a text to be sent as a file."""
    await store.put(tx, Outgoing(chat_id=chat_id, kind=Kind.DOCUMENT, text=body, link_id=link_id))


async def _live(tx: Transaction, row_id: int) -> Outgoing | None:
    """Find a row that was sent or still will be."""
    row = await store.outgoing(tx, row_id)
    return None if row is None or row.status in {DeliveryStatus.FAILED, DeliveryStatus.DROPPED} else row


async def edit(tx: Transaction, row_id: int, body: str, markup: dict[str, Any] | None = None) -> None:
    """Edit a message: in its row if it is unsent; otherwise queue an edit, unless nothing changes."""
    row = await _live(tx, row_id)
    if row is None:
        return
    if row.is_unsent:
        row.text, row.markup = body, markup
        tx.session.add(row)
        return
    pending = await store.pending_changes(tx, row_id)
    if unsent_edit := next((change for change in pending if change.kind is Kind.EDIT and change.is_unsent), None):
        unsent_edit.text, unsent_edit.markup = body, markup
        tx.session.add(unsent_edit)
        return
    if pending or (row.text, row.markup) != (body, markup):
        change = Outgoing(chat_id=row.chat_id, kind=Kind.EDIT, text=body, markup=markup, edits=row_id)
        change.link_id, change.priority = row.link_id, row.priority
        await store.put(tx, change)


async def set_buttons(tx: Transaction, row_id: int, markup: dict[str, Any] | None) -> None:
    """Replace or remove the buttons of a message; removal has low priority."""
    row = await _live(tx, row_id)
    if row is None or row.markup == markup:
        return
    rows = [row, *await store.pending_changes(tx, row_id)]
    has_unsent = any(each.is_unsent for each in rows)
    for each in rows:
        each.markup = markup
        tx.session.add(each)
    if not has_unsent:
        change = Outgoing(chat_id=row.chat_id, kind=Kind.KEYBOARD, markup=markup, link_id=row.link_id, edits=row_id)
        change.priority = Priority.DIALOGUE if markup else Priority.TIDY
        await store.put(tx, change)


async def delete(tx: Transaction, row_id: int) -> None:
    """Delete a message: drop it if unsent, otherwise queue a deletion."""
    row = await _live(tx, row_id)
    if row is None:
        return
    if row.is_unsent:
        row.status = DeliveryStatus.DROPPED
        tx.session.add(row)
        return
    change = Outgoing(chat_id=row.chat_id, kind=Kind.DELETE, link_id=row.link_id, edits=row_id)
    change.priority = Priority.TIDY
    await store.put(tx, change)


async def react(tx: Transaction, chat_id: int, number: int, emoji: str) -> None:
    """React to a message; a pending reaction to it is replaced."""
    if pending := await store.pending_reaction(tx, chat_id, number):
        pending.text = emoji
        tx.session.add(pending)
        return
    row = Outgoing(chat_id=chat_id, kind=Kind.REACTION, text=emoji, reply_to=number, priority=Priority.TIDY)
    await store.put(tx, row)


async def rename_topic(tx: Transaction, chat_id: int, link_id: int, body: str) -> None:
    """Rename a topic, with low priority; a pending renaming is replaced."""
    if pending := await store.pending_name(tx, link_id):
        pending.text = body
        tx.session.add(pending)
        return
    row = Outgoing(chat_id=chat_id, kind=Kind.NAME, text=body, link_id=link_id, priority=Priority.TIDY)
    await store.put(tx, row)
