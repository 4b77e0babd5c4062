"""Views of conversations and visitors for an operator's browser, and the presenters that make them of rows."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple, TypedDict, TypeVar, cast, get_origin, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_time

from vink_chat import answering, conversations, handover
from vink_chat.answering import Run
from vink_chat.conversations import Author, ConversationRow, HandoffKind, Reason, Status, VisitorRow
from vink_chat.conversations.attention import AttendedRow
from vink_chat.conversations.queue import OverviewFilter, Priority, QueueQuery, QueueRow
from vink_chat.conversations.visitors import is_blocked, is_there
from vink_chat.kit.clock import deadline, now
from vink_chat.kit.excerpts import cut
from vink_chat.kit.words import say
from vink_chat.pages.desk.messages import PassageView, passages
from vink_chat.pages.desk.words import reason_word, status_word
from vink_chat.pages.shared.formats import device

# These reasons need no further detail.
_PLAIN: Final = {Reason.WORDS, Reason.PREFERENCE}
_UNTOLD: Final = {answering.Ending.SUPERSEDED, answering.Ending.SILENT}


class Reader(NamedTuple):
    """Who a view is for: their language, their time zone, and their account; None for all operators alike."""

    language: str
    zone: str
    operator_id: UUID | None = None


class ConversationView(TypedDict):
    """What the staff read of a conversation both in the queue and above its thread.

    Attributes:
        since: When the wait began, ISO 8601, or empty.
        moved: Who last moved it between operators and the queue, and why; empty if nobody did.
        priority: The name of a ``Priority``; ``priority_word`` is empty for a normal one.
    """

    id: str
    name: str
    status: str
    status_word: str
    since: str
    reason: str
    moved: str
    priority: str
    priority_word: str


class RowView(ConversationView):
    """One conversation in the queue.

    Attributes:
        text: The last message; the question instead if it waits, is over, or the assistant wrote last.
        holder: Who holds it, or who ended it.
        gone: A note that the waiting visitor has left the page, or empty.
        stars: Its rating, if it is over or the query asks for rated ones; ``comment`` likewise.
        contacts: How to reach a visitor who is to be called back, or empty.
        returned: The operator to whom it is offered first because its visitor is back, or empty.
        returned_to_you: ``returned`` as that operator reads it.
        offered_to: That operator's id, or empty.
    """

    text: str
    time: str
    contacts: str
    returned: str
    returned_to_you: str
    offered_to: str
    holder: str
    gone: str
    stars: str
    comment: str


class HeadView(ConversationView):
    """The open conversation above its thread.

    Attributes:
        last: Whether it is its visitor's last one: only that can be resumed after its end.
        take_from: Its holder's id if this operator may take it over, otherwise empty.
    """

    holder: str
    mine: bool
    take_from: str
    last: bool
    rating: int
    comment: str
    ending: bool


class ColleagueView(TypedDict):
    """An operator to whom a conversation may be transferred."""

    id: str
    name: str
    presence: str


class CannedView(TypedDict):
    """A canned reply and its shortcut."""

    shortcut: str
    title: str
    text: str


class NewsView(TypedDict):
    """News in a conversation that the operator holds.

    Attributes:
        mark: Changes with each piece of news, so that the desk announces each once.
    """

    id: str
    mark: str
    name: str
    text: str


class Described(TypedDict):
    """The result of saving a field of the visitor's card in the conversation ``id``.

    Attributes:
        wrong: Why it was refused; empty if it was saved.

    Attributes:
        number: Another one each time.
    """

    id: str
    field: str
    wrong: str
    number: int


class EndingView(TypedDict):
    """A conversation that is about to end, or was, and is ``kept`` because somebody wrote in it.

    Attributes:
        ends_at: ISO 8601, as the server's clock says.
        left: How many seconds it could still be kept open when the view was made.
    """

    id: str
    name: str
    ends_at: str
    left: int
    kept: bool


class VisitorView(TypedDict):
    """The right-hand column.

    Attributes:
        blocked: Until when, by whom and why the visitor is blocked; empty if they are not.
        no_address: Why their address cannot be blocked; empty if it can.
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
    """What an operator should know before their first answer."""

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


View = TypeVar("View")


