"""Attack the program from one address, and measure what another visitor notices: see bench/README.md.

python -m bench.attacks [--seconds 6] [--only pings empty-pings]

Everything stays on this machine: the attacker is 127.0.0.2, which is limited as any address, and a process of its own;
whoever measures is 127.0.0.1. Each attack has a baseline right before it, and is bounded in connections and time.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.program import Server
from tests.web.connections import OUTSIDER, PING, TEXT, connection, frame, send, until_closed, websocket
from tests.wire import ROOT, first_packet, load, packet, secret_of
from vink_chat.conversations import new_secret

_EVENT = packet({"name": f"{ROOT}.set_is_hydrated", "payload": {"value": True}, "router_data": {}})
_LINES = 150
_SILENT = 1100
_LETTERS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."


class Attacker:
    """An attack on a server, until a given time."""

    def __init__(self, port: int, secret: str, until: float) -> None:
        self.port = port
        self.secret = secret
        self.until = until

    async def again(self, payload: bytes) -> None:
        """Send the same frames again and again; reconnect whenever disconnected."""
        while time.monotonic() < self.until:
            try:
                async with asyncio.timeout(2):
                    line = await websocket(self.port, OUTSIDER)
            except (AssertionError, OSError, TimeoutError):
                await asyncio.sleep(0.1)
                continue
            while time.monotonic() < self.until and await send(line, payload):
                pass
            line.close()

    async def pings(self) -> None:
        await self.again(frame(PING, b"0123456789") * 500)

    async def empty_pings(self) -> None:
        await self.again(frame(PING, b"") * 500)

    async def dropped(self) -> None:
        await self.again(frame(TEXT, _EVENT.encode()) * 100)

    async def engine_types(self) -> None:
        await self.again(frame(TEXT, b"8") + frame(TEXT, b"9") + frame(TEXT, b"0"))

    async def rubbish(self) -> None:
        while time.monotonic() < self.until:
            try:
                line = await connection(self.port)
            except OSError:
                continue
            await send(line, b"rubbish\r\n\r\n")
            await until_closed(line)
            line.close()

    async def unread(self) -> None:
        """Request a long thread sixteen times on each of many connections, and read none of it."""
        begin = load(secret_of(self.secret))
        first, more = frame(TEXT, first_packet(begin).encode()), frame(TEXT, packet(begin).encode())
        lines = []
        while time.monotonic() < self.until and len(lines) < _LINES:
            try:
                lines.append(line := await websocket(self.port, OUTSIDER))
            except (AssertionError, OSError):
                await asyncio.sleep(0.1)
                continue
            await send(line, first + more * 16)
        await asyncio.sleep(max(0, self.until - time.monotonic()))
        for line in lines:
            line.close()

    async def silent(self) -> None:
        lines = []
        while time.monotonic() < self.until:
            if len(lines) < _SILENT:
                lines.append(await connection(self.port))
            else:
                await asyncio.sleep(0.1)
        for line in lines:
            line.close()

    async def gibberish(self) -> None:
        """Ask five of the most expensive questions a second, within the limits: different words in the wrong layout."""
        transport = httpx.AsyncHTTPTransport(local_address=OUTSIDER)
        secrets = [new_secret() for _ in range(20)]
        letters = random.Random(14)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}/api/v1", transport=transport) as client:
            number = 0
            while time.monotonic() < self.until:
                words = ("".join(letters.choices(_LETTERS, k=letters.randint(5, 12))) for _ in range(420))
                token = {"chat-token": secrets[number % len(secrets)]}
                await client.post("/gpt", headers=token, json={"message": " ".join(words)[:3990]})
                number += 1
                await asyncio.sleep(0.2)


async def _write_thread(url: str, secret: str) -> None:
    async with httpx.AsyncClient(base_url=url, headers={"chat-token": secret}, trust_env=False) as client:
        for _ in range(28):
            (await client.post("/gpt", json={"message": "ж" * 3900})).raise_for_status()


_ATTACKS: dict[str, Callable[[Attacker], Awaitable[None]]] = {
    "pings": Attacker.pings,
    "empty-pings": Attacker.empty_pings,
    "dropped": Attacker.dropped,
    "unread": Attacker.unread,
    "silent": Attacker.silent,
    "engine-types": Attacker.engine_types,
    "rubbish": Attacker.rubbish,
    "gibberish": Attacker.gibberish,
}
# One visitor may ask thirty times a minute.
_ASKED_EVERY = 2.1


async def _others(port: int, until: float) -> list[float]:
    """Make a small request every 20 ms, each on a new connection; return the milliseconds."""
    took = []
    while time.monotonic() < until:
        began = time.perf_counter()
        line = await connection(port, "127.0.0.1")
        await send(line, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert (await until_closed(line)).startswith(b"HTTP/1.1 200")
        line.close()
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.02)
    return took


async def _answers(url: str, until: float) -> list[float]:
    """Ask what the knowledge base knows, as another visitor; return the milliseconds of each answer."""
    took = []
    async with httpx.AsyncClient(base_url=url, headers={"chat-token": new_secret()}, trust_env=False) as client:
        while time.monotonic() < until:
            began = time.perf_counter()
            (
                await client.post("/gpt", json={"message": "Чем отличается литая плёнка от каландрированной?"})
            ).raise_for_status()
            while True:
                if (await client.get("/message")).json()["messages"]:
                    break
                await asyncio.sleep(0.01)
            took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(_ASKED_EVERY)
    return took


async def _noticed(server: Server, until: float) -> tuple[list[float], list[float]]:
    """Return how long another visitor waits for a small request, and for an answer."""
    small, answers = await asyncio.gather(_others(server.port, until), _answers(server.url, until))
    return small, answers


async def _measure(name: str, folder: Path, seconds: float) -> None:
    server = Server(folder, {"VINK_LOG_LEVEL": "WARNING"})
    try:
        await server.start()
        assert server.process
        secret = new_secret()
        await _write_thread(server.url, secret)
        quiet, answered = await _noticed(server, time.monotonic() + seconds)
        memory, logged = psutil.Process(server.process.pid).memory_info().rss, len(server.log)
        who = [name, "--attack", str(server.port), "--secret", secret, "--seconds", str(seconds)]
        attacker = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.attacks", "--only", *who)
        noticed, answered_meanwhile = await _noticed(server, time.monotonic() + seconds + 2)
        grown = psutil.Process(server.process.pid).memory_info().rss - memory
        assert await attacker.wait() == 0
        told = {
            "attack": name,
            "quiet_ms": _quantiles(quiet),
            "attacked_ms": _quantiles(noticed),
            "answer_ms": round(statistics.median(answered), 1),
            "answer_attacked_ms": round(statistics.median(answered_meanwhile), 1),
            "memory_mb": round(grown / 1e6, 1),
            "log_bytes": len(server.log) - logged,
        }
        print(json.dumps(told), flush=True)
    finally:
        server.kill()


def _quantiles(milliseconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1), "max": round(max(milliseconds), 1)}


def main() -> None:
    """Run the attacks, and print one line of JSON for each."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seconds", type=float, default=6, help="of each attack, and of the baseline before it")
    words.add_argument("--only", nargs="*", choices=list(_ATTACKS), default=list(_ATTACKS))
    words.add_argument("--attack", type=int, default=0, help=argparse.SUPPRESS)
    words.add_argument("--secret", default="", help=argparse.SUPPRESS)
    given = words.parse_args()
    for name in given.only:
        if given.attack:
            asyncio.run(_ATTACKS[name](Attacker(given.attack, given.secret, time.monotonic() + given.seconds)))
            continue
        with tempfile.TemporaryDirectory(prefix="vink-bench-") as folder:
            asyncio.run(_measure(name, Path(folder), min(given.seconds, 30)))


if __name__ == "__main__":
    main()
