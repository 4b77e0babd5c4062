"""The texts operators read in Telegram: invitations, cards, transcripts, the queue; and long texts cut into pieces.

Telegram counts UTF-16 units, and takes 4,096 of them in a message.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from vink_chat import handover
from vink_chat.conversations import AnyConversation, AnyMessage, AnyVisitor, Author, HandoffKind, Reason, Status
from vink_chat.conversations.queue import Priority, QueueRow
from vink_chat.kit.excerpts import cut
from vink_chat.kit.words import say
from vink_chat.preferences import Hours, current

LONGEST_MESSAGE: Final = 4096
LONGEST_QUOTED_TEXT: Final = 3900
"""The longest text that fits a message together with its heading."""
_TAG: Final = 5
_LONGEST_NAME: Final = 128
_EXCERPT: Final = 60
_LONGEST_PAGE: Final = 120
MOST_SHOWN: Final = 8
"""How many of the queue are named in one message."""
LONGEST_HISTORY: Final = 500_000
"""How many letters of messages go into the file of a whole history."""

REASONS: Final = {
    Reason.BUTTON: "нажал кнопку «позвать специалиста»",
    Reason.WORDS: "попросил человека",
    Reason.PREFERENCE: "слово из настроек",
    Reason.CHECK_FAILED: "ответ ассистента не прошёл проверку",
    Reason.LOW_CONFIDENCE: "ассистент не уверен в ответе",
    Reason.PROVIDER_DOWN: "ассистент недоступен",
    Reason.TURN_LIMIT: "слишком долгий разговор с ассистентом",
    Reason.OPERATOR: "подключился специалист",
    Reason.CONTACTS_LEFT: "оставил контакты",
}
_STATUSES: Final = {
    Status.ASSISTED: "ассистент",
    Status.WAITING: "ждёт",
    Status.ATTENDED: "ведёт {name}",
    Status.CLOSED: "завершён",
}
_PRIORITY_MARKS: Final = {Priority.URGENT: "🔴 ", Priority.HIGH: "🟠 ", Priority.NORMAL: "", Priority.LOW: "🔵 "}
_LANGUAGES: Final = {"ru": "русский", "en": "английский"}
_AUTHORS: Final = {
    Author.VISITOR: "Посетитель",
    Author.ASSISTANT: "Ассистент",
    Author.OPERATOR: "Специалист",
    Author.SYSTEM: "Чат",
}


# The commands that buttons under a card give, with what stands on them.
_SENTENCES: Final = {"priority": "Важность", "finish": "Завершить"}


def commands(language: str) -> dict[str, str]:
    """Return what stands on the buttons of a card that give a command, by the command."""
    return {name: say(sentence, language) for name, sentence in _SENTENCES.items()}


def tag(visitor_id: UUID) -> str:
    """Return a visitor's short name."""
    return visitor_id.hex[:_TAG]


def who(visitor: AnyVisitor) -> str:
    """Return a visitor's short name, and their own if it is known."""
    return f"{tag(visitor.id)} · {visitor.name}" if visitor.name else tag(visitor.id)


def invitation(conversation: AnyConversation, visitor: AnyVisitor, language: str, reader: UUID | None = None) -> str:
    """Return the invitation to a waiting conversation, for one operator or all: who, since when, what, and where."""
    heading = say("🔔 Ждёт специалиста: {who}", language, who=who(visitor))
    if conversation.waiting_since:
        heading += say(" · с {time}", language, time=f"{moment(conversation.waiting_since):%H:%M}")
    lines = [heading, *priority(conversation, language)]
    lines.append(f"«{conversation.question}»" if conversation.question else handover.question_words("", language))
    if reason := REASONS.get(conversation.reason):
        lines.append(say("Причина: {reason}", language, reason=say(reason, language)))
    if conversation.handoff:
        lines.append(handover.handoff_words(conversation.handoff, language))
    if first := handover.offer_words(conversation, language, reader):
        lines.append(first)
    if conversation.page:
        lines.append(say("Страница: {page}", language, page=page(conversation.page)))
    return "\n".join(lines)


