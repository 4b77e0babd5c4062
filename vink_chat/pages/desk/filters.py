"""The queue's filter in the desk's address, by which the overview's numbers open their conversations."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from vink_chat import preferences
from vink_chat.conversations import Reason
from vink_chat.conversations.queue import OverviewFilter, QueueQuery, QueueTab
from vink_chat.kit.words import say
from vink_chat.pages.desk.words import reason_word


def is_filtered(query: Mapping[str, str]) -> bool:
    """Tell whether an address filters the queue."""
    return any(query.get(name) for name in ("reason", "only", "day", "since"))


def wanted(box: QueueTab, operator_id: UUID | None, query: Mapping[str, str]) -> QueueQuery:
    """Return the query for a tab and an address; days begin in the shop's time zone."""
    reason, day, since = query.get("reason", ""), _day(query.get("day", "")), _day(query.get("since", ""))
    only = next((one for one in OverviewFilter if one.value == query.get("only")), None)
    return QueueQuery(
        tab=box,
        operator_id=operator_id if box is QueueTab.MINE else None,
        reason=reason if reason in {one.value for one in Reason} else "",
        only=only,
        since=_begin(day or since),
        until=_begin(day + timedelta(days=1)) if day else None,
        # What is over is urgent no more.
        ended=box is QueueTab.ALL and is_filtered(query) and only is not OverviewFilter.PRIORITY,
    )


def label(query: Mapping[str, str], language: str) -> str:
    """Describe the filter of an address in the overview's words."""
    chosen, parts = wanted(QueueTab.ALL, None, query), list[str]()
    if chosen.reason:
        parts.append(say("Причина: {reason}", language, reason=reason_word(Reason(chosen.reason), language)))
    if chosen.only:
        parts.append(chosen.only.label(language))
    if day := _day(query.get("day", "")):
        parts.append(format_date(day, "d MMMM", locale=language))
    elif since := _day(query.get("since", "")):
        parts.append(say("с {day}", language, day=format_date(since, "d MMMM", locale=language)))
    return " · ".join(parts)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2999, 12, 31) else None


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(preferences.current(preferences.Hours).zone)) if day else None
