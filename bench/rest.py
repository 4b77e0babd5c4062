"""500 visitors of the replaced front end: each polls every 3 s, and 20 messages a second are posted.

    python -m bench.rest [--clients 500] [--posts 20] [--seconds 60]

Starts a server of its own on a free port, with a database of its own. Every client has an address of its own, told by a
trusted proxy. At the end what was read is compared with what the database holds: nothing may be lost or doubled.
"""

import argparse
import asyncio
import collections
import json
import random
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psutil
import uvloop

from tests.program import Server
from vink_chat import conversations

PERIOD = 3.0
QUESTIONS = (
    "Сколько стоит доставка?",
    "Как оформить заказ?",
    "Какие способы оплаты вы принимаете?",
    "Чем отличается литая плёнка от каландрированной?",
    "Можно ли забрать заказ самовывозом?",
)


@dataclass
class Tally:
    """What the clients received."""

    reads: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    statuses: collections.Counter[int] = field(default_factory=collections.Counter)
    read: collections.Counter[tuple[UUID, str]] = field(default_factory=collections.Counter)


class Line:
    """One keep-alive HTTP connection; a client library would cost more than the server under test."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._turn = asyncio.Lock()

    async def request(self, head: str, body: bytes = b"") -> tuple[int, bytes, float]:
        """Send a request; return status, body and seconds."""
        async with self._turn:
            if self._reader is None or self._writer is None or self._reader.at_eof():
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
            started = time.perf_counter()
            self._writer.write(f"{head}Host: chat\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            said = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(said.split("content-length:")[1].split("\r\n")[0])
            content = await self._reader.readexactly(length)
            return int(said.split(" ", 2)[1]), content, time.perf_counter() - started


class Visitor:
    """One open page of the replaced front end."""

    def __init__(self, number: int, port: int, tally: Tally) -> None:
        self.token = str(uuid4())
        self.owner = conversations.visitor_id(self.token)
        self._line = Line(port)
        self._tally = tally
        address = f"10.0.{number >> 8}.{number & 255}"
        self._headers = f" HTTP/1.1\r\nchat-token: {self.token}\r\nx-forwarded-for: {address}\r\n"

    async def poll(self, until: float) -> None:
        """Read every three seconds."""
        due = time.perf_counter() + random.uniform(0, PERIOD)
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self.read()
            due += PERIOD

    async def read(self) -> int:
        """Read once; return how many messages came."""
        status, body, seconds = await self._line.request(f"GET /api/v1/message{self._headers}")
        self._tally.reads.append(seconds)
        self._tally.statuses[status] += 1
        messages = json.loads(body)["messages"]
        self._tally.read.update((self.owner, message["date_create"]) for message in messages)
        return len(messages)

    async def ask(self) -> None:
        """Post a question."""
        body = json.dumps({"message": random.choice(QUESTIONS)}).encode()
        head = f"POST /api/v1/gpt{self._headers}content-type: application/json\r\n"
        status, _, seconds = await self._line.request(head, body)
        self._tally.posts.append(seconds)
        self._tally.statuses[status] += 1


async def talk(port: int, clients: int, rate: float, seconds: float) -> Tally:
    """Let all clients poll and some ask; then read until nothing more comes."""
    tally = Tally()
    visitors = [Visitor(number, port, tally) for number in range(clients)]
    began = time.perf_counter()
    until = began + seconds
    work = [asyncio.create_task(visitor.poll(until)) for visitor in visitors]
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        work.append(asyncio.create_task(random.choice(visitors).ask()))
    await asyncio.gather(*work)
    measured = list(tally.reads)
    await _until_all_is_read(visitors)
    tally.reads = measured
    return tally


async def _until_all_is_read(visitors: list[Visitor]) -> None:
    quiet = 0
    while quiet < 2:
        await asyncio.sleep(1)
        came = [await visitor.read() for visitor in visitors]
        quiet = quiet + 1 if not any(came) else 0


def written(database: Path) -> collections.Counter[tuple[UUID, str]]:
    """List our side's messages in the database."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT visitor_id, created_at FROM message WHERE author <> 'visitor' AND NOT note")
        return collections.Counter((UUID(owner), f"{moment.replace(' ', 'T')}Z") for owner, moment in rows)


def share(values: list[float], part: float) -> float:
    """Return a quantile in milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1000 if values else 0.0


def report(tally: Tally, database: Path, cpu: float, memory: int) -> bool:
    """Print the figures; tell whether they meet the requirements."""
    stored = written(database)
    lost, doubled = (stored - tally.read).total(), (tally.read - stored).total()
    for name, values in (("GET /api/v1/message", tally.reads), ("POST /api/v1/gpt", tally.posts)):
        figures = ", ".join(f"p{part:.0%}".rstrip("%") + f" {share(values, part):.1f}" for part in (0.5, 0.95, 0.99))
        print(f"{name}: {len(values)} requests, {figures}, at most {share(values, 1):.1f} ms")
    print(f"answers {dict(tally.statuses)}; our messages {stored.total()}, lost {lost}, doubled {doubled}")
    print(f"server: {cpu:.0f} % of one core, {memory >> 20} MiB")
    return not lost and not doubled and set(tally.statuses) <= {200, 201} and share(tally.reads, 0.95) <= 50


async def main() -> int:
    """Start a server, load it, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--posts", type=float, default=20.0, help="messages a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    wish = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vink-rest-"))
    server = Server(folder, {"VINK_TRUSTED_PROXIES": "127.0.0.1", "VINK_LOG_LEVEL": "WARNING"})
    await server.start()
    try:
        assert server.process is not None
        process = psutil.Process(server.process.pid)
        before, began = sum(process.cpu_times()[:2]), time.perf_counter()
        tally = await talk(server.port, wish.clients, wish.posts, wish.seconds)
        cpu = (sum(process.cpu_times()[:2]) - before) / (time.perf_counter() - began) * 100
        good = report(tally, folder / "shop.db", cpu, process.memory_info().rss)
    finally:
        server.kill()
    print("as it must be" if good else "NOT as it must be")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
