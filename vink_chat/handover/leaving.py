"""An operator who cannot answer any more holds nothing: what is held goes back in front of the queue."""

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
    """Switch an account off, and put everything it holds back into the queue.

    Raises:
        CannotChangeOwnAccount: It is that of the administrator who asks for it (``by``).
        LastAdmin: Nobody could change the chat any more.
        NotFound: There is no such account.
    """
    await operators.disable(tx, operator_id, by=by)
    await _leave(tx, operator_id)


async def unlink_telegram(tx: Transaction, operator_id: UUID) -> None:
    """Untie an account from Telegram; where that was its only way to answer, it leaves the shift and lets go.

    Raises:
        NotFound: There is no such account.
    """
    await operators.unlink_telegram(tx, operator_id)
    person = await operators.operator(tx, operator_id)
    if person.status is AccountStatus.ACTIVE and not person.can_sign_in:
        await operators.set_presence(tx, operator_id, Presence.OFF)
        await _leave(tx, operator_id)


def grace() -> timedelta:
    """Return how long a desk may be lost before its operator is away."""
    return timedelta(seconds=current(Handover).seconds_until_away)


async def absent(tx: Transaction) -> list[UUID]:
    """List the operators who lost their last desk too long ago."""
    return await operators.absent(tx, grace())


async def leave_shift(tx: Transaction, operator_id: UUID) -> bool:
    """End the presence of an operator whose desk was lost; what they held waits again. Returns whether it was done."""
    if not await operators.leave(tx, operator_id, grace()):
        return False
    person = await operators.operator(tx, operator_id)
    note = say("Разговор вернулся в очередь: оператор не на связи ({name}).", "ru", name=person.name)
    await _leave(tx, operator_id, HandoffKind.ABSENT, note)
    return True


async def sign_out(tx: Transaction, token: object) -> None:
    """End a session; who answers nowhere else leaves the shift at once, and lets go of everything."""
    if gone := await operators.sign_out(tx, token):
        await _leave(tx, gone, HandoffKind.ABSENT)


async def release_all(tx: Transaction, operator_id: UUID, kind: HandoffKind, note: str = "") -> Sequence[Conversation]:
    """Put everything an operator holds back into the queue, and return it; ``kind`` says why.

    What they had finished ends now: nobody keeps it open any more.

    Whoever takes that away first, its account's row is to be locked: then nothing comes in meanwhile (see ``claim``).
    """
    gone: list[Conversation] = []
    for conversation in await store.held_by(tx, operator_id):
        # Somebody may have finished it, or passed it on, at this very moment.
        with contextlib.suppress(NotYours):
            if conversation.ends_at:
                await finish(tx, conversation.id, operator_id)
                continue
            await release(tx, conversation.id, operator_id, kind)
            if note:
                await conversations.post(tx, conversation, Author.SYSTEM, note, note=True)
            gone.append(conversation)
    return gone


async def _leave(tx: Transaction, operator_id: UUID, kind: HandoffKind = HandoffKind.DISABLED, note: str = "") -> None:
    if gone := await release_all(tx, operator_id, kind, note):
        tx.emit(OperatorLeft(operator_id, tuple(conversation.id for conversation in gone)))
