"""Query and edit a large knowledge base on SQLite, and measure the cost: see bench/README.md.

python -m bench.knowledge --articles 100000
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.search import vocabulary
from tests import schema
from vink_chat import knowledge
from vink_chat.kit import db

_AT_ONCE = 500
_QUESTION = "Есть ли парковка у склада?"


def main() -> None:
    """Fill, build, ask, edit, and print one line of JSON."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--articles", type=int, default=100_000)
    words.add_argument("--folder", type=Path, help="keep the database in it, or ask the one a former run left there")
    words.add_argument("--edits", type=int, default=20)
    print(json.dumps(asyncio.run(_run(words.parse_args()))), flush=True)


async def _run(given: argparse.Namespace) -> dict[str, object]:
    with TemporaryDirectory(prefix="vink-bench-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        url, filled = f"sqlite:///{folder}/knowledge.db", folder / "knowledge.filled"
        if not filled.exists():
            (folder / "knowledge.db").unlink(missing_ok=True)
        await asyncio.to_thread(schema.upgrade, url)
        database = db.Database(url)
        db.use(database)
        knowledge.warm_up()
        if not filled.exists():
            await _seed(given.articles)
            filled.touch()
        told = await _measure(given.edits)
        await database.close()
        return {"articles": given.articles, "load": round(os.getloadavg()[0], 1), **told}


async def _seed(count: int) -> None:
    """Insert articles with eight words in the question and forty in the answer."""
    dice, words = random.Random(5), vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    for first in range(0, count, _AT_ONCE):
        async with db.transaction() as tx:
            for _ in range(min(_AT_ONCE, count - first)):
                asked = dice.choices(words, cum_weights=weights, k=8)
                told = dice.choices(words, cum_weights=weights, k=40)
                await knowledge.add(tx, question=" ".join(asked).capitalize(), answer=" ".join(told).capitalize())
    async with db.transaction() as tx:
        await knowledge.add(tx, question=_QUESTION, answer="Да.")


async def _measure(edits: int) -> dict[str, object]:
    told: dict[str, object] = {"before_mb": _memory()}
    async with _held() as held:
        begun, used = time.perf_counter(), time.process_time()
        building = asyncio.create_task(knowledge.prepare())
        await building
        told["build_s"] = round(time.perf_counter() - begun, 1)
        told["build_processor_s"] = round(time.process_time() - used, 1)
    told |= {"held_while_building_ms": _most(held), "after_mb": _memory()}
    article_id = (await _ask())[0]
    edit, ask, whole = [], [], []
    async with _held() as held:
        for number in range(edits):
            used = time.thread_time()
            begun = time.perf_counter()
            async with db.transaction() as tx:
                await knowledge.edit(tx, article_id, answer=f"Да, {number} мест.", aliases=f"слово{number} у склада")
            edit.append((time.thread_time() - used) * 1000)
            whole.append((time.perf_counter() - begun) * 1000)
            took = await asyncio.gather(*(_timed() for _ in range(8)))
            ask.append(max(took) * 1000)
    told["edit_ms"] = {"on_the_loop": _middle(edit), "worst": round(max(edit), 1), "wall": _middle(whole)}
    told["eight_questions_after_it_ms"] = {"last": _middle(ask), "worst": round(max(ask), 1)}
    return told | {"held_by_edits_ms": _most(held), "memory_mb": _memory()}


async def _ask() -> list[UUID]:
    async with db.reading() as tx:
        return [passage.id for passage in await knowledge.search(tx, _QUESTION)]


async def _timed() -> float:
    begun = time.perf_counter()
    assert await _ask()
    return time.perf_counter() - begun


@asynccontextmanager
async def _held() -> AsyncIterator[list[float]]:
    """Record the processor time of each iteration of the event loop, in seconds."""
    held: list[float] = []

    async def watch() -> None:
        while True:
            begun = time.thread_time()
            await asyncio.sleep(0.002)
            held.append(time.thread_time() - begun)

    task = asyncio.create_task(watch())
    try:
        yield held
    finally:
        task.cancel()


def _most(held: list[float]) -> float:
    return round(max(held) * 1000, 1)


def _middle(taken: list[float]) -> float:
    return round(sorted(taken)[len(taken) // 2], 1)


def _memory() -> int:
    return psutil.Process().memory_info().rss // 2**20


if __name__ == "__main__":
    main()
