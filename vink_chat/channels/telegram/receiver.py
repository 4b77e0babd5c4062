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
from typing import Any, Final, cast

import orjson

from vink_chat import operators, preferences
from vink_chat.channels import outbox, store
from vink_chat.channels.telegram import answers, commands, dialogue, failures, presses
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.bot import Bot
from vink_chat.channels.telegram.incoming import Incoming, Left, Pressed, Raw, Said, read
from vink_chat.channels.telegram.trouble import ChannelUnavailable, Contested, Later, Refused, WrongToken
from vink_chat.channels.telegram.visit import After, Visit, Wish
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import best_language, say
from vink_chat.operators import AccountStatus, OperatorView
from vink_chat.preferences import Telegram

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
            after = await _handled(number, what)
        except Exception as error:
            if db.is_away(error):
                raise
            log.exception("Update %s broke its handling and is left behind", number)
            after = await _left_behind(number, raw)
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


async def _handled(number: int, what: Incoming) -> After:
    async with db.transaction() as tx:
        if not await store.first_time(tx, number):
            return After()
        announced = len(tx.events)
        try:
            async with tx.session.begin_nested():
                return await _routed(tx, what)
        except VinkError as refusal:
            del tx.events[announced:]
            return await _refused(tx, what, refusal)


async def _routed(tx: Transaction, what: Incoming) -> After:
    if what is None or (isinstance(what, Said) and not _heard_here(what)):
        return After()
    if isinstance(what, Said) and what.masked:
        await _unmask(tx, what)
        return After()
    known = await operators.by_telegram(tx, what.person.id)
    if isinstance(what, Left):
        await _left(tx, what, known)
        return After()
    if known is None or known.status is not AccountStatus.ACTIVE:
        if isinstance(what, Said) and not what.edited:
            await commands.stranger(tx, what, known, await _place(tx, what))
        return After(what.press_id) if isinstance(what, Pressed) else After()
    visit = Visit(tx, what, known, await _place(tx, what))
    if isinstance(what, Pressed):
        await presses.pressed(visit, what)
    elif not await commands.run(visit, what):
        await dialogue.said(visit, what)
    return visit.after


async def _left(tx: Transaction, what: Left, known: OperatorView | None) -> None:
    if known and what.blocked and known.status is AccountStatus.ACTIVE:
        await store.give_up(tx, what.person.id, "blocked")
        await failures.send_home(tx, known)


async def _unmask(tx: Transaction, what: Said) -> None:
    """Say that nobody got what was said in the group's own name, where it was meant for a visitor."""
    if (place := await _place(tx, what)) is not None:
        words = say("Вы пишете от имени группы, поэтому клиент этого не получил. Выключите анонимность и повторите.")
        await outbox.text(tx, what.chat_id, words, answers=what.number, link_id=place)


def _heard_here(what: Said) -> bool:
    return what.private or what.chat_id == preferences.current(Telegram).group_id


async def _refused(tx: Transaction, what: Incoming, refusal: VinkError) -> After:
    if what is None or isinstance(what, Left):
        return After()
    known = await operators.by_telegram(tx, what.person.id)
    words = refusal.say(known.language if known else best_language(what.person.language))
    if isinstance(what, Pressed):
        return After(what.press_id, words, alert=True)
    number = None if what.private else what.number
    await outbox.text(tx, what.chat_id, words, answers=number, link_id=await _place(tx, what))
    return After()


async def _place(tx: Transaction, what: Said | Pressed) -> int | None:
    if isinstance(what, Pressed) or what.thread_id is None:
        return None
    link = await links.topic_link(tx, what.chat_id, what.thread_id)
    return link.id if link else None


async def _left_behind(number: int, raw: dict[str, Any]) -> After:
    async with db.transaction() as tx:
        fresh = await store.first_time(tx, number, broken=True)
        try:
            what = read(raw)
        except (KeyError, TypeError, ValueError, AttributeError):
            return After()
        words = say("Не получилось. Попробуйте ещё раз.")
        if isinstance(what, Pressed):
            return After(what.press_id, words, alert=True)
        if fresh and isinstance(what, Said) and what.private and await operators.by_telegram(tx, what.person.id):
            await outbox.text(tx, what.chat_id, words)
        return After()
