"""What is said to the operators about themselves and about each other: let in, switched off, gone."""

from uuid import UUID

from vink_chat import conversations, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import buttons, cards
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.buttons import Act
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.events import OperatorLeft
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import Forbidden
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, OperatorView, Role


async def changed(tx: Transaction, operator_id: UUID) -> None:
    """Tell somebody in Telegram that an administrator has let him in, or switched him off; each once."""
    person = await operators.operator(tx, operator_id)
    if not person.telegram_id:
        return
    if person.status is AccountStatus.ACTIVE and await links.no_stranger(tx, person.telegram_id):
        text = say("Администратор подтвердил вас. Нажмите /start, чтобы выйти на смену.", person.language)
        await outbox.text(tx, person.telegram_id, text, markup=buttons.off_work())
    # From now on he is a stranger, who is answered once: this is the answer.
    if person.status is AccountStatus.DISABLED and await links.first_answer(tx, person.telegram_id):
        await store.give_up(tx, person.telegram_id, "switched off")
        await outbox.text(tx, person.telegram_id, say("Ваша учётная запись отключена.", person.language))


async def ask_administrators(tx: Transaction, person: OperatorView) -> None:
    """Ask the administrators in Telegram whether somebody is to be let in."""
    everybody = await operators.operators(tx)
    namesake = person.id in operators.namesakes(everybody)
    for admin in everybody:
        if admin.telegram_id and admin.role is Role.ADMIN and admin.status is AccountStatus.ACTIVE:
            text = _asks(person, admin.language, namesake=namesake)
            await outbox.text(tx, admin.telegram_id, text, markup=buttons.let_in(person.id, admin.language))


def _asks(person: OperatorView, language: str, *, namesake: bool) -> str:
    who = f"@{person.telegram_username} ({person.telegram_id})" if person.telegram_username else f"{person.telegram_id}"
    text = say("{who} хочет стать оператором. Имя: {name}", language, who=who, name=person.name)
    return f"{text}\n{say('Так уже зовут работающего оператора.', language)}" if namesake else text


async def let_in(visit: Visit, number: int, detail: str) -> None:
    """Let somebody in who asked for it."""
    del number
    person = await _asked_by(visit, detail)
    await operators.confirm(visit.tx, person.id)
    words = visit.say("{name}: подтверждено. Решение: {admin}", name=person.name, admin=visit.person.name)
    await _decided(visit, detail, words)


async def turn_away(visit: Visit, number: int, detail: str) -> None:
    """Remove the account of somebody who asked to be let in."""
    del number
    person = await _asked_by(visit, detail)
    await operators.dismiss(visit.tx, person.id)
    words = visit.say("{name}: отклонено. Решение: {admin}", name=person.name, admin=visit.person.name)
    await _decided(visit, detail, words)


async def _asked_by(visit: Visit, detail: str) -> OperatorView:
    if visit.person.role is not Role.ADMIN:
        raise Forbidden
    person = await operators.operator(visit.tx, UUID(hex=detail))
    if person.status is not AccountStatus.PENDING:
        raise operators.AlreadyConfirmed
    return person


async def _decided(visit: Visit, detail: str, words: str) -> None:
    """Put the decision in the place of every question about somebody."""
    for row in await store.carrying(visit.tx, buttons.data(Act.LET_IN, 0, detail)):
        await outbox.edit(visit.tx, row, words)
    visit.after.words = words


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
