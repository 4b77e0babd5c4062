"""The composition root: builds the parts of a process from the settings, and handles events."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vink_chat import answering, channels, knowledge, operators, preferences, topics
from vink_chat.answering import RECHECK_RUN, Answerer, FallbackProvider, Provider, from_settings, suggest
from vink_chat.config import Settings
from vink_chat.jobs import Queue, Scheduler
from vink_chat.kit import db, rate_limit, signals
from vink_chat.kit.words import say
from vink_chat.reactions import Reactions

if TYPE_CHECKING:
    from vink_chat.channels.telegram.runtime import TelegramChannel

log = logging.getLogger(__name__)

_CHECK_SECONDS = 8.0


class Runtime:
    """The running parts of one process."""

    def __init__(
        self,
        settings: Settings,
        provider: Provider | None = None,
        limits: channels.Limits | None = None,
        card_writer: Provider | None = None,
    ) -> None:
        self.settings = settings
        self.database = db.Database(settings.database_url)
        self.signals = signals.Signals(settings.redis_url)
        self.rate_limiter = rate_limit.RateLimiter(settings.redis_url)
        self.provider = provider or from_settings(settings)
        self.answerer = Answerer(self.provider)
        self.queue = Queue(self.answerer, card_writer or self.provider, settings.redis_url)
        self.scheduler = Scheduler(self.queue.wake_assistant)
        self.telegram = _telegram(settings, limits or channels.Limits())
        self._reactions = Reactions(
            self.queue.wake_assistant, self.queue.write_card, self.telegram.relay if self.telegram else None
        )
        self._running: set[asyncio.Task[None]] = set()
        self._background: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect, load saved data, and start working."""
        db.use(self.database)
        signals.use(self.signals)
        rate_limit.use(self.rate_limiter)
        answering.use(self.provider)
        self.database.listener = self._react
        self.signals.start()
        async with db.transaction() as tx:
            await preferences.cache.load(tx)
            await knowledge.load_demo(tx)
            if self.database.is_sqlite:
                await operators.forget_desks(tx)
        if self.settings.admin_login:
            await operators.first_admin(db.transaction, self.settings.admin_login, self.settings.admin_password)
        await self._invite_first_admin()
        await asyncio.to_thread(knowledge.warm_up)
        await self.queue.start()
        await self.scheduler.start()
        if self.telegram:
            await self.telegram.start()
            channels.use(self.telegram)
            self._spawn(self._check_telegram(self.telegram), "check Telegram", background=True)
        self._spawn(_forever(self._follow_preferences), "follow preferences", background=True)
        self._spawn(_forever(self._follow_rechecks), "follow rechecks", background=True)
        self._spawn(self._check_models(), "check models", background=True)
        self._spawn(knowledge.prepare(), "knowledge: prepare")

    async def _check_models(self) -> None:
        """Log wrong keys and addresses of models now, not when the first visitor asks."""
        if isinstance(self.provider, FallbackProvider):
            for fault in await self.provider.faults(_CHECK_SECONDS):
                log.warning("%s", fault)

    async def _check_telegram(self, telegram: "TelegramChannel") -> None:
        """Report at start that Telegram is unreachable, before the client's own timeouts."""
        if fault := await telegram.connection_error(_CHECK_SECONDS):
            log.warning("%s", fault)

    async def _invite_first_admin(self) -> None:
        """Print a link for the first administrator while no administrator exists; there is no default password."""
        async with db.transaction() as tx:
            token = await operators.first_admin_link(tx)
        if token:
            address = _invitation_url(self.settings, token)
            print(f"First administrator (link for 24 hours): {address}", flush=True)  # noqa: T201

    async def stop(self) -> None:
        """Stop all tasks and close all connections."""
        await self.scheduler.stop()
        if self.telegram:
            channels.use(None)
            await self.telegram.stop()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await knowledge.stop()
        answering.use(None)
        await self.answerer.aclose()
        await self.queue.stop()
        await self.signals.stop()
        await self.database.close()
        db.use(None)

    async def settle(self) -> None:
        """Wait until every reaction and task of this process is done (for tests)."""
        while True:
            await self.queue.settle()
            work = self._running - self._background
            if not work:
                return
            await asyncio.wait(work)

    def _react(self, events: Sequence[object]) -> None:
        for event in events:
            for reaction in self._reactions.to(event):
                try:
                    work = reaction(event)
                except Exception:
                    log.exception("A reaction failed")
                    continue
                if work is not None:
                    # Run in its own task: the Reflex event handler that emitted the event still holds its state lock.
                    self._spawn(work, f"reaction to {type(event).__name__}")

    def _spawn(self, work: Any, name: str, *, background: bool = False) -> None:
        """Run a task until ``stop``; ``settle`` does not wait for background ones."""
        task: asyncio.Task[None] = asyncio.create_task(work, name=name)
        self._running.add(task)
        if background:
            self._background.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("Background task %s failed", task.get_name(), exc_info=error)

    async def _follow_preferences(self) -> None:
        async with self.signals.subscribe(topics.SETTINGS) as subscription:
            while True:
                kinds = await subscription.next()
                async with db.reading() as tx:
                    if signals.RESYNC in kinds:
                        await preferences.cache.load(tx)
                    for kind in kinds:
                        await preferences.cache.refresh(tx, kind.removeprefix("preferences:"))

    async def _follow_rechecks(self) -> None:
        async with self.signals.subscribe(RECHECK_RUN) as subscription:
            while True:
                for kind in await subscription.next():
                    if kind != signals.RESYNC:
                        await self.answerer.recheck(UUID(kind))


def _invitation_url(settings: Settings, token: str) -> str:
    address = settings.public_url or f"http://localhost:{settings.port}"
    return f"{address}/welcome?token={token}"


async def invite_admin(settings: Settings, name: str) -> str:
    """Return a link where another administrator chooses a login and password; the chat may be running.

    Args:
        settings: The settings of the installation.
        name: Their name; empty if they are to enter it themselves.

    Raises:
        InvalidName: The name is too long or unprintable.
    """
    database = db.Database(settings.database_url)
    try:
        async with database.transaction() as tx:
            token = await operators.invite(tx, name or say("Администратор"), operators.Role.ADMIN)
    finally:
        await database.close()
    return _invitation_url(settings, token)


def _telegram(settings: Settings, limits: channels.Limits) -> "TelegramChannel | None":
    if not settings.telegram_token:
        return None
    from vink_chat.channels.telegram.runtime import TelegramChannel  # noqa: PLC0415  a second of start
    from vink_chat.channels.telegram.setup import Options  # noqa: PLC0415  the same

    options = Options(
        token=settings.telegram_token,
        base_url=settings.telegram_base_url,
        public_url=settings.public_url,
        secret=settings.secret,
        alone=settings.database_url.startswith("sqlite"),
        limits=limits,
    )
    return TelegramChannel(options, suggest)


async def _forever(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            log.exception("Signal listener failed; restarting")
        await asyncio.sleep(1)


async def start(settings: Settings, provider: Provider | None = None) -> Runtime:
    """Start the parts of this process."""
    runtime = Runtime(settings, provider)
    await runtime.start()
    return runtime
