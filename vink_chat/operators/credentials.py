"""Logins and passwords: the first administrator, invitations, password resets and changes."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Begin, Transaction
from vink_chat.operators import links, passwords, policy, store
from vink_chat.operators.accounts import locked, view
from vink_chat.operators.attempts import SignInLimiter
from vink_chat.operators.attempts import limiter as process_limiter
from vink_chat.operators.errors import AccountDisabled, AlreadyConfirmed, LinkExpired, LoginTaken, WrongPassword
from vink_chat.operators.model import AccountStatus, Operator, Purpose, Role
from vink_chat.operators.sessions import compare, revoke_all
from vink_chat.operators.views import OperatorView, SignedIn


async def first_admin(begin: Begin, login: str, password: str) -> OperatorView | None:
    """Create the administrator named in the settings; return None and change nothing if the login exists.

    Raises:
        InvalidLogin: The login has an invalid format.
        InvalidPassword: The password is too short or too long.
        PasswordIsLogin: The password repeats the login.
        CommonPassword: The password is easily guessed.
    """
    valid_login = policy.login_of(login)
    async with begin() as tx:
        if await store.by_login(tx, policy.login_key(valid_login)):
            return None
    secret = policy.password_of(password, valid_login)
    row = Operator(name=valid_login, role=Role.ADMIN, status=AccountStatus.ACTIVE)
    password_hash = await passwords.hashed(secret)
    try:
        async with begin() as tx:
            await _set_credentials(tx, row, valid_login, password_hash)
    except LoginTaken:
        # Another process started at the same moment.
        return None
    return OperatorView.of(row, present=False)


async def first_admin_link(tx: Transaction) -> str | None:
    """Return a token that creates the first administrator; None if there is one already."""
    if await store.has_admin(tx):
        return None
    return links.new_link(tx, Purpose.FIRST_ADMIN, None, Role.ADMIN)


async def invite(tx: Transaction, name: str, role: Role = Role.OPERATOR) -> str:
    """Create a pending account and return its invitation token, valid for seven days.

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
    """Return a new invitation token for an account without a password; the previous one stops working.

    Raises:
        AccountDisabled: The account is disabled.
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
    """Use an invitation or the link of the first administrator: set the account's login and password.

    Args:
        begin: ``kit.db.transaction``; no transaction is open while the password is hashed.
        token: The token of the link.
        login: The new login.
        password: The new password.
        name: Empty keeps the name of the invitation (the login, for the first administrator).

    Raises:
        LinkExpired: The link was used, has expired, or never existed.
        LoginTaken: Another account has this login; the link still works.
        InvalidLogin: The login has an invalid format.
        InvalidName: The name is too long or unprintable.
        InvalidPassword: The password is too short or too long.
        PasswordIsLogin: The password repeats the login.
        CommonPassword: The password is easily guessed.
    """
    # The link first: without a valid one a caller learns nothing, and no password is hashed.
    async with begin() as tx:
        await links.working(tx, token, Purpose.INVITE, Purpose.FIRST_ADMIN)
    valid_login, secret = _credentials(login, password)
    given_name = policy.name_of(name) if name else ""
    password_hash = await passwords.hashed(secret)
    async with begin() as tx:
        row = await _use_invitation(tx, token, valid_login)
        row.name = given_name or row.name
        await _set_credentials(tx, row, valid_login, password_hash)
        return OperatorView.of(row, present=False)


def _credentials(login: object, password: object) -> tuple[str, str]:
    valid_login = policy.login_of(login)
    return valid_login, policy.password_of(password, valid_login)


async def _use_invitation(tx: Transaction, token: object, login: str) -> Operator:
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
        # Another account took it between the check and the write.
        raise LoginTaken from None
    tx.emit(OperatorsChanged(row.id))


async def reset_link(tx: Transaction, operator_id: UUID) -> str:
    """Return a password reset token, valid for a day; the previous one stops working.

    Raises:
        AccountDisabled: The account is disabled, or has no password yet (invite again instead).
    """
    row = await locked(tx, operator_id)
    if row.status is not AccountStatus.ACTIVE or row.password_hash is None:
        raise AccountDisabled
    await store.revoke_links(tx, row.id, now(), Purpose.RESET)
    return links.new_link(tx, Purpose.RESET, row.id, row.role)


async def reset_password(begin: Begin, token: object, password: str) -> OperatorView:
    """Use a reset link: set a new password and end every session.

    Raises:
        LinkExpired: The link was used, has expired, or never existed.
        InvalidPassword: The password is too short or too long.
        PasswordIsLogin: The password repeats the login.
        CommonPassword: The password is easily guessed.
    """
    async with begin() as tx:
        link = await links.working(tx, token, Purpose.RESET)
        account = await store.find(tx, link.operator_id)
    secret = policy.password_of(password, (account and account.login) or "")
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
    """Change the asker's own password and end their other sessions.

    Raises:
        WrongPassword: The old password is wrong.
        TooManyAttempts: The old password was tried too often.
        InvalidPassword: The new one is too short or too long.
        PasswordIsLogin: The new one repeats the login.
        CommonPassword: The new one is easily guessed.
    """
    async with begin() as tx:
        account = await store.find(tx, asking.id)
    await limiter.attempt((account and account.login) or "", None)
    fits, _ = await compare(old, account)
    if account is None or not fits:
        raise WrongPassword
    secret = policy.password_of(new, account.login or "")
    password_hash = await passwords.hashed(secret)
    async with begin() as tx:
        row = await store.lock(tx, account.id)
        if row is None or row.password_hash != account.password_hash:
            raise WrongPassword
        row.password_hash = password_hash
        await revoke_all(tx, row.id, but=asking.session_id)
    await limiter.forgive(account.login or "", None)
