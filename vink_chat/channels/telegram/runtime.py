"""The Telegram bot in one process.

Every process fills the outbox; only the process that holds the lease sends it and receives updates.
"""

import asyncio
import contextlib
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from vink_chat import operators
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import buttons, cards, errors, group
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.bot import Bot, Health
from vink_chat.channels.telegram.inbound.context import DraftRequest
from vink_chat.channels.telegram.inbound.receiver import Receiver, webhook_secret
from vink_chat.channels.telegram.outbound import relay
from vink_chat.channels.telegram.outbound.sender import Sender
from vink_chat.channels.telegram.setup import BotSetup, Options
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = 15.0
WEBHOOK_RETRY_SECONDS: Final = 300.0
_RENEWAL_SECONDS: Final = 4.0
_SYNC_SECONDS: Final = 60.0
_RETENTION: Final = timedelta(days=30)

# How long operators who answer in Telegram stay present after the bot was last seen working.
_PRESENT_FOR: Final = timedelta(seconds=60)

Suggest = Callable[[UUID, UUID], Awaitable[str]]


class TelegramChannel:
    """Runs the Telegram bot: competes for the lease, receives updates, sends the outbox."""

    def __init__(self, options: Options, suggest: Suggest) -> None:
        self._options = options
        self._suggest = suggest
        self._name = uuid4().hex
        self._held_until = 0.0
        self._bot = Bot(options.token, options.base_url)
        self._sender = Sender(self._bot, self._holds_lease, options.limits)
        self._setup = BotSetup(self._bot, options)
        self._receiver = Receiver(self._bot, self._request_draft)
        self._tasks: set[asyncio.Task[None]] = set()
        self._drafts: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start competing for the lease."""
        await self._bot.open()
        _start_task(self._tasks, self._compete_for_lease())

    async def connection_error(self, seconds: float) -> str:
        """Call getMe; return an error text if Telegram is unreachable, else an empty text.

        A wrong token is no connection error; the setup reports it.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._bot.username()
        except (errors.WrongToken, errors.CallRejected):
            return ""
        except (errors.TemporaryFailure, TimeoutError) as error:
            return f"Telegram does not answer: {str(error) or 'no answer in time'}"
        return ""

    async def stop(self) -> None:
        """Cancel the running tasks (calls in flight are finished first), and release the lease."""
        await _cancel_all([*self._tasks, *self._drafts])
        await self._receiver.stop()
        if self._held_until:
            async with db.transaction() as tx:
                await store.release_lease(tx, self._name, now())
                await stop_presence(tx)
        await self._bot.close()

    def accepts_secret(self, secret: str) -> bool:
        """Tell whether this is the webhook secret."""
        return hmac.compare_digest(secret.encode(), webhook_secret(self._options.secret, self._options.bot_id).encode())

    async def deliver(self, secret: str, body: bytes) -> bool:
        """Take a pushed update (any process may); false when its secret is wrong."""
        if not self.accepts_secret(secret):
            return False
        await self._receiver.push(body)
        return True

    async def relay(self, event: relay.Event) -> None:
        """Queue the Telegram messages an event calls for."""
        await relay.handle(event)

    async def _compete_for_lease(self) -> None:
        while True:
            try:
                if await self._renew():
                    await self._serve()
            except Exception:
                log.exception("Telegram worker failed; restarting")
            await asyncio.sleep(_RENEWAL_SECONDS / 2)

    async def _renew(self) -> bool:
        started = time.monotonic()
        async with db.transaction() as tx:
            held = await store.take_lease(tx, self._name, now(), LEASE_SECONDS, alone=self._options.alone)
        self._held_until = started + LEASE_SECONDS if held else 0.0
        return held

    def _holds_lease(self) -> bool:
        return time.monotonic() < self._held_until

    async def _serve(self) -> None:
        """Receive and send while the lease is held."""
        log.info("This process serves the Telegram bot")
        async with db.transaction() as tx:
            await link_store.serve_bot(tx, self._options.bot_id)
        running: set[asyncio.Task[None]] = set()
        uses_webhook = self._setup.uses_webhook
        jobs = (
            self._receive_updates(),
            self._setup.introduce(),
            self._sender.run(),
            self._sync_all(),
            keep_present(self._bot.health),
        )
        tasks = [_start_task(running, job) for job in jobs]
        try:
            # If a task fails, or the webhook was switched on or off, everything starts again.
            while await self._renew() and self._setup.uses_webhook == uses_webhook:
                done, _ = await asyncio.wait(tasks, timeout=_RENEWAL_SECONDS, return_when=asyncio.FIRST_EXCEPTION)
                if any(not task.cancelled() and task.exception() for task in done):
                    return
        finally:
            await _cancel_all(tasks)

    async def _receive_updates(self) -> None:
        while not await self._setup.start_webhook():
            await self._setup.stop_webhook()
            try:
                # If Telegram refused the webhook, poll, and try the webhook again later.
                async with asyncio.timeout(WEBHOOK_RETRY_SECONDS if self._setup.uses_webhook else None):
                    await self._receiver.poll()
            except TimeoutError:
                continue
            finally:
                await self._receiver.stop()

    async def _sync_all(self) -> None:
        """Bring every chat up to date: at start, once a minute, and when the bot leaves or rejoins its group."""
        async with signals.current().subscribe(outbox.SYNC_ALL_SIGNAL) as wakes:
            while True:
                await self._find_group()
                async with db.reading() as tx:
                    running = await link_store.open_conversations(tx)
                for conversation_id in running:
                    await relay.sync_conversation(conversation_id)
                    await asyncio.sleep(0)
                await relay.sync_queue()
                outbox.wake_sender()
                async with db.transaction() as tx:
                    await store.forget(tx, now() - _RETENTION)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_SYNC_SECONDS):
                        await wakes.next()

    async def _find_group(self) -> None:
        """Check whether the bot is back in its group: Telegram does not always send an update for it."""
        async with db.reading() as tx:
            lost = (await store.lease(tx)).lost_group
        if lost is None:
            return
        with contextlib.suppress(errors.TemporaryFailure, errors.CallRejected):
            if await self._bot.is_member(lost, self._options.bot_id):
                async with db.transaction() as tx:
                    await group.note_return(tx, lost)

    def _request_draft(self, request: DraftRequest) -> None:
        _start_task(self._drafts, self._draft(request))

    async def _draft(self, request: DraftRequest) -> None:
        try:
            text, refused = await self._suggest(request.conversation_id, request.operator_id), ""
        except VinkError as refusal:
            text, refused = "", refusal.say(request.language)
        async with db.transaction() as tx:
            if refused:
                await outbox.send_text(tx, request.chat_id, refused, link_id=request.link_id)
            else:
                draft = cards.split(text, cards.LONGEST_QUOTED_TEXT)[0]
                body = f"{say('Черновик ассистента:', request.language)}\n{draft}"
                row_id = await outbox.send_text(tx, request.chat_id, body, link_id=request.link_id)
                # The buttons carry the row's id, so they can only be added to a stored row.
                await outbox.set_buttons(tx, row_id, buttons.draft(request.link_id, str(row_id), request.language))
        outbox.wake_sender()


def _start_task(tasks: set[asyncio.Task[None]], job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start a task and keep a reference to it until it ends; log its exception."""

    def ended(task: asyncio.Task[None]) -> None:
        tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("A Telegram worker failed", exc_info=error)

    task = asyncio.create_task(job)
    tasks.add(task)
    task.add_done_callback(ended)
    return task


async def _cancel_all(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def keep_present(health: Health) -> None:
    """Keep operators who answer in Telegram present while the bot works."""
    while True:
        await health.wait_until_working()
        async with db.transaction() as tx:
            await operators.telegram_works(tx, _PRESENT_FOR)
        await asyncio.sleep(_PRESENT_FOR.total_seconds() / 3)


async def stop_presence(tx: Transaction) -> None:
    """End the presence of operators who are present only through the bot."""
    await operators.telegram_works(tx, timedelta(0))
