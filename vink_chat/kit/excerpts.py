"""A few words of a longer text, on one line: what lists, cards and quotations show."""

from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable("table")
"""The Markdown that answers are written in."""
_BEFORE: Final = 14


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


def around(text: str, place: int, longest: int) -> str:
    """Return the words about a place of a text, on one line, with little before it: it is in sight in a narrow row."""
    begin = max(0, place - _BEFORE)
    if begin:
        begin = text.find(" ", begin, place) + 1 or begin
    return ("…" if begin else "") + cut(text[begin : begin + 2 * longest], longest)


def _read(tokens: list[Token]) -> str:
    return " ".join(
        "".join(_inline(part) for part in token.children) if token.children else token.content
        for token in tokens
        if token.content or token.children
    )


def _inline(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content
