"""The words that a mistyped word may stand for; they come and go with the articles."""

from bisect import bisect_left, insort
from threading import Lock
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from vink_chat.kit import letters
from vink_chat.knowledge import lexicon

_SHORTEST: Final = 3
LISTED: Final = lexicon.CONCEPTS.keys() | lexicon.HOW_MANY | frozenset[str]().union(*lexicon.ATTRIBUTES.values())
"""Words that are always in the vocabulary."""


class Alike:
    """Words by a key; of several with the same key, the alphabetically first is returned."""

    def __init__(self) -> None:
        self._words: dict[str, str | tuple[str, ...]] = {}

    def add(self, key: str, word: str) -> None:
        """Add a word under a key."""
        there = self._words.get(key)
        if there is None:
            self._words[key] = word
        elif there != word:
            self._words[key] = tuple(sorted({word, *((there,) if isinstance(there, str) else there)}))

    def remove(self, key: str, word: str) -> None:
        """Remove a word."""
        there = self._words.pop(key)
        left = [] if isinstance(there, str) else [other for other in there if other != word]
        if left:
            self._words[key] = tuple(left) if len(left) > 1 else left[0]

    def get(self, key: str) -> str | None:
        """Return the first word of a key."""
        there = self._words.get(key)
        return there[0] if isinstance(there, tuple) else there


class Vocabulary:
    """Words by length, by bare letters and by sound.

    Attributes:
        by_bare: See ``letters.bare``.
        by_sound: See ``letters.sound``.
    """

    def __init__(self) -> None:
        self.by_bare = Alike()
        self.by_sound = Alike()
        # One thread adds words while others look them up, so sorted lists are replaced, never modified.
        self._lock = Lock()
        self._sorted: dict[int, list[str]] = {}
        self._new: dict[int, set[str]] = {}
        self._gone: dict[int, set[str]] = {}
        for word in LISTED:
            self.add(word)

    def add(self, word: str) -> None:
        """Add a word."""
        if len(word) < _SHORTEST or word[0].isdigit():
            return
        self.by_bare.add(letters.bare(word), word)
        self.by_sound.add(letters.sound(word), word)
        self._note(word, self._new, self._gone)

    def remove(self, word: str) -> None:
        """Remove a word that was added."""
        if len(word) < _SHORTEST or word[0].isdigit():
            return
        self.by_bare.remove(letters.bare(word), word)
        self.by_sound.remove(letters.sound(word), word)
        self._note(word, self._gone, self._new)

    def _note(self, word: str, added: dict[int, set[str]], opposite: dict[int, set[str]]) -> None:
        with self._lock:
            if word in opposite.get(len(word), ()):
                opposite[len(word)].remove(word)
            else:
                added.setdefault(len(word), set()).add(word)

    def of_length(self, length: int) -> list[str]:
        """Return the words of a length, sorted."""
        if length not in self._new and length not in self._gone:
            return self._sorted.get(length, [])
        with self._lock:
            new, gone = self._new.pop(length, set[str]()), self._gone.pop(length, set[str]())
            words = self._sorted.get(length, [])
            if (len(new) + len(gone)) * 20 > len(words):
                words = sorted({*words, *new} - gone)
            else:
                words = words.copy()
                for word in gone:
                    del words[bisect_left(words, word)]
                for word in new:
                    insort(words, word)
            self._sorted[length] = words
            return words

    def sort(self) -> None:
        """Sort the words now, so that the next question need not."""
        for length in {*self._new, *self._gone}:
            self.of_length(length)

    def size_about(self, word: str, allowed: int) -> int:
        """Return the number of words that ``nearest`` would compare."""
        return sum(len(self.of_length(length)) for length in range(len(word) - allowed, len(word) + allowed + 1))

    def nearest(self, word: str, allowed: int) -> str:
        """Return the word with the fewest typing errors of difference, the first of several, or an empty text."""
        matches: list[tuple[float, str]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            best = process.extractOne(word, self.of_length(length), scorer=OSA.distance, score_cutoff=allowed)
            if best:
                matches.append((best[1], best[0]))
        return min(matches)[1] if matches else ""
