"""What operators do with conversations: claim, resume, release, transfer, take over, give back."""

from typing import Final
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.conversations import (
    AnyConversation,
    Author,
    Conversation,
    Handoff,
    HandoffKind,
    NoOpenConversation,
    NotYours,
    Reason,
    Status,
)
from vink_chat.handover import waiting
from vink_chat.handover.calling import just_withdrawn
from vink_chat.handover.errors import (
    AlreadyTaken,
    CallWithdrawn,
    HolderPresent,
    StillBlocked,
    YoursAlready,
)
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.excerpts import cut
from vink_chat.kit.words import say
from vink_chat.preferences import Handover, Situation, current

_MAX_NOTE_CHARS: Final = 200
_HANDOFF_WORDS: Final = {
    HandoffKind.TRANSFERRED: "{by} → {to}",
    HandoffKind.TAKEN_OVER: "Забрал(а): {to} · до этого: {by}",
    HandoffKind.RELEASED: "Вернул(а) в очередь: {by}",
    HandoffKind.UNANSWERED: "Вернулся в очередь: {by} не отвечает {minutes} мин",
    HandoffKind.ABSENT: "Вернулся в очередь: {by} не на связи",
    HandoffKind.DISABLED: "Вернулся в очередь: учётная запись отключена ({by})",
}


async def claim(tx: Transaction, conversation_id: UUID, operator_id: UUID, name: str) -> Conversation:
    """Give a waiting conversation to an operator.

    One conditional UPDATE, so of two operators who press at the same time only one wins. The operator's account is
    locked until the commit, so that it cannot be disabled at the same moment.

    Raises:
        AccountDisabled: The operator's account is disabled.
        AlreadyTaken: Another operator holds it.
        CallWithdrawn: The visitor has just withdrawn the call.
        NoOpenConversation: The conversation is closed.
    """
    await operators.keep_in_use(tx, operator_id)
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if just_withdrawn(conversation):
        raise CallWithdrawn
    if not await conversations.claim(tx, conversation, operator_id, name):
        if conversation.status is Status.CLOSED:
            raise NoOpenConversation
        if conversation.operator_id == operator_id:
            return conversation
        raise AlreadyTaken(name=conversation.operator_name)
    await waiting.retire_notice(tx, conversation)
    await conversations.mark_all_read(tx, conversation, operator_id)
    await _tell_who_joined(tx, conversation)
    return conversation


async def resume(tx: Transaction, conversation_id: UUID, operator_id: UUID, name: str) -> None:
    """Reopen the visitor's last conversation; if it is open again already, claim it.

    Raises:
        AccountDisabled: The operator's account is disabled.
        AlreadyTaken: Another operator holds it.
        NoOpenConversation: The visitor has a newer conversation.
        StillBlocked: The visitor is blocked and could not answer.
    """
    await operators.keep_in_use(tx, operator_id)
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.CLOSED:
        await claim(tx, conversation_id, operator_id, name)
        return
    newest = await conversations.newest(tx, conversation.visitor_id)
    if newest is None or newest.id != conversation_id:
        raise NoOpenConversation
    try:
        await conversations.require_unblocked(tx, conversation.visitor_id)
    except conversations.Blocked:
        raise StillBlocked from None
    had_person = conversation.reason is Reason.FINISHED
    conversations.move(tx, conversation, Status.ATTENDED, Reason.OPERATOR)
    conversation.operator_id, conversation.operator_name = operator_id, name
    await conversations.mark_all_read(tx, conversation, operator_id)
    if not had_person:
        conversations.record_call(tx, conversation, Reason.OPERATOR)
    await _tell_who_joined(tx, conversation)


async def _tell_who_joined(tx: Transaction, conversation: Conversation) -> None:
    name, holder, language = conversation.operator_name, conversation.operator_id, conversation.language
    text = say("К разговору подключился специалист: {name}.", language, name=name)
    if holder and await operators.unnamed(tx, [holder]):
        text = say("К разговору подключился специалист.", language)
    await conversations.post(tx, conversation, Author.SYSTEM, text, operator_id=holder)


async def release(
    tx: Transaction, conversation_id: UUID, operator_id: UUID, kind: HandoffKind = HandoffKind.RELEASED
) -> None:
    """Put a conversation back into the queue; ``kind`` says how it left its holder.

    Raises:
        NotYours: The operator does not hold it.
    """
    await to_queue(tx, await require_held(tx, conversation_id, operator_id), kind)


async def to_queue(tx: Transaction, conversation: Conversation, kind: HandoffKind, *, minutes: int = 0) -> None:
    """Put a held conversation back into the queue and tell the visitor; with nobody on shift, ask for contacts at once.

    The reason of the call stays; who put it back, and why, is the handoff. The card shows what the visitor asked last.
    """
    conversation.handoff = Handoff(kind, by=conversation.operator_name, minutes=minutes)
    conversations.move(tx, conversation, Status.WAITING, conversation.reason)
    await waiting.update_card(tx, conversation)
    if await operators.on_shift(tx):
        # An operator who puts it back is still there.
        gone = "" if kind is HandoffKind.RELEASED else say("Специалист отошёл.", conversation.language) + " "
        text = gone + say("Вопрос передан коллегам. Вы остаётесь в очереди.", conversation.language)
    else:
        conversation.promised_at, conversation.form_offered_at = waiting.promised_until(Situation.NOBODY), now()
        text = say(
            "Специалист отошёл, и сейчас никого нет на месте. Вы остаётесь в очереди. "
            "Оставьте имя и телефон или почту: ответим в течение {hours} ч.",
            conversation.language,
            hours=current(Handover).promised_hours,
        )
    await conversations.post(tx, conversation, Author.SYSTEM, text)