def blank(view: type[View]) -> View:
    """Return a view whose values are all empty, for a page that shows nothing yet."""
    return cast("View", {name: (get_origin(kind) or kind)() for name, kind in get_type_hints(view).items()})


def visitor_name(name: str, visitor_id: UUID, language: str) -> str:
    """Return a visitor's name, or a number that distinguishes nameless visitors."""
    return name or say("Посетитель {number}", language, number=visitor_id.hex[:5])


def _blocked_words(visitor: VisitorRow, address: handover.Block | None, reader: Reader) -> str:
    """Say until when a visitor or their address is blocked, by whom and why; empty if neither is."""
    language = reader.language
    own = handover.Block(visitor.blocked_until, visitor.blocked_by, visitor.blocked_reason)
    block = own if is_blocked(visitor) else address
    if block is None:
        return ""
    whom = "" if address is None else say("с адресом", language) if block is own else say("только адрес", language)
    parts = (blocked_until_words(block.until, language, reader.zone), whom, block.by, block.reason)
    return " · ".join(part for part in parts if part)


def blocked_until_words(until: datetime | None, language: str, zone: str, *, named: bool = False) -> str:
    """Say when a block ends in a time zone: the reader's own, or one that is ``named``."""
    if until is None:
        return say("Заблокировано без срока", language)
    return say("Заблокировано до {until}", language, until=deadline(until, language, zone, named=named))


class _Shown(NamedTuple):
    """What a row shows beside its conversation: the visitor left, the reader wrote last, the query asks for ratings."""

    gone: bool
    own: bool
    rated: bool


def present(conversation: ConversationRow | QueueRow, name: str, reader: Reader) -> ConversationView:
    """Return what the staff read of a conversation wherever it is shown; ``name`` is the visitor's."""
    status_said, since = _status_words(conversation, reader)
    offer = handover.offer_words(conversation, reader.language, reader.operator_id) if reader.operator_id else ""
    priority = Priority(conversation.priority)
    return ConversationView(
        id=str(conversation.id),
        name=name,
        status=conversation.status.value,
        status_word=status_said,
        since=since,
        reason="" if conversation.status is Status.CLOSED else reason_word(conversation.reason, reader.language),
        moved=offer or handover.handoff_words(conversation.handoff, reader.language),
        priority=priority.name.lower(),
        priority_word="" if priority is Priority.NORMAL else priority.word(reader.language),
    )


def present_row(conversation: QueueRow, reader: Reader, query: QueueQuery | None = None) -> RowView:
    """Return a conversation as the queue shows it; an unchanged one comes from a cache."""
    moment = now()
    waits = conversation.status is Status.WAITING and not conversation.callback_since
    return _row(
        conversation,
        reader,
        moment.astimezone(ZoneInfo(reader.zone)).date(),
        _Shown(
            gone=waits and not is_there(conversation.seen_at, moment),
            own=bool(query and conversation.writer_id and conversation.writer_id == query.operator_id),
            rated=query is not None and query.only is OverviewFilter.RATED,
        ),
    )


@lru_cache(4096)
def _row(conversation: QueueRow, reader: Reader, day: date, shown: _Shown) -> RowView:
    language = reader.language
    name = visitor_name(conversation.visitor_name, conversation.visitor_id, language)
    over = conversation.status is Status.CLOSED
    local = conversation.last_at.astimezone(ZoneInfo(reader.zone))
    today = local.date() == day
    moment = format_time if today else format_datetime
    contacts = (conversation.phone, conversation.email) if conversation.callback_since else ()
    return RowView(
        **present(conversation, name, reader),
        text=cut(_row_text(conversation, language, own=shown.own), 120),
        time=moment(local, "HH:mm" if today else "d MMM", locale=language),
        contacts=" · ".join(filter(None, contacts)),
        # The same view is sent to all desks.
        returned=handover.offer_words(conversation, language),
        returned_to_you=handover.offer_words(conversation, language, conversation.offered_to),
        offered_to=str(conversation.offered_to or ""),
        holder=conversation.operator_name if conversation.operator_id or _ended_by_hand(conversation) else "",
        gone=say("ушёл со страницы", language) if shown.gone else "",
        stars=f"★ {conversation.stars}" if conversation.stars and (over or shown.rated) else "",
        comment=cut(conversation.comment, 120) if conversation.comment and (over or shown.rated) else "",
    )


