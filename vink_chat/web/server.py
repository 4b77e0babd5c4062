"""How uvicorn serves the chat, and how often its log repeats what strangers can cause.

See docs/adr/0005-uvicorn-serves.md and 0022-limits-where-bytes-arrive.md.
"""

import logging
import socket
import time
import traceback
from typing import Any, Final

import uvicorn
from typing_extensions import override

from vink_chat import config
from vink_chat.web.protocols import LimitedHttp, LimitedWebSocket
from vink_chat.web.request_checks import ProxyNotice
from vink_chat.web.socket_limits import ConnectionRegistry, raise_file_limit

_WINDOW_SECONDS: Final = 60.0
_MAX_KINDS: Final = 500
# Loggers whose lines visitors can trigger. ``limit_logs`` adds their children, since a filter is not inherited.
_VISITOR_TRIGGERED_LOGGERS: Final = (
    "uvicorn.error",
    "engineio",
    "socketio",
    "reflex.app",
    "vink_chat.web",
    "vink_chat.pages",
)


class OncePerMinute(logging.Filter):
    """Passes one line per minute of each kind; the next one says how many were suppressed.

    So a logger can neither fill the disk, nor hide one line among thousands.
    """

    def __init__(self, seconds: float = _WINDOW_SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._passed: dict[str, float] = {}
        self._held: dict[str, int] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether this line may pass."""
        kind = _kind(record)
        moment = time.monotonic()
        if moment - self._passed.get(kind, -self._seconds) < self._seconds:
            self._held[kind] = self._held.get(kind, 0) + 1
            return False
        if len(self._passed) >= _MAX_KINDS:
            self._passed.clear()
            self._held.clear()
        self._passed[kind] = moment
        if held := self._held.pop(kind, 0):
            record.msg = f"{record.getMessage().rstrip()} (and {held} more like it before)"
            record.args = ()
        return True


def limit_logs() -> None:
    """Limit the loggers whose lines a logger can cause; call it once pages are imported and uvicorn is configured."""
    limit = OncePerMinute()
    for name in dict.fromkeys([*_VISITOR_TRIGGERED_LOGGERS, *logging.root.manager.loggerDict]):
        if any(f"{name}.".startswith(f"{logger}.") for logger in _VISITOR_TRIGGERED_LOGGERS):
            logging.getLogger(name).addFilter(limit)


def _kind(record: logging.LogRecord) -> str:
    """Return the kind of a line: where it was logged and where its exception was raised; its text does not count."""
    where = ""
    if record.exc_info and record.exc_info[0]:
        frames = traceback.extract_tb(record.exc_info[2])
        where = f"{record.exc_info[0].__name__}:{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{record.name}:{record.pathname}:{record.lineno}:{where}"


class ServerConfig(uvicorn.Config):
    """uvicorn's configuration, with the registry its protocols use."""

    registry: ConnectionRegistry


class Server(uvicorn.Server):
    """Prints its URL once it can be reached."""

    def __init__(self, configuration: ServerConfig, address: str) -> None:
        super().__init__(configuration)
        self._address = address

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the port."""
        await super().startup(sockets)
        if self.started:
            print(f"vink_chat: {self._address}", flush=True)  # noqa: T201  for the person at the terminal


def server(application: Any, settings: config.Settings) -> Server:
    """Return the server of an application, not started yet."""
    configuration = ServerConfig(
        ProxyNotice(application),
        loop="uvloop",
        http=LimitedHttp,
        ws=LimitedWebSocket,
        ws_max_size=65536 * 2,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        # By default uvicorn trusts X-Forwarded-For from 127.0.0.1.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    configuration.registry = ConnectionRegistry(
        settings.connections_per_address, raise_file_limit(), settings.trusted_proxies
    )
    limit_logs()
    return Server(configuration, settings.public_url or f"http://localhost:{settings.port}")
