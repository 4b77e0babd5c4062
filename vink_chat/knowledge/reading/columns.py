"""What the columns of a table seem to be, and how their cells are read."""

import re
from collections.abc import Sequence
from statistics import mean
from typing import Final

from vink_chat.knowledge.reading.model import ColumnMapping

_NAMES: Final = {
    "question": ("вопрос", "question", "заголовок", "title", "тема", "запрос", "название", "prompt"),
    "answer": ("ответ", "answer", "текст", "text", "content", "содержание", "описание", "response", "решение"),
    "aliases": ("синоним", "alias", "формулировк", "вариант", "другими словами", "похожие", "synonym"),
    "url": ("ссылк", "url", "link", "адрес страницы", "href", "источник"),
    "tags": ("тег", "метк", "tag", "категори", "раздел", "рубрик", "category", "label", "topic"),
    "enabled": ("вкл", "активн", "enabled", "active", "опубликован", "показывать", "published"),
}
_YES: Final = frozenset({"", "да", "1", "true", "yes", "y", "on", "вкл", "включена", "+", "истина", "активна"})
_NO: Final = frozenset({"нет", "0", "false", "no", "n", "off", "выкл", "выключена", "-", "ложь", "неактивна"})
_LETTERS: Final = 26
# A cell longer than this is no name of a column.
_LONGEST_NAME: Final = 60


def guess(rows: Sequence[Sequence[str]]) -> ColumnMapping | None:
    """Guess the mapping by the columns' names, else by what the cells hold.

    Args:
        rows: The first rows, all of one length.
    """
    named = _by_names(rows[0])
    header = bool(named) or _is_header(rows)
    filled = _text_columns(rows[1:] if header and len(rows) > 1 else rows)
    taken = {column for found in named.values() for column in found}
    question = named.get("question", [None])[0]
    answer = named.get("answer", [None])[0]
    free = [column for column in filled if column not in taken]
    if question is None and free:
        question = _asking(rows, free)
        free.remove(question)
    if answer is None and free:
        answer = max(free, key=lambda column: _mean_length(rows, column))
    if question is None or answer is None:
        return None
    single = {name: named[name][0] for name in ("url", "tags", "enabled") if name in named}
    return ColumnMapping(question, answer, tuple(named.get("aliases", ())), **single, header=header)


def yes_or_no(cell: str) -> bool | None:
    """Read a cell that says whether an article is on; an empty one says yes, None for neither."""
    word = cell.strip().lower()
    return True if word in _YES else False if word in _NO else None


def several(cell: str) -> str:
    """Return the wordings of one cell, one a line: they are parted by line breaks, semicolons or bars."""
    return "\n".join(part for part in re.split(r"\s*[\n;|]\s*", cell.strip()) if part)


def letter(index: int) -> str:
    """Return the name a spreadsheet gives a column, counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def _by_names(row: Sequence[str]) -> dict[str, list[int]]:
    if any(len(cell) > _LONGEST_NAME or "?" in cell for cell in row):
        return {}
    found: dict[str, list[int]] = {}
    for column, cell in enumerate(row):
        name = " ".join(cell.lower().replace("_", " ").split())
        for field, words in _NAMES.items():
            if any(re.search(rf"\b{word}", name) for word in words) and (field == "aliases" or field not in found):
                found.setdefault(field, []).append(column)
                break
    return found


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names unknown columns: short, complete, and unlike what stands under it."""
    if len(rows) < 2 or any("?" in cell or not cell.strip() for cell in rows[0]):  # noqa: PLR2004
        return False
    lengths = [(len(rows[0][column]), _mean_length(rows[1:], column)) for column in _text_columns(rows[1:])]
    return bool(lengths) and all(name <= _LONGEST_NAME and 2 * name < below for name, below in lengths)


def _text_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    return [column for column in range(len(rows[0])) if any(re.search(r"[^\W\d_]{2}", row[column]) for row in rows)]


def _asking(rows: Sequence[Sequence[str]], free: Sequence[int]) -> int:
    """Return the column with the most question marks, the leftmost of those alike."""
    return max(free, key=lambda column: (sum("?" in row[column] for row in rows), -column))


def _mean_length(rows: Sequence[Sequence[str]], column: int) -> float:
    return mean(len(row[column]) for row in rows)
