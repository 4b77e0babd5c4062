"""uvicorn's protocols with the limits of ``socket_limits``: they count before answering, and close without a reply.

uvicorn answers pings while it reads, without limit, and waits for a client that does not read its response; so one
client could block everybody, or fill the memory.
"""

import asyncio
import logging
import socket
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


class UnreadTimer:
    """Aborts a connection whose client reads nothing of what is buffered for it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def start(self, transport: Any) -> None:
        """Start watching, because writing was paused."""
        self.stop()
        self._later(transport, transport.get_write_buffer_size())

    def stop(self) -> None:
        """Stop watching."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _later(self, transport: Any, left: int) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._look, transport, left)

    def _look(self, transport: Any, before: int) -> None:
        left = transport.get_write_buffer_size()
        if left < before:
            self._later(transport, left)
            return
        log.warning("Closing connection: the client does not read what it is sent")
        transport.abort()


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


class LimitedHttp(H11Protocol):
    """HTTP with deadlines, and a limit of connections per address."""

    seconds_for_headers = socket_limits.SECONDS_FOR_HEADERS
    seconds_for_body = socket_limits.SECONDS_FOR_BODY
    seconds_without_reading = socket_limits.SECONDS_WITHOUT_READING

    @override
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn = _CountedParts(h11.SERVER)

    @override
    def connection_made(self, transport: Any) -> None:
        """Count the connection, and refuse it over the limit."""
        super().connection_made(transport)
        self._registry: ConnectionRegistry = self.config.registry  # pyright: ignore[reportAttributeAccessIssue]  see server.py
        self._unread = UnreadTimer(self.seconds_without_reading)
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
        self._unread.stop()
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

    @override
    def pause_writing(self) -> None:
        """Start watching whether the client reads."""
        super().pause_writing()
        self._unread.start(self.transport)

    @override
    def resume_writing(self) -> None:
        """The client has read."""
        self._unread.stop()
        super().resume_writing()

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


class LimitedWebSocket(WebSocketsSansIOProtocol):
    """A websocket with limits of frames, pings and bytes per second."""

    seconds_for_handshake = socket_limits.SECONDS_FOR_HEADERS
    seconds_without_reading = socket_limits.SECONDS_WITHOUT_READING

    @override
    def connection_made(self, transport: Any) -> None:
        """Start counting."""
        super().connection_made(transport)
        self._frames, self._pings, self._bytes = TokenBucket(*_FRAMES), TokenBucket(*_PINGS), TokenBucket(*_BYTES)
        self._unread = UnreadTimer(self.seconds_without_reading)
        self._handshake = self.loop.call_later(self.seconds_for_handshake, self._handshake_late)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.config.registry.release(self.transport)  # pyright: ignore[reportAttributeAccessIssue]  see server.py
        self._handshake.cancel()
        self._unread.stop()
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
            self.scope[HANG_UP] = self.transport.abort  # pyright: ignore[reportGeneralTypeIssues]  a key of ours

    @override
    def handle_cont(self, event: Any) -> None:
        """Count a part of a message."""
        if self._counted(self._frames):
            super().handle_cont(event)

    @override
    def handle_text(self, event: Any) -> None:
        """Count a message."""
        if self._counted(self._frames):
            super().handle_text(event)

    @override
    def handle_bytes(self, event: Any) -> None:
        """Count a message."""
        if self._counted(self._frames):
            super().handle_bytes(event)

    @override
    def handle_ping(self) -> None:
        """Count a ping before it is answered."""
        if self._counted(self._pings):
            super().handle_ping()

    @override
    def handle_pong(self, event: Any) -> None:
        """Count an unsolicited pong."""
        if self._counted(self._pings):
            super().handle_pong(event)

    @override
    def pause_writing(self) -> None:
        """Start watching whether the client reads."""
        super().pause_writing()
        self._unread.start(self.transport)

    @override
    def resume_writing(self) -> None:
        """The client has read."""
        self._unread.stop()
        super().resume_writing()

    def _counted(self, bucket: TokenBucket) -> bool:
        if self.transport.is_closing():
            return False
        if bucket.take():
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
