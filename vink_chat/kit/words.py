"""What people read: Russian sentences are the keys, other languages come from ``locales/*.po``.

A sentence without a translation is shown in Russian; a house test keeps the English catalogue whole.
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
        found = read_po(file, locale=language)
    return {str(entry.id): str(entry.string) for entry in found if entry.id and entry.string}


def say(sentence: str, language: str = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return a sentence in a language, its ``{names}`` filled in.

    Args:
        sentence: The Russian sentence, as it stands in the code.
        language: ``ru`` or ``en``; anything else reads Russian.
        **values: What to put in place of ``{names}``.
    """
    text = _catalogue(language).get(sentence, sentence)
    return text.format(**values) if values else text


def best_language(*wishes: str) -> str:
    """Choose the first known language among wishes.

    Args:
        *wishes: Language tags or ``Accept-Language`` headers, the strongest first; empty ones are passed over.
    """
    for wish in wishes:
        tags = [part.split(";")[0].strip().replace("-", "_") for part in wish[:200].split(",")]
        found = negotiate_locale([tag for tag in tags if tag], LANGUAGES)
        if found:
            return found
    return DEFAULT_LANGUAGE
