"""What an operator's browser may see."""

from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time
from babel.numbers import format_percent

from vink_chat import handover
from vink_chat.answering import Run
from vink_chat.conversations import Author, ConversationRow, HandoffKind, MessageRow, Reason, Status, VisitorRow
from vink_chat.conversations.queue import AttendedRow, OverviewFilter, QueueQuery, QueueRow
from vink_chat.conversations.visitors import is_blocked, is_there
from vink_chat.kit.clock import deadline, now
from vink_chat.kit.excerpts import cut
from vink_chat.kit.words import say
from vink_chat.pages.desk.words import reason_word, status_word
from vink_chat.pages.shared.formats import seconds_words
from vink_chat.pages.shared.markup import from_markdown
from vink_chat.pages.visitor.views import Artist, MessageView

# Whoever ended a conversation is named; these words stand where nobody is.
_ENDS: Final = {
    Reason.FINISHED: "Завершено",
    Reason.BLOCKED: "Завершено",
    Reason.IDLE: "Завершено по молчанию",
    Reason.GONE: "Посетитель ушёл, не дождавшись ответа",
}


class RowView(TypedDict):
    """One conversation in the queue.

    Attributes:
        text: What was said last; the question of one that waits or is over, and where the assistant spoke last.
        since: When the wait began, ISO 8601, or empty.
        gone: That whoever waits has left the page; empty while they are there.
        stars: How it was rated, of one that is over or was looked for by its rating; ``comment`` stands beside them.
        contacts: How to reach whoever is to be called back; empty for all others.
        moved: Who moved it last between operators and the queue, and why; empty when nobody did.
        returned: To whom it is offered first, for its visitor is back; empty when it is everybody's.
        returned_to_you: The same as that operator reads it.
        offered_to: That operator's account; empty when it is everybody's.
    """

    id: str
    name: str
    text: str
    time: str
    since: str
    status: str
    status_word: str
    reason: str
    contacts: str
    returned: str
    returned_to_you: str
    offered_to: str
    moved: str
    holder: str
    gone: str
    stars: str
    comment: str


class NewsView(TypedDict):
    """What is new in a conversation its operator holds.

    Attributes:
        mark: Changes with every piece of news: the desk rings once for each.
    """

    id: str
    mark: str
    name: str
    text: str


class PassageView(TypedDict):
    """A passage the assistant had before it."""

    title: str
    score: str
    cited: bool


class DeskMessageView(MessageView):
    """A message with what only operators see.

    Attributes:
        own: The text as it was written, of what this operator wrote and may correct; else empty.
        aside: What stands under a notice of the chat's own: who ended the conversation, or that only the staff read it.
        withheld: What the assistant wrote and the visitor was not shown.
    """

    note: bool
    own: str
    aside: str
    why: str
    withheld: str
    passages: list[PassageView]


class HeadView(TypedDict):
    """The open conversation in one look. ``last`` of its visitor: after its end only that can be taken up again.

    Attributes:
        take_from: Its holder's id where this operator may take it over, otherwise empty.
    """

    id: str
    name: str
    status: str
    status_word: str
    reason: str
    moved: str
    holder: str
    mine: bool
    take_from: str
    last: bool
    since: str
    rating: int
    comment: str
    ending: bool


class Described(TypedDict):
    """A field of a visitor's card, in the conversation ``id``, that was saved; or why it was not.

    Attributes:
        number: Another one each time.
    """

    id: str
    field: str
    wrong: str
    number: int


class DraftView(TypedDict):
    """What the assistant suggests to answer in the conversation ``id``; the text is empty while there is nothing.

    Attributes:
        number: Another one with each draft.
    """

    id: str
    text: str
    number: int


class EndingView(TypedDict):
    """A conversation that is about to end; ``kept`` once it is not, because somebody wrote in it.

    Attributes:
        ends_at: ISO 8601, as the server's clock says.
        left: Seconds in which it may be kept open, when this was drawn first.
    """

    id: str
    name: str
    ends_at: str
    left: int
    kept: bool


class VisitorView(TypedDict):
    """The right-hand column.

    Attributes:
        blocked: By whom, until when and why the visitor may not write; empty when they may.
        no_address: Why their address cannot be blocked; empty when it can.
    """

    blocked: str
    no_address: str

    name: str
    email: str
    phone: str
    page: str
    referrer: str
    campaign: str
    device: str
    language: str


class CardView(TypedDict):
    """What the operator should know before the first word."""

    wish: str
    tried: str
    stopped: str
    moved: str
    passages: list[PassageView]


