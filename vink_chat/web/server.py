"""How uvicorn serves the chat: see docs/adr/0005-uvicorn-serves.md and 0022-limits-where-bytes-arrive.md."""

import socket
from typing import Any

import uvicorn
from typing_extensions import override

from vink_chat import config
from vink_chat.web import log_limit
from vink_chat.web.forwarding import ProxyNotice
from vink_chat.web.protocols import LimitedHttp, LimitedWebSocket
from vink_chat.web.socket_limits import ConnectionRegistry, raise_file_limit


class ServerConfig(uvicorn.Config):
    """uvicorn's configuration, with the connections its protocols count."""

    registry: ConnectionRegistry


class Server(uvicorn.Server):
    """Says where it is once it can be reached."""

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
        # uvicorn would believe X-Forwarded-For from 127.0.0.1 by itself.
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
    log_limit.install()
    return Server(configuration, settings.public_url or f"http://localhost:{settings.port}")
