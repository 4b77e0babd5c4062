"""Measure the desk's search in many messages, and its effect on other requests: see bench/README.md.

python -m bench.search --messages 1000000 --database sqlite
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
import pymorphy3
from sqlalchemy import text
from sqlmodel import SQLModel

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import schema
from tests.servers import PostgresServer
from vink_chat import conversations
from vink_chat.conversations import search
from vink_chat.conversations.search import store
from vink_chat.conversations.search.actions import card_terms, message_terms
from vink_chat.kit import db, lemmas
from vink_chat.kit.clock import now

_WORDS = 30_000
_IN_A_TALK = 10
_AT_ONCE = 2_000
_FREQUENT = [
    *("здравствуйте", "заказ", "спасибо", "накладная", "плёнка", "доставка"),
    *("когда", "баннер", "счёт", "цена", "пожалуйста", "размер"),
]
_NAMES = ["Мария", "Анна", "Пётр", "Иван", "Ольга", "Сергей", "Светлана", "Игорь", "Елена", "Дмитрий"]

QUERIES = {
    "frequent": ("здравствуйте", "заказы", "спасибо", "накладной", "плёнки"),
    "two frequent": ("здравствуйте заказ", "накладные спасибо", "доставка плёнок"),
    "prefix": ("накл", "дост", "спас", "при", "зак"),
    "rare": ("редкословие{}",),
    "absent": ("такогословане{}", "абырвалг{}", "заказ такогословане{}"),
    "number": ("{order}", "№ {order}", "{phone}", "+7 {phone}"),
    "absent number": ("99{order}", "заказ 77{order}"),
    "name": ("мария", "пётр{}", "мария заказ", "светлана накладные"),
}


def main() -> None:
    """Seed, ask, print one line of JSON."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--messages", type=int, default=1_000_000)
    words.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    words.add_argument("--asked", type=int, default=40, help="questions of each kind")
    words.add_argument("--folder", type=Path, help="keep the database in it, or ask the one a former run left there")
    words.add_argument("--old", type=int, default=0, help="so many messages more, to be indexed in the background")
    print(json.dumps(asyncio.run(_run(words.parse_args())), ensure_ascii=False), flush=True)


async def _run(given: argparse.Namespace) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="vink-bench-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        # As the program does when it starts.
        lemmas.warm_up()
        async with _database(given.database, folder) as (url, spent):
            told: dict[str, object] = {"database": given.database, "messages": given.messages}
            written = folder / f"{given.database}.json"
            if not written.exists():
                begun = time.perf_counter()
                written.write_text(json.dumps(await _seed(given.messages)))
                told["seeded_s"] = round(time.perf_counter() - begun)
            orders, phones = json.loads(written.read_text())
            told |= {"megabytes": await _size(url), "load": round(os.getloadavg()[0], 1)}
            chance = random.Random(11)
            for kind, patterns in QUERIES.items():
                asked = [_filled(chance.choice(patterns), chance, orders, phones) for _ in range(given.asked)]
                told[kind] = await _ask(asked, spent)
            if given.old:
                await _seed(given.old, indexed=False)
                told["indexing"] = await _index(given.old)
            return told


@asynccontextmanager
async def _database(kind: str, folder: Path) -> AsyncIterator[tuple[str, Callable[[], float]]]:
    """Open the database in a folder; yield its URL and a clock of the processor time that it and we have spent."""
    url = f"sqlite:///{folder}/search.db"
    spent: Callable[[], float] = time.process_time
    with ExitStack() as servers:
        if kind == "postgresql":
            home = folder / "postgresql"
            home.mkdir(exist_ok=True)
            # PostgreSQL's default memory.
            server = servers.enter_context(PostgresServer(home, settings=["shared_buffers=128MB"]))
            url, process = server.url("bench"), psutil.Process(server.process_id)
            if not (folder / "postgresql.json").exists():
                server.execute("DROP DATABASE IF EXISTS bench")
                server.execute("CREATE DATABASE bench TEMPLATE template0")

            def spent() -> float:
                ended = process.cpu_times().children_user + process.cpu_times().children_system
                used = [one.cpu_times() for one in (process, *process.children())]
                return time.process_time() + ended + sum(one.user + one.system for one in used)

        elif not (folder / "sqlite.json").exists():
            (folder / "search.db").unlink(missing_ok=True)
        await asyncio.to_thread(schema.upgrade, url)
        database = db.Database(url)
        db.use(database)
        yield url, spent
        await database.close()


def vocabulary() -> list[str]:
    """Return the words of the texts, most frequent first."""
    known: Any = pymorphy3.MorphAnalyzer(lang="ru").dictionary.words
    letters = "абвгдежзиклмнопрстуфхцчшэюя"
    begins = ("".join(two) for two in itertools.product(letters, "аеиорлн"))
    # Reading the whole dictionary would take a minute.
    some = (word for two in begins for word in itertools.islice(known.iterkeys(two), 0, 600, 4))
    words = [word for word in some if word.isalpha()]
    random.Random(3).shuffle(words)
    return [*_FREQUENT, *words[:_WORDS]]


