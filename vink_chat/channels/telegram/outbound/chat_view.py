"""What each chat is to be told of a conversation: invitations, cards, transcripts, and how they change.

Every step leaves a trace in its link, so that doing it twice says nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from vink_chat import conversations
from vink_chat.channels import outbox, store
from vink_chat.channels.model import Link, LinkState, Priority
from vink_chat.channels.telegram import buttons, cards, group
from vink_chat.channels.telegram import store as links
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
class Scene:
    """A conversation, whose it is, its places by chat, and who reads there in which language.

    Attributes:
        chosen: What is chosen for the group, as long as the bot is in it.
        people: The accounts, once they were asked for.
    """

    tx: Transaction
    conversation: AnyConversation
    visitor: VisitorRow
    links: dict[int, Link]
    chosen: Telegram
    languages: dict[int, str] = field(default_factory=dict[int, str])
    people: dict[UUID, OperatorView] = field(default_factory=dict[UUID, OperatorView])

    def language(self, link: Link) -> str:
        """Return the language of a place."""
        return self.languages.get(link.chat_id, group.language() if link.operator_id is None else DEFAULT_LANGUAGE)

    def card(self, link: Link) -> str:
        """Return the card a place shows now."""
        holder = self.conversation.operator_id if self.conversation.status is Status.ATTENDED else None
        own = holder is not None and link.operator_id == holder
        return cards.card(self.conversation, self.visitor, self.language(link), own=own)

    def keyboard(self, link: Link) -> buttons.Markup | None:
        """Return the buttons a place shows now."""
        return buttons.card(self.conversation, _id(link), self.language(link), shared=link.topic)


def _id(link: Link) -> int:
    assert link.id is not None  # noqa: S101  it was stored before it was used
    return link.id


async def new_link(scene: Scene, link: Link) -> Link:
    """Keep a new place."""
    scene.tx.session.add(link)
    await scene.tx.session.flush()
    scene.links[link.chat_id] = link
    return link


def _call(scene: Scene, link: Link) -> str:
    language = scene.language(link)
    text = cards.invitation(scene.conversation, scene.visitor, language, reader=link.operator_id)
    if scene.conversation.callback_since is None:
        return text
    return f"{text}\n{say('Перезвонить', language)}: {cards.contacts(scene.visitor)}"


def _alarm(scene: Scene) -> str:
    """Name the last alarm of a conversation; empty when there was none."""
    alarm = scene.conversation.alerted_at
    return alarm.isoformat() if alarm else ""


async def invite(scene: Scene, link: Link) -> None:
    """Call one chat to a conversation that waits."""
    language = scene.language(link)
    text, keyboard = _call(scene, link), buttons.invitation(_id(link), language)
    task = scene.conversation.callback_since is not None
    link.state, link.announced_alarm, link.buttons_row_id = LinkState.INVITED, _alarm(scene), None
    # Whoever has gone is no alarm.
    link.card_row_id = await outbox.text(
        scene.tx, link.chat_id, text, markup=keyboard, link_id=link.id, priority=Priority.CALL, silent=task
    )
    scene.tx.session.add(link)


async def restate(scene: Scene, link: Link) -> None:
    """Bring an invitation up to what the visitor asks now."""
    if link.card_row_id is not None:
        language = scene.language(link)
        await outbox.edit(scene.tx, link.card_row_id, _call(scene, link), buttons.invitation(_id(link), language))


async def remind(scene: Scene, link: Link) -> None:
    """Say once for each alarm that a conversation still waits; whoever has gone is no alarm."""
    alarm = _alarm(scene)
    if not alarm or link.announced_alarm == alarm or scene.conversation.callback_since is not None:
        return
    link.announced_alarm = alarm
    text = say("Посетитель {tag} всё ещё ждёт.", scene.language(link), tag=cards.tag(scene.conversation.visitor_id))
    invited = link.state is LinkState.INVITED
    keyboard = buttons.invitation(_id(link), scene.language(link)) if invited else scene.keyboard(link)
    row = await outbox.text(scene.tx, link.chat_id, text, markup=keyboard, link_id=link.id, priority=Priority.CALL)
    await _stands_lowest(scene, link, row)


async def _stands_lowest(scene: Scene, link: Link, row: int | None) -> None:
    """Take the buttons away from the message that had them last, for another has them now."""
    if link.buttons_row_id not in {None, link.card_row_id, row}:
        await outbox.keyboard(scene.tx, link.buttons_row_id or 0, None)
    link.buttons_row_id = row
    scene.tx.session.add(link)


async def bare(scene: Scene, link: Link) -> None:
    """Take away every button of a place that is over."""
    for row in await store.with_buttons(scene.tx, _id(link)):
        await outbox.keyboard(scene.tx, row, None)
    link.buttons_row_id = None


async def withdraw(scene: Scene, link: Link, sentence: str) -> None:
    """Put a sentence in the place of an invitation, and end it."""
    if link.card_row_id is not None:
        await outbox.edit(scene.tx, link.card_row_id, sentence)
    await bare(scene, link)
    link.state, link.card_row_id = LinkState.OVER, None
    scene.tx.session.add(link)


async def begin(scene: Scene, link: Link) -> None:
    """Hand a conversation to a place: the card, the earlier conversation of the day, what nobody answered yet."""
    invitation = link.card_row_id if link.state is LinkState.INVITED else None
    pressed = await store.with_buttons(scene.tx, _id(link))
    if not link.topic and not await links.open_links(scene.tx, link.chat_id):
        # It comes alone, so the next words can only be meant for it.
        link.touched_at = now()
    link.state, link.announced_alarm = LinkState.OPEN, _alarm(scene)
    language = scene.language(link)
    if link.topic:
        link.card_due = True
    else:
        link.card_row_id = await outbox.text(
            scene.tx, link.chat_id, scene.card(link), markup=scene.keyboard(link), link_id=link.id
        )
    await _transcript(scene, link)
    if invitation is not None:
        await outbox.edit(scene.tx, invitation, say("Вы взяли этот разговор.", language))
    for row in pressed:
        await outbox.keyboard(scene.tx, row, None)
    scene.tx.session.add(link)


async def _transcript(scene: Scene, link: Link) -> None:
    conversation, language = scene.conversation, scene.language(link)
    visible = await conversations.thread(scene.tx, conversation.visitor_id, limit=_TRANSCRIPT)
    own = await conversations.conversation_messages(scene.tx, conversation.id, limit=_TRANSCRIPT)
    notes = [message for message in own if message.note]
    said = sorted([*visible, *notes], key=lambda message: message.position)
    open_ones = _unanswered(said, conversation)
    midnight = cards.moment(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    before = [
        message
        for message in said
        if message.created_at >= midnight and _for_operators(message) and message not in open_ones
    ]
    heard = cards.split(cards.earlier(before[-_SHOWN:], conversation, language))
    pieces = [*heard, *cards.split(cards.unanswered(open_ones, conversation, language))]
    more = buttons.history(_id(link), language) if len(before) > _SHOWN else None
    link.buttons_row_id = None
    for number, piece in enumerate(pieces, start=1):
        last = number == len(pieces)
        row = await outbox.text(
            scene.tx,
            link.chat_id,
            piece,
            link_id=link.id,
            markup=more if number == len(heard) else scene.keyboard(link) if last and not link.topic else None,
            message_id=open_ones[-1].id if last and open_ones else None,
        )
        link.buttons_row_id = row if last and not link.topic and number != len(heard) else None
    link.relayed = max([link.relayed, *(message.position for message in said)])


def _for_operators(message: MessageRow) -> bool:
    """Tell whether a message is news to an operator: what the chat tells the visitor is none, what it notes is."""
    return message.author is not Author.SYSTEM or message.note


def _unanswered(said: Sequence[MessageRow], conversation: AnyConversation) -> list[MessageRow]:
    found: list[MessageRow] = []
    for message in reversed(said):
        if message.author is Author.VISITOR and message.conversation_id == conversation.id:
            found.insert(0, message)
        elif message.author is not Author.SYSTEM and not message.note:
            break
    return found


async def relay(scene: Scene, link: Link) -> None:
    """Put what is new in the thread before the readers of a place, but for what was written there."""
    conversation = scene.conversation
    fresh = await conversations.conversation_messages(scene.tx, conversation.id, after=link.relayed, limit=_MOST)
    for message in fresh:
        link.relayed = message.position
        if not _for_operators(message) or await links.number_of(scene.tx, link.chat_id, message.id) is not None:
            continue
        quoted = await links.number_of(scene.tx, link.chat_id, message.quote_id) if message.quote_id else None
        text = cards.relayed(message, conversation, scene.language(link), topic=link.topic)
        # That a note of ours did not arrive is not noted in its turn.
        carried = None if message.author is Author.SYSTEM else message.id
        pieces = cards.split(text)
        for number, piece in enumerate(pieces, start=1):
            row = await outbox.text(
                scene.tx,
                link.chat_id,
                piece,
                markup=scene.keyboard(link) if number == len(pieces) else None,
                link_id=link.id,
                message_id=carried,
                answers=quoted,
            )
            await _stands_lowest(scene, link, row)
        if carried is None and link.card_row_id is not None:
            await outbox.edit(scene.tx, link.card_row_id, scene.card(link), scene.keyboard(link))
    scene.tx.session.add(link)


async def call_off(scene: Scene, link: Link) -> None:
    """Say that a conversation goes on which was about to end."""
    if link.ending_row_id is not None and scene.conversation.status is Status.ATTENDED:
        tag = cards.tag(scene.conversation.visitor_id)
        words = say("Разговор с посетителем {tag} продолжается.", scene.language(link), tag=tag)
        await outbox.edit(scene.tx, link.ending_row_id, words)
    link.ending_row_id = None
    scene.tx.session.add(link)


async def hush(scene: Scene, link: Link) -> None:
    """Let go of what has not gone out to a place yet: its reader may not read it any more."""
    await store.drop(scene.tx, _id(link))


async def end(scene: Scene, link: Link, sentence: str) -> None:
    """Say in a place that the conversation went on without it, or is over."""
    markup = None if link.topic else buttons.at_work()
    await outbox.text(scene.tx, link.chat_id, sentence, link_id=link.id, markup=markup)
    if link.card_row_id is not None and not link.topic:
        await outbox.edit(scene.tx, link.card_row_id, scene.card(link))
    await bare(scene, link)
    link.card_row_id = link.card_row_id if link.topic else None
    link.state, link.ended_at = LinkState.OVER, now()
    scene.tx.session.add(link)


async def redraw(scene: Scene, link: Link) -> None:
    """Bring a topic's name and card up to the conversation's status."""
    name = cards.topic_name(scene.conversation, scene.language(link))
    if name == link.name:
        return
    before, link.name = link.name, name
    handoff = scene.conversation.handoff
    # Who took it over stands in the note that came before this.
    given = handoff is None or handoff.kind is not HandoffKind.TAKEN_OVER
    if given and scene.conversation.status is Status.ATTENDED and cards.says_held(before, scene.language(link)):
        text = say("Разговор передан: {name}.", scene.language(link), name=scene.conversation.operator_name)
        await outbox.text(scene.tx, link.chat_id, text, link_id=link.id)
    again = scene.conversation.status is Status.WAITING and before != "" and link.card_row_id is not None
    if again:
        await _call_again(scene, link)
    elif link.card_row_id is not None:
        await outbox.edit(scene.tx, link.card_row_id, scene.card(link), scene.keyboard(link))
    if link.buttons_row_id not in {None, link.card_row_id}:
        await outbox.keyboard(scene.tx, link.buttons_row_id or 0, scene.keyboard(link))
    if link.thread_id is not None:
        await outbox.name(scene.tx, link.chat_id, _id(link), name)
    scene.tx.session.add(link)


async def _call_again(scene: Scene, link: Link) -> None:
    """Call to a topic that was called before: a card at its end, and no buttons above it."""
    before, pressed, link.buttons_row_id = link.card_row_id, await store.with_buttons(scene.tx, _id(link)), None
    link.card_row_id = await outbox.text(
        scene.tx, link.chat_id, scene.card(link), markup=scene.keyboard(link), link_id=link.id, priority=Priority.CALL
    )
    if before is not None:
        await outbox.edit(scene.tx, before, scene.card(link))
    for row in pressed:
        await outbox.keyboard(scene.tx, row, None)
