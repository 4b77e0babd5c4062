"""Serve the chat with another ASGI server, for a comparison: python -m bench.serve KIND."""

import os
import sys
from typing import Any, Final

from vink_chat import __main__ as program
from vink_chat import config

_UVICORN: Final[dict[str, dict[str, Any]]] = {
    "uvicorn-sansio": {"ws": "websockets-sansio", "ws_per_message_deflate": False},
    "uvicorn-websockets": {"ws": "websockets", "ws_per_message_deflate": False},
    "uvicorn-wsproto": {"ws": "wsproto"},
}
SERVERS: Final = (*_UVICORN, "granian")


def make() -> Any:
    """Create the application as the program does."""
    os.environ.update(program._REFLEX)  # noqa: SLF001  measured as it is run
    from vink_chat.vink_chat import app  # noqa: PLC0415  likewise
    from vink_chat.web import build as pages  # noqa: PLC0415  after Reflex's environment is set

    pages.serve_built()
    return app()


def main(kind: str) -> None:
    """Serve until stopped."""
    settings = config.current()
    program.migrate(settings)
    program.build(settings)
    if kind == "granian":
        from granian import Granian  # noqa: PLC0415  a development requirement
        from granian.constants import Interfaces  # noqa: PLC0415  likewise

        Granian(
            "bench.serve:make",
            address="127.0.0.1",
            port=settings.port,
            interface=Interfaces.ASGI,
            factory=True,
            log_access=False,
        ).serve()
        return
    import uvicorn  # noqa: PLC0415  after Reflex's environment is set

    options = {"loop": "uvloop", "log_level": "warning", "access_log": False, "server_header": False}
    options |= {"ws_max_size": 131072, "ws_ping_interval": None, "timeout_graceful_shutdown": 3}
    uvicorn.run(make(), host="127.0.0.1", port=settings.port, **(options | _UVICORN[kind]))


if __name__ == "__main__":
    main(sys.argv[1])