class EarlierView(TypedDict):
    """One of the visitor's other conversations."""

    id: str
    text: str
    time: str


def visitor_name(name: str, visitor_id: UUID, language: str) -> str:
    """Return a visitor's name, or a number to tell nameless ones apart."""
    return name or say("Посетитель {number}", language, number=visitor_id.hex[:5])


def blocked_words(visitor: VisitorRow, address: handover.Block | None, language: str, zone: str) -> str:
    """Say until when a visitor is blocked, by whom and why, and whether their address is; nothing when neither is."""
    own = handover.Block(visitor.blocked_until, visitor.blocked_by, visitor.blocked_reason)
    block = own if is_blocked(visitor) else address
    if block is None:
        return ""
    whom = "" if address is None else say("с адресом", language) if block is own else say("только адрес", language)
    parts = (blocked_until_words(block.until, language, zone), whom, block.by, block.reason)
    return " · ".join(part for part in parts if part)


def blocked_until_words(until: datetime | None, language: str, zone: str, *, named: bool = False) -> str:
    """Say when a block ends, by the clock of a time zone: the reader's, or else ``named``."""
    if until is None:
        return say("Заблокировано без срока", language)
    return say("Заблокировано до {until}", language, until=deadline(until, language, zone, named=named))


class _Shown(NamedTuple):
    """What a row says beside its conversation: its visitor is gone, the reader wrote last, its rating was asked for."""

    gone: bool
    own: bool
    rated: bool


def row(conversation: QueueRow, language: str, zone: str, wanted: QueueQuery | None = None) -> RowView:
    """Draw a conversation for the queue; one that is as it was is drawn already."""
    moment = now()
    waits = conversation.status is Status.WAITING and not conversation.callback_since
    return _row(
        conversation,
        language,
        zone,
        moment.astimezone(ZoneInfo(zone)).date(),
        _Shown(
            gone=waits and not is_there(conversation.seen_at, moment),
            own=bool(wanted and conversation.writer_id and conversation.writer_id == wanted.operator_id),
            rated=wanted is not None and wanted.only is OverviewFilter.RATED,
        ),
    )


@lru_cache(4096)
def _row(conversation: QueueRow, language: str, zone: str, day: date, shown: _Shown) -> RowView:
    status_said, since = status_words(conversation, language, zone)
    over = conversation.status is Status.CLOSED
    local = conversation.last_at.astimezone(ZoneInfo(zone))
    today = local.date() == day
    moment = format_time if today else format_datetime
    return RowView(
        id=str(conversation.id),
        name=visitor_name(conversation.visitor_name, conversation.visitor_id, language),
        text=cut(_row_text(conversation, language, own=shown.own), 120),
        time=moment(local, "HH:mm" if today else "d MMM", locale=language),
        since=since,
        status=conversation.status.value,
        status_word=status_said,
        reason="" if over else reason_word(conversation.reason, language),
        contacts=" · ".join(filter(None, (conversation.phone, conversation.email)))
        if conversation.callback_since
        else "",
        # A row is drawn once for all desks.
        returned=handover.offer_words(conversation, language),
        returned_to_you=handover.offer_words(conversation, language, conversation.offered_to),
        offered_to=str(conversation.offered_to or ""),
        moved=handover.handoff_words(conversation.handoff, language),
        holder=conversation.operator_name if conversation.operator_id or _ended_by_hand(conversation) else "",
        gone=say("ушёл со страницы", language) if shown.gone else "",
        stars=f"★ {conversation.stars}" if conversation.stars and (over or shown.rated) else "",
        comment=cut(conversation.comment, 120) if conversation.comment and (over or shown.rated) else "",
    )


def _ended_by_hand(conversation: QueueRow) -> bool:
    return conversation.status is Status.CLOSED and conversation.reason in {Reason.FINISHED, Reason.BLOCKED}


def _row_text(conversation: QueueRow, language: str, *, own: bool) -> str:
    """Say what a conversation is about: what the visitor asks, unless a person says something newer."""
    if conversation.status is Status.WAITING:
        return handover.question_words(conversation.question, language)
    asked = conversation.question or conversation.first_question or conversation.last_text
    text = conversation.last_text
    if conversation.status is Status.CLOSED or conversation.said_by not in {Author.VISITOR, Author.OPERATOR}:
        return asked
    if conversation.said_by is Author.OPERATOR:
        return say("Вы: {text}", language, text=text) if own else text
    return text if handover.question_in(text) else asked


