"""Several providers as one that does not give up easily: fallback, retries, circuit breakers, a gate and a deadline."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Final

from vink_chat.answering.provider import (
    Draft,
    Outcome,
    Prompt,
    Provider,
    ProviderMisconfigured,
    ProviderUnavailable,
    Role,
    Turn,
)
from vink_chat.answering.providers.knowledge import KnowledgeProvider

# The share of the deadline that is reserved for the last provider, in case the others do not answer.
RESERVE: Final = 0.2
FIRST_DRAFT_SECONDS: Final = 4.0
"""Seconds a model has for its first draft if the knowledge provider, last in the chain, can surely answer; and between
two drafts in any case."""
_GROWTH: Final = 1.5
_LONGEST_PAUSE: Final = 10.0


class Breaker:
    """A circuit breaker: a provider that keeps failing is left alone for a while.

    Args:
        failures: The number of failures in a row that opens the breaker.
        rest: Seconds the breaker stays open.
        long_rest: The same after an error that only a changed setting can fix.
        clock: A monotonic clock, in seconds.
    """

    def __init__(
        self,
        failures: int = 5,
        rest: float = 30.0,
        long_rest: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed = failures
        self._rest = rest
        self._long_rest = long_rest
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    @property
    def resting(self) -> bool:
        """Whether the breaker is open: the provider is left alone."""
        return self._clock() < self._rests_until

    def admit(self) -> bool:
        """Tell whether a call may be made; after a rest one call goes first, and the others wait for its result."""
        if self.resting:
            return False
        if self._failures >= self._allowed:
            self._rests_until = self._clock() + self._rest
        return True

    def succeeded(self) -> None:
        """Reset the count of failures and close the breaker."""
        self._failures = 0
        self._rests_until = 0.0

    def failed(self, error: ProviderUnavailable) -> None:
        """Count a failure, unless the request itself was at fault (neither a setting nor a retry would help)."""
        if isinstance(error, ProviderMisconfigured):
            self._failures = self._allowed
            self._rests_until = self._clock() + self._long_rest
        elif error.retryable:
            self._failures += 1
            if self._failures >= self._allowed:
                self._rests_until = self._clock() + self._rest


log = logging.getLogger(__name__)


class _TooLate(ProviderUnavailable):
    """No draft came in time."""


class FallbackProvider:
    """Asks providers in order until one answers.

    Only ``ProviderUnavailable`` leads to a retry or to the next provider, and only before the first draft: a text that
    was shown is not silently restarted. If it breaks off later, only the knowledge provider may follow, if it is the
    last in the chain and can surely answer; its draft does not continue the text before. A withheld, unsure or empty
    answer is an answer, and the caller judges it.

    Leave the iteration only at its end or by ``aclose``: until then the call counts against ``concurrency``.

    Args:
        providers: The first is asked first.
        concurrency: Concurrent calls to all models together (Yandex allows a folder 10 generations at once).
        attempts: Calls to one provider for one answer.
        first_draft_seconds: How long the first draft may take if the knowledge provider can surely answer; a model that
            is only slower than that does not count as failing. Also the longest pause between two drafts.
        pause: Seconds before the first retry; each next pause is 1.5 times as long, plus random jitter of up to
            ``pause``.
        breaker: Creates the breaker of each provider.
    """

    name = "resilient"

    def __init__(
        self,
        providers: Sequence[Provider],
        concurrency: int = 8,
        attempts: int = 3,
        pause: float = 1.0,
        breaker: Callable[[], Breaker] = Breaker,
        first_draft_seconds: float = FIRST_DRAFT_SECONDS,
    ) -> None:
        self._providers = [(provider, breaker()) for provider in providers]
        self._gate = asyncio.Semaphore(concurrency)
        self._attempts = attempts
        self._pause = pause
        self._first_draft_seconds = first_draft_seconds

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Draft, None]:
        """Yield drafts of one answer, the last one final, each with the names of who gave it and who failed.

        Raises:
            ProviderUnavailable: No provider gave a whole answer within ``prompt.seconds``.
        """
        deadline = asyncio.get_running_loop().time() + prompt.seconds
        error = ProviderUnavailable("every provider rests after failures", retryable=False)
        failed: tuple[str, ...] = ()
        begun = False
        for provider, breaker in self._providers:
            if begun and not isinstance(provider, KnowledgeProvider):
                continue
            limits = self._limits(provider, prompt, deadline)
            # The model that an administrator chose is a name of the first provider's.
            prompt = replace(prompt, model="") if failed else prompt
            ended = False
            attempts = self._with_retries(provider, breaker, prompt, limits)
            try:
                async with self._slot(provider, limits[0]), aclosing(attempts) as drafts:
                    async for draft in drafts:
                        begun = True
                        ended = draft.outcome is not Outcome.PARTIAL
                        yield replace(draft, provider=draft.provider or provider.name, failed=failed)
            except ProviderUnavailable as failure:
                if begun and not self._knows(prompt):
                    raise
                error = failure
            if ended:
                return
            failed += (provider.name,)
        raise error

    def _limits(self, provider: Provider, prompt: Prompt, deadline: float) -> tuple[float, float]:
        """Return the deadlines of a provider's first draft and of its last one."""
        if provider is self._providers[-1][0]:
            return deadline, deadline
        limit = deadline - RESERVE * prompt.seconds
        if self._knows(prompt):
            limit = min(limit, deadline - prompt.seconds + self._first_draft_seconds)
        return limit, deadline

    def _knows(self, prompt: Prompt) -> bool:
        """Tell whether the knowledge provider is last in the chain and can surely answer."""
        last = self._providers[-1][0]
        return isinstance(last, KnowledgeProvider) and last.knows(prompt)

    async def faults(self, seconds: float) -> list[str]:
        """Ask each model for one word, and return a sentence about each that does not answer; it contains no key.

        Args:
            seconds: How long each may take.
        """
        models = [provider for provider, _ in self._providers if not isinstance(provider, KnowledgeProvider)]
        faults = await asyncio.gather(*(_fault(model, seconds) for model in models))
        return [fault for fault in faults if fault]

    async def aclose(self) -> None:
        """Close the connections of every provider."""
        for provider, _ in self._providers:
            await provider.aclose()

    @asynccontextmanager
    async def _slot(self, provider: Provider, limit: float) -> AsyncGenerator[None]:
        if isinstance(provider, KnowledgeProvider):
            yield
            return
        try:
            async with asyncio.timeout_at(limit):
                await self._gate.acquire()
        except TimeoutError:
            raise ProviderUnavailable("too many answers are being made at once", retryable=False) from None
        try:
            yield
        finally:
            self._gate.release()

    async def _with_retries(
        self, provider: Provider, breaker: Breaker, prompt: Prompt, limits: tuple[float, float]
    ) -> AsyncGenerator[Draft, None]:
        """Yield the drafts of one provider, with retries where they may help; nothing while its breaker is open."""
        attempt = 0
        begun = False
        while not begun and breaker.admit():
            try:
                async with aclosing(_timed(provider, prompt, limits, self._first_draft_seconds)) as drafts:
                    async for draft in drafts:
                        begun = True
                        if draft.outcome is not Outcome.PARTIAL:
                            breaker.succeeded()
                        yield draft
            except ProviderUnavailable as error:
                attempt += 1
                # A model cut off only by the short limit before knowledge answers may just be slow.
                if not (isinstance(error, _TooLate) and limits[0] < limits[1] - RESERVE * prompt.seconds):
                    breaker.failed(error)
                log.warning("%s, attempt %s: %s, request %s", provider.name, attempt, error, error.request_id or "-")
                pause = self._pause_before(attempt, error)
                late = asyncio.get_running_loop().time() + pause >= limits[0]
                if begun or late or not error.retryable or attempt >= self._attempts or breaker.resting:
                    raise
                await asyncio.sleep(pause)

    def _pause_before(self, attempt: int, error: ProviderUnavailable) -> float:
        grown = min(_LONGEST_PAUSE, self._pause * _GROWTH ** (attempt - 1))
        return max(grown, error.retry_after) + random.uniform(0, self._pause)  # noqa: S311  spreads load, guards nothing


