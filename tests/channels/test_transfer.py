"""A conversation goes to a colleague with a word about it, which the visitor never reads."""

import pytest

from tests.channels.desk import handled, joins, notes, tag, takes, waits
from tests.emulators.telegram import Message, Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import preferences
from vink_chat.bootstrap import Runtime
from vink_chat.channels.telegram.inbound import transfer

OLGA, PETR, GROUP = 11, 12, -1001
ASKED = "Что передать на словах?"


async def _asked(bot: Telegram, visitor: Visitor) -> Message:
    """Have Olga choose Petr, and return what she is asked then."""
    card = await bot.read(OLGA, f"Посетитель {tag(visitor)}")
    await bot.answered(bot.press(OLGA, card, "Передать"))
    await bot.answered(bot.press(OLGA, await bot.read(OLGA, "Кому передать разговор?"), "Пётр"))
    return await bot.read(OLGA, ASKED)


@pytest.fixture
async def anna(house: Runtime, bot: Telegram) -> Visitor:
    await joins(bot, OLGA, "Ольга")
    visitor = await waits()
    await takes(bot, OLGA, visitor)
    await joins(bot, PETR, "Пётр")
    return visitor


@pytest.mark.parametrize("mark", ["", "//"])
async def test_what_is_written_before_handing_over_is_a_note(house: Runtime, bot: Telegram, anna: Visitor, mark: str):
    await _asked(bot, anna)
    assert (await anna.conversation()).operator_name == "Ольга"

    bot.say(OLGA, f"{mark}Торопится, ждёт счёт")

    await bot.read(PETR, "Ольга передал(а) вам разговор: «Торопится, ждёт счёт»")
    await bot.read(OLGA, f"Разговор с посетителем {tag(anna)} передан: Пётр.")
    assert await notes(anna) == ["Торопится, ждёт счёт"]
    assert not [words for words in await anna.texts() if "Торопится" in words]


async def test_a_conversation_is_handed_over_without_a_word(house: Runtime, bot: Telegram, anna: Visitor):
    asked = await _asked(bot, anna)

    await bot.answered(bot.press(OLGA, asked, "Без заметки"))

    await bot.read(PETR, "Ольга передал(а) вам разговор.")
    assert await notes(anna) == []
    await bot.until(lambda: not asked.buttons, "the buttons to go")


async def test_who_thinks_better_of_it_keeps_the_conversation(house: Runtime, bot: Telegram, anna: Visitor):
    asked = await _asked(bot, anna)

    await bot.answered(bot.press(OLGA, asked, "Не передавать"))
    bot.say(OLGA, "Сейчас посмотрю")
    await handled(bot)

    assert await anna.texts("operator") == ["Сейчас посмотрю"]
    assert (await anna.conversation()).operator_name == "Ольга"


async def test_an_answer_to_the_visitor_stays_one_while_a_note_is_asked_for(
    house: Runtime, bot: Telegram, anna: Visitor
):
    await anna.writes("Есть ли баннер?")
    question = await bot.read(OLGA, "Есть ли баннер?")
    await _asked(bot, anna)

    bot.say(OLGA, "Есть", answers=question.number)
    await handled(bot)

    assert await anna.texts("operator") == ["Есть"]
    assert (await anna.conversation()).operator_name == "Ольга"


async def test_an_old_question_takes_no_words_away_from_the_visitor(
    house: Runtime, bot: Telegram, anna: Visitor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transfer, "ASKED_FOR", -transfer.ASKED_FOR)
    await _asked(bot, anna)

    bot.say(OLGA, "Добрый день")
    await handled(bot)

    assert await anna.texts("operator") == ["Добрый день"]


async def test_in_a_topic_only_the_words_of_whoever_hands_over_are_the_note(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")
    await joins(bot, PETR, "Пётр")
    anna = await waits()
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}")
    await bot.answered(bot.press(OLGA, card, "Взять"))
    await bot.until(lambda: "Передать" in card.buttons, "the buttons")
    await bot.answered(bot.press(OLGA, card, "Передать"))
    await bot.answered(bot.press(OLGA, await bot.read(GROUP, "Кому передать"), "Пётр"))
    await bot.read(GROUP, ASKED)

    bot.say(PETR, "//я слушаю", chat=GROUP, thread=card.thread_id)
    await handled(bot)
    assert (await anna.conversation()).operator_name == "Ольга"
    bot.say(OLGA, "Торопится", chat=GROUP, thread=card.thread_id)
    await bot.read(GROUP, "Разговор передан: Пётр.")

    assert await notes(anna) == ["я слушаю", "Торопится"]
