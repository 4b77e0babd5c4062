"""Texts letter by letter: cleaning, the wrong keyboard layout, transliteration, phonetic keys."""

import re
import textwrap
import unicodedata
from typing import Final

_LATIN: Final = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN: Final = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN: Final = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN: Final = str.maketrans(_RUSSIAN, _LATIN)

MAX_LETTERS: Final = 400
MAX_TOKENS: Final = 60
MAX_TOKEN_LETTERS: Final = 32

# Keys that give other characters with Shift, which lower-casing does not undo.
_SHIFTED: Final = str.maketrans('{}:"<>~', "[];',.`")

_WORD: Final = re.compile(r"[0-9a-zа-я]+(?:-[0-9a-zа-я]+)*")
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]*")
_MOST_QUESTIONS: Final = 4
_MOST_PIECES: Final = 8
CONTROL: Final = r"\x00-\x08\x0b-\x1f\x7f"
"""Control characters but tab and newline, as part of a regular expression's character class."""
_INVISIBLE: Final = re.compile(rf"[{CONTROL}\t\n\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")

# Latin spellings with the Russian letters they may stand for, most likely first.
_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "shch": ("щ",), "sch": ("щ", "сч"), "shh": ("щ",), "yay": ("яй",), "iya": ("ия",), "iy": ("ий",), "yy": ("ый",),
    "yi": ("ый",), "yo": ("е", "йо"), "jo": ("е",), "yu": ("ю",), "ju": ("ю",), "iu": ("ю", "иу"), "ya": ("я",),
    "ja": ("я",), "ia": ("ия", "я"), "ye": ("е", "ые"), "je": ("е",), "zh": ("ж",), "kh": ("х",), "ts": ("ц", "тс"),
    "tc": ("ц",), "ch": ("ч",), "sh": ("ш", "щ"), "ck": ("к",), "ph": ("ф",), "a": ("а",), "b": ("б",),
    "c": ("ц", "к", "с"), "d": ("д",), "e": ("е", "э"), "f": ("ф",), "g": ("г",), "h": ("х",), "i": ("и", "й"),
    "j": ("й", "ж"), "k": ("к",), "l": ("л",), "m": ("м",), "n": ("н",), "o": ("о",), "p": ("п",), "q": ("к",),
    "r": ("р",), "s": ("с",), "t": ("т",), "u": ("у",), "v": ("в",), "w": ("в", "ш"), "x": ("кс", "х"),
    "y": ("й", "ы", "и"), "z": ("з",), "'": ("ь",),
}  # fmt: skip
# One fixed reading, for whole texts.
_TRANSLIT: Final = (
    ("shch", "щ"), ("zh", "ж"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я"), ("dj", "дж"),
    *zip("abvgdeziyklmnoprstufhcj", "абвгдезийклмнопрстуфхцж", strict=True),
)  # fmt: skip
_BEAM: Final = 16
_LONGEST_SPELLING: Final = 4
_LONGEST_SPELLED: Final = 20

CONSONANTS: Final = "бвгджзйклмнпрстфхцчшщ"
"""The Russian ones."""

_BARE: Final = str.maketrans({"ь": "", "ъ": "", "й": "и", "ы": "и", "э": "е", "щ": "ш"})
_REDUCED: Final = str.maketrans({"о": "а", "е": "и", "я": "и"})
_DOUBLE: Final = re.compile(r"(.)\1+")


def clean(text: str, limit: int = MAX_LETTERS) -> str:
    """Return a text in lower case and normalized (NFKC, ё as е), cut to a limit before anything slow is done to it."""
    cut = _INVISIBLE.sub(" ", text[:limit])
    return unicodedata.normalize("NFKC", cut)[:limit].lower().replace("ё", "е")


def pieces(text: str) -> list[str]:
    """Split a text into pieces of at most ``MAX_LETTERS``, questions first; a short text is one piece.

    The middle of a very long text is skipped: a search for it must not cost more than for a few questions.
    """
    if len(text) <= MAX_LETTERS:
        return [text]
    sentences = [
        part for long_sentence in _SENTENCE.findall(text) for part in textwrap.wrap(long_sentence, MAX_LETTERS)
    ]
    packed = [""]
    for sentence in sentences:
        if len(packed[-1]) + 1 + len(sentence) > MAX_LETTERS:
            packed.append("")
        packed[-1] = f"{packed[-1]} {sentence}".strip()
    asked = [sentence for sentence in sentences if sentence.endswith("?")]
    parts = list(dict.fromkeys([*asked[-_MOST_QUESTIONS:], *packed]))
    if len(parts) <= _MOST_PIECES:
        return parts
    rest = _MOST_PIECES - _MOST_PIECES // 4
    return [*parts[:rest], *parts[rest - _MOST_PIECES :]]


def words(text: str) -> list[str]:
    """Split a cleaned text into words; hyphenated words stay whole."""
    return [word[:MAX_TOKEN_LETTERS] for word in _WORD.findall(text)]


def is_latin(word: str) -> bool:
    """Whether a word has Latin letters and no Russian ones."""
    return any("a" <= letter <= "z" for letter in word) and not is_russian(word)


def is_russian(word: str) -> bool:
    """Whether a word has a Russian letter."""
    return any("а" <= letter <= "я" for letter in word)


def in_russian_layout(text: str) -> str:
    """Return what the same keys give on the Russian layout, for text in lower case: ``ghbdtn`` is ``привет``."""
    return text.translate(_TO_RUSSIAN)


def in_latin_layout(text: str) -> str:
    """Return what the same keys give on the Latin layout, for text in lower case: ``кщдд`` is ``roll``."""
    return text.translate(_TO_LATIN)


def from_latin_layout(text: str) -> str:
    """Return what the same keys give on the Russian layout, ё as е; Shift may have been held."""
    return in_russian_layout(text.translate(_SHIFTED)).replace("ё", "е")


def transliterated(text: str) -> str:
    """Return a transliterated text in Russian letters: ``operator`` is ``оператор``."""
    for latin, russian in _TRANSLIT:
        text = text.replace(latin, russian)
    return text


def russian_spellings(word: str) -> list[str]:
    """Return possible Russian spellings of a word in Latin letters, most likely first; never empty."""
    if len(word) > _LONGEST_SPELLED:
        return [word]
    beam = [("", 0)]
    done: list[str] = []
    steps: dict[int, tuple[tuple[str, ...], int]] = {}
    while beam:
        done += [text for text, at in beam if at >= len(word)]
        grown: list[tuple[str, int]] = []
        for text, at in beam:
            if at >= len(word):
                continue
            if at not in steps:
                steps[at] = _step(word, at)
            options, end = steps[at]
            grown += [(text + option, end) for option in options]
            if len(grown) >= _BEAM:
                break
        beam = grown[:_BEAM]
    return list(dict.fromkeys(done))


def _step(word: str, at: int) -> tuple[tuple[str, ...], int]:
    """Return what the Latin letters at a position may stand for, and the position after them."""
    for size in range(_LONGEST_SPELLING, 0, -1):
        options = _SPELLINGS.get(word[at : at + size])
        if options and at + size <= len(word):
            return options, at + size
    return (word[at],), at + 1


def bare(word: str) -> str:
    """Return a word without what transliteration loses: soft signs, й and ы, doubled letters."""
    return _DOUBLE.sub(r"\1", word.translate(_BARE))


def sound(word: str) -> str:
    """Return a key that is the same for words that sound alike: ``кампания`` and ``компания``."""
    return _DOUBLE.sub(r"\1", bare(word).translate(_REDUCED))
