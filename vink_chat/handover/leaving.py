"""Operators who can no longer answer: their conversations return to the front of the queue."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.conversations import Author, Conversation, HandoffKind, NotYours
from vink_chat.events import OperatorLeft
from vink_chat.handover import store
from vink_chat.handover.actions import release
from vink_chat.handover.ending import finish
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, Presence
from vink_chat.preferences import Handover, current


async def switch_off(tx: Transaction, operator_id: UUID, *, by: UUID | None = None) -> None:
    """Disable an account, and put everything it holds back into the queue.

    Raises:
        CannotChangeOwnAccount: It is the account of the administrator who asks (``by``).
        LastAdmin: No other administrator would be left.
        NotFound: There is no such account.
    """
    await operators.disable(tx, operator_id, by=by)
    await _leave(tx, operator_id)


async def unlink_telegram(tx: Transaction, operator_id: UUID) -> None:
    """Unlink an account from Telegram; if that was its only way to answer, it leaves the shift and holds nothing.

    Raises:
        NotFound: There is no such account.
    """
    await operators.unlink_telegram(tx, operator_id)
    person = await operators.operator(tx, operator_id)
    if person.status is AccountStatus.ACTIVE and not person.can_sign_in:
        await operators.set_presence(tx, operator_id, Presence.OFF)
        await _leave(tx, operator_id)


def grace() -> timedelta:
    """Return how long a desk may be disconnected before its operator counts as absent."""
    return timedelta(seconds=current(Handover).seconds_until_away)


async def absent(tx: Transaction) -> list[UUID]:
    """List the operators whose last desk has been disconnected for longer than ``grace``."""
    return await operators.absent(tx, grace())


async def leave_shift(tx: Transaction, operator_id: UUID) -> bool:
    """End the presence of an absent operator and requeue what they hold. Returns whether it was done now."""
    if not await operators.leave(tx, operator_id, grace()):
        return False
    person = await operators.operator(tx, operator_id)
    note = say("Разговор вернулся в очередь: оператор не на связи ({name}).", "ru", name=person.name)
    await _leave(tx, operator_id, HandoffKind.ABSENT, note)
    return True


async def sign_out(tx: Transaction, token: object) -> None:
    """End a session; an operator who can answer nowhere else leaves the shift and holds nothing."""
    if operator_id := await operators.sign_out(tx, token):
        await _leave(tx, operator_id, HandoffKind.ABSENT)


async def release_all(tx: Transaction, operator_id: UUID, kind: HandoffKind, note: str = "") -> Sequence[Conversation]:
    """Put everything an operator holds back into the queue, and return it; ``kind`` says why.

    A conversation they have finished, but which can still be kept open, ends now. The caller must have locked the
    account's row, so that the operator cannot claim another conversation meanwhile (see ``claim``).
    """
    released: list[Conversation] = []
    for conversation in await store.held_by(tx, operator_id):
        # It may have been finished or transferred at the same moment.
        with contextlib.suppress(NotYours):
            if conversation.ends_at:
                await finish(tx, conversation.id, operator_id)
                continue
            await release(tx, conversation.id, operator_id, kind)
            if note:
                await conversations.post(tx, conversation, Author.SYSTEM, note, note=True)
            released.append(conversation)
    return released


async def _leave(tx: Transaction, operator_id: UUID, kind: HandoffKind = HandoffKind.DISABLED, note: str = "") -> None:
    if released := await release_all(tx, operator_id, kind, note):
        tx.emit(OperatorLeft(operator_id, tuple(conversation.id for conversation in released)))
