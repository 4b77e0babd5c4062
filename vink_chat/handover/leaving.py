"""An operator who cannot answer any more holds nothing: what is held goes back into the queue."""

import contextlib
from collections.abc import Sequence
from uuid import UUID

from vink_chat import operators
from vink_chat.conversations import Conversation, HandoffKind, NotYours
from vink_chat.events import OperatorLeft
from vink_chat.handover import store
from vink_chat.handover.actions import release
from vink_chat.kit.db import Transaction
from vink_chat.operators import AccountStatus, Presence


async def switch_off(tx: Transaction, operator_id: UUID, *, by: UUID | None = None) -> None:
    """Switch an account off, and put everything it holds back into the queue.

    Raises:
        OwnAccount: It is that of the administrator who asks for it (``by``).
        LastAdmin: Nobody could change the chat any more.
        NotFound: There is no such account.
    """
    await operators.disable(tx, operator_id, by=by)
    await _leave(tx, operator_id)


async def untie(tx: Transaction, operator_id: UUID) -> None:
    """Untie an account from Telegram; where that was its only way to answer, it leaves the shift and lets go.

    Raises:
        NotFound: There is no such account.
    """
    await operators.unlink_telegram(tx, operator_id)
    person = await operators.operator(tx, operator_id)
    if person.status is AccountStatus.ACTIVE and not person.can_sign_in:
        await operators.set_presence(tx, operator_id, Presence.OFF)
        await _leave(tx, operator_id)


async def let_go(tx: Transaction, operator_id: UUID, kind: HandoffKind) -> Sequence[Conversation]:
    """Put everything an operator holds back into the queue, and return it; ``kind`` says why.

    Whoever takes that away first, its account's row is to be locked: then nothing comes in meanwhile (see ``claim``).
    """
    gone: list[Conversation] = []
    for conversation in await store.held_by(tx, operator_id):
        # Somebody may have finished it, or passed it on, at this very moment.
        with contextlib.suppress(NotYours):
            await release(tx, conversation.id, operator_id, kind)
            gone.append(conversation)
    return gone


async def _leave(tx: Transaction, operator_id: UUID) -> None:
    if gone := await let_go(tx, operator_id, HandoffKind.DISABLED):
        tx.emit(OperatorLeft(operator_id, tuple(conversation.id for conversation in gone)))
