"""One conversation under load: what was sent in one tab, and when the other tab showed it and its answer."""

import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.wire import VisitorTab

# The demo knowledge base answers each of these.
QUESTIONS = (
    "Как оформить заказ?",
    "Сколько стоит доставка?",
    "Какие способы оплаты вы принимаете?",
    "Можно ли забрать заказ самовывозом?",
    "Какая баннерная ткань подойдёт для улицы?",
    "Чем отличается литая плёнка от каландрированной?",
    "Какой толщины бывает листовой ПВХ?",
    "Как вернуть или обменять товар?",
)
_numbers = itertools.count(1)


@dataclass
class Figures:
    """What all conversations measured, in seconds.

    Attributes:
        seen: From the send in one tab to the arrival of the change in the other.
        answered: From the send to the arrival of the answer in the other tab.
    """

    sent: int = 0
    refused: int = 0
    seen: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)


class Talk:
    """A visitor with two tabs: writes in the first, watches in the second.

    Attributes:
        called: Whether a person is called before the first message.
        answered: Whether the assistant answers; otherwise only the visitor writes.
    """

    def __init__(self, urls: tuple[str, str], figures: Figures, *, called: bool = False, answered: bool = True) -> None:
        self.called, self.answered = called, answered
        self.secret = secrets.token_urlsafe(32)
        self.writer, self.watcher = (VisitorTab(url, self.secret, keeps_frames=False) for url in urls)
        self._figures = figures
        self._unseen: dict[str, float] = {}
        self._asked: list[tuple[str, float]] = []
        self.sent: list[str] = []

    async def open(self) -> None:
        """Open both tabs."""
        await self.writer.open()
        await self.watcher.open()
        self.watcher.hear = self._watch
        self.writer.hear = self._listen
        if self.called:
            await self.writer.call_operator()

    async def ask(self) -> None:
        """Send one question."""
        number = next(_numbers)
        name = f"bench-{number}"
        moment = time.perf_counter()
        self._unseen[name] = moment
        if self.answered:
            self._asked.append((name, moment))
        self.sent.append(name)
        self._figures.sent += 1
        await self.writer.send(QUESTIONS[number % len(QUESTIONS)], name)

    async def close(self) -> None:
        """Close both tabs."""
        await self.writer.close()
        await self.watcher.close()

    @property
    def settled(self) -> bool:
        """Tell whether everything sent was shown and answered."""
        return not self._unseen and not self._asked

    def lost(self) -> int:
        """Count messages that the second tab never showed."""
        shown = {view["client_id"] for view in self.watcher.messages()}
        return sum(name not in shown for name in self.sent)

    def doubled(self) -> int:
        """Count messages that the second tab shows more than once."""
        shown = [view["position"] for view in self.watcher.messages()]
        names = [view["client_id"] for view in self.watcher.messages() if view["client_id"]]
        return len(shown) - len(set(shown)) + len(names) - len(set(names))

    def unanswered(self) -> int:
        """Count the questions that got neither an answer nor an operator."""
        return len(self._asked)

    def _listen(self, _tab: VisitorTab, news: dict[str, Any], _moment: float) -> None:
        if news.get("refusal", {}).get("text"):
            self._figures.refused += 1

    def _watch(self, _tab: VisitorTab, news: dict[str, Any], moment: float) -> None:
        views = news.get("history", []) + news.get("live", [])
        for view in views:
            begun = self._unseen.pop(view["client_id"], None)
            if begun is not None:
                self._figures.seen.append(moment - begun)
        if views and views[-1]["who"] != "visitor" and self._asked:
            # An answer covers all questions before it; its time counts from the newest of them.
            # The question may have moved into the earlier messages meanwhile.
            self._answered({view["client_id"] for view in self.watcher.messages()}, moment)

    def _answered(self, shown: set[str], moment: float) -> None:
        covered = [begun for name, begun in self._asked if name in shown]
        self._asked = [one for one in self._asked if one[0] not in shown]
        if covered:
            self._figures.answered.append(moment - covered[-1])
