"""The verbs about accounts: who there is, what they may do, who is at work.

Whether the asker is an administrator is the door's question (``SignedIn.require_admin``).
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import NotFound
from vink_chat.kit.words import best_language
from vink_chat.operators import policy, store
from vink_chat.operators.errors import (
    AccountDisabled,
    AlreadyConfirmed,
    CannotChangeOwnAccount,
    LastAdmin,
    NothingToConfirm,
)
from vink_chat.operators.model import AccountStatus, Operator, Presence, Role
from vink_chat.operators.views import OperatorView


async def operators(tx: Transaction) -> list[OperatorView]:
    """Return all accounts by name."""
    present = await store.present(tx, now())
    return [OperatorView.of(row, present=row.id in present) for row in await store.everyone(tx)]


async def operator(tx: Transaction, operator_id: UUID) -> OperatorView:
    """Return one account.

    Raises:
        NotFound: There is none.
    """
    row = await store.find(tx, operator_id)
    if row is None:
        raise NotFound
    return await view(tx, row)


async def view(tx: Transaction, row: Operator) -> OperatorView:
    """Show an account (for the verbs of this room)."""
    return OperatorView.of(row, present=bool(await store.present(tx, now(), only=row.id)))


async def locked(tx: Transaction, operator_id: UUID) -> Operator:
    """Return one account to be changed (for the verbs of this room).

    Raises:
        NotFound: There is none.
    """
    row = await store.lock(tx, operator_id)
    if row is None:
        raise NotFound
    return row


async def keep_in_use(tx: Transaction, operator_id: UUID) -> None:
    """Make sure that an account is not switched off before the transaction ends; one nobody knows is passed over.

    Raises:
        AccountDisabled: It is switched off.
    """
    if await store.status_kept(tx, operator_id) is AccountStatus.DISABLED:
        raise AccountDisabled


async def disable(tx: Transaction, operator_id: UUID, *, by: UUID | None = None) -> None:
    """Switch an account off: its sessions end everywhere, its links work no more, it is off shift.

    Args:
        tx: The open transaction.
        operator_id: The account.
        by: The administrator who asks for it.

    Raises:
        CannotChangeOwnAccount: It is the asker's own.
        LastAdmin: Nobody could change the chat any more.
    """
    if by is not None and by == operator_id:
        raise CannotChangeOwnAccount
    row = await _spared(tx, operator_id)
    row.status = AccountStatus.DISABLED
    row.presence, row.presence_at, row.lost_at = Presence.OFF, now(), None
    await store.end_sessions(tx, now(), operator_id=row.id)
    await store.revoke_links(tx, row.id, now())
    tx.emit(OperatorsChanged(row.id))


async def enable(tx: Transaction, operator_id: UUID) -> None:
    """Switch an account on again; one that never had a way in waits for it."""
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.DISABLED:
        return
    reachable = row.password_hash is not None or row.telegram_id is not None
    row.status = AccountStatus.ACTIVE if reachable else AccountStatus.PENDING
    tx.emit(OperatorsChanged(row.id))


async def set_role(tx: Transaction, operator_id: UUID, role: Role, *, by: UUID | None = None) -> None:
    """Let an account do more, or less.

    Args:
        tx: The open transaction.
        operator_id: The account.
        role: What it may do from now on.
        by: The administrator who asks for it.

    Raises:
        CannotChangeOwnAccount: It is the asker's own.
        LastAdmin: Nobody could change the chat any more.
        InvalidRole: There is no such role.
    """
    wanted = policy.role_of(role)
    if by is not None and by == operator_id:
        raise CannotChangeOwnAccount
    row = await (locked if wanted is Role.ADMIN else _spared)(tx, operator_id)
    row.role = wanted
    tx.emit(OperatorsChanged(row.id))


async def unnamed(tx: Transaction, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these operators gave no name: their login stands for it, and visitors are not shown that."""
    asked = set(ids)
    return await store.named_by_login(tx, asked) if asked else set()


async def rename(tx: Transaction, operator_id: UUID, name: str) -> None:
    """Give an account another name; visitors read it above the answers.

    Raises:
        InvalidName: It is empty, too long or unprintable.
    """
    wanted = policy.name_of(name)
    row = await locked(tx, operator_id)
    row.name = wanted
    tx.emit(OperatorsChanged(row.id))


async def set_language(tx: Transaction, operator_id: UUID, language: str) -> None:
    """Choose the language an operator reads; an unknown one becomes Russian."""
    row = await locked(tx, operator_id)
    row.language = best_language(language)


async def set_sounds(tx: Transaction, operator_id: UUID, queue: object, *, own: bool) -> None:
    """Choose when an operator's desk rings.

    Raises:
        InvalidSound: There is no such choice.
    """
    wanted = policy.queue_sound_of(queue)
    row = await locked(tx, operator_id)
    row.queue_sound, row.own_sound = wanted, own
    tx.emit(OperatorsChanged(row.id))


async def mute(tx: Transaction, operator_id: UUID, until: datetime | None) -> None:
    """Silence an operator's desk until a moment, or let it ring again."""
    row = await locked(tx, operator_id)
    row.muted_until = until
    tx.emit(OperatorsChanged(row.id))


async def confirm(tx: Transaction, operator_id: UUID, role: Role = Role.OPERATOR) -> OperatorView:
    """Let in an operator who came from Telegram and waits.

    Raises:
        AlreadyConfirmed: Nobody waits there.
        NothingToConfirm: It is an invitation whose owner has not come.
        InvalidRole: There is no such role.
    """
    wanted = policy.role_of(role)
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.PENDING:
        raise AlreadyConfirmed
    if row.telegram_id is None:
        raise NothingToConfirm
    row.status, row.role = AccountStatus.ACTIVE, wanted
    tx.emit(OperatorsChanged(row.id))
    return await view(tx, row)


async def dismiss(tx: Transaction, operator_id: UUID) -> None:
    """Remove an account nobody has used yet: an invitation, or somebody from Telegram who was not expected.

    Raises:
        AlreadyConfirmed: It is in use; disable it instead.
    """
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.PENDING:
        raise AlreadyConfirmed
    await store.remove(tx, row.id)
    tx.emit(OperatorsChanged(row.id))


async def _spared(tx: Transaction, operator_id: UUID) -> Operator:
    # The administrators first, always in one order: two who strike each other out neither both win nor deadlock.
    admins = await store.lock_admins(tx)
    row = await locked(tx, operator_id)
    if list(admins) == [row.id]:
        raise LastAdmin
    return row
