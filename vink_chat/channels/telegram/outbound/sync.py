"""Brings every chat up to what the database says of a conversation.

Nothing is told from an event's words: a fact only says which conversation to look at, and what a crash left untold is
told at the next look.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from vink_chat import conversations, handover, operators
from vink_chat.channels import outbox
from vink_chat.channels.model import Link, LinkState, Priority, QueueNotice
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.outbound import chat_view
from vink_chat.channels.telegram.outbound.chat_view import Scene
from vink_chat.conversations import Conversation, HandoffKind, Status, visitors
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import DEFAULT_LANGUAGE, say
from vink_chat.operators import AccountStatus, OperatorView


async def conversation(tx: Transaction, conversation_id: UUID) -> None:
    """Put into the outbox whatever the chats do not know yet of a conversation."""
    subject = await conversations.get_row(tx, conversation_id, lock=True)
    known = {link.chat_id: link for link in await links.links(tx, conversation_id)}
    scene = Scene(tx, subject, await visitors.get_row(tx, subject.visitor_id), known, await group.at_work(tx))
    here = [one for one in await operators.on_shift(tx) if one.telegram_id] if subject.status is Status.WAITING else []
    scene.languages = {one.telegram_id: one.language for one in here if one.telegram_id}
    for link in known.values():
        if link.ending_row_id is not None and subject.ends_at is None:
            await chat_view.call_off(scene, link)
    if scene.chosen.topics:
        await _topic(scene)
    if subject.status is Status.WAITING:
        await _waiting(scene, here)
    elif subject.status is Status.ATTENDED:
        await _attended(scene)
    else:
        await _elsewhere(scene)


async def _waiting(scene: Scene, here: list[OperatorView]) -> None:
    tag = cards.tag(scene.conversation.visitor_id)
    for link in list(scene.links.values()):
        if link.state is LinkState.OPEN and not link.topic:
            await _tell_what_is_new(scene, link)
            sentence = say("Разговор с посетителем {tag} вернулся в очередь.", scene.language(link), tag=tag)
            await chat_view.end(scene, link, sentence)
    await _invite_all(scene, here)
    topics = scene.chosen.topics
    present = {scene.chosen.group_id, *(one.telegram_id for one in here if not topics)}
    for link in list(scene.links.values()):
        if link.state is LinkState.INVITED and link.chat_id not in present:
            reads = await _reads_there(scene, link)
            language = scene.language(link)
            moved = say("Этот разговор теперь в своей теме.", language)
            silent = say("Приглашение снято: вы их сейчас не получаете.", language)
            await chat_view.withdraw(scene, link, moved if topics and reads else silent)
        elif link.state in {LinkState.INVITED, LinkState.OPEN}:
            if link.state is LinkState.INVITED:
                await chat_view.restate(scene, link)
            await chat_view.remind(scene, link)


async def _invite_all(scene: Scene, here: list[OperatorView]) -> None:
    chosen = scene.chosen
    if chosen.topics:
        return
    busy = await handover.busy_operators(scene.tx)
    first = scene.conversation.offered_to
    chats: dict[int, UUID | None] = {
        one.telegram_id: one.id for one in here if one.telegram_id and one.id not in busy and first in {None, one.id}
    }
    if chosen.group_id and first is None:
        chats[chosen.group_id] = None
    for chat_id, operator_id in chats.items():
        link = scene.links.get(chat_id)
        if link is None:
            fresh = Link(conversation_id=scene.conversation.id, chat_id=chat_id, operator_id=operator_id)
            link = await chat_view.new_link(scene, fresh)
        elif link.state in {LinkState.INVITED, LinkState.OPEN}:
            continue
        await chat_view.invite(scene, link)


async def _attended(scene: Scene) -> None:
    holder = await operators.operator(scene.tx, scene.conversation.operator_id or UUID(int=0))
    mine = None if scene.chosen.topics else holder.telegram_id
    if mine and holder.status is AccountStatus.ACTIVE:
        scene.languages[mine] = holder.language
        link = scene.links.get(mine)
        if link is None:
            fresh = Link(conversation_id=scene.conversation.id, chat_id=mine, operator_id=holder.id)
            link = await chat_view.new_link(scene, fresh)
            await chat_view.begin(scene, link)
        elif link.state is not LinkState.OPEN:
            # The chat may have been another account's before.
            link.operator_id = holder.id
            await chat_view.begin(scene, link)
        else:
            await chat_view.relay(scene, link)
    for link in scene.links.values():
        if link.chat_id == mine or link.topic or link.state in {LinkState.OVER, LinkState.LOST}:
            continue
        if not await _reads_there(scene, link):
            await chat_view.hush(scene, link)
        await _without(scene, link, holder)


async def _without(scene: Scene, link: Link, holder: OperatorView) -> None:
    """Say in a place that the conversation goes on with somebody else, or in a topic."""
    language = scene.language(link)
    if link.state is LinkState.INVITED:
        await chat_view.withdraw(scene, link, say("Уже взял(а) {name}.", language, name=holder.name))
    elif link.chat_id == holder.telegram_id:
        await chat_view.end(scene, link, say("Этот разговор теперь в своей теме.", language))
    else:
        who = cards.who(scene.visitor)
        given = say("Разговор с посетителем {who} передан: {name}.", language, who=who, name=holder.name)
        taken = say("{name} забрал(а) разговор с посетителем {who}.", language, who=who, name=holder.name)
        loser = _taken_from(scene)
        await chat_view.end(scene, link, taken if loser and loser == link.operator_id else given)


def _taken_from(scene: Scene) -> UUID | None:
    """Return from whom the conversation was taken over, if it was."""
    handoff = scene.conversation.handoff
    return handoff.from_id if handoff and handoff.kind is HandoffKind.TAKEN_OVER else None


async def _tell_loser(scene: Scene) -> None:
    """Say in the own chat of somebody who led a conversation in its topic that a colleague has taken it."""
    loser = _taken_from(scene)
    reader = await operators.operator(scene.tx, loser) if loser else None
    if reader is None or reader.telegram_id is None or reader.status is not AccountStatus.ACTIVE:
        return
    # Nothing more of the visitor: this chat has no place of the conversation to be erased with.
    who, name = cards.tag(scene.conversation.visitor_id), scene.conversation.operator_name
    words = say("{name} забрал(а) разговор с посетителем {who}.", reader.language, who=who, name=name)
    await outbox.text(scene.tx, reader.telegram_id, words)


async def _elsewhere(scene: Scene) -> None:
    closed = scene.conversation.status is Status.CLOSED
    tag = cards.tag(scene.conversation.visitor_id)
    for link in scene.links.values():
        reads = await _reads_there(scene, link)
        language = scene.language(link)
        over = say("Чат с посетителем {tag} окончен.", language, tag=tag)
        back = say("Разговор с посетителем {tag} вернулся ассистенту.", language, tag=tag)
        if link.state is LinkState.INVITED:
            await chat_view.withdraw(scene, link, over if closed else back)
        elif link.state is LinkState.OPEN and (closed or not link.topic):
            await _tell_what_is_new(scene, link)
            await chat_view.end(scene, link, over if closed else back)
        if not closed:
            link.rating = None
        elif link.state is not LinkState.LOST:
            await _tell_rating(scene, link, reads=reads)


async def _tell_rating(scene: Scene, link: Link, *, reads: bool) -> None:
    """Pass on the stars and the words beside them, each once an end: whoever changes them rings nobody's bell."""
    stars, comment = scene.conversation.rating, scene.conversation.rating_comment
    told, link.rating = link.rating is not None, stars
    link.commented = link.commented and told
    if not reads or not link.relayed or stars is None:
        return
    tag, language = cards.tag(scene.conversation.visitor_id), scene.language(link)
    if not told:
        text = say("Оценка от посетителя {tag}: {stars} из 5.", language, tag=tag, stars=stars)
        await outbox.text(scene.tx, link.chat_id, text, link_id=link.id)
    if comment and not link.commented:
        link.commented = True
        text = say("Отзыв посетителя {tag}, {stars} из 5: {comment}", language, tag=tag, stars=stars, comment=comment)
        await outbox.text(scene.tx, link.chat_id, text, link_id=link.id)


