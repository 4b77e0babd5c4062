"""The interface of a language model, whichever vendor it has.

One method, cumulative drafts; a provider that cannot stream yields one. No adapter lets an httpx exception through:
trouble with the vendor becomes ``ProviderUnavailable`` (worth a retry or another provider) or ``ProviderMisconfigured``
(somebody must change a setting), and an answer that the vendor's filter withheld is a draft with that outcome.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from vink_chat.knowledge import Passage

LONGEST_DRAFT: Final = 8000
_GRACE_SECONDS: Final = 1.0
_MOST_BRACKETS: Final = 300
_ROUND_BRACKETS: Final = str.maketrans("[]", "()")
_MOST_EMPHASIS: Final = 1200
_NO_EMPHASIS: Final = str.maketrans("*_", "•‗")


class Role(StrEnum):
    """Who speaks in a turn."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the dialogue as a model reads it."""

    role: Role
    text: str


class Outcome(StrEnum):
    """How complete a draft is, or why there is no answer."""

    PARTIAL = "partial"
    COMPLETE = "complete"
    TRUNCATED = "truncated"
    FILTERED = "filtered"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens spent by one call; zero if the provider does not count them."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer so far. The text is cumulative and may be replaced, not only continued.

    Attributes:
        text: The whole text so far, cut at ``LONGEST_DRAFT``. Hundreds of square brackets become round ones, and a
            thousand asterisks and underscores other characters: parsing so much possible Markdown takes too long.
        outcome: PARTIAL until the last draft; the last one is never PARTIAL.
        model: The model's version as the provider names it.
        request_id: The provider's id of the call, for its support.
        cited: Ids of the passages the answer is based on, if the provider itself knows them.
        provider: The name of the provider that answered, filled in by ``FallbackProvider``.
        failed: Names of the providers that failed or were skipped before it, filled in by ``FallbackProvider``.
    """

    text: str
    outcome: Outcome
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    request_id: str = ""
    cited: tuple[str, ...] = ()
    provider: str = ""
    failed: tuple[str, ...] = ()

    def __post_init__(self) -> None:  # noqa: D105
        text = self.text[:LONGEST_DRAFT]
        if text.count("[") > _MOST_BRACKETS:
            text = text.translate(_ROUND_BRACKETS)
        if text.count("*") + text.count("_") > _MOST_EMPHASIS:
            text = text.translate(_NO_EMPHASIS)
        object.__setattr__(self, "text", text)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything a provider may use for one answer.

    Attributes:
        turns: Oldest first; the first is the only system turn.
        question: The visitor's last messages, for providers without a model.
        passages: What the knowledge search found, best first, scores 0.0 to 1.0.
        temperature: 0.0 to 1.0.
        max_tokens: The longest answer, in the model's tokens.
        stream: Whether partial drafts are wanted.
        seconds: The deadline of the whole call, retries included.
        model: Used instead of the model in the settings; empty unless an administrator chose one.
    """

    turns: tuple[Turn, ...]
    question: str = ""
    passages: tuple[Passage, ...] = ()
    temperature: float = 0.3
    max_tokens: int = 1000
    stream: bool = False
    seconds: float = 20.0
    model: str = ""


class ProviderUnavailable(Exception):
    """The provider gave no answer: network error, overload, broken stream, deadline.

    Attributes:
        retryable: Whether the same provider may be retried at once.
        request_id: The provider's id of the failed call, if it gave one.
        retry_after: Seconds the provider asked to wait, or zero.
    """

    def __init__(self, message: str, *, retryable: bool = True, request_id: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.request_id = request_id
        self.retry_after = retry_after


class ProviderMisconfigured(ProviderUnavailable):
    """A key, a folder or a model name is wrong: a retry cannot help."""

    def __init__(self, message: str, *, request_id: str = "") -> None:
        super().__init__(message, retryable=False, request_id=request_id)


class Provider(Protocol):
    """A source of answers."""

    name: str

    def generate(self, prompt: Prompt) -> AsyncGenerator[Draft, None]:
        """Yield drafts of one answer, the last one final.

        Raises:
            ProviderUnavailable: No whole answer came.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


async def ask(provider: Provider, prompt: Prompt, on_partial: Callable[[Draft], None] | None = None) -> Draft:
    """Return a provider's final draft; partial ones are passed to ``on_partial`` as they come.

    Raises:
        ProviderUnavailable: No whole answer came.
        TimeoutError: The provider did not keep the deadline.
    """
    draft = Draft("", Outcome.PARTIAL)
    # Providers keep the deadline themselves; this one is for a provider that does not.
    async with (
        asyncio.timeout(prompt.seconds + _GRACE_SECONDS),
        contextlib.aclosing(provider.generate(prompt)) as drafts,
    ):
        async for draft in drafts:
            if on_partial and draft.outcome is Outcome.PARTIAL:
                on_partial(draft)
    return draft
