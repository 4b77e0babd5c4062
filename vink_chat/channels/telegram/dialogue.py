"""What an operator writes into a conversation: replies, notes, corrections, and what cannot be carried."""

from typing import Final

from vink_chat import conversations, handover, operators, preferences
from vink_chat.channels import store
from vink_chat.channels.errors import TopicsOnly, UnclearAnswer
from vink_chat.channels.model import Heard, Link, Stand
from vink_chat.channels.telegram import cards
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.incoming import Said
from vink_chat.channels.telegram.visit import Visit
from vink_chat.conversations import Conversation
from vink_chat.kit.clock import now
from vink_chat.operators import Presence
from vink_chat.preferences import Telegram

NOTE: Final = "//"
_FILES: Final = {"photo", "document", "video", "audio", "voice", "video_note", "animation"}


async def conversation_of(visit: Visit, said: Said) -> Conversation | None:
    """Find the conversation an operator means: the topic's, the answered message's, else the one last written in.

    Raises:
        TopicsOnly: Conversations are led in topics, and this was written elsewhere.
        UnclearAnswer: The one last written in is over, or it answers a message of ours that nobody knows: it is not
            guessed which of the others is meant.
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
    if preferences.current(Telegram).topics:
        raise TopicsOnly
    last = await links.last_written(visit.tx, said.chat_id, visit.person.id)
    meant = last.conversation_id if last else next(iter(held))
    if meant not in held or (len(held) > 1 and (last is None or (said.answers and said.answers_us))):
        raise UnclearAnswer(tags=", ".join(cards.tag(one.visitor_id) for one in held.values()))
    return held[meant]


async def said(visit: Visit, what: Said) -> None:
    """Carry what an operator wrote, or say why it cannot be carried."""
    if what.edited:
        await _corrected(visit, what)
        return
    conversation = await conversation_of(visit, what)
    if conversation is None:
        await _nobody_there(visit, what)
    elif what.media:
        await visit.tell(_refusal(visit, what), link_id=await _place(visit, what, conversation))
    else:
        await _reply(visit, what, conversation)


async def _reply(visit: Visit, what: Said, conversation: Conversation) -> None:
    text, note = _read(what.text)
    quoted = await store.heard(visit.tx, what.chat_id, what.answers) if what.answers else None
    message = await conversations.reply(
        visit.tx,
        conversation.id,
        visit.person.id,
        visit.person.name,
        text,
        note=note,
        quote=quoted.message_id if quoted else None,
    )
    await store.remember(visit.tx, what.chat_id, what.number, conversation.id, message.id)
    for link in await links.links(visit.tx, conversation.id):
        if link.chat_id == what.chat_id and link.stand is Stand.OPEN:
            link.touched_at = now()
            visit.tx.session.add(link)


async def _corrected(visit: Visit, what: Said) -> None:
    heard: Heard | None = await store.heard(visit.tx, what.chat_id, what.number)
    if heard is None or heard.message_id is None:
        if (what.private or visit.place) and not conversations.visible(what.text).startswith("/"):
            await visit.tell(visit.say("Это сообщение клиенту не уходило, менять у него нечего."))
        return
    text, note = _read(what.text)
    message = await conversations.edit(visit.tx, heard.message_id, visit.person.id, text, note=note)
    if message.note and not note:
        await visit.tell(visit.say("Это осталось заметкой: клиент её не видит. Чтобы ответить ему, напишите заново."))


def _read(text: str) -> tuple[str, bool]:
    """Return the words, and whether they are a note: a letter nobody sees before the mark must not send it out."""
    shown = conversations.visible(text)
    return (shown.removeprefix(NOTE), True) if shown.startswith(NOTE) else (text, False)


async def _nobody_there(visit: Visit, what: Said) -> None:
    if not what.private and what.thread_id is None:
        # The group's own talk is nobody's business.
        return
    if visit.person.presence is Presence.HERE:
        words = visit.say("Сейчас вы не ведёте разговор. Дождитесь приглашения и нажмите на его кнопку.")
    else:
        words = visit.say("Сейчас вы не ведёте разговор. Чтобы получать приглашения, нажмите /start.")
    await visit.tell(words)


def _refusal(visit: Visit, what: Said) -> str:
    if what.media in _FILES:
        return visit.say(
            "Файлы, фото и голос клиенту пока не передаются. Выложите файл в общий доступ и пришлите ссылку текстом."
        )
    return visit.say("Такое сообщение клиенту не передать. Напишите текстом.")


async def _place(visit: Visit, what: Said, conversation: Conversation) -> int | None:
    found: list[Link] = await links.links(visit.tx, conversation.id)
    return next((link.id for link in found if link.chat_id == what.chat_id), None)


async def who_is_here(visit: Visit) -> list[str]:
    """Name the operators on shift, and what each is doing."""
    lines: list[str] = []
    for person in await operators.on_shift(visit.tx):
        held = len(await handover.held_by(visit.tx, person.id))
        lines.append(f"{person.name} — " + (visit.say("ведёт: {count}", count=held) if held else visit.say("свободен")))
    return lines
