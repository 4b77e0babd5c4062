"""Every SQL statement of the operators room."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, not_, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from vink_chat.kit.columns import Moment
from vink_chat.kit.db import Transaction
from vink_chat.kit.prepared import Prepared
from vink_chat.operators.model import (
    AccountStatus,
    Messenger,
    OneTimeLink,
    Operator,
    Presence,
    Purpose,
    Role,
    Session,
)

_MAX_ROWS: Final = 1000

# Every message to or from Telegram runs these two.
_FIND: Final = select(Operator).where(Operator.id == bindparam("operator_id"))
_BY_TELEGRAM: Final = select(Operator).where(Operator.telegram_id == bindparam("telegram_id"))


def add(tx: Transaction, row: Operator | Session | OneTimeLink) -> None:
    """Insert a row."""
    tx.session.add(row)


async def flush(tx: Transaction) -> None:
    """Write pending changes, so that the database checks its constraints now."""
    await tx.session.flush()


async def lock(tx: Transaction, operator_id: object) -> Operator | None:
    """Return an account locked for a change; concurrent changes wait."""
    if not isinstance(operator_id, UUID):
        return None
    statement = select(Operator).where(Operator.id == operator_id).with_for_update()
    return (await tx.session.exec(statement, execution_options={"populate_existing": True})).one_or_none()


async def status_kept(tx: Transaction, operator_id: UUID) -> AccountStatus | None:
    """Return an account's status; changes of the account wait until the transaction ends."""
    statement = select(Operator.status).where(Operator.id == operator_id).with_for_update(read=True)
    status = (await tx.session.exec(statement)).one_or_none()
    return None if status is None else AccountStatus(status)


async def find(tx: Transaction, operator_id: object) -> Operator | None:
    """Return an account, or None."""
    if not isinstance(operator_id, UUID):
        return None
    return (await tx.session.exec(_FIND, params={"operator_id": operator_id})).one_or_none()


async def by_login(tx: Transaction, key: str) -> Operator | None:
    """Return the account with a login key (see ``policy.login_key``)."""
    return (await tx.session.exec(select(Operator).where(Operator.login_key == key))).one_or_none()


