"""«Забрать»: a colleague goes on with a conversation whose holder does not."""

from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.conversations import AnyConversation, Author, Handoff, HandoffKind, Status
from vink_chat.handover.actions import claim, tell_who_goes_on
from vink_chat.handover.errors import AlreadyTaken, HolderPresent
from vink_chat.handover.handoff import handoff_words
from vink_chat.kit.db import Transaction


async def may_take_over(tx: Transaction, conversation: AnyConversation, operator_id: UUID, *, admin: bool) -> bool:
    """Tell whether an operator may take a conversation over: an administrator, or anybody from who is not present."""
    holder = conversation.operator_id if conversation.status is Status.ATTENDED else None
    if holder is None or holder == operator_id:
        return False
    return admin or not await operators.is_present(tx, holder)


async def take_over(
    tx: Transaction, conversation_id: UUID, asking: operators.SignedIn | operators.OperatorView, holder: UUID
) -> None:
    """Give an attended conversation to whoever asks; one that nobody holds meanwhile is claimed.

    Args:
        tx: The open transaction.
        conversation_id: Which one.
        asking: Who wants it.
        holder: From whom, as the asker saw it: of two who press together the second is told who was first.

    Raises:
        AccountDisabled: The asker's account is switched off.
        AlreadyTaken: Somebody else holds it than the asker saw.
        HolderPresent: Its holder can answer now, and the asker is no administrator.
        NothingToHand: It is over.
    """
    # An account before the conversation, as ``claim`` does: the other order could deadlock with ``leaving``.
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
    await conversations.took(tx, conversation, asking.id)
    # News to who had it, until they look.
    await conversations.received(tx, conversation, holder)
    await conversations.post(tx, conversation, Author.SYSTEM, handoff_words(conversation.handoff, "ru"), note=True)
    await tell_who_goes_on(tx, conversation, asking.id, asking.name)
