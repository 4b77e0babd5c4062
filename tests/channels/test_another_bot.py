"""Another token on the same database: its numbers are its own, and what goes on is shown in its chats."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.channels import desk
from tests.channels.desk import BEGIN, handled, invited, joins, tag, takes, waits
from tests.emulators import telegram
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from vink_chat import channels, preferences
from vink_chat.channels.telegram.inbound.receiver import webhook_secret

OLGA, PETR, GROUP = 11, 12, -1001
OTHER = "654321:another-token"


@pytest.fixture
async def other() -> AsyncIterator[Telegram]:
    """Another bot, which counts from the beginning."""
    async with telegram.running(Telegram(token=OTHER)) as running:
        for number, name in ((OLGA, "Ольга"), (PETR, "Пётр")):
            running.person(number, name)
            running.started.add(number)
        yield running


async def test_another_bot_hears_everything_and_shows_what_goes_on(
    sqlite_tables_url: str, bot: Telegram, other: Telegram
):
    async with desk.working(sqlite_tables_url, bot):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        for words in ("раз", "два", "три"):
            bot.say(OLGA, words)
        await handled(bot)
        await joins(bot, PETR, "Пётр")
        boris = await waits()
        await invited(bot, PETR, boris)

    async with desk.working(sqlite_tables_url, other, telegram_token=OTHER) as house:
        await other.read(OLGA, f"Посетитель {tag(anna)}")
        last = await other.read(OLGA, "три")
        said = other.say(OLGA, "четыре", answers=last.number)
        other.say(OLGA, "пять")
        other.edit(said, "четыре с половиной")
        assert "Вы на связи" in await other.answered(other.press(PETR, await invited(other, PETR, boris), BEGIN))
        await handled(other)

        assert await anna.texts("operator") == ["раз", "два", "три", "четыре с половиной", "пять"]
        await other.read(PETR, f"Посетитель {tag(boris)}")
        old = json.dumps({"update_id": 5000, "message": bot.shown(bot.say(OLGA, "старому"))}).encode()
        assert not await channels.deliver(webhook_secret(house.settings.secret, telegram.BOT["id"]), old)


async def test_another_bot_goes_on_in_the_same_topics(sqlite_tables_url: str, bot: Telegram, other: Telegram):
    for one in (bot, other):
        one.group(GROUP)
    async with desk.working(sqlite_tables_url, bot):
        await prefer(preferences.Telegram(), group_id=GROUP, topics=True)
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        [thread] = await bot.until(lambda: [thread for chat, thread in bot.topics if chat == GROUP], "the topic")
        await bot.read(GROUP, "Ждут ответа, от", thread=thread)
    other.topics |= bot.topics

    async with desk.working(sqlite_tables_url, other, telegram_token=OTHER):
        await anna.writes("Вы здесь?")
        card = await other.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
        await other.read(GROUP, "Вы здесь?", thread=thread)
        await other.answered(other.press(OLGA, card, "Взять"))
        other.say(OLGA, "Да", chat=GROUP, thread=thread)
        await handled(other)

        assert await anna.texts("operator") == ["Да"]


async def test_the_same_bot_with_a_new_token_goes_on_as_before(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        typo = bot.say(OLGA, "Завтро")
        await handled(bot)
    seen, bot.token = len(bot.texts(OLGA)), f"{telegram.BOT['id']}:renewed"

    async with desk.working(sqlite_tables_url, bot, telegram_token=bot.token):
        bot.edit(typo, "Завтра")
        await handled(bot)

        assert await anna.texts("operator") == ["Завтра"]
        assert len(bot.texts(OLGA)) == seen
