"""Receives updates by polling or webhook, and handles each once, in one transaction with its effects.

A poll confirms only handled updates, and handled updates are recorded, so a crash can neither lose nor repeat one. An
update that has to wait delays only its user and its topic. One that fails is recorded as broken and skipped; while the
database is unreachable, all of them wait.
"""

import asyncio
import contextlib
import hashlib
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable
from functools import partial
from typing import Final, cast

import orjson

from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import errors
from vink_chat.channels.telegram import store as link_store
from vink_chat.channels.telegram.bot import CALL_SECONDS, Bot
from vink_chat.channels.telegram.inbound import router
from vink_chat.channels.telegram.inbound.context import DraftRequest, FollowUp
from vink_chat.channels.telegram.inbound.updates import IncomingMessage, Raw, Update, read
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now

log = logging.getLogger(__name__)

_LONGEST_PAUSE: Final = 5.0
_AT_ONCE: Final = 8
_ALBUMS: Final = 100
# While updates are still being handled, new ones are polled for this often, in seconds.
_POLL_EVERY: Final = 0.3
_NOTE_EVERY: Final = 15.0


def webhook_secret(secret: str, bot_id: int) -> str:
    """Return the secret Telegram sends with every pushed update, derived from the installation's secret."""
    return hmac.new(secret.encode(), f"telegram webhook {bot_id}".encode(), hashlib.sha256).hexdigest()


