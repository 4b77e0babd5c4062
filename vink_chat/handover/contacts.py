"""How to reach a visitor later: the contacts they leave, and the callbacks of those who went away."""

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
    Reason,
    Status,
    one_line,
    visitors,
)
from vink_chat.events import WaitChanged
from vink_chat.handover import store
from vink_chat.handover.errors import BadContacts, BadEmail, BadPhone, NoOpenConversation
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say

_TYPED_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}(?![\w@])")
_TYPED_PHONE: Final = re.compile(r"(?<![\w+/=.-])\+?\d(?:[ ()\u00a0-]{0,2}\d){9,14}(?![\w-])")

# At most so many letters besides a contact are only its label: «мой телефон», «почта».
_BESIDE: Final = 20
_NOTED_EVERY: Final = timedelta(minutes=1)


async def leave_contacts(tx: Transaction, visitor_id: UUID, name: object, phone: object, email: object) -> None:
    """Keep what a waiting visitor left, thank them, and let the operators see it in the thread.

    The contacts are saved even if an operator takes the conversation while the visitor fills in the form.
    A second submission updates the visitor's card without a second thank-you; empty fields keep their saved values.

    Raises:
        BadContacts: There is no phone number and no e-mail address, or one of them is invalid.
        NoOpenConversation: The visitor's conversation is neither waiting for an operator nor assigned to one.
        Blocked: The visitor may not write.
    """
    await conversations.require_unblocked(tx, visitor_id)
    who, number, address = one_line(name, 200), one_line(phone, 40), one_line(email, 320)
    _check(number, address)
    found = await conversations.newest(tx, visitor_id)
    if found is None:
        raise NoOpenConversation
    conversation = await conversations.get(tx, found.id, lock=True)
    if conversation.status not in {Status.WAITING, Status.ATTENDED}:
        raise NoOpenConversation
    await _save(tx, conversation, who, number, address)


async def contacts_instead_of_notice(tx: Transaction, conversation: Conversation, run_id: UUID | None) -> bool:
    """Save contacts found in the visitor's last message and thank them, instead of asking; false if there are none."""
    message = await conversations.last_visitor_message(tx, conversation.id)
    phone, email = contacts_in(message.text) if message else ("", "")
    if not (phone or email):
        return False
    await _save(tx, conversation, "", phone, email, run_id)
    return True


async def _save(
    tx: Transaction, conversation: Conversation, who: str, number: str, address: str, run_id: UUID | None = None
) -> None:
    left_before = conversation.reason is Reason.CONTACTS_LEFT
    conversation.reason = Reason.CONTACTS_LEFT
    tx.session.add(conversation)
    known = await visitors.get_row(tx, conversation.visitor_id)
    await visitors.describe(
        tx, conversation.id, name=who or known.name, email=address or known.email, phone=number or known.phone
    )
    if left_before:
        return
    left = ", ".join(part for part in (who, number, address) if part)
    await conversations.post(tx, conversation, Author.SYSTEM, f"{say('Контакты')}: {left}", note=True)
    thanks = say("Спасибо! Мы сохранили контакты и ответим вам.", conversation.language)
    await conversations.post(tx, conversation, Author.SYSTEM, thanks, run_id=run_id)


def shows_contact_form(conversation: AnyConversation) -> bool:
    """Tell whether a waiting visitor sees the form, or what they left in it."""
    return conversation.status is Status.WAITING and conversation.form_offered_at is not None


def contacts_in(text: str) -> tuple[str, str]:
    """Return the phone number and the e-mail address that somebody typed into a message; what is missing is empty."""
    email = _TYPED_EMAIL.search(text)
    phone = next((found[0] for found in _TYPED_PHONE.finditer(text) if _is_phone(found[0])), "")
    return phone, email[0] if email else ""


def only_contacts(text: str) -> bool:
    """Tell whether a text is little more than a phone number or an e-mail address."""
    phone, email = contacts_in(text)
    rest = text.replace(phone, " ").replace(email, " ")
    return bool(phone or email) and sum(map(str.isalpha, rest)) <= _BESIDE


async def save_typed_contacts(tx: Transaction, conversation_id: UUID) -> None:
    """Keep a number or an address that a waiting visitor typed into their last message."""
    conversation = await conversations.get_row(tx, conversation_id)
    message = await conversations.last_visitor_message(tx, conversation_id)
    if conversation.status is Status.WAITING and message:
        await save_contacts_in(tx, conversation, message.text)


async def save_contacts_in(tx: Transaction, conversation: ConversationRow, text: str) -> None:
    """Keep a number or an address that the visitor of a waiting conversation typed into a text."""
    phone, email = contacts_in(text)
    if not (phone or email):
        return
    known = await visitors.get_row(tx, conversation.visitor_id)
    if (phone or known.phone, email or known.email) == (known.phone, known.email):
        return
    if conversation.form_offered_at:
        await _save(tx, await conversations.get(tx, conversation.id, lock=True), "", phone, email)
    else:
        name, phone, email = known.name, phone or known.phone, email or known.email
        await visitors.describe(tx, conversation.id, name=name, email=email, phone=phone)


def _check(phone: str, email: str) -> None:
    if not phone and not email:
        raise BadContacts
    if phone and not conversations.is_phone(phone):
        raise BadPhone
    if email and not conversations.is_email(email):
        raise BadEmail


def _is_phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    # Russian numbers start with +7 or 8, or are ten digits from 9 on; foreign ones need their plus.
    return text.startswith("+") or (len(digits) == 11 and digits[0] in "78") or (len(digits) == 10 and digits[0] == "9")  # noqa: PLR2004  lengths of numbers


async def unsorted_callbacks(tx: Transaction) -> list[UUID]:
    """List the waiting conversations whose visitors have gone and can be called back, or have come back."""
    return await store.unsorted_callbacks(tx, now())


async def sort_callback(tx: Transaction, conversation_id: UUID) -> bool:
    """Put a waiting conversation among the callbacks, or back into the queue. Returns whether it was done now."""
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status is not Status.WAITING:
        return False
    if not await store.unsorted_callbacks(tx, now(), only=conversation_id):
        return False
    conversation.callback_since = None if conversation.callback_since else now()
    tx.session.add(conversation)
    tx.emit(WaitChanged(conversation.id, conversation.visitor_id))
    return True


async def here_mark_due(tx: Transaction, visitor_id: UUID) -> bool:
    """Tell whether a visitor waits and should be noted as being there once more."""
    return await store.here_mark_due(tx, visitor_id, now() - _NOTED_EVERY)


async def mark_here(tx: Transaction, visitor_ids: Collection[UUID]) -> None:
    """Note that visitors who wait are there; who was to be called back stands in the queue again."""
    await conversations.see_visitors(tx, list(visitor_ids))
    for conversation_id in await store.callbacks_of(tx, visitor_ids):
        await sort_callback(tx, conversation_id)
