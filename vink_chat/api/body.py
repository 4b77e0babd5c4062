"""The message in a request's body: JSON as a rule, form fields as the replaced system took them too."""

from collections.abc import AsyncGenerator
from email.message import Message
from typing import Any, Final
from urllib.parse import parse_qs

import orjson
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from vink_chat import conversations
from vink_chat.api.errors import LargeBody, UnknownBody, UnreadableBody

LARGEST: Final = 64 * 1024

_FIELDS: Final = 100


async def message_of(request: Request) -> object:
    """Return what stands in the field ``message``, whatever it is; nothing at all for an empty body.

    Raises:
        LargeBody: More than 64 KB.
        UnknownBody: Neither JSON nor a form.
        UnreadableBody: It cannot be read as what it says it is.
    """
    body = await _read(request)
    if not body:
        raise conversations.EmptyMessage
    content_type = request.headers.get("content-type", "")
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(body)
    if kind == "application/x-www-form-urlencoded":
        return _from_form(_decoded(body))
    if kind == "multipart/form-data":
        _decoded(body)
        return await _from_parts(body, content_type)
    raise UnknownBody(kind=content_type[:100])


async def _read(request: Request) -> bytes:
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > LARGEST:
        raise LargeBody(limit=LARGEST // 1024)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise LargeBody(limit=LARGEST // 1024)
    return bytes(body)


def _from_json(body: bytes) -> object:
    try:
        content: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise UnreadableBody from None
    if not isinstance(content, dict):
        raise UnreadableBody
    message = content.get("message")
    if message is None:
        raise conversations.EmptyMessage
    return message


def _from_form(text: str) -> object:
    try:
        fields = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError:
        raise UnreadableBody from None
    return fields.get("message", [""])[-1]


async def _from_parts(body: bytes, content_type: str) -> object:
    # The parser decodes by any codec that is named, even by those that only raise.
    said = Message()
    said["content-type"] = content_type
    if said.get_content_charset("utf-8") != "utf-8":
        raise UnreadableBody

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    # A part that claims to be a file is refused: the contract has none.
    parser = MultiPartParser(
        Headers({"content-type": content_type}), stream(), max_files=0, max_fields=_FIELDS, max_part_size=LARGEST
    )
    try:
        fields = await parser.parse()
    except MultiPartException:
        raise UnreadableBody from None
    return fields.get("message", "")


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise UnreadableBody from None
