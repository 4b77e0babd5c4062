"""How a stranger becomes an operator in Telegram: by a link, or by asking an administrator."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import operators
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import buttons
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.buttons import Act
from vink_chat.channels.telegram.inbound.context import UpdateContext
from vink_chat.channels.telegram.inbound.updates import command as parse_command
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import Forbidden
from vink_chat.kit.words import best_language, say
from vink_chat.operators import AccountStatus, OperatorView, Role

_HOUR: Final = timedelta(hours=1)


async def answer_stranger(context: UpdateContext) -> None:
    """Answer a user who is not an active operator: a deep link connects accounts, /start applies, else answer once."""
    message, command = context.message, parse_command(context.message.text)
    if not message.private:
        if await link_store.mark_stranger_answered(context.tx, message.person.id):
            await _tell(context, sentence="Вас нет среди операторов. Напишите боту лично: /start.")
    elif command and command.name == "start" and command.argument:
        await link_account(context, command.argument)
    elif command and command.name == "start" and context.sender is None:
        await _apply(context)
    else:
        await _answer_once(context, asks_again=command is not None and command.name == "start")


async def _tell(context: UpdateContext, *, sentence: str) -> None:
    await context.tell(say(sentence, best_language(context.event.person.language)))


async def link_account(context: UpdateContext, token: str) -> None:
    """Connect this Telegram user to the account that the deep link was created for."""
    person_id = context.event.person.id
    linked = await operators.link_telegram(context.tx, token, person_id)
    await link_store.forget_stranger(context.tx, person_id)
    text = say(
        "{name}, этот Telegram привязан к вашей учётной записи. Чтобы выйти на смену, нажмите /start.",
        linked.language,
        name=linked.name,
    )
    await context.tell(text, markup=buttons.off_work())


async def _apply(context: UpdateContext) -> None:
    if not await link_store.may_answer_stranger(context.tx, now() - _HOUR):
        raise operators.TooManyPending
    person = context.event.person
    applicant = await operators.pending_from_telegram(context.tx, person.id, person.name, person.username)
    await operators.set_language(context.tx, applicant.id, best_language(person.language))
    await _ask_administrators(context.tx, applicant)
    await link_store.mark_stranger_answered(context.tx, person.id)
    await _tell(context, sentence="Заявка отправлена. Когда администратор её подтвердит, бот напишет вам.")


async def _answer_once(context: UpdateContext, *, asks_again: bool) -> None:
    person_id = context.event.person.id
    status = context.sender.status if context.sender else None
    waits = status is AccountStatus.PENDING and asks_again
    if waits and await link_store.mark_stranger_answered_again(context.tx, person_id, now() - _HOUR):
        await _tell(context, sentence="Заявка ещё не подтверждена. Когда администратор её подтвердит, бот напишет вам.")
        return
    if await link_store.may_answer_stranger(context.tx, now() - _HOUR) and await link_store.mark_stranger_answered(
        context.tx, person_id
    ):
        await _tell(
            context,
            sentence="Ваша учётная запись отключена."
            if status is AccountStatus.DISABLED
            else "Это бот для операторов. Чтобы стать оператором, нажмите /start.",
        )


async def _ask_administrators(tx: Transaction, person: OperatorView) -> None:
    """Ask the administrators in Telegram whether an applicant should be let in."""
    everybody = await operators.operators(tx)
    namesake = person.id in operators.namesakes(everybody)
    for admin in everybody:
        if admin.telegram_id and admin.role is Role.ADMIN and admin.status is AccountStatus.ACTIVE:
            text = _application(person, admin.language, namesake=namesake)
            await outbox.send_text(tx, admin.telegram_id, text, markup=buttons.let_in(person.id, admin.language))


def _application(person: OperatorView, language: str, *, namesake: bool) -> str:
    who = f"@{person.telegram_username} ({person.telegram_id})" if person.telegram_username else f"{person.telegram_id}"
    text = say("{who} хочет стать оператором. Имя: {name}", language, who=who, name=person.name)
    return f"{text}\n{say('Так уже зовут работающего оператора.', language)}" if namesake else text


async def let_in(context: UpdateContext, _number: int, detail: str) -> None:
    """Accept an application."""
    person = await _applicant(context, detail)
    await operators.confirm(context.tx, person.id)
    text = context.say("{name}: подтверждено. Решение: {admin}", name=person.name, admin=context.operator.name)
    await _decided(context, detail, text)


async def turn_away(context: UpdateContext, _number: int, detail: str) -> None:
    """Reject an application, and remove its account."""
    person = await _applicant(context, detail)
    await operators.dismiss(context.tx, person.id)
    text = context.say("{name}: отклонено. Решение: {admin}", name=person.name, admin=context.operator.name)
    await _decided(context, detail, text)


async def _applicant(context: UpdateContext, detail: str) -> OperatorView:
    if context.operator.role is not Role.ADMIN:
        raise Forbidden
    person = await operators.operator(context.tx, UUID(hex=detail))
    if person.status is not AccountStatus.PENDING:
        raise operators.AlreadyConfirmed
    return person


async def _decided(context: UpdateContext, detail: str, text: str) -> None:
    """Replace every question about an applicant with the decision."""
    for row in await store.rows_with_button_data(context.tx, buttons.data(Act.LET_IN, 0, detail)):
        await outbox.edit(context.tx, row, text)
    context.follow_up.text = text
