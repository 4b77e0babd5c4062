"""An operator in Telegram can call off the end they asked for, within the same seconds as in the browser."""

import pytest

from tests.channels.desk import ends, handled, hesitating, joins, tag, takes, waits
from tests.emulators.telegram import Message, Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status

OLGA, GROUP = 11, -1001
ENDS, GOES_ON = "сейчас завершится", "продолжается"


async def _leads(bot: Telegram) -> Visitor:
    await hesitating()
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    return anna


async def _finishes(bot: Telegram, how: str) -> Message:
    if how == "/finish":
        bot.say(OLGA, how)
    else:
        bot.press(OLGA, next(one for one in bot.seen(OLGA) if how in one.buttons), how)
    receipt = await bot.read(OLGA, ENDS)
    assert list(receipt.buttons) == ["Отменить"]
    return receipt


@pytest.mark.parametrize("how", ["/finish", "Завершить"])
async def test_an_end_can_be_called_off(house: Runtime, bot: Telegram, how: str):
    anna = await _leads(bot)
    receipt = await _finishes(bot, how)
    assert (await anna.conversation()).status is Status.ATTENDED

    assert await bot.answered(bot.press(OLGA, receipt, "Отменить")) == "Разговор продолжается."

    await bot.until(lambda: GOES_ON in receipt.text and not receipt.buttons, "the button's end")
    await ends(house)
    assert (await anna.conversation()).status is Status.ATTENDED
    assert "Чат окончен." not in await anna.texts()


async def test_the_button_goes_with_the_end(house: Runtime, bot: Telegram):
    anna = await _leads(bot)
    receipt = await _finishes(bot, "/finish")
    button = receipt.buttons["Отменить"]

    await ends(house)

    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")
    await bot.until(lambda: not receipt.buttons, "the button's end")
    assert (await anna.conversation()).status is Status.CLOSED
    assert await bot.answered(bot.press_data(OLGA, receipt, button)) == "Этот разговор уже завершён."


@pytest.mark.parametrize("who", ["visitor", "operator"])
async def test_who_writes_meanwhile_calls_it_off(house: Runtime, bot: Telegram, who: str):
    anna = await _leads(bot)
    receipt = await _finishes(bot, "/finish")

    if who == "visitor":
        await anna.writes("Ещё вопрос")
    else:
        bot.say(OLGA, "Ещё одно")

    await bot.until(lambda: GOES_ON in receipt.text and not receipt.buttons, "the button's end")
    await ends(house)
    assert (await anna.conversation()).status is Status.ATTENDED


async def test_a_second_finish_only_says_that_it_ends(house: Runtime, bot: Telegram):
    anna = await _leads(bot)
    await _finishes(bot, "/finish")

    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "Разговор уже завершается.")
    await ends(house)
    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")

    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Вы на месте.")
    assert len([text for text in bot.texts(OLGA) if ENDS in text]) == 1


async def test_in_a_topic_an_end_can_be_called_off_too(house: Runtime, bot: Telegram):
    await hesitating()
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    card = await bot.until(lambda: next((one for one in bot.seen(GROUP) if "Взять" in one.buttons), None), "the card")
    await bot.answered(bot.press(OLGA, card, "Взять"))

    bot.say(OLGA, "/finish", chat=GROUP, thread=card.thread_id)
    receipt = await bot.read(GROUP, ENDS, thread=card.thread_id)
    await bot.answered(bot.press(OLGA, receipt, "Отменить"))

    await bot.until(lambda: GOES_ON in receipt.text and not receipt.buttons, "the button's end")
    await handled(bot)
    await ends(house)
    assert (await anna.conversation()).status is Status.ATTENDED
