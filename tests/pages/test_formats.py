"""Times that the staff read by the shop's clock, which may not be their own."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from vink_chat import knowledge
from vink_chat.pages.admin.knowledge_files import import_row
from vink_chat.pages.shared.formats import when

MOMENT = datetime(2026, 11, 28, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(("language", "shown"), [("ru", "28 нояб., 09:05 (Москва)"), ("en", "28 Nov, 09:05 (Moscow)")])
def test_a_time_by_the_shops_clock_names_its_zone(language: str, shown: str):
    view = knowledge.ImportView(uuid4(), "Анна", 1, 0, MOMENT, undone=False)

    assert when(MOMENT, language) == shown
    assert import_row(view, language)["text"].startswith(f"{shown} · ")
