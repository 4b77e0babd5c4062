"""Updates of the Bot API, parsed once from their raw JSON: only what this bot understands.

Bot API: Update, https://core.telegram.org/bots/api#update.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

from vink_chat import conversations
from vink_chat.channels.telegram import cards

Raw = dict[str, Any]
NOTE: Final = "//"
"""What a note for colleagues begins with."""

_MEDIA: Final = (
    "photo",
    "document",
    "voice",
    "video",
    "video_note",
    "audio",
    "sticker",
    "animation",
    "poll",
    "location",
    "contact",
)
# Service messages, which Telegram itself puts into a chat.
_SERVICE: Final = (
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "pinned_message",
    "group_chat_created",
    "supergroup_chat_created",
    "message_auto_delete_timer_changed",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "migrate_from_chat_id",
    "write_access_allowed",
    "users_shared",
    "chat_shared",
    "connected_website",
    "chat_background_set",
    "boost_added",
    "gift",
    "unique_gift",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "web_app_data",
    "giveaway_created",
    "giveaway_completed",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram user."""

    id: int
    name: str
    language: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A person wrote to the bot, or edited what they wrote.

    Attributes:
        thread_id: The topic of the group, if any.
        reply_to: The number of the message it replies to.
        replies_to_bot: Whether that message is a bot's.
        media: The kind of a message that is no text: ``photo``, ``voice``…; ``other`` for an unknown kind.
        captioned: The media has a caption.
        album: The album it is part of; each part is a message of its own.
        sent_at: Telegram's time, in seconds.
        length: The length of the text as it was written, in UTF-16 units.
        forwarded: Another person wrote it.
        anonymous: It was sent in the name of the group or of a channel, so its writer is unknown.
    """

    person: Person
    chat_id: int
    private: bool
    number: int
    text: str = ""
    thread_id: int | None = None
    reply_to: int | None = None
    replies_to_bot: bool = False
    media: str = ""
    album: str = ""
    captioned: bool = False
    edited: bool = False
    forwarded: bool = False
    anonymous: bool = False
    sent_at: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """A person pressed a button.

    Attributes:
        number: The message the button belongs to; 0 when Telegram does not say.
    """

    person: Person
    press_id: str
    chat_id: int
    private: bool
    data: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A person blocked the bot, or unblocked it."""

    person: Person
    blocked: bool


@dataclass(frozen=True, slots=True)
class GroupMigration:
    """A group became a supergroup, with another chat id."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """The bot was removed from a group, or added to it."""

    chat_id: int
    inside: bool


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A person closed a topic, or opened it again."""

    person: Person
    chat_id: int
    thread_id: int
    closed: bool


ChatChange = BlockChange | GroupMigration | MembershipChange | TopicChange
"""What happened to a chat, rather than was said in it."""
Event = IncomingMessage | ButtonPress | ChatChange


@dataclass(frozen=True, slots=True)
class Update:
    """One update.

    Attributes:
        number: Its number, by which it is handled once.
        event: The parsed event; None if it is of no interest here.
        fault: Why it could not be parsed.
    """

    number: int
    event: Event | None = None
    fault: Exception | None = None

    @property
    def order_keys(self) -> list[Hashable]:
        """The keys of updates handled in order: those of one user, and those of one chat or topic."""
        match self.event:
            case IncomingMessage(person=person) | TopicChange(person=person) as event:
                return [person.id, (event.chat_id, event.thread_id)]
            case ButtonPress(person=person) | BlockChange(person=person):
                return [person.id]
            case _:
                return []


def read(raw: Raw) -> Update | None:
    """Parse an update; None if it has no id, so that it can be neither recorded nor confirmed."""
    number = raw.get("update_id")
    if not isinstance(number, int):
        return None
    try:
        return Update(number, _event(raw))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        return Update(number, fault=fault)


def _event(update: Raw) -> Event | None:
    if message := update.get("message") or update.get("edited_message"):
        return _from_message(message, edited="edited_message" in update)
    if press := update.get("callback_query"):
        under = cast("Raw", press.get("message") or {})
        chat = cast("Raw", under.get("chat") or {"id": press["from"]["id"], "type": "private"})
        return ButtonPress(
            _person(press["from"]),
            str(press["id"]),
            int(chat["id"]),
            chat["type"] == "private",
            str(press.get("data", "")),
            int(under.get("message_id", 0)),
        )
    if change := update.get("my_chat_member"):
        status = change["new_chat_member"]["status"]
        if change["chat"]["type"] == "private":
            return BlockChange(_person(change["from"]), status == "kicked")
        return MembershipChange(int(change["chat"]["id"]), status not in {"kicked", "left"})
    return None


