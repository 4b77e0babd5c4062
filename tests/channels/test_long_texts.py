"""A text that Telegram cut into messages goes whole, or not at all."""

import pytest

from tests.channels import desk
from tests.channels.desk import handled, joins, takes, waits
from tests.channels.test_addressee import leads_two
from tests.emulators.telegram import Telegram
from vink_chat.bootstrap import Runtime

OLGA = 11
LONG = "".join(f"{number:05}" for number in range(2000))
PARTS = [LONG[:4096], LONG[4096:8192], LONG[8192:]]


async def test_a_pasted_text_reaches_the_visitor_whole_and_in_order(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.paste(OLGA, LONG)
    bot.say(OLGA, "😀" * 2048)
    await handled(bot)

    assert await anna.texts("operator") == [*PARTS, "😀" * 2048]


async def test_the_rest_of_a_pasted_note_stays_a_note(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.paste(OLGA, f"//{LONG}")
    await handled(bot)

    assert await anna.texts("operator") == []
    assert "".join(await desk.notes(anna)) == LONG


async def test_a_pasted_text_waits_for_its_addressee_as_one(house: Runtime, bot: Telegram):
    anna, boris = await leads_two(bot)
    await boris.writes("Я Борис")
    await bot.read(OLGA, "Я Борис")

    bot.paste(OLGA, LONG)
    question = await bot.read(OLGA, "Кому отправить?")
    await handled(bot)
    await bot.until(lambda: question.buttons, "the buttons")
    await bot.answered(bot.press(OLGA, question, desk.tag(boris)))

    assert await boris.texts("operator") == PARTS
    assert await anna.texts("operator") == ["Здравствуйте, Анна"]


async def test_that_a_pasted_text_went_nowhere_is_said_once(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")

    bot.paste(OLGA, LONG)
    await handled(bot)
    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Вы на месте.")

    assert len([text for text in bot.texts(OLGA) if "не ведёте разговор" in text]) == 1


@pytest.mark.parametrize("seconds", [-3, 60])
async def test_what_is_written_later_is_a_text_of_its_own(house: Runtime, bot: Telegram, seconds: int):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    first = bot.say(OLGA, f"//{LONG[:4094]}")
    bot.say(OLGA, "Здравствуйте", date=first.date + seconds)
    await handled(bot)

    assert await anna.texts("operator") == ["Здравствуйте"]
