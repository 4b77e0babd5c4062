"""Handing a conversation to a colleague: to whom, and with which words. Those are a note, the visitor never reads them.

The question for the words stands in the outbox with its buttons; as long as they stand there, words in its place are
the note.
"""

from datetime import timedelta
from typing import Final

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Link, Outgoing
from vink_chat.channels.telegram import buttons
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.buttons import Act
from vink_chat.channels.telegram.inbound import addressee
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.channels.telegram.inbound.updates import Said, without_mark
from vink_chat.conversations import Conversation, NotYours
from vink_chat.kit.clock import now
from vink_chat.operators import OperatorView

ASKED_FOR: Final = timedelta(minutes=5)
"""How long the question for a note is in its writer's mind: later words are meant for the visitor again."""


def check_held(visit: Visit, conversation: Conversation) -> None:
    """Refuse what only the holder of a conversation may do.

    Raises:
        NotYours: Somebody else holds it, or nobody.
    """
    if not conversations.holds(conversation, visit.person.id):
        raise NotYours


async def ask_whom(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    """Ask which colleague is to have a conversation."""
    del detail
    check_held(visit, conversation)
    rows: list[list[tuple[str, str]]] = []
    for one in [one for one in await operators.on_shift(visit.tx) if one.id != visit.person.id][:50]:
        held = len(await handover.held_by(visit.tx, one.id))
        name = visit.say("{name} · ведёт: {count}", name=one.name, count=held) if held else one.name
        rows.append([(name, buttons.data(Act.TRANSFER_TO, link.id or 0, buttons.short(one.id)))])
    words = visit.say("Кому передать разговор?") if rows else visit.say("Передать некому: больше никого нет на смене.")
    await visit.tell(words, markup=buttons.inline(rows) if rows else None, link_id=link.id)


async def ask_for_note(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    """Ask for a note to the colleague that was chosen."""
    check_held(visit, conversation)
    if (to := await _colleague(visit, detail)) is None:
        return
    await _put_away(visit, link)
    without = (visit.say("Без заметки"), buttons.data(Act.HAND_OVER, link.id or 0, detail))
    stay = (visit.say("Не передавать"), buttons.data(Act.HAND_OVER, link.id or 0))
    words = visit.say(
        "Что передать на словах? Напишите сюда: прочтёт {name}, посетитель этого не увидит.", name=to.name
    )
    await visit.tell(words, markup=buttons.inline([[without, stay]]), link_id=link.id)


async def hand_over(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    """Hand a conversation over without a note, or keep it."""
    check_held(visit, conversation)
    if detail:
        await _transfer(visit, link, conversation, detail, "")
    else:
        await _put_away(visit, link)
        visit.after.words = visit.say("Разговор остаётся у вас.")


async def noted(visit: Visit, said: Said) -> bool:
    """Hand over with what was written as a note, where that was asked for; false when these words are no note."""
    if said.media or not (said.private or visit.place):
        return False
    carried = buttons.data(Act.HAND_OVER, visit.place) if visit.place else f"{Act.HAND_OVER.value}:"
    row = await store.asking(visit.tx, said.chat_id, carried, now() - ASKED_FOR)
    link = await links.link(visit.tx, row.link_id) if row and row.link_id else None
    if row is None or link is None:
        return False
    conversation = await conversations.get(visit.tx, link.conversation_id)
    elsewhere = said.answers and said.answers != row.telegram_id
    if elsewhere or not conversations.holds(conversation, visit.person.id):
        return False
    note = conversations.clean(without_mark(said.text)[0])
    await _transfer(visit, link, conversation, _chosen(row), note)
    await addressee.remember_cut(visit.tx, said, note=True, conversation_id=conversation.id)
    return True


def _chosen(row: Outgoing) -> str:
    [[without, _]] = (row.markup or {})["inline_keyboard"]
    return buttons.parsed(without["callback_data"])[2]


async def _colleague(visit: Visit, detail: str) -> OperatorView | None:
    found = next((one for one in await operators.on_shift(visit.tx) if buttons.short(one.id) == detail), None)
    if found is None:
        visit.after.words = visit.say("Этого специалиста нет на смене.")
    return found


async def _transfer(visit: Visit, link: Link, conversation: Conversation, detail: str, note: str) -> None:
    if (to := await _colleague(visit, detail)) is None:
        if note:
            await visit.tell(visit.after.words, link_id=link.id)
        return
    await handover.transfer(visit.tx, conversation.id, visit.person.id, to.id, to.name, note)
    await _put_away(visit, link)
    visit.after.words = visit.say("Разговор передан: {name}.", name=to.name)


async def _put_away(visit: Visit, link: Link) -> None:
    """Take the buttons off the questions that are answered."""
    for act in (Act.TRANSFER_TO, Act.HAND_OVER):
        for row in await store.carrying(visit.tx, buttons.data(act, link.id or 0)):
            await outbox.keyboard(visit.tx, row, None)
