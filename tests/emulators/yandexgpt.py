"""A stand-in for the YandexGPT API: the native completion, the compatible one, and what goes wrong with them.

Alone: ``python -m tests.emulators.yandexgpt --port 9100``; then ``VINK_YANDEX_BASE_URL=http://127.0.0.1:9100``.
In tests: ``async with running() as emulator: …``. A fault comes by ``#name`` in the visitor's last words, by
``emulator.fail(...)`` or by ``POST /_control {"fault": "gauge", "times": 2}``; names are in ``yandexgpt_faults``.
"""

import argparse
import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn

from tests.emulators.yandexgpt_doors import application
from tests.emulators.yandexgpt_faults import Fault
from tests.emulators.yandexgpt_state import API_KEY, FOLDER, Emulator

__all__ = ["API_KEY", "FOLDER", "Emulator", "Fault", "main", "running"]


@contextlib.asynccontextmanager
async def running(emulator: Emulator | None = None) -> AsyncIterator[Emulator]:
    """Serve an emulator on a free port of loopback, in this loop."""
    emulator = emulator or Emulator()
    config = uvicorn.Config(application(emulator), lifespan="off", log_config=None, log_level="critical")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        emulator.url = f"http://127.0.0.1:{door.getsockname()[1]}"
        await server.startup(sockets=[door])
        try:
            yield emulator
        finally:
            emulator.closing.set()
            await _close(server)


async def _close(server: uvicorn.Server) -> None:
    # Server.shutdown sleeps a tenth of a second, which a suite with hundreds of servers would feel.
    for door in server.servers:
        door.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    await asyncio.gather(*server.server_state.tasks, return_exceptions=True)


def main() -> None:
    """Serve until stopped."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=int, default=9100)
    words.add_argument("--api-key", default="", help="the only right key; any by default")
    words.add_argument("--folder", default="", help="the only right folder; any by default")
    words.add_argument("--latency", type=float, default=0.3, help="seconds before the first byte of an answer")
    words.add_argument("--pace", type=float, default=0.15, help="seconds between frames")
    given = words.parse_args()
    emulator = Emulator(api_key=given.api_key, folder=given.folder, latency=given.latency, pace=given.pace)
    uvicorn.run(application(emulator), host=given.host, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
