"""Whom an operator's words are for, and what is asked when that is not clear: a wrong guess reaches a stranger.

A text that nobody can be named for is kept until its writer says whom it is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover
from vink_chat.channels import outbox, store
from vink_chat.channels.model import REACTIONS, CutText, KeptText, Link, Receipt, Stand
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.buttons import Act, Markup
from vink_chat.channels.telegram.errors import TopicsOnly
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.channels.telegram.inbound.updates import NOTE, Said, without_mark
from vink_chat.conversations import Conversation
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.excerpts import cut

JUST: Final = timedelta(seconds=10)
_KEPT_FOR: Final = timedelta(minutes=15)
_NAMED: Final = 5
_EXCERPT: Final = 60
# Some clients cut at a word or a line before the limit.
_NEAR: Final = cards.LONGEST_MESSAGE * 3 // 4
_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Unclear:
    """Several conversations could be meant, or the one that was meant has just ended."""

    candidates: Sequence[Conversation]


async def addressee(visit: Visit, said: Said) -> Conversation | Unclear | None:
    """Find the conversation an operator means: the topic's, the answered message's, the only one, the one written in.

    Raises:
        TopicsOnly: Conversations are led in topics, and this was written elsewhere.
    """
    if not said.private:
        link = await links.topic_link(visit.tx, said.chat_id, said.thread_id) if said.thread_id else None
        return await conversations.get(visit.tx, link.conversation_id) if link else None
    answered = await store.heard(visit.tx, said.chat_id, said.answers) if said.answers else None
    if answered:
        return await conversations.get(visit.tx, answered.conversation_id)
    held = {one.id: one for one in await handover.held_by(visit.tx, visit.person.id)}
    if not held:
        return None
    if (await group.at_work(visit.tx)).topics:
        raise TopicsOnly(tags=", ".join(cards.tag(one.visitor_id) for one in held.values()))
    return await _of_held(visit, said, held)


async def _of_held(visit: Visit, said: Said, held: dict[UUID, Conversation]) -> Conversation | Unclear:
    last = await links.last_written(visit.tx, said.chat_id, visit.person.id)
    if len(held) == 1:
        [only] = held.values()
        # Words for one that ended while they were typed are for nobody else.
        if (last is None or last.conversation_id != only.id) and await just_ended(visit, said.chat_id):
            return Unclear([only])
        return only
    if last is None or last.conversation_id not in held or (said.answers and said.answers_us):
        return Unclear(list(held.values()))
    others = held.keys() - {last.conversation_id}
    between = {"after": last.touched_number, "to": said.number}
    if await links.shown_since(visit.tx, said.chat_id, others, **between):
        return Unclear(list(held.values()))
    return held[last.conversation_id]


async def just_ended(visit: Visit, chat_id: int) -> bool:
    """Tell whether a conversation ended so lately that its operator may not have noticed."""
    if await links.ended_since(visit.tx, chat_id, now() - JUST):
        return True
    # It may be over without its place having been told yet.
    for link in await links.open_links(visit.tx, chat_id):
        conversation = await conversations.get(visit.tx, link.conversation_id)
        if not conversations.holds(conversation, visit.person.id):
            return True
    return False


async def touched(visit: Visit, conversation_id: UUID, chat_id: int, number: int = 0) -> None:
    """Note that an operator turned to a conversation, in a message of theirs or else by a button."""
    for link in await links.links(visit.tx, conversation_id):
        if link.chat_id == chat_id and link.stand is Stand.OPEN:
            await touch(visit, link, number)


async def touch(visit: Visit, link: Link, number: int = 0) -> None:
    """Note that an operator turned to the conversation of a place."""
    link.touched_at = now()
    link.touched_number = number or max(await store.latest_number(visit.tx, link.chat_id), visit.what.number)
    visit.tx.session.add(link)


async def keep(visit: Visit, said: Said, candidates: Sequence[Conversation]) -> int:
    """Keep a text, ask whom it is for, and return the question's row.

    What follows goes with it, but only while nothing stands below the question: it may have been meant for that.
    """
    waiting = await links.kept(visit.tx, said.chat_id, visit.person.id)
    last = waiting[-1] if waiting and waiting[-1].kept_at > now() - _KEPT_FOR else None
    if last and await links.shown_below(visit.tx, said.chat_id, last.question, after=last.number):
        last = None
    question = last.question if last else await visit.tell("…")
    row = KeptText(
        chat_id=said.chat_id, operator_id=visit.person.id, question=question, number=said.number, text=said.text
    )
    visit.tx.session.add(row)
    texts = [*(one.text for one in waiting if one.question == question), row.text]
    await outbox.edit(visit.tx, question, _words(visit, texts), _choices(visit, Act.ADDRESS, question, candidates))
    return question


async def correct_kept(visit: Visit, said: Said) -> bool:
    """Put a corrected text in the place of a kept one, also in the question; false when it is not kept."""
    waiting = await links.kept(visit.tx, said.chat_id, visit.person.id)
    row = next((one for one in waiting if one.number == said.number), None)
    if row is None:
        return False
    row.text = said.text
    visit.tx.session.add(row)
    if asked := await store.outgoing(visit.tx, row.question):
        texts = [one.text for one in waiting if one.question == row.question]
        await outbox.edit(visit.tx, row.question, _words(visit, texts), asked.markup)
    return True


def _words(visit: Visit, texts: Sequence[str]) -> str:
    """Ask whom some texts are for, and name them; of many the newest."""
    question = visit.say("Кому отправить?")
    if len(texts) > 1:
        question += visit.say(" Сообщений: {count}", count=len(texts))
    named = [f"«{excerpt}»" for text in texts[-_NAMED:] if (excerpt := cut(text, _EXCERPT))]
    return "\n".join([question, *(["…"] if len(texts) > _NAMED else []), *named])


async def ask_which_to_finish(visit: Visit, candidates: Sequence[Conversation]) -> None:
    """Ask which conversation is over."""
    question = await visit.tell("…")
    markup = _choices(visit, Act.FINISH_ONE, question, candidates)
    await outbox.edit(visit.tx, question, visit.say("Какой разговор завершить?"), markup)


def _choices(visit: Visit, act: Act, question: int, candidates: Sequence[Conversation]) -> Markup:
    nobody = visit.say("Никому") if act is Act.ADDRESS else visit.say("Никакой")
    cells = [(cards.tag(one.visitor_id), buttons.data(act, question, one.id.hex)) for one in candidates[:20]]
    cells.append((nobody, buttons.data(act, question)))
    return buttons.inline([cells[at : at + 3] for at in range(0, len(cells), 3)])


async def choose(visit: Visit, question: int, detail: str) -> None:
    """Send what was kept under a question to the conversation whose button was pressed, or to nobody."""
    chat_id, person = visit.what.chat_id, visit.person
    waiting = await links.kept(visit.tx, chat_id, person.id, question)
    if not waiting:
        visit.after.words = visit.say("Этот текст уже отправлен или отменён.")
        return
    if not detail:
        words = visit.say("Никому не отправлено.")
    elif waiting[0].kept_at <= now() - _KEPT_FOR:
        words = visit.say("Прошло больше 15 минут, текст не отправлен. Напишите его ещё раз.")
    else:
        conversation = await conversations.get(visit.tx, UUID(hex=detail))
        for row in waiting:
            await post(visit, conversation, row.text, row.number)
        await touched(visit, conversation.id, chat_id)
        words = visit.say("Отправлено: {tag}", tag=cards.tag(conversation.visitor_id))
    for row in waiting:
        await visit.tx.session.delete(row)
    await outbox.edit(visit.tx, question, words)
    visit.after.words = words


async def post(visit: Visit, conversation: Conversation, text: str, number: int, answers: int | None = None) -> None:
    """Put an operator's words into a thread, and remember which message of theirs it is."""
    chat_id = visit.what.chat_id
    words, note = without_mark(text)
    quoted = await store.heard(visit.tx, chat_id, answers) if answers else None
    # Addresses that stood behind words may have made it longer than Telegram's own limit.
    for piece in cards.split(words) or [words]:
        message = await conversations.reply(
            visit.tx,
            conversation.id,
            visit.person.id,
            visit.person.name,
            piece,
            note=note,
            quote=quoted.message_id if quoted else None,
        )
        await _acknowledge(visit.tx, chat_id, number, conversation.id, message.id, note=note)


