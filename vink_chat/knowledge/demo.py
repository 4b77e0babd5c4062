"""The demo knowledge base: a neutral shop of materials and equipment for visual communications, all of it invented."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("demo_ru.json")


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One entry of the demo knowledge base."""

    question: str
    aliases: tuple[str, ...]
    answer: str
    url: str
    tags: str


def demo_articles() -> list[DemoArticle]:
    """Read the demo knowledge base."""
    entries: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return [
        DemoArticle(
            question=entry["question"],
            aliases=tuple(entry["aliases"]),
            answer=entry["answer"],
            url=entry["url"],
            tags=entry["tags"],
        )
        for entry in entries
    ]
