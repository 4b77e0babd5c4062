"""The one-time links themselves: made, looked at, used up. Only a token's hash is kept."""

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
    """Say what a link will do, without using it.

    Raises:
        LinkExpired: It does nothing any more.
    """
    link = await working(tx, token, Purpose.INVITE, Purpose.FIRST_ADMIN, Purpose.RESET)
    return LinkView.of(link, await store.find(tx, link.operator_id))


def new_link(tx: Transaction, purpose: Purpose, operator_id: UUID | None, role: Role) -> str:
    """Keep a link and return its token, which is kept nowhere."""
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
    """Return a link that still does one of the purposes.

    Raises:
        LinkExpired: It does not.
    """
    link = await store.link_with(tx, policy.token_hash(token), now())
    if link is None or link.purpose not in purposes:
        raise LinkExpired
    return link


async def use(tx: Transaction, token: object, *purposes: Purpose) -> tuple[OneTimeLink, Operator | None]:
    """Use a link up and return it with its account, which is locked.

    Raises:
        LinkExpired: Somebody used it before, or it does something else.
    """
    link = await working(tx, token, *purposes)
    # The account before its links, as ``disable`` does: the other order could deadlock with it.
    row = await store.lock(tx, link.operator_id)
    if not await store.use_link(tx, link, now()):
        raise LinkExpired
    return link, row


async def forget_old(tx: Transaction) -> int:
    """Delete sessions and links that ended 30 days ago. Returns how many rows went."""
    return await store.forget(tx, now() - _FORGET_AFTER)
