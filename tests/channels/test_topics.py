"""Topics of a group: their names and cards keep up with what happens in the same moment."""

from tests.channels.desk import joins, tag, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague, Visitor
from vink_chat import handover, preferences
from vink_chat.bootstrap import House
from vink_chat.kit import db

OLGA, PETR, GROUP = 11, 12, -1001


async def _forum(bot: Telegram) -> None:
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)


async def _topic(bot: Telegram, visitor: Visitor) -> int:
    def found() -> int:
        return next((thread for (_, thread), one in bot.topics.items() if one["name"].endswith(tag(visitor))), 0)

    return await bot.until(found, "the topic")


async def test_a_topic_renamed_while_its_last_name_is_on_its_way_gets_the_newest(house: House, bot: Telegram):
    await _forum(bot)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits()
    thread = await _topic(bot, anna)
    await bot.read(GROUP, "Необработанные сообщения", thread=thread)
    conversation = await anna.conversation()
    bot.fail("editForumTopic", kind="hang_after", seconds=0.5)

    await olga.claims(conversation.id)
    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("ведёт"), "the name that hangs")
    async with db.transaction() as tx:
        await handover.finish(tx, conversation.id, olga.id)

    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("завершён"), "the newest name")


async def test_what_is_taken_while_its_card_is_on_its_way_gets_its_buttons(house: House, bot: Telegram):
    await _forum(bot)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    bot.fail("sendMessage", kind="hang_after", seconds=0.5)
    anna = await waits()
    card = await bot.read(GROUP, f"Клиент {tag(anna)}", thread=await _topic(bot, anna))

    await olga.claims((await anna.conversation()).id)

    await bot.until(lambda: "Завершить" in card.buttons, "the buttons")
    assert "Состояние: ведёт Ольга" in card.text
