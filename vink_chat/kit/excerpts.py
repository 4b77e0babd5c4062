"""Excerpts: a longer text on one line, as lists, cards and quotations show it."""

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable("table")
"""The Markdown of answers."""
MOST_BRACKETS: Final = 200
"""Each bracket might begin a link: nobody types more, and parsing them would take too long."""
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)\*(?=\d)")


def plain(markdown: str) -> str:
    """Return the plain text of Markdown on one line."""
    return " ".join(_read(MARKDOWN.parse(markdown)).split())


def plain_from_operator(text: str) -> str:
    """Return the plain text of an operator's Markdown on one line; with too many brackets it is not parsed."""
    return text if text.count("[") > MOST_BRACKETS else plain(sizes_escaped(text))


def sizes_escaped(markdown: str) -> str:
    """Return Markdown in which 3*2*1 is a size, not emphasis."""
    return _BETWEEN_DIGITS.sub(r"\\*", markdown)


def cut(text: str, longest: int) -> str:
    """Return a text on one line of at most ``longest`` characters; if cut, it ends with «…» after a whole word."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    words = line[:longest].rpartition(" ")[0]
    # A word that fills half of the line is cut too: without it, too little would be left.
    return f"{words if len(words) > longest // 2 else line[: longest - 1]}…"


def _read(tokens: list[Token]) -> str:
    return " ".join(
        "".join(_inline(part) for part in token.children) if token.children else token.content
        for token in tokens
        if token.content or token.children
    )


def _inline(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content
