"""What the buttons do. Each looks at the conversation as it is now: a stale button only says so."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations, handover, operators, preferences
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Fate, Link, Stand
from vink_chat.channels.telegram import buttons, cards
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.buttons import Act
from vink_chat.channels.telegram.inbound import addressee, replies, signup, transfer
from vink_chat.channels.telegram.inbound.context import Visit, Wish
from vink_chat.channels.telegram.inbound.updates import Pressed
from vink_chat.conversations import Conversation, MessageRow, Status
from vink_chat.handover import AlreadyTaken, NoOpenConversation
from vink_chat.kit.clock import now

Press = Callable[[Visit, Link, Conversation, str], Awaitable[None]]

_ROW: Final = 2
_HEX: Final = 32
_WHOLE: Final = 2000
_ONE_PRESS: Final = timedelta(seconds=5)


async def pressed(visit: Visit, what: Pressed) -> None:
    """Do what a button says."""
    visit.after.press_id = what.press_id
    known = False
    with contextlib.suppress(ValueError):
        act, link_id, detail = buttons.parsed(what.data)
        if act in FREE:
            await FREE[act](visit, link_id, detail)
            return
        link = await links.link(visit.tx, link_id)
        # When a group's chat id changes, old invitations remain in it; any operator may take their conversations.
        behind = link is not None and act is Act.BEGIN and link.operator_id is None and not link.topic
        if link is not None and (link.chat_id == what.chat_id or behind):
            conversation = await conversations.get(visit.tx, link.conversation_id)
            await PRESSES[act](visit, link, conversation, detail)
            known = True
    if not known:
        visit.after.words = visit.say("Эта кнопка больше не работает.")


async def _begin(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    del detail
    if conversation.status is Status.ATTENDED and conversation.operator_id != visit.person.id:
        raise AlreadyTaken(name=conversation.operator_name)
    if conversation.status is Status.CLOSED:
        raise NoOpenConversation
    if conversation.status is Status.ASSISTED and not link.topic:
        # An old invitation must not pull a visitor out of a new talk with the assistant.
        visit.after.words, visit.after.alert = visit.say("Посетитель уже не ждёт: с ним говорит ассистент."), True
        return
    await operators.answer_in_telegram(visit.tx, visit.person.id)
    await handover.claim(visit.tx, conversation.id, visit.person.id, visit.person.name)
    await _touch(visit, link, conversation)
    visit.after.words = visit.say("Вы на связи с посетителем {tag}", tag=cards.tag(conversation.visitor_id))


async def _touch(visit: Visit, link: Link, conversation: Conversation) -> None:
    """Address the operator's next message to the conversation just taken, even if the invitation was in the group."""
    own = visit.person.telegram_id
    if own and link.chat_id != own and not link.topic:
        places = {one.chat_id: one for one in await links.links(visit.tx, conversation.id)}
        fresh = Link(conversation_id=conversation.id, chat_id=own, operator_id=visit.person.id, stand=Stand.OVER)
        link = places.get(own, fresh)
    await addressee.touch(visit, link)


async def _claim(visit: Visit, number: int, detail: str) -> None:
    """Take a conversation from the queue, which may have no link in this chat yet."""
    del number
    conversation = await conversations.get(visit.tx, UUID(hex=detail))
    places = {one.chat_id: one for one in await links.links(visit.tx, conversation.id)}
    fresh = Link(
        conversation_id=conversation.id,
        chat_id=visit.what.chat_id,
        operator_id=visit.person.id if visit.what.private else None,
        stand=Stand.OVER,
    )
    await _begin(visit, places.get(visit.what.chat_id, fresh), conversation, "")


async def _take_over(visit: Visit, number: int, detail: str) -> None:
    """Take a conversation from whoever held it when the button was shown."""
    del number
    conversation = await conversations.get(visit.tx, UUID(hex=detail[:_HEX]))
    holder = conversation.operator_id
    if conversation.status is Status.ATTENDED and holder and buttons.short(holder) != detail[_HEX:]:
        raise AlreadyTaken(name=conversation.operator_name)
    await operators.answer_in_telegram(visit.tx, visit.person.id)
    await handover.take_over(visit.tx, conversation.id, visit.person, holder or visit.person.id)
    visit.after.words = visit.say("Вы на связи с посетителем {tag}", tag=cards.tag(conversation.visitor_id))


