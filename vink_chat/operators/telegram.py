"""Linking of operators' accounts with Telegram accounts. The bot itself belongs to ``channels``."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.operators import links, policy, store
from vink_chat.operators.accounts import locked, view
from vink_chat.operators.errors import AccountDisabled, LinkExpired, TelegramTaken, TooManyPending
from vink_chat.operators.model import AccountStatus, Operator, Purpose
from vink_chat.operators.views import OperatorView

MOST_PENDING: Final = 20
_USERNAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}")


async def telegram_link_token(tx: Transaction, operator_id: UUID) -> str:
    """Return a token for ``t.me/<bot>?start=<token>``, valid for 15 minutes; the previous one stops working.

    Raises:
        AccountDisabled: The account is not active.
    """
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.ACTIVE:
        raise AccountDisabled
    await store.revoke_links(tx, row.id, now(), Purpose.TELEGRAM)
    return links.new_link(tx, Purpose.TELEGRAM, row.id, row.role)


async def link_telegram(tx: Transaction, token: object, telegram_id: int) -> OperatorView:
    """Link the Telegram account that sent a token with the account that the token is for.

    A pending request of the same Telegram account is removed.

    Raises:
        LinkExpired: The token was used, has expired, or never existed.
        TelegramTaken: Another operator has this Telegram account.
        InvalidTelegram: It is not a Telegram id.
    """
    telegram_id = policy.telegram_id_of(telegram_id)
    _, row = await links.use(tx, token, Purpose.TELEGRAM)
    if row is None or row.status is not AccountStatus.ACTIVE:
        raise LinkExpired
    holder = await store.by_telegram(tx, telegram_id)
    if holder and holder.id != row.id:
        if holder.status is not AccountStatus.PENDING or holder.password_hash is not None:
            raise TelegramTaken
        await store.remove(tx, holder.id)
        tx.emit(OperatorsChanged(holder.id))
    row.telegram_id, row.answers_in_telegram = telegram_id, False
    try:
        await store.flush(tx)
    except IntegrityError:
        raise TelegramTaken from None
    tx.emit(OperatorsChanged(row.id))
    return await view(tx, row)


async def unlink_telegram(tx: Transaction, operator_id: UUID) -> None:
    """Unlink an account from Telegram."""
    row = await locked(tx, operator_id)
    if row.telegram_id is not None:
        row.telegram_id, row.answers_in_telegram = None, False
        tx.emit(OperatorsChanged(row.id))


async def by_telegram(tx: Transaction, telegram_id: object) -> OperatorView | None:
    """Return the operator of a Telegram account, whatever their status."""
    row = await store.by_telegram(tx, policy.telegram_id_of(telegram_id))
    return await view(tx, row) if row else None


async def pending_from_telegram(tx: Transaction, telegram_id: int, name: str, username: str = "") -> OperatorView:
    """Return the operator of a Telegram account; a new one is pending until an administrator confirms it.

    Raises:
        TooManyPending: Twenty are pending already.
        InvalidTelegram: It is not a Telegram id.
    """
    telegram_id = policy.telegram_id_of(telegram_id)
    row = await store.by_telegram(tx, telegram_id)
    if row is None:
        if len(await store.strangers(tx)) >= MOST_PENDING:
            raise TooManyPending
        fresh = Operator(name=policy.name_from_telegram(name), telegram_id=telegram_id)
        fresh.telegram_username = username if _USERNAME.fullmatch(username) else ""
        await store.insert_pending(tx, fresh)
        # A concurrent message of the same person may have created it.
        row = await store.by_telegram(tx, telegram_id) or fresh
        tx.emit(OperatorsChanged(row.id))
    return await view(tx, row)


async def dismiss_strangers(tx: Transaction) -> int:
    """Delete all pending accounts from Telegram; return how many there were."""
    strangers = await store.strangers(tx)
    for operator_id in strangers:
        await store.remove(tx, operator_id)
        tx.emit(OperatorsChanged(operator_id))
    return len(strangers)


def namesakes(people: Sequence[OperatorView]) -> set[UUID]:
    """Return the pending operators whose name is that of an active one."""
    taken = {policy.login_key(person.name) for person in people if person.status is AccountStatus.ACTIVE}
    pending = [person for person in people if person.status is AccountStatus.PENDING]
    return {person.id for person in pending if policy.login_key(person.name) in taken}
