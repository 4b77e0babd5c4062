"""Load the chat over real websockets and measure its latency: see bench/README.md.

python -m bench.load --tabs 500 --rate 20
"""

import argparse
import asyncio
import gc
import json
import os
import random
import secrets
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.environment import Options, Spent, Stage, stage
from bench.serve import SERVERS
from bench.talk import Figures, Talk
from tests.wire import VisitorTab

_AT_ONCE = 20
_PATIENCE = 30.0


def main() -> None:
    """Parse the options, run, print one line of JSON."""
    given = _wishes()
    options = Options(given.processes, given.model, given.server, alone=given.alone)
    # When terminated, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="vink-bench-") as folder, stage(Path(folder), options) as running:
        print(json.dumps(uvloop.run(_run(given, running)), ensure_ascii=False), flush=True)


def _wishes() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--tabs", type=int, default=500, help="connected tabs")
    words.add_argument("--talks", type=int, default=0, help="conversations that write, two tabs each; 0: at most 250")
    words.add_argument("--rate", type=float, default=20, help="messages a second, at random moments")
    words.add_argument("--seconds", type=float, default=20, help="how long to send (at most 40)")
    words.add_argument("--processes", type=int, default=1, help="web processes; from 2 on: PostgreSQL and Valkey")
    words.add_argument("--model", action="store_true", help="answer with the emulated YandexGPT at no latency")
    words.add_argument("--called", action="store_true", help="a person was called everywhere")
    words.add_argument("--alone", action="store_true", help="with --called: the assistant answers nobody who waits")
    words.add_argument("--server", default="", choices=["", *SERVERS], help="serve with another server of ASGI")
    words.add_argument("--profile", default="", help="write a py-spy profile of the first process there")
    return words.parse_args()


async def _run(given: argparse.Namespace, running: Stage) -> dict[str, object]:
    figures = Figures()
    empty = running.spent()
    pairs = [(one, running.urls[number % len(running.urls) - 1]) for number, one in enumerate(running.urls)]
    speed = [_speed()]
    count = given.talks or min(given.tabs // 2, 250)
    talks = [
        Talk(pairs[number % len(pairs)], figures, called=given.called, answered=not given.alone)
        for number in range(count)
    ]
    idle = [
        VisitorTab(running.urls[n % len(running.urls)], secrets.token_urlsafe(32), keeps_frames=False)
        for n in range(given.tabs - 2 * count)
    ]
    if given.called:
        await running.staff()
    began = time.perf_counter()
    await _open([*talks, *idle])
    connected = time.perf_counter() - began
    full = running.spent()
    gc.collect()
    gc.freeze()
    await _warm(talks)
    for measured in (figures.seen, figures.answered):
        measured.clear()
    quiet = running.spent()
    await asyncio.sleep(3)
    before = running.spent()
    profiler = await _profiler(given, running)
    late = await _send(talks, given.rate, min(given.seconds, 40))
    await _settle(talks)
    after = running.spent()
    if profiler:
        await profiler.wait()
    speed.append(_speed())
    told = _told(given, figures, talks, late) | _used(given, empty, full, (quiet, before, after), figures)
    told["connects_per_s"] = round(given.tabs / connected)
    told["python_ms"] = speed
    await asyncio.gather(*(one.close() for one in [*talks, *idle]))
    return told


async def _open(all_of_them: Sequence[Talk | VisitorTab]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(thing: Talk | VisitorTab) -> None:
        async with gate:
            await thing.open()

    await asyncio.gather(*(one(thing) for thing in all_of_them))


async def _warm(talks: list[Talk]) -> None:
    # The first use of each statement, dictionary and template is not measured.
    for talk in talks[:10]:
        await talk.ask()
    await _settle(talks)


async def _send(talks: list[Talk], rate: float, seconds: float) -> float:
    """Send at random moments, as an open loop; return the load program's own largest delay, in s."""
    chance = random.Random(7)
    begun = time.perf_counter()
    moment, worst, number = 0.0, 0.0, 0
    order = talks[:]
    chance.shuffle(order)
    while (moment := moment + chance.expovariate(rate)) < seconds:
        await asyncio.sleep(max(0.0, begun + moment - time.perf_counter()))
        worst = max(worst, time.perf_counter() - begun - moment)
        await order[number % len(order)].ask()
        number += 1
    return worst


async def _settle(talks: list[Talk]) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while not all(talk.settled for talk in talks) and time.perf_counter() < deadline:  # noqa: ASYNC110  many to look at
        await asyncio.sleep(0.02)


async def _profiler(given: argparse.Namespace, running: Stage) -> asyncio.subprocess.Process | None:
    if not given.profile:
        return None
    command = [
        str(Path(sys.executable).with_name("py-spy")),
        "record",
        "-p",
        str(running.pids[0]),
        "-d",
        str(int(given.seconds)),
        "-r",
        "250",
    ]
    return await asyncio.create_subprocess_exec(*command, "-f", "raw", "-o", given.profile, stdout=-3, stderr=-3)


def _told(given: argparse.Namespace, figures: Figures, talks: list[Talk], late: float) -> dict[str, object]:
    return {
        "tabs": given.tabs,
        "rate": given.rate,
        "processes": given.processes,
        "provider": "nobody" if given.alone else "yandex" if given.model else "knowledge",
        "called": given.called,
        "server": given.server or "uvicorn",
        "sent": sum(len(talk.sent) for talk in talks),
        "seen_ms": _quantiles(figures.seen),
        "answered_ms": _quantiles(figures.answered),
        "lost": sum(talk.lost() for talk in talks),
        "doubled": sum(talk.doubled() for talk in talks),
        "unanswered": sum(talk.unanswered() for talk in talks),
        "refused": figures.refused,
        "client_late_ms": round(late * 1000, 1),
        "load": round(os.getloadavg()[0], 1),
    }


def _used(
    given: argparse.Namespace, empty: Spent, full: Spent, spent: tuple[Spent, Spent, Spent], figures: Figures
) -> dict[str, object]:
    quiet, before, after = spent
    idle = (before.seconds - quiet.seconds) / (before.at - quiet.at)
    busy = (after.seconds - before.seconds) / (after.at - before.at)
    for_messages = after.seconds - before.seconds - idle * (after.at - before.at)
    return {
        "cpu_idle": f"{idle:.1%}",
        "cpu": f"{busy:.1%}",
        "cpu_ms_per_message": round(for_messages * 1000 / max(1, len(figures.seen)), 2),
        "kb_per_tab": round((full.bytes - empty.bytes) / given.tabs / 1000),
        "kb_per_tab_after": round((after.bytes - empty.bytes) / given.tabs / 1000),
        "mb": round(after.bytes / 1e6),
    }


def _speed() -> float:
    """Return the milliseconds of processor time that a fixed piece of Python takes now."""
    started = time.process_time()
    sum(number * number for number in range(1_000_000))
    return round((time.process_time() - started) * 1000)


def _quantiles(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {
        "p50": round(cuts[49] * 1000, 1),
        "p95": round(cuts[94] * 1000, 1),
        "p99": round(cuts[98] * 1000, 1),
        "max": round(max(seconds) * 1000, 1),
    }


if __name__ == "__main__":
    main()
