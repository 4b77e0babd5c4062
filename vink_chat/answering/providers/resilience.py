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

# Kept from the first providers' time, so that a silent one leaves a moment to those that follow.
RESERVE: Final = 0.2
FIRST_SIGN: Final = 4.0
"""Seconds a model is given for its first sign where knowledge, last in the chain, surely knows the answer; and for each
next sign in any case."""
_GROWTH: Final = 1.5
_LONGEST_PAUSE: Final = 10.0


class Breaker:
    """Counts failures in a row of one provider.

    Args:
        failures: So many in a row, and the provider rests.
        rest: Seconds of rest.
        long_rest: Seconds of rest when a person must change a setting.
        clock: Seconds that only grow.
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
        """Whether the provider is left alone now."""
        return self._clock() < self._rests_until

    def admit(self) -> bool:
        """Say whether a call may go; after a rest, one goes ahead and the others wait for what it brings."""
        if self.resting:
            return False
        if self._failures >= self._allowed:
            self._rests_until = self._clock() + self._rest
        return True

    def succeeded(self) -> None:
        """Forget the failures."""
        self._failures = 0
        self._rests_until = 0.0

    def failed(self, error: ProviderUnavailable) -> None:
        """Count a failure; one the request itself is to blame for (neither setting nor retry helps) does not count."""
        if isinstance(error, ProviderMisconfigured):
            self._failures = self._allowed
            self._rests_until = self._clock() + self._long_rest
        elif error.retryable:
            self._failures += 1
            if self._failures >= self._allowed:
                self._rests_until = self._clock() + self._rest


log = logging.getLogger(__name__)


class _TooLate(ProviderUnavailable):
    """Nothing came within the time given."""


class Resilient:
    """Asks providers in their order until one answers.

    Only ``ProviderUnavailable`` leads to a retry or to the next provider, and only before the first draft: a text that
    was shown is not silently started again. One that breaks off is followed by knowledge alone, where it stands last
    in the chain and surely knows the answer: its draft does not go on with the text before. A withheld, unsure or empty
    answer is an answer, and the caller judges it.

    Leave the iteration only through its end or ``aclose``: until then the call holds its place at the gate.

    Args:
        providers: The first is asked first.
        concurrency: Calls at once, all providers together (Yandex allows 10 generations at once to a folder); one that
            answers by itself, without a model, needs no place.
        attempts: Calls to one provider for one answer.
        first_sign: Seconds within which the first draft must come where knowledge surely knows the answer; whoever is
            only slower than that is not counted as failing. No pause between two drafts may be longer.
        pause: Seconds before the first retry; each next pause is half as long again, plus up to as much at random.
        breaker: Makes the breaker of each provider.
    """

    name = "resilient"

    def __init__(
        self,
        providers: Sequence[Provider],
        concurrency: int = 8,
        attempts: int = 3,
        pause: float = 1.0,
        breaker: Callable[[], Breaker] = Breaker,
        first_sign: float = FIRST_SIGN,
    ) -> None:
        self._providers = [(provider, breaker()) for provider in providers]
        self._gate = asyncio.Semaphore(concurrency)
        self._attempts = attempts
        self._pause = pause
        self._first_sign = first_sign

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
            # An administrator's choice of model is a name of the first provider's.
            prompt = replace(prompt, model="") if failed else prompt
            ended = False
            told = self._persist(provider, breaker, prompt, limits)
            try:
                async with self._place(provider, limits[0]), aclosing(told) as drafts:
                    async for draft in drafts:
                        begun = True
                        ended = draft.outcome is not Outcome.PARTIAL
                        yield replace(draft, provider=draft.provider or provider.name, failed=failed)
            except ProviderUnavailable as trouble:
                if begun and not self._knows(prompt):
                    raise
                error = trouble
            if ended:
                return
            failed += (provider.name,)
        raise error

    def _limits(self, provider: Provider, prompt: Prompt, deadline: float) -> tuple[float, float]:
        """Return until when the first draft of a provider must come, and until when all of them."""
        if provider is self._providers[-1][0]:
            return deadline, deadline
        limit = deadline - RESERVE * prompt.seconds
        if self._knows(prompt):
            limit = min(limit, deadline - prompt.seconds + self._first_sign)
        return limit, deadline

    def _knows(self, prompt: Prompt) -> bool:
        """Tell whether knowledge, last in the chain, surely knows the answer."""
        last = self._providers[-1][0]
        return isinstance(last, KnowledgeProvider) and last.knows(prompt)

    async def faults(self, seconds: float) -> list[str]:
        """Ask each model for one word, and return a sentence about each that gives none; no key stands in it.

        Args:
            seconds: How long each may take.
        """
        models = [provider for provider, _ in self._providers if not isinstance(provider, KnowledgeProvider)]
        return [one for one in await asyncio.gather(*(_fault(model, seconds) for model in models)) if one]

    async def aclose(self) -> None:
        """Let go of the connections of every provider."""
        for provider, _ in self._providers:
            await provider.aclose()

    @asynccontextmanager
    async def _place(self, provider: Provider, limit: float) -> AsyncGenerator[None]:
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

    async def _persist(
        self, provider: Provider, breaker: Breaker, prompt: Prompt, limits: tuple[float, float]
    ) -> AsyncGenerator[Draft, None]:
        """Yield the drafts of one provider, asking again where that helps; nothing while its breaker is open."""
        attempt = 0
        begun = False
        while not begun and breaker.admit():
            try:
                async with aclosing(_timed(provider, prompt, limits, self._first_sign)) as drafts:
                    async for draft in drafts:
                        begun = True
                        if draft.outcome is not Outcome.PARTIAL:
                            breaker.succeeded()
                        yield draft
            except ProviderUnavailable as error:
                attempt += 1
                # Whom only our haste cut off may be slow and well.
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
    """Yield drafts up to the final one, the first before the first limit and all of them before the second.

    Between two of them no more than ``pause`` seconds may pass.

    Each wait is timed on its own: a timeout around the whole would cancel the caller between two drafts.
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
