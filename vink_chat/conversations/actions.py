"""The verbs of a conversation. They receive the open transaction and never commit it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from vink_chat.conversations import lifecycle, search, store, visitors
from vink_chat.conversations.identity import secret_hash, visitor_id
from vink_chat.conversations.model import Author, Call, Conversation, QuickReply, Rating, Reason, Status
from vink_chat.conversations.rows import AnyConversation, AnyMessage, MessageRow
from vink_chat.conversations.text import clean_text, one_line, preview
from vink_chat.events import ConversationMoved, MessageChanged, MessagePosted
from vink_chat.kit.addresses import network_of
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

_REOPEN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class VisitorContext:
    """Where a visitor writes from, as their browser says: for people to read, never to be trusted.

    Attributes:
        campaign: The UTM tags of the address they came by, as ``campaign_of`` writes them.
        address: Their IP address as the server sees it; a browser cannot choose it.
        shared_address: Whether it is the address of a proxy, and therefore shared by everybody.
    """

    language: str = "ru"
    channel: str = "page"
    page: str = ""
    referrer: str = ""
    campaign: str = ""
    device: str = ""
    address: str = ""
    shared_address: bool = False

    def sender(self) -> visitors.SenderAddress:
        """Return the address as it is stored with the visitor."""
        network = network_of(self.address)
        return visitors.SenderAddress("" if network == "unknown" else network, self.shared_address)


async def receive(
    tx: Transaction,
    secret: object,
    text: object,
    client_id: object = None,
    *,
    context: VisitorContext = VisitorContext(),
    reopen_within: timedelta = _REOPEN,
) -> MessageRow:
    """Store what a visitor wrote; open, continue or reopen the conversation.

    A second call with the same ``client_id`` changes nothing and returns the first message.

    Raises:
        UnknownVisitor: The secret is malformed.
        EmptyMessage: Nothing visible was sent.
        LongMessage: More than 4,000 characters.
        BadMessage: The message is not text.
        Blocked: An operator blocked the visitor, or the address they write from.
    """
    body = clean_text(text)
    name = one_line(client_id, 64) or None
    owner = visitor_id(secret)
    position = await visitors.next_position(tx, owner, secret_hash(secret), context.language, context.sender())
    if name and (before := await store.sent_before(tx, owner, name)):
        return before
    conversation = await _open_conversation(tx, owner, context, reopen_within)
    moment = now()
    asked: dict[str, object] = {"asked_position": position, "asked_at": moment, "ends_at": None}
    if conversation.status is not Status.ASSISTED:
        asked["answered_position"] = position
    return await _add(
        tx,
        conversation,
        {
            "created_at": moment,
            "position": position,
            "author": Author.VISITOR,
            "text": body,
            "client_id": name,
            "unread_rest": False,
        },
        **asked,
    )


async def _open_conversation(
    tx: Transaction, owner: UUID, context: VisitorContext, reopen_within: timedelta
) -> AnyConversation:
    newest = await store.newest_row(tx, owner)
    if newest and lifecycle.goes_on(newest, reopen_within):
        if newest.status is not Status.CLOSED:
            return newest
        closed = await store.get(tx, newest.id)
        move(tx, closed, Status.ASSISTED, Reason.VISITOR_WROTE)
        return closed
    if newest is None:
        await search.index_card(tx, owner)
    return await store.open_new(
        tx,
        id=uuid4(),
        visitor_id=owner,
        language=context.language,
        channel=one_line(context.channel, 16),
        page=one_line(context.page, 1000),
        referrer=one_line(context.referrer, 1000),
        campaign=one_line(context.campaign, 500),
        device=one_line(context.device, 400),
        operator_read=newest.operator_read if newest else 0,
    )


async def open_for(
    tx: Transaction, secret: object, context: VisitorContext, *, reopen_within: timedelta = _REOPEN
) -> Conversation:
    """Return the visitor's open conversation, or open one: a person may be called before anything is written.

    Raises:
        UnknownVisitor, Blocked: As in ``receive``.
    """
    owner = visitor_id(secret)
    await visitors.next_position(tx, owner, secret_hash(secret), context.language, context.sender())
    conversation = await _open_conversation(tx, owner, context, reopen_within)
    await tx.flush()
    return await store.get(tx, conversation.id)


async def post(  # noqa: PLR0913  each is a fact of its own
    tx: Transaction,
    conversation: AnyConversation,
    author: Author,
    text: str,
    *,
    author_name: str = "",
    operator_id: UUID | None = None,
    note: bool = False,
    sources: list[dict[str, str]] | None = None,
    quick_replies: Sequence[QuickReply] = (),
    run_id: UUID | None = None,
    client_id: str | None = None,
    quote: AnyMessage | None = None,
    reason: Reason = Reason.NONE,
) -> MessageRow:
    """Post a message of the chat's side: an answer, a reply, a note or a notice.

    For a notice of the end, ``author_name`` and ``reason`` tell the staff who ended the conversation, and why.
    """
    return await _add(
        tx,
        conversation,
        {
            "created_at": now(),
            "position": await visitors.bump(tx, conversation.visitor_id),
            "author": author,
            "author_name": author_name,
            "operator_id": operator_id,
            "text": text,
            "note": note,
            "sources": sources or [],
            "quick_replies": list(quick_replies),
            "run_id": run_id,
            "client_id": client_id,
            "quote_id": quote.id if quote else None,
            "quote": preview(quote.author, quote.text) if quote else "",
            "reason": reason,
        },
    )


async def reword(tx: Transaction, conversation: Conversation, message_id: UUID, text: str) -> None:
    """Change the text of a notice that is no longer true. Readers are not alerted to it again."""
    message = await store.message(tx, message_id)
    if message is None or message.text == text:
        return
    before = preview(message.author, message.text)
    message.text = text
    tx.session.add(message)
    await search.index_message(tx, message.id, message.visitor_id, text)
    if conversation.last_text == before:
        await store.change(tx, conversation, last_text=preview(message.author, text))
    tx.emit(MessageChanged(message.conversation_id, message.visitor_id, message.id))


async def _add(
    tx: Transaction, conversation: AnyConversation, message: dict[str, object], **changes: object
) -> MessageRow:
    """Store a message, and what it changes in its conversation."""
    values: dict[str, object] = {"id": uuid4(), "sources": [], "quick_replies": [], "note": False}
    values |= {"conversation_id": conversation.id, "visitor_id": conversation.visitor_id} | message
    added = await store.insert(tx, **values)
    await search.index_message(tx, added.id, added.visitor_id, added.text)
    if not added.note:
        changes |= {"last_author": added.author, "last_at": added.created_at}
        # In a list, what a person or the assistant said tells more than a notice does.
        if added.author is not Author.SYSTEM or not conversation.last_text:
            changes["last_text"] = preview(added.author, added.text)
    if changes:
        await store.change(tx, conversation, **changes)
    tx.emit(
        MessagePosted(
            conversation_id=conversation.id,
            visitor_id=conversation.visitor_id,
            message_id=added.id,
            author=added.author.value,
            status=conversation.status.value,
        )
    )
    return added


def move(tx: Transaction, conversation: Conversation, after: Status, reason: Reason) -> None:
    """Move a conversation and announce it.

    Raises:
        ForbiddenMove: The conversation cannot go there from where it is.
    """
    before = lifecycle.move(conversation, after, reason)
    tx.session.add(conversation)
    if after is Status.WAITING and before is not Status.ATTENDED:
        record_call(tx, conversation, reason)
    _announce_move(tx, conversation, before, after, reason)


def _announce_move(tx: Transaction, conversation: Conversation, before: Status, after: Status, reason: Reason) -> None:
    tx.emit(
        ConversationMoved(
            conversation_id=conversation.id,
            visitor_id=conversation.visitor_id,
            before=before.value,
            after=after.value,
            reason=reason.value,
        )
    )


async def claim(tx: Transaction, conversation: Conversation, operator_id: UUID, name: str) -> bool:
    """Move a waiting or assisted conversation to an operator and announce it; false when another operator was quicker.

    In both cases ``conversation`` is read again from the database.
    """
    before = conversation.status
    taken = before in {Status.WAITING, Status.ASSISTED}
    if taken:
        # Operators can still read why a person was called; only stepping in uncalled has its own reason.
        reason = conversation.reason if before is Status.WAITING else Reason.OPERATOR
        values = lifecycle.changes(conversation, Status.ATTENDED, reason)
        taken = await store.move_from(tx, conversation, operator_id=operator_id, operator_name=name, **values)
    await tx.session.refresh(conversation)
    if not taken:
        return False
    if before is Status.ASSISTED:
        record_call(tx, conversation, Reason.OPERATOR)
    _announce_move(tx, conversation, before, Status.ATTENDED, Reason.OPERATOR)
    return True


async def record_question(tx: Transaction, conversation: AnyConversation, question: str, tried: str) -> None:
    """Store what the visitor asked last, and a new card for operators with it.

    Args:
        tx: The open transaction.
        conversation: The conversation.
        question: In the visitor's own words; empty when they asked nothing.
        tried: The beginning of the assistant's last answer.
    """
    await store.change(tx, conversation, question=question, card={"wish": question, "tried": tried})


async def record_assistant_turn(
    tx: Transaction, conversation: AnyConversation, *, answered: bool, unsure_in_a_row: int
) -> None:
    """Store whether the assistant answered the visitor's last message, and how often in a row it was unsure."""
    changes: dict[str, object] = {}
    if unsure_in_a_row != conversation.unsure_in_a_row:
        changes["unsure_in_a_row"] = unsure_in_a_row
    if answered:
        changes["answered_position"] = conversation.asked_position
        changes["assistant_turns"] = conversation.assistant_turns + 1
    if changes:
        await store.change(tx, conversation, **changes)


