"""Load the operators' desks over real websockets and measure their latency: see bench/README.md.

python -m bench.desk --desks 50 --visitors 500 --rate 20
"""

import argparse
import asyncio
import gc
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.desk_shop import Shop, Talker, fill
from bench.desk_tab import DeskTab
from bench.environment import Options, Stage, stage
from bench.load import _quantiles
from tests.wire import VisitorTab, Wire
from vink_chat.conversations import Status

_AT_ONCE = 10
_PATIENCE = 5.0


class Measured:
    """When each message was sent, and when each desk showed it in its thread and in its queue."""

    def __init__(self) -> None:
        self.thread: list[float] = []
        self.queue: list[float] = []
        self._sent: dict[str, float] = {}
        self._last: dict[tuple[DeskTab, str], int] = {}
        self._begun: dict[str, list[tuple[int, float]]] = {}
        self.numbers = 0

    def send(self, talker: Talker) -> tuple[str, str]:
        """Record that a visitor writes now; return the text and the message's id."""
        self.numbers += 1
        moment = time.perf_counter()
        self._sent[f"bench-{self.numbers}"] = moment
        self._begun.setdefault(str(talker.conversation), []).append((self.numbers, moment))
        return f"Сообщение {self.numbers}", f"bench-{self.numbers}"

    def in_thread(self, _desk: DeskTab, messages: list[dict[str, Any]], moment: float) -> None:
        """Record which messages a thread shows for the first time."""
        for message in messages:
            begun = self._sent.pop(message["client_id"], None)
            if begun is not None:
                self.thread.append(moment - begun)

    def in_queue(self, desk: DeskTab, rows: list[dict[str, Any]], moment: float) -> None:
        """Record which messages a desk's queue shows for the first time; a later one includes those before it."""
        for row in rows:
            word, _, number = row["text"].partition(" ")
            if word != "Сообщение" or not number.isdigit():
                continue
            known = self._last.get((desk, row["id"]), 0)
            begun = self._begun.get(row["id"], [])
            self.queue += [moment - start for one, start in begun if known < one <= int(number)]
            self._last[desk, row["id"]] = max(known, int(number))

    def forget(self) -> None:
        """Discard the measurements so far."""
        self.thread.clear()
        self.queue.clear()

    @property
    def waiting(self) -> int:
        """Count the messages that no thread has shown."""
        return len(self._sent)


def main() -> None:
    """Parse the options, run, print one line of JSON for each size of the database."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--desks", type=int, default=50)
    words.add_argument("--visitors", type=int, default=500, help="connected visitors, the talkers among them")
    words.add_argument("--talkers", type=int, default=100, help="visitors who write, half of them attended")
    words.add_argument("--rate", type=float, default=20, help="messages a second, at random moments")
    words.add_argument("--seconds", type=float, default=20)
    words.add_argument("--conversations", type=int, nargs="+", default=[100, 10_000], help="others in the database")
    given = words.parse_args()
    for others in given.conversations:
        with tempfile.TemporaryDirectory(prefix="vink-bench-") as folder, stage(Path(folder), Options()) as running:
            url = f"sqlite:///{Path(folder) / 'shop.db'}"
            shop = asyncio.run(fill(url, given.desks, given.talkers, others))
            told = {"conversations": others} | uvloop.run(_run(given, running, shop))
            print(json.dumps(told, ensure_ascii=False), flush=True)


async def _run(given: argparse.Namespace, running: Stage, shop: Shop) -> dict[str, object]:
    measured = Measured()
    attended = [one for one in shop.talkers if one.status is Status.ATTENDED]
    desks = [
        DeskTab(running.urls[0], token, "all" if n % 2 else "waiting", str(attended[n % len(attended)].conversation))
        for n, token in enumerate(shop.tokens)
    ]
    tabs = [VisitorTab(running.urls[0], one.secret, keeps_frames=False) for one in shop.talkers]
    idle = [
        VisitorTab(running.urls[0], secrets.token_urlsafe(32), keeps_frames=False)
        for _ in range(given.visitors - len(tabs))
    ]
    await _open([*tabs, *idle, *desks])
    for desk in desks:
        desk.rows, desk.messages = measured.in_queue, measured.in_thread
    gc.collect()
    gc.freeze()
    await _send(measured, list(zip(shop.talkers, tabs, strict=True)), given.rate, 3)
    measured.forget()
    before, frames = running.spent(), sum(desk.count for desk in desks)
    received = sum(desk.received for desk in desks)
    late = await _send(measured, list(zip(shop.talkers, tabs, strict=True)), given.rate, given.seconds)
    after = running.spent()
    told: dict[str, object] = {
        "desks": len(desks),
        "visitors": len(tabs) + len(idle),
        "rate": given.rate,
        "sent": measured.numbers,
        "thread_ms": _quantiles(measured.thread),
        "queue_ms": _quantiles(measured.queue),
        "cpu": f"{(after.seconds - before.seconds) / (after.at - before.at):.1%}",
        "frames_per_s": round((sum(desk.count for desk in desks) - frames) / (after.at - before.at)),
        "kb_per_s": round((sum(desk.received for desk in desks) - received) / (after.at - before.at) / 1000),
        "client_late_ms": round(late * 1000, 1),
        "mb": round(after.bytes / 1e6),
        "load": round(os.getloadavg()[0], 1),
    }
    await asyncio.gather(*(one.close() for one in [*tabs, *idle, *desks]))
    return told


async def _open(all_of_them: Sequence[Wire]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(tab: Wire) -> None:
        async with gate:
            await tab.open()

    await asyncio.gather(*(one(tab) for tab in all_of_them))


async def _send(measured: Measured, talkers: list[tuple[Talker, VisitorTab]], rate: float, seconds: float) -> float:
    """Send at random moments, as an open loop; return the load program's own largest delay, in s."""
    chance = random.Random(7)
    begun, moment, worst, number = time.perf_counter(), 0.0, 0.0, 0
    order = talkers[:]
    chance.shuffle(order)
    while (moment := moment + chance.expovariate(rate)) < seconds:
        await asyncio.sleep(max(0.0, begun + moment - time.perf_counter()))
        worst = max(worst, time.perf_counter() - begun - moment)
        talker, tab = order[number % len(order)]
        await tab.send(*measured.send(talker))
        number += 1
    deadline = time.perf_counter() + _PATIENCE
    unseen = -1
    while measured.waiting != unseen and time.perf_counter() < deadline:
        unseen = measured.waiting
        await asyncio.sleep(0.3)
    return worst


if __name__ == "__main__":
    main()
