"""How an account gets its login and password: the first administrator, invitations, resets, a change of one's own."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Begin, Transaction
from vink_chat.operators import links, passwords, policy, store
from vink_chat.operators.accounts import locked, view
from vink_chat.operators.attempts import SignInLimiter
from vink_chat.operators.attempts import limiter as process_limiter
from vink_chat.operators.errors import AccountDisabled, AlreadyConfirmed, InvalidCredentials, LinkExpired, LoginTaken
from vink_chat.operators.model import AccountStatus, Operator, Purpose, Role
from vink_chat.operators.sessions import compare, revoke_all
from vink_chat.operators.views import OperatorView, SignedIn


async def first_admin(begin: Begin, login: str, password: str) -> OperatorView | None:
    """Make the administrator the settings name. Where the login exists already, nothing changes and None returns.

    Raises:
        InvalidLogin: The login has another shape.
        InvalidPassword: The password is too short or too long.
        PasswordIsLogin: The password repeats the login.
        CommonPassword: The password is easily guessed.
    """
    wanted = policy.login_of(login)
    async with begin() as tx:
        if await store.by_login(tx, policy.login_key(wanted)):
            return None
    secret = policy.password_of(password, wanted)
    row = Operator(name=wanted, role=Role.ADMIN, status=AccountStatus.ACTIVE)
    password_hash = await passwords.hashed(secret)
    try:
        async with begin() as tx:
            await _set_credentials(tx, row, wanted, password_hash)
    except LoginTaken:
        # Another process started at the same moment.
        return None
    return OperatorView.of(row, present=False)


async def first_admin_link(tx: Transaction) -> str | None:
    """Return a token that makes the first administrator; None when there is one already."""
    if await store.has_admin(tx):
        return None
    return links.new_link(tx, Purpose.FIRST_ADMIN, None, Role.ADMIN)


async def invite(tx: Transaction, name: str, role: Role = Role.OPERATOR) -> str:
    """Make a pending account and return the token that opens it, for seven days.

    Raises:
        InvalidName: The name is empty, too long or unprintable.
        InvalidRole: There is no such role.
    """
    row = Operator(name=policy.name_of(name), role=policy.role_of(role))
    store.add(tx, row)
    await store.flush(tx)
    tx.emit(OperatorsChanged(row.id))
    return links.new_link(tx, Purpose.INVITE, row.id, row.role)


async def invite_again(tx: Transaction, operator_id: UUID) -> str:
    """Return a new token for an account without a password; the earlier one works no more.

    Raises:
        AccountDisabled: The account is switched off.
        AlreadyConfirmed: It has a password.
    """
    row = await locked(tx, operator_id)
    if row.status is AccountStatus.DISABLED:
        raise AccountDisabled
    if row.password_hash is not None:
        raise AlreadyConfirmed
    await store.revoke_links(tx, row.id, now(), Purpose.INVITE)
    return links.new_link(tx, Purpose.INVITE, row.id, row.role)


async def accept(begin: Begin, token: object, login: str, password: str, name: str = "") -> OperatorView:
    """Use an invitation or the first administrator's link: the account gets its login and password.

    Args:
        begin: ``kit.db.transaction``; no transaction is open while the password is hashed.
        token: What the link holds.
        login: Wished for.
        password: Wished for.
        name: Empty keeps the name of the invitation (the login, for the first administrator).

    Raises:
        LinkExpired: The link was used, is too old, or is none.
        LoginTaken: Somebody has this login; the link still works.
        InvalidLogin: The login has another shape.
        InvalidName: The name is too long or unprintable.
        InvalidPassword: The password is too short or too long.
        PasswordIsLogin: The password repeats the login.
        CommonPassword: The password is easily guessed.
    """
    # The link first: whoever has none learns nothing, and costs nothing but a look.
    async with begin() as tx:
        await links.working(tx, token, Purpose.INVITE, Purpose.FIRST_ADMIN)
    wanted, secret = _credentials(login, password)
    called = policy.name_of(name) if name else ""
    password_hash = await passwords.hashed(secret)
    async with begin() as tx:
        row = await _opened(tx, token, wanted)
        row.name = called or row.name
        await _set_credentials(tx, row, wanted, password_hash)
        return OperatorView.of(row, present=False)


def _credentials(login: object, password: object) -> tuple[str, str]:
    wanted = policy.login_of(login)
    return wanted, policy.password_of(password, wanted)


async def _opened(tx: Transaction, token: object, login: str) -> Operator:
    link, row = await links.use(tx, token, Purpose.INVITE, Purpose.FIRST_ADMIN)
    if link.purpose is Purpose.FIRST_ADMIN:
        if await store.has_admin(tx):
            raise LinkExpired
        return Operator(name=login, role=Role.ADMIN, status=AccountStatus.ACTIVE)
    if row is None or row.status is AccountStatus.DISABLED or row.password_hash is not None:
        raise LinkExpired
    row.status = AccountStatus.ACTIVE
    return row


async def _set_credentials(tx: Transaction, row: Operator, login: str, password_hash: str) -> None:
    key = policy.login_key(login)
    holder = await store.by_login(tx, key)
    if holder and holder.id != row.id:
        raise LoginTaken
    row.login, row.login_key, row.password_hash = login, key, password_hash
    store.add(tx, row)
    try:
        await store.flush(tx)
    except IntegrityError:
        # Somebody took it between the look and the write.
        raise LoginTaken from None
    tx.emit(OperatorsChanged(row.id))


async def reset_link(tx: Transaction, operator_id: UUID) -> str:
    """Return a token with which an operator chooses a new password, for a day; the earlier one works no more.

    Raises:
        AccountDisabled: The account is switched off, or was never opened (invite again instead).
    """
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.ACTIVE or row.password_hash is None:
        raise AccountDisabled
    await store.revoke_links(tx, row.id, now(), Purpose.RESET)
    return links.new_link(tx, Purpose.RESET, row.id, row.role)


async def reset_password(begin: Begin, token: object, password: str) -> OperatorView:
    """Use a reset link: a new password, and every session ends.

    Raises:
        LinkExpired: The link was used, is too old, or is none.
        InvalidPassword: The password is too short or too long.
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
            raise LinkExpired
        row.password_hash = password_hash
        await store.end_sessions(tx, now(), operator_id=row.id)
        tx.emit(OperatorsChanged(row.id))
        return await view(tx, row)


async def change_password(
    begin: Begin, asking: SignedIn, old: str, new: str, *, limiter: SignInLimiter = process_limiter
) -> None:
    """Change one's own password; every other session ends.

    Raises:
        InvalidCredentials: The old password is not right.
        TooManyAttempts: It was tried too often.
        InvalidPassword: The new one is too short or too long.
        PasswordIsLogin: The new one repeats the login.
        CommonPassword: The new one is easily guessed.
    """
    async with begin() as tx:
        known = await store.find(tx, asking.id)
    await limiter.attempt((known and known.login) or "", None)
    fits, _ = await compare(old, known)
    if known is None or not fits:
        raise InvalidCredentials
    wanted = policy.password_of(new, known.login or "")
    password_hash = await passwords.hashed(wanted)
    async with begin() as tx:
        row = await store.lock(tx, known.id)
        if row is None or row.password_hash != known.password_hash:
            raise InvalidCredentials
        row.password_hash = password_hash
        await revoke_all(tx, row.id, but=asking.session_id)
    await limiter.forgive(known.login or "", None)
