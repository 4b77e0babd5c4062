"""The commands of the bot: work and its end, pauses, and who waits or works now."""

from collections.abc import Awaitable, Callable
from typing import Final

from vink_chat import handover, operators
from vink_chat.channels import store
from vink_chat.channels.telegram import buttons, cards
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.buttons import Markup
from vink_chat.channels.telegram.inbound import addressee, replies, signup
from vink_chat.channels.telegram.inbound.addressee import Unclear
from vink_chat.channels.telegram.inbound.context import UpdateContext
from vink_chat.channels.telegram.inbound.updates import Command
from vink_chat.channels.telegram.inbound.updates import command as parse_command
from vink_chat.conversations import Conversation, queue
from vink_chat.conversations.queue import Priority, QueueQuery, QueueTab
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import OperatorView, Presence, Role

_MOST_BUTTONS: Final = 40

Handler = Callable[[UpdateContext], Awaitable[None]]
ConversationCommand = Callable[[UpdateContext, Conversation, str], Awaitable[str]]

MENU: Final = {
    "start": "выйти на смену",
    "finish": "завершить разговор или смену",
    "status": "что сейчас происходит",
    "queue": "кто ждёт",
    "priority": "важность разговора",
    "pause": "отойти",
    "resume": "вернуться",
    "who": "кто на смене",
    "help": "подсказка",
}


async def run(context: UpdateContext) -> bool:
    """Run a command; false when a message is no command."""
    command = parse_command(context.message.text)
    if command is None or context.message.edited or command.name[0].isdigit():
        # No command begins with a digit: «/50 pieces» is for the visitor.
        return False
    if command.bot and command.bot != (await store.lease(context.tx)).bot_name.lower():
        # In a group every bot hears it; until we know our name, it may be another's.
        return True
    if command.name == "start" and command.argument and context.message.private:
        await signup.link_account(context, command.argument)
    elif command.name in CONVERSATION_COMMANDS and command.name not in COMMANDS:
        await _about_a_conversation(context, command)
    else:
        await COMMANDS.get(command.name, _unknown)(context)
    return True


async def _about_a_conversation(context: UpdateContext, command: Command) -> None:
    conversation = await addressee.find(context)
    if not isinstance(conversation, Conversation):
        await context.tell(context.say("О каком разговоре речь? Отправьте команду ответом на сообщение посетителя."))
    elif text := await CONVERSATION_COMMANDS[command.name](context, conversation, command.argument):
        await context.tell(text)


async def _start(context: UpdateContext) -> None:
    await operators.set_presence(context.tx, context.operator.id, Presence.HERE, in_telegram=True)
    if context.operator.presence is Presence.HERE:
        await context.tell(await _on_shift(context), markup=buttons.at_work())
        return
    await context.tell(context.say("Вы на смене. Приглашения придут сюда."), markup=buttons.at_work())


async def _on_shift(context: UpdateContext) -> str:
    held = await handover.held_by(context.tx, context.operator.id)
    tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in held)
    return context.say("Вы на смене, ведёте: {tags}", tags=tags) if held else context.say("Вы уже на смене.")


async def _finish(context: UpdateContext) -> None:
    conversation = await addressee.find(context)
    if isinstance(conversation, Unclear):
        await addressee.ask_which_to_finish(context, conversation.candidates)
        return
    if conversation is not None:
        already_ending = conversation.ends_at is not None
        text = await replies.finish(context, conversation)
        if already_ending:
            await context.tell(text)
        return
    if not context.message.private:
        await context.tell(context.say("В этой теме нет разговора."))
        return
    if context.operator.presence is Presence.OFF:
        await context.tell(
            context.say("Смена уже закончена. Чтобы выйти на смену, нажмите /start."), markup=buttons.off_work()
        )
        return
    if await addressee.just_ended(context):
        text = context.say("Разговор завершён. Смена продолжается; чтобы закончить её, нажмите /finish ещё раз.")
        await context.tell(text, markup=buttons.at_work())
        return
    await operators.set_presence(context.tx, context.operator.id, Presence.OFF, in_telegram=True)
    text = context.say("Смена окончена. Вернуться — /start")
    await context.tell(text, markup=buttons.off_work())


async def _pause(context: UpdateContext) -> None:
    if context.operator.presence is Presence.OFF:
        await context.tell(
            context.say("Вы не на смене. Чтобы выйти на смену, нажмите /start."), markup=buttons.off_work()
        )
        return
    await operators.set_presence(context.tx, context.operator.id, Presence.AWAY, in_telegram=True)
    text = context.say("Пауза: приглашений не будет. Вернуться — /resume.")
    if await handover.held_by(context.tx, context.operator.id):
        text += context.say(" Начатые разговоры остаются у вас.")
    await context.tell(text)


async def _resume(context: UpdateContext) -> None:
    await operators.set_presence(context.tx, context.operator.id, Presence.HERE, in_telegram=True)
    await context.tell(context.say("Вы снова получаете приглашения."), markup=buttons.at_work())


async def _status(context: UpdateContext) -> None:
    presences = {Presence.HERE: "на месте", Presence.AWAY: "на паузе", Presence.OFF: "не на смене"}
    held = await handover.held_by(context.tx, context.operator.id)
    waiting, keyboard = await _report(context.tx, context.operator)
    lines = [context.say("Вы {presence}.", presence=context.say(presences[context.operator.presence])), *waiting]
    if held:
        tags = ", ".join(cards.tag(conversation.visitor_id) for conversation in held)
        lines.append(context.say("Ваши разговоры: {tags}", tags=tags))
    await context.tell("\n".join(lines), markup=keyboard)


