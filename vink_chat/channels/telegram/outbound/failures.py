"""Handles rows of the outbox that could not be sent: each is retried, or reported to operators."""

import contextlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover, operators
from vink_chat.channels import store
from vink_chat.channels.model import DeliveryStatus, Kind, Link, LinkState, Outgoing, saved_id
from vink_chat.channels.telegram import cards, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.outbound import sync
from vink_chat.conversations import Author, HandoffKind
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, OperatorView, Presence

log = logging.getLogger(__name__)


_EXPLANATIONS: Final = {
    "text is empty": "Telegram не принял пустой текст",
    "too long": "текст слишком длинный для Telegram",
    "blocked": "бот заблокирован",
    "deactivated": "учётной записи в Telegram больше нет",
    "kicked": "бота убрали из группы",
    "not a member": "бота нет в группе",
    "rights": "боту не хватает прав",
    "not found": "такого чата нет",
}

MAX_UNCERTAIN_ATTEMPTS: Final = 5
"""After this many attempts with an unknown outcome a row is given up."""
_LONGEST_WAIT: Final = timedelta(days=1)


async def postpone(row_id: int, seconds: float, *, unsure: bool = False) -> None:
    """Retry a row later, and with it its whole chat; give it up after a day, or after too many unknown outcomes.

    Args:
        row_id: The row.
        seconds: When it is tried again.
        unsure: Whether Telegram may have executed the call.
    """
    async with db.transaction() as tx:
        row = await store.outgoing(tx, row_id)
        if row is None or row.status is not DeliveryStatus.PENDING:
            return
        row.not_before, row.unsure = now() + timedelta(seconds=seconds), row.unsure + unsure
        tx.session.add(row)
        if row.unsure >= MAX_UNCERTAIN_ATTEMPTS or row.created_at < now() - _LONGEST_WAIT:
            log.error("Giving up on row %s of the Telegram outbox: delivery was never confirmed", row_id)
            row.fail("no answer")
            await _post_undelivered_note(tx, [row], say("Telegram не подтвердил, что оно дошло"))


async def mark_already_done(row_id: int) -> None:
    """Mark a row as sent: Telegram already has what it asks for."""
    async with db.transaction() as tx:
        if row := await store.outgoing(tx, row_id):
            row.status, row.sent_at = DeliveryStatus.SENT, now()
            tx.session.add(row)


async def on_topic_deleted(row_id: int) -> None:
    """Unlink a deleted topic. If its conversation is still open, sync creates a new topic with the transcript."""
    async with db.transaction() as tx:
        row = await store.outgoing(tx, row_id)
        link, is_open = await _topic_of(tx, row)
        if link is None:
            _drop(tx, row)
            return
        await store.drop(tx, saved_id(link), repeated=is_open)
        if is_open:
            log.warning("A Telegram topic is gone; creating a new one for conversation %s", link.conversation_id)
        link.thread_id, link.card_row_id, link.buttons_row_id, link.name = None, None, None, ""
        link.card_due, link.closed, link.state = False, False, LinkState.LOST if is_open else LinkState.OVER
        tx.session.add(link)
        await sync.conversation(tx, link.conversation_id)


async def _topic_of(tx: Transaction, row: Outgoing | None) -> tuple[Link | None, bool]:
    """Return the link of a row's topic, and whether its conversation is still open."""
    link = await link_store.link(tx, row.link_id) if row and row.link_id else None
    if link is None:
        return None, False
    conversation = await conversations.get(tx, link.conversation_id)
    return link, conversation.status in link_store.WITH_OPERATORS


def _drop(tx: Transaction, row: Outgoing | None) -> None:
    if row is not None:
        row.status = DeliveryStatus.DROPPED
        tx.session.add(row)


async def on_topic_closed(row_id: int) -> None:
    """Record that a topic is closed: it is reopened if its conversation is still open, and left alone otherwise."""
    async with db.transaction() as tx:
        row = await store.outgoing(tx, row_id)
        link, is_open = await _topic_of(tx, row)
        if not is_open:
            _drop(tx, row)
        if link is None:
            return
        link.closed = True
        tx.session.add(link)


async def on_group_migrated(before: int, after: int) -> None:
    """Give the group's rows and links the chat id of the supergroup it became."""
    async with db.transaction() as tx:
        await group.migrate(tx, before, after)


