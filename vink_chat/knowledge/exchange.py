"""The file of question and answer pairs: one JSON object a line, as YandexGPT takes it for fine-tuning.

A line is ``{"request": [{"role": "user", "text": "…"}], "response": "…"}``; the question is the last user text. An
article's other fields stand under ``"article"``, each of which may be left out:
``{"aliases": ["…"], "url": "…", "tags": "…", "enabled": true}``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson

from vink_chat.knowledge.errors import BadFields, NoAnswer, NoQuestion, NoRequest, NotJson
from vink_chat.knowledge.model import Article, BadLine

_MORE: Final[dict[str, type]] = {"aliases": list, "url": str, "tags": str, "enabled": bool}


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer, with the number of their line, from 1.

    Attributes:
        more: What the line says besides: some of ``aliases`` (one a line), ``url``, ``tags``, ``enabled``.
    """

    number: int
    question: str
    answer: str
    more: dict[str, Any]


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
    return "".join(orjson.dumps(_line(article, head)).decode() + "\n" for article in articles)


def _line(article: Article, head: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "request": [*head, {"role": "user", "text": article.question}],
        "response": article.answer,
        "article": {
            "aliases": article.aliases.splitlines(),
            "url": article.url,
            "tags": article.tags,
            "enabled": article.enabled,
        },
    }


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
    more = _more(fields.get("article", {}))
    if more is None:
        return BadLine(number, BadFields())
    return Pair(number, question, answer.strip(), more)


def _more(article: object) -> dict[str, Any] | None:
    """Return an article's other fields as they are stored; None when they are something else."""
    if not isinstance(article, dict):
        return None
    given = {name: value for name, value in cast("dict[str, Any]", article).items() if name in _MORE}
    if not all(isinstance(value, _MORE[name]) for name, value in given.items()):
        return None
    if "aliases" in given:
        if not all(isinstance(line, str) for line in given["aliases"]):
            return None
        given["aliases"] = "\n".join(given["aliases"])
    return given


def _last_question(request: list[Any]) -> str:
    turns = [cast("dict[str, Any]", turn) for turn in request if isinstance(turn, dict)]
    texts = [turn.get("text") for turn in turns if turn.get("role") == "user"]
    return texts[-1].strip() if texts and isinstance(texts[-1], str) else ""