async def _canned(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    del detail
    transfer.check_held(visit, conversation)
    replies = preferences.current(preferences.Canned).replies
    cells = [(one.title, buttons.data(Act.ONE_CANNED, link.id or 0, buttons.short(one.shortcut))) for one in replies]
    rows = [cells[at : at + _ROW] for at in range(0, len(cells), _ROW)][:50]
    words = visit.say("Какой ответ отправить?") if rows else visit.say("Готовых ответов пока нет.")
    await visit.tell(words, markup=buttons.inline(rows) if rows else None, link_id=link.id)


async def _one_canned(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    replies = preferences.current(preferences.Canned).replies
    chosen = next((one for one in replies if buttons.short(one.shortcut) == detail), None)
    if chosen is None:
        visit.after.words = visit.say("Этого ответа больше нет.")
        return
    # A reply pressed twice in one menu is sent once.
    bot, menu = (await store.post(visit.tx)).bot_id, visit.what.number or visit.after.press_id
    sent = await _post(visit, link, conversation, chosen.text, f"tg:{bot}:{visit.what.chat_id}:{menu}:{detail}"[:64])
    again = now() - sent.created_at > _ONE_PRESS
    visit.after.words = (
        visit.say("Из этого меню он уже отправлен. Откройте «Шаблоны» ещё раз.") if again else visit.say("Отправлено.")
    )


async def _draft(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    del detail
    transfer.check_held(visit, conversation)
    visit.after.words = visit.say("Ассистент пишет черновик…")
    visit.after.wish = Wish(conversation.id, visit.person.id, link.id or 0, link.chat_id, visit.person.language)


async def _send_draft(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    row = await store.outgoing(visit.tx, buttons.row_number(detail))
    if row is None or row.link_id != link.id or row.fate is Fate.DROPPED or not row.markup:
        visit.after.words = visit.say("Этот черновик уже использован.")
        return
    # The heading stands on the first line, the draft below it.
    await _post(visit, link, conversation, row.text.partition("\n")[2], conversations.draft_name(row.id))
    await outbox.edit(visit.tx, row.id or 0, visit.say("Черновик отправлен посетителю."))
    row.markup = None
    visit.after.words = visit.say("Отправлено.")


async def _drop_draft(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    del conversation
    row = await store.outgoing(visit.tx, buttons.row_number(detail))
    if row is not None and row.link_id == link.id and row.markup:
        await outbox.edit(visit.tx, row.id or 0, visit.say("Черновик не отправлен."))
        row.markup = None
    visit.after.words = visit.say("Черновик не отправлен.")


async def _post(visit: Visit, link: Link, conversation: Conversation, text: str, name: str) -> MessageRow:
    # It is relayed to this chat like any message typed elsewhere, but the operator did send it from here.
    await addressee.touch(visit, link)
    return await conversations.reply(
        visit.tx, conversation.id, visit.person.id, visit.person.name, text, client_id=name
    )


async def _return(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    del link, detail
    await handover.give_back(visit.tx, conversation.id, visit.person.id)
    visit.after.words = visit.say("Разговор вернулся ассистенту.")


async def _finish(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    del link, detail
    visit.after.words = await replies.finish(visit, conversation)


async def _finish_one(visit: Visit, question: int, detail: str) -> None:
    """Finish the conversation whose button was pressed, or none."""
    words = visit.say("Ни один разговор не завершён.")
    if detail:
        words = await replies.finish(visit, await conversations.get(visit.tx, UUID(hex=detail)))
    row = await store.outgoing(visit.tx, question)
    if row is not None and row.chat_id == visit.what.chat_id and row.link_id is None:
        await outbox.edit(visit.tx, question, words)
    visit.after.words = words


async def _keep_open(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    del link, detail
    await handover.keep_open(visit.tx, conversation.id, visit.person.id)
    visit.after.words = visit.say("Разговор продолжается.")


async def _history(visit: Visit, link: Link, conversation: Conversation, detail: str) -> None:
    """Send the whole history as a file: as messages it would delay the live conversation."""
    del detail
    if link.stand is not Stand.OPEN:
        visit.after.words = visit.say("Эта кнопка больше не работает.")
        return
    said = await conversations.thread(visit.tx, conversation.visitor_id, limit=_WHOLE)
    notes = [one for one in await conversations.conversation_messages(visit.tx, conversation.id) if one.note]
    whole = sorted([*said, *notes], key=lambda message: message.position)
    await outbox.document(visit.tx, link.chat_id, link.id, cards.history(whole, visit.person.language))
    visit.after.words = visit.say("Отправляю файлом.")


FREE: Final[dict[Act, Callable[[Visit, int, str], Awaitable[None]]]] = {
    Act.CLAIM: _claim,
    Act.TAKE_OVER: _take_over,
    Act.ADDRESS: addressee.choose,
    Act.FINISH_ONE: _finish_one,
    Act.LET_IN: signup.let_in,
    Act.TURN_AWAY: signup.turn_away,
}
PRESSES: Final[dict[Act, Press]] = {
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
    Act.FINISH: _finish,
    Act.KEEP_OPEN: _keep_open,
    Act.HISTORY: _history,
}
