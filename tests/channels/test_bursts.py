"""What waits together goes out together, and still says who said what."""

from tests.channels import desk
from tests.channels.desk import joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague
from vink_chat import conversations, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.channels import Limits
from vink_chat.kit import db

OLGA, GROUP = 11, -1001


async def test_a_burst_of_a_visitor_does_not_take_a_second_for_each_message(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot, Limits(chat_gap=0.5)):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        before = len(bot.texts(OLGA))
        words = [f"сообщение {number:02}" for number in range(25)]

        for one in words:
            await anna.writes(one)
        await bot.read(OLGA, words[-1], seconds=20)

        texts = bot.texts(OLGA)[before:]
        assert len(texts) < 10
        assert "\n\n".join(texts) == "\n\n".join(f"{tag(anna)}: {one}" for one in words)


async def test_among_others_who_speak_in_one_message_the_visitor_is_named(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    olga, anna = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга"), await waits("Нужен баннер")
    await olga.claims((await anna.conversation()).id)
    await bot.read(GROUP, "Ждут ответа")
    bot.fail("sendMessage", chat_id=GROUP, retry_after=2)

    await anna.writes("Первое")
    await anna.writes("Сколько стоит?")
    said = await olga.replies((await anna.conversation()).id, "500")

    together = await bot.read(GROUP, "Посетитель:\nПервое\n\nПосетитель:\nСколько стоит?\n\nОльга:\n500")
    async with db.transaction() as tx:
        await conversations.edit(tx, said.id, olga.id, "600")
    await bot.until(
        lambda: together.text == "Посетитель:\nПервое\n\nПосетитель:\nСколько стоит?\n\nОльга:\n600", "the edit"
    )
