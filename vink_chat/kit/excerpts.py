"""A few words of a longer text, on one line: what lists, cards and quotations show."""

from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable("table")
"""The Markdown that answers are written in."""


def plain(markdown: str) -> str:
    """Return a Markdown text as a reader sees it, without its signs, on one line."""
    return " ".join(_read(MARKDOWN.parse(markdown)).split())


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