async def _timed(
    provider: Provider, prompt: Prompt, limits: tuple[float, float], pause: float
) -> AsyncGenerator[Draft, None]:
    """Yield drafts up to the final one: the first before the first limit, all of them before the second.

    No more than ``pause`` seconds may pass between two of them. Each wait has its own timeout: one around the whole
    loop would cancel the caller between two drafts.
    """
    drafts = provider.generate(prompt)
    limit = limits[0]
    try:
        while True:
            try:
                async with asyncio.timeout_at(limit):
                    draft = await anext(drafts)
            except StopAsyncIteration:
                raise ProviderUnavailable("the provider stopped in the middle of an answer") from None
            except TimeoutError:
                raise _TooLate("no answer in time") from None
            yield draft
            if draft.outcome is not Outcome.PARTIAL:
                return
            limit = min(limits[1], asyncio.get_running_loop().time() + pause)
    finally:
        await drafts.aclose()


async def _fault(provider: Provider, seconds: float) -> str:
    prompt = Prompt(
        (Turn(Role.SYSTEM, "Ответьте одним словом."), Turn(Role.USER, "Здравствуйте")), max_tokens=1, seconds=seconds
    )
    try:
        async with asyncio.timeout(seconds), aclosing(provider.generate(prompt)) as drafts:
            async for _ in drafts:
                return ""
    except (ProviderUnavailable, TimeoutError) as error:
        return f"The model «{provider.name}» does not answer: {str(error) or 'no answer in time'}"
    return ""
