"""A provider that gives scripted answers, for tests and benchmarks."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence

from vink_chat.answering.provider import Draft, Outcome, Prompt, ProviderUnavailable

Step = str | Draft | asyncio.Event | Exception
Answer = Step | Sequence[Step]


class ScriptedProvider:
    """Gives scripted answers in order, and keeps the prompts.

    An answer is a text (one whole draft), a ``Draft``, an exception (raised), an ``asyncio.Event`` (waited for), or a
    sequence of these: texts in it are cumulative drafts, the last one whole unless an exception follows.

    Args:
        *answers: One for each call.
        otherwise: The answer to every later call, or a function of the prompt. None: unavailable.
        name: The value of ``Draft.provider``.
    """

    def __init__(
        self, *answers: Answer, otherwise: Answer | Callable[[Prompt], Answer] | None = None, name: str = "scripted"
    ) -> None:
        self.name = name
        self.prompts: list[Prompt] = []
        self._answers = deque(answers)
        self._otherwise = otherwise
        self._changed = asyncio.Condition()

    def add(self, *answers: Answer) -> None:
        """Append answers to the script."""
        self._answers.extend(answers)

    async def asked(self, times: int = 1) -> Prompt:
        """Wait until it has been asked this many times, and return the last prompt."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.prompts) >= times)
        return self.prompts[-1]

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Draft, None]:
        """Yield the drafts of the next answer.

        Raises:
            ProviderUnavailable: The script has no answer left, or an answer has no final draft.
        """
        async with self._changed:
            self.prompts.append(prompt)
            self._changed.notify_all()
        steps = self._steps(prompt)
        for number, step in enumerate(steps):
            if isinstance(step, asyncio.Event):
                await step.wait()
                continue
            if isinstance(step, Exception):
                raise step
            draft = Draft(step, self._outcome(steps[number + 1 :]), model=self.name) if isinstance(step, str) else step
            if prompt.stream or draft.outcome is not Outcome.PARTIAL:
                yield draft
            if draft.outcome is not Outcome.PARTIAL:
                return
        raise ProviderUnavailable("the script ends before the answer does")

    async def aclose(self) -> None:
        """Do nothing: there are no connections."""

    def _steps(self, prompt: Prompt) -> Sequence[Step]:
        answer: Answer | Callable[[Prompt], Answer] | None
        answer = self._answers.popleft() if self._answers else self._otherwise
        if callable(answer):
            answer = answer(prompt)
        if answer is None:
            raise ProviderUnavailable("the script is over", retryable=False)
        return (answer,) if isinstance(answer, str | Draft | asyncio.Event | Exception) else answer

    @staticmethod
    def _outcome(following: Sequence[Step]) -> Outcome:
        more = any(not isinstance(step, asyncio.Event) for step in following)
        return Outcome.PARTIAL if more else Outcome.COMPLETE
