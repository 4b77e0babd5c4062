"""What an operator writes into a conversation: replies, notes, corrections, and what cannot be carried."""

from typing import Final

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Heard, Link, Stand
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.inbound import addressee, transfer
from vink_chat.channels.telegram.inbound.addressee import Unclear
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.channels.telegram.inbound.updates import Said, TopicShut, without_mark
from vink_chat.conversations import Conversation, Status
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, Presence, Role

_FILES: Final = {"photo", "document", "video", "audio", "voice", "video_note", "animation"}


async def said(visit: Visit, what: Said) -> None:
    """Carry what an operator wrote, or say why it cannot be carried."""
    if what.edited:
        await _corrected(visit, what)
        return
    if await transfer.noted(visit, what):
        return
    meant = await addressee.addressee(visit, what)
    if meant is None:
        await _nobody_there(visit, what)
        await addressee.remember_cut(visit.tx, what)
    elif what.media:
        await visit.tell(_refusal(visit, what), link_id=await _place(visit, what, meant))
    elif isinstance(meant, Unclear) or what.forwarded:
        # What a colleague wrote elsewhere may not be meant for a visitor.
        candidates = meant.candidates if isinstance(meant, Unclear) else [meant]
        question = await addressee.keep(visit, what, candidates)
        await addressee.remember_cut(visit.tx, what, note=without_mark(what.text)[1], question=question)
    else:
        await addressee.post(visit, meant, what.text, what.number, what.answers)
        await addressee.touched(visit, meant.id, what.chat_id, what.number)
        await addressee.remember_cut(visit.tx, what, note=without_mark(what.text)[1], conversation_id=meant.id)


async def finish(visit: Visit, conversation: Conversation) -> str:
    """Let a conversation end in some seconds, with a button that calls it off, and return what is so now.

    Raises:
        NotYours: Somebody else holds it.
        NewWords: The visitor wrote something that was not shown here yet.
    """
    if conversation.ends_at and conversations.holds(conversation, visit.person.id):
        return visit.say("Разговор уже завершается.")
    found = {link.chat_id: link for link in await links.links(visit.tx, conversation.id)}
    link = found.get(visit.what.chat_id)
    shown = link.relayed if link and link.stand is Stand.OPEN else conversation.asked_position
    await handover.finish_soon(visit.tx, conversation.id, visit.person.id, shown)
    words = visit.say("Разговор с посетителем {tag} сейчас завершится.", tag=cards.tag(conversation.visitor_id))
    if link is not None:
        markup = buttons.ending(link.id or 0, visit.person.language)
        link.ending = await visit.tell(words, markup=markup, link_id=link.id)
        visit.tx.session.add(link)
    return visit.say("Разговор сейчас завершится.")


async def _corrected(visit: Visit, what: Said) -> None:
    if await addressee.correct_kept(visit, what):
        return
    heard: Heard | None = await store.heard(visit.tx, what.chat_id, what.number)
    if heard is None or heard.message_id is None:
        if (what.private or visit.place) and not conversations.visible(what.text).startswith("/"):
            await visit.tell(visit.say("Это сообщение посетителю не уходило, менять у него нечего."))
        return
    if conversations.visible(what.text).startswith("/") and not conversations.visible(what.text).startswith("//"):
        words = visit.say("Команда в исправленном сообщении не выполняется; у посетителя оно осталось прежним.")
        await visit.tell(words)
        return
    text, note = without_mark(what.text)
    message = await conversations.edit(
        visit.tx, heard.message_id, visit.person.id, text, note=note, channel=outbox.CHANNEL
    )
    if message.note and not note:
        await visit.tell(
            visit.say("Это осталось заметкой: посетитель её не видит. Чтобы ответить ему, напишите заново.")
        )


async def _nobody_there(visit: Visit, what: Said) -> None:
    if not what.private and what.thread_id is None:
        # The group's own talk is nobody's business, but an answer to the bot is meant for somebody.
        if what.answers_us:
            words = visit.say("Отсюда посетителю не ответить. Нажмите «Взять» под приглашением и пишите боту лично.")
            await visit.tell(words)
        return
    if visit.person.presence is Presence.HERE:
        words = visit.say("Сейчас вы не ведёте разговор. Дождитесь приглашения и нажмите на его кнопку.")
    else:
        words = visit.say("Сейчас вы не ведёте разговор. Чтобы получать приглашения, нажмите /start.")
    await visit.tell(words)


async def topic_shut(tx: Transaction, what: TopicShut) -> None:
    """Follow a topic that somebody closed: whoever leads the conversation, or an administrator, ends it so."""
    link = await links.topic_link(tx, what.chat_id, what.thread_id)
    if link is None:
        return
    link.closed = what.closed
    tx.session.add(link)
    conversation = await conversations.get(tx, link.conversation_id)
    if not what.closed or conversation.status not in {Status.WAITING, Status.ATTENDED}:
        return
    person = await operators.by_telegram(tx, what.person.id)
    ends = (
        person is not None
        and person.status is AccountStatus.ACTIVE
        and (person.role is Role.ADMIN or conversations.holds(conversation, person.id))
    )
    if ends and conversation.operator_id is not None:
        await handover.finish(tx, conversation.id, conversation.operator_id)
        return
    words = say(
        "Тему закрыли, но разговор продолжается. Закончить его может тот, кто его ведёт: «Завершить».", group.language()
    )
    await outbox.text(tx, what.chat_id, words, link_id=link.id)


def _refusal(visit: Visit, what: Said) -> str:
    if what.media in _FILES:
        words = visit.say(
            "Файлы, фото и голос посетителю пока не передаются. Выложите файл в общий доступ и пришлите ссылку текстом."
        )
        return f"{words} {visit.say('Подпись тоже не ушла.')}" if what.captioned else words
    return visit.say("Такое сообщение посетителю не передать. Напишите текстом.")


async def _place(visit: Visit, what: Said, conversation: Conversation | Unclear) -> int | None:
    if isinstance(conversation, Unclear):
        return None
    found: list[Link] = await links.links(visit.tx, conversation.id)
    return next((link.id for link in found if link.chat_id == what.chat_id), None)
