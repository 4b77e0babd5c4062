"""A process of its own for parsing what strangers made: if it dies or swells, the server does not."""

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

import vink_chat
from vink_chat.knowledge.reading import errors
from vink_chat.knowledge.reading.model import refusal_from

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_ANSWER_BYTES: Final = 64_000_000
# The processor time of a request, and how long it may take on a machine that has other things to do.
_CPU_SECONDS: Final = 60
_PATIENCE: Final = 3
_AT_ONCE: Final = 2
_ROOT: Final = Path(vink_chat.__file__).resolve().parents[1]

_slots = asyncio.Semaphore(_AT_ONCE)


class ReadingProcess:
    """One process that parses what it is given, request after request; it is started anew when one has killed it.

    Attributes:
        cpu_seconds: Of one request.
    """

    def __init__(self, *, cpu_seconds: int = _CPU_SECONDS) -> None:
        self.cpu_seconds = cpu_seconds
        self._child: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Start nothing yet: the first request does."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        await self._end()

    async def ask(self, task: str, content: bytes, answer: TypeAdapter[T], **options: object) -> T:
        """Have some bytes parsed.

        Args:
            task: One of ``TASKS`` of the child.
            content: The bytes.
            answer: What the result is checked to be.
            options: The task's other arguments.

        Raises:
            VinkError: The bytes are refused, or were too much for the process.
        """
        head = orjson.dumps({"task": task, "seconds": self.cpu_seconds, "options": options})
        async with _slots:
            try:
                async with asyncio.timeout(self.cpu_seconds * _PATIENCE):
                    written = await self._exchange(head, content)
            except TimeoutError:
                await self._end()
                raise errors.TookTooLong from None
            except BaseException:
                await self._end()
                raise
        return await asyncio.to_thread(_result, written, answer)

    async def _exchange(self, head: bytes, content: bytes) -> bytes:
        child = await self._running()
        assert child.stdin is not None  # noqa: S101  both are pipes
        assert child.stdout is not None  # noqa: S101
        try:
            for part in (head, content):
                child.stdin.write(len(part).to_bytes(8))
                child.stdin.write(part)
                await child.stdin.drain()
            length = int.from_bytes(await child.stdout.readexactly(8))
            if length > MAX_ANSWER_BYTES:
                raise errors.TooHeavy
            return await child.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            code = await child.wait()
            log.info("A file ended the process that read it, with status %s", code)
            raise (errors.TookTooLong if code == -signal.SIGXCPU else errors.TooHeavy) from None

    async def _running(self) -> asyncio.subprocess.Process:
        if self._child is None:
            # The environment holds the keys of the installation: a parser has no use for them.
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-B", "-X", "utf8", "-m", "vink_chat.knowledge.reading"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=_ROOT,
                env={},
            )
        return self._child

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        # Also when this task is being cancelled: a killed process ends at once.
        await asyncio.shield(child.wait())


def _result(written: bytes, answer: TypeAdapter[T]) -> T:
    told: dict[str, Any] = orjson.loads(written)
    if "refusal" in told:
        if cause := told.get("cause"):
            log.info("A file could not be read: %s", cause)
        raise refusal_from(told["refusal"])
    try:
        return answer.validate_python(told["result"])
    except ValidationError:
        raise errors.Damaged from None
