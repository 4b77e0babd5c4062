"""Takes what Telegram tells: each update once, in one transaction with its effect.

The offset of the next poll is behind the largest update of these days, so a crash can neither lose one nor do one
twice. An update that breaks us is noted as broken and left behind; a database that does not answer stops the reading
instead.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, cast

import orjson

from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import answers, routing
from vink_chat.channels.telegram.bot import Bot
from vink_chat.channels.telegram.incoming import Raw, read
from vink_chat.channels.telegram.trouble import ChannelUnavailable, Contested, Later, Refused, WrongToken
from vink_chat.channels.telegram.visit import After, Wish
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction

log = logging.getLogger(__name__)

# After a week without updates Telegram begins to count anew.
_OFFSET_HOLDS: Final = timedelta(days=6)
_LONGEST_PAUSE: Final = 5.0
_TOKEN_PAUSE: Final = 60.0


def secret_of(secret: str) -> str:
    """Return what Telegram sends back with every pushed update, made of this installation's secret."""
    return hmac.new(secret.encode(), b"telegram webhook", hashlib.sha256).hexdigest()


class Receiver:
    """The ears of the bot."""

    def __init__(self, bot: Bot, wishes: Callable[[Wish], Awaitable[None]]) -> None:
        self._bot = bot
        self._wishes = wishes

    async def poll(self) -> None:
        """Ask for updates until cancelled."""
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            try:
                async with db.reading() as tx:
                    offset = await _offset(tx)
                for raw in await self._bot.poll(offset):
                    await self.take(raw)
                pause = 0.0
            except WrongToken:
                log.error("Telegram does not know this token: check VINK_TELEGRAM_TOKEN")  # noqa: TRY400  no trace helps
                pause = _TOKEN_PAUSE
            except Later as asked:
                pause = asked.seconds
            except Contested:
                log.warning("Another program polls with this bot's token; it should be stopped")
                pause = _LONGEST_PAUSE
            except Exception as error:
                if not isinstance(error, ChannelUnavailable | Refused) and not db.is_away(error):
                    raise
                log.warning("Updates from Telegram do not come: %s", type(error).__name__)
                pause = min(max(0.2, pause * 2), _LONGEST_PAUSE)

    async def push(self, body: bytes) -> None:
        """Take one update that was pushed."""
        try:
            raw: object = orjson.loads(body)
        except ValueError:
            log.warning("A pushed update is no JSON")
            return
        if isinstance(raw, dict):
            await self.take(cast("Raw", raw))

    async def take(self, raw: Raw) -> None:
        """Handle one update, whatever is in it."""
        number = raw.get("update_id")
        if not isinstance(number, int):
            return
        after = After()
        try:
            what = read(raw)
            await answers.written_down(what)
            after = await routing.handled(number, what)
        except Exception as error:
            if db.is_away(error):
                raise
            log.exception("Update %s broke its handling and is left behind", number)
            after = await routing.left_behind(number, raw)
        await self._finish(after)

    async def _finish(self, after: After) -> None:
        signals.current().publish(outbox.TOPIC, "row")
        if after.press_id:
            try:
                await self._bot.answer(after.press_id, after.words, alert=after.alert)
            except (ChannelUnavailable, Refused) as error:
                # A press is forgotten by Telegram after some seconds; what it did is done all the same.
                log.info("A pressed button was not answered: %s", type(error).__name__)
        if after.wish:
            await self._wishes(after.wish)


async def _offset(tx: Transaction) -> int | None:
    last = await store.last_update(tx, now() - _OFFSET_HOLDS)
    return last.id + 1 if last else None
