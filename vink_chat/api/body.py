"""The message in a request's body: usually JSON, or form fields, which the replaced system also accepted."""

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

MAX_BODY_BYTES: Final = 64 * 1024

_MAX_FORM_FIELDS: Final = 100


async def read_message(request: Request) -> object:
    """Return the value of the field ``message``, whatever its type.

    Raises:
        EmptyMessage: The body is empty or has no message.
        LargeBody: More than 64 KB.
        UnknownBody: The body is neither JSON nor a form.
        UnreadableBody: The body does not match its content type.
    """
    body = await _read(request)
    if not body:
        raise conversations.EmptyMessage
    content_type = request.headers.get("content-type", "")
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(body)
    if kind == "application/x-www-form-urlencoded":
        return _from_form(_require_utf8(body))
    if kind == "multipart/form-data":
        _require_utf8(body)
        return await _from_parts(body, content_type)
    raise UnknownBody(kind=content_type[:100])


async def _read(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        raise LargeBody(limit=MAX_BODY_BYTES // 1024)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise LargeBody(limit=MAX_BODY_BYTES // 1024)
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
        fields = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FORM_FIELDS)
    except ValueError:
        raise UnreadableBody from None
    return fields.get("message", [""])[-1]


async def _from_parts(body: bytes, content_type: str) -> object:
    # Accept only UTF-8: the parser decodes with any charset the client names, and some codecs always raise.
    header = Message()
    header["content-type"] = content_type
    if header.get_content_charset("utf-8") != "utf-8":
        raise UnreadableBody

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    # Files are refused: the contract has none.
    parser = MultiPartParser(
        Headers({"content-type": content_type}),
        stream(),
        max_files=0,
        max_fields=_MAX_FORM_FIELDS,
        max_part_size=MAX_BODY_BYTES,
    )
    try:
        fields = await parser.parse()
    except MultiPartException:
        raise UnreadableBody from None
    return fields.get("message", "")


def _require_utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise UnreadableBody from None
