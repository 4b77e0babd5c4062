"""A visitor's card, as operators see and correct it."""

from typing import Final
from uuid import UUID

from vink_chat.conversations import actions, search
from vink_chat.conversations.contacts import is_email, is_phone
from vink_chat.conversations.desk import store as desk_store
from vink_chat.conversations.errors import BadEmail, BadPhone
from vink_chat.conversations.model import Visitor
from vink_chat.conversations.rows import VisitorRow
from vink_chat.conversations.text import line
from vink_chat.conversations.visitors import store as visitors
from vink_chat.events import ConversationSeen
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import NotFound

LONGEST: Final = {"name": 200, "email": 320, "phone": 40}


async def visitor(tx: Transaction, visitor_id: UUID) -> Visitor:
    """Return a visitor.

    Raises:
        NotFound: There is none.
    """
    found = await visitors.visitor(tx, visitor_id)
    if found is None:
        raise NotFound
    return found


async def card_of(tx: Transaction, visitor_id: UUID) -> VisitorRow:
    """Read a visitor, quicker than ``visitor``.

    Raises:
        NotFound: There is none.
    """
    found = await desk_store.visitor(tx, visitor_id)
    if found is None:
        raise NotFound
    return found


async def describe(tx: Transaction, conversation_id: UUID, *, name: object, email: object, phone: object) -> None:
    """Write down who a visitor is.

    Raises:
        NotFound: There is no such conversation.
    """
    conversation = await actions.get(tx, conversation_id)
    found = await visitor(tx, conversation.visitor_id)
    found.name, found.email, found.phone = line(name, 200), line(email, 320), line(phone, 40)
    tx.session.add(found)
    await search.index_card(tx, found.id)
    tx.emit(ConversationSeen(conversation.id, conversation.visitor_id))


async def correct(tx: Transaction, conversation_id: UUID, field: str, value: object) -> None:
    """Write down one thing an operator knows of a visitor: ``name``, ``email`` or ``phone``; empty forgets it.

    Raises:
        NotFound: There is no such conversation, or no such field.
        BadEmail: It has not the form of an address.
        BadPhone: It has fewer than six digits.
    """
    if field not in LONGEST:
        raise NotFound
    text = line(value, LONGEST[field])
    if field == "email" and text and not is_email(text):
        raise BadEmail
    if field == "phone" and text and not is_phone(text):
        raise BadPhone
    conversation = await actions.get(tx, conversation_id)
    known = await visitor(tx, conversation.visitor_id)
    now = {"name": known.name, "email": known.email, "phone": known.phone} | {field: text}
    await describe(tx, conversation_id, **now)
