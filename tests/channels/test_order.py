"""An update that must wait holds up its own person and place, nobody else; nothing is lost meanwhile."""

import asyncio
import json
from typing import Any

import pytest

from tests.channels import desk
from tests.channels.desk import BEGIN, handled, invited, joins, tag, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague, Visitor
from vink_chat import channels, preferences
from vink_chat.bootstrap import Runtime

OLGA, PETR = 11, 12


async def _olga_answers_what_hangs(bot: Telegram, seconds: float) -> Visitor:
    """Have Olga answer a message whose sending Telegram does not say to be over, and write on."""
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    await joins(bot, PETR, "Пётр")
    anna = await waits()
    await olga.claims((await anna.conversation()).id)
    await bot.read(OLGA, "Ждут ответа, от")
    bot.fail("sendMessage", kind="hang_after", seconds=seconds, chat_id=OLGA)
    await anna.writes("Когда?")
    asked = await bot.read(OLGA, "Когда?")
    bot.say(OLGA, "Завтра", answers=asked.number)
    bot.say(OLGA, "В полдень")
    return anna


async def test_one_slow_call_to_one_operator_does_not_stop_the_others(house: Runtime, bot: Telegram):
    anna = await _olga_answers_what_hangs(bot, 3)

    bot.say(PETR, "/status")
    await bot.read(PETR, "Вы на месте.", seconds=2)
    bot.say(PETR, "/pause")
    await bot.read(PETR, "Пауза", seconds=2)

    assert await anna.texts("operator") == []
    await handled(bot)
    assert await anna.texts("operator") == ["Завтра", "В полдень"]
    assert bot.texts(PETR).count("Вы на месте.\nЖдут: 0") == 1


async def test_while_one_waits_telegram_is_not_asked_without_a_pause(house: Runtime, bot: Telegram):
    await _olga_answers_what_hangs(bot, 2)
    polls = len([name for _, name, _ in bot.calls if name == "getUpdates"])

    await handled(bot)

    assert len([name for _, name, _ in bot.calls if name == "getUpdates"]) - polls < 12


async def test_what_waits_when_the_program_ends_is_done_by_the_next_one(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot):
        anna = await _olga_answers_what_hangs(bot, 8)
        bot.say(PETR, "/status")
        await bot.read(PETR, "Вы на месте.", seconds=2)
        assert await anna.texts("operator") == []

    async with desk.working(sqlite_tables_url, bot):
        await handled(bot)

        assert await anna.texts("operator") == ["Завтра", "В полдень"]
        assert len([text for text in bot.texts(PETR) if "Вы на месте." in text]) == 1


async def test_a_press_whose_answer_hangs_stops_nobody_not_even_who_pressed(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    await joins(bot, PETR, "Пётр")
    anna = await waits()
    invitation = await invited(bot, OLGA, anna)
    bot.fail("answerCallbackQuery", kind="hang", seconds=3)

    bot.press(OLGA, invitation, BEGIN)
    bot.say(PETR, "/pause")
    await bot.read(OLGA, f"Посетитель {tag(anna)}", seconds=2)
    bot.say(OLGA, "Здравствуйте")

    await bot.read(PETR, "Пауза", seconds=2)
    await handled(bot)
    assert await anna.texts("operator") == ["Здравствуйте"]


@pytest.mark.shows("Telegram.webhook")
async def test_pushed_updates_of_one_person_do_not_overtake_each_other(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot, public_url="https://chat.example.ru"):
        await prefer(preferences.Telegram(), webhook=True)
        await bot.until(lambda: bot.webhook.get("url"), "the webhook", seconds=15)
        anna = await _olga_answers_what_hangs(bot, 2)
        more = [f"и ещё {number}" for number in range(5)]
        for words in more:
            bot.say(OLGA, words)
        bot.say(PETR, "/pause")
        [asked] = [given for _, name, given in bot.calls if name == "setWebhook"]
        lines = asyncio.Semaphore(int(asked["max_connections"]))

        async def push(update: dict[str, Any]) -> None:
            async with lines:
                assert await channels.deliver(bot.webhook["secret_token"], json.dumps(update).encode())

        first, *others = [asyncio.create_task(push(update)) for update in bot.updates]
        await bot.read(PETR, "Пауза", seconds=1)
        assert not first.done()
        await asyncio.gather(first, *others)

        assert await anna.texts("operator") == ["Завтра", "В полдень", *more]