async def _seed(count: int, *, indexed: bool = True) -> tuple[list[int], list[str]]:
    """Insert messages, ten per conversation, and index them; return the order and phone numbers in them."""
    chance = random.Random(count)
    words = vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    begun = now() - timedelta(days=700)
    orders: list[int] = []
    phones: list[str] = []
    moments = (begun + timedelta(seconds=60 * number) for number in itertools.count())
    for first in range(0, count, _AT_ONCE):
        talks = [_talk(next(moments), chance) for _ in range(_AT_ONCE // _IN_A_TALK)]
        messages = [
            _message(talk, position, _text(chance, words, weights, orders), first)
            for talk in talks
            for position in range(1, _IN_A_TALK + 1)
        ]
        phones += [talk["phone"] for talk in talks[:1]]
        await _write(talks, messages, indexed=indexed)
    async with db.transaction() as tx:
        await tx.rows(text("ANALYZE"))
        if indexed:
            await store.set_progress(tx, (await store.progress(tx))._replace(finished=True))
    return orders, phones


def _talk(moment: datetime, chance: random.Random) -> dict[str, Any]:
    name = f"{chance.choice(_NAMES)} {chance.choice(_NAMES)}ова"
    return {
        "id": uuid4(),
        "visitor": uuid4(),
        "begun": moment,
        "name": name,
        "phone": f"9{chance.randrange(10**8, 10**9)}",
    }


def _text(chance: random.Random, words_known: list[str], weights: list[float], orders: list[int]) -> str:
    words = chance.choices(words_known, cum_weights=weights, k=chance.randrange(4, 21))
    if chance.random() < 0.1:
        orders.append(chance.randrange(10_000, 1_000_000))
        words.append(f"№{orders[-1]}")
    if chance.random() < 0.001:
        words.append(f"редкословие{chance.randrange(50)}")
    return " ".join(words).capitalize()


def _message(talk: dict[str, Any], position: int, said: str, first: int) -> dict[str, Any]:
    del first
    return {
        "id": uuid4(),
        "conversation_id": talk["id"],
        "visitor_id": talk["visitor"],
        "position": position,
        "author": "visitor",
        "text": said,
        "sources": [],
        "note": False,
        "created_at": talk["begun"] + timedelta(seconds=position),
    }


async def _write(talks: list[dict[str, Any]], messages: list[dict[str, Any]], *, indexed: bool) -> None:
    tables = SQLModel.metadata.tables
    async with db.transaction() as tx:
        connection = await tx.session.connection()
        visitors = [
            {"id": one["visitor"], "secret_hash": one["visitor"].hex, "name": one["name"], "phone": one["phone"]}
            for one in talks
        ]
        held = [
            {"id": one["id"], "visitor_id": one["visitor"], "created_at": one["begun"], "last_at": one["begun"]}
            for one in talks
        ]
        await connection.execute(tables["visitor"].insert(), visitors)
        await connection.execute(tables["conversation"].insert(), held)
        await connection.execute(tables["message"].insert(), messages)
        if indexed:
            base = int(messages[0]["created_at"].timestamp()) * 100
            entries = [
                (base + at, one["id"], message_terms(one["visitor_id"], one["text"])) for at, one in enumerate(messages)
            ]
            cards = [
                (base + len(messages) + at, one["visitor"], card_terms([one["name"], one["phone"]]))
                for at, one in enumerate(talks)
            ]
            await store.put_old(tx, "message_id", entries)
            await store.put_old(tx, "visitor_id", cards)


def _filled(pattern: str, chance: random.Random, orders: list[int], phones: list[str]) -> str:
    number = chance.randrange(50)
    order, phone = chance.choice(orders), chance.choice(phones)
    return pattern.replace("{order}", str(order)).replace("{phone}", phone).replace("{}", str(number))


async def _ask(asked: list[str], spent: Callable[[], float]) -> dict[str, object]:
    took: list[float] = []
    used: list[float] = []
    hits = 0
    async with _neighbour() as neighbour:
        for words in asked:
            before, begun = spent() - neighbour.processor, time.perf_counter()
            async with db.reading() as tx:
                hits += (await search.find(tx, words)).total
            took.append((time.perf_counter() - begun) * 1000)
            used.append((spent() - neighbour.processor - before) * 1000)
    return _figures(took) | {
        "processor": _figures(used),
        "hits": round(hits / len(asked)),
        "neighbour_worst": round(max(neighbour.waited), 1),
    }


async def _index(count: int) -> dict[str, object]:
    async with db.transaction() as tx:
        progress = await store.progress(tx)
        await store.set_progress(tx, progress._replace(finished=False, total=count, done=0))
    begun = time.perf_counter()
    async with _neighbour() as neighbour:
        await search.index_old(db.reading, db.transaction)
    return {"messages_per_s": round(count / (time.perf_counter() - begun)), **_figures(neighbour.waited)}


@dataclass
class _Neighbour:
    """Another reader: how long each of its reads waited, in ms, and its processor time, in s."""

    waited: list[float] = field(default_factory=lambda: [0.0])
    processor: float = 0.0


@asynccontextmanager
async def _neighbour() -> AsyncIterator[_Neighbour]:
    """Read a conversation every 5 ms."""
    neighbour = _Neighbour()
    somebody = UUID(int=1)

    async def read() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.005)
            used = time.thread_time()
            async with db.reading() as tx:
                await conversations.newest_row(tx, somebody)
            neighbour.processor += time.thread_time() - used
            neighbour.waited.append((time.perf_counter() - begun - 0.005) * 1000)

    task = asyncio.create_task(read())
    try:
        yield neighbour
    finally:
        task.cancel()


def _figures(took: list[float]) -> dict[str, float]:
    cut: Iterator[float] = iter(statistics.quantiles(took, n=20))
    found = list(cut)
    return {"p50": round(found[9], 1), "p95": round(found[18], 1), "worst": round(max(took), 1)}


async def _size(url: str) -> int:
    if url.startswith("sqlite"):
        return os.stat(url.removeprefix("sqlite:///")).st_size // 2**20  # noqa: PTH116
    async with db.reading() as tx:
        return int((await tx.rows(text("SELECT pg_database_size(current_database())")))[0][0]) // 2**20


if __name__ == "__main__":
    main()
