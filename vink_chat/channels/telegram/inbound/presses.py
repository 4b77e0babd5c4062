"""What the buttons do. Each looks at the conversation as it is now: a stale button only says so."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover, operators, preferences
from vink_chat.channels import outbox, store
from vink_chat.channels.model import DeliveryStatus, Link, LinkState, saved_id
from vink_chat.channels.telegram import buttons, cards
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.buttons import Act
from vink_chat.channels.telegram.inbound import addressee, commands, replies, signup, transfer
from vink_chat.channels.telegram.inbound.context import DraftRequest, UpdateContext
from vink_chat.conversations import Conversation, MessageRow, Status
from vink_chat.handover import AlreadyTaken, NoOpenConversation
from vink_chat.kit.clock import now

Handler = Callable[[UpdateContext, Link, Conversation, str], Awaitable[None]]

_ROW: Final = 2
_HEX: Final = 32
_HISTORY_LIMIT: Final = 2000
_DOUBLE_TAP: Final = timedelta(seconds=5)


async def press(context: UpdateContext) -> None:
    """Do what a pressed button says."""
    is_valid = False
    with contextlib.suppress(ValueError):
        act, link_id, detail = buttons.parsed(context.press.data)
        if act in GLOBAL_ACTIONS:
            await GLOBAL_ACTIONS[act](context, link_id, detail)
            return
        link = await link_store.link(context.tx, link_id)
        # When a group's chat id changes, old invitations remain in it; any operator may take their conversations.
        is_old_invitation = link is not None and act is Act.BEGIN and link.operator_id is None and not link.topic
        if link is not None and (link.chat_id == context.event.chat_id or is_old_invitation):
            conversation = await conversations.get(context.tx, link.conversation_id)
            await CONVERSATION_ACTIONS[act](context, link, conversation, detail)
            is_valid = True
    if not is_valid:
        context.follow_up.text = context.say("Эта кнопка больше не работает.")


async def _begin(context: UpdateContext, link: Link, conversation: Conversation, _detail: str) -> None:
    if conversation.status is Status.ATTENDED and conversation.operator_id != context.operator.id:
        raise AlreadyTaken(name=conversation.operator_name)
    if conversation.status is Status.CLOSED:
        raise NoOpenConversation
    if conversation.status is Status.ASSISTED and not link.topic:
        # An old invitation must not pull a visitor out of a new talk with the assistant.
        context.follow_up.text = context.say("Посетитель уже не ждёт: с ним говорит ассистент.")
        context.follow_up.alert = True
        return
    await operators.answer_in_telegram(context.tx, context.operator.id)
    await handover.claim(context.tx, conversation.id, context.operator.id, context.operator.name)
    await _turn_to(context, link, conversation)
    context.follow_up.text = context.say("Вы на связи с посетителем {tag}", tag=cards.tag(conversation.visitor_id))


async def _turn_to(context: UpdateContext, link: Link, conversation: Conversation) -> None:
    """Address the operator's next message to the conversation just taken, even if the invitation was in the group."""
    own = context.operator.telegram_id
    if own and link.chat_id != own and not link.topic:
        new_link = Link(
            conversation_id=conversation.id, chat_id=own, operator_id=context.operator.id, state=LinkState.OVER
        )
        link = await link_store.link_in(context.tx, conversation.id, own) or new_link
    await addressee.turn_to_link(context, link)


async def _claim(context: UpdateContext, _number: int, detail: str) -> None:
    """Take a conversation from the queue, which may have no link in this chat yet."""
    conversation = await conversations.get(context.tx, UUID(hex=detail))
    new_link = Link(
        conversation_id=conversation.id,
        chat_id=context.event.chat_id,
        operator_id=context.operator.id if context.event.private else None,
        state=LinkState.OVER,
    )
    link = await link_store.link_in(context.tx, conversation.id, context.event.chat_id) or new_link
    await _begin(context, link, conversation, "")


async def _take_over(context: UpdateContext, _number: int, detail: str) -> None:
    """Take a conversation from whoever held it when the button was shown."""
    conversation = await conversations.get(context.tx, UUID(hex=detail[:_HEX]))
    holder = conversation.operator_id
    if conversation.status is Status.ATTENDED and holder and buttons.short(holder) != detail[_HEX:]:
        raise AlreadyTaken(name=conversation.operator_name)
    await operators.answer_in_telegram(context.tx, context.operator.id)
    await handover.take_over(context.tx, conversation.id, context.operator, holder or context.operator.id)
    context.follow_up.text = context.say("Вы на связи с посетителем {tag}", tag=cards.tag(conversation.visitor_id))


async def _canned(context: UpdateContext, link: Link, conversation: Conversation, _detail: str) -> None:
    transfer.check_held(context, conversation)
    replies = preferences.current(preferences.Canned).replies
    cells = [
        (reply.title, buttons.data(Act.ONE_CANNED, saved_id(link), buttons.short(reply.shortcut))) for reply in replies
    ]
    rows = [cells[at : at + _ROW] for at in range(0, len(cells), _ROW)][:50]
    text = context.say("Какой ответ отправить?") if rows else context.say("Готовых ответов пока нет.")
    await context.tell(text, markup=buttons.inline(rows) if rows else None, link_id=link.id)


async def _one_canned(context: UpdateContext, link: Link, conversation: Conversation, detail: str) -> None:
    replies = preferences.current(preferences.Canned).replies
    chosen = next((reply for reply in replies if buttons.short(reply.shortcut) == detail), None)
    if chosen is None:
        context.follow_up.text = context.say("Этого ответа больше нет.")
        return
    # A reply pressed twice in one menu is sent once.
    bot, menu = (await store.lease(context.tx)).bot_id, context.event.number or context.follow_up.press_id
    sent = await _post(
        context, link, conversation, chosen.text, f"tg:{bot}:{context.event.chat_id}:{menu}:{detail}"[:64]
    )
    is_late = now() - sent.created_at > _DOUBLE_TAP
    context.follow_up.text = (
        context.say("Из этого меню он уже отправлен. Откройте «Шаблоны» ещё раз.")
        if is_late
        else context.say("Отправлено.")
    )


