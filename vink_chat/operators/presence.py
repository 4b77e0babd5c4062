"""Which operators are on shift and can answer now: what they chose, and whether messages reach them.

An open desk is recorded on its session: the process that serves the tab renews it every few seconds. This works with
any number of processes, and a process that dies keeps nobody on shift. The grace period is how long a desk may be lost
before its operator counts as away; a tab that reconnects within it changes nothing.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.operators import policy, store
from vink_chat.operators.accounts import locked
from vink_chat.operators.errors import AccountDisabled
from vink_chat.operators.model import AccountStatus, Presence
from vink_chat.operators.views import OperatorView

_TELEGRAM = "telegram"


async def on_shift(tx: Transaction) -> list[OperatorView]:
    """Return the operators who are present now, sorted by name: they chose to be, and a desk or messenger reaches them.

    This and ``OperatorView.present`` are the only definitions of «present».
    """
    present = await store.present(tx, now())
    return [OperatorView.of(row, present=True) for row in await store.everyone(tx) if row.id in present]


async def is_present(tx: Transaction, operator_id: UUID) -> bool:
    """Tell whether one operator is present now (see ``on_shift``)."""
    return bool(await store.present(tx, now(), only=operator_id))


async def set_presence(tx: Transaction, operator_id: UUID, presence: object, *, in_telegram: bool = False) -> None:
    """Set an operator's presence, and whether they chose it in Telegram.

    Raises:
        AccountDisabled: The account is not active.
        InvalidPresence: There is no such presence.
    """
    presence = policy.presence_of(presence)
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.ACTIVE:
        raise AccountDisabled
    before = (row.presence, row.answers_in_telegram, row.lost_at)
    if row.presence is not presence:
        row.presence, row.presence_at = presence, now()
    row.answers_in_telegram, row.lost_at = in_telegram, None
    if before != (row.presence, row.answers_in_telegram, row.lost_at):
        tx.emit(OperatorsChanged(row.id))


async def answer_in_telegram(tx: Transaction, operator_id: UUID) -> None:
    """Record that an operator answers in Telegram, so that they keep their conversations without an open desk."""
    row = await locked(tx, operator_id)
    row.answers_in_telegram = True


async def telegram_works(tx: Transaction, lasting: timedelta) -> None:
    """Record that the bot works and for how long that counts; zero means that it does not work."""
    before = await store.present(tx, now())
    await store.messenger_works(tx, _TELEGRAM, now() + lasting)
    for operator_id in before ^ await store.present(tx, now()):
        tx.emit(OperatorsChanged(operator_id))


async def at_desk(tx: Transaction, operator_id: UUID) -> bool:
    """Tell whether an operator has a desk open in a browser now."""
    return await store.desk_open(tx, operator_id, now())


async def open_desk(tx: Transaction, session_id: UUID, operator_id: UUID, grace: timedelta) -> None:
    """Record that an operator opened a desk: if they chose to be here, they are present from now on."""
    # Lock the row, so that a concurrent check for absence waits.
    await locked(tx, operator_id)
    before = await store.present(tx, now(), only=operator_id)
    await keep_desks(tx, [session_id], grace)
    if before != await store.present(tx, now(), only=operator_id):
        tx.emit(OperatorsChanged(operator_id))


async def keep_desks(tx: Transaction, session_ids: Collection[UUID], grace: timedelta) -> None:
    """Record that the desks of some sessions are open, or were until now; ended sessions are ignored."""
    await store.see_desks(tx, session_ids, now(), now() + grace)


async def close_desks(tx: Transaction, session_ids: Collection[UUID]) -> None:
    """Record that a stopping process serves no desks any more; another process may serve the same sessions."""
    await store.see_desks(tx, session_ids, now(), now())


async def forget_desks(tx: Transaction) -> None:
    """Count nobody as present until a desk connects or the bot answers: the only process has just started."""
    await store.close_all_desks(tx, now())


async def absent(tx: Transaction, grace: timedelta) -> list[UUID]:
    """List the operators whose last desk was lost longer ago than the grace and who do not answer in Telegram."""
    return await store.absent(tx, now(), grace)


async def leave(tx: Transaction, operator_id: UUID, grace: timedelta) -> bool:
    """Set an absent operator to away; false if they came back meanwhile."""
    row = await locked(tx, operator_id)
    if not await store.absent(tx, now(), grace, only=operator_id):
        return False
    if row.presence is Presence.HERE:
        row.lost_at = await store.last_desk(tx, operator_id) or now()
        row.presence, row.presence_at = Presence.AWAY, now()
        tx.emit(OperatorsChanged(operator_id))
    await store.clear_desks(tx, operator_id, now())
    return True
