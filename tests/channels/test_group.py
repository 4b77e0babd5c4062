"""The operators' group: topics, rights the bot lacks, and a group that moves."""

import pytest

from tests.channels import desk
from tests.channels.desk import INVITES, handled, joins, tag, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague, Visitor
from vink_chat import operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.kit import db

OLGA, PETR, GROUP = 11, 12, -1001


async def _forum(bot: Telegram) -> int:
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    return GROUP


def _thread(bot: Telegram, name: str) -> int:
    return next((thread for (_, thread), topic in bot.topics.items() if topic["name"].endswith(name)), 0)


async def test_each_conversation_has_a_topic_with_its_status_in_the_name(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.read(GROUP, "Нужен баннер", thread=thread)

    bot.say(OLGA, "Рано писать", chat=GROUP, thread=thread)
    await bot.read(GROUP, "Этот разговор сейчас ведёте не вы.", thread=thread)
    await bot.answered(bot.press(OLGA, card, "Взять"))
    await bot.until(lambda: "Завершить" in card.buttons)
    await anna.writes("Какой срок?")
    await bot.read(GROUP, "Какой срок?", thread=thread)
    bot.say(OLGA, "Два дня", chat=GROUP, thread=thread)
    await handled(bot)
    bot.say(OLGA, "/finish", chat=GROUP, thread=thread)
    await bot.read(GROUP, "окончен", thread=thread)

    assert await anna.texts("operator") == ["Два дня"]
    names = bot.topics[GROUP, thread]["names"]
    await bot.until(lambda: len(names) == 3)
    assert [name.split(" · ")[0] for name in names] == ["ждёт", "ведёт Ольга", "завершён"]
    assert bot.texts(OLGA) == []


async def test_a_deleted_topic_is_created_again_and_loses_nothing(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    await bot.read(GROUP, "Нужен баннер", thread=thread)

    bot.delete_topic(GROUP, thread)
    await anna.writes("Вы ещё здесь?")

    fresh = await bot.until(lambda: _thread(bot, tag(anna)), "the new topic")
    assert fresh != thread
    await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=fresh)
    await bot.read(GROUP, "Вы ещё здесь?", thread=fresh)


@pytest.mark.parametrize(
    ("method", "right"),
    [
        ("createForumTopic", "not enough rights to create a topic"),
        ("createForumTopic", "the chat is not a forum"),
        ("sendMessage", "not enough rights to send text messages to the chat"),
        ("editForumTopic", "not enough rights to edit the topic"),
    ],
)
async def test_a_right_the_bot_lacks_loses_nothing_and_the_administrator_hears_of_it(
    house: Runtime, bot: Telegram, method: str, right: str
):
    await _forum(bot)
    olga = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга")
    petr = await joins(bot, PETR, "Пётр")
    async with db.transaction() as tx:
        await operators.set_role(tx, petr, operators.Role.ADMIN)
    bot.fail(method, 3, chat_id=GROUP, code=400, description=f"Bad Request: {right}")

    visitors = [await waits(f"Нужен баннер {number}") for number in range(2)]
    for number, visitor in enumerate(visitors):
        thread = await bot.until(lambda visitor=visitor: _thread(bot, tag(visitor)), "the topic")
        await bot.read(GROUP, f"Нужен баннер {number}", thread=thread)
        await olga.claims((await visitor.conversation()).id)
        await visitor.writes(f"Вы здесь? {number}")
    for number, visitor in enumerate(visitors):
        await bot.read(GROUP, f"Вы здесь? {number}", thread=_thread(bot, tag(visitor)))

    await bot.read(PETR, "Бот не справляется с группой")
    assert len([text for text in bot.texts(PETR) if right[1:] in text]) == 1
    assert bot.texts(OLGA) == []


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_becomes_a_supergroup_is_followed(house: Runtime, bot: Telegram, told: bool):
    await prefer(preferences.Telegram(), group_id=bot.group(-500, forum=False), topics=True)
    olga, anna = Colleague(await joins(bot, OLGA, "Ольга"), "Ольга"), Visitor()
    bot.migrate(-500, GROUP, tell=told)
    await handled(bot)

    await anna.writes("Нужен баннер")
    await anna.presses_the_button()
    await bot.read(GROUP, "Нужен баннер")
    await olga.claims((await anna.conversation()).id)
    await anna.writes("Вы здесь?")

    await bot.read(GROUP, "Вы здесь?", thread=_thread(bot, tag(anna)))
    assert preferences.current(preferences.Telegram).group_id == GROUP


async def test_an_invitation_moves_with_its_group(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(-500, forum=False))
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await bot.read(-500, INVITES)
    bot.migrate(-500, GROUP)
    await handled(bot)

    await prefer(preferences.current(preferences.Telegram), topics=True)
    await anna.writes("Вы здесь?")

    await bot.read(
        GROUP, f"Посетитель {tag(anna)}", thread=await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    )
    await bot.read(GROUP, "Вы здесь?")


async def test_in_a_group_only_operators_are_heard(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    thread = await bot.until(lambda: _thread(bot, tag(anna)), "the topic")
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    bot.person(66, "Чужой")

    await bot.answered(bot.press(66, card, "Взять"))
    for words in ("Я отвечу", "Ну я же"):
        bot.say(66, words, chat=GROUP, thread=thread)
    bot.say(OLGA, "Коллеги, обед", chat=GROUP)
    await handled(bot)

    assert (await anna.conversation()).status is Status.WAITING
    await bot.read(GROUP, "Вас нет среди операторов")
    assert len([words for words in bot.texts(GROUP) if "Вас нет" in words]) == 1
    assert not [words for words in await anna.texts() if "отвечу" in words]


async def test_a_group_without_topics_is_called_and_the_winner_works_in_his_own_chat(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP, forum=False))
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    call = await bot.read(GROUP, INVITES)

    await bot.answered(bot.press(OLGA, call, desk.BEGIN))

    await bot.read(OLGA, f"Посетитель {tag(anna)}")
    await bot.until(lambda: call.text == "Уже взял(а) Ольга.")
