"""Reaching a visitor later: the contacts they leave, and the callbacks of visitors who went away.

A waiting visitor who left contacts and went away is a callback: a task of its own, with no place in the queue. The
scheduler notices who left; a visitor who comes back is in the queue again at once, at the place of their wait.
"""

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import (
    AnyConversation,
    Author,
    Conversation,
    ConversationRow,
    NoOpenConversation,
    Reason,
    Status,
    VisitorCard,
    one_line,
    visitors,
)
from vink_chat.events import WaitChanged
from vink_chat.handover import store
from vink_chat.handover.errors import BadContacts, BadEmail, BadPhone
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say

_TYPED_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}(?![\w@])")
_TYPED_PHONE: Final = re.compile(r"(?<![\w+/=.-])\+?\d(?:[ ()\u00a0-]{0,2}\d){9,14}(?![\w-])")

# At most so many letters besides a contact are only its label: «мой телефон», «почта».
_MAX_LABEL_LETTERS: Final = 20
_SEEN_EVERY: Final = timedelta(minutes=1)


async def leave_contacts(tx: Transaction, visitor_id: UUID, name: object, phone: object, email: object) -> None:
    """Save the contacts a waiting visitor submits, thank them, and show the contacts to operators in a note.

    The contacts are saved even if an operator takes the conversation while the visitor fills in the form.
    A second submission updates the visitor's card without a second thank-you; empty fields keep their saved values.

    Raises:
        BadContacts: There is no phone number and no e-mail address, or one of them is invalid.
        NoOpenConversation: The visitor's conversation is neither waiting for an operator nor assigned to one.
        Blocked: The visitor is blocked.
    """
    await conversations.require_unblocked(tx, visitor_id)
    card = VisitorCard(one_line(name, 200), one_line(email, 320), one_line(phone, 40))
    _check(card)
    conversation = await conversations.newest(tx, visitor_id, lock=True)
    if conversation is None or conversation.status not in {Status.WAITING, Status.ATTENDED}:
        raise NoOpenConversation
    await _save(tx, conversation, card)


async def contacts_instead_of_notice(tx: Transaction, conversation: Conversation, run_id: UUID | None) -> bool:
    """Save contacts found in the visitor's last message and thank them, instead of asking; false if there are none."""
    message = await conversations.last_visitor_message(tx, conversation.id)
    card = contacts_in(message.text) if message else None
    if not card:
        return False
    await _save(tx, conversation, card, run_id)
    return True


async def _save(tx: Transaction, conversation: Conversation, card: VisitorCard, run_id: UUID | None = None) -> None:
    left_before = conversation.reason is Reason.CONTACTS_LEFT
    conversation.reason = Reason.CONTACTS_LEFT
    tx.session.add(conversation)
    await _add_to_card(tx, conversation, card)
    if left_before:
        return
    contacts = ", ".join(filter(None, (card.name, card.phone, card.email)))
    await conversations.post(tx, conversation, Author.SYSTEM, f"{say('Контакты')}: {contacts}", note=True)
    thanks = say("Спасибо! Мы сохранили контакты и ответим вам.", conversation.language)
    await conversations.post(tx, conversation, Author.SYSTEM, thanks, run_id=run_id)


async def _add_to_card(tx: Transaction, conversation: AnyConversation, card: VisitorCard) -> None:
    visitor = await visitors.get_row(tx, conversation.visitor_id)
    name, email, phone = card.name or visitor.name, card.email or visitor.email, card.phone or visitor.phone
    await visitors.describe(tx, conversation.id, name=name, email=email, phone=phone)


def shows_contact_form(conversation: AnyConversation) -> bool:
    """Tell whether a waiting visitor sees the contact form, or what they submitted in it."""
    return conversation.status is Status.WAITING and conversation.form_offered_at is not None


def contacts_in(text: str) -> VisitorCard:
    """Return the phone number and the e-mail address typed into a message."""
    email = _TYPED_EMAIL.search(text)
    phone = next((match[0] for match in _TYPED_PHONE.finditer(text) if _is_typed_phone(match[0])), "")
    return VisitorCard(email=email[0] if email else "", phone=phone)


def only_contacts(text: str) -> bool:
    """Tell whether a text is little more than a phone number or an e-mail address."""
    card = contacts_in(text)
    rest = text.replace(card.phone, " ").replace(card.email, " ")
    return bool(card) and sum(map(str.isalpha, rest)) <= _MAX_LABEL_LETTERS


async def save_typed_contacts(tx: Transaction, conversation_id: UUID) -> None:
    """Save the contacts that a waiting visitor typed into their last message."""
    conversation = await conversations.get_row(tx, conversation_id)
    message = await conversations.last_visitor_message(tx, conversation_id)
    if conversation.status is Status.WAITING and message:
        await save_contacts_in(tx, conversation, message.text)


async def save_contacts_in(tx: Transaction, conversation: ConversationRow, text: str) -> None:
    """Save the contacts in a text of a waiting conversation's visitor."""
    card = contacts_in(text)
    if not card:
        return
    visitor = await visitors.get_row(tx, conversation.visitor_id)
    if card.phone in {"", visitor.phone} and card.email in {"", visitor.email}:
        return
    if conversation.form_offered_at:
        await _save(tx, await conversations.get(tx, conversation.id, lock=True), card)
    else:
        await _add_to_card(tx, conversation, card)


def _check(card: VisitorCard) -> None:
    if not card.phone and not card.email:
        raise BadContacts
    if card.phone and not conversations.is_phone(card.phone):
        raise BadPhone
    if card.email and not conversations.is_email(card.email):
        raise BadEmail


def _is_typed_phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    # Russian numbers start with +7 or 8, or are ten digits from 9 on; foreign ones need their plus.
    return text.startswith("+") or (len(digits) == 11 and digits[0] in "78") or (len(digits) == 10 and digits[0] == "9")  # noqa: PLR2004  lengths of numbers


async def unsorted_callbacks(tx: Transaction) -> list[UUID]:
    """List the waiting conversations that became callbacks, or whose visitors have come back."""
    return await store.unsorted_callbacks(tx, now())


async def sort_callback(tx: Transaction, conversation_id: UUID) -> bool:
    """Move a waiting conversation to the callbacks, or back into the queue. Returns whether it was moved."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.WAITING:
        return False
    if not await store.unsorted_callbacks(tx, now(), only=conversation_id):
        return False
    conversation.callback_since = None if conversation.callback_since else now()
    tx.session.add(conversation)
    tx.emit(WaitChanged(conversation.id, conversation.visitor_id))
    return True


async def seen_mark_due(tx: Transaction, visitor_id: UUID) -> bool:
    """Tell whether a visitor waits and was last recorded as seen more than a minute ago."""
    return await store.seen_mark_due(tx, visitor_id, now() - _SEEN_EVERY)


async def mark_seen(tx: Transaction, visitor_ids: Collection[UUID]) -> None:
    """Record that waiting visitors are on the page; those among the callbacks return to the queue."""
    await conversations.mark_seen(tx, list(visitor_ids))
    for conversation_id in await store.callbacks_of(tx, visitor_ids):
        await sort_callback(tx, conversation_id)