async def reopen_question(tx: Transaction, conversation: AnyConversation, position: int) -> None:
    """Make the assistant answer again everything from a position on."""
    await store.change(tx, conversation, answered_position=position - 1, asked_at=now())


async def retire_queue_notice(tx: Transaction, conversation: Conversation, text: str) -> None:
    """Reword the notice that told the visitor their place in the queue, if there was one: it is no longer true."""
    if conversation.queue_notice_id is not None:
        await reword(tx, conversation, conversation.queue_notice_id, text)
        await store.change(tx, conversation, queue_notice_id=None)


def record_call(tx: Transaction, conversation: Conversation, reason: Reason) -> None:
    """Record for the statistics that a person was called, or stepped in uncalled."""
    tx.session.add(Call(conversation_id=conversation.id, reason=reason, created_at=conversation.moved_at))


async def record_withdrawal(tx: Transaction, conversation: Conversation) -> None:
    """Record for the statistics that the visitor withdrew the last call."""
    await tx.flush()
    await store.withdraw_call(tx, conversation.id, conversation.moved_at)


async def record_rating(tx: Transaction, conversation: Conversation, stars: int, comment: str = "") -> None:
    """Record how a visitor rates a closed conversation; an earlier rating of the same end is replaced."""
    conversation.rating, conversation.rating_comment = stars, comment
    tx.session.add(conversation)
    ended_at = conversation.closed_at or conversation.moved_at
    rating = await tx.session.get(Rating, (conversation.id, ended_at))
    rating = rating or Rating(conversation_id=conversation.id, ended_at=ended_at, stars=stars)
    rating.stars, rating.comment = stars, comment
    tx.session.add(rating)
