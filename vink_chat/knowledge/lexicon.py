"""Synonyms of the trade, attributes that visitors ask about, and stop words.

The words stand in ``lexicon_ru.txt``.
"""

from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("lexicon_ru.txt")


def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            found.setdefault(name, []).append(line.strip())
    return found


def _concepts(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        group = line.replace("-", "").split()
        for word in group:
            found.setdefault(word, group[0])
    return found


def _attributes(lines: list[str]) -> dict[str, frozenset[str]]:
    split = (line.replace("-", "").partition(":") for line in lines)
    return {name: frozenset(listed.split()) for name, _, listed in split}


_READ: Final = _sections()

# Every word with the concept that it belongs to.
CONCEPTS: Final = _concepts(_READ["same"])
_MEMBERS: Final = {name: [word for word, group in CONCEPTS.items() if group == name] for name in set(CONCEPTS.values())}
ATTRIBUTES: Final = _attributes(_READ["attributes"])
STOP: Final = frozenset(" ".join(_READ["silent"]).split())

# «Что такое…» is a concept of its own.
DEFINITION: Final = "#что"
# A town or country that no article names counts as any town.
TOWN: Final = "город"
DEFINITION_PHRASES: Final = tuple(_READ["definition"])
OWN: Final = "мой"
HOW_MANY: Final = frozenset({"сколько", "почем", "скока", "скольки"})


def concept(lemma: str) -> str:
    """Return the concept of a word: one name for all its synonyms."""
    return CONCEPTS.get(lemma, lemma)


def members(name: str) -> list[str]:
    """Return every word of a concept, or the word itself."""
    return _MEMBERS.get(name) or [name]


def attributes(lemmas: set[str]) -> set[str]:
    """Return the attributes that these lemmas ask about or mention."""
    return {name for name, listed in ATTRIBUTES.items() if not listed.isdisjoint(lemmas)}
