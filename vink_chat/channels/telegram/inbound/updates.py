"""What an update of the Bot API says, read from its raw JSON: only what this desk understands.

Bot API: Update, https://core.telegram.org/bots/api#update.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

from vink_chat import conversations

Raw = dict[str, Any]
NOTE: Final = "//"
"""What a note for colleagues begins with."""

_CARRIED: Final = (
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
# What Telegram itself puts into a chat: nobody said it, nobody waits for an answer.
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
    """Who did it, in Telegram's words."""

    id: int
    name: str
    language: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote to the bot, or changed what he wrote.

    Attributes:
        thread_id: The topic of the group, if any.
        answers: The number of the message it answers.
        answers_us: Whether that one is a bot's.
        media: What it is when it is no text: ``photo``, ``voice``…; ``other`` for what nobody knows yet.
        captioned: Words stand under it.
        album: The album it is a part of, each part a message of its own.
        said_at: Telegram's time, in seconds.
        length: How long the text was as it was written, in UTF-16 units.
        forwarded: Somebody else wrote it.
        masked: It was said in the name of the group or of a channel, so nobody knows by whom.
    """

    person: Person
    chat_id: int
    private: bool
    number: int
    text: str = ""
    thread_id: int | None = None
    answers: int | None = None
    answers_us: bool = False
    media: str = ""
    album: str = ""
    captioned: bool = False
    edited: bool = False
    forwarded: bool = False
    masked: bool = False
    said_at: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button.

    Attributes:
        number: The message it stands under; 0 when Telegram does not say.
    """

    person: Person
    press_id: str
    chat_id: int
    private: bool
    data: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody blocked the bot, or let it in again."""

    person: Person
    blocked: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup, and has another number now."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The bot was put out of a group, or let in again."""

    chat_id: int
    inside: bool


@dataclass(frozen=True, slots=True)
class TopicShut:
    """Somebody closed a topic, or opened it again."""

    person: Person
    chat_id: int
    thread_id: int
    closed: bool


Incoming = Said | Pressed | Left | Moved | Standing | TopicShut | None


def read(update: Raw) -> Incoming:
    """Return what an update says; None for what concerns nobody here.

    Raises:
        KeyError: It lacks what an update of its kind has.
        TypeError: For the same reason.
        ValueError: For the same reason.
    """
    if message := update.get("message") or update.get("edited_message"):
        return _written(message, edited="edited_message" in update)
    if press := update.get("callback_query"):
        under = cast("Raw", press.get("message") or {})
        chat = cast("Raw", under.get("chat") or {"id": press["from"]["id"], "type": "private"})
        private = chat["type"] == "private"
        return Pressed(
            _person(press["from"]),
            str(press["id"]),
            int(chat["id"]),
            private,
            str(press.get("data", "")),
            int(under.get("message_id", 0)),
        )
    if change := update.get("my_chat_member"):
        status = change["new_chat_member"]["status"]
        if change["chat"]["type"] == "private":
            return Left(_person(change["from"]), status == "kicked")
        return Standing(int(change["chat"]["id"]), status not in {"kicked", "left"})
    return None


def _written(message: Raw, *, edited: bool) -> Incoming:
    if after := message.get("migrate_to_chat_id"):
        return Moved(int(message["chat"]["id"]), int(after))
    if "forum_topic_closed" in message or "forum_topic_reopened" in message:
        return _topic_shut(message)
    return _said(message, edited=edited)


def _topic_shut(message: Raw) -> TopicShut | None:
    thread, sender = message.get("message_thread_id"), cast("Raw", message.get("from") or {})
    if not isinstance(thread, int) or (sender.get("is_bot") and "sender_chat" not in message):
        return None
    return TopicShut(_person(sender), int(message["chat"]["id"]), thread, "forum_topic_closed" in message)


def _said(message: Raw, *, edited: bool) -> Said | None:
    sender = message.get("from")
    masked = "sender_chat" in message
    if not sender or (sender.get("is_bot") and not masked) or any(key in message for key in _SERVICE):
        return None
    if edited and "location" in message:
        # Whoever shares where he is changes that message all the time.
        return None
    text = message.get("text")
    media = "" if isinstance(text, str) else next((kind for kind in _CARRIED if kind in message), "other")
    # In a topic every message «answers» the one that opened it.
    answered: Raw = message.get("reply_to_message") or {}
    thread = cast("int | None", message.get("message_thread_id") if message.get("is_topic_message") else None)
    return Said(
        person=_person(sender),
        chat_id=int(message["chat"]["id"]),
        private=message["chat"]["type"] == "private",
        number=int(message["message_id"]),
        text=_with_addresses(text, message.get("entities", ())) if isinstance(text, str) else "",
        thread_id=thread,
        answers=None if "forum_topic_created" in answered else answered.get("message_id"),
        answers_us=bool(cast("Raw", answered.get("from") or {}).get("is_bot")),
        media=media,
        album=str(message.get("media_group_id", "")),
        captioned="caption" in message,
        edited=edited,
        forwarded="forward_origin" in message,
        masked=masked,
        said_at=int(message.get("date", 0)),
        length=len(text.encode("utf-16-le", "surrogatepass")) // 2 if isinstance(text, str) else 0,
    )


def _with_addresses(text: str, entities: Iterable[Raw]) -> str:
    """Put the address of every link that hides one behind its words; Telegram counts in UTF-16 units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    links = [one for one in entities if one["type"] == "text_link"]
    for link in sorted(links, key=lambda one: one["offset"], reverse=True):
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


def command(text: str) -> tuple[str, str]:
    """Return the command's name and what follows it; an empty name when it is no command."""
    first, _, rest = conversations.visible(text).strip().partition(" ")
    if not first.startswith("/") or first.startswith(NOTE):
        return "", ""
    return first[1:].partition("@")[0].lower(), rest.strip()


def addressed_bot(text: str) -> str:
    """Return the bot a command is meant for by name (``/finish@bot``); empty for none in particular."""
    return conversations.visible(text).split(maxsplit=1)[0].partition("@")[2].lower()


def without_mark(text: str) -> tuple[str, bool]:
    """Return the words, and whether they are a note: a letter nobody sees before the mark must not send it out."""
    shown = conversations.visible(text)
    return (shown.removeprefix(NOTE), True) if shown.startswith(NOTE) else (text, False)
