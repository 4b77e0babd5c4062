"""The two layouts of one keyboard: what was typed on the wrong one, and what its typist meant."""

from typing import Final

_LATIN: Final = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN: Final = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN: Final = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN: Final = str.maketrans(_RUSSIAN, _LATIN)


def in_russian_layout(text: str) -> str:
    """Return what the same keys give on the Russian layout, for text in lower case: ``ghbdtn`` is ``привет``."""
    return text.translate(_TO_RUSSIAN)


def in_latin_layout(text: str) -> str:
    """Return what the same keys give on the Latin layout, for text in lower case: ``кщдд`` is ``roll``."""
    return text.translate(_TO_LATIN)
