"""PDF: lines of larger or bolder letters are headings, and what stands in a grid is a table."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from vink_chat.knowledge.reading import drafts, errors
from vink_chat.knowledge.reading.documents import BOLD_LEVEL, without_weak_headings
from vink_chat.knowledge.reading.drafts import Block
from vink_chat.knowledge.reading.model import Origin, Reading, Skipped

MAX_PAGES: Final = 500
_LARGER: Final = 1.12
_LONGEST_HEADING: Final = 150
# Lines further apart than this, in heights of a line, are paragraphs apart.
_GAP: Final = 1.0
# A line on this share of the pages is a running header or footer.
_RUNNING: Final = 0.6
_FEWEST_PAGES: Final = 3
_BOLD: Final = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:стр\.?|страница|page)?\s*\d+(?:\s*(?:/|из|of)\s*\d+)?", re.IGNORECASE)
_ITEM: Final = re.compile(r"^[•●▪◦–—-]\s+")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    top: float
    bottom: float
    size: float
    is_bold: bool
    page: int
    is_table: bool = False


def read(content: bytes, title: str) -> Reading:
    """Return the articles of a PDF.

    Raises:
        Encrypted: It asks for a password.
        NoText: Every page is a picture.
        TooManyPages: It has more than are read.
        NothingToRead: It holds no text.
    """
    try:
        pages = _pages(content)
    except PDFPasswordIncorrect:
        raise errors.Encrypted from None
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (*error.args, error.__cause__, error.__context__)):
            raise errors.Encrypted from None
        raise
    if not any(pages):
        raise errors.NoText
    scans = [Skipped(Origin(page=number), errors.NoTextOnPage()) for number, page in enumerate(pages, 1) if not page]
    blocks = without_weak_headings(list(_blocks(_without_running(pages))))
    return drafts.gather([*drafts.of_blocks(blocks, title=title), *scans])


def _pages(content: bytes) -> list[list[_Line]]:
    pages: list[list[_Line]] = []
    with pdfplumber.open(io.BytesIO(content)) as document:
        # Counting them all first would walk a page tree made to have no end.
        for page in document.pages:
            if len(pages) >= MAX_PAGES:
                raise errors.TooManyPages(limit=MAX_PAGES)
            pages.append(_lines(page))
            page.close()
    return pages


def _lines(page: Page) -> list[_Line]:
    tables = [(table.bbox, table.extract()) for table in page.find_tables()]
    tables = [(box, rows) for box, rows in tables if len(rows) > 1 and max(len(row) for row in rows) > 1]
    boxes = [box for box, _ in tables]
    words: list[dict[str, Any]] = page.extract_words(extra_attrs=["size", "fontname"], keep_blank_chars=False)
    free = [word for word in words if not any(_inside(word, box) for box in boxes)]
    lines = [_line(row, page.page_number) for row in _rows(free)]
    for box, rows in tables:
        text = drafts.markdown_table(rows)
        lines.append(_Line(text, box[1], box[3], 0.0, is_bold=False, page=page.page_number, is_table=True))
    return sorted((line for line in lines if line.text), key=lambda line: line.top)


def _inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _rows(words: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Put words beside each other into lines."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if rows and abs(word["bottom"] - rows[-1][-1]["bottom"]) < 0.4 * word["size"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word["x0"]) for row in rows]


def _line(words: list[dict[str, Any]], page: int) -> _Line:
    size = Counter(round(word["size"], 1) for word in words).most_common(1)[0][0]
    return _Line(
        _ITEM.sub("- ", " ".join(word["text"] for word in words)),
        min(word["top"] for word in words),
        max(word["bottom"] for word in words),
        size,
        all(_BOLD.search(word["fontname"]) for word in words),
        page,
    )


def _without_running(pages: list[list[_Line]]) -> list[_Line]:
    """Take out page numbers, and headers and footers that stand on most pages."""
    edges = Counter(line.text for page in pages for line in {id(end): end for end in page[:1] + page[-1:]}.values())
    often = {text for text, seen in edges.items() if seen >= max(_FEWEST_PAGES, _RUNNING * len(pages))}
    kept: list[_Line] = []
    for page in pages:
        for index, line in enumerate(page):
            at_edge = index in {0, len(page) - 1}
            if not (at_edge and (line.text in often or _NUMBER.fullmatch(line.text))):
                kept.append(line)
    return kept


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    usual = Counter[float]()
    for line in lines:
        if not line.is_table:
            usual[line.size] += len(line.text)
    body = usual.most_common(1)[0][0] if usual else 0.0
    sizes = sorted({line.size for line in lines if line.size > body * _LARGER}, reverse=True)
    text: list[_Line] = []
    heading: list[_Line] = []
    level = 0
    for line in lines:
        of_line = _heading_level(line, sizes)
        if heading and (of_line != level or _is_apart(heading[-1], line)):
            yield Block(level, " ".join(part.text for part in heading), page=heading[0].page)
            heading = []
        if of_line:
            yield from _paragraphs(text)
            text, level = [], of_line
            heading.append(line)
        else:
            text.append(line)
    if heading:
        yield Block(level, " ".join(part.text for part in heading), page=heading[0].page)
    yield from _paragraphs(text)


def _heading_level(line: _Line, sizes: list[float]) -> int:
    if line.is_table or len(line.text) > _LONGEST_HEADING or not re.search(r"[^\W\d_]{2}", line.text):
        return 0
    if line.size in sizes:
        return min(sizes.index(line.size) + 1, BOLD_LEVEL - 1)
    return BOLD_LEVEL if line.is_bold and not line.text.endswith((".", ",", ";")) else 0


def _is_apart(before: _Line, line: _Line) -> bool:
    return line.page != before.page or line.top - before.bottom > _GAP * before.size


def _paragraphs(lines: list[_Line]) -> Iterator[Block]:
    parts: list[str] = []
    before: _Line | None = None
    for line in lines:
        apart = before is None or line.is_table or before.is_table
        apart = apart or (
            before is not None and line.page == before.page and line.top - before.bottom > 0.6 * line.size
        )
        if apart or not parts:
            parts.append(line.text)
        elif line.text.startswith("- "):
            parts[-1] += "\n" + line.text
        elif parts[-1].endswith("-") and line.text[:1].islower():
            parts[-1] = parts[-1][:-1] + line.text
        else:
            parts[-1] += " " + line.text
        before = line
    if lines:
        yield Block(0, "\n\n".join(parts), page=lines[0].page)
