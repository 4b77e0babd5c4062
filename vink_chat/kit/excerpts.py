"""A few words of a longer text, on one line: what lists, cards and quotations show."""

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable("table")
"""The Markdown that answers are written in."""
MOST_BRACKETS: Final = 200
"""Each might begin a link: more are no text of a person's, and would cost much to read."""
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)\*(?=\d)")


def plain(markdown: str) -> str:
    """Return a Markdown text as a reader sees it, without its signs, on one line."""
    return " ".join(_read(MARKDOWN.parse(markdown)).split())


def plain_from_operator(text: str) -> str:
    """Return an operator's Markdown without its signs, on one line; too many brackets are left as they are."""
    return text if text.count("[") > MOST_BRACKETS else plain(sizes_escaped(text))


def sizes_escaped(markdown: str) -> str:
    """Return a person's Markdown in which 3*2*1 is a size and no emphasis."""
    return _BETWEEN_DIGITS.sub(r"\\*", markdown)


def cut(text: str, longest: int) -> str:
    """Return a text on one line and of at most ``longest`` characters; one that is cut ends with «…», after a word."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    words = line[:longest].rpartition(" ")[0]
    # A word that fills half of the room is cut too: those before it would say too little.
    return f"{words if len(words) > longest // 2 else line[: longest - 1]}…"


def _read(tokens: list[Token]) -> str:
    return " ".join(
        "".join(_inline(part) for part in token.children) if token.children else token.content
        for token in tokens
        if token.content or token.children
    )


def _inline(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content
