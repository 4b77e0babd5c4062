"""The emulated service itself: its settings, what it was asked, and what will go wrong next."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.emulators import yandexgpt_answers as answers
from tests.emulators.yandexgpt_faults import GAUGE, REFUSALS, Fault, Refused, triggered
from tests.emulators.yandexgpt_plans import Plan, plan

API_KEY = "AQVNemulatedkey"
FOLDER = "b1gemulatedfolder"


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    at: float = field(default_factory=time.monotonic)


@dataclass
class Emulator:
    """The service: its settings, what it was asked, and what will go wrong next.

    Attributes:
        api_key: The only right key; empty accepts any.
        folder: The only right folder; empty accepts any.
        latency: Seconds before the first byte of an answer.
        pace: Seconds between frames.
        parallel: Generations allowed at once; more are refused with 429.
        before: Frames told before a late fault.
        answer: Makes the text from the texts of the messages, oldest first.
        requests: Everything asked, but the control door.
        peak: The most generations at once.
    """

    api_key: str = API_KEY
    folder: str = FOLDER
    url: str = ""
    latency: float = 0.0
    pace: float = 0.0
    parallel: int = 10
    before: int = 3
    answer: Callable[[Sequence[str]], str] = answers.grounded
    requests: list[Seen] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    issued: set[str] = field(default_factory=set)
    in_flight: int = 0
    peak: int = 0
    flaky: Counter[str] = field(default_factory=Counter)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def fail(self, fault: Fault | str, times: int = 1) -> None:
        """Queue a fault for the next generations."""
        self.faults.extend([Fault(fault)] * times)

    def reset(self) -> None:
        """Forget requests, faults and measurements; settings go back to their defaults but keys and folder."""
        fresh = Emulator()
        for name in ("latency", "pace", "parallel", "before", "answer"):
            setattr(self, name, getattr(fresh, name))
        self.requests.clear()
        self.faults.clear()
        self.flaky.clear()
        self.peak = self.in_flight

    def control(self, wish: dict[str, Any]) -> None:
        """Obey the control door: ``fault`` and ``times``, or any of the settings by name."""
        if wish.get("fault"):
            self.fail(wish["fault"], int(wish.get("times", 1)))
        for name in ("latency", "pace", "parallel", "before", "api_key", "folder"):
            if name in wish:
                setattr(self, name, type(getattr(self, name))(wish[name]))
        if "answer" in wish:
            text = str(wish["answer"])
            self.answer = (lambda _: text) if text else answers.grounded

    def begin(self) -> None:
        """Take a place among the generations.

        Raises:
            Refused: Too many at once.
        """
        if self.in_flight >= self.parallel:
            raise Refused(429, 8, GAUGE.format(self.parallel))
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)

    def end(self) -> None:
        """Give the place back."""
        self.in_flight -= 1

    def plan(self, texts: Sequence[str], last: str, max_tokens: int) -> Plan:
        """Decide how to answer.

        Args:
            texts: Of all messages, oldest first.
            last: The visitor's last words, where a trigger may stand.
            max_tokens: Where the answer is cut.

        Raises:
            Refused: The fault refuses the request.
        """
        fault = self.faults.popleft() if self.faults else triggered(last)
        if fault is Fault.FLAKY:
            self.flaky[last] += 1
            fault = fault if self.flaky[last] == 1 else None
        if fault and fault in REFUSALS:
            raise replace(REFUSALS[fault])
        return plan(self.answer(texts), fault, max_tokens=max_tokens, before=self.before)

    def seen(self) -> list[dict[str, Any]]:
        """Return the requests as JSON can carry them, keys hidden."""
        return [asdict(replace(one, headers=one.headers | {"authorization": "…"})) for one in self.requests]
