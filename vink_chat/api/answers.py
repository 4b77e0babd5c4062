"""Responses of the contract: CORS headers for any origin, and errors as JSON with one sentence."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from vink_chat import preferences
from vink_chat.api.errors import UnknownBody
from vink_chat.conversations import Blocked
from vink_chat.kit.db_errors import NotSaved
from vink_chat.kit.errors import VinkError
from vink_chat.kit.rate_limit import TooFast
from vink_chat.kit.words import say

_HEADERS: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "retry-after",
    "vary": "Accept, origin, Cookie",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
}
_PREFLIGHT: Final = {
    "access-control-allow-headers": (
        "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with, chat-token"
    ),
    "access-control-allow-methods": "DELETE, GET, OPTIONS, PATCH, POST, PUT",
    "access-control-max-age": "86400",
}
_SECONDS_WITHOUT_DATABASE: Final = "5"


def reply(status: int, content: object = None, **headers: str) -> Response:
    """Return a JSON (or empty) response that pages of any origin may read without cookies."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if content is None:
        return Response(status_code=status, headers=_HEADERS | named)
    return Response(orjson.dumps(content), status, _HEADERS | named, "application/json")


async def preflight(request: Request) -> Response:
    """Allow pages of any origin (CORS preflight)."""
    del request
    return Response(status_code=200, headers=_HEADERS | _PREFLIGHT)


async def _vink_error(request: Request, refusal: VinkError) -> Response:
    del request
    if isinstance(refusal, UnknownBody):
        return reply(refusal.status, {"detail": str(refusal)})
    if isinstance(refusal, Blocked):
        # The visitor's time zone is unknown, so the shop's is named.
        sentence = refusal.say(zone=preferences.current(preferences.Hours).zone, named=True)
        return reply(refusal.status, {"message": sentence})
    headers: dict[str, str] = {}
    if isinstance(refusal, TooFast):
        headers = {"retry_after": str(refusal.seconds)}
    elif isinstance(refusal, NotSaved):
        headers = {"retry_after": _SECONDS_WITHOUT_DATABASE}
    return reply(refusal.status, {"message": str(refusal)}, **headers)


async def _wrong_method(request: Request, error: Exception) -> Response:
    allowed: Mapping[str, str] = getattr(error, "headers", None) or {}
    allow = ", ".join(sorted({*allowed.get("Allow", "").split(", "), "OPTIONS"} - {""}))
    return reply(405, {"detail": say('Метод "{method}" не разрешен.', method=request.method)}, allow=allow)


async def _without_database(request: Request, error: Exception) -> Response:
    del request, error
    sentence = say("Сейчас чат недоступен. Повторите запрос через несколько секунд.")
    return reply(503, {"message": sentence}, retry_after=_SECONDS_WITHOUT_DATABASE)


async def _server_error(request: Request, error: Exception) -> Response:
    # Starlette raises the error again after this response, so it is logged, and the visitor sees no detail.
    del request, error
    return reply(500, {"message": say("Что-то сломалось у нас. Попробуйте позднее.")})


async def _client_disconnected(request: Request, error: Exception) -> Response:
    del request, error
    return reply(400)


HANDLERS: Final[dict[Any, Any]] = {
    VinkError: _vink_error,
    405: _wrong_method,
    ClientDisconnect: _client_disconnected,
    # The driver raises OSError when the database is unreachable.
    OSError: _without_database,
    Exception: _server_error,
}
