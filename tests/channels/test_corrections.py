"""Corrections of what an operator wrote in Telegram: the bot cannot change that message, and says what is so now."""

import pytest

from tests.channels.desk import handled, joins, takes, waits
from tests.emulators.telegram import Message, Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import conversations, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db

OLGA, GROUP = 11, -1001


async def _leads(bot: Telegram) -> Visitor:
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    return anna


async def _correct_at_the_desk(visitor: Visitor, text: str, *, note: bool = False) -> None:
    conversation = await visitor.conversation()
    async with db.reading() as tx:
        said = await conversations.conversation_messages(tx, conversation.id)
    newest = [one for one in said if one.operator_id is not None and one.note is note][-1]
    async with db.transaction() as tx:
        await conversations.edit(tx, newest.id, newest.operator_id, text, note=note)


async def _says(bot: Telegram, text: str, **where: int | None) -> Message:
    said = bot.say(OLGA, text, **where)
    await bot.until(lambda: (said.chat_id, said.number) in bot.reactions, "it is there")
    return said


async def test_a_correction_made_at_the_desk_is_told_under_the_message_it_corrects(house: Runtime, bot: Telegram):
    anna = await _leads(bot)
    typo = await _says(bot, "Завтро")

    await _correct_at_the_desk(anna, "Завтра")

    line = await bot.read(OLGA, "Исправлено, посетитель теперь читает: «Завтра»")
    assert (line.answers, line.silent) == (typo.number, True)


async def test_a_correction_made_in_telegram_is_not_repeated_there(house: Runtime, bot: Telegram):
    anna = await _leads(bot)
    typo = await _says(bot, "Завтро")

    bot.edit(typo, "Завтра")
    await handled(bot)
    await house.settle()
    bot.say(OLGA, "/status")
    await bot.read(OLGA, "Вы на месте.")

    assert await anna.texts("operator") == ["Завтра"]
    assert not [text for text in bot.texts(OLGA) if "Исправлено" in text]


@pytest.mark.parametrize("at_the_desk", [True, False])
async def test_the_line_stays_true_when_the_message_is_corrected_again(
    house: Runtime, bot: Telegram, at_the_desk: bool
):
    anna = await _leads(bot)
    typo = await _says(bot, "Завтро")
    await _correct_at_the_desk(anna, "Завтра")
    line = await bot.read(OLGA, "«Завтра»")

    if at_the_desk:
        await _correct_at_the_desk(anna, "Послезавтра")
    else:
        bot.edit(typo, "Послезавтра")

    await bot.until(lambda: line.text == "Исправлено, посетитель теперь читает: «Послезавтра»", "the line")
    assert len([text for text in bot.texts(OLGA) if "Исправлено" in text]) == 1


async def test_a_corrected_note_is_not_said_to_be_read_by_the_visitor(house: Runtime, bot: Telegram):
    anna = await _leads(bot)
    await _says(bot, "//сердится")

    await _correct_at_the_desk(anna, "Сердит", note=True)

    await bot.read(OLGA, "Заметка исправлена: «Сердит»")
    assert not [text for text in bot.texts(OLGA) if "читает" in text]


async def test_in_a_topic_the_line_stands_in_the_topic(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    card = await bot.until(lambda: next((one for one in bot.seen(GROUP) if "Взять" in one.buttons), None), "the card")
    await bot.answered(bot.press(OLGA, card, "Взять"))
    typo = await _says(bot, "Завтро", chat=GROUP, thread=card.thread_id)

    await _correct_at_the_desk(anna, "Завтра")

    line = await bot.read(GROUP, "Исправлено, посетитель теперь читает: «Завтра»", thread=card.thread_id)
    assert line.answers == typo.number
