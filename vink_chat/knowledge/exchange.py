"""Files of question and answer pairs: one JSON object per line, as YandexGPT uses for fine-tuning.

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
    """A question and its answer, with their line number from 1.

    Attributes:
        more: Other fields of the line: some of ``aliases`` (one per line), ``url``, ``tags``, ``enabled``.
    """

    number: int
    question: str
    answer: str
    more: dict[str, Any]


def read_lines(text: str) -> Iterator[Pair | BadLine]:
    """Parse the text of a file; empty lines are skipped."""
    # Not splitlines(): it would also split at U+2028 inside an answer.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            yield _read(number, line)


def write_lines(articles: Iterable[Article], system: str = "") -> str:
    """Serialize articles as such a file.

    Args:
        articles: The articles, in the order of the lines.
        system: A system text before every question; empty for none.
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
    """Return an article's other fields as stored; None if they are invalid."""
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
