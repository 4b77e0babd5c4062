"""The commands of the bot, and how somebody becomes an operator."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import buttons, cards
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.inbound import addressee, replies, signup
from vink_chat.channels.telegram.inbound.addressee import Unclear
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.channels.telegram.inbound.updates import Said
from vink_chat.channels.telegram.outbound import queue_notice
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import best_language, say
from vink_chat.operators import AccountStatus, OperatorView, Presence

_HOUR: Final = timedelta(hours=1)

Command = Callable[[Visit, Said], Awaitable[None]]

MENU: Final = {
    "start": "выйти на смену",
    "finish": "завершить разговор или смену",
    "status": "что сейчас происходит",
    "queue": "кто ждёт",
    "pause": "отойти",
    "resume": "вернуться",
    "who": "кто на смене",
    "help": "подсказка",
}


async def stranger(tx: Transaction, said: Said, known: OperatorView | None, place: int | None = None) -> None:
    """Meet somebody who is no active operator: a link ties, /start asks to be let in, the rest is answered once."""
    language = best_language(said.person.language)
    name, detail = parsed(said.text)
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
        await signup.ask_administrators(tx, fresh)
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


def parsed(text: str) -> tuple[str, str]:
    """Return the command's name and what follows it; an empty name when it is no command."""
    first, _, rest = conversations.visible(text).strip().partition(" ")
    if not first.startswith("/") or first.startswith(addressee.NOTE):
        return "", ""
    return first[1:].partition("@")[0].lower(), rest.strip()


def _whose(text: str) -> str:
    """Return the bot a command is meant for by name (``/finish@bot``); empty for none in particular."""
    return conversations.visible(text).split(maxsplit=1)[0].partition("@")[2].lower()


async def run(visit: Visit, said: Said) -> bool:
    """Run a command; false when the text is none."""
    name, _ = parsed(said.text)
    if not name or said.edited or name[0].isdigit():
        # No command begins with a digit: «/50 pieces» is for the visitor.
        return False
    whose, ours = _whose(said.text), (await store.post(visit.tx)).bot_name.lower()
    if whose and whose != ours:
        # In a group every bot hears it; until we know our name, it may be another's.
        return True
    await COMMANDS.get(name, _unknown)(visit, said)
    return True


async def _start(visit: Visit, said: Said) -> None:
    _, token = parsed(said.text)
    if token and said.private:
        await stranger(visit.tx, said, visit.person)
        return
    await operators.set_presence(visit.tx, visit.person.id, Presence.HERE, in_telegram=True)
    if visit.person.presence is Presence.HERE:
        await visit.tell(await _on_shift(visit), markup=buttons.at_work())
        return
    await visit.tell(visit.say("Вы на смене. Приглашения придут сюда."), markup=buttons.at_work())


async def _on_shift(visit: Visit) -> str:
    held = await handover.held_by(visit.tx, visit.person.id)
    tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in held)
    return visit.say("Вы на смене, ведёте: {tags}", tags=tags) if held else visit.say("Вы уже на смене.")


async def _finish(visit: Visit, said: Said) -> None:
    meant = await addressee.addressee(visit, said)
    if isinstance(meant, Unclear):
        await addressee.ask_which_to_finish(visit, meant.candidates)
        return
    if meant is not None:
        ending = meant.ends_at is not None
        words = await replies.finish(visit, meant)
        if ending:
            await visit.tell(words)
        return
    if not said.private:
        await visit.tell(visit.say("В этой теме нет разговора."))
        return
    if visit.person.presence is Presence.OFF:
        await visit.tell(
            visit.say("Смена уже закончена. Чтобы выйти на смену, нажмите /start."), markup=buttons.off_work()
        )
        return
    if await addressee.just_ended(visit, said.chat_id):
        words = visit.say("Разговор завершён. Смена продолжается; чтобы закончить её, нажмите /finish ещё раз.")
        await visit.tell(words, markup=buttons.at_work())
        return
    await operators.set_presence(visit.tx, visit.person.id, Presence.OFF, in_telegram=True)
    words = visit.say("Смена окончена. Вернуться — /start")
    await visit.tell(words, markup=buttons.off_work())


async def _pause(visit: Visit, said: Said) -> None:
    del said
    if visit.person.presence is Presence.OFF:
        await visit.tell(visit.say("Вы не на смене. Чтобы выйти на смену, нажмите /start."), markup=buttons.off_work())
        return
    await operators.set_presence(visit.tx, visit.person.id, Presence.AWAY, in_telegram=True)
    words = visit.say("Пауза: приглашений не будет. Вернуться — /resume.")
    if await handover.held_by(visit.tx, visit.person.id):
        words += visit.say(" Начатые разговоры остаются у вас.")
    await visit.tell(words)


async def _resume(visit: Visit, said: Said) -> None:
    del said
    await operators.set_presence(visit.tx, visit.person.id, Presence.HERE, in_telegram=True)
    await visit.tell(visit.say("Вы снова получаете приглашения."), markup=buttons.at_work())


async def _status(visit: Visit, said: Said) -> None:
    del said
    presences = {Presence.HERE: "на месте", Presence.AWAY: "на паузе", Presence.OFF: "не на смене"}
    held = await handover.held_by(visit.tx, visit.person.id)
    waiting, keyboard = await queue_notice.report(visit.tx, visit.person)
    lines = [visit.say("Вы {presence}.", presence=visit.say(presences[visit.person.presence])), *waiting]
    if held:
        tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in held)
        lines.append(visit.say("Ваши разговоры: {tags}", tags=tags))
    await visit.tell("\n".join(lines), markup=keyboard)


async def _queue(visit: Visit, said: Said) -> None:
    del said
    lines, keyboard = await queue_notice.report(visit.tx, visit.person)
    await visit.tell("\n".join(lines) if keyboard else visit.say("Никто не ждёт."), markup=keyboard)


async def _who(visit: Visit, said: Said) -> None:
    del said
    lines, markup = await replies.who_is_here(visit)
    await visit.tell("\n".join(lines) or visit.say("На смене никого нет."), markup=markup)


async def _help(visit: Visit, said: Said) -> None:
    del said
    lines = [
        visit.say(
            "Взять: кнопка под приглашением, или /queue. Ответить: просто напишите; ответ на сообщение — с цитатой."
        ),
        visit.say("Ведёте нескольких: отвечайте на сообщение нужного посетителя, иначе бот спросит, кому отправить."),
        visit.say(
            "// в начале — заметка для коллег, посетитель её не видит. Исправленное сообщение меняется и у посетителя."
        ),
        visit.say(
            "Файлы, фото и голос не передаются: пришлите ссылку. Передать, завершить, шаблоны — кнопки под разговором."
        ),
        *[f"/{name} — {visit.say(MENU[name])}" for name in MENU],
    ]
    await visit.tell("\n".join(lines))


async def _unknown(visit: Visit, said: Said) -> None:
    if not said.private and visit.place is None:
        # In a group it may be meant for another bot, or for people.
        return
    await visit.tell(visit.say("Такой команды нет. Список команд: /help"))


COMMANDS: Final[dict[str, Command]] = {
    "start": _start,
    "finish": _finish,
    "status": _status,
    "queue": _queue,
    "pause": _pause,
    "resume": _resume,
    "who": _who,
    "help": _help,
}
