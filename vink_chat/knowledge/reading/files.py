"""Reading a file that a person brings: a look first, then its drafts."""

import asyncio
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from vink_chat.knowledge.reading.errors import TooBigFile
from vink_chat.knowledge.reading.model import ColumnMapping, Reading, Table
from vink_chat.knowledge.reading.process import ReadingProcess

MAX_MEGABYTES: Final = 25

_TABLE: Final = TypeAdapter(Table)
_READING: Final = TypeAdapter(Reading)


def check_size(size: int) -> None:
    """Refuse a file by its size in bytes, before anything of it is read.

    Raises:
        TooBigFile: It is over the limit.
    """
    if size > MAX_MEGABYTES * 1_000_000:
        raise TooBigFile(megabytes=MAX_MEGABYTES)


async def look(file: bytes | Path, name: str) -> Table:
    """Tell what a file is and, of a table, which sheets and columns it has; any other kind has no sheets.

    Args:
        file: Its bytes, or where it stands.
        name: As the person's machine calls it.

    Raises:
        VinkError: It cannot be read; the sentence says why.
    """
    async with ReadingProcess() as process:
        return await process.ask("look", await _content(file), _TABLE, name=name)


async def read_rows(file: bytes | Path, name: str, sheet: str, mapping: ColumnMapping) -> Reading:
    """Return the drafts of one sheet of a table.

    Args:
        file: Its bytes, or where it stands.
        name: As the person's machine calls it.
        sheet: The sheet's name; empty for a CSV file.
        mapping: Which column is what.

    Raises:
        VinkError: It cannot be read; the sentence says why.
    """
    async with ReadingProcess() as process:
        return await process.ask("rows", await _content(file), _READING, name=name, sheet=sheet, mapping=mapping)


async def read_document(file: bytes | Path, name: str) -> Reading:
    """Return the drafts of a Markdown, JSONL, PDF or DOCX file.

    Args:
        file: Its bytes, or where it stands.
        name: As the person's machine calls it: the question of a text above the first heading.

    Raises:
        VinkError: It cannot be read; the sentence says why.
    """
    async with ReadingProcess() as process:
        return await process.ask("document", await _content(file), _READING, name=name)


async def _content(file: bytes | Path) -> bytes:
    if isinstance(file, Path):
        check_size((await asyncio.to_thread(file.stat)).st_size)
        return await asyncio.to_thread(file.read_bytes)
    check_size(len(file))
    return file
