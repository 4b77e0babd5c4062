"""How long a websocket's client may leave unread what it is sent: the server would wait, and keep it all, without end."""

import asyncio
from typing import Any, Final

# A frame is small; who has not read the one before by then is gone, or means harm.
_SECONDS: Final = 60.0
HANG_UP: Final = "vink_chat.hang_up"
"""Under this name a websocket's scope holds what ends its line at once, whatever was not sent yet."""


class Patience:
    """The outermost ASGI layer: further in, nothing is left of the server's own line."""

    def __init__(self, inner: Any, seconds: float = _SECONDS) -> None:
        self._inner = inner
        self._seconds = seconds

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass everything on; end a websocket whose client reads nothing."""
        # uvicorn has no public door to it; of another server's clients each is waited for.
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if scope["type"] != "websocket" or transport is None:
            await self._inner(scope, receive, send)
            return

        async def patiently(message: Any) -> None:
            timer = asyncio.get_running_loop().call_later(self._seconds, transport.abort)
            try:
                await send(message)
            finally:
                timer.cancel()

        await self._inner({**scope, HANG_UP: transport.abort}, receive, patiently)
