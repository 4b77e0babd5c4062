"""``vink-chat evaluate``: asks the questions of a file and prints how well the knowledge base answers them."""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from vink_chat import knowledge, preferences
from vink_chat.evaluation import cases, scores
from vink_chat.evaluation.run import Answer, run
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError

Names = dict[str, str]
"""The questions of articles by the names that a file of questions uses."""

# Each bar is a figure of ``Scores``; those of the second kind must not be exceeded.
_AT_LEAST: Final = ("first", "three", "right", "coverage", "reached", "person")
_AT_MOST: Final = ("out_of_scope", "mistaken_calls")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments of the command; ``articles`` is None where the chat's own base is asked."""
    return _parser().parse_args(arguments)


def evaluate(given: argparse.Namespace, database_url: str) -> int:
    """Ask, print, and return the exit status: 1 if a figure misses its bar, 2 if the files cannot be used."""
    try:
        answers = asyncio.run(_evaluate(given, database_url))
    except (OSError, UnicodeDecodeError, orjson.JSONDecodeError) as error:
        print(f"The files cannot be read: {error}")  # noqa: T201  for the person at the terminal
        return 2
    except VinkError as refusal:
        print(refusal.say("en"))  # noqa: T201  for the person at the terminal
        return 2
    total = scores.score(answers)
    missed = _missed(given, total)
    if given.json:
        report = {"all": total.as_json(), "kinds": {name: found.as_json() for name, found in _kinds(answers)}}
        print(orjson.dumps(report | {"missed": missed}).decode())  # noqa: T201  it was asked for
    else:
        print(scores.table([*_kinds(answers), ("all", total)]))  # noqa: T201  it was asked for
        for line in missed:
            print(f"missed: {line}")  # noqa: T201  it was asked for
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vink-chat evaluate", description=__doc__)
    parser.add_argument("questions", type=Path, help='lines of {"turns": ["…"], "expect": ["article"] or "none"}')
    parser.add_argument("--articles", type=Path, help="a base to ask instead of the chat's own, as JSON lines")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of a table")
    for name in _AT_LEAST:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, metavar="SHARE", help="fail below this share")
    for name in _AT_MOST:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, metavar="SHARE", help="fail above this share")
    return parser


async def _evaluate(given: argparse.Namespace, database_url: str) -> list[Answer]:
    asked = cases.read(await asyncio.to_thread(given.questions.read_text, encoding="utf-8"))
    base = await asyncio.to_thread(given.articles.read_text, encoding="utf-8") if given.articles else ""
    opened = _own(base) if given.articles else _chat(database_url)
    async with opened as names:
        return [answer async for answer in run(db.reading, [_named(case, names) for case in asked])]


def _named(case: cases.Case, names: Names) -> cases.Case:
    """Name a case's articles by their questions.

    Raises:
        UnknownArticle: The base has no such article.
    """
    unknown = next((name for name in case.articles if name not in names), "")
    if unknown:
        raise UnknownArticle(name=unknown)
    return replace(case, articles=tuple(names[name] for name in case.articles))


class UnknownArticle(VinkError):
    """A question expects an article that the base does not have."""

    sentence = "В базе нет статьи «{name}»."


@asynccontextmanager
async def _chat(database_url: str) -> AsyncIterator[Names]:
    """Open the database of the chat."""
    async with _using(database_url) as database:
        async with database.reading() as tx:
            await preferences.cache.load(tx)
            questions = await knowledge.questions(tx)
        yield {name: question for article_id, question in questions for name in (str(article_id), question)}


@asynccontextmanager
async def _own(base: str) -> AsyncIterator[Names]:
    """Make a base of its own from a file, in a folder that goes afterwards."""
    lines = [orjson.loads(line) for line in base.removeprefix("\ufeff").split("\n") if line.strip()]
    with tempfile.TemporaryDirectory(prefix="vink-evaluate-") as folder:
        async with _using(f"sqlite:///{folder}/base.db") as database:
            async with database.transaction() as tx:
                connection = await tx.session.connection()
                await connection.run_sync(SQLModel.metadata.create_all)
                for statement in knowledge.search_ddl("sqlite"):
                    await connection.execute(sql(statement))
            pairs = [_pair(line) for line in lines]
            await knowledge.import_jsonl(database.transaction, "\n".join(orjson.dumps(pair).decode() for pair in pairs))
            yield {
                name: _question(pair) for line, pair in zip(lines, pairs, strict=True) for name in _names(line, pair)
            }


def _pair(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line in the form of the import; a line with ``question`` and ``answer`` may stand for one."""
    if "request" in line:
        return line
    more = {name: line[name] for name in ("aliases", "url", "tags") if name in line}
    request = [{"role": "user", "text": line.get("question", "")}]
    return {"request": request, "response": line.get("answer", ""), "article": more}


def _question(pair: dict[str, Any]) -> str:
    return str(pair["request"][-1]["text"]).strip()


def _names(line: dict[str, Any], pair: dict[str, Any]) -> list[str]:
    return [_question(pair), *([str(line["id"])] if "id" in line else [])]


@asynccontextmanager
async def _using(url: str) -> AsyncIterator[db.Database]:
    database = db.Database(url)
    db.use(database)
    try:
        yield database
    finally:
        await knowledge.stop()
        await database.close()
        db.use(None)


def _kinds(answers: Sequence[Answer]) -> list[tuple[str, scores.Scores]]:
    kinds = dict.fromkeys(answer.case.kind for answer in answers if answer.case.kind)
    return [(kind, scores.score([answer for answer in answers if answer.case.kind == kind])) for kind in kinds]


def _missed(given: argparse.Namespace, total: scores.Scores) -> list[str]:
    found: list[str] = []
    for name in (*_AT_LEAST, *_AT_MOST):
        bar, value = getattr(given, name), getattr(total, name)
        if bar is None:
            continue
        fails = value is None or (value > bar if name in _AT_MOST else value < bar)
        if fails:
            found.append(f"{name} {'—' if value is None else f'{value:.3f}'}, wanted {bar:g}")
    return found
