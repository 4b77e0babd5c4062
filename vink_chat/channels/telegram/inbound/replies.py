"""Posts what an operator writes into a conversation: replies, notes and corrections; ends conversations."""

from typing import Final

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox
from vink_chat.channels.model import LinkState, saved_id
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.inbound import addressee
from vink_chat.channels.telegram.inbound.addressee import Unclear
from vink_chat.channels.telegram.inbound.context import UpdateContext
from vink_chat.channels.telegram.inbound.updates import TopicChange, parse_note
from vink_chat.conversations import Conversation
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say
from vink_chat.operators import AccountStatus, Presence, Role

_FILES: Final = {"photo", "document", "video", "audio", "voice", "video_note", "animation"}


async def reply(context: UpdateContext) -> None:
    """Post an operator's message in its conversation, or tell them why it was not posted."""
    message = context.message
    conversation = await addressee.find(context)
    _, is_note = parse_note(message.text)
    if conversation is None:
        await _say_no_conversation(context)
        await addressee.remember_split(context)
    elif message.media:
        await context.tell(_media_refusal(context), link_id=await _link_id(context, conversation))
    elif isinstance(conversation, Unclear) or message.forwarded:
        # Ask first: it is unclear which conversation is meant, or the text is forwarded and may not be for the visitor.
        candidates = conversation.candidates if isinstance(conversation, Unclear) else [conversation]
        question = await addressee.keep(context, candidates)
        await addressee.remember_split(context, note=is_note, question=question)
    else:
        await addressee.post(context, conversation, message.text, message.reply_to)
        await addressee.remember_split(context, note=is_note, conversation_id=conversation.id)


async def finish(context: UpdateContext, conversation: Conversation) -> str:
    """Schedule the end of a conversation, with a cancel button, and return the text to show.

    Raises:
        NotYours: Another operator holds it.
        NewWords: The visitor wrote something that was not shown here yet.
    """
    if conversation.ends_at and conversations.holds(conversation, context.operator.id):
        return context.say("Разговор уже завершается.")
    link = await link_store.link_in(context.tx, conversation.id, context.event.chat_id)
    last_shown_position = link.relayed if link and link.state is LinkState.OPEN else conversation.asked_position
    await handover.finish_soon(context.tx, conversation.id, context.operator.id, last_shown_position)
    text = context.say("Разговор с посетителем {tag} сейчас завершится.", tag=cards.tag(conversation.visitor_id))
    if link is not None:
        markup = buttons.ending(saved_id(link), context.language)
        link.ending_row_id = await context.tell(text, markup=markup, link_id=link.id)
        context.tx.session.add(link)
    return context.say("Разговор сейчас завершится.")


async def correct(context: UpdateContext) -> bool:
    """Apply an operator's edit of their Telegram message, or tell them why not; false if the message is not an edit."""
    if not context.message.edited:
        return False
    if await addressee.correct_kept(context):
        return True
    message, is_command = context.message, conversations.visible(context.message.text).startswith("/")
    original = await link_store.telegram_message(context.tx, message.chat_id, message.number)
    if original is None or original.message_id is None:
        if (message.private or context.link_id) and not is_command:
            await context.tell(context.say("Это сообщение посетителю не уходило, менять у него нечего."))
        return True
    text, note = parse_note(message.text)
    if is_command and not note:
        await context.tell(
            context.say("Команда в исправленном сообщении не выполняется; у посетителя оно осталось прежним.")
        )
        return True
    changed = await conversations.edit(
        context.tx, original.message_id, context.operator.id, text, note=note, channel=outbox.CHANNEL
    )
    if changed.note and not note:
        await context.tell(
            context.say("Это осталось заметкой: посетитель её не видит. Чтобы ответить ему, напишите заново.")
        )
    return True


async def _say_no_conversation(context: UpdateContext) -> None:
    message = context.message
    if not message.private and message.thread_id is None:
        # Ordinary messages in the group are not for the bot; a reply to the bot is meant for a visitor.
        if message.replies_to_bot:
            await context.tell(
                context.say("Отсюда посетителю не ответить. Нажмите «Взять» под приглашением и пишите боту лично.")
            )
        return
    if context.operator.presence is Presence.HERE:
        text = context.say("Сейчас вы не ведёте разговор. Дождитесь приглашения и нажмите на его кнопку.")
    else:
        text = context.say("Сейчас вы не ведёте разговор. Чтобы получать приглашения, нажмите /start.")
    await context.tell(text)


async def on_topic_changed(tx: Transaction, event: TopicChange) -> None:
    """Record that a topic was closed or reopened; one closed by its operator or an administrator ends."""
    topic = await link_store.topic_link(tx, event.chat_id, event.thread_id)
    link = await link_store.link(tx, saved_id(topic)) if topic else None
    if link is None:
        return
    link.closed = event.closed
    tx.session.add(link)
    conversation = await conversations.get(tx, link.conversation_id)
    if not event.closed or conversation.status not in link_store.WITH_OPERATORS:
        return
    person = await operators.by_telegram(tx, event.person.id)
    may_end = (
        person is not None
        and person.status is AccountStatus.ACTIVE
        and (person.role is Role.ADMIN or conversations.holds(conversation, person.id))
    )
    if may_end and conversation.operator_id is not None:
        await handover.finish(tx, conversation.id, conversation.operator_id)
        return
    text = say(
        "Тему закрыли, но разговор продолжается. Закончить его может тот, кто его ведёт: «Завершить».", group.language()
    )
    await outbox.send_text(tx, event.chat_id, text, link_id=link.id)


def _media_refusal(context: UpdateContext) -> str:
    if context.message.media in _FILES:
        text = context.say(
            "Файлы, фото и голос посетителю пока не передаются. Выложите файл в общий доступ и пришлите ссылку текстом."
        )
        return f"{text} {context.say('Подпись тоже не ушла.')}" if context.message.captioned else text
    return context.say("Такое сообщение посетителю не передать. Напишите текстом.")


async def _link_id(context: UpdateContext, conversation: Conversation | Unclear) -> int | None:
    if isinstance(conversation, Unclear):
        return None
    link = await link_store.link_in(context.tx, conversation.id, context.message.chat_id)
    return link.id if link else None
