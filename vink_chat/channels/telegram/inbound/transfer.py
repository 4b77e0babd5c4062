"""Transferring a conversation to a colleague: to whom, and with which note, which the visitor never reads.

The question for the note is a message with buttons; as long as it has them, a text in its chat or topic is the note.
"""

from datetime import timedelta
from typing import Final

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Link, Outgoing, saved_id
from vink_chat.channels.telegram import buttons
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.buttons import Act
from vink_chat.channels.telegram.inbound import addressee
from vink_chat.channels.telegram.inbound.context import UpdateContext
from vink_chat.channels.telegram.inbound.updates import parse_note
from vink_chat.conversations import Conversation, NotYours
from vink_chat.kit.clock import now
from vink_chat.operators import OperatorView

ASKED_FOR: Final = timedelta(minutes=5)
"""How long a text counts as the note that was asked for; a later one is for the visitor."""


def check_held(context: UpdateContext, conversation: Conversation) -> None:
    """Refuse what only the holder of a conversation may do.

    Raises:
        NotYours: Another operator holds it, or nobody.
    """
    if not conversations.holds(conversation, context.operator.id):
        raise NotYours


async def ask_whom(context: UpdateContext, link: Link, conversation: Conversation, _detail: str) -> None:
    """Ask which colleague should get a conversation."""
    check_held(context, conversation)
    rows: list[list[tuple[str, str]]] = []
    colleagues = [person for person in await operators.on_shift(context.tx) if person.id != context.operator.id]
    for colleague in colleagues[:50]:
        held = len(await handover.held_by(context.tx, colleague.id))
        label = context.say("{name} · ведёт: {count}", name=colleague.name, count=held) if held else colleague.name
        rows.append([(label, buttons.data(Act.TRANSFER_TO, saved_id(link), buttons.short(colleague.id)))])
    nobody = context.say("Передать некому: больше никого нет на смене.")
    text = context.say("Кому передать разговор?") if rows else nobody
    await context.tell(text, markup=buttons.inline(rows) if rows else None, link_id=link.id)


async def ask_for_note(context: UpdateContext, link: Link, conversation: Conversation, detail: str) -> None:
    """Ask for a note to the chosen colleague."""
    check_held(context, conversation)
    if (to := await _colleague(context, detail)) is None:
        return
    await _remove_questions(context, link)
    without = (context.say("Без заметки"), buttons.data(Act.HAND_OVER, saved_id(link), detail))
    stay = (context.say("Не передавать"), buttons.data(Act.HAND_OVER, saved_id(link)))
    text = context.say(
        "Что передать на словах? Напишите сюда: прочтёт {name}, посетитель этого не увидит.", name=to.name
    )
    await context.tell(text, markup=buttons.inline([[without, stay]]), link_id=link.id)


async def hand_over(context: UpdateContext, link: Link, conversation: Conversation, detail: str) -> None:
    """Hand a conversation over without a note, or keep it."""
    check_held(context, conversation)
    if detail:
        await _transfer(context, link, conversation, detail, "")
    else:
        await _remove_questions(context, link)
        context.follow_up.text = context.say("Разговор остаётся у вас.")


async def take_note(context: UpdateContext) -> bool:
    """Transfer with the note that was asked for; false if the message is not that note."""
    message = context.message
    if message.media or not (message.private or context.link_id):
        return False
    carried = buttons.data(Act.HAND_OVER, context.link_id) if context.link_id else f"{Act.HAND_OVER.value}:"
    question = await store.newest_with_button(context.tx, message.chat_id, carried, now() - ASKED_FOR)
    link = await link_store.link(context.tx, question.link_id) if question and question.link_id else None
    if question is None or link is None:
        return False
    conversation = await conversations.get(context.tx, link.conversation_id)
    replies_elsewhere = message.reply_to and message.reply_to != question.telegram_id
    if replies_elsewhere or not conversations.holds(conversation, context.operator.id):
        return False
    note = conversations.clean_text(parse_note(message.text)[0])
    await _transfer(context, link, conversation, _chosen(question), note)
    await addressee.remember_split(context, note=True, conversation_id=conversation.id)
    return True


def _chosen(question: Outgoing) -> str:
    [[without, _]] = (question.markup or {})["inline_keyboard"]
    return buttons.parsed(without["callback_data"])[2]


async def _colleague(context: UpdateContext, detail: str) -> OperatorView | None:
    on_shift = await operators.on_shift(context.tx)
    colleague = next((person for person in on_shift if buttons.short(person.id) == detail), None)
    if colleague is None:
        context.follow_up.text = context.say("Этого специалиста нет на смене.")
    return colleague


async def _transfer(context: UpdateContext, link: Link, conversation: Conversation, detail: str, note: str) -> None:
    if (to := await _colleague(context, detail)) is None:
        if note:
            await context.tell(context.follow_up.text, link_id=link.id)
        return
    await handover.transfer(context.tx, conversation.id, context.operator.id, to.id, to.name, note)
    await _remove_questions(context, link)
    context.follow_up.text = context.say("Разговор передан: {name}.", name=to.name)


async def _remove_questions(context: UpdateContext, link: Link) -> None:
    """Remove the buttons of the answered questions."""
    for act in (Act.TRANSFER_TO, Act.HAND_OVER):
        for row in await store.rows_with_button_data(context.tx, buttons.data(act, saved_id(link))):
            await outbox.set_buttons(context.tx, row, None)
