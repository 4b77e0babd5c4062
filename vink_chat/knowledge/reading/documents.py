"""Markdown, JSONL and DOCX: their headings, or lines, become articles."""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, cast

from markdown_it import MarkdownIt

from vink_chat.knowledge import exchange
from vink_chat.knowledge.model import BadLine
from vink_chat.knowledge.reading import drafts, errors
from vink_chat.knowledge.reading.drafts import Block
from vink_chat.knowledge.reading.model import ArticleDraft, Kind, Origin, Reading, Skipped
from vink_chat.knowledge.reading.texts import decode

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_MARKDOWN: Final = MarkdownIt("commonmark").enable("table")
_FRONT_MATTER: Final = re.compile(r"\A---\n.{0,5000}?\n---\n", re.DOTALL)
_HEADING_STYLE: Final = re.compile(r"^(?:heading|заголовок) (\d)", re.IGNORECASE)
# A whole paragraph in bold heads a section where a document uses no heading styles.
BOLD_LEVEL: Final = 7
_LONGEST_HEADING: Final = 200


def read(content: bytes, kind: Kind, name: str) -> Reading:
    """Return the articles of a document.

    Args:
        content: The whole file.
        kind: What it is.
        name: As the person's machine calls it: the question of a text above the first heading.

    Raises:
        NotADocument: It is a table.
        NothingToRead: It holds no text.
        TooManyRows: It holds more sections than one reading gives.
        NoText: A PDF of pictures.
        TooManyPages: A PDF with more pages than are read.
    """
    if kind is Kind.JSONL:
        return drafts.gather(_of_lines(decode(content)))
    title = PurePosixPath(name.replace("\\", "/")).stem.replace("_", " ").strip() or "—"
    if kind is Kind.MARKDOWN:
        return drafts.gather(drafts.of_blocks(markdown_blocks(decode(content)), title=title))
    if kind is Kind.DOCX:
        return drafts.gather(drafts.of_blocks(_docx_blocks(content), title=title))
    if kind is Kind.PDF:
        from vink_chat.knowledge.reading import pdf  # noqa: PLC0415  it loads the parser

        return pdf.read(content, title)
    raise errors.NotADocument


def _of_lines(text: str) -> Iterator[ArticleDraft | Skipped]:
    for line in exchange.read_lines(text):
        if isinstance(line, BadLine):
            yield Skipped(Origin(line=line.number), line.refusal)
        else:
            yield drafts.checked(ArticleDraft(Origin(line=line.number), line.question, line.answer, **line.more))


def markdown_blocks(text: str) -> Iterator[Block]:
    """Cut a Markdown text at its headings; those inside code or quotes are text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    skipped = front[0].count("\n") if front else 0
    lines = text.split("\n")[skipped:]
    tokens = _MARKDOWN.parse("\n".join(lines))
    begin = 0
    for token, inline in pairwise(tokens):
        if token.type != "heading_open" or token.level or token.map is None:
            continue
        yield Block(0, "\n".join(lines[begin : token.map[0]]).strip("\n"), line=skipped + begin + 1)
        heading = "".join(part.content or " " for part in inline.children or () if not part.hidden)
        if heading.strip():
            yield Block(int(token.tag[1]), " ".join(heading.split()), line=skipped + token.map[0] + 1)
        begin = token.map[1]
    yield Block(0, "\n".join(lines[begin:]).strip("\n"), line=skipped + begin + 1)


def _docx_blocks(content: bytes) -> list[Block]:
    import docx  # noqa: PLC0415  only the process that reads a file needs it
    from docx.table import Table  # noqa: PLC0415

    blocks: list[Block] = []
    # Items of one list stand together.
    items: list[str] = []
    for part in [*docx.Document(io.BytesIO(content)).iter_inner_content(), None]:
        if part is not None and not isinstance(part, Table) and _is_item(part):
            items.append(f"- {part.text.strip()}")
            continue
        if items:
            blocks.append(Block(0, "\n".join(items)))
            items = []
        if isinstance(part, Table):
            blocks.append(Block(0, _docx_table(part)))
        elif part is not None:
            blocks.append(_paragraph(part))
    return without_weak_headings(blocks)


def without_weak_headings(blocks: list[Block]) -> list[Block]:
    """Take bold lines for text where a document has real headings."""
    if not any(0 < block.level < BOLD_LEVEL for block in blocks):
        return blocks
    return [
        Block(0, f"**{block.text}**", block.line, block.page) if block.level >= BOLD_LEVEL else block
        for block in blocks
    ]


def _is_item(paragraph: "Paragraph") -> bool:
    style: Any = paragraph.style
    numbered: Any = cast("Any", paragraph)._p.pPr  # noqa: SLF001  python-docx shows no numbering otherwise
    is_listed = str(style.name or "").startswith("List") if style is not None else False
    in_list = numbered is not None and numbered.numPr is not None
    return bool((is_listed or in_list) and paragraph.text.strip() and not _level(paragraph))


def _level(paragraph: "Paragraph") -> int:
    style: Any = paragraph.style
    # A style of one's own is based on a heading.
    for _ in range(5):
        if style is None:
            return 0
        if str(style.name) in {"Title", "Название"}:
            return 1
        if found := _HEADING_STYLE.match(str(style.name or "")):
            return int(found[1])
        style = style.base_style
    return 0


def _paragraph(paragraph: "Paragraph") -> Block:
    text = paragraph.text.strip()
    level = _level(paragraph)
    runs = [run for run in paragraph.runs if run.text.strip()]
    is_bold = bool(runs) and all(run.bold for run in runs) and len(text) <= _LONGEST_HEADING
    if text and (level or is_bold):
        return Block(level or BOLD_LEVEL, " ".join(text.split()))
    return Block(0, text)


def _docx_table(table: "Table") -> str:
    # A merged cell stands in each of its places: it is written once.
    rows: list[list[str]] = []
    for row in table.rows:
        cells = [(cast("Any", cell)._tc, cell.text) for cell in row.cells]  # noqa: SLF001  what its places share
        again = [place > 0 and cells[place - 1][0] is element for place, (element, _) in enumerate(cells)]
        rows.append(["" if repeated else text for repeated, (_, text) in zip(again, cells, strict=True)])
    return drafts.markdown_table(rows)
