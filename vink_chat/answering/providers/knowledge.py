"""Answers without a model: the best passage, quoted verbatim."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final

from vink_chat.answering.provider import Draft, Outcome, Prompt
from vink_chat.knowledge import Passage

QUOTED_FROM: Final = 0.7


def quotation(passages: Sequence[Passage], threshold: float = QUOTED_FROM) -> Passage | None:
    """Return the best passage if it fits well enough to be quoted verbatim, else None."""
    best = passages[0] if passages else None
    return best if best and best.score >= threshold and best.text.strip() else None


class KnowledgeProvider:
    """Quotes the best passage if it fits well enough, and otherwise is unsure.

    Args:
        threshold: The score from which a passage is quoted, 0.0 to 1.0.
    """

    name = "knowledge"

    def __init__(self, threshold: float = QUOTED_FROM) -> None:
        self._threshold = threshold

    def knows(self, prompt: Prompt) -> bool:
        """Tell whether it can answer with a quotation."""
        return quotation(prompt.passages, self._threshold) is not None

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Draft, None]:
        """Yield one draft: COMPLETE with a quotation, or UNSURE and empty."""
        best = quotation(prompt.passages, self._threshold)
        if best:
            yield Draft(best.text, Outcome.COMPLETE, model=self.name, cited=(str(best.id),))
        else:
            yield Draft("", Outcome.UNSURE, model=self.name)

    async def aclose(self) -> None:
        """Do nothing: there are no connections."""
