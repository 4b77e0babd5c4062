"""What a socket may send: such packets as a page of ours sends, and so many; and how much may lie unread for it.

The library would hand a client's own «connect», with whatever the client says of itself, to the handler of connects;
and what it cannot read it logs with a trace. It also keeps without end what a client does not read. How many bytes and
frames may come is held further out, in ``web.protocols``.
"""

import asyncio
import logging
import re
from collections import Counter
from typing import Any, Final
from weakref import WeakKeyDictionary, WeakSet

from typing_extensions import override

from vink_chat.kit import addresses
from vink_chat.web import reflex_internals
from vink_chat.web.reflex_internals import Call
from vink_chat.web.socket_limits import HANG_UP, OURSELVES, TokenBucket

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
        reflex_internals.wrap_websocket(server, _checked)

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


def _checked(kind: Any) -> Any:
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
