"""The verbs of the outbox: what is put here goes out after the commit, once, in order."""

from typing import Any, Final
from uuid import UUID

from vink_chat.channels import store
from vink_chat.channels.model import Fate, Kind, Outgoing
from vink_chat.kit.db import Transaction

TOPIC: Final = "telegram"
"""The signal that wakes the sender."""


def settled_topic(chat_id: int) -> str:
    """Name the signal that a call to a chat has ended, however it ended."""
    return f"telegram:{chat_id}"


async def text(  # noqa: PLR0913  each is a fact of its own
    tx: Transaction,
    chat_id: int,
    body: str,
    *,
    markup: dict[str, Any] | None = None,
    link_id: int | None = None,
    message_id: UUID | None = None,
    answers: int | None = None,
) -> int:
    """Put one message for a chat, and return the row's number."""
    row = Outgoing(chat_id=chat_id, text=body, markup=markup, link_id=link_id, message_id=message_id, answers=answers)
    return await store.put(tx, row)


async def edit(tx: Transaction, row_id: int, body: str, markup: dict[str, Any] | None = None) -> None:
    """Change a message: at once while it has not gone out, otherwise by one more call."""
    row = await store.outgoing(tx, row_id)
    if row is None or row.fate in {Fate.FAILED, Fate.DROPPED}:
        return
    if row.fate is Fate.PENDING and not row.tries:
        row.text, row.markup = body, markup
        tx.session.add(row)
        return
    change = Outgoing(chat_id=row.chat_id, kind=Kind.EDIT, text=body, markup=markup, link_id=row.link_id, edits=row_id)
    await store.put(tx, change)


async def name(tx: Transaction, chat_id: int, link_id: int, body: str) -> None:
    """Give a topic another name; of several that wait only the last one counts."""
    if waiting := await store.pending_name(tx, link_id):
        waiting.text = body
        tx.session.add(waiting)
        return
    await store.put(tx, Outgoing(chat_id=chat_id, kind=Kind.NAME, text=body, link_id=link_id))
