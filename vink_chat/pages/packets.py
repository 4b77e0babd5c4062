"""How many packets a socket may send, that they are such as a page of ours sends, and how many may lie unread.

The library would hand a client's own «connect», with whatever the client says of itself, to the handler of connects; and
what it cannot read it logs with a trace. It also keeps without end what a client does not read.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any, Final
from weakref import WeakKeyDictionary

from vink_chat.pages.patience import HANG_UP

log = logging.getLogger(__name__)

_BURST: Final = 60.0
_A_SECOND: Final = 10.0
_STRIKES: Final = 500
# In characters: several whole threads. Whoever is further behind connects again and reads the database.
_MOST_UNREAD: Final = 2_000_000
# Connect, disconnect, event.
_KINDS: Final = ("0", "1", "2")
_LENGTHS: Final = {"event": 2, "client_error": 2, "ping": 1}
_UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Bucket:
    """How many packets one socket may still send."""

    __slots__ = ("at", "strikes", "tokens")

    def __init__(self) -> None:
        self.tokens = _BURST
        self.at = time.monotonic()
        self.strikes = 0

    def take(self) -> bool:
        """Take one packet; false when there is none left."""
        moment = time.monotonic()
        self.tokens = min(_BURST, self.tokens + (moment - self.at) * _A_SECOND)
        self.at = moment
        if self.tokens < 1:
            self.strikes += 1
            return False
        self.tokens -= 1
        return True


class Packets:
    """The gate in front of the packets of a python-socketio server."""

    def __init__(self, server: Any) -> None:
        self._engine: Any = server.eio
        self._buckets: WeakKeyDictionary[Any, Bucket] = WeakKeyDictionary()
        self._message = self._engine.handlers["message"]
        # The library has no public door to these.
        self._event = server._handle_event  # noqa: SLF001
        server._handle_event = self._handle_event  # noqa: SLF001
        self._engine.on("message", self._handle_message)
        self._environ: dict[str, Any] = server.environ
        self._send = self._engine.send_packet
        self._engine.send_packet = self._send_packet

    async def _handle_message(self, eio_sid: str, data: Any) -> None:
        socket = self._engine.sockets.get(eio_sid)
        if socket is None or not await self._may_send(socket):
            return
        try:
            if not isinstance(data, str) or data[:1] not in _KINDS:
                raise ValueError("no packet of a page")
            await self._message(eio_sid, data)
        except _UNREADABLE as error:
            log.warning("A socket sent what no page of ours does, and is closed: %s", type(error).__name__)
            await self._hang_up(socket)

    async def _may_send(self, socket: Any) -> bool:
        bucket = self._buckets.setdefault(socket, Bucket())
        if bucket.take():
            return True
        if bucket.strikes == 1:
            log.warning("A socket sends too many events; the surplus is dropped")
        if bucket.strikes >= _STRIKES:
            await self._hang_up(socket)
        return False

    async def _hang_up(self, socket: Any) -> None:
        await self._engine.disconnect(socket.sid)
        # The library only asks the client to leave; this ends the line's writer, and with it the line.
        await socket.queue.put(None)

    async def _send_packet(self, eio_sid: str, packet: Any) -> None:
        socket = self._engine.sockets.get(eio_sid)
        if socket is None or _unread(socket) <= _MOST_UNREAD:
            await self._send(eio_sid, packet)
            return
        scope: dict[str, Any] = self._environ.get(eio_sid, {}).get("asgi.scope", {})
        # To close it politely would be one packet more that is not read.
        if hang_up := scope.pop(HANG_UP, None):
            log.warning("A socket does not read what it is sent, and is closed")
            hang_up()

    async def _handle_event(self, eio_sid: str, namespace: str, number: Any, data: Any) -> None:
        name = data[0] if isinstance(data, list) and data else None
        if not isinstance(name, str) or len(data) != _LENGTHS.get(name):
            raise ValueError("no event of a page")
        await self._event(eio_sid, namespace, number, data)


def _unread(socket: Any) -> int:
    """Count the characters that wait for a socket's client; none waits for one that reads."""
    waiting: Iterable[Any] = socket.queue._queue  # noqa: SLF001  likewise
    return sum(len(packet.data or "") for packet in waiting if packet is not None)
