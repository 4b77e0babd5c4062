"""Guards Reflex's sockets, which have no limits of their own: which packets and events a client may send.

Every public handler can be called by any client, with any arguments, at any rate. The rate and the shape are checked
here; access is checked by each handler. Socket.IO itself would pass on a client's forged «connect» event, log malformed
packets with a trace, and buffer without limit what a client does not read. The rates of bytes and frames are limited
earlier, in ``web.protocols``.
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
# In bytes: a client that is further behind is disconnected; it reconnects and reads the database.
_UNREAD_BY_SOCKET: Final = 1024 * 1024
_UNREAD_BY_ADDRESS: Final = 8 * 1024 * 1024
_UNREAD_BY_ALL: Final = 24 * 1024 * 1024
# Engine.IO: close, pong, message; in messages Socket.IO: connect, disconnect, event.
_OF_A_PAGE: Final = re.compile(r"[13]\Z|4[012]")
_LENGTHS: Final = {"event": 2, "client_error": 2, "ping": 1}
_UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class UnreadQueue(asyncio.Queue[Any]):
    """The unsent packets of a socket, with their total size."""

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
    """Limits the packets of a Socket.IO server, in both directions."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._engine: Any = server.eio
        self._buckets: WeakKeyDictionary[Any, TokenBucket] = WeakKeyDictionary()
        self._behind: WeakSet[Any] = WeakSet()
        self._message, self._event, self._send = reflex_internals.replace_packet_handlers(
            server, message=self._handle_message, event=self._handle_event, send=self._send_packet
        )
        reflex_internals.use_queue(server, UnreadQueue)
        reflex_internals.wrap_websocket(server, _checked_websocket)

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
        # A polite close would be one more unread packet, and a wait for its answer.
        if abort := self._scope(socket).get(HANG_UP):
            abort()
            return
        await self._engine.disconnect(socket.sid)
        # ``disconnect`` only asks the client to leave; this stops the socket's writer, which closes it.
        await socket.queue.put(None)

    async def _send_packet(self, eio_sid: str, packet: Any) -> None:
        socket = self._engine.sockets.get(eio_sid)
        # The queue of a client that reads is empty.
        if socket is not None and socket.queue.size:
            self._behind.add(socket)
            for slow in self._furthest_behind(socket):
                log.warning("Closing socket: the client does not read what it is sent")
                self._behind.discard(slow)
                await self._hang_up(slow)
                if slow is socket:
                    return
        await self._send(eio_sid, packet)

    def _furthest_behind(self, socket: Any) -> list[Any]:
        """Return the sockets to close before this one is sent more."""
        if socket.queue.size > _UNREAD_BY_SOCKET:
            return [socket]
        network = self._network(socket)
        waiting: Counter[Any] = Counter()
        here: Counter[Any] = Counter()
        for slow in list(self._behind):
            if not slow.queue.size or slow.closed:
                self._behind.discard(slow)
                continue
            waiting[slow] = slow.queue.size
            if self._network(slow) == network:
                here[slow] = slow.queue.size
        if network not in OURSELVES and here.total() > _UNREAD_BY_ADDRESS:
            return [here.most_common(1)[0][0]]
        return [waiting.most_common(1)[0][0]] if waiting.total() > _UNREAD_BY_ALL else []

    def _network(self, socket: Any) -> str:
        return addresses.network_of((self._scope(socket).get("client") or ("",))[0])

    def _scope(self, socket: Any) -> dict[str, Any]:
        return reflex_internals.scope_of(self._server, socket)

    async def _handle_event(self, eio_sid: str, namespace: str, number: Any, data: Any) -> None:
        name = data[0] if isinstance(data, list) and data else None
        if not isinstance(name, str) or len(data) != _LENGTHS.get(name):
            raise ValueError("no event of a page")
        await self._event(eio_sid, namespace, number, data)


def _checked_websocket(kind: Any) -> Any:
    """Return Engine.IO's websocket class with a filter for packets no page sends; it would log their traces."""

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
            # This is how Engine.IO's reader learns that the client is gone.
            raise OSError

    return Checked