async def named_by_login(tx: Transaction, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these accounts have their login as their name."""
    rows = await tx.session.exec(
        select(Operator.id, Operator.name, Operator.login).where(col(Operator.id).in_(ids)).limit(_MAX_ROWS)
    )
    return {account for account, name, login in rows.all() if name.casefold() == (login or "").casefold()}


async def by_telegram(tx: Transaction, telegram_id: int) -> Operator | None:
    """Return the account linked with a Telegram account."""
    return (await tx.session.exec(_BY_TELEGRAM, params={"telegram_id": telegram_id})).one_or_none()


async def everyone(tx: Transaction) -> Sequence[Operator]:
    """Return all accounts, sorted by name."""
    statement = select(Operator).order_by(func.lower(Operator.name), col(Operator.id)).limit(_MAX_ROWS)
    return (await tx.session.exec(statement)).all()


async def present(tx: Transaction, moment: datetime, only: UUID | None = None) -> set[UUID]:
    """Return the operators who are on shift and can answer at a moment: all of them, or only one."""
    if only is not None:
        return {row.id for row in await tx.rows(_IS_PRESENT, moment=moment, operator_id=only)}
    return {row.id for row in await tx.rows(_PRESENT, moment=moment)}


async def desk_open(tx: Transaction, operator_id: UUID, moment: datetime) -> bool:
    """Tell whether an operator has a desk open at a moment."""
    statement = select(Operator.id).where(Operator.id == operator_id, _desk(col(Session.desk_until) > moment))
    return (await tx.session.exec(statement)).first() is not None


async def absent(tx: Transaction, moment: datetime, grace: timedelta, only: UUID | None = None) -> list[UUID]:
    """Return the operators on shift, or with uncleared desks, who lost their last desk longer ago than the grace."""
    lost = and_(
        not_(_chose_telegram()),
        not_(_desk(or_(col(Session.desk_until) > moment, col(Session.desk_seen_at) > moment - grace))),
    )
    had_desk = select(Session.id).where(
        col(Session.operator_id) == col(Operator.id), col(Session.desk_seen_at).is_not(None)
    )
    statement = select(Operator.id).where(
        Operator.status == AccountStatus.ACTIVE, lost, or_(col(Operator.presence) == Presence.HERE, had_desk.exists())
    )
    if only is not None:
        statement = statement.where(Operator.id == only)
    return list((await tx.session.exec(statement.order_by(col(Operator.id)).limit(_MAX_ROWS))).all())


def _desk(holds: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition: some valid session of the operator fulfils ``holds``."""
    own = col(Session.operator_id) == col(Operator.id)
    return select(Session.id).where(own, col(Session.revoked_at).is_(None), holds).exists()


def _chose_telegram() -> ColumnElement[bool]:
    return and_(col(Operator.answers_in_telegram), col(Operator.telegram_id).is_not(None))


_MOMENT: Final = bindparam("moment", type_=Moment)
_WORKS: Final = select(Messenger.name).where(col(Messenger.works_until) > _MOMENT).exists()
# On shift, and can answer.
_HERE: Final = and_(
    col(Operator.status) == AccountStatus.ACTIVE,
    col(Operator.presence) == Presence.HERE,
    or_(_desk(col(Session.desk_until) > _MOMENT), and_(_chose_telegram(), _WORKS)),
)
_PRESENT: Final = Prepared(select(col(Operator.id)).where(_HERE).limit(_MAX_ROWS))
_IS_PRESENT: Final = Prepared(select(col(Operator.id)).where(_HERE, col(Operator.id) == bindparam("operator_id")))


async def see_desks(tx: Transaction, session_ids: Collection[UUID], moment: datetime, until: datetime) -> None:
    """Record that the desks of some sessions are open at a moment, and until when they count."""
    statement = update(Session).where(col(Session.id).in_(session_ids), col(Session.revoked_at).is_(None))
    await tx.session.exec(statement.values(desk_seen_at=moment, desk_until=until))


async def last_desk(tx: Transaction, operator_id: UUID) -> datetime | None:
    """Return when an operator's last desk was seen."""
    statement = select(func.max(Session.desk_seen_at)).where(Session.operator_id == operator_id)
    return (await tx.session.exec(statement)).one()


async def clear_desks(tx: Transaction, operator_id: UUID, moment: datetime) -> None:
    """Clear the desks of an operator that no longer count as open."""
    statement = update(Session).where(
        col(Session.operator_id) == operator_id,
        or_(col(Session.desk_until).is_(None), col(Session.desk_until) <= moment),
    )
    await tx.session.exec(statement.values(desk_seen_at=None, desk_until=None))


async def close_all_desks(tx: Transaction, moment: datetime) -> None:
    """Count every desk and messenger as closed from a moment on."""
    await tx.session.exec(update(Session).where(col(Session.desk_until) > moment).values(desk_until=moment))
    await tx.session.exec(update(Messenger).where(col(Messenger.works_until) > moment).values(works_until=moment))


async def messenger_works(tx: Transaction, name: str, until: datetime) -> None:
    """Record until when a messenger counts as working."""
    row = await tx.session.get(Messenger, name) or Messenger(name=name, works_until=until)
    row.works_until = until
    tx.session.add(row)
    await tx.session.flush()


async def lock_admins(tx: Transaction) -> Sequence[UUID]:
    """Return the administrators who can sign in, locked until the transaction ends."""
    statement = (
        select(Operator.id).where(*_working_admin()).order_by(col(Operator.id)).with_for_update().limit(_MAX_ROWS)
    )
    return (await tx.session.exec(statement)).all()


async def has_admin(tx: Transaction) -> bool:
    """Tell whether any administrator can sign in."""
    return (await tx.session.exec(select(Operator.id).where(*_working_admin()).limit(1))).first() is not None


def _working_admin() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Operator.role) == Role.ADMIN,
        col(Operator.status) == AccountStatus.ACTIVE,
        col(Operator.password_hash).is_not(None),
    )


async def insert_pending(tx: Transaction, row: Operator) -> None:
    """Insert a pending account unless its Telegram account is linked already."""
    make = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    statement = make(Operator).values(**row.model_dump()).on_conflict_do_nothing(index_elements=["telegram_id"])
    await tx.session.exec(statement)


async def strangers(tx: Transaction) -> Sequence[UUID]:
    """List the pending accounts that were requested from Telegram."""
    statement = select(Operator.id).where(
        Operator.status == AccountStatus.PENDING,
        col(Operator.telegram_id).is_not(None),
        col(Operator.password_hash).is_(None),
    )
    return (await tx.session.exec(statement.order_by(col(Operator.created_at)).limit(_MAX_ROWS))).all()


async def remove(tx: Transaction, operator_id: UUID) -> None:
    """Delete an account that was never used."""
    await tx.session.exec(delete(Operator).where(col(Operator.id) == operator_id))


