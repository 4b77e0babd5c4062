"""Finds the conversation an operator's message is for; if that is unclear the bot asks, lest the wrong visitor get it.

A text with an unclear addressee is kept until its author chooses one. If Telegram split a long text into several
messages, all parts go where the first one went.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover
from vink_chat.channels import outbox, store
from vink_chat.channels.model import REACTIONS, KeptText, Link, LinkState, Receipt, SplitText
from vink_chat.channels.telegram import buttons, cards, errors, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.buttons import Act, Markup
from vink_chat.channels.telegram.inbound.context import UpdateContext
from vink_chat.channels.telegram.inbound.updates import NOTE, IncomingMessage, parse_note
from vink_chat.conversations import Conversation
from vink_chat.kit.clock import now
from vink_chat.kit.excerpts import cut

JUST: Final = timedelta(seconds=10)
"""How recently a conversation ended for its operator not to have noticed."""
_KEPT_FOR: Final = timedelta(minutes=15)
_NAMED: Final = 5
_EXCERPT: Final = 60
# Some clients cut at a word or a line before the limit.
_MAY_BE_SPLIT: Final = cards.LONGEST_MESSAGE * 3 // 4
_SPLIT_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Unclear:
    """Several conversations may be meant, or the one that was meant has just ended."""

    candidates: Sequence[Conversation]


async def find(context: UpdateContext) -> Conversation | Unclear | None:
    """Find the conversation a message is for: the topic's, the replied one, the only one, or the one last written in.

    Raises:
        errors.TopicsOnly: Conversations are held in topics, and this was written elsewhere.
    """
    message = context.message
    if not message.private:
        return await conversations.get(context.tx, context.topic.conversation_id) if context.topic else None
    replied = (
        await link_store.telegram_message(context.tx, message.chat_id, message.reply_to) if message.reply_to else None
    )
    if replied:
        return await conversations.get(context.tx, replied.conversation_id)
    held = {conversation.id: conversation for conversation in await handover.held_by(context.tx, context.operator.id)}
    if not held:
        return None
    if (await group.at_work(context.tx)).topics:
        raise errors.TopicsOnly(tags=", ".join(cards.tag(conversation.visitor_id) for conversation in held.values()))
    return await _among_held(context, held)


async def _among_held(context: UpdateContext, held: dict[UUID, Conversation]) -> Conversation | Unclear:
    message = context.message
    last = await link_store.last_written(context.tx, message.chat_id, context.operator.id)
    if len(held) == 1:
        [only] = held.values()
        # A text for a conversation that ended while it was typed must not go to another.
        if (last is None or last.conversation_id != only.id) and await just_ended(context):
            return Unclear([only])
        return only
    if last is None or last.conversation_id not in held or (message.reply_to and message.replies_to_bot):
        return Unclear(list(held.values()))
    others = held.keys() - {last.conversation_id}
    between = {"after": last.touched_number, "to": message.number}
    if await link_store.shown_since(context.tx, message.chat_id, others, **between):
        return Unclear(list(held.values()))
    return held[last.conversation_id]


async def just_ended(context: UpdateContext) -> bool:
    """Tell whether a conversation ended in this chat so recently that its operator may not have noticed."""
    if await link_store.ended_since(context.tx, context.event.chat_id, now() - JUST):
        return True
    # It may have ended, but this chat is not up to date yet.
    for link in await link_store.open_links(context.tx, context.event.chat_id):
        conversation = await conversations.get(context.tx, link.conversation_id)
        if not conversations.holds(conversation, context.operator.id):
            return True
    return False


async def turn_to(context: UpdateContext, conversation_id: UUID, number: int = 0) -> None:
    """Record that an operator turned to a conversation, by a message or (without its id) by a button."""
    for link in await link_store.links(context.tx, conversation_id):
        if link.chat_id == context.event.chat_id and link.state is LinkState.OPEN:
            await turn_to_link(context, link, number)


async def turn_to_link(context: UpdateContext, link: Link, number: int = 0) -> None:
    """Record that an operator turned to the conversation of a link."""
    link.touched_at = now()
    link.touched_number = number or max(
        await link_store.latest_telegram_id(context.tx, link.chat_id), context.event.number
    )
    context.tx.session.add(link)


async def keep(context: UpdateContext, candidates: Sequence[Conversation]) -> int:
    """Keep a text, ask whom it is for, and return the id of the question's row.

    The next text joins the same question only if the chat shows nothing newer, which it might be an answer to.
    """
    message = context.message
    waiting = await link_store.kept_texts(context.tx, message.chat_id, context.operator.id)
    last = waiting[-1] if waiting and waiting[-1].kept_at > now() - _KEPT_FOR else None
    if last and await link_store.shown_below(context.tx, message.chat_id, last.question, after=last.number):
        last = None
    question = last.question if last else await context.tell("…")
    _keep_under(context, question, message.text)
    texts = [*(kept.text for kept in waiting if kept.question == question), message.text]
    markup = _choices(context, Act.ADDRESS, question, candidates)
    await outbox.edit(context.tx, question, _question(context, texts), markup)
    return question


def _keep_under(context: UpdateContext, question: int, text: str) -> None:
    message = context.message
    context.tx.session.add(
        KeptText(
            chat_id=message.chat_id,
            operator_id=context.operator.id,
            question=question,
            number=message.number,
            text=text,
        )
    )


async def correct_kept(context: UpdateContext) -> bool:
    """Replace a kept text with its correction, also in the question; false if the message is not kept."""
    message = context.message
    waiting = await link_store.kept_texts(context.tx, message.chat_id, context.operator.id)
    corrected = next((kept for kept in waiting if kept.number == message.number), None)
    if corrected is None:
        return False
    corrected.text = message.text
    context.tx.session.add(corrected)
    if asked := await store.outgoing(context.tx, corrected.question):
        texts = [kept.text for kept in waiting if kept.question == corrected.question]
        await outbox.edit(context.tx, corrected.question, _question(context, texts), asked.markup)
    return True


def _question(context: UpdateContext, texts: Sequence[str]) -> str:
    """Return the question whom some texts are for, with excerpts of the newest."""
    question = context.say("Кому отправить?")
    if len(texts) > 1:
        question += context.say(" Сообщений: {count}", count=len(texts))
    excerpts = [f"«{excerpt}»" for text in texts[-_NAMED:] if (excerpt := cut(text, _EXCERPT))]
    return "\n".join([question, *(["…"] if len(texts) > _NAMED else []), *excerpts])


async def ask_which_to_finish(context: UpdateContext, candidates: Sequence[Conversation]) -> None:
    """Ask which conversation to end."""
    question = await context.tell("…")
    markup = _choices(context, Act.FINISH_ONE, question, candidates)
    await outbox.edit(context.tx, question, context.say("Какой разговор завершить?"), markup)


def _choices(context: UpdateContext, act: Act, question: int, candidates: Sequence[Conversation]) -> Markup:
    none = context.say("Никому") if act is Act.ADDRESS else context.say("Никакой")
    cells = [
        (cards.tag(conversation.visitor_id), buttons.data(act, question, conversation.id.hex))
        for conversation in candidates[:20]
    ]
    cells.append((none, buttons.data(act, question)))
    return buttons.inline([cells[at : at + 3] for at in range(0, len(cells), 3)])


async def choose(context: UpdateContext, question: int, detail: str) -> None:
    """Post the texts kept under a question in the chosen conversation, or in none."""
    waiting = await link_store.kept_texts(context.tx, context.event.chat_id, context.operator.id, question)
    if not waiting:
        context.follow_up.text = context.say("Этот текст уже отправлен или отменён.")
        return
    if not detail:
        answer = context.say("Никому не отправлено.")
    elif waiting[0].kept_at <= now() - _KEPT_FOR:
        answer = context.say("Прошло больше 15 минут, текст не отправлен. Напишите его ещё раз.")
    else:
        conversation = await conversations.get(context.tx, UUID(hex=detail))
        for kept in waiting:
            await _post(context, conversation, kept.text, kept.number)
        await turn_to(context, conversation.id)
        answer = context.say("Отправлено: {tag}", tag=cards.tag(conversation.visitor_id))
    for kept in waiting:
        await context.tx.session.delete(kept)
    await outbox.edit(context.tx, question, answer)
    context.follow_up.text = answer


async def post(context: UpdateContext, conversation: Conversation, text: str, reply_to: int | None = None) -> None:
    """Post an operator's message in a conversation, and record that they turned to it."""
    await _post(context, conversation, text, context.message.number, reply_to)
    await turn_to(context, conversation.id, context.message.number)


