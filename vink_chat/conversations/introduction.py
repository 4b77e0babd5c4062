"""What a site tells about its visitor: their name and contacts, the page they look at, the campaign they came by."""

from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from vink_chat.conversations import search, store, visitors
from vink_chat.conversations.identity import secret_hash, visitor_id
from vink_chat.conversations.model import Status, Visitor
from vink_chat.conversations.text import one_line
from vink_chat.events import ConversationSeen
from vink_chat.kit.db import Transaction

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
        """Clean values from a browser; an invalid e-mail address or phone number is left out."""
        email, phone = one_line(email, 320), one_line(phone, 40)
        return cls(
            name=one_line(name, 200),
            email=email if visitors.is_email(email) else "",
            phone=phone if visitors.is_phone(phone) else "",
        )

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return bool(self.name or self.email or self.phone)


async def introduce(
    tx: Transaction, secret: object, card: VisitorCard, *, page: object = "", signed: bool = False
) -> None:
    """Store what a site says about its visitor.

    Args:
        tx: The open transaction.
        secret: The visitor's secret.
        card: With ``signed`` it replaces what is known of the visitor; without, it only fills in what is missing.
        page: The page the visitor is on now; stored with the open conversation.
        signed: Whether the site has proved who the visitor is.

    Raises:
        UnknownVisitor: The secret is malformed.
        Blocked: The visitor is blocked.
    """
    owner = visitor_id(secret)
    await visitors.require_unblocked(tx, owner)
    if card:
        await visitors.make_visitor(tx, owner, secret_hash(secret), "ru")
    visitor = await visitors.find(tx, owner)
    if visitor is None:
        return
    changed = _fill(visitor, card, signed=signed)
    tx.session.add(visitor)
    conversation = await store.newest(tx, owner)
    if changed and conversation:
        await search.index_card(tx, owner)
    if conversation is None or conversation.status is Status.CLOSED:
        return
    url = one_line(page, 1000)
    if url and url != conversation.page:
        conversation.page, changed = url, True
        tx.session.add(conversation)
    if changed:
        tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


def _fill(visitor: Visitor, card: VisitorCard, *, signed: bool) -> bool:
    changed = False
    for field in fields(card):
        new, old = getattr(card, field.name), getattr(visitor, field.name)
        if new and new != old and (signed or not old):
            setattr(visitor, field.name, new)
            changed = True
    return changed


def campaign_of(address: object) -> str:
    """Return the UTM tags of a URL in readable form: ``source=yandex, medium=cpc``; empty if it has none."""
    try:
        fields = dict(parse_qsl(urlsplit(one_line(address, 2000)).query, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return ""
    tags = ((tag, one_line(fields.get(f"utm_{tag}"), 200)) for tag in _TAGS)
    return one_line(", ".join(f"{tag}={value}" for tag, value in tags if value), 500)
