"""The knowledge base as a file: download, upload with a plain form, and the report of an import.

After an upload the report is in the query of the redirect. The query holds the names of refusals, never their
sentences: a forged link must not be able to show its own text.
"""

from collections.abc import Mapping
from typing import Final, TypedDict
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from vink_chat import knowledge, operators
from vink_chat.kit import db
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
    TooMuchAtOnce,
)
from vink_chat.knowledge.imports import MAX_IMPORT_LINES, MAX_IMPORT_MEGABYTES
from vink_chat.pages.shared.formats import when
from vink_chat.pages.staff import cookie
from vink_chat.pages.staff.entrance import own_page
from vink_chat.pages.staff.signed_in import SignedOut

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
_MAX_BAD_LINES: Final = 40
_COUNTS: Final = ("added", "updated", "unchanged")


def query_of(report: ImportReport) -> dict[str, str]:
    """Return a report as query parameters."""
    bad = [
        f"{line.number}.{type(line.refusal).__name__}.{line.refusal.values.get('limit', '')}"
        for line in report.bad_lines
    ]
    counts = {name: str(getattr(report, name)) for name in _COUNTS}
    return {**counts, "bad": ",".join(bad[:_MAX_BAD_LINES]), "bad_count": str(len(bad))}


def in_query(query: Mapping[str, str]) -> ImportReport | None:
    """Return the report in query parameters, or nothing."""
    if not all(query.get(name, "").isdecimal() for name in _COUNTS):
        return None
    lines = [line for part in query.get("bad", "").split(",")[:_MAX_BAD_LINES] if (line := _line(part))]
    counts = {name: int(query[name][:9]) for name in _COUNTS}
    return ImportReport(**counts, bad_lines=tuple(lines))


def summary(report: ImportReport, language: str) -> str:
    """Summarise an import in one sentence."""
    return say(
        "Добавлено: {added}, обновлено: {updated}, без изменений: {unchanged}, пропущено строк: {bad}",
        language,
        added=report.added,
        updated=report.updated,
        unchanged=report.unchanged,
        bad=len(report.bad_lines),
    )


def undone(report: UndoReport, language: str) -> str:
    """Summarise the undoing of an import in one sentence."""
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
    """Return the view of an import."""
    counts = say("добавлено: {added}, обновлено: {updated}", language, added=view.added, updated=view.updated)
    parts = (when(view.created_at, language), view.by, counts)
    return ImportRow(id=str(view.id), text=" · ".join(part for part in parts if part), undone=view.undone)


def lines_of(report: ImportReport, language: str) -> list[str]:
    """Return one sentence for each skipped line and its reason."""
    return [
        say("Строка {number}: {reason}", language, number=line.number, reason=line.refusal.say(language))
        for line in report.bad_lines[:_MAX_BAD_LINES]
    ]


def _line(part: str) -> BadLine | None:
    number, _, rest = part.partition(".")
    name, _, limit = rest.partition(".")
    kind = _KINDS.get(name)
    if kind is None or not number.isdecimal():
        return None
    return BadLine(int(number[:9]), kind(limit=limit if limit.isdigit() else "…"))


router = APIRouter(include_in_schema=False)

_SEE_OTHER: Final = 303
_MAX_UPLOAD_BYTES: Final = MAX_IMPORT_MEGABYTES * 1_000_000


@router.get("/admin-files/knowledge.jsonl")
async def download(request: Request) -> Response:
    """Send every article as a file of question and answer pairs."""
    try:
        await _require_admin(request)
    except VinkError as refusal:
        return Response(refusal.say(), refusal.status, media_type="text/plain; charset=utf-8")
    async with db.reading() as tx:
        text = await knowledge.export_jsonl(tx)
    headers = {"content-disposition": 'attachment; filename="knowledge.jsonl"', "cache-control": "no-store"}
    return Response(text, media_type="application/jsonl; charset=utf-8", headers=headers)


@router.post("/admin-files/knowledge")
async def upload(request: Request) -> Response:
    """Import a file of pairs, and redirect back to the page with a report."""
    try:
        own_page(request)
        # Before the body is read: a stranger must not be able to fill the disk.
        admin = await _require_admin(request)
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            content = await file.read(_MAX_UPLOAD_BYTES + 1) if isinstance(file, UploadFile) else b""
        if len(content) > _MAX_UPLOAD_BYTES:
            raise TooMuchAtOnce(lines=MAX_IMPORT_LINES, megabytes=MAX_IMPORT_MEGABYTES)
        report = await knowledge.import_jsonl(db.transaction, content.decode("utf-8", "replace"), admin.name)
    except VinkError as refusal:
        return Response(refusal.say(), refusal.status, media_type="text/plain; charset=utf-8")
    return RedirectResponse(f"/admin/knowledge?{urlencode(query_of(report))}", _SEE_OTHER)


async def _require_admin(request: Request) -> operators.SignedIn:
    token = cookie.token_in(request.headers.get("cookie"))
    operator = await operators.recognise(db.reading, db.transaction, token) if token else None
    if operator is None:
        raise SignedOut
    operator.require_admin()
    return operator
