"""When nobody can answer now: how to reach the visitor."""

from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation, Reason, Status, desk, line
from vink_chat.handover.errors import BadContacts, NothingToHand
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say


async def leave_contacts(tx: Transaction, visitor_id: UUID, name: object, phone: object, email: object) -> None:
    """Keep what a waiting visitor left, thank them, and let the operators see it in the thread.

    Somebody may take the conversation while the form is filled in: what was written is kept all the same.
    What is left once more replaces it in the visitor's card, and nothing is said twice; what is left empty stays known.

    Raises:
        BadContacts: Neither a phone number nor an e-mail address is among it.
        NothingToHand: The visitor's conversation neither waits for a person nor has one.
    """
    who, number, address = line(name, 200), line(phone, 40), line(email, 320)
    if not conversations.is_email(address) and not conversations.is_phone(number):
        raise BadContacts
    found = await conversations.current(tx, visitor_id)
    if found is None:
        raise NothingToHand
    conversation = await conversations.get(tx, found.id, lock=True)
    if conversation.status not in {Status.WAITING, Status.ATTENDED}:
        raise NothingToHand
    left_before = conversation.reason is Reason.CONTACTS_LEFT
    conversation.reason = Reason.CONTACTS_LEFT
    tx.session.add(conversation)
    known = await desk.card_of(tx, visitor_id)
    await desk.describe(
        tx, conversation.id, name=who or known.name, email=address or known.email, phone=number or known.phone
    )
    if left_before:
        return
    left = ", ".join(part for part in (who, number, address) if part)
    await conversations.post(tx, conversation, Author.SYSTEM, f"{say('Контакты')}: {left}", note=True)
    await conversations.post(
        tx, conversation, Author.SYSTEM, say("Спасибо! Мы сохранили контакты и ответим вам.", conversation.language)
    )


def wants_contacts(conversation: Conversation) -> bool:
    """Tell whether the visitor should be shown the contact form."""
    return (
        conversation.status is Status.WAITING
        and conversation.form_offered_at is not None
        and conversation.reason is not Reason.CONTACTS_LEFT
    )
