"""The queue as operators read it in Telegram: on demand, and as one line in the chat of whoever leads a conversation.

Who is free is invited to each conversation that waits. Who is not reads without a sound who else waits; the line stands
at the end of the chat whenever somebody new waits, and is corrected where it stands when somebody is taken. It rings
for an alarm about somebody whom it names already.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from vink_chat import handover, operators
from vink_chat.channels import outbox
from vink_chat.channels.model import Priority, QueueNotice
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.buttons import Act, Markup
from vink_chat.conversations import Conversation, queue
from vink_chat.conversations.queue import QueueQuery, QueueRow, QueueTab
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import OperatorView

_MOST: Final = 8


def described(
    waiting: Sequence[Conversation | QueueRow], names: Mapping[UUID, str], language: str, reader: UUID | None = None
) -> list[str]:
    """Word who waits, each on a line, the longest wait first, with what stands for them in ``names``."""
    lines: list[str] = []
    for one in waiting[:_MOST]:
        parts = [cards.tag(one.visitor_id), names.get(one.visitor_id, "")]
        if one.waiting_since:
            parts.append(say("с {time}", language, time=f"{cards.moment(one.waiting_since):%H:%M}"))
        if words := cards.question(one):
            parts.append(f"«{words}»")
        parts.append(handover.offer_words(one, language, reader))
        lines.append(" · ".join(filter(None, parts)))
    return lines


async def report(tx: Transaction, reader: OperatorView) -> tuple[list[str], Markup | None]:
    """Word the queue and the callbacks, each with its count, and return a button for each visitor shown."""
    waiting, language = await handover.queued(tx), reader.language
    callbacks = await queue.page(tx, QueueQuery(QueueTab.CALLBACK), limit=_MOST)
    names = await links.names(tx, [one.visitor_id for one in waiting[:_MOST]])
    lines = [say("Ждут: {count}", language, count=len(waiting)), *described(waiting, names, language, reader.id)]
    if callbacks:
        count = (await queue.counts(tx))[QueueTab.CALLBACK]
        contacts = {one.visitor_id: cards.contacts(one) for one in callbacks}
        lines += [say("Перезвонить: {count}", language, count=count), *described(callbacks, contacts, language)]
    return lines, keyboard([*waiting[:_MOST], *callbacks], language)


def keyboard(waiting: Sequence[Conversation | QueueRow], language: str) -> Markup | None:
    """Return a button for each who waits."""
    cells = [
        (
            say("Взять {tag}", language, tag=cards.tag(conversation.visitor_id)),
            buttons.data(Act.CLAIM, 0, conversation.id.hex),
        )
        for conversation in waiting
    ]
    return buttons.inline([cells[at : at + 2] for at in range(0, len(cells), 2)]) if cells else None


async def refresh(tx: Transaction) -> None:
    """Bring the line of the queue up to date in the chat of everybody who leads a conversation."""
    # What is offered to a free colleague first comes here when that has ended.
    waiting = [one for one in await handover.queued(tx) if one.offered_to is None]
    readers = await _readers(tx)
    invited = await links.invitations(tx, readers) if waiting else set[tuple[int, UUID]]()
    names = await links.names(tx, [one.visitor_id for one in waiting]) if readers else dict[UUID, str]()
    for chat_id in sorted({*readers, *await links.notice_chats(tx)}):
        unknown = [one for one in waiting if (chat_id, one.id) not in invited] if chat_id in readers else []
        notice = await links.notice(tx, chat_id, new=bool(unknown))
        if notice is not None:
            await _brought_up(tx, notice, unknown, names, readers.get(chat_id))


async def _readers(tx: Transaction) -> dict[int, OperatorView]:
    if (await group.at_work(tx)).topics:
        return {}
    busy = await handover.busy_operators(tx)
    return {one.telegram_id: one for one in await operators.on_shift(tx) if one.telegram_id and one.id in busy}


async def _brought_up(
    tx: Transaction,
    notice: QueueNotice,
    waiting: Sequence[Conversation],
    names: Mapping[UUID, str],
    reader: OperatorView | None,
) -> None:
    shown = [one.id.hex for one in waiting]
    alarm = max((one.alerted_at for one in waiting if one.alerted_at), default=None)
    # An alarm from before somebody stood in the line is no news to whoever reads it now.
    rings = any(
        one.id.hex in notice.shown and one.alerted_at and (not notice.alerted_at or one.alerted_at > notice.alerted_at)
        for one in waiting
    )
    if shown == notice.shown and not rings:
        return
    if reader is None or not waiting:
        if notice.row is not None:
            await outbox.delete(tx, notice.row)
        notice.row = None
    else:
        text, markup = _line(waiting, names, reader.language), keyboard(waiting[:_MOST], reader.language)
        if notice.row is not None and not rings and set(shown) <= set(notice.shown):
            await outbox.edit(tx, notice.row, text, markup)
        else:
            if notice.row is not None:
                await outbox.delete(tx, notice.row)
            notice.row = await outbox.text(
                tx, notice.chat_id, text, markup=markup, silent=not rings, priority=Priority.CALL
            )
    notice.shown, notice.alerted_at = shown, alarm or notice.alerted_at
    tx.session.add(notice)


def _line(waiting: Sequence[Conversation], names: Mapping[UUID, str], language: str) -> str:
    one = len(waiting) == 1
    heading = say("Ещё ждёт:", language) if one else say("Ещё ждут {count}:", language, count=len(waiting))
    return "\n".join([heading, *described(waiting, names, language)])