def may_be_cut(said: Said) -> bool:
    """Tell whether a message may be a part of a longer text, with more to come."""
    return said.length >= _NEAR and not said.edited


async def remember_cut(tx: Transaction, said: Said, *, note: bool = False, **where: object) -> None:
    """Remember where a message went that may have more to come; nowhere, when nothing says where."""
    if may_be_cut(said):
        row = CutText(chat_id=said.chat_id, person=said.person.id, said_at=said.said_at, thread_id=said.thread_id)
        await tx.session.merge(row.model_copy(update={"note": note, **where}))


async def continue_cut(visit: Visit, said: Said) -> bool:
    """Send a part after the one before it; false when it is none."""
    if not await links.has_cut_text(visit.tx, said.chat_id, said.person.id):
        return False
    row = await visit.tx.session.get(CutText, (said.chat_id, said.person.id))
    if row is None or said.edited:
        return False
    fits = row.thread_id == said.thread_id and 0 <= said.said_at - row.said_at <= _SECONDS and not said.media
    if fits:
        text = f"{NOTE}{said.text}" if row.note else said.text
        await _joined(visit, said, row, text)
    if fits and may_be_cut(said):
        row.said_at = said.said_at
        visit.tx.session.add(row)
    else:
        await visit.tx.session.delete(row)
    return fits


async def _joined(visit: Visit, said: Said, row: CutText, text: str) -> None:
    if row.question is not None:
        kept = KeptText(
            chat_id=said.chat_id, operator_id=visit.person.id, question=row.question, number=said.number, text=text
        )
        visit.tx.session.add(kept)
    elif row.conversation_id is not None:
        conversation = await conversations.get(visit.tx, row.conversation_id)
        await post(visit, conversation, text, said.number)
        await touched(visit, conversation.id, said.chat_id, said.number)


async def _acknowledge(
    tx: Transaction, chat_id: int, number: int, conversation_id: UUID, message_id: UUID, *, note: bool
) -> None:
    """Remember which message of a thread an operator's message is, and tell them that it got there."""
    receipt = Receipt.NOTE if note else Receipt.SENT
    await store.remember(tx, chat_id, number, conversation_id, message_id, receipt)
    await outbox.react(tx, chat_id, number, REACTIONS[receipt])
