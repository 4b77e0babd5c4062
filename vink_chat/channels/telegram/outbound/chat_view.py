"""What each chat shows of a conversation: invitations, cards, transcripts, and their updates.

Every step is recorded in the chat's link, so that repeating it sends nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from vink_chat import conversations
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Link, LinkState, Priority, saved_id
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.conversations import AnyConversation, Author, HandoffKind, MessageRow, Status, VisitorRow
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import DEFAULT_LANGUAGE, say
from vink_chat.operators import OperatorView
from vink_chat.preferences import Telegram

_TRANSCRIPT = 200
_MOST = 5000
_SHOWN = 10


@dataclass(slots=True)
class ChatView:
    """A conversation with its visitor, its links by chat, and the languages of their readers.

    Attributes:
        chosen: The preferences of the group; without a group while the bot is not in it.
        languages: The readers' languages by chat.
        people: The accounts, once they were loaded.
    """

    tx: Transaction
    conversation: AnyConversation
    visitor: VisitorRow
    links: dict[int, Link]
    chosen: Telegram
    languages: dict[int, str] = field(default_factory=dict[int, str])
    people: dict[UUID, OperatorView] = field(default_factory=dict[UUID, OperatorView])

    def language(self, link: Link) -> str:
        """Return the language of a chat."""
        return self.languages.get(link.chat_id, group.language() if link.operator_id is None else DEFAULT_LANGUAGE)

    def card(self, link: Link) -> str:
        """Return the card a chat should show now."""
        holder = self.conversation.operator_id if self.conversation.status is Status.ATTENDED else None
        own = holder is not None and link.operator_id == holder
        return cards.card(self.conversation, self.visitor, self.language(link), own=own)

    def keyboard(self, link: Link) -> buttons.Markup | None:
        """Return the buttons a chat should show now."""
        return buttons.card(self.conversation, saved_id(link), self.language(link), shared=link.topic)


async def new_link(view: ChatView, link: Link) -> Link:
    """Store a new link."""
    view.tx.session.add(link)
    await view.tx.session.flush()
    view.links[link.chat_id] = link
    return link


def _invitation_text(view: ChatView, link: Link) -> str:
    language = view.language(link)
    text = cards.invitation(view.conversation, view.visitor, language, reader=link.operator_id)
    if view.conversation.callback_since is None:
        return text
    return f"{text}\n{say('Перезвонить', language)}: {cards.contacts(view.visitor)}"


def _alarm(view: ChatView) -> str:
    """Return the time of a conversation's last alarm, which identifies it; empty if there was none."""
    alarm = view.conversation.alerted_at
    return alarm.isoformat() if alarm else ""


async def invite(view: ChatView, link: Link) -> None:
    """Invite one chat to a waiting conversation; a callback makes no sound."""
    language = view.language(link)
    text, keyboard = _invitation_text(view, link), buttons.invitation(saved_id(link), language)
    task = view.conversation.callback_since is not None
    link.state, link.announced_alarm, link.buttons_row_id = LinkState.INVITED, _alarm(view), None
    link.card_row_id = await outbox.send_text(
        view.tx, link.chat_id, text, markup=keyboard, link_id=link.id, priority=Priority.CALL, silent=task
    )
    view.tx.session.add(link)


async def update_invitation(view: ChatView, link: Link) -> None:
    """Update an invitation to what the visitor asks now."""
    if link.card_row_id is not None:
        language = view.language(link)
        await outbox.edit(
            view.tx, link.card_row_id, _invitation_text(view, link), buttons.invitation(saved_id(link), language)
        )


async def remind(view: ChatView, link: Link) -> None:
    """Say once for each alarm that a conversation still waits; callbacks have no alarms."""
    alarm = _alarm(view)
    if not alarm or link.announced_alarm == alarm or view.conversation.callback_since is not None:
        return
    link.announced_alarm = alarm
    text = say("Посетитель {tag} всё ещё ждёт.", view.language(link), tag=cards.tag(view.conversation.visitor_id))
    invited = link.state is LinkState.INVITED
    keyboard = buttons.invitation(saved_id(link), view.language(link)) if invited else view.keyboard(link)
    row = await outbox.send_text(view.tx, link.chat_id, text, markup=keyboard, link_id=link.id, priority=Priority.CALL)
    await _move_buttons(view, link, row)


