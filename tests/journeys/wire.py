"""A client that is no browser: it sends whatever it likes through the visitor's websocket."""

from typing import Any

from tests.wire import VisitorTab
from vink_chat.conversations import new_secret


class Intruder(VisitorTab):
    """A tab of a new visitor, or with whatever is given for a secret."""

    @classmethod
    async def at(cls, url: str, secret: Any = None) -> "Intruder":
        """Connect."""
        made = cls(url, new_secret() if secret is None else secret)
        await made.open()
        return made

    async def refusal_of(self, text: Any, name: str) -> str:
        """Send a message and return the sentence it is refused with."""
        await self.send(text, name)
        await self.until(lambda: self.panel.get("refusal", {}).get("client_id") == name, "a refusal")
        return self.panel["refusal"]["text"]
