"""What is said to the operators about themselves and about each other: let in, switched off, gone."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import operators
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import buttons
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.buttons import Act
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.channels.telegram.inbound.updates import Said, command
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import Forbidden
from vink_chat.kit.words import best_language, say
from vink_chat.operators import AccountStatus, OperatorView, Role

_HOUR: Final = timedelta(hours=1)


async def stranger(tx: Transaction, said: Said, known: OperatorView | None, place: int | None = None) -> None:
    """Meet somebody who is no active operator: a link ties, /start asks to be let in, the rest is answered once."""
    language = best_language(said.person.language)
    name, detail = command(said.text)
    if not said.private:
        if await links.first_answer(tx, said.person.id):
            words = say("Вас нет среди операторов. Напишите боту лично: /start.", language)
            await outbox.text(tx, said.chat_id, words, answers=said.number, link_id=place)
        return
    if name == "start" and detail:
        linked = await operators.link_telegram(tx, detail, said.person.id)
        await links.no_stranger(tx, said.person.id)
        words = say(
            "{name}, этот Telegram привязан к вашей учётной записи. Чтобы выйти на смену, нажмите /start.",
            linked.language,
            name=linked.name,
        )
        await outbox.text(tx, said.chat_id, words, markup=buttons.off_work())
        return
    if name == "start" and known is None:
        if not await links.few_strangers(tx, now() - _HOUR):
            raise operators.TooManyPending
        person = said.person
        fresh = await operators.pending_from_telegram(tx, person.id, person.name, person.username)
        await operators.set_language(tx, fresh.id, language)
        await ask_administrators(tx, fresh)
        await links.first_answer(tx, said.person.id)
        words = say("Заявка отправлена. Когда администратор её подтвердит, бот напишет вам.", language)
        await outbox.text(tx, said.chat_id, words)
        return
    waits = known is not None and known.status is AccountStatus.PENDING and name == "start"
    if waits and await links.answer_again(tx, said.person.id, now() - _HOUR):
        words = say("Заявка ещё не подтверждена. Когда администратор её подтвердит, бот напишет вам.", language)
        await outbox.text(tx, said.chat_id, words)
        return
    if await links.few_strangers(tx, now() - _HOUR) and await links.first_answer(tx, said.person.id):
        off = known is not None and known.status is AccountStatus.DISABLED
        sentence = (
            "Ваша учётная запись отключена."
            if off
            else "Это бот для операторов. Чтобы стать оператором, нажмите /start."
        )
        await outbox.text(tx, said.chat_id, say(sentence, language))


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
