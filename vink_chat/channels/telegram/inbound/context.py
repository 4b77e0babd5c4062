"""The context of one update: the event, its sender, its topic, and what to do after the commit."""

from dataclasses import dataclass, field
from uuid import UUID

from vink_chat import operators, preferences
from vink_chat.channels import outbox
from vink_chat.channels.model import Link
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.bot import Markup
from vink_chat.channels.telegram.inbound.updates import ButtonPress, Event, IncomingMessage
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import best_language, say
from vink_chat.operators import AccountStatus, OperatorView
from vink_chat.preferences import Telegram


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """An operator asks the assistant for a draft."""

    conversation_id: UUID
    operator_id: UUID
    link_id: int
    chat_id: int
    language: str


@dataclass(slots=True)
class FollowUp:
    """What to do after the commit.

    Attributes:
        press_id: The pressed button to answer, if any.
        text: The text of that answer.
        alert: Whether to show the answer in a dialog that must be closed.
        draft: A draft to ask the assistant for.
        sync_all: Whether to bring every chat up to date.
    """

    press_id: str = ""
    text: str = ""
    alert: bool = False
    draft: DraftRequest | None = None
    sync_all: bool = False


@dataclass(slots=True)
class UpdateContext:
    """A message or a button press being handled.

    Attributes:
        sender: The account of its sender; None for a stranger.
        topic: The (read-only) link of its topic, which replies go to.
    """

    tx: Transaction
    event: IncomingMessage | ButtonPress
    sender: OperatorView | None
    topic: Link | None = None
    follow_up: FollowUp = field(default_factory=FollowUp)

    @property
    def message(self) -> IncomingMessage:
        """The event as a message."""
        assert isinstance(self.event, IncomingMessage)  # noqa: S101  the router tells messages and presses apart
        return self.event

    @property
    def press(self) -> ButtonPress:
        """The event as a button press."""
        assert isinstance(self.event, ButtonPress)  # noqa: S101  the router tells messages and presses apart
        return self.event

    @property
    def is_from_operator(self) -> bool:
        """Whether an active operator sent it."""
        return self.sender is not None and self.sender.status is AccountStatus.ACTIVE

    @property
    def operator(self) -> OperatorView:
        """The operator who sent it."""
        assert self.sender is not None  # noqa: S101  the router lets only operators through
        return self.sender

    @property
    def language(self) -> str:
        """The sender's language."""
        return self.sender.language if self.sender else best_language(self.event.person.language)

    @property
    def link_id(self) -> int | None:
        """The id of its topic's link."""
        return self.topic.id if self.topic else None

    def say(self, sentence: str, /, **values: object) -> str:
        """Return a sentence in the sender's language."""
        return say(sentence, self.language, **values)

    async def tell(self, text: str, *, markup: Markup | None = None, link_id: int | None = None) -> int:
        """Queue a reply in the chat or topic the update came from, and return its row's id."""
        in_group = isinstance(self.event, IncomingMessage) and not self.event.private
        return await outbox.send_text(
            self.tx,
            self.event.chat_id,
            text,
            markup=markup,
            link_id=link_id or self.link_id,
            reply_to=self.event.number if in_group else None,
        )


def is_relevant(event: Event) -> bool:
    """Tell whether to handle an event: messages from groups other than the configured one are ignored."""
    if not isinstance(event, IncomingMessage):
        return True
    return event.private or event.chat_id == preferences.current(Telegram).group_id


async def build_context(tx: Transaction, event: IncomingMessage | ButtonPress) -> UpdateContext:
    """Look up the sender and the topic of an update."""
    sender = await operators.by_telegram(tx, event.person.id)
    topic = None
    if isinstance(event, IncomingMessage) and event.thread_id is not None:
        topic = await link_store.topic_link(tx, event.chat_id, event.thread_id)
    return UpdateContext(tx, event, sender, topic)