def present_head(conversation: ConversationRow, name: str, reader: Reader, *, last: bool, takes: bool) -> HeadView:
    """Return the open conversation as an operator sees it above its thread.

    Args:
        conversation: Which one.
        name: Its visitor's.
        reader: The operator.
        last: Whether it is its visitor's last one.
        takes: Whether the operator may take it over.
    """
    return HeadView(
        **present(conversation, name, reader),
        holder=conversation.operator_name if conversation.operator_id else "",
        mine=reader.operator_id is not None and conversations.holds(conversation, reader.operator_id),
        take_from=str(conversation.operator_id) if takes else "",
        last=last,
        rating=conversation.rating or 0,
        comment=conversation.rating_comment,
        ending=conversation.ends_at is not None,
    )


def present_visitor(
    visitor: VisitorRow, conversation: ConversationRow, address: handover.Block | None, reader: Reader
) -> VisitorView:
    """Return who writes in a conversation; ``address`` is the block of their address, if there is one."""
    language = reader.language
    return VisitorView(
        blocked=_blocked_words(visitor, address, reader),
        no_address=handover.why_no_address(visitor, language),
        name=visitor.name,
        email=visitor.email,
        phone=visitor.phone,
        page=conversation.page,
        referrer=conversation.referrer,
        campaign=conversation.campaign,
        device=device(conversation.device),
        language=Locale(conversation.language).get_display_name(language) or conversation.language,
    )


def present_card(conversation: ConversationRow, runs: Sequence[Run], language: str) -> CardView:
    """Return what an operator should know of a conversation before their first answer."""
    last = next((run for run in reversed(runs) if run.ending not in _UNTOLD), None)
    handed = last is not None and last.ending is answering.Ending.HANDED_OVER and last.reason not in _PLAIN
    detail = last.detail if last and handed else ""
    written = conversation.card or {}
    return CardView(
        wish=handover.wish_words(conversation, language),
        tried=str(written.get("tried", "")),
        stopped=" · ".join(part for part in (reason_word(conversation.reason, language), detail) if part),
        moved=handover.handoff_words(conversation.handoff, language),
        passages=passages(last, language) if last else [],
    )


def _ended_by_hand(conversation: QueueRow) -> bool:
    return conversation.status is Status.CLOSED and conversation.reason in {Reason.FINISHED, Reason.BLOCKED}


def _row_text(conversation: QueueRow, language: str, *, own: bool) -> str:
    """Return what a conversation is about: the visitor's question, unless a person wrote something newer."""
    if conversation.status is Status.WAITING:
        return handover.question_words(conversation.question, language)
    asked = conversation.question or conversation.first_question or conversation.last_text
    text = conversation.last_text
    if conversation.status is Status.CLOSED or conversation.said_by not in {Author.VISITOR, Author.OPERATOR}:
        return asked
    if conversation.said_by is Author.OPERATOR:
        return say("Вы: {text}", language, text=text) if own else text
    return text if handover.question_in(text) else asked


def _status_words(conversation: ConversationRow | QueueRow, reader: Reader) -> tuple[str, str]:
    """Return who holds a conversation or how it ended, and since when it waits in the queue (ISO 8601, or empty)."""
    language, zone = reader.language, ZoneInfo(reader.zone)
    if conversation.status is Status.CLOSED and conversation.reason:
        return reason_word(conversation.reason, language), ""
    since = conversation.waiting_since if conversation.status is Status.WAITING else None
    if since is None or conversation.callback_since is None:
        return status_word(conversation.status, language), since.isoformat(timespec="seconds") if since else ""
    local, today = since.astimezone(zone), now().astimezone(zone).date()
    time = format_datetime(local, "HH:mm" if local.date() == today else "d MMM, HH:mm", locale=language)
    return say("ждёт ответа с {time}", language, time=time), ""


def present_news(held: AttendedRow, language: str) -> NewsView:
    """Return the news for a conversation's holder: the visitor's message, or a colleague's transfer or takeover."""
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
