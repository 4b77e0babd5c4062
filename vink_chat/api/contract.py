"""The REST contract of the system that this chat replaces: a front end written for it works unchanged.

Two endpoints, each at two paths, with and without a trailing slash: one takes a visitor's message, the other returns
the replies. ``docs/api.md`` lists what stayed the same and which defects were fixed.
"""

import asyncio
from datetime import UTC, timedelta
from typing import Final
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from vink_chat import conversations, handover, preferences
from vink_chat.api import answers, body
from vink_chat.api.errors import BadToken, NoToken
from vink_chat.conversations import Author, Message, VisitorContext
from vink_chat.kit import db, rate_limit
from vink_chat.kit.words import LANGUAGES, say
from vink_chat.web.request_checks import is_shared

ASK_PATHS: Final = ("/api/v1/gpt", "/gpt")
READ_PATHS: Final = ("/api/v1/message", "/message")

# The replaced front end polls every three seconds, so a limit of one message a minute must allow one open tab.
_READS_PER_MESSAGE: Final = 20
_END_TEXT: Final = "Чат окончен."
_END_TEXTS: Final = frozenset(say(_END_TEXT, language) for language in LANGUAGES)


class LegacyApiMiddleware:
    """An ASGI middleware that serves the contract's paths and passes everything else on.

    It wraps Reflex because Reflex answers every preflight itself, for its own origin only and with credentials.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner
        self._contract = _application()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or pass it on."""
        ours = scope["type"] == "http" and scope["path"] in _PATHS
        await (self._contract if ours else self._inner)(scope, receive, send)


async def ask(request: Request) -> Response:
    """Take a visitor's message; ``read`` returns the answer later."""
    secret = _token(request)
    if not secret:
        raise NoToken
    if not conversations.is_secret(secret):
        raise BadToken
    visitor_id, address = conversations.visitor_id(secret), _client_ip(request)
    await _admit_message(visitor_id, address)
    message = await body.read_message(request)
    _check_schema(message)
    await handover.admit_message(db.reading, visitor_id, address, message)
    reopen_within = timedelta(hours=preferences.current(preferences.Handover).reopen_hours)
    async with db.transaction() as tx:
        await conversations.receive(tx, secret, message, context=_visitor_context(request), reopen_within=reopen_within)
    return answers.reply(201, {"message": "Успех"})


async def read(request: Request) -> Response:
    """Return our messages since the last read; HEAD marks none as read."""
    secret = _token(request)
    visitor_id = conversations.visitor_id(secret) if conversations.is_secret(secret) else None
    await _admit_reader(visitor_id, _client_ip(request))
    if visitor_id is None or request.method == "HEAD":
        return answers.reply(200, {"messages": []})
    async with db.reading() as tx:
        has_undelivered = await conversations.has_undelivered(tx, visitor_id)
        seen_mark_due = await handover.seen_mark_due(tx, visitor_id)
    if seen_mark_due:
        # A client that polls for messages counts as present, like one with the page open.
        async with db.transaction() as tx:
            await handover.mark_seen(tx, [visitor_id])
    taken = await _take(request, visitor_id) if has_undelivered else ()
    return answers.reply(200, {"messages": [_shown(message) for message in taken]})


async def _take(request: Request, visitor_id: UUID) -> tuple[Message, ...]:
    await request.body()
    if await request.is_disconnected():
        return ()
    async with db.transaction() as tx:
        taken = tuple(await conversations.deliver(tx, visitor_id))
    # If the client has disconnected meanwhile, leave the messages for the next poll. Yield once to notice a disconnect.
    await asyncio.sleep(0)
    if taken and await request.is_disconnected():
        async with db.transaction() as tx:
            await conversations.undeliver(tx, taken)
        return ()
    return taken


def _shown(message: Message) -> dict[str, str]:
    by_assistant = message.author is Author.ASSISTANT
    # The replaced front end recognizes the end of a chat by this text, whatever the visitor's language.
    ends = message.author is Author.SYSTEM and message.text in _END_TEXTS
    return {
        "message": _END_TEXT if ends else conversations.spelled_out(message),
        "date_create": message.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        # The front end stops polling on any value but OPERATOR; a handover notice must not stop it.
        "user": "GPT" if by_assistant else "OPERATOR",
    }


def _check_schema(message: object) -> None:
    """Refuse what the published schema forbids, although ``receive`` would clean and accept it."""
    if not isinstance(message, str):
        return
    if "\0" in message:
        raise conversations.BadMessage
    if len(message) > conversations.LONGEST_MESSAGE:
        raise conversations.LongMessage(length=len(message), limit=conversations.LONGEST_MESSAGE)


def _token(request: Request) -> str:
    headers = request.headers
    return (headers.get("chat-token") or headers.get("chat_token") or "").strip()


def _client_ip(request: Request) -> str:
    return request.client.host if request.client else ""


def _visitor_context(request: Request) -> VisitorContext:
    headers = request.headers
    page = headers.get("referer") or headers.get("origin") or ""
    address = _client_ip(request)
    return VisitorContext(
        channel="rest",
        page=page,
        device=headers.get("user-agent", ""),
        address=address,
        shared_address=is_shared(address, headers),
    )


async def _admit_message(visitor_id: UUID, address: str) -> None:
    limits = preferences.current(preferences.Limits)
    if limits.blocks(address):
        raise conversations.Blocked
    # The same rate-limit windows as the chat page: a visitor has one limit for both.
    await rate_limit.current().admit(f"visitor:{visitor_id}", limits.visitor_per_minute)
    await rate_limit.current().admit_address("address", address, limits.address_per_minute)


async def _admit_reader(visitor_id: UUID | None, address: str) -> None:
    limits = preferences.current(preferences.Limits)
    # Check the address first, so that a refused client creates no rate-limit window for an unknown token.
    await rate_limit.current().admit_address("read:address", address, limits.address_per_minute * _READS_PER_MESSAGE)
    if visitor_id:
        await rate_limit.current().admit(f"read:visitor:{visitor_id}", limits.visitor_per_minute * _READS_PER_MESSAGE)


def _slashed(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path + end for path in paths for end in ("", "/"))


_PATHS: Final = frozenset(_slashed(ASK_PATHS + READ_PATHS))


def _application() -> Starlette:
    routes = [Route(path, ask, methods=["POST"]) for path in _slashed(ASK_PATHS)]
    routes += [Route(path, read, methods=["GET", "HEAD"]) for path in _slashed(READ_PATHS)]
    options = [Route(path, answers.preflight, methods=["OPTIONS"]) for path in sorted(_PATHS)]
    return Starlette(routes=routes + options, exception_handlers=answers.HANDLERS)