async def _topic(scene: Scene) -> None:
    chat_id = scene.chosen.group_id
    if chat_id is None:
        return
    link = scene.links.get(chat_id)
    calls = scene.conversation.status in {Status.WAITING, Status.ATTENDED}
    if link is None and calls:
        link = await chat_view.new_link(
            scene, Link(conversation_id=scene.conversation.id, chat_id=chat_id, topic=True, state=LinkState.OVER)
        )
        await chat_view.begin(scene, link)
    elif link is not None and calls and not link.topic:
        # The group was called before topics were switched on.
        await chat_view.withdraw(scene, link, say("Этот разговор теперь в своей теме.", scene.language(link)))
        link.topic = True
        await chat_view.begin(scene, link)
    elif link is not None and calls and link.state is LinkState.LOST:
        await chat_view.begin(scene, link)
    if link is None or not link.topic or link.state is LinkState.LOST:
        return
    if calls:
        link.state = LinkState.OPEN
        await chat_view.relay(scene, link)
    before = link.name
    await chat_view.redraw(scene, link)
    held = scene.conversation.status is Status.ATTENDED and cards.says_held(before, scene.language(link))
    if held and before != link.name:
        await _tell_loser(scene)


async def _tell_what_is_new(scene: Scene, link: Link) -> None:
    """Bring a place up to the thread before it ends; who may not read there any more is told nothing of it."""
    if await _reads_there(scene, link):
        await chat_view.relay(scene, link)
    else:
        await chat_view.hush(scene, link)


