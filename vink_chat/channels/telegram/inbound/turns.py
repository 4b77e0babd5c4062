"""Whose turn it is: what one person does, and what is said in one place, is done in its order; the rest meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable


class Turns:
    """The updates being handled.

    Attributes:
        running: They, by their numbers.
    """

    def __init__(self) -> None:
        self.running: dict[int, asyncio.Task[None]] = {}
        self._last: dict[Hashable, asyncio.Task[None]] = {}

    def begin(self, number: int, keys: Iterable[Hashable], work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Handle an update once what came before it under its keys is done; one that is being handled is not begun."""
        if number in self.running:
            return self.running[number]
        task = asyncio.create_task(_after([self._last[key] for key in keys if key in self._last], work))
        self.running[number] = task
        self._last.update(dict.fromkeys(keys, task))
        task.add_done_callback(lambda _: self._done(number, task))
        return task

    async def stop(self) -> None:
        """Break off what is being handled: nothing confirmed it, so it comes again."""
        tasks = list(self.running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, number: int, task: asyncio.Task[None]) -> None:
        del self.running[number]
        self._last = {key: last for key, last in self._last.items() if last is not task}


async def _after(before: list[asyncio.Task[None]], work: Callable[[], Awaitable[None]]) -> None:
    if before:
        await asyncio.wait(before)
    await work()
