"""Topics of a group: their names and cards keep up with what happens in the same moment."""

import pytest

from tests.channels.desk import joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague, Visitor
from vink_chat import handover, operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db

OLGA, PETR, GROUP = 11, 12, -1001


async def _forum(bot: Telegram) -> None:
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)


async def _topic(bot: Telegram, visitor: Visitor) -> int:
    def found() -> int:
        return next((thread for (_, thread), one in bot.topics.items() if one["name"].endswith(tag(visitor))), 0)

    return await bot.until(found, "the topic")


async def test_a_topic_renamed_while_its_last_name_is_on_its_way_gets_the_newest(house: Runtime, bot: Telegram):
    await _forum(bot)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits()
    thread = await _topic(bot, anna)
    await bot.read(GROUP, "Ждут ответа, от", thread=thread)
    conversation = await anna.conversation()
    bot.fail("editForumTopic", kind="hang_after", seconds=0.5)

    await olga.claims(conversation.id)
    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("ведёт"), "the name that hangs")
    async with db.transaction() as tx:
        await handover.finish(tx, conversation.id, olga.id)

    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("завершён"), "the newest name")


async def test_a_second_call_to_a_topic_goes_out_before_its_name_and_its_old_card(house: Runtime, bot: Telegram):
    await _forum(bot)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits()
    thread = await _topic(bot, anna)
    first = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await olga.claims((await anna.conversation()).id)
    await olga.finishes((await anna.conversation()).id)
    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("завершён"), "the end")
    await bot.until(lambda: not first.buttons and "завершён" in first.text, "the card of the end")
    await bot.read(GROUP, "окончен", thread=thread)
    so_far = len(bot.calls)

    await anna.presses_the_button()
    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("ждёт"), "the name")

    about = {"sendMessage", "editForumTopic", "editMessageText"}
    calls = [method for _, method, said in bot.calls[so_far:] if method in about and str(said["chat_id"]) == str(GROUP)]
    assert calls[0] == "sendMessage", calls


async def test_what_is_taken_while_its_card_is_on_its_way_gets_its_buttons(house: Runtime, bot: Telegram):
    await _forum(bot)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    bot.fail("sendMessage", kind="hang_after", seconds=0.5)
    anna = await waits()
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=await _topic(bot, anna))

    await olga.claims((await anna.conversation()).id)

    await bot.until(lambda: "Завершить" in card.buttons, "the buttons")
    assert "Состояние: ведёт Ольга" in card.text


@pytest.mark.shows("Telegram.group_id", "Telegram.topics")
async def test_that_a_conversation_is_handed_over_is_said_in_its_topic(house: Runtime, bot: Telegram):
    await _forum(bot)
    olga, petr = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга"), Colleague(await joins(bot, PETR, "Пётр"), "Пётр")
    anna = await waits()
    thread = await _topic(bot, anna)
    await bot.read(GROUP, "Ждут ответа, от", thread=thread)
    conversation = await anna.conversation()

    await olga.claims(conversation.id)
    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("ведёт Ольга"), "the name")
    await olga.transfers(conversation.id, petr)

    await bot.read(GROUP, "Разговор передан: Пётр.", thread=thread)
    assert not [text for text in bot.texts(GROUP) if "передан: Ольга" in text]


async def test_the_holder_is_told_that_his_conversation_has_a_topic_now(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP))
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    await prefer(preferences.current(preferences.Telegram), topics=True)
    await anna.writes("Вы здесь?")

    await bot.read(OLGA, "Этот разговор теперь в своей теме.")
    await bot.read(GROUP, "Вы здесь?")
    assert not [text for text in bot.texts(OLGA) if "передан" in text]


@pytest.mark.parametrize("topics", [False, True])
async def test_administrators_hear_of_a_group_the_bot_cannot_enter(house: Runtime, bot: Telegram, topics: bool):
    await prefer(preferences.Telegram(), group_id=GROUP, topics=topics)
    olga, _ = await joins(bot, OLGA, "Ольга"), await joins(bot, PETR, "Пётр")
    async with db.transaction() as tx:
        await operators.set_role(tx, olga, operators.Role.ADMIN)

    for _ in range(2):
        await waits()
        await bot.read(OLGA, "Бот не попадает в группу операторов")
    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Ждут: 2")

    assert not [text for text in bot.texts(PETR) if "не попадает" in text]
    assert len([text for text in bot.texts(OLGA) if "не попадает" in text]) == 1


@pytest.mark.shows("Telegram.language")
async def test_the_bot_speaks_the_language_that_is_chosen_for_the_group(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True, language="en")
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)

    card = await bot.read(GROUP, f"Visitor {tag(anna)}", thread=thread)
    await bot.read(GROUP, "Waiting for an answer", thread=thread)
    await bot.until(lambda: "Take" in card.buttons, "the button")
    await olga.claims((await anna.conversation()).id)
    await bot.until(lambda: bot.topics[GROUP, thread]["name"].startswith("with Ольга"), "the name")
    assert not [text for text in bot.texts(GROUP) if "Ждут" in text or "Состояние" in text]
