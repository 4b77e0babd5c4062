"""What Telegram took is not sent again, whatever its answer looks like."""

import pytest

from tests.channels.desk import all_said, joins, notes, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from vink_chat import preferences
from vink_chat.bootstrap import Runtime

OLGA, GROUP = 11, -1001
ODD = ["<html>ok</html>", "", '{"ok":true}', '{"ok":true,"result":true}', '{"ok":true,"result":{"message_id":"x"}}']


@pytest.mark.parametrize("answer", ODD)
async def test_an_answer_that_cannot_be_read_repeats_nothing(house: Runtime, bot: Telegram, answer: str):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 1, kind="odd", description=answer)

    await anna.writes("важное")
    await bot.read(OLGA, "важное")
    await anna.writes("следом")
    await bot.read(OLGA, "следом")

    assert [text for text in bot.texts(OLGA) if "важное" in text] == [f"{tag(anna)}: важное"]
    assert await notes(anna) == []


async def test_a_message_whose_answers_are_lost_is_given_up_and_noted(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 5, kind="cut_after")

    await anna.writes("важное")
    await bot.until(lambda: bot.texts(OLGA).count(f"{tag(anna)}: важное") == 5, "the last attempt", 20)
    await anna.writes("следом")
    await bot.read(OLGA, "следом", seconds=20)

    assert bot.texts(OLGA).count(f"{tag(anna)}: важное") == 5
    assert [note for note in await notes(anna) if "не подтвердил" in note]


async def test_topics_are_not_made_without_end(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    bot.fail("createForumTopic", 100, kind="odd", description="{}")

    await waits()

    await bot.until(lambda: len(bot.topics) == 5, "the last attempt", 20)
    await all_said(GROUP)
    assert len(bot.topics) == 5
