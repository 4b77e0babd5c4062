"""The verbs that tie an account to a Telegram account. What is said in Telegram belongs to ``channels``."""

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
    """Return a token for ``t.me/<bot>?start=<token>``, good for 15 minutes; the earlier one works no more.

    Raises:
        AccountDisabled: The account is not in use.
    """
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.ACTIVE:
        raise AccountDisabled
    await store.revoke_links(tx, row.id, now(), Purpose.TELEGRAM)
    return links.new_link(tx, Purpose.TELEGRAM, row.id, row.role)


async def link_telegram(tx: Transaction, token: object, telegram_id: int) -> OperatorView:
    """Tie the Telegram account that sent a token to the account the token was made for.

    Somebody who wrote to the bot before, and waits, becomes this operator.

    Raises:
        LinkExpired: The token was used, is too old, or is none.
        TelegramTaken: Another operator has this Telegram account.
        InvalidTelegram: This is no Telegram id.
    """
    wanted = policy.telegram_id_of(telegram_id)
    _, row = await links.use(tx, token, Purpose.TELEGRAM)
    if row is None or row.status is not AccountStatus.ACTIVE:
        raise LinkExpired
    holder = await store.by_telegram(tx, wanted)
    if holder and holder.id != row.id:
        if holder.status is not AccountStatus.PENDING or holder.password_hash is not None:
            raise TelegramTaken
        await store.remove(tx, holder.id)
        tx.emit(OperatorsChanged(holder.id))
    row.telegram_id, row.answers_in_telegram = wanted, False
    try:
        await store.flush(tx)
    except IntegrityError:
        raise TelegramTaken from None
    tx.emit(OperatorsChanged(row.id))
    return await view(tx, row)


async def unlink_telegram(tx: Transaction, operator_id: UUID) -> None:
    """Untie an account from Telegram."""
    row = await locked(tx, operator_id)
    if row.telegram_id is not None:
        row.telegram_id, row.answers_in_telegram = None, False
        tx.emit(OperatorsChanged(row.id))


async def by_telegram(tx: Transaction, telegram_id: object) -> OperatorView | None:
    """Return the account of a Telegram account, whatever its status."""
    row = await store.by_telegram(tx, policy.telegram_id_of(telegram_id))
    return await view(tx, row) if row else None


async def pending_from_telegram(tx: Transaction, telegram_id: int, name: str, username: str = "") -> OperatorView:
    """Return the account of a Telegram account; a new one waits until an administrator confirms it.

    Raises:
        TooManyPending: Twenty wait already.
        InvalidTelegram: This is no Telegram id.
    """
    wanted = policy.telegram_id_of(telegram_id)
    known = await store.by_telegram(tx, wanted)
    if known is None:
        if len(await store.strangers(tx)) >= MOST_PENDING:
            raise TooManyPending
        fresh = Operator(name=policy.name_from_telegram(name), telegram_id=wanted)
        fresh.telegram_username = username if _USERNAME.fullmatch(username) else ""
        await store.insert_pending(tx, fresh)
        # Another message of the same person may have come first.
        known = await store.by_telegram(tx, wanted) or fresh
        tx.emit(OperatorsChanged(known.id))
    return await view(tx, known)


async def dismiss_strangers(tx: Transaction) -> int:
    """Remove everybody who came from Telegram and waits to be let in; return how many there were."""
    found = await store.strangers(tx)
    for operator_id in found:
        await store.remove(tx, operator_id)
        tx.emit(OperatorsChanged(operator_id))
    return len(found)


def namesakes(people: Sequence[OperatorView]) -> set[UUID]:
    """Return those who wait to be let in under a name that somebody who works has."""
    taken = {policy.login_key(one.name) for one in people if one.status is AccountStatus.ACTIVE}
    waiting = [one for one in people if one.status is AccountStatus.PENDING]
    return {one.id for one in waiting if policy.login_key(one.name) in taken}