async def session_with(
    tx: Transaction, token_hash: str, moment: datetime, idle: timedelta
) -> tuple[Session, Operator] | None:
    """Return a session that is valid at a moment, with its active operator."""
    statement = (
        select(Session, Operator)
        .join(Operator, col(Operator.id) == col(Session.operator_id))
        .where(
            Session.token_hash == token_hash,
            Operator.status == AccountStatus.ACTIVE,
            *_holds(moment, idle),
        )
    )
    return (await tx.session.exec(statement)).one_or_none()


async def any_session_with(tx: Transaction, token_hash: str) -> tuple[Session, AccountStatus] | None:
    """Return a session, valid or not, with the status of its operator's account."""
    statement = (
        select(Session, Operator.status)
        .join(Operator, col(Operator.id) == col(Session.operator_id))
        .where(Session.token_hash == token_hash)
    )
    pair = (await tx.session.exec(statement)).one_or_none()
    return (pair[0], AccountStatus(pair[1])) if pair else None


async def sessions_of(tx: Transaction, operator_id: object, moment: datetime, idle: timedelta) -> Sequence[Session]:
    """Return an operator's sessions that are valid at a moment, last seen first."""
    if not isinstance(operator_id, UUID):
        return []
    statement = (
        select(Session)
        .where(Session.operator_id == operator_id, *_holds(moment, idle))
        .order_by(col(Session.seen_at).desc(), col(Session.id))
        .limit(_MAX_ROWS)
    )
    return (await tx.session.exec(statement)).all()


def _holds(moment: datetime, idle: timedelta) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > moment,
        col(Session.seen_at) > moment - idle,
    )


async def touch(tx: Transaction, session_id: UUID, moment: datetime, every: timedelta) -> None:
    """Update «last seen» unless that was just done."""
    statement = update(Session).where(
        col(Session.id) == session_id, col(Session.revoked_at).is_(None), col(Session.seen_at) <= moment - every
    )
    await tx.session.exec(statement.values(seen_at=moment))


async def end_sessions(
    tx: Transaction, moment: datetime, *, operator_id: UUID, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End sessions of an operator: all, only one, or all but one; return how many ended."""
    statement = update(Session).where(col(Session.operator_id) == operator_id, col(Session.revoked_at).is_(None))
    if only is not None:
        statement = statement.where(col(Session.id) == only)
    if but is not None:
        statement = statement.where(col(Session.id) != but)
    return (await tx.session.exec(statement.values(revoked_at=moment))).rowcount


async def link_with(tx: Transaction, token_hash: str, moment: datetime) -> OneTimeLink | None:
    """Return a link that still works at a moment."""
    statement = select(OneTimeLink).where(
        OneTimeLink.token_hash == token_hash,
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at) > moment,
    )
    return (await tx.session.exec(statement)).one_or_none()


async def use_link(tx: Transaction, link: OneTimeLink, moment: datetime) -> bool:
    """Use a link, and invalidate every other one of the same purpose and account.

    One conditional UPDATE, so of two concurrent uses only one succeeds.
    """
    same = (
        col(OneTimeLink.operator_id) == link.operator_id if link.operator_id else col(OneTimeLink.operator_id).is_(None)
    )
    statement = (
        update(OneTimeLink)
        .where(col(OneTimeLink.purpose) == link.purpose, same, col(OneTimeLink.used_at).is_(None))
        .values(used_at=moment)
        .returning(col(OneTimeLink.id))
    )
    return link.id in (await tx.session.exec(statement)).scalars().all()


async def revoke_links(tx: Transaction, operator_id: UUID, moment: datetime, purpose: Purpose | None = None) -> None:
    """Invalidate the unused links of an account: all, or those of one purpose."""
    statement = update(OneTimeLink).where(
        col(OneTimeLink.operator_id) == operator_id, col(OneTimeLink.used_at).is_(None)
    )
    if purpose is not None:
        statement = statement.where(col(OneTimeLink.purpose) == purpose)
    await tx.session.exec(statement.values(used_at=moment))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete sessions and links that ended before a moment; return the number of rows."""
    ended = or_(col(Session.expires_at) < before, col(Session.revoked_at) < before)
    gone = (await tx.session.exec(delete(Session).where(ended))).rowcount
    spent = or_(col(OneTimeLink.expires_at) < before, col(OneTimeLink.used_at) < before)
    return gone + (await tx.session.exec(delete(OneTimeLink).where(spent))).rowcount
