"""The child process in which files and pages are parsed: what they do to it, they do not do to the server.

It reads requests from its standard input and writes the answers to its standard output, each a length of eight bytes
and that many bytes (see ``process``). It has the memory, the processor time and the open files that are set here, and
may write no file.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO, Final

import orjson
from pydantic import TypeAdapter

from vink_chat.kit.errors import VinkError
from vink_chat.knowledge.reading import documents, errors, kinds, pages, tables
from vink_chat.knowledge.reading.model import ColumnMapping, Reading, Table, refusal_as_json

_MEMORY: Final = 1 << 30
_OPEN_FILES: Final = 64
_MAPPING: Final = TypeAdapter(ColumnMapping)


def _look(content: bytes, name: str) -> Table:
    kind = kinds.kind_of(content, name)
    return tables.look(content, kind) if kind.is_table else Table(kind, ())


def _rows(content: bytes, name: str, sheet: str, mapping: dict[str, Any]) -> Reading:
    kind = kinds.kind_of(content, name)
    if not kind.is_table:
        raise errors.NotATable
    return tables.read(content, kind, sheet, _MAPPING.validate_python(mapping))


def _document(content: bytes, name: str) -> Reading:
    return documents.read(content, kinds.kind_of(content, name), name)


TASKS: Final[dict[str, Callable[..., object]]] = {
    "look": _look,
    "rows": _rows,
    "document": _document,
    "page": pages.read,
    "sitemap": pages.read_sitemap,
    "robots": pages.read_robots,
}


def _answer(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    try:
        return {"result": TASKS[request["task"]](content, **request["options"])}
    except VinkError as refusal:
        return {"refusal": refusal}
    except (MemoryError, RecursionError) as error:
        return {"refusal": errors.TooHeavy(), "cause": type(error).__name__}
    except Exception as error:  # noqa: BLE001  a parser raises whatever a damaged file makes it stumble over
        return {"refusal": errors.Damaged(), "cause": type(error).__name__}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def _allow_seconds(seconds: int) -> None:
    """Let the next request take so much processor time, besides what the process has taken."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, most))


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(8)
    return stream.read(int.from_bytes(head)) if len(head) == 8 else None  # noqa: PLR2004  the length of a length


def main() -> None:
    """Answer requests until there are no more."""
    # What a parser prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit()
    while (head := _receive(sys.stdin.buffer)) is not None:
        request = orjson.loads(head)
        content = _receive(sys.stdin.buffer) or b""
        _allow_seconds(request["seconds"])
        answer = orjson.dumps(_answer(request, content), default=refusal_as_json)
        answers.write(len(answer).to_bytes(8) + answer)
        answers.flush()


if __name__ == "__main__":
    main()
