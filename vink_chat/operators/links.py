"""One-time links: create, preview and use them. Only the hash of a token is stored."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.operators import policy, store
from vink_chat.operators.errors import LinkExpired
from vink_chat.operators.model import OneTimeLink, Operator, Purpose, Role
from vink_chat.operators.views import LinkView

_FORGET_AFTER: Final = timedelta(days=30)


async def preview_link(tx: Transaction, token: object) -> LinkView:
    """Return what a link will do, without using it.

    Raises:
        LinkExpired: It no longer works.
    """
    link = await working(tx, token, Purpose.INVITE, Purpose.FIRST_ADMIN, Purpose.RESET)
    return LinkView.of(link, await store.find(tx, link.operator_id))


def new_link(tx: Transaction, purpose: Purpose, operator_id: UUID | None, role: Role) -> str:
    """Create a link and return its token, which is stored nowhere."""
    token, moment = policy.new_token(), now()
    link = OneTimeLink(
        purpose=purpose,
        token_hash=policy.token_hash(token),
        operator_id=operator_id,
        role=role,
        created_at=moment,
        expires_at=moment + policy.LINK_LIFE[purpose],
    )
    store.add(tx, link)
    return token


async def working(tx: Transaction, token: object, *purposes: Purpose) -> OneTimeLink:
    """Return a link that still works for one of the purposes.

    Raises:
        LinkExpired: It does not.
    """
    link = await store.link_with(tx, policy.token_hash(token), now())
    if link is None or link.purpose not in purposes:
        raise LinkExpired
    return link


async def use(tx: Transaction, token: object, *purposes: Purpose) -> tuple[OneTimeLink, Operator | None]:
    """Use a link and return it with its account, which is locked.

    Raises:
        LinkExpired: It was used before, or has another purpose.
    """
    link = await working(tx, token, *purposes)
    # Lock the account before its links, as ``disable`` does, to avoid a deadlock.
    row = await store.lock(tx, link.operator_id)
    if not await store.use_link(tx, link, now()):
        raise LinkExpired
    return link, row


async def forget_old(tx: Transaction) -> int:
    """Delete sessions and links that ended more than 30 days ago; return the number of rows."""
    return await store.forget(tx, now() - _FORGET_AFTER)
