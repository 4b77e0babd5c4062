"""The buttons under a conversation."""

import pytest

from tests.channels import desk
from tests.channels.desk import handled, joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.makers import Visitor
from vink_chat import preferences
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.channels.telegram import buttons
from vink_chat.channels.telegram.buttons import Act
from vink_chat.conversations import Status

OLGA, PETR = 11, 12


@pytest.fixture
async def anna(house: Runtime, bot: Telegram) -> Visitor:
    await joins(bot, OLGA, "Ольга")
    visitor = await waits()
    await takes(bot, OLGA, visitor)
    return visitor


async def press(bot: Telegram, visitor: Visitor, words: str) -> str:
    card = await bot.read(OLGA, f"Посетитель {tag(visitor)}")
    return await bot.answered(bot.press(OLGA, card, words))


async def test_a_canned_reply_is_chosen_and_sent(house: Runtime, bot: Telegram, anna: Visitor):
    await press(bot, anna, "Шаблоны")
    menu = await bot.read(OLGA, "Какой ответ отправить?")
    chosen = preferences.current(preferences.Canned).replies[2]

    assert await bot.answered(bot.press(OLGA, menu, chosen.title)) == "Отправлено."

    assert await anna.texts("operator") == [chosen.text]
    await bot.read(OLGA, chosen.text)


async def test_a_draft_is_sent_only_after_send_was_pressed(sqlite_tables_url: str, bot: Telegram):
    model = ScriptedProvider(otherwise="Баннер 440 есть на складе.")
    async with desk.working(sqlite_tables_url, bot, provider=model):
        await joins(bot, OLGA, "Ольга")
        anna = await waits("Есть ли баннер 440?")
        await takes(bot, OLGA, anna)

        assert await press(bot, anna, "Черновик ассистента") == "Ассистент пишет черновик…"
        draft = await bot.read(OLGA, "Черновик ассистента:\nБаннер 440 есть на складе.")
        assert await anna.texts("operator") == []
        old = draft.buttons["Отправить"]
        await bot.answered(bot.press(OLGA, draft, "Отправить"))

        assert await anna.texts("operator") == ["Баннер 440 есть на складе."]
        await bot.until(lambda: draft.text == "Черновик отправлен посетителю.")
        assert await bot.answered(bot.press_data(OLGA, draft, old)) == "Этот черновик уже использован."
        assert await anna.texts("operator") == ["Баннер 440 есть на складе."]


async def test_a_conversation_goes_back_to_the_assistant(house: Runtime, bot: Telegram, anna: Visitor):
    await press(bot, anna, "Вернуть ассистенту")

    await bot.read(OLGA, f"Разговор с посетителем {tag(anna)} вернулся ассистенту.")
    assert (await anna.conversation()).status is Status.ASSISTED
    bot.say(OLGA, "Я ещё здесь")
    await bot.read(OLGA, "Сейчас вы не ведёте разговор")


async def test_a_conversation_is_handed_to_a_colleague(house: Runtime, bot: Telegram, anna: Visitor):
    await joins(bot, PETR, "Пётр")
    bot.say(OLGA, "//посетитель торопится")
    await handled(bot)

    await press(bot, anna, "Передать")
    menu = await bot.read(OLGA, "Кому передать разговор?")
    await bot.answered(bot.press(OLGA, menu, "Пётр"))
    asked = await bot.read(OLGA, "Что передать на словах?")
    assert await bot.answered(bot.press(OLGA, asked, "Без заметки")) == "Разговор передан: Пётр."

    await bot.read(OLGA, f"Разговор с посетителем {tag(anna)} передан: Пётр.")
    await bot.read(PETR, f"Посетитель {tag(anna)}")
    await bot.read(PETR, "Ольга (заметка)")
    bot.say(PETR, "Здравствуйте, я Пётр")
    await handled(bot)
    assert (await anna.texts("operator"))[-1] == "Здравствуйте, я Пётр"


async def test_the_button_ends_the_conversation(house: Runtime, bot: Telegram, anna: Visitor):
    assert await press(bot, anna, "Завершить") == "Разговор сейчас завершится."

    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")
    card = next(one for one in bot.seen(OLGA) if one.text.startswith(f"Посетитель {tag(anna)}"))
    await bot.until(lambda: "завершён" in card.text and not card.buttons)


async def test_a_button_of_somebody_elses_conversation_does_nothing(house: Runtime, bot: Telegram, anna: Visitor):
    await joins(bot, PETR, "Пётр")
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")

    own = bot.say(PETR, "/status")
    words = [await bot.answered(bot.press_data(PETR, own, data)) for data in card.buttons.values()]
    assert set(words) == {"Эта кнопка больше не работает."}
    assert (await anna.conversation()).status is Status.ATTENDED


async def test_a_press_telegram_has_forgotten_still_counts(house: Runtime, bot: Telegram, anna: Visitor):
    bot.fail("answerCallbackQuery", code=400, description="Bad Request: query is too old")
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")

    bot.press(OLGA, card, "Завершить")

    await bot.read(OLGA, "окончен")
    await bot.until(lambda: not bot.faults[0].times, "the answer that was refused")


async def test_a_button_nobody_made_is_answered(house: Runtime, bot: Telegram, anna: Visitor):
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")

    for data in ("", "x", "b:1", "b:x:", "b:-1:", "zz:1:2", "s:1:x", "f:999999:", "ы" * 30, f"b:{9**30}:"):
        assert await bot.answered(bot.press_data(OLGA, card, data)) == "Эта кнопка больше не работает.", data


def test_every_button_fits_into_64_bytes():
    longest = [buttons.data(act, 2**63 - 1, str(2**63 - 1)) for act in Act]

    assert max(len(data.encode()) for data in longest) <= 64
