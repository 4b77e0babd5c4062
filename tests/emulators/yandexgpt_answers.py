"""What the emulated model says: the first fenced passage with its id, or a short sentence of no harm."""

import re
from collections.abc import Sequence
from math import ceil

CANNED = "Я не могу обсуждать эту тему. Давайте поговорим о чём-нибудь ещё."
GENERIC = "Спасибо за вопрос! Уточните, пожалуйста, детали, и я постараюсь подробно на него ответить."
EMOJI = "Спасибо за вопрос 🙂 Доставка по городу бесплатная, привезём завтра до обеда."
SEPARATED = "Первая строка\u2028вторая строка\u2029третья\u0085четвёртая\x1cпятая: доставка бесплатная."

# A passage begins with its id at the start of a line and ends at the next id, at a fence or at a closing tag.
_PASSAGE = re.compile(r"(?ms)^[ \t]*\[(\d+)\][ \t]*(.+?)(?=^[ \t]*(?:\[\d+\]|`{3}|<{1,3}|>{2,3}|={3}|-{3})|\Z)")


def tokens(text: str) -> int:
    """Count tokens the stable way: three characters each."""
    return ceil(len(text) / 3)


def grounded(texts: Sequence[str]) -> str:
    """Answer from the first passage found in the messages, the newest message first; a title line is left out."""
    for text in reversed(texts):
        found = _PASSAGE.search(text)
        if found:
            title, _, body = found[2].strip().partition("\n")
            return f"{body.strip() or title} [{found[1]}]"
    return GENERIC


def growth(text: str) -> list[str]:
    """Cut a text into cumulative drafts, at least five where its length allows it."""
    pieces = re.findall(r"\s*\S+", text)
    if len(pieces) < 5:
        pieces = [text[start : start + 2] for start in range(0, len(text), 2)]
    step = max(1, len(pieces) // 6)
    ends = [*range(step, len(pieces), step), len(pieces)]
    return ["".join(pieces[:end]) for end in ends[:-1]] + [text]