class Receiver:
    """Polls for updates or takes pushed ones, and has the router handle them."""

    def __init__(self, bot: Bot, request_draft: Callable[[DraftRequest], None]) -> None:
        self._bot = bot
        self._request_draft = request_draft
        self._in_order = OrderedTasks()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._answering: set[asyncio.Task[None]] = set()
        self._albums: dict[str, int] = {}
        self._health = HealthNotes()

    async def stop(self) -> None:
        """Cancel the updates being handled; Telegram sends unconfirmed ones again."""
        await self._in_order.stop()
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def poll(self) -> None:
        """Poll for updates until cancelled."""
        offset, pause, begun = None, 0.0, set[int]()
        while True:
            await asyncio.sleep(pause)
            try:
                updates = await self._bot.poll(offset)
                await self._health.note("")
                offset, pause = await self._handle_all(updates, begun), 0.0
            except (errors.TemporaryFailure, errors.CallRejected) as error:
                pause = await self._note_failure(error, pause)

    async def _note_failure(self, error: Exception, pause: float) -> float:
        """Record that a poll failed, and return how many seconds to wait before the next one."""
        if isinstance(error, errors.RateLimited):
            return error.seconds
        if isinstance(error, errors.WrongToken):
            log.error("%s", error)
            await self._health.note("token")
            return error.retry_seconds
        if isinstance(error, errors.PollConflict):
            log.warning("Another program polls Telegram with this bot's token; stop it")
            await self._health.note("contested")
            return _LONGEST_PAUSE
        log.warning("Could not receive Telegram updates: %s", type(error).__name__)
        await self._health.note("away")
        return min(max(0.2, pause * 2), _LONGEST_PAUSE)

    async def _handle_all(self, polled: list[Raw], begun: set[int]) -> int | None:
        """Start handling the new updates of a poll, and return the offset that confirms the handled ones."""
        updates = [update for raw in polled if (update := read(raw))]
        for update in updates:
            if update.number not in begun:
                self._begin(update, self._handle_persistently)
        begun.update(update.number for update in updates)
        if running := self._in_order.running:
            await asyncio.wait(list(running.values()), timeout=_POLL_EVERY)
        if unfinished := begun & running.keys():
            return min(unfinished)
        begun.clear()
        # Without an offset Telegram starts at the oldest unconfirmed update, even if its ids have restarted.
        return updates[-1].number + 1 if updates else None

    async def push(self, body: bytes) -> None:
        """Handle one pushed update; returning confirms it."""
        try:
            raw: object = orjson.loads(body)
        except ValueError:
            log.warning("Telegram webhook body is not JSON")
            return
        await self._health.note("")
        if isinstance(raw, dict) and (update := read(cast("Raw", raw))):
            # An update goes on being handled if Telegram closes the connection.
            await asyncio.shield(self._begin(update, self._handle))

    def _begin(self, update: Update, handle: Callable[[Update], Awaitable[None]]) -> asyncio.Task[None]:
        return self._in_order.begin(update.number, update.order_keys, partial(handle, update))

    async def _handle_persistently(self, update: Update) -> None:
        """Handle one update, retrying while the database is unreachable: the user's next updates must wait for it."""
        pause = 0.2
        while True:
            try:
                return await self._handle(update)
            except Exception as error:
                if not db.is_away(error):
                    log.exception("Could not skip Telegram update %s", update.number)
                    return None
                log.warning("Telegram updates are waiting: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _handle(self, update: Update) -> None:
        """Handle one update; skip it if it fails."""
        try:
            follow_up = await self._route(update)
        except Exception as error:
            if db.is_away(error):
                raise
            log.exception("Handling Telegram update %s failed; skipping it", update.number)
            follow_up = await router.skip(update)
        self._follow(follow_up)

    async def _route(self, update: Update) -> FollowUp:
        if update.fault:
            raise update.fault
        if self._continues_album(update):
            update = Update(update.number)
        await _until_reply_known(update)
        async with self._slots:
            return await router.handle(update)

    def _follow(self, follow_up: FollowUp) -> None:
        outbox.wake_sender()
        if follow_up.press_id:
            # A task, so that the next update need not wait for this call.
            task = asyncio.create_task(self._answer_press(follow_up))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        if follow_up.sync_all:
            signals.current().publish(outbox.SYNC_ALL_SIGNAL, "group")
        if follow_up.draft:
            self._request_draft(follow_up.draft)

    def _continues_album(self, update: Update) -> bool:
        """Tell whether this is a further part of an album: none is relayed, and only the first is answered."""
        if not isinstance(update.event, IncomingMessage) or not update.event.album:
            return False
        if self._albums.setdefault(update.event.album, update.number) != update.number:
            return True
        if len(self._albums) > _ALBUMS:
            del self._albums[next(iter(self._albums))]
        return False

    async def _answer_press(self, follow_up: FollowUp) -> None:
        try:
            await self._bot.answer(follow_up.press_id, follow_up.text, alert=follow_up.alert)
        except (errors.TemporaryFailure, errors.CallRejected) as error:
            # Telegram forgets a press after some seconds; its effect stays.
            log.info("Could not answer a pressed Telegram button: %s", type(error).__name__)


class OrderedTasks:
    """The updates being handled: those with a common key one after another, the others concurrently.

    Attributes:
        running: The tasks by their updates' ids.
    """

    def __init__(self) -> None:
        self.running: dict[int, asyncio.Task[None]] = {}
        self._last: dict[Hashable, asyncio.Task[None]] = {}

    def begin(self, number: int, keys: Iterable[Hashable], work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Start an update after the earlier ones with its keys; one that is running is not started again."""
        if number in self.running:
            return self.running[number]
        task = asyncio.create_task(_after([self._last[key] for key in keys if key in self._last], work))
        self.running[number] = task
        self._last.update(dict.fromkeys(keys, task))
        task.add_done_callback(lambda _: self._done(number, task))
        return task

    async def stop(self) -> None:
        """Cancel everything: nothing was confirmed, so Telegram sends it again."""
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


async def _until_reply_known(update: Update) -> None:
    """Wait until the replied-to message of the bot is recorded, or the call that may have sent it has ended.

    Telegram shows a message before it confirms it to us, so a quick reply may name a message id that is not recorded
    yet. A chat has one call in flight at a time, so this waits for at most one call, and no longer than a call may
    take. No transaction may be open here: another one records the id.
    """
    event = update.event
    if not isinstance(event, IncomingMessage) or event.reply_to is None or not event.replies_to_bot:
        return
    async with signals.current().subscribe(outbox.call_ended_signal(event.chat_id)) as ended_calls:
        first = await _sending(event.chat_id, event.reply_to)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CALL_SECONDS):
                while first is not None and await _sending(event.chat_id, event.reply_to) == first:
                    await ended_calls.next()


async def _sending(chat_id: int, number: int) -> int | None:
    async with db.reading() as tx:
        if await link_store.telegram_message(tx, chat_id, number):
            return None
        return await store.row_in_flight(tx, chat_id, now())


class HealthNotes:
    """Records for the administrators whether updates arrive: changes at once, unchanged health every few seconds."""

    def __init__(self) -> None:
        self._fault: str | None = None
        self._written = 0.0

    async def note(self, fault: str) -> None:
        """Record that Telegram answered (an empty fault), or why it does not."""
        clock = time.monotonic()
        if fault == self._fault and clock - self._written < _NOTE_EVERY:
            return
        async with db.transaction() as tx:
            await store.save_health(tx, fault, now())
        self._fault, self._written = fault, clock
