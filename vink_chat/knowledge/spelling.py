"""The words that a visitor meant: wrong keyboard layout, transliteration, typing errors, split words."""

import itertools
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from vink_chat.kit import lemmas, letters
from vink_chat.knowledge import lexicon
from vink_chat.knowledge.index import Index

_READ: Final = 6
_SHORTEST_REPAIR: Final = 4
_SHORT: Final = 5
_NAMES: Final = tuple(lexicon.CONCEPTS)


@dataclass(slots=True)
class Effort:
    """The budget for one message, however many pieces it is read in.

    Attributes:
        repairs: How many more words may be corrected.
        votes: How many more words may be checked for the keyboard layout.
        compared: How many more comparisons with the vocabulary are allowed.
        guesses: For how many more unknown words the dictionary may guess forms.
        joins: How many more pairs of words may be compared with the names of the trade.
    """

    repairs: int = 12
    votes: int = 30
    compared: int = 250_000
    guesses: int = 24
    joins: int = 30
    _guessed: set[str] = field(default_factory=set[str])

    def readings(self, word: str) -> tuple[lemmas.Reading, ...]:
        """Return the readings of a word (``lemmas.readings``); beyond the budget an unknown word is read as a noun."""
        if letters.is_russian(word) and word not in self._guessed and not lemmas.is_known(word):
            self.guesses -= 1
            if self.guesses < 0:
                return (lemmas.Reading(word, "NOUN"),)
            self._guessed.add(word)
        return lemmas.readings(word)

    def spend(self) -> bool:
        """Use one correction; false if none is left."""
        self.repairs -= 1
        return self.repairs >= 0

    def nearest(self, word: str, index: Index) -> str:
        """Return the vocabulary word that differs by a typing error; empty if there is none, or no budget left."""
        if len(word) < _SHORTEST_REPAIR:
            return ""
        allowed = 1 if len(word) <= _SHORT else 2
        self.compared -= index.vocabulary.size_about(word, allowed)
        return index.vocabulary.nearest(word, allowed) if self.compared >= 0 else ""


def meant(text: str, index: Index, effort: Effort) -> list[str]:
    """Return the words that a visitor meant, according to the vocabulary of an index."""
    raw = [token[: letters.MAX_TOKEN_LETTERS] for token in letters.clean(text).split()[: letters.MAX_TOKENS]]
    wrong_layout = _votes_for_layout(raw, index, effort)
    words: list[str] = []
    for token in raw:
        if wrong_layout and not letters.is_russian(token) and not _is_own(token, index):
            words.extend(letters.words(letters.from_latin_layout(token)))
        else:
            words.extend(letters.words(token))
    parts = [part for word in words for part in _parts(word, index)][: letters.MAX_TOKENS]
    return _repaired(_joined(parts, index, effort), index, effort)


def _parts(word: str, index: Index) -> list[str]:
    joined = word.replace("-", "")
    return [joined] if joined in index.forms or joined in lexicon.CONCEPTS else word.split("-")


def _is_own(token: str, index: Index) -> bool:
    """Tell whether a Latin token is a word of the articles: ``anydesk``, ``uv``."""
    words = letters.words(token)
    return bool(words) and all(word in index.forms or word in lexicon.CONCEPTS for word in words)


def _votes_for_layout(tokens: list[str], index: Index, effort: Effort) -> bool:
    votes = 0
    for token in tokens:
        # A single letter says nothing about the layout.
        if len(token) > 1 and letters.is_latin(token) and not _is_own(token, index):
            effort.votes -= 1
            if effort.votes < 0:
                break
            # Weighted by length: «vy», which is «мн» in the other layout, says less than «rabotaete» next to it.
            votes += len(token) * _vote(token, index)
    return votes > 0


def _vote(token: str, index: Index) -> int:
    typed = letters.words(letters.from_latin_layout(token))
    if typed and all(_is_word(word, index) for word in typed):
        return 1
    if any(_is_word(word, index) for word in _from_sounds(token.strip(".,!?;:'\""))):
        return -1
    return 0 if any(letter in "aeiouy" for letter in token) else 1