def priority(conversation: AnyConversation, language: str) -> list[str]:
    """Return the line that says how urgent a conversation is; none if it is like any other."""
    chosen = Priority(conversation.priority)
    return [] if chosen is Priority.NORMAL else [f"{_PRIORITY_MARKS[chosen]}{chosen.word(language)}"]


def page(address: str) -> str:
    """Shorten a page's address to the part that tells pages apart."""
    return cut(address.partition("://")[2].partition("?")[0].rstrip("/") or address, _LONGEST_PAGE)


def question(conversation: AnyConversation | QueueRow) -> str:
    """Return what a visitor wants, in a few words; empty when that is unknown."""
    return cut(" ".join(conversation.question.split()), _EXCERPT)


def card(conversation: AnyConversation, visitor: AnyVisitor, language: str, *, own: bool = False) -> str:
    """Return the card of a conversation that is held, or has a topic: who, why, and what they want.

    Args:
        conversation: The conversation.
        visitor: Its visitor.
        language: The reader's language.
        own: Only its holder reads it.
    """
    lines = [
        say("Посетитель {tag}", language, tag=tag(conversation.visitor_id)),
        *priority(conversation, language),
        *_came(conversation, language, own=own),
    ]
    if wish := handover.wish_words(conversation, language):
        lines.append(f"{say('Чего хочет', language)}: {wish}")
    if reachable := contacts(visitor):
        lines.append(f"{say('Контакты', language)}: {reachable}")
    if conversation.page:
        lines.append(say("Страница: {page}", language, page=page(conversation.page)))
    if conversation.language != language:
        spoken = say(_LANGUAGES.get(conversation.language, conversation.language), language)
        lines.append(say("Язык: {language}", language, language=spoken))
    return "\n".join(lines)


def contacts(visitor: AnyVisitor | QueueRow) -> str:
    """Return a visitor's name, telephone and e-mail address, as far as they are known."""
    name = visitor.visitor_name if isinstance(visitor, QueueRow) else visitor.name
    return ", ".join(part for part in (name, visitor.phone, visitor.email) if part)


def _came(conversation: AnyConversation, language: str, *, own: bool) -> list[str]:
    """Say how a conversation came to its holder."""
    lines: list[str] = []
    handoff = conversation.handoff
    if own and handoff and handoff.kind is HandoffKind.TRANSFERRED:
        given = say("{by} передал(а) вам разговор", language, by=handoff.by)
        lines.append(f"{given}: «{handoff.note}»" if handoff.note else f"{given}.")
        handoff = None
    if not own:
        lines.append(say("Состояние: {status}", language, status=status(conversation, language)))
    if reason := REASONS.get(conversation.reason):
        lines.append(say("Причина: {reason}", language, reason=say(reason, language)))
    return [*lines, handover.handoff_words(handoff, language)] if handoff else lines


def status(conversation: AnyConversation, language: str) -> str:
    """Say who holds a conversation, in a word or two."""
    return say(_STATUSES[conversation.status], language, name=conversation.operator_name)


def topic_name(conversation: AnyConversation, language: str) -> str:
    """Return a topic's name: the status first, since Telegram cuts names at the end."""
    mark = _PRIORITY_MARKS[Priority(conversation.priority)]
    return f"{status(conversation, language)} · {mark}{tag(conversation.visitor_id)}"[:_LONGEST_NAME]


def status_in(topic_name: str) -> str:
    """Return what a topic's name says of who holds the conversation."""
    return topic_name.rpartition(" · ")[0]


def says_held(name: str, language: str) -> bool:
    """Tell whether a topic's name says that an operator holds the conversation."""
    return name.startswith(say(_STATUSES[Status.ATTENDED], language, name=""))


def earlier(messages: Sequence[AnyMessage], conversation: AnyConversation, language: str) -> str:
    """Return what was said before, or nothing."""
    if not messages:
        return ""
    heading = say("Предыдущая переписка с {tag}:", language, tag=tag(conversation.visitor_id))
    return "\n\n".join([heading, *(line(message, language) for message in messages)])


