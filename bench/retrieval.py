"""Measure the search: how often the right article comes first, and how far its confidence can be trusted.

    python bench/retrieval.py ARTICLES.jsonl QUESTIONS.jsonl [--split test] [--verbose]

ARTICLES has the form of the import ({"request": [...], "response": "..."}). QUESTIONS has lines
{"text", "expect", "split"}; ``expect`` is ``qaNN`` (the line of ARTICLES that answers) or ``handover`` (nothing does);
other values (``operator``, ``smalltalk``, ``injection``) are only counted when they are answered by mistake.
The whole path is measured: a real SQLite file, the import verb, ``knowledge.search``.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import text as sql
from sqlmodel import SQLModel

from vink_chat import knowledge
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.knowledge.entries import Source

NO_ANSWER = "handover"
QUOTED = 0.70
SUGGESTED = 0.30


def pairs(articles: Path) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in articles.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(line["request"][-1]["text"], line["response"]) for line in lines]


def sources(articles: Path) -> list[Source]:
    moment = now()
    return [
        Source(UUID(int=number), (question,), answer, moment)
        for number, (question, answer) in enumerate(pairs(articles), 1)
    ]


def asked(questions: Path, split: str) -> list[tuple[str, UUID | None, str]]:
    found: list[tuple[str, UUID | None, str]] = []
    for line in questions.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if split not in {"all", entry["split"]}:
            continue
        right = UUID(int=int(entry["expect"][2:])) if entry["expect"].startswith("qa") else None
        found.append((entry["text"], right, "answer" if right else entry["expect"]))
    return found


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--split", default="", help="dev, test or all; dev and test by default")
    parser.add_argument("--verbose", action="store_true", help="print every question that went wrong")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = Database(f"sqlite:///{folder}/bench.db")
        db.use(base)
        async with base.transaction() as tx:
            connection = await tx.session.connection()
            await connection.run_sync(SQLModel.metadata.create_all)
            for statement in knowledge.search_ddl("sqlite"):
                await connection.execute(sql(statement))
        await knowledge.import_jsonl(base.transaction, arguments.articles.read_text(encoding="utf-8"))
        for split in [arguments.split] if arguments.split else ["dev", "test"]:
            await measure(base, arguments.articles, asked(arguments.questions, split), split, verbose=arguments.verbose)
        await base.close()


async def measure(base: Database, articles: Path, questions: list, split: str, *, verbose: bool) -> None:
    titles = [question.strip() for question, _ in pairs(articles)]
    tally = dict.fromkeys(("first", "third", "answered", "right", "suggested", "false", "false_other"), 0)
    counts = dict.fromkeys(("answer", NO_ANSWER, "other"), 0)
    times, reciprocal = [], 0.0
    for text, right, kind in questions:
        began = time.perf_counter()
        async with base.reading() as tx:
            found = await knowledge.search(tx, text)
        times.append(time.perf_counter() - began)
        wanted = titles[right.int - 1] if right else None
        note = count(tally, counts, found, wanted, kind)
        places = [at for at, passage in enumerate(found, 1) if passage.title == wanted]
        reciprocal += 1 / places[0] if places else 0.0
        if verbose and note:
            print(
                f"  {note:9} {found[0].score if found else 0:.2f}  {text}  ->  {found[0].title[:60] if found else '-'}"
            )
    report(split, tally, counts, reciprocal, times)


def count(tally: dict, counts: dict, found: Sequence, wanted: str | None, kind: str) -> str:
    confidence = found[0].score if found else 0.0
    quoted = confidence >= QUOTED
    if wanted is None:
        counts[kind if kind == NO_ANSWER else "other"] += 1
        tally["false" if kind == NO_ANSWER else "false_other"] += quoted
        return "answered" if quoted else ""
    counts["answer"] += 1
    right = found[:1] != [] and found[0].title == wanted
    tally["first"] += right
    tally["third"] += any(passage.title == wanted for passage in found[:3])
    tally["answered"] += quoted
    tally["right"] += quoted and right
    tally["suggested"] += SUGGESTED <= confidence < QUOTED
    return "" if right and quoted else "unsure" if right else "wrong" if quoted else "missed"


def report(split: str, tally: dict, counts: dict, reciprocal: float, times: list[float]) -> None:
    inside, outside = counts["answer"], counts[NO_ANSWER]
    answered = tally["answered"] + tally["false"]
    times = sorted(times[1:])
    print(f"{split}: {inside} with an answer, {outside} without, {counts['other']} other")
    print(f"  R@1 {tally['first'] / inside:.3f}  R@3 {tally['third'] / inside:.3f}  MRR@5 {reciprocal / inside:.3f}")
    print(f"  at {QUOTED}: precision {tally['right'] / max(answered, 1):.3f}  coverage {tally['right'] / inside:.3f}")
    print(f"  wrong {(tally['answered'] - tally['right']) / inside:.3f}  suggested {tally['suggested'] / inside:.3f}")
    print(f"  answered though nothing fits {tally['false'] / max(outside, 1):.3f}, other kinds {tally['false_other']}")
    print(f"  p50 {times[len(times) // 2] * 1000:.1f} ms  p95 {times[int(len(times) * 0.95)] * 1000:.1f} ms")


if __name__ == "__main__":
    asyncio.run(main())
