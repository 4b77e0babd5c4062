"""The task queue: taskiq, in this process by default, or over Redis streams.

The database is the truth, and the queue only wakes workers: the scheduler finds lost tasks, and while Redis is
unreachable each process answers the messages that it received itself.
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
    """The tasks of one process, and the broker that they are sent to."""

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
        """Connect, and start running tasks."""
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
        """Wait until the tasks that run in this process are done."""
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
        """Ask for the model's summary on the card; the program's own stays until then."""
        try:
            await self._card.kiq(str(conversation_id))
        except Exception as error:  # noqa: BLE001  whatever the queue's library raises, a summary is not essential
            log.warning("Task queue unreachable (%s); no summary for conversation %s", error, conversation_id)

    async def _answer(self, conversation_id: UUID) -> None:
        try:
            await self._answerer.answer(conversation_id)
        except VinkError as refusal:
            log.warning("Conversation %s was not answered: %s", conversation_id, refusal)
        except Exception:
            log.exception("Answering conversation %s failed; handing over to an operator", conversation_id)
            await _hand_over(conversation_id)


async def _hand_over(conversation_id: UUID) -> None:
    """Hand a conversation over to an operator after its answer failed."""
    async with db.transaction() as tx:
        conversation = await conversations.get(tx, conversation_id, lock=True)
        if conversations.awaits_assistant(conversation):
            await handover.request(tx, conversation, Reason.PROVIDER_DOWN)