async def _move_buttons(view: ChatView, link: Link, row: int | None) -> None:
    """Record the newest message with buttons, and remove them from the previous one."""
    if link.buttons_row_id is not None and link.buttons_row_id not in {link.card_row_id, row}:
        await outbox.set_buttons(view.tx, link.buttons_row_id, None)
    link.buttons_row_id = row
    view.tx.session.add(link)


async def remove_buttons(view: ChatView, link: Link) -> None:
    """Remove every button of a link that is over."""
    for row in await store.rows_with_buttons(view.tx, saved_id(link)):
        await outbox.set_buttons(view.tx, row, None)
    link.buttons_row_id = None


async def withdraw_invitation(view: ChatView, link: Link, sentence: str) -> None:
    """Replace an invitation with a sentence, and end its link."""
    if link.card_row_id is not None:
        await outbox.edit(view.tx, link.card_row_id, sentence)
    await remove_buttons(view, link)
    link.state, link.card_row_id = LinkState.OVER, None
    view.tx.session.add(link)


async def open_link(view: ChatView, link: Link) -> None:
    """Show a conversation in a chat: its card, the messages of that day, and the unanswered ones."""
    invitation = link.card_row_id if link.state is LinkState.INVITED else None
    old_rows = await store.rows_with_buttons(view.tx, saved_id(link))
    if not link.topic and not await link_store.open_links(view.tx, link.chat_id):
        # It is the only open one there, so the operator's next message can only be meant for it.
        link.touched_at = now()
    link.state, link.announced_alarm = LinkState.OPEN, _alarm(view)
    language = view.language(link)
    if link.topic:
        link.card_due = True
    else:
        link.card_row_id = await outbox.send_text(
            view.tx, link.chat_id, view.card(link), markup=view.keyboard(link), link_id=link.id
        )
    await _transcript(view, link)
    if invitation is not None:
        await outbox.edit(view.tx, invitation, say("Вы взяли этот разговор.", language))
    for row in old_rows:
        await outbox.set_buttons(view.tx, row, None)
    view.tx.session.add(link)