async def _post(
    context: UpdateContext, conversation: Conversation, text: str, number: int, reply_to: int | None = None
) -> None:
    tx, chat_id = context.tx, context.event.chat_id
    words, note = parse_note(text)
    replied = await link_store.telegram_message(tx, chat_id, reply_to) if reply_to else None
    receipt = Receipt.NOTE if note else Receipt.SENT
    # With the addresses of its links the text may exceed Telegram's limit.
    for piece in cards.split(words) or [words]:
        message = await conversations.reply(
            tx,
            conversation.id,
            context.operator.id,
            context.operator.name,
            piece,
            note=note,
            quote=replied.message_id if replied else None,
        )
        await link_store.record_telegram_message(tx, chat_id, number, conversation.id, message.id, receipt)
        await outbox.react(tx, chat_id, number, REACTIONS[receipt])


def _may_be_split(message: IncomingMessage) -> bool:
    """Tell whether a message may be the beginning of a longer text: Telegram does not say."""
    return message.length >= _MAY_BE_SPLIT and not message.edited


async def remember_split(context: UpdateContext, *, note: bool = False, **destination: object) -> None:
    """Record where a message went that may be the beginning of a longer text; without a destination, nowhere."""
    message = context.message
    if _may_be_split(message):
        row = SplitText(
            chat_id=message.chat_id, person=message.person.id, said_at=message.sent_at, thread_id=message.thread_id
        )
        await context.tx.session.merge(row.model_copy(update={"note": note, **destination}))


async def continue_split(context: UpdateContext) -> bool:
    """Post a further part of a split text where the previous one went; false if the message is no such part.

    It follows within seconds a message near the limit of 4,096 units, by the same user in the same chat and topic. So
    the rest of a note cannot reach the visitor, and a refusal is sent once.
    """
    message = context.message
    if not await link_store.has_split_text(context.tx, message.chat_id, message.person.id):
        return False
    row = await context.tx.session.get(SplitText, (message.chat_id, message.person.id))
    if row is None or message.edited:
        return False
    in_time = 0 <= message.sent_at - row.said_at <= _SPLIT_SECONDS
    continues = row.thread_id == message.thread_id and in_time and not message.media
    if continues:
        await _send_part(context, row)
    if continues and _may_be_split(message):
        row.said_at = message.sent_at
        context.tx.session.add(row)
    else:
        await context.tx.session.delete(row)
    return continues


async def _send_part(context: UpdateContext, row: SplitText) -> None:
    text = f"{NOTE}{context.message.text}" if row.note else context.message.text
    if row.question is not None:
        _keep_under(context, row.question, text)
    elif row.conversation_id is not None:
        await post(context, await conversations.get(context.tx, row.conversation_id), text)
