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
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Final, cast

import orjson

from vink_chat.channels import outbox
from vink_chat.channels.telegram.bot import Bot
from vink_chat.channels.telegram.errors import ChannelUnavailable, Contested, Later, Refused, WrongToken
from vink_chat.channels.telegram.health import Pulse
from vink_chat.channels.telegram.inbound import answers, router
from vink_chat.channels.telegram.inbound.context import After, Wish
from vink_chat.channels.telegram.inbound.turns import Turns
from vink_chat.channels.telegram.inbound.updates import Incoming, Moved, Raw, Said, Standing, TopicShut, read
from vink_chat.kit import db, signals

log = logging.getLogger(__name__)

_LONGEST_PAUSE: Final = 5.0
_AT_ONCE: Final = 8
_ALBUMS: Final = 100
# While something is still being handled, the others are heard this often, in seconds.
_LISTEN_EVERY: Final = 0.3


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
            await answers.written_down(what)
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
