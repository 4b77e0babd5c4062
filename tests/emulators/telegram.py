"""A stand-in for the Bot API, strict where Telegram is strict, with people and groups to play.

Alone: ``python -m tests.emulators.telegram --port 9200``; then ``VINK_TELEGRAM_BASE_URL=http://127.0.0.1:9200/bot`` and
``VINK_TELEGRAM_TOKEN=123456:test-token``. People speak over ``POST /_control`` (see ``telegram_doors.control``).
In tests: ``async with running() as telegram: …`` and the methods of ``Telegram``.
"""

import argparse
import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn

from tests.emulators.telegram_doors import application
from tests.emulators.telegram_state import BOT, TOKEN, Message, Pace, Telegram

__all__ = ["BOT", "TOKEN", "Message", "Pace", "Telegram", "main", "running"]


@contextlib.asynccontextmanager
async def running(telegram: Telegram | None = None, port: int = 0) -> AsyncIterator[Telegram]:
    """Serve an emulator on loopback, in this loop."""
    telegram = telegram or Telegram()
    config = uvicorn.Config(application(telegram), lifespan="off", log_config=None, log_level="critical")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", port)) as door:
        telegram.url = f"http://127.0.0.1:{door.getsockname()[1]}"
        await server.startup(sockets=[door])
        try:
            yield telegram
        finally:
            telegram.close()
            for one in server.servers:
                one.close()
            for connection in list(server.server_state.connections):
                connection.shutdown()
            await asyncio.gather(*server.server_state.tasks, return_exceptions=True)


def main() -> None:
    """Serve until stopped."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=int, default=9200)
    words.add_argument("--token", default=TOKEN, help="the only right token")
    words.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    given = words.parse_args()
    telegram = Telegram(token=given.token, latency=given.latency)
    uvicorn.run(application(telegram), host=given.host, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
