"""A whole Runtime with a bot on the emulated Telegram, and the people who use it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select, update

from tests.emulators import telegram
from tests.emulators.telegram import Message, Telegram
from tests.houses import settings
from tests.makers import Visitor
from vink_chat import conversations, operators, preferences, topics
from vink_chat.answering import Provider
from vink_chat.answering.providers import KnowledgeProvider, ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.channels import Limits, outbox
from vink_chat.channels.model import DeliveryStatus, Kind, Outgoing
from vink_chat.conversations import Conversation
from vink_chat.events import OperatorsChanged
from vink_chat.kit import db, rate_limit, signals
from vink_chat.kit.clock import now
from vink_chat.operators import AccountStatus, Presence
from vink_chat.operators.model import Operator

QUICK = Limits(overall=10_000, chat_gap=0.0, group=10_000)
INVITES = "Ждёт специалиста:"
BEGIN = "Взять"


@asynccontextmanager
async def working(
    url: str, bot: Telegram, limits: Limits = QUICK, provider: Provider | None = None, **more: str
) -> AsyncIterator[Runtime]:
    """Run a Runtime whose bot speaks to the emulator, without the slowness of the real limits.

    What is finished ends at once, unless ``hesitating`` stops that: nobody waits for the seconds to think better of it.
    """
    preferences.cache.clear()
    chosen = settings(url).model_copy(
        update={"telegram_token": telegram.TOKEN, "telegram_base_url": bot.base_url, **more}
    )
    house = Runtime(chosen, provider or ScriptedProvider(otherwise="Записал [1]."), limits, KnowledgeProvider())
    await house.start()
    await house.scheduler.stop()
    hurry = asyncio.create_task(_hurry(house), name="hurry")
    try:
        yield house
    finally:
        hurry.cancel()
        with suppress(asyncio.CancelledError):
            await hurry
        await house.stop()
        preferences.cache.clear()
        signals.use(signals.Signals())
        rate_limit.use(rate_limit.RateLimiter())


async def _hurry(house: Runtime) -> None:
    async with signals.current().subscribe(topics.QUEUE) as heard:
        while True:
            await heard.next()
            await ends(house)


async def ends(house: Runtime) -> None:
    """Let the seconds be over in which an end may be called off."""
    async with db.transaction() as tx:
        soon = update(Conversation).where(col(Conversation.ends_at).is_not(None))
        await tx.session.exec(soon.values(ends_at=now() - timedelta(seconds=1)))
    await house.scheduler.end_due()


async def hesitating() -> None:
    """Leave operators the seconds to call an end off: what is finished ends only with ``ends``."""
    for task in asyncio.all_tasks():
        if task.get_name() == "hurry":
            task.cancel()


async def comes(bot: Telegram, number: int, name: str) -> UUID:
    """Have somebody come from Telegram, be confirmed, and go on shift."""
    bot.person(number, name)
    bot.say(number, "/start")
    await bot.read(number, "Заявка отправлена")
    async with db.transaction() as tx:
        person = await operators.by_telegram(tx, number)
        assert person is not None
        await operators.confirm(tx, person.id)
    await bot.read(number, "подтвердил")
    bot.say(number, "/start")
    await bot.read(number, "Вы на смене. Приглашения придут сюда.")
    return person.id


async def joins(bot: Telegram, number: int, name: str) -> UUID:
    """Have an operator on shift whose Telegram is known."""
    bot.person(number, name)
    bot.started.add(number)
    row = Operator(name=name, status=AccountStatus.ACTIVE, presence=Presence.HERE, telegram_id=number)
    row.answers_in_telegram = True
    async with db.transaction() as tx:
        tx.session.add(row)
        tx.emit(OperatorsChanged(row.id))
    return row.id


async def waits(text: str = "Позовите оператора") -> Visitor:
    """Have a visitor ask for a person."""
    visitor = Visitor()
    await visitor.writes(text)
    await visitor.presses_the_button()
    return visitor


async def invited(bot: Telegram, number: int, visitor: Visitor) -> Message:
    """Wait for somebody's invitation to a visitor."""
    return await bot.read(number, f"{INVITES} {tag(visitor)}")


async def takes(bot: Telegram, number: int, visitor: Visitor) -> None:
    """Have somebody take a visitor's conversation, and wait until all of it came."""
    press = bot.press(number, await invited(bot, number, visitor), BEGIN)
    assert "Вы на связи" in await bot.answered(press)
    await bot.read(number, "Вы взяли")
    await all_said(number)


async def all_said(chat_id: int) -> None:
    """Wait until every message to a chat has gone out."""
    async with signals.current().subscribe(outbox.call_ended_signal(chat_id)) as heard, asyncio.timeout(10):
        while await _on_its_way(chat_id):
            await heard.next()


async def _on_its_way(chat_id: int) -> bool:
    async with db.reading() as tx:
        waits = select(Outgoing.id).where(
            Outgoing.chat_id == chat_id, Outgoing.status == DeliveryStatus.PENDING, Outgoing.kind == Kind.TEXT
        )
        return (await tx.session.exec(waits.limit(1))).first() is not None


def said(bot: Telegram, number: int, visitor: Visitor) -> str:
    """All that the bot wrote in somebody's chat, without the name before each of a visitor's messages."""
    return "\n\n".join(bot.texts(number)).replace(f"{tag(visitor)}: ", "")


def tag(visitor: Visitor) -> str:
    """A visitor's short name."""
    return visitor.id.hex[:5]


async def notes(visitor: Visitor) -> list[str]:
    """What colleagues noted in a visitor's conversation."""
    conversation = await visitor.conversation()
    async with db.reading() as tx:
        said = await conversations.conversation_messages(tx, conversation.id)
    return [message.text for message in said if message.note]


async def handled(bot: Telegram) -> None:
    """Wait until every update so far was handled."""
    await bot.until(lambda: not bot.updates and bot.poller, "every update is confirmed")
