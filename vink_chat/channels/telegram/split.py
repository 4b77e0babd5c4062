"""Long texts in pieces Telegram takes: it counts UTF-16 units, and 4,096 of them make a message."""

from typing import Final

LONGEST: Final = 4096


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Cut a text into pieces, at a line's end or else between words; only a word longer than a piece is cut.

    Nothing but blanks at the seams is lost, and no letter is cut in two.
    """
    pieces: list[str] = []
    rest = text.strip()
    while units(rest) > longest:
        room = rest[: _fitting(rest, longest)]
        # A word that ends exactly at the border is whole.
        whole = rest[len(room)].isspace()
        cut = len(room) if whole else _seam(room)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _fitting(text: str, longest: int) -> int:
    """Return how many letters from the start fit."""
    spent = 0
    for count, letter in enumerate(text):
        spent += 2 if ord(letter) > 0xFFFF else 1  # noqa: PLR2004  the last letter of one unit
        if spent > longest:
            return count
    return len(text)


def _seam(room: str) -> int:
    line = room.rfind("\n")
    if line > len(room) // 2:
        return line
    blank = max(room.rfind(sign) for sign in (" ", "\n", "\t", "\u2009"))
    return blank if blank > 0 else len(room)