async def _draft(context: UpdateContext, link: Link, conversation: Conversation, _detail: str) -> None:
    transfer.check_held(context, conversation)
    context.follow_up.text = context.say("Ассистент пишет черновик…")
    context.follow_up.draft = DraftRequest(
        conversation.id, context.operator.id, saved_id(link), link.chat_id, context.operator.language
    )


async def _send_draft(context: UpdateContext, link: Link, conversation: Conversation, detail: str) -> None:
    row = await store.outgoing(context.tx, buttons.row_number(detail))
    if row is None or row.link_id != link.id or row.status is DeliveryStatus.DROPPED or not row.markup:
        context.follow_up.text = context.say("Этот черновик уже использован.")
        return
    # The first line is a heading, the draft follows.
    await _post(context, link, conversation, row.text.partition("\n")[2], conversations.draft_name(row.id))
    await outbox.edit(context.tx, saved_id(row), context.say("Черновик отправлен посетителю."))
    row.markup = None
    context.follow_up.text = context.say("Отправлено.")


async def _drop_draft(context: UpdateContext, link: Link, _conversation: Conversation, detail: str) -> None:
    row = await store.outgoing(context.tx, buttons.row_number(detail))
    if row is not None and row.link_id == link.id and row.markup:
        await outbox.edit(context.tx, saved_id(row), context.say("Черновик не отправлен."))
        row.markup = None
    context.follow_up.text = context.say("Черновик не отправлен.")


async def _post(
    context: UpdateContext, link: Link, conversation: Conversation, text: str, client_id: str
) -> MessageRow:
    # It is relayed to this chat like any message typed elsewhere, but the operator did send it from here.
    await addressee.turn_to_link(context, link)
    return await conversations.reply(
        context.tx, conversation.id, context.operator.id, context.operator.name, text, client_id=client_id
    )


async def _return(context: UpdateContext, _link: Link, conversation: Conversation, _detail: str) -> None:
    await handover.give_back(context.tx, conversation.id, context.operator.id)
    context.follow_up.text = context.say("Разговор вернулся ассистенту.")


async def _finish(context: UpdateContext, _link: Link, conversation: Conversation, _detail: str) -> None:
    context.follow_up.text = await replies.finish(context, conversation)


async def _finish_one(context: UpdateContext, question: int, detail: str) -> None:
    """Finish the conversation whose button was pressed, or none."""
    text = context.say("Ни один разговор не завершён.")
    if detail:
        text = await replies.finish(context, await conversations.get(context.tx, UUID(hex=detail)))
    row = await store.outgoing(context.tx, question)
    if row is not None and row.chat_id == context.event.chat_id and row.link_id is None:
        await outbox.edit(context.tx, question, text)
    context.follow_up.text = text


async def _keep_open(context: UpdateContext, _link: Link, conversation: Conversation, _detail: str) -> None:
    await handover.keep_open(context.tx, conversation.id, context.operator.id)
    context.follow_up.text = context.say("Разговор продолжается.")


async def _history(context: UpdateContext, link: Link, conversation: Conversation, _detail: str) -> None:
    """Send the whole history as a file: as messages it would delay the live conversation."""
    if link.state is not LinkState.OPEN:
        context.follow_up.text = context.say("Эта кнопка больше не работает.")
        return
    said = await conversations.thread(context.tx, conversation.visitor_id, limit=_HISTORY_LIMIT)
    notes = [
        message for message in await conversations.conversation_messages(context.tx, conversation.id) if message.note
    ]
    whole = sorted([*said, *notes], key=lambda message: message.position)
    await outbox.send_document(context.tx, link.chat_id, link.id, cards.history(whole, context.operator.language))
    context.follow_up.text = context.say("Отправляю файлом.")


async def _command(context: UpdateContext, _link: Link, conversation: Conversation, detail: str) -> None:
    name, _, argument = detail.partition(" ")
    if name not in commands.CONVERSATION_COMMANDS:
        raise ValueError(name)
    context.follow_up.text = await commands.CONVERSATION_COMMANDS[name](context, conversation, argument)


GLOBAL_ACTIONS: Final[dict[Act, Callable[[UpdateContext, int, str], Awaitable[None]]]] = {
    Act.CLAIM: _claim,
    Act.TAKE_OVER: _take_over,
    Act.ADDRESS: addressee.choose,
    Act.FINISH_ONE: _finish_one,
    Act.LET_IN: signup.let_in,
    Act.TURN_AWAY: signup.turn_away,
}
CONVERSATION_ACTIONS: Final[dict[Act, Handler]] = {
    Act.BEGIN: _begin,
    Act.TAKE: _begin,
    Act.CANNED: _canned,
    Act.ONE_CANNED: _one_canned,
    Act.DRAFT: _draft,
    Act.SEND_DRAFT: _send_draft,
    Act.DROP_DRAFT: _drop_draft,
    Act.RETURN: _return,
    Act.TRANSFER: transfer.ask_whom,
    Act.TRANSFER_TO: transfer.ask_for_note,
    Act.HAND_OVER: transfer.hand_over,
    # Buttons of cards from before they gave commands.
    Act.FINISH: _finish,
    Act.COMMAND: _command,
    Act.KEEP_OPEN: _keep_open,
    Act.HISTORY: _history,
}
