"""The gate in front of Reflex's sockets, which have no limits of their own: which packets and events a client may send.

Every public handler can be called by any client, with anything, as often as it likes. Here the rate and the form are
held; who may do what is each handler's own question. The library would hand a client's own «connect», with whatever the
client says of itself, to the handler of connects; and what it cannot read it logs with a trace. It also keeps without
end what a client does not read. How many bytes and frames may come is held further out, in ``web.protocols``.
"""

import asyncio
import inspect
import logging
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any, Final, get_origin
from weakref import WeakKeyDictionary, WeakSet

import reflex as rx
from typing_extensions import override

from vink_chat.kit import addresses
from vink_chat.kit.errors import VinkError
from vink_chat.web import reflex_internals, request_checks
from vink_chat.web.reflex_internals import Call
from vink_chat.web.socket_limits import HANG_UP, OURSELVES, TokenBucket
from vink_chat.web.tabs import Identify, TabOwners

log = logging.getLogger(__name__)

_BURST: Final = 60
_A_SECOND: Final = 10
# In bytes, before one packet more: whoever is further behind connects again and reads the database.
_UNREAD_BY_SOCKET: Final = 1024 * 1024
_UNREAD_BY_ADDRESS: Final = 8 * 1024 * 1024
_UNREAD_BY_ALL: Final = 24 * 1024 * 1024
# Close, pong, message; of messages: connect, disconnect, event. With a digit before it the library parses no JSON.
_OF_A_PAGE: Final = re.compile(r"[13]\Z|4[012]")
_LENGTHS: Final = {"event": 2, "client_error": 2, "ping": 1}
_UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class UnreadQueue(asyncio.Queue[Any]):
    """The packets that wait for a socket's client; it knows their size."""

    size = 0

    @override
    def _put(self, item: Any) -> None:
        self.size += _size(item)
        super()._put(item)  # pyright: ignore[reportAttributeAccessIssue]  the stubs do not know it

    @override
    def _get(self) -> Any:
        item = super()._get()  # pyright: ignore[reportAttributeAccessIssue]  the same
        self.size -= _size(item)
        return item


class SocketPackets:
    """The gate in front of the packets of a Socket.IO server."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._engine: Any = server.eio
        self._buckets: WeakKeyDictionary[Any, TokenBucket] = WeakKeyDictionary()
        self._behind: WeakSet[Any] = WeakSet()
        reflex_internals.wrap_packets(
            server, message=self._around_message, event=self._around_event, send=self._around_send
        )
        reflex_internals.use_queue(server, UnreadQueue)
        reflex_internals.wrap_websocket(server, _checked_websocket)

    def _around_message(self, inner: Call) -> Call:
        self._message = inner
        return self._handle_message

    def _around_event(self, inner: Call) -> Call:
        self._event = inner
        return self._handle_event

    def _around_send(self, inner: Call) -> Call:
        self._send = inner
        return self._send_packet

    async def _handle_message(self, eio_sid: str, data: Any) -> None:
        socket = self._engine.sockets.get(eio_sid)
        if socket is None:
            return
        if not self._buckets.setdefault(socket, TokenBucket(_BURST, _A_SECOND)).take():
            log.warning("Socket exceeds the event rate; dropping events")
            return
        try:
            await self._message(eio_sid, data)
        except _UNREADABLE as error:
            log.warning("Closing socket: malformed packet (%s)", type(error).__name__)
            await self._hang_up(socket)

    async def _hang_up(self, socket: Any) -> None:
        # To close it politely would be one packet more that is not read, and a wait for an answer.
        if abort := self._scope(socket).get(HANG_UP):
            abort()
            return
        await self._engine.disconnect(socket.sid)
        # The library only asks the client to leave; this ends the line's writer, and with it the line.
        await socket.queue.put(None)

    async def _send_packet(self, eio_sid: str, packet: Any) -> None:
        socket = self._engine.sockets.get(eio_sid)
        # Nothing waits for a client that reads.
        if socket is not None and socket.queue.size:
            self._behind.add(socket)
            for one in self._furthest_behind(socket):
                log.warning("Closing socket: the client reads nothing of what it is sent")
                self._behind.discard(one)
                await self._hang_up(one)
                if one is socket:
                    return
        await self._send(eio_sid, packet)

    def _furthest_behind(self, socket: Any) -> list[Any]:
        """Return the sockets that must go before this one may be sent more."""
        if socket.queue.size > _UNREAD_BY_SOCKET:
            return [socket]
        place = self._place(socket)
        waiting: Counter[Any] = Counter()
        here: Counter[Any] = Counter()
        for one in list(self._behind):
            if not one.queue.size or one.closed:
                self._behind.discard(one)
                continue
            waiting[one] = one.queue.size
            if self._place(one) == place:
                here[one] = one.queue.size
        if place not in OURSELVES and here.total() > _UNREAD_BY_ADDRESS:
            return [here.most_common(1)[0][0]]
        return [waiting.most_common(1)[0][0]] if waiting.total() > _UNREAD_BY_ALL else []

    def _place(self, socket: Any) -> str:
        return addresses.network_of((self._scope(socket).get("client") or ("",))[0])

    def _scope(self, socket: Any) -> dict[str, Any]:
        return reflex_internals.scope_of(self._server, socket)

    async def _handle_event(self, eio_sid: str, namespace: str, number: Any, data: Any) -> None:
        name = data[0] if isinstance(data, list) and data else None
        if not isinstance(name, str) or len(data) != _LENGTHS.get(name):
            raise ValueError("no event of a page")
        await self._event(eio_sid, namespace, number, data)


def _checked_websocket(kind: Any) -> Any:
    """Return the library's websocket, passing on only what a page sends: of anything else it would log traces."""

    class Checked(kind):
        async def __call__(self, environ: dict[str, Any]) -> Any:
            self._scope: dict[str, Any] = environ.get("asgi.scope", {})
            return await super().__call__(environ)

        async def wait(self) -> Any:
            data = await super().wait()
            if isinstance(data, str) and _OF_A_PAGE.match(data):
                return data
            log.warning("Closing socket: not a packet")
            if abort := self._scope.get(HANG_UP):
                abort()
            # So the library's reader learns that a client has gone.
            raise OSError

    return Checked


