"""The commands of the bot, and how somebody becomes an operator."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from vink_chat import handover, operators
from vink_chat.channels import store
from vink_chat.channels.telegram import buttons, cards
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.buttons import Markup
from vink_chat.channels.telegram.inbound import addressee, replies, signup
from vink_chat.channels.telegram.inbound.addressee import Unclear
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.channels.telegram.inbound.updates import Said, addressed_bot, command
from vink_chat.conversations import desk
from vink_chat.conversations.desk import Box, Wanted
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import OperatorView, Presence, Role

_MOST_BUTTONS: Final = 40
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


async def run(visit: Visit, said: Said) -> bool:
    """Run a command; false when the text is none."""
    name, _ = command(said.text)
    if not name or said.edited or name[0].isdigit():
        # No command begins with a digit: «/50 pieces» is for the visitor.
        return False
    whose, ours = addressed_bot(said.text), (await store.post(visit.tx)).bot_name.lower()
    if whose and whose != ours:
        # In a group every bot hears it; until we know our name, it may be another's.
        return True
    await COMMANDS.get(name, _unknown)(visit, said)
    return True


async def _start(visit: Visit, said: Said) -> None:
    _, token = command(said.text)
    if token and said.private:
        await signup.stranger(visit.tx, said, visit.person)
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
    waiting, keyboard = await _report(visit.tx, visit.person)
    lines = [visit.say("Вы {presence}.", presence=visit.say(presences[visit.person.presence])), *waiting]
    if held:
        tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in held)
        lines.append(visit.say("Ваши разговоры: {tags}", tags=tags))
    await visit.tell("\n".join(lines), markup=keyboard)


async def _queue(visit: Visit, said: Said) -> None:
    del said
    lines, keyboard = await _report(visit.tx, visit.person)
    await visit.tell("\n".join(lines) if keyboard else visit.say("Никто не ждёт."), markup=keyboard)


async def _who(visit: Visit, said: Said) -> None:
    del said
    lines, markup = await _who_is_here(visit)
    await visit.tell("\n".join(lines) or visit.say("На смене никого нет."), markup=markup)


async def _report(tx: Transaction, reader: OperatorView) -> tuple[list[str], Markup | None]:
    """Word the queue and the callbacks, each with its count, and return a button for each visitor shown."""
    waiting, language = await handover.waiting(tx), reader.language
    callbacks = await desk.page(tx, Wanted(Box.CALLBACK), limit=cards.MOST_SHOWN)
    names = await links.names(tx, [one.visitor_id for one in waiting[: cards.MOST_SHOWN]])
    lines = [say("Ждут: {count}", language, count=len(waiting)), *cards.queue(waiting, names, language, reader.id)]
    if callbacks:
        count = (await desk.counts(tx))[Box.CALLBACK]
        contacts = {one.visitor_id: cards.contacts(one) for one in callbacks}
        lines += [say("Перезвонить: {count}", language, count=count), *cards.queue(callbacks, contacts, language)]
    return lines, buttons.queue([*waiting[: cards.MOST_SHOWN], *callbacks], language)


async def _who_is_here(visit: Visit) -> tuple[list[str], Markup | None]:
    """Name the operators on shift and who holds something without being there, with buttons to take that over."""
    here = await operators.on_shift(visit.tx)
    present = {person.id for person in here}
    gone = [one for one in await operators.operators(visit.tx) if one.id not in present]
    lines: list[str] = []
    cells: list[tuple[str, str]] = []
    admin = visit.person.role is Role.ADMIN
    for person in [*here, *gone]:
        held = await handover.held_by(visit.tx, person.id)
        if not held and person.id not in present:
            continue
        doing = visit.say("ведёт: {count}", count=len(held)) if held else visit.say("свободен")
        away = "" if person.id in present else visit.say(", не на месте")
        lines.append(f"{person.name} — {doing}{away}")
        if person.id != visit.person.id and (admin or away):
            cells += [buttons.take_over(one, visit.say("Забрать {tag}", tag=cards.tag(one.visitor_id))) for one in held]
    rows = [cells[at : at + 2] for at in range(0, min(len(cells), _MOST_BUTTONS), 2)]
    return lines, buttons.inline(rows) if rows else None


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
