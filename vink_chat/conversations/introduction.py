"""What a site tells about its visitor: who it is, how to reach them, which page they look at."""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, fields
from typing import Final

from vink_chat.conversations import search, store
from vink_chat.conversations.identity import secret_hash, visitor_id
from vink_chat.conversations.model import Status, Visitor
from vink_chat.conversations.text import line
from vink_chat.conversations.visitors import store as visitors
from vink_chat.events import ConversationSeen
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

_EMAIL: Final = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_PHONE: Final = re.compile(r"\+?[\d\s().-]{5,39}")
_LONGEST_ID: Final = 200
_MOMENT: Final = re.compile(r"[0-9]{9,11}")
# Seconds: a day, and a site's clock that goes before ours.
_HOLDS: Final = 24 * 3600
_SKEW: Final = 300


@dataclass(frozen=True, slots=True)
class Card:
    """Who a visitor is, as their site says."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, name: object, email: object, phone: object) -> "Card":
        """Clean what came from a browser; what is no address and no number is left out."""
        address, number = line(email, 320), line(phone, 40)
        return cls(
            name=line(name, 200),
            email=address if _EMAIL.fullmatch(address) else "",
            phone=number if _PHONE.fullmatch(number) else "",
        )

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return bool(self.name or self.email or self.phone)


def signature_holds(secret: str, user_id: object, signature: object, *, timeless: bool = False) -> bool:
    """Tell whether a site signed its user's id: «time.HMAC», over ``user:time`` under the shared secret.

    The time is in seconds since 1970, and the HMAC is SHA-512 in hexadecimal digits. The form without a time has
    another hash: no id signed that way can be read as an id with a time. Compared in constant time. Without a secret
    nothing holds.

    Args:
        secret: Shared with the site.
        user_id: The site's id of its user, 1 to 200 characters.
        signature: What the site signed.
        timeless: Take the older form as well: an HMAC-SHA256 over the id alone, which holds for ever.
    """
    if not secret or not isinstance(user_id, str) or not isinstance(signature, str):
        return False
    if not 0 < len(user_id) <= _LONGEST_ID or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in user_id):
        return False
    moment, dot, given = signature.rpartition(".")
    if dot:
        if not _MOMENT.fullmatch(moment) or not -_SKEW <= now().timestamp() - int(moment) <= _HOLDS:
            return False
        wanted = hmac.new(secret.encode(), f"{user_id}:{moment}".encode(), hashlib.sha512).hexdigest()
    elif timeless:
        wanted = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    else:
        return False
    return hmac.compare_digest(wanted.encode(), given.lower().encode("utf-8", "replace"))


def signed_secret(key: str, user_id: str) -> str:
    """Return the visitor's secret of a site's own user: the same on every device, and known to no browser.

    Args:
        key: The installation's own secret, ``VINK_SECRET``.
        user_id: The site's id of the user, its signature checked before.
    """
    return hmac.new(key.encode(), f"identity:{user_id}".encode(), hashlib.sha256).hexdigest()


async def introduce(tx: Transaction, secret: object, card: Card, *, page: object = "", signed: bool = False) -> None:
    """Write down what a site says about its visitor.

    Args:
        tx: The open transaction.
        secret: The visitor's.
        card: What a signed visitor's site says replaces what is known; anybody else's fills in what is missing.
        page: Where the visitor is now; kept with the running conversation.
        signed: The site proved who the visitor is.

    Raises:
        UnknownVisitor: The secret has no secret's form.
        Blocked: The visitor may not write.
    """
    owner = visitor_id(secret)
    await visitors.require_unblocked(tx, owner)
    if card:
        await visitors.make_visitor(tx, owner, secret_hash(secret), "ru")
    found = await visitors.visitor(tx, owner)
    if found is None:
        return
    changed = _fill(found, card, signed=signed)
    tx.session.add(found)
    conversation = await store.latest(tx, owner)
    if changed and conversation:
        await search.index_card(tx, owner)
    if conversation is None or conversation.status is Status.CLOSED:
        return
    place = line(page, 1000)
    if place and place != conversation.page:
        conversation.page, changed = place, True
        tx.session.add(conversation)
    if changed:
        tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


def _fill(visitor: Visitor, card: Card, *, signed: bool) -> bool:
    changed = False
    for one in fields(card):
        told, known = getattr(card, one.name), getattr(visitor, one.name)
        if told and told != known and (signed or not known):
            setattr(visitor, one.name, told)
            changed = True
    return changed
