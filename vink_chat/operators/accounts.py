"""Accounts: list them, change their role, name and settings, disable and confirm them.

The caller checks that the asker is an administrator (``SignedIn.require_admin``).
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
    """Return all accounts, sorted by name."""
    present = await store.present(tx, now())
    return [OperatorView.of(row, present=row.id in present) for row in await store.everyone(tx)]


async def operator(tx: Transaction, operator_id: UUID) -> OperatorView:
    """Return one account.

    Raises:
        NotFound: There is no such account.
    """
    row = await store.find(tx, operator_id)
    if row is None:
        raise NotFound
    return await view(tx, row)


async def view(tx: Transaction, row: Operator) -> OperatorView:
    """Return the view of an account (for this room)."""
    return OperatorView.of(row, present=bool(await store.present(tx, now(), only=row.id)))


async def locked(tx: Transaction, operator_id: UUID) -> Operator:
    """Return one account, locked for a change (for this room).

    Raises:
        NotFound: There is no such account.
    """
    row = await store.lock(tx, operator_id)
    if row is None:
        raise NotFound
    return row


async def keep_in_use(tx: Transaction, operator_id: UUID) -> None:
    """Keep an account from being disabled before the transaction ends; do nothing if there is no such account.

    Raises:
        AccountDisabled: The account is disabled.
    """
    if await store.status_kept(tx, operator_id) is AccountStatus.DISABLED:
        raise AccountDisabled


async def disable(tx: Transaction, operator_id: UUID, *, by: UUID | None = None) -> None:
    """Disable an account: its sessions and links end, and it is off shift.

    Args:
        tx: The open transaction.
        operator_id: The account.
        by: The administrator who asks.

    Raises:
        CannotChangeOwnAccount: It is the asker's own account.
        LastAdmin: It is the last administrator.
    """
    if by is not None and by == operator_id:
        raise CannotChangeOwnAccount
    row = await _lock_replaceable(tx, operator_id)
    row.status = AccountStatus.DISABLED
    row.presence, row.presence_at, row.lost_at = Presence.OFF, now(), None
    await store.end_sessions(tx, now(), operator_id=row.id)
    await store.revoke_links(tx, row.id, now())
    tx.emit(OperatorsChanged(row.id))


async def enable(tx: Transaction, operator_id: UUID) -> None:
    """Enable an account; one that could never sign in becomes pending again."""
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.DISABLED:
        return
    reachable = row.password_hash is not None or row.telegram_id is not None
    row.status = AccountStatus.ACTIVE if reachable else AccountStatus.PENDING
    tx.emit(OperatorsChanged(row.id))


async def set_role(tx: Transaction, operator_id: UUID, role: Role, *, by: UUID | None = None) -> None:
    """Change the role of an account.

    Args:
        tx: The open transaction.
        operator_id: The account.
        role: The new role.
        by: The administrator who asks.

    Raises:
        CannotChangeOwnAccount: It is the asker's own account.
        LastAdmin: It is the last administrator.
        InvalidRole: There is no such role.
    """
    role = policy.role_of(role)
    if by is not None and by == operator_id:
        raise CannotChangeOwnAccount
    row = await (locked if role is Role.ADMIN else _lock_replaceable)(tx, operator_id)
    row.role = role
    tx.emit(OperatorsChanged(row.id))


async def unnamed(tx: Transaction, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these operators have only their login for a name, which visitors must not see."""
    operator_ids = set(ids)
    return await store.named_by_login(tx, operator_ids) if operator_ids else set()


async def rename(tx: Transaction, operator_id: UUID, name: str) -> None:
    """Change the name of an account; visitors see it above the answers.

    Raises:
        InvalidName: It is empty, too long or unprintable.
    """
    name = policy.name_of(name)
    row = await locked(tx, operator_id)
    row.name = name
    tx.emit(OperatorsChanged(row.id))


async def set_language(tx: Transaction, operator_id: UUID, language: str) -> None:
    """Set an operator's language; an unknown one becomes Russian."""
    row = await locked(tx, operator_id)
    row.language = best_language(language)


async def set_sounds(tx: Transaction, operator_id: UUID, queue: object, *, own: bool) -> None:
    """Set when an operator's desk rings.

    Raises:
        InvalidSound: There is no such choice.
    """
    sound = policy.queue_sound_of(queue)
    row = await locked(tx, operator_id)
    row.queue_sound, row.own_sound = sound, own
    tx.emit(OperatorsChanged(row.id))


async def mute(tx: Transaction, operator_id: UUID, until: datetime | None) -> None:
    """Mute an operator's desk until a moment; None unmutes it."""
    row = await locked(tx, operator_id)
    row.muted_until = until
    tx.emit(OperatorsChanged(row.id))


async def confirm(tx: Transaction, operator_id: UUID, role: Role = Role.OPERATOR) -> OperatorView:
    """Approve an operator who asked for access from Telegram.

    Raises:
        AlreadyConfirmed: The account is not pending.
        NothingToConfirm: It is an invitation that nobody has accepted yet.
        InvalidRole: There is no such role.
    """
    role = policy.role_of(role)
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.PENDING:
        raise AlreadyConfirmed
    if row.telegram_id is None:
        raise NothingToConfirm
    row.status, row.role = AccountStatus.ACTIVE, role
    tx.emit(OperatorsChanged(row.id))
    return await view(tx, row)


async def dismiss(tx: Transaction, operator_id: UUID) -> None:
    """Delete an account that was never used: an invitation, or a stranger's request from Telegram.

    Raises:
        AlreadyConfirmed: It is in use; disable it instead.
    """
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.PENDING:
        raise AlreadyConfirmed
    await store.remove(tx, row.id)
    tx.emit(OperatorsChanged(row.id))


async def _lock_replaceable(tx: Transaction, operator_id: UUID) -> Operator:
    # All administrators first, always in one order: two who remove each other neither both succeed nor deadlock.
    admins = await store.lock_admins(tx)
    row = await locked(tx, operator_id)
    if list(admins) == [row.id]:
        raise LastAdmin
    return row