def _size(packet: Any) -> int:
    """Return the bytes a packet takes here: letters that are not Latin take two."""
    data = getattr(packet, "data", None)
    if not isinstance(data, str):
        return len(data or b"")
    return len(data) if data.isascii() else 2 * len(data)


_KINDS: Final = (str, bool, int, float, dict, list)
_SHOWN: Final = 300
_STORED: Final = 4096
# The last two the server starts itself, with the page; called by a client a watch would never end.
_FORBIDDEN_NAMES: Final = ("setvar", "handle_frontend_exception", ".enter", ".watch")


def install(app: rx.App, identify: Identify) -> None:
    """Put the gate in front of an application's sockets; ``identify`` says who opens one."""
    if app.event_namespace is None or app.sio is None:
        return
    owners = TabOwners(identify)
    reflex_internals.wrap_events(app, connect=lambda inner: _received(_with_origin(inner), owners), event=_checked)
    reflex_internals.allow_origins(app, _origin_allowed)
    SocketPackets(app.sio)


def _checked(inner_event: Call) -> Call:
    """Pass on only events that a page of ours could send."""

    async def on_event(sid: str, data: Any) -> None:
        if _well_formed(data):
            _keep_text(data.get("payload", {}))
            await inner_event(sid, data)

    return on_event


def _received(inner_connect: Call, owners: TabOwners) -> Call:
    """See to it that a tab finds nothing of whoever had it before."""

    async def on_connect(sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        await owners.receive(environ, auth)
        return await inner_connect(sid, environ, auth)

    return on_connect


def _with_origin(inner_connect: Call) -> Call:
    """Give a sandboxed frame's socket the origin it came from: Reflex finds no page under «null»."""

    async def on_connect(sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        scope = environ.get("asgi.scope", {})
        headers: list[tuple[bytes, bytes]] = scope.get("headers", [])
        if (b"origin", b"null") in headers:
            host = b"http://" + dict(headers).get(b"host", b"")
            scope["headers"] = [(name, host if name == b"origin" else value) for name, value in headers]
        return await inner_connect(sid, environ, auth)

    return on_connect


def _well_formed(data: Any) -> bool:
    if not isinstance(data, dict) or not isinstance(name := data.get("name"), str):
        return False
    if name.endswith(_FORBIDDEN_NAMES):
        return False
    payload = data.get("payload", {})
    if not isinstance(payload, dict) or not _is_router_data(data.get("router_data", {})):
        return False
    if name.endswith(".set_is_hydrated") and payload.get("value") is not True:
        return False
    # What a browser keeps comes as a table, whichever event brings it.
    if not isinstance(payload.get("vars", {}), dict) or not _are_texts(payload.get("hashes", [])):
        return False
    return matches_signature(name, payload)


def matches_signature(name: str, payload: dict[str, Any]) -> bool:
    """Tell whether there is a handler of this name, and whether it takes these arguments of these kinds."""
    function = reflex_internals.handler(name)
    if function is None:
        return False
    signature, kinds = _signature_of(function)
    try:
        signature.bind(None, **payload)
    except TypeError:
        return False
    return all(_is_a(payload[argument], kind) for argument, kind in kinds.items() if argument in payload)


def _is_a(value: object, kind: type) -> bool:
    # To Python a truth is a number; a handler that counts would be surprised.
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


@cache
def _signature_of(function: Callable[..., Any]) -> tuple[inspect.Signature, dict[str, type]]:
    signature = inspect.signature(function)
    named = {name: get_origin(one.annotation) or one.annotation for name, one in signature.parameters.items()}
    return signature, {name: kind for name, kind in named.items() if kind in _KINDS}


def _is_router_data(router_data: Any) -> bool:
    """Tell whether this is what a browser says of its address."""
    if not isinstance(router_data, dict) or not isinstance(query := router_data.get("query", {}), dict):
        return False
    return _are_texts([value for name, value in router_data.items() if name != "query"] + list(query.values()))


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _keep_text(payload: dict[str, Any]) -> None:
    """Leave of what a browser's storage sends only what can stand in one: short text under a name we gave."""
    if "vars" in payload:
        names = reflex_internals.storage_names()
        payload["vars"] = {
            name: value
            for name, value in payload["vars"].items()
            if reflex_internals.variable_name(name) in names and isinstance(value, str) and len(value) <= _STORED
        }


def _origin_allowed(origin: str, environ: dict[str, Any]) -> bool:
    """Let in our own pages only; a sandboxed frame («null») only while it brings no cookie."""
    if origin == "null":
        return not environ.get("HTTP_COOKIE")
    scheme = environ.get("asgi.scope", {}).get("scheme", "")
    return request_checks.is_ours(origin, environ.get("HTTP_HOST", ""), scheme)


def on_fault(exception: Exception) -> None:
    """Log a handler's fault; the page keeps what was typed and says that it was not sent."""
    if isinstance(exception, VinkError):
        # Nobody pressed anything that could be answered: a read mark, a beat.
        log.warning("A background event of a page was refused: %s", exception)
        return
    log.error("A handler failed", exc_info=exception)


def on_page_fault(exception: Exception) -> None:
    """Log what a browser reports, on one line and no longer than fits."""
    log.warning("Browser error: %s", " ".join(str(exception).split())[:_SHOWN])
