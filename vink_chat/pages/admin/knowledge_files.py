"""The knowledge base as a file: download, and upload by a plain form, for files a websocket should not carry."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from vink_chat import knowledge, operators
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError
from vink_chat.knowledge.errors import TooMuchAtOnce
from vink_chat.knowledge.imports import MAX_IMPORT_LINES, MAX_IMPORT_MEGABYTES
from vink_chat.pages.admin.import_report import query_of
from vink_chat.pages.staff import cookie
from vink_chat.pages.staff.entrance import own_page
from vink_chat.pages.staff.signed_in import SignedOut

router = APIRouter(include_in_schema=False)

_SEE_OTHER: Final = 303
_LARGEST: Final = MAX_IMPORT_MEGABYTES * 1_000_000


@router.get("/admin-files/knowledge.jsonl")
async def download(request: Request) -> Response:
    """Send every article as a file of question and answer pairs."""
    try:
        await _admin(request)
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
        asking = await _admin(request)
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            content = await file.read(_LARGEST + 1) if isinstance(file, UploadFile) else b""
        if len(content) > _LARGEST:
            raise TooMuchAtOnce(lines=MAX_IMPORT_LINES, megabytes=MAX_IMPORT_MEGABYTES)
        report = await knowledge.import_jsonl(db.transaction, content.decode("utf-8", "replace"), asking.name)
    except VinkError as refusal:
        return Response(refusal.say(), refusal.status, media_type="text/plain; charset=utf-8")
    return RedirectResponse(f"/admin/knowledge?{urlencode(query_of(report))}", _SEE_OTHER)


async def _admin(request: Request) -> operators.SignedIn:
    token = cookie.token_in(request.headers.get("cookie"))
    asking = await operators.recognise(db.reading, db.transaction, token) if token else None
    if asking is None:
        raise SignedOut
    asking.require_admin()
    return asking
