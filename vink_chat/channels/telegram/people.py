"""What is said to the operators about themselves and about each other: let in, switched off, gone."""

from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import buttons, cards
from vink_chat.events import OperatorLeft
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus


async def changed(tx: Transaction, operator_id: UUID) -> None:
    """Tell somebody in Telegram that an administrator has let him in, or switched him off; each once."""
    person = await operators.operator(tx, operator_id)
    if not person.telegram_id:
        return
    if person.status is AccountStatus.ACTIVE and await store.no_stranger(tx, person.telegram_id):
        text = say("Администратор подтвердил вас. Нажмите /start, чтобы выйти на смену.", person.language)
        await outbox.text(tx, person.telegram_id, text, markup=buttons.off_work())
    # From now on he is a stranger, who is answered once: this is the answer.
    if person.status is AccountStatus.DISABLED and await store.first_answer(tx, person.telegram_id):
        await store.give_up(tx, person.telegram_id, "switched off")
        await outbox.text(tx, person.telegram_id, say("Ваша учётная запись отключена.", person.language))


async def left(tx: Transaction, fact: OperatorLeft) -> None:
    """Tell everybody on shift who is gone, and what waits again."""
    person = await operators.operator(tx, fact.operator_id)
    found = [await conversations.get(tx, one) for one in fact.conversation_ids]
    tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in found)
    sentence = "{name} больше не отвечает. Разговоры вернулись в очередь: {tags}."
    for other in await operators.on_shift(tx):
        if other.telegram_id and other.id != person.id:
            text = say(sentence, other.language, name=person.name, tags=tags)
            await outbox.text(tx, other.telegram_id, text)
