"""The verbs of a new password: one's own, or after the old one was forgotten."""

from uuid import UUID

from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.operators import links, passwords, policy, store
from vink_chat.operators.accounts import locked, view
from vink_chat.operators.entrance import compare, revoke_all
from vink_chat.operators.errors import AccountDisabled, LinkSpent, WrongCredentials
from vink_chat.operators.model import AccountStatus, Purpose
from vink_chat.operators.passwords import Begin
from vink_chat.operators.throttle import Throttle
from vink_chat.operators.throttle import throttle as process_throttle
from vink_chat.operators.views import OperatorView, SignedIn


async def reset_link(tx: Transaction, operator_id: UUID) -> str:
    """Return a token with which an operator chooses a new password, for a day; the earlier one works no more.

    Raises:
        AccountDisabled: The account is switched off, or was never opened (invite again instead).
    """
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.ACTIVE or row.password_hash is None:
        raise AccountDisabled
    await store.spend_links(tx, row.id, now(), Purpose.RESET)
    return links.new_link(tx, Purpose.RESET, row.id, row.role)


async def reset_password(begin: Begin, token: object, password: str) -> OperatorView:
    """Use a reset link: a new password, and every session ends.

    Raises:
        LinkSpent: The link was used, is too old, or is none.
        WrongPassword: The password is too short or too long.
        PasswordIsLogin: The password repeats the login.
        CommonPassword: The password is easily guessed.
    """
    async with begin() as tx:
        link = await links.working(tx, token, Purpose.RESET)
        known = await store.find(tx, link.operator_id)
    secret = policy.password_of(password, (known and known.login) or "")
    password_hash = await passwords.hashed(secret)
    async with begin() as tx:
        _, row = await links.use(tx, token, Purpose.RESET)
        if row is None or row.status is not AccountStatus.ACTIVE:
            raise LinkSpent
        row.password_hash = password_hash
        await store.end_sessions(tx, now(), operator_id=row.id)
        tx.emit(OperatorsChanged(row.id))
        return await view(tx, row)


async def change_password(
    begin: Begin, asking: SignedIn, old: str, new: str, *, throttle: Throttle = process_throttle
) -> None:
    """Change one's own password; every other session ends.

    Raises:
        WrongCredentials: The old password is not right.
        TooManyAttempts: It was tried too often.
        WrongPassword: The new one is too short or too long.
        PasswordIsLogin: The new one repeats the login.
        CommonPassword: The new one is easily guessed.
    """
    async with begin() as tx:
        known = await store.find(tx, asking.id)
    await throttle.attempt((known and known.login) or "", None)
    fits, _ = await compare(old, known)
    if known is None or not fits:
        raise WrongCredentials
    wanted = policy.password_of(new, known.login or "")
    password_hash = await passwords.hashed(wanted)
    async with begin() as tx:
        row = await store.lock(tx, known.id)
        if row is None or row.password_hash != known.password_hash:
            raise WrongCredentials
        row.password_hash = password_hash
        await revoke_all(tx, row.id, but=asking.session_id)
    await throttle.forgive(known.login or "", None)
