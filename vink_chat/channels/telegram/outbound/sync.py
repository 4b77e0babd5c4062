"""Brings every chat up to date with the database: what it shows of a conversation, and its queue notice.

An event only says which conversation to compare; the texts come from the database. So whatever a crash left out is
sent at the next comparison.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox
from vink_chat.channels.model import Link, LinkState, Priority, QueueNotice
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.outbound import chat_view
from vink_chat.channels.telegram.outbound.chat_view import ChatView
from vink_chat.conversations import Conversation, HandoffKind, Status, visitors
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import DEFAULT_LANGUAGE, say
from vink_chat.operators import AccountStatus, OperatorView


async def conversation(tx: Transaction, conversation_id: UUID) -> None:
    """Queue whatever the chats do not show yet of a conversation."""
    subject = await conversations.get_row(tx, conversation_id, lock=True)
    by_chat = {link.chat_id: link for link in await link_store.links(tx, conversation_id)}
    view = ChatView(tx, subject, await visitors.get_row(tx, subject.visitor_id), by_chat, await group.at_work(tx))
    here = (
        [person for person in await operators.on_shift(tx) if person.telegram_id]
        if subject.status is Status.WAITING
        else []
    )
    view.languages = {person.telegram_id: person.language for person in here if person.telegram_id}
    for link in by_chat.values():
        if link.ending_row_id is not None and subject.ends_at is None:
            await chat_view.say_it_continues(view, link)
    if view.chosen.topics:
        await _topic(view)
    if subject.status is Status.WAITING:
        await _waiting(view, here)
    elif subject.status is Status.ATTENDED:
        await _attended(view)
    else:
        await _elsewhere(view)


async def _waiting(view: ChatView, here: list[OperatorView]) -> None:
    tag = cards.tag(view.conversation.visitor_id)
    for link in list(view.links.values()):
        if link.state is LinkState.OPEN and not link.topic:
            reads = await _relay_rest(view, link)
            sentence = say("Разговор с посетителем {tag} вернулся в очередь.", view.language(link), tag=tag)
            await chat_view.close_link(view, link, sentence, reads=reads)
    await _invite_all(view, here)
    topics = view.chosen.topics
    invited_chats = {view.chosen.group_id, *(person.telegram_id for person in here if not topics)}
    for link in list(view.links.values()):
        if link.state is LinkState.INVITED and link.chat_id not in invited_chats:
            reads = await _may_read(view, link)
            language = view.language(link)
            moved = say("Этот разговор теперь в своей теме.", language)
            silent = say("Приглашение снято: вы их сейчас не получаете.", language)
            await chat_view.withdraw_invitation(view, link, moved if topics and reads else silent)
        elif link.state in {LinkState.INVITED, LinkState.OPEN}:
            if link.state is LinkState.INVITED:
                await chat_view.update_invitation(view, link)
            await chat_view.remind(view, link)


async def _invite_all(view: ChatView, here: list[OperatorView]) -> None:
    chosen = view.chosen
    if chosen.topics:
        return
    busy = await handover.busy_operators(view.tx)
    first = view.conversation.offered_to
    chats: dict[int, UUID | None] = {
        person.telegram_id: person.id
        for person in here
        if person.telegram_id and person.id not in busy and first in {None, person.id}
    }
    if chosen.group_id and first is None:
        chats[chosen.group_id] = None
    for chat_id, operator_id in chats.items():
        link = view.links.get(chat_id)
        if link is None:
            new_link = Link(conversation_id=view.conversation.id, chat_id=chat_id, operator_id=operator_id)
            link = await chat_view.new_link(view, new_link)
        elif link.state in {LinkState.INVITED, LinkState.OPEN}:
            continue
        await chat_view.invite(view, link)


async def _attended(view: ChatView) -> None:
    holder = await operators.operator(view.tx, view.conversation.operator_id or UUID(int=0))
    holder_chat = None if view.chosen.topics else holder.telegram_id
    if holder_chat and holder.status is AccountStatus.ACTIVE:
        view.languages[holder_chat] = holder.language
        link = view.links.get(holder_chat)
        if link is None:
            new_link = Link(conversation_id=view.conversation.id, chat_id=holder_chat, operator_id=holder.id)
            link = await chat_view.new_link(view, new_link)
            await chat_view.open_link(view, link)
        elif link.state is not LinkState.OPEN:
            # The chat may have been another account's before.
            link.operator_id = holder.id
            await chat_view.open_link(view, link)
        else:
            await chat_view.relay_new_messages(view, link)
    for link in view.links.values():
        if link.chat_id == holder_chat or link.topic or link.state in {LinkState.OVER, LinkState.LOST}:
            continue
        reads = await _may_read(view, link)
        if not reads:
            await chat_view.drop_pending(view, link)
        await _say_who_holds_it(view, link, holder, reads=reads)


async def _say_who_holds_it(view: ChatView, link: Link, holder: OperatorView, *, reads: bool) -> None:
    """Say in a chat that another operator holds the conversation, or that it is in a topic."""
    language = view.language(link)
    if link.state is LinkState.INVITED:
        await chat_view.withdraw_invitation(view, link, say("Уже взял(а) {name}.", language, name=holder.name))
    elif link.chat_id == holder.telegram_id:
        await chat_view.close_link(view, link, say("Этот разговор теперь в своей теме.", language), reads=reads)
    else:
        who = cards.who(view.visitor)
        given = say("Разговор с посетителем {who} передан: {name}.", language, who=who, name=holder.name)
        taken = say("{name} забрал(а) разговор с посетителем {who}.", language, who=who, name=holder.name)
        previous_holder = _taken_from(view)
        sentence = taken if previous_holder and previous_holder == link.operator_id else given
        await chat_view.close_link(view, link, sentence, reads=reads)


def _taken_from(view: ChatView) -> UUID | None:
    """Return the operator the conversation was taken over from, if it was."""
    handoff = view.conversation.handoff
    return handoff.from_id if handoff and handoff.kind is HandoffKind.TAKEN_OVER else None


async def _tell_previous_holder(view: ChatView) -> None:
    """Tell an operator who held a conversation in its topic, in their own chat, that a colleague has taken it."""
    previous_holder = _taken_from(view)
    reader = await operators.operator(view.tx, previous_holder) if previous_holder else None
    if reader is None or reader.telegram_id is None or reader.status is not AccountStatus.ACTIVE:
        return
    # Nothing more about the visitor: this message has no link, so it would not be erased with the conversation.
    who, name = cards.tag(view.conversation.visitor_id), view.conversation.operator_name
    text = say("{name} забрал(а) разговор с посетителем {who}.", reader.language, who=who, name=name)
    await outbox.send_text(view.tx, reader.telegram_id, text)


async def _elsewhere(view: ChatView) -> None:
    closed = view.conversation.status is Status.CLOSED
    tag = cards.tag(view.conversation.visitor_id)
    for link in view.links.values():
        reads = await _may_read(view, link)
        language = view.language(link)
        over = say("Чат с посетителем {tag} окончен.", language, tag=tag)
        back = say("Разговор с посетителем {tag} вернулся ассистенту.", language, tag=tag)
        if link.state is LinkState.INVITED:
            await chat_view.withdraw_invitation(view, link, over if closed else back)
        elif link.state is LinkState.OPEN and (closed or not link.topic):
            await _relay_rest(view, link)
            await chat_view.close_link(view, link, over if closed else back, reads=reads)
        if not closed:
            link.rating = None
        elif link.state is not LinkState.LOST:
            await _tell_rating(view, link, reads=reads)


async def _tell_rating(view: ChatView, link: Link, *, reads: bool) -> None:
    """Send the rating and its comment, each once per end of the conversation; later changes are not sent."""
    stars, comment = view.conversation.rating, view.conversation.rating_comment
    was_told, link.rating = link.rating is not None, stars
    link.commented = link.commented and was_told
    if not reads or not link.relayed or stars is None:
        return
    tag, language = cards.tag(view.conversation.visitor_id), view.language(link)
    if not was_told:
        text = say("Оценка от посетителя {tag}: {stars} из 5.", language, tag=tag, stars=stars)
        await outbox.send_text(view.tx, link.chat_id, text, link_id=link.id)
    if comment and not link.commented:
        link.commented = True
        text = say("Отзыв посетителя {tag}, {stars} из 5: {comment}", language, tag=tag, stars=stars, comment=comment)
        await outbox.send_text(view.tx, link.chat_id, text, link_id=link.id)


async def _topic(view: ChatView) -> None:
    chat_id = view.chosen.group_id
    if chat_id is None:
        return
    link = view.links.get(chat_id)
    is_live = view.conversation.status in link_store.WITH_OPERATORS
    if link is None and is_live:
        link = await chat_view.new_link(
            view, Link(conversation_id=view.conversation.id, chat_id=chat_id, topic=True, state=LinkState.OVER)
        )
        await chat_view.open_link(view, link)
    elif link is not None and is_live and not link.topic:
        # The group was invited before topics were switched on.
        await chat_view.withdraw_invitation(view, link, say("Этот разговор теперь в своей теме.", view.language(link)))
        link.topic = True
        await chat_view.open_link(view, link)
    elif link is not None and is_live and link.state is LinkState.LOST:
        await chat_view.open_link(view, link)
    if link is None or not link.topic or link.state is LinkState.LOST:
        return
    if is_live:
        link.state = LinkState.OPEN
        await chat_view.relay_new_messages(view, link)
    before = link.name
    await chat_view.update_topic(view, link)
    held = view.conversation.status is Status.ATTENDED and cards.says_held(before, view.language(link))
    if held and cards.status_in(before) != cards.status_in(link.name):
        await _tell_previous_holder(view)


async def _relay_rest(view: ChatView, link: Link) -> bool:
    """Relay the rest of the thread before a link ends; false if its operator may no longer read it."""
    reads = await _may_read(view, link)
    if reads:
        await chat_view.relay_new_messages(view, link)
    else:
        await chat_view.drop_pending(view, link)
    return reads


async def _may_read(view: ChatView, link: Link) -> bool:
    """Tell whether a chat's operator may still read there, and set the chat's language; everyone may read the group."""
    if link.operator_id is None:
        return True
    if not view.people:
        view.people = {person.id: person for person in await operators.operators(view.tx)}
    reader = view.people.get(link.operator_id)
    view.languages.setdefault(link.chat_id, reader.language if reader else DEFAULT_LANGUAGE)
    return reader is not None and reader.status is AccountStatus.ACTIVE and reader.telegram_id == link.chat_id


async def waiting(tx: Transaction) -> list[UUID]:
    """List the conversations that wait in the queue or for a callback."""
    return [conversation.id for conversation in (*await handover.queued(tx), *await handover.callbacks(tx))]


async def queue(tx: Transaction) -> None:
    """Update the line of the queue in the chat of every operator who holds a conversation.

    Free operators are invited to each waiting conversation instead. The line makes no sound; it moves to the end of the
    chat when another visitor waits, and is edited when one is taken. It rings for an alarm about a visitor it names.
    """
    # A conversation offered to a free colleague first comes here once that offer has ended.
    waiting = [row for row in await handover.queued(tx) if row.offered_to is None]
    readers = await _readers(tx)
    invited = await link_store.invitations(tx, readers) if waiting else set[tuple[int, UUID]]()
    names = await link_store.visitor_names(tx, [row.visitor_id for row in waiting]) if readers else dict[UUID, str]()
    for chat_id in sorted({*readers, *await link_store.queue_notice_chats(tx)}):
        uninvited = [row for row in waiting if (chat_id, row.id) not in invited] if chat_id in readers else []
        notice = await link_store.queue_notice(tx, chat_id, new=bool(uninvited))
        if notice is not None:
            await _update_notice(tx, notice, uninvited, names, readers.get(chat_id))


async def _readers(tx: Transaction) -> dict[int, OperatorView]:
    if (await group.at_work(tx)).topics:
        return {}
    busy = await handover.busy_operators(tx)
    on_shift = await operators.on_shift(tx)
    return {person.telegram_id: person for person in on_shift if person.telegram_id and person.id in busy}


async def _update_notice(
    tx: Transaction,
    notice: QueueNotice,
    waiting: Sequence[Conversation],
    names: Mapping[UUID, str],
    reader: OperatorView | None,
) -> None:
    shown = [row.id.hex for row in waiting]
    alarm = max((row.alerted_at for row in waiting if row.alerted_at), default=None)
    # An alarm from before a visitor was named in the line is no news.
    rings = any(
        row.id.hex in notice.shown and row.alerted_at and (not notice.alerted_at or row.alerted_at > notice.alerted_at)
        for row in waiting
    )
    if shown == notice.shown and not rings:
        return
    if reader is None or not waiting:
        if notice.row is not None:
            await outbox.delete(tx, notice.row)
        notice.row = None
    else:
        text = _queue_line(waiting, names, reader.language)
        markup = buttons.queue(waiting[: cards.MOST_SHOWN], reader.language)
        if notice.row is not None and not rings and set(shown) <= set(notice.shown):
            await outbox.edit(tx, notice.row, text, markup)
        else:
            if notice.row is not None:
                await outbox.delete(tx, notice.row)
            notice.row = await outbox.send_text(
                tx, notice.chat_id, text, markup=markup, silent=not rings, priority=Priority.CALL
            )
    notice.shown, notice.alerted_at = shown, alarm or notice.alerted_at
    tx.session.add(notice)


def _queue_line(waiting: Sequence[Conversation], names: Mapping[UUID, str], language: str) -> str:
    is_one = len(waiting) == 1
    heading = say("Ещё ждёт:", language) if is_one else say("Ещё ждут {count}:", language, count=len(waiting))
    return "\n".join([heading, *cards.queue(waiting, names, language)])
