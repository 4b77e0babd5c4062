"""uvicorn's protocols with the limits of ``socket_limits``: they count before answering, and close without a reply.

uvicorn answers pings while it reads, without limit, and waits for a client that does not read its response; so one
client could block everybody, or fill the memory.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any, Final

import h11
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from vink_chat.web import socket_limits
from vink_chat.web.socket_limits import HANG_UP, ConnectionRegistry, TokenBucket

log = logging.getLogger("vink_chat.web")

# Received data is processed in pieces, small enough that the frames of one piece block nobody.
_PIECE: Final = 512
_FRAMES: Final = (200, 20)
# No browser sends these by itself; some proxies do, once in a while.
_PINGS: Final = (20, 1)
_BYTES: Final = (512 * 1024, 64 * 1024)
# How much the system buffers for a client that does not read; the rest is buffered here, and counted.
_SEND_BUFFER: Final = 128 * 1024
# Limits on the parts of a request received at once: a fixed number, and one more per so many bytes.
_PARTS: Final = 64
_BYTES_A_PART: Final = 512
_NOTHING, _HEADERS, _BODY = range(3)


class _MustRead(asyncio.Protocol):
    """Aborts the connection of a client that reads nothing of what is buffered for it."""

    seconds_without_reading = socket_limits.SECONDS_WITHOUT_READING
    transport: Any
    _unread_timer: asyncio.TimerHandle | None = None

    @override
    def pause_writing(self) -> None:
        """Start watching whether the client reads."""
        super().pause_writing()
        self._look_later(self.transport.get_write_buffer_size())

    @override
    def resume_writing(self) -> None:
        """Stop watching, because the client has read."""
        self._stop_looking()
        super().resume_writing()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._stop_looking()
        super().connection_lost(exc)

    def _look_later(self, unread: int) -> None:
        self._stop_looking()
        loop = asyncio.get_running_loop()
        self._unread_timer = loop.call_later(self.seconds_without_reading, self._look, unread)

    def _stop_looking(self) -> None:
        if self._unread_timer:
            self._unread_timer.cancel()
            self._unread_timer = None

    def _look(self, before: int) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread < before:
            self._look_later(unread)
            return
        log.warning("Closing connection: the client does not read what it is sent")
        self.transport.abort()


class _CountedParts(h11.Connection):
    """Limits the number of parts by the number of bytes: chunks of one byte would take a second per read."""

    _allowed = 0.0

    @override
    def receive_data(self, data: bytes) -> None:
        self._allowed = _PARTS + len(data) / _BYTES_A_PART
        super().receive_data(data)

    @override
    def next_event(self) -> Any:
        self._allowed -= 1
        if self._allowed < 0:
            raise h11.RemoteProtocolError("too many chunks for so few bytes")
        return super().next_event()


class LimitedHttp(_MustRead, H11Protocol):
    """HTTP with deadlines, and a limit of connections per address."""

    seconds_for_headers = socket_limits.SECONDS_FOR_HEADERS
    seconds_for_body = socket_limits.SECONDS_FOR_BODY

    @override
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn = _CountedParts(h11.SERVER)

    @override
    def connection_made(self, transport: Any) -> None:
        """Count the connection, and refuse it over the limit."""
        super().connection_made(transport)
        self._registry: ConnectionRegistry = self.config.registry  # pyright: ignore[reportAttributeAccessIssue]  see server.py
        self._deadline: asyncio.TimerHandle | None = None
        self._awaited = self._body_bytes = 0
        self._upgraded = False
        if refusal := self._registry.admit(transport):
            log.warning("Refusing connections: %s", refusal)
            transport.abort()
            return
        if line := transport.get_extra_info("socket"):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._expect(_HEADERS)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._registry.release(self.transport)
        self._expect(_NOTHING)
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        """Read the data, and set the deadline for the rest."""
        if self.transport.is_closing():
            return
        self._body_bytes += len(data)
        super().data_received(data)
        if self._upgraded or self.transport.is_closing():
            return
        if self.cycle is not None:
            self._registry.spoke(self.transport)
        awaited = {h11.IDLE: _HEADERS, h11.SEND_BODY: _BODY}.get(self.conn.their_state, _NOTHING)
        if awaited != self._awaited:
            self._expect(awaited)

    @override
    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to the other protocol."""
        self._upgraded = True
        self._expect(_NOTHING)
        self._registry.spoke(self.transport)
        super().handle_websocket_upgrade(event)

    @override
    def send_400_response(self, msg: str) -> None:
        """Answer an invalid request, unless a response has begun."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.abort()

    def _expect(self, what: int, seconds: float = 0) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
        self._awaited, self._body_bytes = what, 0
        if what != _NOTHING:
            seconds = seconds or (self.seconds_for_headers if what == _HEADERS else self.seconds_for_body)
            self._deadline = self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if self._awaited == _BODY:
            more = self._body_bytes / socket_limits.BODY_BYTES_A_SECOND
            if self.flow.read_paused:
                # Waiting for us: the handler has not read the buffered body.
                more = max(more, self.seconds_for_body)
            if more >= 1:
                self._expect(_BODY, more)
                return
        log.warning("Closing connection: request timed out")
        self.transport.abort()


def _limited(handle: Callable[..., None], *, pings: bool = False) -> Callable[..., None]:
    """Wrap the handler of a kind of frames: it is called only within the limit."""

    def limited(self: "LimitedWebSocket", *event: Any) -> None:
        if self.counts(pings=pings):
            handle(self, *event)

    return limited


class LimitedWebSocket(_MustRead, WebSocketsSansIOProtocol):
    """A websocket with limits of frames, pings and bytes per second."""

    seconds_for_handshake = socket_limits.SECONDS_FOR_HEADERS

    @override
    def connection_made(self, transport: Any) -> None:
        """Start counting."""
        super().connection_made(transport)
        self._frames, self._pings, self._bytes = TokenBucket(*_FRAMES), TokenBucket(*_PINGS), TokenBucket(*_BYTES)
        self._handshake = self.loop.call_later(self.seconds_for_handshake, self._handshake_late)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.config.registry.release(self.transport)  # pyright: ignore[reportAttributeAccessIssue]  see server.py
        self._handshake.cancel()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        """Read the data, unless it is more than a page sends."""
        if not self._bytes.take(len(data)):
            self._end("more bytes")
        for start in range(0, len(data), _PIECE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + _PIECE])

    @override
    def handle_connect(self, event: Any) -> None:
        """Give the application a way to abort the connection."""
        super().handle_connect(event)
        if self.response.status_code == 101:  # noqa: PLR2004  switching protocols
            self.scope[HANG_UP] = self.transport.abort  # pyright: ignore[reportGeneralTypeIssues]  our own key

    handle_cont = _limited(WebSocketsSansIOProtocol.handle_cont)
    handle_text = _limited(WebSocketsSansIOProtocol.handle_text)
    handle_bytes = _limited(WebSocketsSansIOProtocol.handle_bytes)
    handle_ping = _limited(WebSocketsSansIOProtocol.handle_ping, pings=True)
    # An unsolicited pong: the server sends no pings.
    handle_pong = _limited(WebSocketsSansIOProtocol.handle_pong, pings=True)

    def counts(self, *, pings: bool) -> bool:
        """Count a frame or a ping; false when the connection is or gets closed."""
        if self.transport.is_closing():
            return False
        if (self._pings if pings else self._frames).take():
            return True
        self._end("more frames")
        return False

    def _handshake_late(self) -> None:
        if not self.handshake_complete:
            log.warning("Closing connection: websocket handshake timed out")
            self.transport.abort()

    def _end(self, what: str) -> None:
        log.warning("Closing websocket: %s than a page sends", what)
        self.transport.abort()