async def _queue(context: UpdateContext) -> None:
    lines, keyboard = await _report(context.tx, context.operator)
    await context.tell("\n".join(lines) if keyboard else context.say("Никто не ждёт."), markup=keyboard)


async def _who(context: UpdateContext) -> None:
    lines, markup = await _who_is_here(context)
    await context.tell("\n".join(lines) or context.say("На смене никого нет."), markup=markup)


async def _report(tx: Transaction, reader: OperatorView) -> tuple[list[str], Markup | None]:
    """Word the queue and the callbacks, each with its count, and return a button for each visitor shown."""
    waiting, language = await handover.queued(tx), reader.language
    callbacks = await queue.page(tx, QueueQuery(QueueTab.CALLBACK), limit=cards.MOST_SHOWN)
    names = await link_store.visitor_names(
        tx, [conversation.visitor_id for conversation in waiting[: cards.MOST_SHOWN]]
    )
    lines = [say("Ждут: {count}", language, count=len(waiting)), *cards.queue(waiting, names, language, reader.id)]
    if callbacks:
        count = (await queue.counts(tx))[QueueTab.CALLBACK]
        contacts = {row.visitor_id: cards.contacts(row) for row in callbacks}
        lines += [say("Перезвонить: {count}", language, count=count), *cards.queue(callbacks, contacts, language)]
    return lines, buttons.queue([*waiting[: cards.MOST_SHOWN], *callbacks], language)


async def _who_is_here(context: UpdateContext) -> tuple[list[str], Markup | None]:
    """List who is on shift, and who holds conversations without being there, with buttons to take those over."""
    here = await operators.on_shift(context.tx)
    present = {person.id for person in here}
    gone = [person for person in await operators.operators(context.tx) if person.id not in present]
    lines: list[str] = []
    cells: list[tuple[str, str]] = []
    admin = context.operator.role is Role.ADMIN
    for person in [*here, *gone]:
        held = await handover.held_by(context.tx, person.id)
        if not held and person.id not in present:
            continue
        doing = context.say("ведёт: {count}", count=len(held)) if held else context.say("свободен")
        away = "" if person.id in present else context.say(", не на месте")
        lines.append(f"{person.name} — {doing}{away}")
        if person.id != context.operator.id and (admin or away):
            cells += [
                buttons.take_over(conversation, context.say("Забрать {tag}", tag=cards.tag(conversation.visitor_id)))
                for conversation in held
            ]
    rows = [cells[at : at + 2] for at in range(0, min(len(cells), _MOST_BUTTONS), 2)]
    return lines, buttons.inline(rows) if rows else None


async def _help(context: UpdateContext) -> None:
    lines = [
        context.say(
            "Взять: кнопка под приглашением, или /queue. Ответить: просто напишите; ответ на сообщение — с цитатой."
        ),
        context.say("Ведёте нескольких: отвечайте на сообщение нужного посетителя, иначе бот спросит, кому отправить."),
        context.say(
            "// в начале — заметка для коллег, посетитель её не видит. Исправленное сообщение меняется и у посетителя."
        ),
        context.say(
            "Файлы, фото и голос не передаются: пришлите ссылку. Передать, завершить, шаблоны — кнопки под разговором."
        ),
        *[f"/{name} — {context.say(MENU[name])}" for name in MENU],
    ]
    await context.tell("\n".join(lines))


async def _unknown(context: UpdateContext) -> None:
    if not context.message.private and context.link_id is None:
        # In a group it may be meant for another bot, or for people.
        return
    await context.tell(context.say("Такой команды нет. Список команд: /help"))


async def _finish_one(context: UpdateContext, conversation: Conversation, _argument: str) -> str:
    return await replies.finish(context, conversation)


async def _priority(context: UpdateContext, conversation: Conversation, argument: str) -> str:
    """Set how urgent a conversation is, or offer the choice."""
    words = {priority.word(context.language): priority.name for priority in Priority}
    if argument:
        name = next((name for word, name in words.items() if word.lower() == argument.lower()), argument)
        chosen = await queue.set_priority(context.tx, conversation.id, name)
        who = cards.tag(conversation.visitor_id)
        return context.say("Разговор с посетителем {tag}: {priority}.", tag=who, priority=chosen.word(context.language))
    link = await link_store.link_in(context.tx, conversation.id, context.event.chat_id)
    number = link.id or 0 if link else 0
    cells = [(word, buttons.data(buttons.Act.COMMAND, number, f"priority {name}")) for word, name in words.items()]
    text = context.say("Насколько важен разговор с посетителем {tag}?", tag=cards.tag(conversation.visitor_id))
    await context.tell(text, markup=buttons.inline([cells[:2], cells[2:]]) if link else None, link_id=number or None)
    return ""


CONVERSATION_COMMANDS: Final[dict[str, ConversationCommand]] = {"finish": _finish_one, "priority": _priority}
"""Commands about one conversation, which the buttons of its card give too; each gets an argument, and answers."""
COMMANDS: Final[dict[str, Handler]] = {
    "start": _start,
    "finish": _finish,
    "status": _status,
    "queue": _queue,
    "pause": _pause,
    "resume": _resume,
    "who": _who,
    "help": _help,
}