async def fail(row_id: int, fault: str) -> None:
    """Mark a row as failed, and post a note in its conversation."""
    log.error("Telegram refused row %s of the outbox: %s", row_id, fault)
    async with db.transaction() as tx:
        if row := await store.outgoing(tx, row_id):
            row.fail(fault)
            tx.session.add(row)
            await _post_undelivered_note(tx, [row], fault)


async def on_right_missing(row_id: int, fault: str, seconds: float, *, tell: bool) -> None:
    """Retry a text message until the bot gets the right it lacks in the group; give up any other row.

    Args:
        row_id: The row that was refused.
        fault: Telegram's description.
        seconds: When it is tried again.
        tell: Whether to tell the administrators now, and to post a note in the conversation.
    """
    log.error("The bot lacks a right in the group, row %s of the outbox: %s", row_id, fault)
    async with db.transaction() as tx:
        row = await store.outgoing(tx, row_id)
        if row is None:
            return
        if row.kind is Kind.TEXT:
            row.not_before = now() + timedelta(seconds=seconds)
        else:
            row.fail(fault)
        tx.session.add(row)
        if tell:
            await _post_undelivered_note(tx, [row], fault)
            sentence = (
                "Бот не справляется с группой: {fault}. "
                "Сообщения ждут, пока вы дадите ему права и включите в группе темы."
            )
            await group.tell_administrators(tx, sentence=sentence, fault=fault)


async def on_chat_closed(chat_id: int, fault: str) -> None:
    """Handle a chat that the bot can no longer write to, the operators' group or an operator's own."""
    async with db.transaction() as tx:
        if not await group.note_loss(tx, chat_id):
            await give_up_chat(tx, chat_id, fault)


async def give_up_chat(tx: Transaction, chat_id: int, fault: str) -> None:
    """Give up the pending rows of a chat that the bot can no longer write to, and take its operator off shift."""
    log.warning("The bot cannot write to chat %s: %s", chat_id, fault)
    given_up = await store.give_up(tx, chat_id, fault)
    person = await operators.by_telegram(tx, chat_id) if chat_id > 0 else None
    # Lock the operator's row before the visitors' rows, as everywhere, to avoid a deadlock.
    if person and person.status is AccountStatus.ACTIVE:
        await _take_off_shift(tx, person)
    await _post_undelivered_note(tx, given_up, fault)


async def _take_off_shift(tx: Transaction, person: OperatorView) -> None:
    """Take an operator we can no longer reach off shift, and return their conversations to the queue.

    An operator with the desk open in a browser stays on shift, and keeps their conversations.
    """
    if await operators.at_desk(tx, person.id):
        # The presence stays; setting it without ``in_telegram`` records that they no longer answer in Telegram.
        await operators.set_presence(tx, person.id, person.presence)
        return
    with contextlib.suppress(VinkError):
        await operators.set_presence(tx, person.id, Presence.OFF)
    held = await handover.release_all(tx, person.id, HandoffKind.ABSENT)
    if person.presence is Presence.OFF and not held:
        # Already off shift, holding nothing: there is nothing to tell.
        return
    tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in held) or "—"
    sentence = "{name} больше не получает сообщения в Telegram. Разговоры вернулись в очередь: {tags}."
    await group.tell_colleagues(tx, person.id, sentence=sentence, name=person.name, tags=tags)


def _explain(fault: str) -> str:
    """Translate Telegram's error into a text for operators; an unknown error is returned unchanged."""
    phrase = next((phrase for phrase in _EXPLANATIONS if phrase in fault.lower()), "")
    return say(_EXPLANATIONS[phrase]) if phrase else fault


async def _post_undelivered_note(tx: Transaction, rows: Sequence[Outgoing], fault: str) -> None:
    noted: set[UUID] = set()
    for row in rows:
        link = await link_store.link(tx, row.link_id) if row.link_id and row.message_id else None
        if link is None or link.conversation_id in noted:
            continue
        noted.add(link.conversation_id)
        conversation = await conversations.get(tx, link.conversation_id)
        text = say("Сообщение не доставлено специалисту в Telegram: {fault}", fault=_explain(fault))
        await conversations.post(tx, conversation, Author.SYSTEM, text, note=True)