def _from_message(message: Raw, *, edited: bool) -> Event | None:
    if after := message.get("migrate_to_chat_id"):
        return GroupMigration(int(message["chat"]["id"]), int(after))
    if "forum_topic_closed" in message or "forum_topic_reopened" in message:
        return _topic_change(message)
    return _written(message, edited=edited)


def _topic_change(message: Raw) -> TopicChange | None:
    thread, sender = message.get("message_thread_id"), cast("Raw", message.get("from") or {})
    if not isinstance(thread, int) or (sender.get("is_bot") and "sender_chat" not in message):
        return None
    return TopicChange(_person(sender), int(message["chat"]["id"]), thread, "forum_topic_closed" in message)


def _written(message: Raw, *, edited: bool) -> IncomingMessage | None:
    sender = message.get("from")
    anonymous = "sender_chat" in message
    if not sender or (sender.get("is_bot") and not anonymous) or any(key in message for key in _SERVICE):
        return None
    if edited and "location" in message:
        # A live location edits its message all the time.
        return None
    text = message.get("text")
    media = "" if isinstance(text, str) else next((kind for kind in _MEDIA if kind in message), "other")
    # In a topic every message «replies» to the one that opened it.
    replied: Raw = message.get("reply_to_message") or {}
    thread = cast("int | None", message.get("message_thread_id") if message.get("is_topic_message") else None)
    return IncomingMessage(
        person=_person(sender),
        chat_id=int(message["chat"]["id"]),
        private=message["chat"]["type"] == "private",
        number=int(message["message_id"]),
        text=_with_addresses(text, message.get("entities", ())) if isinstance(text, str) else "",
        thread_id=thread,
        reply_to=None if "forum_topic_created" in replied else replied.get("message_id"),
        replies_to_bot=bool(cast("Raw", replied.get("from") or {}).get("is_bot")),
        media=media,
        album=str(message.get("media_group_id", "")),
        captioned="caption" in message,
        edited=edited,
        forwarded="forward_origin" in message,
        anonymous=anonymous,
        sent_at=int(message.get("date", 0)),
        length=cards.units(text) if isinstance(text, str) else 0,
    )


def _with_addresses(text: str, entities: Iterable[Raw]) -> str:
    """Insert the address of every text link after its text, in brackets; Telegram counts in UTF-16 units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    links = [entity for entity in entities if entity["type"] == "text_link"]
    for link in sorted(links, key=lambda entity: entity["offset"], reverse=True):
        start, end = 2 * link["offset"], 2 * (link["offset"] + link["length"])
        words, address = raw[start:end].decode("utf-16-le", "surrogatepass"), str(link["url"])
        if words.strip() != address:
            end -= 2 * (len(words) - len(words.rstrip()))
            raw = raw[:end] + f" ({address})".encode("utf-16-le", "surrogatepass") + raw[end:]
    return raw.decode("utf-16-le", "surrogatepass")


def _person(sender: Raw) -> Person:
    name = f"{sender.get('first_name', '')} {sender.get('last_name', '')}".strip()
    username = str(sender.get("username", ""))
    return Person(int(sender["id"]), name or username, str(sender.get("language_code", "")), username)


@dataclass(frozen=True, slots=True)
class Command:
    """A command, ``/name@bot argument``; the bot is empty where none is named."""

    name: str
    argument: str
    bot: str


def command(text: str) -> Command | None:
    """Parse a command; None for any other text, notes included."""
    words = conversations.visible(text).strip()
    first, _, argument = words.partition(" ")
    name = first[1:].partition("@")[0].lower()
    if not first.startswith("/") or first.startswith(NOTE) or not name:
        return None
    return Command(name, argument.strip(), words.split(maxsplit=1)[0].partition("@")[2].lower())


def parse_note(text: str) -> tuple[str, bool]:
    """Return the text without the mark of a note, and whether it is one; invisible letters before it are ignored."""
    shown = conversations.visible(text)
    return (shown.removeprefix(NOTE), True) if shown.startswith(NOTE) else (text, False)