def _is_word(word: str, index: Index) -> bool:
    return word in index.forms or word in lexicon.CONCEPTS or lemmas.is_known(word)


def _joined(words: list[str], index: Index, effort: Effort) -> list[str]:
    result: list[str] = []
    skip = False
    for at, word in enumerate(words):
        if skip:
            skip = False
            continue
        both = _compound(word, words[at + 1], index, effort) if at + 1 < len(words) else ""
        skip = bool(both)
        result.append(both or word)
    return result


def _compound(first: str, second: str, index: Index, effort: Effort) -> str:
    """Return the word that two neighbouring words form (``ролл ап``), or an empty text."""
    both = first + second
    if both in index.forms or both in lexicon.CONCEPTS:
        return both
    if len(both) <= _SHORT or (_is_word(first, index) and _is_word(second, index)):
        return ""
    effort.joins -= 1
    if effort.joins < 0:
        return ""
    match = process.extractOne(both, _NAMES, scorer=OSA.distance, score_cutoff=1)
    return str(match[0]) if match else ""


def _repaired(words: list[str], index: Index, effort: Effort) -> list[str]:
    result: list[str] = []
    for word in words:
        if word in index.forms or word in lexicon.CONCEPTS or word in lexicon.STOP or word.isdigit():
            result.append(word)
            continue
        result.append(_repair(word, index, effort) if effort.spend() else word)
    return result


def _repair(word: str, index: Index, effort: Effort) -> str:
    if letters.is_latin(word):
        return _from_latin(word, index, effort)
    if _is_read(word, index, effort):
        return word
    heard = index.vocabulary.by_sound.get(letters.sound(word))
    if heard and len(word) >= _SHORT and _may_mean(word, heard):
        return heard
    if lemmas.is_known(word):
        return word
    swapped = letters.in_latin_layout(word)
    if swapped in index.forms:
        return swapped
    return effort.nearest(word, index) or effort.nearest(effort.readings(word)[0].lemma, index) or word


def _may_mean(word: str, heard: str) -> bool:
    """Tell whether a word may stand for one that sounds alike: «кампания» for «компания», not «понял» for «панель»."""
    return not lemmas.is_known(word) or lemmas.readings(word)[0].part == lemmas.readings(heard)[0].part


def _from_sounds(word: str) -> list[str]:
    """Return possible Russian spellings of a Latin word, with and without a final soft sign."""
    spellings = letters.russian_spellings(word)
    return [*spellings, *_softened(spellings)]


def _softened(spellings: list[str]) -> list[str]:
    return [f"{spelling}ь" for spelling in spellings if spelling[-1:] in letters.CONSONANTS]


def _from_latin(word: str, index: Index, effort: Effort) -> str:
    spellings = letters.russian_spellings(word)
    softened = _softened(spellings)
    candidates = itertools.chain(
        (word for word in spellings if word in index.forms),
        # Guessing the forms of an unknown word is slow.
        (word for word in spellings[:_READ] if _is_read(word, index, effort)),
        (similar for word in spellings if (similar := index.vocabulary.by_bare.get(letters.bare(word)))),
        # Transliteration loses a final soft sign: «kazan» is more likely the town than the cauldron.
        (soft for soft in softened if lemmas.is_known(soft) and lemmas.readings(soft)[0].place),
        (word for word in spellings if len(word) > 1 and lemmas.is_known(word)),
        (soft for soft in softened if lemmas.is_known(soft)),
    )
    spelling = next(candidates, "")
    return (
        spelling or effort.nearest(word, index) or (len(word) > _SHORT and effort.nearest(spellings[0], index)) or word
    )


def _is_read(word: str, index: Index, effort: Effort) -> bool:
    """Tell whether some article has this word in another form."""
    return any(lexicon.concept(reading.lemma) in index.concepts for reading in effort.readings(word))
