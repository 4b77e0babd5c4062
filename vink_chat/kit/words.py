"""Sentences for people: the Russian ones are the keys, other languages come from ``locales/*.po``.

A sentence without a translation is shown in Russian; a test keeps the English catalogue complete.
"""

from functools import cache
from pathlib import Path
from typing import Final

from babel.core import negotiate_locale
from babel.messages.pofile import read_po

DEFAULT_LANGUAGE: Final = "ru"
LANGUAGES: Final = ("ru", "en")
LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}


def say(sentence: str, language: str = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return a sentence in a language, with its ``{names}`` filled in.

    Args:
        sentence: The Russian sentence.
        language: ``ru`` or ``en``; anything else counts as Russian.
        **values: The values of ``{names}``.
    """
    text = _catalogue(language).get(sentence, sentence)
    return text.format(**values) if values else text


def best_language(*preferred: str) -> str:
    """Return the first supported language among preferred ones.

    Args:
        *preferred: Language tags or ``Accept-Language`` headers, the most preferred first; empty ones are skipped.
    """
    for header in preferred:
        tags = [part.split(";")[0].strip().replace("-", "_") for part in header[:200].split(",")]
        language = negotiate_locale([tag for tag in tags if tag], LANGUAGES)
        if language:
            return language
    return DEFAULT_LANGUAGE
