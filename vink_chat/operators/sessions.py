"""Signing in and out, recognising a session's operator, and the list of sessions."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Begin, Transaction
from vink_chat.kit.errors import NotFound, VinkError
from vink_chat.operators import passwords, policy, store
from vink_chat.operators.accounts import locked
from vink_chat.operators.attempts import SignInLimiter
from vink_chat.operators.attempts import limiter as process_limiter
from vink_chat.operators.errors import (
    InvalidCredentials,
    InvalidLogin,
    OwnAccountDisabled,
    SessionEnded,
    SessionExpired,
)
from vink_chat.operators.model import AccountStatus, Operator, Presence, Session
from vink_chat.operators.views import SessionView, SignedIn

_LONGEST_AGENT: Final = 300
_LONGEST_ADDRESS: Final = 64


async def sign_in(  # noqa: PLR0913  what is known of whoever tries
    begin: Begin,
    login: str,
    password: str,
    *,
    address: str = "",
    user_agent: str = "",
    device: str = "",
    limiter: SignInLimiter = process_limiter,
) -> str:
    """Open a session and return its token, which belongs in the browser's cookie only.

    Args:
        begin: ``kit.db.transaction``; no transaction is open while the password is compared.
        login: As typed; its case does not matter.
        password: As typed.
        address: The client's IP address, as reported by a trusted proxy.
        user_agent: The browser's name, shown in the list of sessions.
        device: The id of a browser that signed in to this account before, or empty.
        limiter: Counts the attempts.

    Raises:
        InvalidCredentials: Unknown login, wrong password, or a pending account.
        OwnAccountDisabled: The password is right, but the account is disabled.
        TooManyAttempts: Too many for this account or from this address.
    """
    if not isinstance(login, str):  # pyright: ignore[reportUnnecessaryIsInstance]  it comes from a browser
        raise InvalidCredentials
    await limiter.attempt(login, address, device)
    async with begin() as tx:
        account = await _account(tx, login)
    fits, newer = await compare(password, account)
    if account is None or not fits:
        raise InvalidCredentials
    if account.status is AccountStatus.DISABLED:
        raise OwnAccountDisabled
    async with begin() as tx:
        token = await _enter(tx, account, newer, (policy.shortened(user_agent, _LONGEST_AGENT), address))
    await limiter.forgive(login, address)
    return token


async def _account(tx: Transaction, login: str) -> Operator | None:
    try:
        return await store.by_login(tx, policy.login_key(policy.login_of(login)))
    except InvalidLogin:
        return None


async def compare(password: object, account: Operator | None) -> tuple[bool, str | None]:
    """Tell whether a password is right, and return its new hash if due; takes as long without an account."""
    typed = policy.same_password(password)
    usable = account if account and account.status is not AccountStatus.PENDING and typed is not None else None
    return await passwords.matches(typed or "", usable.password_hash if usable else None)


async def _enter(tx: Transaction, account: Operator, newer_hash: str | None, seen: tuple[str, str]) -> str:
    row = await store.lock(tx, account.id)
    # The account may have been disabled, or its password changed, while the hash was computed.
    if row is None or row.status is not AccountStatus.ACTIVE or row.password_hash != account.password_hash:
        raise InvalidCredentials
    row.password_hash = newer_hash or row.password_hash
    token, moment = policy.new_token(), now()
    session = Session(
        operator_id=row.id,
        token_hash=policy.token_hash(token),
        created_at=moment,
        seen_at=moment,
        expires_at=moment + policy.LONGEST_SESSION,
        user_agent=seen[0],
        address=policy.shortened(seen[1], _LONGEST_ADDRESS),
    )
    store.add(tx, session)
    return token


async def session_operator(tx: Transaction, token: object) -> SignedIn | None:
    """Return a session's operator; None if it ended, was idle for 12 hours, or the account is not active.

    Only reads, so a snapshot (``kit.db.reading``) is enough; ``recognise`` also updates «last seen».
    """
    pair = await store.session_with(tx, policy.token_hash(token), now(), policy.IDLE)
    if pair is None:
        return None
    session, row = pair
    return SignedIn(
        id=row.id,
        session_id=session.id,
        name=row.name,
        role=row.role,
        presence=row.presence,
        language=row.language,
        lost_at=row.lost_at,
        touch_due=session.seen_at <= now() - policy.TOUCH_EVERY,
    )


async def touch(tx: Transaction, session_id: UUID) -> None:
    """Update a session's «last seen», at most once a minute."""
    await store.touch(tx, session_id, now(), policy.TOUCH_EVERY)


async def recognise(reading: Begin, begin: Begin, token: object) -> SignedIn | None:
    """Return a session's operator, and update «last seen» once a minute.

    Args:
        reading: ``kit.db.reading``.
        begin: ``kit.db.transaction``; opened once a minute only.
        token: The token of the cookie.
    """
    async with reading() as tx:
        asking = await session_operator(tx, token)
    if asking and asking.touch_due:
        async with begin() as tx:
            await touch(tx, asking.session_id)
    return asking


async def why_ended(tx: Transaction, token: object) -> VinkError | None:
    """Return why the session of a token ended; None while it is valid, or if it never existed."""
    pair = await store.any_session_with(tx, policy.token_hash(token))
    if pair is None or await session_operator(tx, token):
        return None
    session, status = pair
    if status is AccountStatus.DISABLED:
        return OwnAccountDisabled()
    if session.revoked_at:
        return SessionEnded()
    return SessionExpired(days=policy.LONGEST_SESSION.days, hours=policy.IDLE // timedelta(hours=1))


async def sign_out(tx: Transaction, token: object) -> UUID | None:
    """End the session of a token; an operator without another open desk or Telegram leaves the shift.

    Returns:
        The operator who left the shift.
    """
    asking = await session_operator(tx, token)
    if asking is None:
        return None
    row = await locked(tx, asking.id)
    await revoke(tx, asking.session_id, asking.id)
    stays = row.answers_in_telegram and row.telegram_id is not None
    if stays or await store.desk_open(tx, row.id, now()):
        return None
    row.presence, row.presence_at, row.lost_at = Presence.OFF, now(), None
    return row.id


async def sessions(tx: Transaction, operator_id: UUID) -> list[SessionView]:
    """Return an operator's sessions, last seen first."""
    return [SessionView.of(row) for row in await store.sessions_of(tx, operator_id, now(), policy.IDLE)]


async def revoke(tx: Transaction, session_id: UUID, operator_id: UUID) -> None:
    """End one session of an operator.

    Raises:
        NotFound: The operator has no such session, or it has ended.
    """
    ids = isinstance(session_id, UUID) and isinstance(operator_id, UUID)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not ids or not await store.end_sessions(tx, now(), operator_id=operator_id, only=session_id):
        raise NotFound
    tx.emit(OperatorsChanged(operator_id))


async def revoke_all(tx: Transaction, operator_id: UUID, but: UUID | None = None) -> int:
    """End all sessions of an operator except one; return how many ended."""
    ended = await store.end_sessions(tx, now(), operator_id=operator_id, but=but)
    if ended:
        tx.emit(OperatorsChanged(operator_id))
    return ended
