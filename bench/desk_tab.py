"""One open desk: which rows its queue shows, and which messages its thread."""

from collections.abc import Callable
from typing import Any

from tests.wire import QUEUE, THREAD, Wire, event

Rows = Callable[["DeskTab", list[dict[str, Any]], float], None]


class DeskTab(Wire):
    """An operator's tab with one box of the queue and one conversation open.

    Attributes:
        rows: Called with the queue's rows that arrived, and the moment.
        messages: Called with the thread's messages that arrived, and the moment.
    """

    def __init__(self, url: str, token: str, box: str, conversation: str) -> None:
        stored = {f"{THREAD}.opened_rx_state_": conversation}
        super().__init__(url, cookie=token, stored=stored, path="/desk", keeps_frames=False)
        self.rows: Rows | None = None
        self.messages: Rows | None = None
        self._box = box

    async def open(self) -> None:
        """Connect with the session's cookie, wait for the queue and the thread, and open the tab of the queue."""
        await super().open()
        await self.until(self._is_drawn, "the desk is drawn", 60)
        await self.send_event(event(f"{QUEUE}.show", {"box": self._box}, self.path))

    def _is_drawn(self) -> bool:
        queue = self.shown.get(QUEUE, {})
        return bool((queue.get("base") or queue.get("fresh")) and self.shown.get(THREAD, {}).get("head", {}).get("id"))

    def on_change(self, state: str, news: dict[str, Any], moment: float) -> None:
        """Report the rows and the messages."""
        if state == QUEUE and self.rows and (rows := _rows(news)):
            self.rows(self, rows, moment)
        if state == THREAD and self.messages and (messages := news.get("history", []) + news.get("live", [])):
            self.messages(self, messages, moment)


def _rows(news: dict[str, Any]) -> list[dict[str, Any]]:
    return [*news.get("base", {}).values(), *news.get("fresh", {}).values()]