def _size(packet: Any) -> int:
    """Return the memory a packet takes, in bytes: a string that is not ASCII takes two per character."""
    data = getattr(packet, "data", None)
    if not isinstance(data, str):
        return len(data or b"")
    return len(data) if data.isascii() else 2 * len(data)


_KINDS: Final = (str, bool, int, float, dict, list)
_MAX_LOGGED_CHARS: Final = 300
_MAX_STORED_BYTES: Final = 4096
# The server starts the last two itself with the page; if a client could call ``.watch``, it would never end.
_FORBIDDEN_NAMES: Final = ("setvar", "handle_frontend_exception", ".enter", ".watch")


def install(app: rx.App, identify: Identify) -> None:
    """Guard an application's sockets; ``identify`` says who opens one."""
    if app.event_namespace is None or app.sio is None:
        return
    owners = TabOwners(identify)

    async def on_connect(connect: Call, sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        await owners.receive(environ, auth)
        _replace_null_origin(environ.get("asgi.scope", {}))
        return await connect(sid, environ, auth)

    reflex_internals.wrap_events(app, connect=on_connect, event=_on_event)
    reflex_internals.allow_origins(app, _origin_allowed)
    SocketPackets(app.sio)


async def _on_event(handle: Call, sid: str, data: Any) -> None:
    """Pass on only events that our pages could send."""
    if _well_formed(data):
        _drop_foreign_storage(data.get("payload", {}))
        await handle(sid, data)


def _replace_null_origin(scope: dict[str, Any]) -> None:
    """Replace the origin «null» of a sandboxed frame by the host: Reflex finds no page for «null»."""
    headers: list[tuple[bytes, bytes]] = scope.get("headers", [])
    if (b"origin", b"null") in headers:
        host = b"http://" + dict(headers).get(b"host", b"")
        scope["headers"] = [(name, host if name == b"origin" else value) for name, value in headers]


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
    # Values of browser storage may come with any event.
    if not isinstance(payload.get("vars", {}), dict) or not _are_texts(payload.get("hashes", [])):
        return False
    return matches_signature(name, payload)


def matches_signature(name: str, payload: dict[str, Any]) -> bool:
    """Tell whether a handler of this name takes these arguments, by names and types."""
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
    # In Python a bool is an int; a handler that expects a number must not get one.
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


@cache
def _signature_of(function: Callable[..., Any]) -> tuple[inspect.Signature, dict[str, type]]:
    signature = inspect.signature(function)
    named = {
        name: get_origin(parameter.annotation) or parameter.annotation
        for name, parameter in signature.parameters.items()
    }
    return signature, {name: kind for name, kind in named.items() if kind in _KINDS}


def _is_router_data(router_data: Any) -> bool:
    """Tell whether this is a browser's description of its URL."""
    if not isinstance(router_data, dict) or not isinstance(query := router_data.get("query", {}), dict):
        return False
    return _are_texts([value for name, value in router_data.items() if name != "query"] + list(query.values()))


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _drop_foreign_storage(payload: dict[str, Any]) -> None:
    """Keep only possible values of browser storage: short strings under names we use."""
    if "vars" in payload:
        names = reflex_internals.storage_names()
        payload["vars"] = {
            name: value
            for name, value in payload["vars"].items()
            if reflex_internals.variable_name(name) in names
            and isinstance(value, str)
            and len(value) <= _MAX_STORED_BYTES
        }


def _origin_allowed(origin: str, environ: dict[str, Any]) -> bool:
    """Accept our own pages only; a sandboxed frame («null») only without a cookie."""
    if origin == "null":
        return not environ.get("HTTP_COOKIE")
    scheme = environ.get("asgi.scope", {}).get("scheme", "")
    return request_checks.is_own_origin(origin, environ.get("HTTP_HOST", ""), scheme)


def on_fault(exception: Exception) -> None:
    """Log an exception of a handler; the page keeps the text and shows that it was not sent."""
    if isinstance(exception, VinkError):
        # Not caused by a click that could be answered, but by a read mark or a heartbeat.
        log.warning("A background event of a page was refused: %s", exception)
        return
    log.error("A handler failed", exc_info=exception)


def on_page_fault(exception: Exception) -> None:
    """Log a browser's error on one short line."""
    log.warning("Browser error: %s", " ".join(str(exception).split())[:_MAX_LOGGED_CHARS])