async def _reads_there(scene: Scene, link: Link) -> bool:
    """Tell whether a place's operator may read on there, and learn the language; a topic is read by all."""
    if link.operator_id is None:
        return True
    if not scene.people:
        scene.people = {one.id: one for one in await operators.operators(scene.tx)}
    reader = scene.people.get(link.operator_id)
    scene.languages.setdefault(link.chat_id, reader.language if reader else DEFAULT_LANGUAGE)
    return reader is not None and reader.status is AccountStatus.ACTIVE and reader.telegram_id == link.chat_id


async def waiting(tx: Transaction) -> list[UUID]:
    """List the conversations to look at when somebody comes, goes or becomes free."""
    return [one.id for one in (*await handover.queued(tx), *await handover.callbacks(tx))]


async def queue(tx: Transaction) -> None:
    """Bring the line of the queue up to date in the chat of everybody who leads a conversation."""
    # What is offered to a free colleague first comes here when that has ended.
    waiting = [one for one in await handover.queued(tx) if one.offered_to is None]
    readers = await _readers(tx)
    invited = await links.invitations(tx, readers) if waiting else set[tuple[int, UUID]]()
    names = await links.names(tx, [one.visitor_id for one in waiting]) if readers else dict[UUID, str]()
    for chat_id in sorted({*readers, *await links.notice_chats(tx)}):
        unknown = [one for one in waiting if (chat_id, one.id) not in invited] if chat_id in readers else []
        notice = await links.notice(tx, chat_id, new=bool(unknown))
        if notice is not None:
            await _bring_up(tx, notice, unknown, names, readers.get(chat_id))


async def _readers(tx: Transaction) -> dict[int, OperatorView]:
    if (await group.at_work(tx)).topics:
        return {}
    busy = await handover.busy_operators(tx)
    return {one.telegram_id: one for one in await operators.on_shift(tx) if one.telegram_id and one.id in busy}


async def _bring_up(
    tx: Transaction,
    notice: QueueNotice,
    waiting: Sequence[Conversation],
    names: Mapping[UUID, str],
    reader: OperatorView | None,
) -> None:
    shown = [one.id.hex for one in waiting]
    alarm = max((one.alerted_at for one in waiting if one.alerted_at), default=None)
    # An alarm from before somebody stood in the line is no news to whoever reads it now.
    rings = any(
        one.id.hex in notice.shown and one.alerted_at and (not notice.alerted_at or one.alerted_at > notice.alerted_at)
        for one in waiting
    )
    if shown == notice.shown and not rings:
        return
    if reader is None or not waiting:
        if notice.row is not None:
            await outbox.delete(tx, notice.row)
        notice.row = None
    else:
        text, markup = (
            _queue_line(waiting, names, reader.language),
            buttons.queue(waiting[: cards.MOST_SHOWN], reader.language),
        )
        if notice.row is not None and not rings and set(shown) <= set(notice.shown):
            await outbox.edit(tx, notice.row, text, markup)
        else:
            if notice.row is not None:
                await outbox.delete(tx, notice.row)
            notice.row = await outbox.text(
                tx, notice.chat_id, text, markup=markup, silent=not rings, priority=Priority.CALL
            )
    notice.shown, notice.alerted_at = shown, alarm or notice.alerted_at
    tx.session.add(notice)


def _queue_line(waiting: Sequence[Conversation], names: Mapping[UUID, str], language: str) -> str:
    one = len(waiting) == 1
    heading = say("Ещё ждёт:", language) if one else say("Ещё ждут {count}:", language, count=len(waiting))
    return "\n".join([heading, *cards.queue(waiting, names, language)])
