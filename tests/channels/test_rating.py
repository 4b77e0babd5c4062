"""The visitor's rating comes back to the operator who finished the conversation, once for each end."""

from tests.channels.desk import joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from vink_chat import handover
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db

OLGA = 11


async def test_finish_ends_the_conversation_and_the_rating_comes_back(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.say(OLGA, "/finish")
    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")
    assert (await anna.texts())[-1] == "Чат окончен."
    async with db.transaction() as tx:
        await handover.rate(tx, anna.id, 5)

    await bot.read(OLGA, f"Оценка от посетителя {tag(anna)}: 5 из 5.")


async def test_stars_that_are_changed_again_and_again_ring_once(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "окончен")

    for stars in (1, 5, 1, 4):
        async with db.transaction() as tx:
            await handover.rate(tx, anna.id, stars)
        await house.settle()
    bot.say(OLGA, "Здравствуйте!")
    await bot.read(OLGA, "Сейчас вы не ведёте разговор")

    assert [text for text in bot.texts(OLGA) if "Оценка" in text] == [f"Оценка от посетителя {tag(anna)}: 1 из 5."]


async def test_what_is_written_beside_the_stars_comes_once_an_end(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    for stars in (2, 5):
        await takes(bot, OLGA, anna)
        bot.say(OLGA, "/finish")
        await bot.until(lambda stars=stars: len([one for one in bot.texts(OLGA) if "окончен" in one]) == 1 + stars // 5)
        for comment in (f"<b>Отзыв</b> {stars}", "Другими словами"):
            async with db.transaction() as tx:
                await handover.rate(tx, anna.id, stars)
                await handover.comment(tx, anna.id, comment)
            await house.settle()
        await bot.read(OLGA, f"Отзыв посетителя {tag(anna)}, {stars} из 5: <b>Отзыв</b> {stars}")
        await anna.presses_the_button()
        await house.settle()

    assert len([text for text in bot.texts(OLGA) if text.startswith("Отзыв посетителя")]) == 2


async def test_a_rating_that_went_with_the_reopening_is_no_rating(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    for stars in (5, 4):
        await takes(bot, OLGA, anna)
        bot.say(OLGA, "/finish")
        await bot.until(lambda stars=stars: len([one for one in bot.texts(OLGA) if "окончен" in one]) == 6 - stars)
        async with db.transaction() as tx:
            await handover.rate(tx, anna.id, stars)
        await bot.read(OLGA, f"Оценка от посетителя {tag(anna)}: {stars} из 5.")
        await anna.presses_the_button()

    assert not [text for text in bot.texts(OLGA) if "None" in text]