def unanswered(messages: Sequence[AnyMessage], conversation: AnyConversation, language: str) -> str:
    """Return what is still unanswered, or nothing."""
    if not messages:
        return ""
    who = tag(conversation.visitor_id)
    first, last = (f"{moment(message.created_at):%H:%M}" for message in (messages[0], messages[-1]))
    when = first if first == last else f"{first}–{last}"
    heading = say("Ждут ответа, от {tag} ({when}):", language, tag=who, when=when)
    return "\n\n".join([heading, *(said(message) for message in messages)])


def author(message: AnyMessage, language: str) -> str:
    """Return the name of a message's author."""
    return message.author_name or say(_AUTHORS[message.author], language)


def said(message: AnyMessage) -> str:
    """Return a message's text; a visitor's further lines are marked, so that they cannot pass for another author's."""
    return "\n│ ".join(message.text.splitlines()) if message.author is Author.VISITOR else message.text


def line(message: AnyMessage, language: str) -> str:
    """Return one message of a transcript: who, when, what."""
    name = author(message, language)
    note = say(" (заметка)", language) if message.note else ""
    return f"{name}{note}, {moment(message.created_at):%H:%M}:\n{said(message)}"


def history(messages: Sequence[AnyMessage], language: str) -> str:
    """Return a whole history, each message with its day; of one that is too long, the end."""
    room, shown = LONGEST_HISTORY, list[AnyMessage]()
    for message in reversed(messages):
        room -= len(message.text)
        if room < 0:
            break
        shown.insert(0, message)
    parts = [f"{moment(message.created_at):%d.%m.%Y} {line(message, language)}" for message in shown]
    if len(shown) < len(messages):
        parts.insert(0, say("Начало не показано: переписка слишком длинная.", language))
    return "\n\n".join(parts) + "\n"


def relayed(message: AnyMessage, conversation: AnyConversation, language: str, *, topic: bool) -> str:
    """Return a message as it is relayed, under its author's name; a topic already names its visitor."""
    if message.author is Author.VISITOR:
        return said(message) if topic else f"{tag(conversation.visitor_id)}: {said(message)}"
    name = author(message, language)
    note = say(" (заметка)", language) if message.note else ""
    quote = f"«{cut(message.quote, _EXCERPT)}»\n" if message.quote else ""
    return f"{name}{note}:\n{quote}{message.text}"


def moment(when: datetime) -> datetime:
    """Return a moment in the shop's time zone."""
    return when.astimezone(ZoneInfo(current(Hours).zone))


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, longest: int = LONGEST_MESSAGE) -> list[str]:
    """Cut a text into pieces, at a line's end or else between words; only a word longer than a piece is cut.

    Nothing but blanks at the seams is lost, and no letter is cut in two.
    """
    pieces: list[str] = []
    rest = text.strip()
    while units(rest) > longest:
        room = rest[: _fitting(rest, longest)]
        # A word that ends exactly at the border is whole.
        whole = rest[len(room)].isspace()
        cut = len(room) if whole else _seam(room)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _fitting(text: str, longest: int) -> int:
    """Return how many letters from the start fit."""
    spent = 0
    for count, letter in enumerate(text):
        spent += 2 if ord(letter) > 0xFFFF else 1  # noqa: PLR2004  the last letter of one unit
        if spent > longest:
            return count
    return len(text)


def _seam(room: str) -> int:
    line = room.rfind("\n")
    if line > len(room) // 2:
        return line
    blank = max(room.rfind(sign) for sign in (" ", "\n", "\t", "\u2009"))
    return blank if blank > 0 else len(room)


def queue(
    waiting: Sequence[AnyConversation | QueueRow], names: Mapping[UUID, str], language: str, reader: UUID | None = None
) -> list[str]:
    """Return a line for each waiting conversation, in their order, with what ``names`` has for the visitor."""
    lines: list[str] = []
    for conversation in waiting[:MOST_SHOWN]:
        mark = _PRIORITY_MARKS[Priority(conversation.priority)]
        parts = [mark + tag(conversation.visitor_id), names.get(conversation.visitor_id, "")]
        if conversation.waiting_since:
            parts.append(say("с {time}", language, time=f"{moment(conversation.waiting_since):%H:%M}"))
        if wanted := question(conversation):
            parts.append(f"«{wanted}»")
        parts.append(handover.offer_words(conversation, language, reader))
        lines.append(" · ".join(filter(None, parts)))
    return lines
