"""What visitors agreed to before they wrote."""

from uuid import UUID

from vink_chat.conversations.model import VisitorConsent
from vink_chat.conversations.text import line
from vink_chat.conversations.visitors import store as visitors
from vink_chat.kit.db import Transaction


async def consent(tx: Transaction, visitor_id: UUID, *, text: str, policy_url: str, address: str) -> None:
    """Keep that a visitor agreed to these words; said once for each wording.

    Args:
        tx: The open transaction.
        visitor_id: Who agreed; their row is there.
        text: What they read, word for word.
        policy_url: What it leads to.
        address: The IP address they wrote from.
    """
    before = await visitors.newest_consent(tx, visitor_id)
    if before and (before.text, before.policy_url) == (text, policy_url):
        return
    tx.session.add(VisitorConsent(visitor_id=visitor_id, text=text, policy_url=policy_url, address=line(address, 64)))