def status_words(conversation: ConversationRow | QueueRow, language: str, zone: str) -> tuple[str, str]:
    """Say who holds a conversation, or how it ended; of one that waits here, since when (ISO 8601) for the page."""
    if conversation.status is Status.CLOSED and conversation.reason:
        return reason_word(conversation.reason, language), ""
    since = conversation.waiting_since if conversation.status is Status.WAITING else None
    if since is None or conversation.callback_since is None:
        return status_word(conversation.status, language), since.isoformat(timespec="seconds") if since else ""
    local, today = since.astimezone(ZoneInfo(zone)), now().astimezone(ZoneInfo(zone)).date()
    time = format_datetime(local, "HH:mm" if local.date() == today else "d MMM, HH:mm", locale=language)
    return say("ждёт ответа с {time}", language, time=time), ""


def news(held: AttendedRow, language: str) -> NewsView:
    """Draw what is new in a conversation for its holder: the visitor's word, or that a colleague gave or took it."""
    handoff, text = held.handoff, held.last_text
    if held.asked_at <= held.moved_at and handoff and handoff.kind is HandoffKind.TRANSFERRED:
        text = say("Передал(а) {name}", language, name=handoff.by)
        text = f"{text}: «{handoff.note}»" if handoff.note else text
    elif handoff and handoff.from_id == held.operator_id:
        text = say("Разговор забрал(а) {name}", language, name=handoff.to)
    return NewsView(
        id=str(held.id),
        mark=f"{held.id}:{held.moved_at.timestamp():.0f}:{held.asked_position}",
        name=visitor_name(held.visitor_name, held.visitor_id, language),
        text=cut(text, 120),
    )


def passages(run: Run, language: str) -> list[PassageView]:
    """Draw what knowledge offered for a run."""
    return [
        PassageView(
            title=one["title"], score=format_percent(one["score"], locale=language), cited=bool(one.get("cited"))
        )
        for one in run.passages
    ]


def why(run: Run, language: str) -> str:
    """Say where an answer came from, on one line."""
    model = " ".join(part for part in (run.provider, run.model) if part)
    tokens = say(
        "токены: {read} прочитано, {written} написано", language, read=run.input_tokens, written=run.output_tokens
    )
    reason = next((reason_word(one, language) for one in Reason if one.value == run.reason), "")
    parts = (
        say("модель {model}", language, model=model) if model else "",
        seconds_words(run.milliseconds, language),
        tokens if run.output_tokens else "",
        reason,
        run.detail,
    )
    return " · ".join(part for part in parts if part)


class DeskArtist:
    """Draws a conversation's messages for one operator, each answer with its run."""

    def __init__(self, language: str, zone: str, operator_id: UUID | None = None) -> None:
        self._language = language
        self._operator_id = operator_id
        self._artist = Artist(language, zone)

    def draw(self, messages: list[MessageRow], runs: dict[str, Run], visitor: str) -> list[DeskMessageView]:
        """Return the views of messages that follow those drawn before."""
        return [
            self._one(message, view, runs, visitor)
            for message, view in zip(messages, self._artist.draw(messages), strict=True)
        ]

    def _one(self, message: MessageRow, view: MessageView, runs: dict[str, Run], visitor: str) -> DeskMessageView:
        run = runs.get(message.run_id.hex) if message.run_id else None
        # What the visitor could press, operators read as a list.
        buttons = "\n".join(f"- {reply['text']}" for reply in message.quick_replies)
        html = view["html"] + (from_markdown(buttons) if buttons else "")
        label = visitor if message.author is Author.VISITOR else view["label"]
        if message.note:
            label = " · ".join(filter(None, (say("Заметка", self._language), message.author_name or label)))
        return DeskMessageView(
            **{**view, "client_id": message.client_id or "", "sources": [], "label": label, "html": html},
            note=message.note,
            own=message.text if message.author is Author.OPERATOR and message.operator_id == self._operator_id else "",
            aside=self._aside(message, view["time"]),
            why=why(run, self._language) if run else "",
            withheld=run.withheld if run else "",
            passages=passages(run, self._language) if run else [],
        )

    def _aside(self, message: MessageRow, time: str) -> str:
        if message.author is not Author.SYSTEM:
            return ""
        if message.reason in _ENDS:
            name = message.author_name
            said = "Завершено: {name}" if name else _ENDS[message.reason]
            return f"{say(said, self._language, name=name)} · {time}"
        return f"{say('Видят только сотрудники', self._language)} · {time}" if message.note else ""
