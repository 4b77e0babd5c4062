"""The popular questions in the visitor's language: a page in another one proposes nothing it cannot be read in."""

import re
from typing import Final

from vink_chat import preferences
from vink_chat.kit.words import DEFAULT_LANGUAGE
from vink_chat.pages.visitor.views import GroupView

_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)


def popular_in(language: str) -> list[GroupView]:
    """Return the groups of popular questions; in another language than Russian only those not written in it."""
    groups = preferences.current(preferences.PopularQuestions).groups
    if language == DEFAULT_LANGUAGE:
        return [GroupView(title=group.title, questions=list(group.questions)) for group in groups]
    foreign = [(group.title, [one for one in group.questions if not _CYRILLIC.search(one)]) for group in groups]
    return [GroupView(title=title, questions=questions) for title, questions in foreign if questions]
