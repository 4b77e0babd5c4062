"""The queue: taskiq, in this process by default, over Redis streams when there is Redis.

The database is the truth and the queue only wakes: a lost task is found by the rescue, and while Redis is out of reach
each process answers what it heard of itself.
"""

import asyncio
import contextlib
import logging
from uuid import UUID

from taskiq import AsyncBroker, InMemoryBroker
from taskiq.api import run_receiver_task

from vink_chat import conversations, handover
from vink_chat.answering import Answerer, Provider, write_card
from vink_chat.conversations import Reason
from vink_chat.jobs.redis_broker import ReconnectingBroker
from vink_chat.kit import db
from vink_chat.kit.errors import VinkError

log = logging.getLogger(__name__)

_IN_FLIGHT = 10_000


class Queue:
    """The tasks of one process, and where they are kicked to."""

    def __init__(self, answerer: Answerer, provider: Provider, redis_url: str = "") -> None:
        self._answerer = answerer
        self._provider = provider
        self.broker: AsyncBroker = (
            ReconnectingBroker(redis_url, queue_name="vink:tasks", consumer_group_name="vink", maxlen=100_000)
            if redis_url
            else InMemoryBroker(max_async_tasks=_IN_FLIGHT)
        )

        async def answer(conversation_id: str) -> None:
            await self._answer(UUID(conversation_id))

        async def card(conversation_id: str) -> None:
            await write_card(self._provider, UUID(conversation_id))

        self._task = self.broker.register_task(answer, task_name="answer")
        self._card = self.broker.register_task(card, task_name="card")
        self._receiver: asyncio.Task[None] | None = None
        self._own: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect, and begin to work off tasks."""
        await self.broker.startup()
        if not isinstance(self.broker, InMemoryBroker):
            self._receiver = asyncio.create_task(run_receiver_task(self.broker, max_async_tasks=_IN_FLIGHT))

    async def stop(self) -> None:
        """Stop taking tasks, and disconnect."""
        if self._receiver:
            self._receiver.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._receiver
        await self.settle()
        await self.broker.shutdown()

    async def settle(self) -> None:
        """Wait until the tasks this process works on by itself are done."""
        if isinstance(self.broker, InMemoryBroker):
            await self.broker.wait_all()
        await asyncio.gather(*self._own)

    async def wake_assistant(self, conversation_id: UUID) -> None:
        """Ask for an answer in a conversation."""
        try:
            await self._task.kiq(str(conversation_id))
        except Exception as error:  # noqa: BLE001  whatever the queue's library raises, the visitor gets an answer
            log.warning("Task queue unreachable (%s); answering conversation %s here", error, conversation_id)
            task = asyncio.create_task(self._answer(conversation_id))
            self._own.add(task)
            task.add_done_callback(self._own.discard)

    async def write_card(self, conversation_id: UUID) -> None:
        """Ask for a better card; the one that code wrote stands until then."""
        try:
            await self._card.kiq(str(conversation_id))
        except Exception as error:  # noqa: BLE001  whatever the queue's library raises, a card is no matter of life
            log.warning("Task queue unreachable (%s); no summary for conversation %s", error, conversation_id)

    async def _answer(self, key: UUID) -> None:
        try:
            await self._answerer.answer(key)
        except VinkError as refusal:
            log.warning("Conversation %s was not answered: %s", key, refusal)
        except Exception:
            log.exception("Answering conversation %s failed; handing over to an operator", key)
            await _call_a_person(key)


async def _call_a_person(conversation_id: UUID) -> None:
    """Let a failed answer land on a human."""
    async with db.transaction() as tx:
        conversation = await conversations.get(tx, conversation_id, lock=True)
        if conversations.awaits_assistant(conversation):
            await handover.request(tx, conversation, Reason.PROVIDER_DOWN)
