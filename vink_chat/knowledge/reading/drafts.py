"""Drafts out of what a reader found: each is either valid or skipped with a sentence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from vink_chat.kit.errors import VinkError
from vink_chat.knowledge import validation
from vink_chat.knowledge.reading.errors import NoBody, NothingToRead, TooManyRows, TooMuchText
from vink_chat.knowledge.reading.model import ArticleDraft, Origin, Reading, Skipped

MAX_DRAFTS: Final = 10_000
MAX_CHARACTERS: Final = 20_000_000
# A heading of a few words says little without the one above it.
_FEW_WORDS: Final = 4


def checked(draft: ArticleDraft) -> ArticleDraft | Skipped:
    """Return a draft with its fields fit to store, or why it cannot be one."""
    try:
        return replace(
            draft,
            question=validation.question(draft.question),
            answer=validation.answer(draft.answer),
            aliases=validation.aliases(draft.aliases),
            url=validation.url(draft.url),
            tags=validation.tags(draft.tags),
        )
    except VinkError as refusal:
        return Skipped(draft.origin, refusal)


def characters(part: ArticleDraft | Skipped) -> int:
    """Count the text of a draft, or of what stands in its place, with where it comes from."""
    texts = (part.origin.sheet, part.origin.heading, part.origin.url)
    if isinstance(part, ArticleDraft):
        texts += (part.question, part.answer, part.aliases, part.url, part.tags)
    else:
        texts += tuple(str(value) for value in part.refusal.values.values())
    return sum(map(len, texts))


def gather(parts: Iterable[ArticleDraft | Skipped]) -> Reading:
    """Return what a reader gives one by one as a whole.

    Raises:
        TooManyRows: There are more than one reading gives.
        TooMuchText: They are longer than one reading gives.
        NothingToRead: There is nothing.
    """
    left = MAX_CHARACTERS
    drafts: list[ArticleDraft] = []
    skipped: list[Skipped] = []
    for part in parts:
        if isinstance(part, ArticleDraft):
            drafts.append(part)
        else:
            skipped.append(part)
        if len(drafts) + len(skipped) > MAX_DRAFTS:
            raise TooManyRows(limit=MAX_DRAFTS)
        left -= characters(part)
        if left < 0:
            raise TooMuchText(millions=MAX_CHARACTERS // 1_000_000)
    if not drafts and not skipped:
        raise NothingToRead
    return Reading(tuple(drafts), tuple(skipped))


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a table of a document, in its order.

    Attributes:
        level: Of a heading, from 1 for the highest; 0 for a text.
        text: Simple Markdown.
        line: Where it begins, for a text file.
        page: Where it stands, for a PDF.
    """

    level: int
    text: str
    line: int = 0
    page: int = 0


@dataclass(slots=True)
class _Section:
    head: Block
    question: str
    body: list[str]
    is_parent: bool = False


def of_blocks(blocks: Iterable[Block], *, title: str, url: str = "") -> Iterator[ArticleDraft | Skipped]:
    """Make an article of each heading and what stands under it, up to the next heading.

    Args:
        blocks: The document, in its order.
        title: The question for a text above the first heading.
        url: Where visitors can read it, or empty.
    """
    for section in _sections(list(blocks), title):
        head = section.head
        origin = Origin(line=head.line, page=head.page, heading=head.text[: validation.MAX_QUESTION], url=url)
        parts = _parts("\n\n".join(section.body))
        if not parts and head.level and not section.is_parent:
            yield Skipped(origin, NoBody())
        for number, part in enumerate(parts, 1):
            question = section.question if number == 1 else f"{section.question} ({number})"
            yield checked(ArticleDraft(origin, question, part, url=url))


def _sections(blocks: list[Block], title: str) -> list[_Section]:
    levels = [block.level for block in blocks if block.level]
    # The one heading above all others names the document, not a topic.
    cover = min(levels) if levels and levels.count(min(levels)) == 1 and len(levels) > 1 else 0
    sections = [_Section(Block(0, ""), title, [])]
    above: list[_Section] = []
    for block in blocks:
        if not block.level:
            if block.text.strip():
                sections[-1].body.append(block.text)
            continue
        above = [section for section in above if section.head.level < block.level]
        for section in above:
            section.is_parent = True
        parent = above[-1].question if above and above[-1].head.level != cover else ""
        above.append(_Section(block, _question(parent, block.text), []))
        sections.append(above[-1])
    return sections


def _question(parent: str, heading: str) -> str:
    whole = f"{parent}: {heading}"
    lonely = len(heading.split()) <= _FEW_WORDS and not heading.rstrip().endswith("?")
    return whole if parent and lonely and len(whole) <= validation.MAX_QUESTION else heading


def _parts(text: str) -> list[str]:
    """Cut a text that is longer than an answer between its paragraphs, else between lines, else anywhere."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > validation.MAX_ANSWER:
        piece = rest[: validation.MAX_ANSWER]
        cuts = (piece.rfind("\n\n"), piece.rfind("\n"), piece.rfind(" "))
        cut = next((cut for cut in cuts if cut > validation.MAX_ANSWER // 2), validation.MAX_ANSWER)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*parts, rest] if rest else parts


def markdown_table(rows: Iterable[Iterable[str | None]]) -> str:
    """Write rows of cells as a Markdown table; the first row names the columns."""
    lines = [[" ".join((cell or "").split()).replace("|", "\\|") for cell in row] for row in rows]
    lines = [line for line in lines if any(line)]
    if not lines:
        return ""
    width = max(len(line) for line in lines)
    written = ["| " + " | ".join(line + [""] * (width - len(line))) + " |" for line in lines]
    return "\n".join([written[0], "|" + " --- |" * width, *written[1:]])
