"""Takes what Telegram tells: each update once, in one transaction with its effect.

The next poll confirms only what is done, and what was done is noted, so a crash can neither lose an update nor do one
twice. One that must wait holds up its person and its place, nobody else. An update that breaks us is noted as broken
and left behind; while the database does not answer, everything waits.
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
from vink_chat.channels.telegram.bot import CALL_SECONDS, Bot
from vink_chat.channels.telegram.errors import ChannelUnavailable, Contested, Later, Refused, WrongToken
from vink_chat.channels.telegram.inbound import router
from vink_chat.channels.telegram.inbound.context import After, Wish
from vink_chat.channels.telegram.inbound.updates import Incoming, Moved, Raw, Said, Standing, TopicShut, read
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now

log = logging.getLogger(__name__)

_LONGEST_PAUSE: Final = 5.0
_AT_ONCE: Final = 8
_ALBUMS: Final = 100
# While something is still being handled, the others are heard this often, in seconds.
_LISTEN_EVERY: Final = 0.3
_WRITE_EVERY: Final = 15.0


def secret_of(secret: str, bot_id: int) -> str:
    """Return what Telegram sends back with every update pushed for a bot, made of this installation's secret."""
    return hmac.new(secret.encode(), f"telegram webhook {bot_id}".encode(), hashlib.sha256).hexdigest()


