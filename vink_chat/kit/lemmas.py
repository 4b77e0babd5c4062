"""Russian words and their dictionary forms. The dictionary (27 MB) is loaded on first use, or by ``warm_up``."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, cast

import pymorphy3  # pyright: ignore[reportMissingTypeStubs]

from vink_chat.kit import letters

_CACHED_WORDS: Final = 50_000
_CACHED_LEMMAS: Final = 1_000
_READINGS: Final = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation of a word.

    Attributes:
        lemma: The dictionary form, ё as е.
        part: The part of speech as OpenCorpora names it (``NOUN``, ``INFN``…), or ``LATN``, ``NUMB``.
        place: Whether it is a geographic name.
    """

    lemma: str
    part: str
    place: bool = False


@cache
def _yo() -> Any:
    # Matches both spellings of «ё».
    words = cast("Any", _dictionary().dictionary).words
    return words.compile_replaces({"е": "ё"})


@cache
def _dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


def warm_up() -> None:
    """Load the dictionary, so that the first visitor does not wait for it."""
    readings("слово")


@lru_cache(maxsize=_CACHED_WORDS)
def readings(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word, most likely first; never empty."""
    if word.isdigit():
        return (Reading(word, "NUMB"),)
    if not letters.is_russian(word):
        return (Reading(word, "LATN"),)
    parses = [
        Reading(str(parse.normal_form).replace("ё", "е"), str(tag.POS or "NOUN"), place="Geox" in tag)
        for parse in _dictionary().parse(word)[:_READINGS]
        for tag in [cast("Any", parse.tag)]
    ]
    if not is_known(word):
        # Guesses: trade words missing from the dictionary are mostly nouns, and the shortest lemma is the best guess.
        parses.sort(key=lambda reading: (reading.part != "NOUN", len(reading.lemma)))
    return tuple(dict.fromkeys(parses)) or (Reading(word, "NOUN"),)


@lru_cache(maxsize=_CACHED_WORDS)
def is_known(word: str) -> bool:
    """Whether the Russian dictionary has this word form."""
    return bool(_dictionary().word_is_known(word))


@lru_cache(maxsize=_CACHED_WORDS)
def normal_forms(word: str) -> tuple[str, ...]:
    """Return every dictionary form of a word, ё as е; none for a word that is not in the dictionary.

    Without parts of speech, likelihoods and guesses: three times faster than ``readings`` for a known word, thirty
    times for an unknown one.
    """
    words = cast("Any", _dictionary().dictionary)
    matches = words.words.similar_items(word, _yo())
    forms = (words.build_normal_form(*place, match) for match, places in matches for place in places)
    return tuple(dict.fromkeys(form.replace("ё", "е") for form in forms))


@lru_cache(maxsize=_CACHED_LEMMAS)
def forms(lemma: str) -> frozenset[str]:
    """Return every word form that has this one among its ``normal_forms``, ё as е."""
    dictionary = cast("Any", _dictionary().dictionary)
    spelled: set[str] = set()
    for word, places in dictionary.words.similar_items(lemma, _yo()):
        for paradigm, place in places:
            if dictionary.build_normal_form(paradigm, place, word).replace("ё", "е") == lemma:
                stem = dictionary.build_stem(dictionary.paradigms[paradigm], place, word)
                built = dictionary.build_paradigm_info(paradigm)
                spelled.update(f"{prefix}{stem}{suffix}".replace("ё", "е") for prefix, _, suffix in built)
    return frozenset(spelled)


def lemmas(text: str) -> list[str]:
    """Return the lemmas of a text in its order; a hyphened word gives its parts and the whole without hyphens."""
    result: list[str] = []
    for word in letters.words(text):
        result.extend(readings(part)[0].lemma for part in spread(word))
    return result


def spread(word: str) -> list[str]:
    """Return the forms under which a word is indexed: itself, or its parts and their joint spelling."""
    if "-" not in word:
        return [word]
    return [*word.split("-"), word.replace("-", "")]