async def transfer(tx: Transaction, conversation_id: UUID, operator_id: UUID, to: UUID, name: str, note: str) -> None:
    """Give a conversation to a colleague, with a note only operators see.

    Raises:
        AccountDisabled: The colleague's account is disabled.
        NotYours: The operator does not hold it.
        YoursAlready: The colleague is the operator who holds it.
    """
    # The account is locked before the conversation, as in ``leaving``: the other order could deadlock.
    await operators.keep_in_use(tx, to)
    conversation = await require_held(tx, conversation_id, operator_id)
    if to == operator_id:
        raise YoursAlready
    conversations.move(tx, conversation, Status.ATTENDED, conversation.reason)
    giver = conversation.operator_name
    conversation.handoff = Handoff(HandoffKind.TRANSFERRED, by=giver, to=name, note=cut(note, _MAX_NOTE_CHARS))
    conversation.operator_id, conversation.operator_name = to, name
    await conversations.mark_unread(tx, conversation, to)
    if note:
        await conversations.post(
            tx, conversation, Author.OPERATOR, note, author_name=giver, operator_id=operator_id, note=True
        )
    await _tell_who_goes_on(tx, conversation, to, name)


async def may_take_over(tx: Transaction, conversation: AnyConversation, operator_id: UUID, *, admin: bool) -> bool:
    """Tell whether an operator may take over a conversation: an administrator always, others from an absent holder."""
    holder = conversation.operator_id if conversation.status is Status.ATTENDED else None
    if holder is None or holder == operator_id:
        return False
    return admin or not await operators.is_present(tx, holder)


async def take_over(
    tx: Transaction, conversation_id: UUID, asking: operators.SignedIn | operators.OperatorView, holder: UUID
) -> None:
    """Give an attended conversation to the operator who asks; if nobody holds it any more, claim it.

    Args:
        tx: The open transaction.
        conversation_id: The conversation.
        asking: Who takes it.
        holder: Who held it as the asker saw it: of two who press at the same time, the second is told who was first.

    Raises:
        AccountDisabled: The asker's account is disabled.
        AlreadyTaken: Another operator holds it by now.
        HolderPresent: Its holder can answer now, and the asker is not an administrator.
        NoOpenConversation: The conversation is closed.
    """
    # The account is locked before the conversation, as in ``claim``: the other order could deadlock.
    await operators.keep_in_use(tx, asking.id)
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.ATTENDED:
        await claim(tx, conversation_id, asking.id, asking.name)
        return
    if conversation.operator_id == asking.id:
        return
    before = conversation.operator_name
    if conversation.operator_id != holder:
        raise AlreadyTaken(name=before)
    if not await may_take_over(tx, conversation, asking.id, admin=asking.role is operators.Role.ADMIN):
        raise HolderPresent(name=before)
    conversations.move(tx, conversation, Status.ATTENDED, conversation.reason)
    conversation.handoff = Handoff(HandoffKind.TAKEN_OVER, by=before, to=asking.name, from_id=holder)
    conversation.operator_id, conversation.operator_name = asking.id, asking.name
    await conversations.mark_all_read(tx, conversation, asking.id)
    # Unread for its former holder, so that they notice.
    await conversations.mark_unread(tx, conversation, holder)
    await conversations.post(tx, conversation, Author.SYSTEM, handoff_words(conversation.handoff, "ru"), note=True)
    await _tell_who_goes_on(tx, conversation, asking.id, asking.name)


async def _tell_who_goes_on(tx: Transaction, conversation: Conversation, operator_id: UUID, name: str) -> None:
    """Tell the visitor who holds their conversation now; a login is not shown as a name."""
    text = say("Разговор продолжит специалист: {name}.", conversation.language, name=name)
    if await operators.unnamed(tx, [operator_id]):
        text = say("Разговор продолжит другой специалист.", conversation.language)
    await conversations.post(tx, conversation, Author.SYSTEM, text, operator_id=operator_id)


async def give_back(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> None:
    """Return a conversation to the assistant.

    Raises:
        NotYours: The operator does not hold it.
    """
    conversation = await require_held(tx, conversation_id, operator_id)
    conversations.move(tx, conversation, Status.ASSISTED, Reason.RETURNED)
    await conversations.post(
        tx, conversation, Author.SYSTEM, say("С вами снова ассистент. Задайте вопрос.", conversation.language)
    )


async def require_held(tx: Transaction, conversation_id: UUID, operator_id: UUID) -> Conversation:
    """Return a conversation, locked, that this operator holds.

    Raises:
        NotYours: The operator does not hold it.
    """
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if not conversations.holds(conversation, operator_id):
        raise NotYours
    return conversation


def handoff_words(handoff: Handoff | None, language: str) -> str:
    """Say in one line who moved a conversation and why; empty without a handoff."""
    if handoff is None:
        return ""
    said = say(_HANDOFF_WORDS[handoff.kind], language, by=handoff.by, to=handoff.to, minutes=handoff.minutes)
    return f"{said}: «{handoff.note}»" if handoff.note else said
