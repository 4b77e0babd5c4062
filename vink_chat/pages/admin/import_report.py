"""What an import did: carried through an address after an upload, and told in words.

The address holds the names of refusals, never their sentences: whoever writes a link must not put words into our mouth.
"""

from collections.abc import Mapping
from typing import Final, TypedDict

from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.knowledge import BadLine, ImportReport, ImportView, UndoReport
from vink_chat.knowledge.errors import (
    BadFields,
    EmptyAnswer,
    EmptyQuestion,
    NoAnswer,
    NoQuestion,
    NoRequest,
    NotAnAddress,
    NotJson,
    TooLong,
    TooManyAliases,
)
from vink_chat.pages.shared.formats import when

_KINDS: Final[Mapping[str, type[VinkError]]] = {
    kind.__name__: kind
    for kind in (
        NotJson,
        NoRequest,
        NoQuestion,
        NoAnswer,
        BadFields,
        EmptyQuestion,
        EmptyAnswer,
        TooLong,
        TooManyAliases,
        NotAnAddress,
    )
}
_CARRIED: Final = 40
_COUNTS: Final = ("added", "updated", "unchanged")


def query_of(report: ImportReport) -> dict[str, str]:
    """Return a report as parts of an address."""
    bad = [
        f"{line.number}.{type(line.refusal).__name__}.{line.refusal.values.get('limit', '')}"
        for line in report.bad_lines
    ]
    counts = {name: str(getattr(report, name)) for name in _COUNTS}
    return {**counts, "bad": ",".join(bad[:_CARRIED]), "bad_count": str(len(bad))}


def in_query(query: Mapping[str, str]) -> ImportReport | None:
    """Return the report in an address, or nothing."""
    if not all(query.get(name, "").isdecimal() for name in _COUNTS):
        return None
    lines = [found for part in query.get("bad", "").split(",")[:_CARRIED] if (found := _line(part))]
    counts = {name: int(query[name][:9]) for name in _COUNTS}
    return ImportReport(**counts, bad_lines=tuple(lines))


def summary(report: ImportReport, language: str) -> str:
    """Tell in one sentence what an import did."""
    return say(
        "Добавлено: {added}, обновлено: {updated}, без изменений: {unchanged}, пропущено строк: {bad}",
        language,
        added=report.added,
        updated=report.updated,
        unchanged=report.unchanged,
        bad=len(report.bad_lines),
    )


def undone(report: UndoReport, language: str) -> str:
    """Tell in one sentence what the undoing of an import did."""
    return say(
        "Загрузка отменена. Удалено: {removed}, возвращено: {restored}, оставлено изменённых позже: {kept}",
        language,
        removed=report.removed,
        restored=report.restored,
        kept=report.kept,
    )


class ImportRow(TypedDict):
    """One line of the list of imports."""

    id: str
    text: str
    undone: bool


def import_row(view: ImportView, language: str) -> ImportRow:
    """Show an import."""
    counts = say("добавлено: {added}, обновлено: {updated}", language, added=view.added, updated=view.updated)
    parts = (when(view.created_at, language), view.by, counts)
    return ImportRow(id=str(view.id), text=" · ".join(part for part in parts if part), undone=view.undone)


def lines_of(report: ImportReport, language: str) -> list[str]:
    """Tell which lines were passed over, and why."""
    return [
        say("Строка {number}: {reason}", language, number=line.number, reason=line.refusal.say(language))
        for line in report.bad_lines[:_CARRIED]
    ]


def _line(part: str) -> BadLine | None:
    number, _, rest = part.partition(".")
    name, _, limit = rest.partition(".")
    kind = _KINDS.get(name)
    if kind is None or not number.isdecimal():
        return None
    return BadLine(int(number[:9]), kind(limit=limit if limit.isdigit() else "…"))
