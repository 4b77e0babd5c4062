"""What a site tells about its visitor: who it is, how to reach them, which page they look at, how they came."""

import re
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from vink_chat.conversations import search, store, visitors
from vink_chat.conversations.identity import secret_hash, visitor_id
from vink_chat.conversations.model import Status, Visitor
from vink_chat.conversations.text import one_line
from vink_chat.events import ConversationSeen
from vink_chat.kit.db import Transaction

_EMAIL: Final = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_PHONE: Final = re.compile(r"\+?[\d\s().-]{5,39}")
_TAGS: Final = ("source", "medium", "campaign", "term", "content")
_MOST_FIELDS: Final = 100


@dataclass(frozen=True, slots=True)
class VisitorCard:
    """Who a visitor is, as their site says."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, name: object, email: object, phone: object) -> "VisitorCard":
        """Clean what came from a browser; what is no address and no number is left out."""
        address, number = one_line(email, 320), one_line(phone, 40)
        return cls(
            name=one_line(name, 200),
            email=address if _EMAIL.fullmatch(address) else "",
            phone=number if _PHONE.fullmatch(number) else "",
        )

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return bool(self.name or self.email or self.phone)


async def introduce(
    tx: Transaction, secret: object, card: VisitorCard, *, page: object = "", signed: bool = False
) -> None:
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
    found = await visitors.find(tx, owner)
    if found is None:
        return
    changed = _fill(found, card, signed=signed)
    tx.session.add(found)
    conversation = await store.newest(tx, owner)
    if changed and conversation:
        await search.index_card(tx, owner)
    if conversation is None or conversation.status is Status.CLOSED:
        return
    place = one_line(page, 1000)
    if place and place != conversation.page:
        conversation.page, changed = place, True
        tx.session.add(conversation)
    if changed:
        tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


def _fill(visitor: Visitor, card: VisitorCard, *, signed: bool) -> bool:
    changed = False
    for one in fields(card):
        told, known = getattr(card, one.name), getattr(visitor, one.name)
        if told and told != known and (signed or not known):
            setattr(visitor, one.name, told)
            changed = True
    return changed


def campaign_of(address: object) -> str:
    """Return the UTM tags of an address as people read them: ``source=yandex, medium=cpc``; without any, nothing."""
    try:
        fields = dict(parse_qsl(urlsplit(one_line(address, 2000)).query, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return ""
    found = ((tag, one_line(fields.get(f"utm_{tag}"), 200)) for tag in _TAGS)
    return one_line(", ".join(f"{tag}={value}" for tag, value in found if value), 500)
