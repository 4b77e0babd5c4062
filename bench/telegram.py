"""The latency of a message between a visitor's page and Telegram, both ways: see bench/README.md.

python -m bench.telegram --messages 100 [--latency 0.05]

Starts the program and the emulated Bot API on free ports; ten conversations, each led by its own operator, so that
no limit of Telegram is near. To Telegram: from the visitor's send (a websocket frame) to the Bot API call's arrival.
From Telegram: from the answer to the poll to the frame that redraws the visitor's page.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from tests.channels.desk import BEGIN, INVITES
from tests.emulators import telegram
from tests.emulators.telegram import Pace, Telegram
from tests.program import Server
from tests.wire import VisitorTab
from vink_chat import conversations
from vink_chat.kit.db import Database
from vink_chat.operators import AccountStatus, Presence
from vink_chat.operators.model import Operator

TALKS = 10


def _quantiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        f"p{part}": round(ordered[min(len(ordered) - 1, len(ordered) * part // 100)] * 1000, 1) for part in (50, 95, 99)
    }


class Line:
    """One visitor and the operator who holds the conversation."""

    def __init__(self, bot: Telegram, url: str, person: int) -> None:
        self.bot, self.person = bot, person
        self.tab = VisitorTab(url, conversations.new_secret(), keeps_frames=False)
        self.arrived: dict[str, float] = {}
        self.tab.hear = self._hear

    def _hear(self, _tab: VisitorTab, news: dict[str, Any], moment: float) -> None:
        for message in [*news.get("live", []), *news.get("history", [])]:
            self.arrived.setdefault(message["html"], moment)

    async def begin(self) -> None:
        """Call an operator, and have them take the conversation."""
        await self.tab.open()
        await self.tab.send("позовите оператора", uuid4().hex)
        press = self.bot.press(self.person, await self.bot.read(self.person, INVITES, seconds=60), BEGIN)
        await self.bot.answered(press, seconds=60)
        await self.bot.read(self.person, "Ждут ответа", seconds=60)

    async def there(self, number: int) -> float:
        """Send from the page; return the seconds to the Bot API call."""
        words = f"вопрос {self.person} {number}"
        begun = time.monotonic()
        await self.tab.send(words, uuid4().hex)

        def called() -> list[float]:
            return [
                at
                for at, name, given in reversed(self.bot.calls)
                if name == "sendMessage" and given["text"].endswith(words)
            ]

        return (await self.bot.until(called, words, 30))[0] - begun

    async def back(self, number: int) -> float:
        """Answer from Telegram; return the seconds to the page's update."""
        words = f"ответ {self.person} {number}"
        await self.bot.until(lambda: self.bot.poller, "a poll", 30)
        begun = time.perf_counter()
        self.bot.say(self.person, words)
        await self.bot.until(lambda: any(words in shown for shown in self.arrived), words, 30)
        return next(moment for shown, moment in self.arrived.items() if words in shown) - begun


async def _operators(url: str, bot: Telegram) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        for person in range(1, TALKS + 1):
            bot.started.add(bot.person(person, f"Оператор {person}"))
            tx.session.add(
                Operator(
                    name=f"Оператор {person}",
                    status=AccountStatus.ACTIVE,
                    presence=Presence.HERE,
                    telegram_id=person,
                    answers_in_telegram=True,
                )
            )
    await database.close()


async def _begun(bot: Telegram, url: str) -> list[Line]:
    """Start the conversations one after another, so that each operator gets one."""
    lines = []
    for person in range(TALKS, 0, -1):
        lines.append(Line(bot, url, person))
        await lines[-1].begin()
        await asyncio.sleep(1.1)
    return lines


async def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Start everything, measure, and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        bot = Telegram(latency=given.latency, pace=Pace())
        async with telegram.running(bot):
            settings = {"VINK_TELEGRAM_TOKEN": telegram.TOKEN, "VINK_TELEGRAM_BASE_URL": bot.base_url}
            server = Server(Path(folder), settings)
            url = server.settings["VINK_DATABASE_URL"]
            await _operators(url, bot)
            await server.start()
            assert server.process is not None
            try:
                there, back, spent = await _both_ways(
                    bot, server.url, given.messages, psutil.Process(server.process.pid)
                )
            finally:
                server.kill()
            refused = sum(code == 429 for _, code, _ in bot.refusals)
    return {"to_telegram_ms": _quantiles(there), "from_telegram_ms": _quantiles(back), "messages": len(there),
            "cpu_ms_per_message": round(spent * 1000 / (len(there) + len(back)), 1),
            "refused": refused, "load": os.getloadavg()[0]}  # fmt: skip


async def _both_ways(
    bot: Telegram, url: str, messages: int, program: psutil.Process
) -> tuple[list[float], list[float], float]:
    lines = await _begun(bot, url)
    before = sum(program.cpu_times()[:2])
    there, back = [], []
    for number in range(messages // TALKS):
        # A chat allows one call a second; ten chats in turn stay below every limit.
        for line in lines:
            there.append(await line.there(number))
            back.append(await line.back(number))
            await asyncio.sleep(0.11)
    spent = sum(program.cpu_times()[:2]) - before
    for line in lines:
        await line.tab.close()
    return there, back, spent


def main() -> None:
    """Measure once and print a line of JSON."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--messages", type=int, default=100, help="each way")
    words.add_argument("--latency", type=float, default=0.0, help="seconds Telegram takes for a call")
    print(json.dumps(uvloop.run(measure(words.parse_args())), ensure_ascii=False))


if __name__ == "__main__":
    main()
