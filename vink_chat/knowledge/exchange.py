"""The file of question and answer pairs: one JSON object a line, as YandexGPT takes it for fine-tuning.

A line is ``{"request": [{"role": "user", "text": "…"}], "response": "…"}``; the question is the last user text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import orjson

from vink_chat.kit.errors import VinkError
from vink_chat.knowledge.model import Article, BadLine


class NotJson(VinkError):
    """A line that is no JSON."""

    sentence = "Строка не читается как JSON."


class NoRequest(VinkError):
    """A line without the list of turns."""

    sentence = "В строке нет списка «request» с репликами."


class NoQuestion(VinkError):
    """A line whose last user turn is missing or empty."""

    sentence = "Нет вопроса: последняя реплика с ролью «user» пуста или отсутствует."


class NoAnswer(VinkError):
    """A line without an answer."""

    sentence = "Нет ответа: поле «response» пусто или отсутствует."


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer, with the number of their line, from 1."""

    number: int
    question: str
    answer: str


def read_lines(text: str) -> Iterator[Pair | BadLine]:
    """Read a file's text; empty lines are passed over."""
    # Not splitlines(): it would also cut at U+2028 inside an answer.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            yield _read(number, line)


def write_lines(articles: Iterable[Article], system: str = "") -> str:
    """Write articles as such a file.

    Args:
        articles: The articles, in the order of the lines.
        system: A system text to put before every question; empty for none.
    """
    head = [{"role": "system", "text": system}] if system else []
    lines = [
        orjson.dumps({"request": [*head, {"role": "user", "text": article.question}], "response": article.answer})
        for article in articles
    ]
    return "".join(line.decode() + "\n" for line in lines)


def _read(number: int, line: str) -> Pair | BadLine:
    try:
        entry: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        return BadLine(number, NotJson())
    fields = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    request = fields.get("request")
    if not isinstance(request, list):
        return BadLine(number, NoRequest())
    question = _last_question(cast("list[Any]", request))
    answer = fields.get("response")
    if not question:
        return BadLine(number, NoQuestion())
    if not isinstance(answer, str) or not answer.strip():
        return BadLine(number, NoAnswer())
    return Pair(number, question, answer.strip())


def _last_question(request: list[Any]) -> str:
    turns = [cast("dict[str, Any]", turn) for turn in request if isinstance(turn, dict)]
    texts = [turn.get("text") for turn in turns if turn.get("role") == "user"]
    return texts[-1].strip() if texts and isinstance(texts[-1], str) else ""