async def _transcript(view: ChatView, link: Link) -> None:
    conversation, language = view.conversation, view.language(link)
    visible = await conversations.thread(view.tx, conversation.visitor_id, limit=_TRANSCRIPT)
    own = await conversations.conversation_messages(view.tx, conversation.id, limit=_TRANSCRIPT)
    notes = [message for message in own if message.note]
    said = sorted([*visible, *notes], key=lambda message: message.position)
    unanswered = _unanswered(said, conversation)
    midnight = cards.moment(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    before = [
        message
        for message in said
        if message.created_at >= midnight and _for_operators(message) and message not in unanswered
    ]
    earlier = cards.split(cards.earlier(before[-_SHOWN:], conversation, language))
    pieces = [*earlier, *cards.split(cards.unanswered(unanswered, conversation, language))]
    more = buttons.history(saved_id(link), language) if len(before) > _SHOWN else None
    link.buttons_row_id = None
    for number, piece in enumerate(pieces, start=1):
        last = number == len(pieces)
        row = await outbox.send_text(
            view.tx,
            link.chat_id,
            piece,
            link_id=link.id,
            markup=more if number == len(earlier) else view.keyboard(link) if last and not link.topic else None,
            message_id=unanswered[-1].id if last and unanswered else None,
        )
        link.buttons_row_id = row if last and not link.topic and number != len(earlier) else None
    link.relayed = max([link.relayed, *(message.position for message in said)])


def _for_operators(message: MessageRow) -> bool:
    """Tell whether operators get a message: system notices to the visitor are not relayed, internal notes are."""
    return message.author is not Author.SYSTEM or message.note


def _unanswered(said: Sequence[MessageRow], conversation: AnyConversation) -> list[MessageRow]:
    messages: list[MessageRow] = []
    for message in reversed(said):
        if message.author is Author.VISITOR and message.conversation_id == conversation.id:
            messages.insert(0, message)
        elif message.author is not Author.SYSTEM and not message.note:
            break
    return messages


async def relay_new_messages(view: ChatView, link: Link) -> None:
    """Relay the new messages of the thread to a chat, except those written there."""
    conversation = view.conversation
    new_messages = await conversations.conversation_messages(view.tx, conversation.id, after=link.relayed, limit=_MOST)
    for message in new_messages:
        link.relayed = message.position
        if (
            not _for_operators(message)
            or await link_store.telegram_id_of(view.tx, link.chat_id, message.id) is not None
        ):
            continue
        quoted = await link_store.telegram_id_of(view.tx, link.chat_id, message.quote_id) if message.quote_id else None
        text = cards.relayed(message, conversation, view.language(link), topic=link.topic)
        # Do not add a note about a note that was not delivered.
        carried_id = None if message.author is Author.SYSTEM else message.id
        pieces = cards.split(text)
        for number, piece in enumerate(pieces, start=1):
            row = await outbox.send_text(
                view.tx,
                link.chat_id,
                piece,
                markup=view.keyboard(link) if number == len(pieces) else None,
                link_id=link.id,
                message_id=carried_id,
                reply_to=quoted,
            )
            await _move_buttons(view, link, row)
        if carried_id is None and link.card_row_id is not None:
            await outbox.edit(view.tx, link.card_row_id, view.card(link), view.keyboard(link))
    view.tx.session.add(link)


async def say_it_continues(view: ChatView, link: Link) -> None:
    """Say that the end of a conversation was cancelled."""
    if link.ending_row_id is not None and view.conversation.status is Status.ATTENDED:
        tag = cards.tag(view.conversation.visitor_id)
        text = say("Разговор с посетителем {tag} продолжается.", view.language(link), tag=tag)
        await outbox.edit(view.tx, link.ending_row_id, text)
    link.ending_row_id = None
    view.tx.session.add(link)


async def drop_pending(view: ChatView, link: Link) -> None:
    """Drop the pending rows of a chat whose operator may no longer read it."""
    await store.drop(view.tx, saved_id(link))


async def close_link(view: ChatView, link: Link, sentence: str, *, reads: bool) -> None:
    """End a chat's link, saying that the conversation is over or continues elsewhere.

    Args:
        view: The conversation.
        link: The chat's link.
        sentence: What the chat is told.
        reads: Whether the chat's operator may still read it: then its card shows how the conversation stands now.
    """
    markup = None if link.topic else buttons.at_work()
    await outbox.send_text(view.tx, link.chat_id, sentence, link_id=link.id, markup=markup)
    if link.card_row_id is not None and not link.topic and reads:
        await outbox.edit(view.tx, link.card_row_id, view.card(link))
    await remove_buttons(view, link)
    link.card_row_id = link.card_row_id if link.topic else None
    link.state, link.ended_at = LinkState.OVER, now()
    view.tx.session.add(link)


async def update_topic(view: ChatView, link: Link) -> None:
    """Update a topic's name and card to the conversation's status."""
    name = cards.topic_name(view.conversation, view.language(link))
    if name == link.name:
        return
    before, link.name = link.name, name
    moved = cards.status_in(before) != cards.status_in(name)
    handoff = view.conversation.handoff
    # The note that came before this says who took it over.
    given = handoff is None or handoff.kind is not HandoffKind.TAKEN_OVER
    if moved and given and view.conversation.status is Status.ATTENDED and cards.says_held(before, view.language(link)):
        text = say("Разговор передан: {name}.", view.language(link), name=view.conversation.operator_name)
        await outbox.send_text(view.tx, link.chat_id, text, link_id=link.id)
    again = moved and view.conversation.status is Status.WAITING and before != "" and link.card_row_id is not None
    if again:
        await _call_topic_again(view, link)
    elif link.card_row_id is not None:
        await outbox.edit(view.tx, link.card_row_id, view.card(link), view.keyboard(link))
    if link.buttons_row_id is not None and link.buttons_row_id != link.card_row_id:
        await outbox.set_buttons(view.tx, link.buttons_row_id, view.keyboard(link))
    if link.thread_id is not None:
        await outbox.rename_topic(view.tx, link.chat_id, saved_id(link), name)
    view.tx.session.add(link)


async def _call_topic_again(view: ChatView, link: Link) -> None:
    """Call operators to a topic again: a new card at its end, and no buttons above it."""
    before, old_rows, link.buttons_row_id = (
        link.card_row_id,
        await store.rows_with_buttons(view.tx, saved_id(link)),
        None,
    )
    link.card_row_id = await outbox.send_text(
        view.tx, link.chat_id, view.card(link), markup=view.keyboard(link), link_id=link.id, priority=Priority.CALL
    )
    if before is not None:
        await outbox.edit(view.tx, before, view.card(link))
    for row in old_rows:
        await outbox.set_buttons(view.tx, row, None)