class Receiver:
    """The ears of the bot."""

    def __init__(self, bot: Bot, wishes: Callable[[Wish], Awaitable[None]]) -> None:
        self._bot = bot
        self._wishes = wishes
        self._turns = Turns()
        self._hands = asyncio.Semaphore(_AT_ONCE)
        self._answering: set[asyncio.Task[None]] = set()
        self._albums: dict[str, int] = {}
        self._pulse = Pulse()

    async def stop(self) -> None:
        """Break off what is under way; what is not confirmed comes again."""
        await self._turns.stop()
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def poll(self) -> None:
        """Ask for updates until cancelled."""
        offset, pause, begun = None, 0.0, set[int]()
        while True:
            await asyncio.sleep(pause)
            try:
                updates = await self._bot.poll(offset)
                await self._pulse.note("")
                offset, pause = await self._handle(updates, begun), 0.0
            except (ChannelUnavailable, Refused) as error:
                pause = await self._silent(error, pause)

    async def _silent(self, error: Exception, pause: float) -> float:
        """Note that updates do not come, and return how long to wait before the next attempt."""
        if isinstance(error, Later):
            return error.seconds
        if isinstance(error, WrongToken):
            log.error("%s", error)
            await self._pulse.note("token")
            return error.pause
        if isinstance(error, Contested):
            log.warning("Another program polls Telegram with this bot's token; stop it")
            await self._pulse.note("contested")
            return _LONGEST_PAUSE
        log.warning("Could not receive Telegram updates: %s", type(error).__name__)
        await self._pulse.note("away")
        return min(max(0.2, pause * 2), _LONGEST_PAUSE)

    async def _handle(self, updates: list[Raw], begun: set[int]) -> int | None:
        """Begin with what is new, and return the offset that confirms what is done."""
        numbers = [number for raw in updates if isinstance(number := raw.get("update_id"), int)]
        for raw in updates:
            if raw.get("update_id") not in begun:
                self._begin(raw, self._stubbornly)
        begun.update(numbers)
        if running := self._turns.running:
            await asyncio.wait(list(running.values()), timeout=_LISTEN_EVERY)
        if waiting := begun & running.keys():
            return min(waiting)
        begun.clear()
        # Without an offset Telegram begins with the oldest unconfirmed one, even where its numbering restarted.
        return numbers[-1] + 1 if numbers else None

    async def push(self, body: bytes) -> None:
        """Take one update that was pushed; it is confirmed by returning."""
        try:
            raw: object = orjson.loads(body)
        except ValueError:
            log.warning("Telegram webhook body is not JSON")
            return
        await self._pulse.note("")
        if isinstance(raw, dict) and (task := self._begin(cast("Raw", raw), self._take)):
            # Who pushed may go: what has begun is done all the same.
            await asyncio.shield(task)

    def _begin(self, raw: Raw, how: Callable[[Raw], Awaitable[None]]) -> asyncio.Task[None] | None:
        number = raw.get("update_id")
        if not isinstance(number, int):
            return None
        what: Incoming = None
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
            what = read(raw)
        return self._turns.begin(number, _order(what), partial(how, raw))

    async def _stubbornly(self, raw: Raw) -> None:
        """Handle one update, however long the database is away: nothing of the same person may go before it."""
        pause = 0.2
        while True:
            try:
                return await self._take(raw)
            except Exception as error:
                if not db.is_away(error):
                    log.exception("Could not skip Telegram update %s", raw.get("update_id"))
                    return None
                log.warning("Telegram updates are waiting: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _take(self, raw: Raw) -> None:
        """Handle one update, whatever is in it."""
        number = int(raw["update_id"])
        after = After()
        try:
            what = self._once_an_album(number, read(raw))
            await written_down(what)
            async with self._hands:
                after = await router.handled(number, what)
        except Exception as error:
            if db.is_away(error):
                raise
            log.exception("Handling Telegram update %s failed; skipping it", number)
            after = await router.left_behind(number, raw)
        signals.current().publish(outbox.TOPIC, "row")
        if after.press_id:
            # Telegram's answer to it is nothing the next update should wait for.
            task = asyncio.create_task(self._answer(after))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        if after.look:
            signals.current().publish(outbox.LOOK, "group")
        if after.wish:
            await self._wishes(after.wish)

    def _once_an_album(self, number: int, what: Incoming) -> Incoming:
        """Pass over all parts of an album but the first: no part is carried, and that is said once."""
        if not isinstance(what, Said) or not what.album:
            return what
        if self._albums.setdefault(what.album, number) != number:
            return None
        if len(self._albums) > _ALBUMS:
            del self._albums[next(iter(self._albums))]
        return what

    async def _answer(self, after: After) -> None:
        try:
            await self._bot.answer(after.press_id, after.words, alert=after.alert)
        except (ChannelUnavailable, Refused) as error:
            # A press is forgotten by Telegram after some seconds; what it did is done all the same.
            log.info("Could not answer a pressed Telegram button: %s", type(error).__name__)


def _order(what: Incoming) -> list[Hashable]:
    """Name what an update may not go before: what its person did, and what was said in its place."""
    if what is None or isinstance(what, Moved | Standing):
        return []
    return [what.person.id, (what.chat_id, what.thread_id)] if isinstance(what, Said | TopicShut) else [what.person.id]


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


async def written_down(what: Incoming) -> None:
    """Wait until the message that is answered is known, or the call that may have sent it is over.

    Of a chat one call is under way at a time, so at most this one is waited for, and no longer than a call may take. No
    transaction may be open: the number is written down in another.
    """
    if not isinstance(what, Said) or what.answers is None or not what.answers_us:
        return
    async with signals.current().subscribe(outbox.settled_topic(what.chat_id)) as heard:
        first = await _sending(what.chat_id, what.answers)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CALL_SECONDS):
                while first is not None and await _sending(what.chat_id, what.answers) == first:
                    await heard.next()


async def _sending(chat_id: int, number: int) -> int | None:
    async with db.reading() as tx:
        known = await store.heard(tx, chat_id, number)
        return None if known else await store.under_way(tx, chat_id, now())


class Pulse:
    """What one process knows of the bot's health; it writes changes at once, and that all is well now and then."""

    def __init__(self) -> None:
        self._fault: str | None = None
        self._written = 0.0

    async def note(self, fault: str) -> None:
        """Note that Telegram answered (no fault), or why it does not."""
        clock = time.monotonic()
        if fault == self._fault and clock - self._written < _WRITE_EVERY:
            return
        async with db.transaction() as tx:
            await store.note_health(tx, fault, now())
        self._fault, self._written = fault, clock
