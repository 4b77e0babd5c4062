"""What goes wrong by a slip: a note that would go out, a command for another bot, a second press, a group's mask."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.channels.desk import BEGIN, INVITES, handled, joins, notes, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Colleague, hire
from vink_chat import handover, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.channels import store
from vink_chat.conversations import Status
from vink_chat.kit import db

OLGA, PETR, GROUP = 11, 12, -1001


@pytest.mark.parametrize("before", ["\u200b", "\u2060 ", "\ufeff", " \u200f"])
async def test_a_letter_nobody_sees_does_not_send_a_note_out(house: Runtime, bot: Telegram, before: str):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.say(OLGA, f"{before}// посетитель торгуется")
    await handled(bot)

    assert await anna.texts("operator") == []
    assert await notes(anna) == ["посетитель торгуется"]


async def test_what_the_visitor_sees_does_not_pretend_to_become_a_note(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    said = bot.say(OLGA, "Скидки не будет")
    noted = bot.say(OLGA, "// сердится")
    await handled(bot)

    bot.edit(said, "// скидки не будет")
    await bot.read(OLGA, "заметкой оно не станет")
    bot.edit(noted, "// очень сердится")
    await handled(bot)

    assert await anna.texts("operator") == ["Скидки не будет"]
    assert await notes(anna) == ["очень сердится"]


async def test_what_was_said_is_not_corrected_once_the_conversation_is_over(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    said = bot.say(OLGA, "Скидки нед")
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "окончен")

    bot.edit(said, "Скидки нет")
    await bot.read(OLGA, "отправленное посетителю уже не изменить")

    assert await anna.texts("operator") == ["Скидки нед"]


async def test_who_takes_the_mark_off_a_note_is_told_that_it_stays_one(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    noted = bot.say(OLGA, "//500 рублей")
    await handled(bot)

    bot.edit(noted, "500 рублей")
    await bot.read(OLGA, "осталось заметкой")

    assert await anna.texts("operator") == []
    assert await notes(anna) == ["500 рублей"]


async def _own_name() -> str:
    async with asyncio.timeout(10):
        while True:
            async with db.reading() as tx:
                if name := (await store.lease(tx)).bot_name:
                    return name
            await asyncio.sleep(0.01)


async def test_a_command_for_another_bot_is_not_obeyed(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    [thread] = await bot.until(lambda: [thread for chat, thread in bot.topics if chat == GROUP], "the topic")
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.answered(bot.press(OLGA, card, "Взять"))
    own = await _own_name()

    bot.say(OLGA, "/finish@another_bot", chat=GROUP, thread=thread)
    await handled(bot)
    assert (await anna.conversation()).status is Status.ATTENDED
    assert not [text for text in bot.texts(GROUP, thread) if "окончен" in text]
    assert await anna.texts("operator") == []
    bot.say(OLGA, f"/finish@{own.upper()}", chat=GROUP, thread=thread)

    await bot.read(GROUP, "окончен", thread=thread)


async def test_a_ready_answer_pressed_twice_is_sent_once(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")
    chosen = preferences.current(preferences.Canned).replies[2]
    await bot.answered(bot.press(OLGA, card, "Шаблоны"))
    menu = await bot.read(OLGA, "Какой ответ отправить?")

    for _ in range(2):
        await bot.answered(bot.press(OLGA, menu, chosen.title))
    assert await anna.texts("operator") == [chosen.text]
    await bot.answered(bot.press(OLGA, card, "Шаблоны"))
    again = await bot.until(lambda: [one for one in bot.seen(OLGA) if one.text == menu.text and one is not menu])
    await bot.answered(bot.press(OLGA, again[0], chosen.title))

    assert await anna.texts("operator") == [chosen.text] * 2


async def test_what_is_handed_over_does_not_draw_the_next_words_to_itself(house: Runtime, bot: Telegram):
    olga, petr = await joins(bot, OLGA, "Ольга"), await hire("Пётр")
    anna, boris = await waits(), await waits()
    await petr.claims((await boris.conversation()).id)
    await takes(bot, OLGA, anna)

    await petr.transfers((await boris.conversation()).id, Colleague(olga, "Ольга"))
    await bot.read(OLGA, f"Посетитель {tag(boris)}")
    bot.say(OLGA, "Ваш заказ готов")
    await bot.read(OLGA, "Кому отправить?")

    assert await anna.texts("operator") == await boris.texts("operator") == []


async def test_what_is_taken_from_the_group_gets_the_next_words(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP, forum=False))
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.say(OLGA, "Здравствуйте, Анна")
    await handled(bot)
    boris = await waits()
    call = await bot.read(GROUP, f"{INVITES} {tag(boris)}")

    await bot.answered(bot.press(OLGA, call, BEGIN))
    await bot.read(OLGA, f"Посетитель {tag(boris)}")
    bot.say(OLGA, "Здравствуйте, Борис")
    await handled(bot)

    assert await anna.texts("operator") == ["Здравствуйте, Анна"]
    assert await boris.texts("operator") == ["Здравствуйте, Борис"]


async def test_who_waits_while_topics_are_switched_on_gets_a_topic(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP))
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    call = await bot.read(GROUP, f"{INVITES} {tag(anna)}")

    await prefer(preferences.current(preferences.Telegram), topics=True)
    await anna.writes("Вы здесь?")

    [thread] = await bot.until(lambda: [thread for chat, thread in bot.topics if chat == GROUP], "the topic")
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.read(GROUP, "Вы здесь?", thread=thread)
    await bot.until(lambda: call.text == "Этот разговор теперь в своей теме." and not call.buttons, "the invitation")
    await bot.answered(bot.press(OLGA, card, "Взять"))
    assert (await anna.conversation()).status is Status.ATTENDED


async def test_what_is_taken_in_the_browser_does_not_draw_the_next_words(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna, boris = await waits(), await waits()
    await takes(bot, OLGA, anna)
    bot.say(OLGA, "Здравствуйте, Анна")
    await handled(bot)
    async with db.transaction() as tx:
        await handover.claim(tx, (await boris.conversation()).id, (await anna.conversation()).operator_id, "Ольга")
    await bot.read(OLGA, f"Посетитель {tag(boris)}")
    bot.say(OLGA, "Ещё Анне")
    await bot.read(OLGA, "Кому отправить?")

    assert await anna.texts("operator") == ["Здравствуйте, Анна"]
    assert await boris.texts("operator") == []


@pytest.mark.parametrize("name", [GROUP, -1002])
async def test_who_writes_in_another_name_is_told_that_nobody_got_it(house: Runtime, bot: Telegram, name: int):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    [thread] = await bot.until(lambda: [thread for chat, thread in bot.topics if chat == GROUP], "the topic")
    await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    masked: dict[str, Any] = {
        "sender_chat": {"id": name, "title": "Операторы"},
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
    }

    bot.say(OLGA, "Ответ под маской", chat=GROUP, thread=thread, **masked)
    await bot.read(GROUP, "Посетитель этого не получил", thread=thread)
    before = len(bot.texts(GROUP))
    bot.say(OLGA, "Коллеги, обед", chat=GROUP, **masked)
    await handled(bot)

    assert len(bot.texts(GROUP)) == before
    assert await anna.texts("operator") == []


async def test_in_a_topic_too_what_was_not_carried_is_said(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    [thread] = await bot.until(lambda: [thread for chat, thread in bot.topics if chat == GROUP], "the topic")
    await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)

    photo = bot.say(OLGA, None, chat=GROUP, thread=thread, photo=[{"file_id": "1"}])
    await bot.read(GROUP, "ссылку текстом", thread=thread)
    shown = bot.shown(photo) | {"photo": [{"file_id": "1"}], "caption": "Макет"}
    bot.update(edited_message={key: value for key, value in shown.items() if key != "text"})
    await bot.read(GROUP, "менять у него нечего", thread=thread)
    # No database holds such a number.
    bot.update(message=shown | {"text": "Здравствуйте", "message_id": 10**30})
    await bot.read(GROUP, "Не получилось. Попробуйте ещё раз.", thread=thread)
    before = len(bot.texts(GROUP))
    general = bot.shown(bot.say(OLGA, "Коллеги, обед", chat=GROUP))
    bot.update(edited_message=general | {"text": "Коллеги, ужин"})
    bot.update(message=general | {"message_id": 10**30})
    await handled(bot)

    assert len(bot.texts(GROUP)) == before


async def test_updates_that_are_numbered_from_a_lower_number_are_confirmed(house: Runtime, bot: Telegram):
    bot.longest_poll = 0.2
    bot.updates.append({"update_id": 900_000_000, "poll": {}})
    bot.stirred.set()
    await bot.until(lambda: "900000001" in str(bot.calls), "its confirmation", 40)
    # A quiet week holds many polls that end without anything.
    await bot.until(lambda: [given for _, name, given in bot.calls if name == "getUpdates"][-1].get("offset") is None)
    bot.person(PETR, "Пётр")

    for words in ("/start", "/help", "/status"):
        bot.say(PETR, words)

    await bot.read(PETR, "Заявка отправлена")
    await handled(bot)


def test_a_cut_connection_says_that_the_database_is_away():
    cut = DBAPIError("SELECT 1", {}, OSError(), connection_invalidated=True)
    assert db.is_away(cut)
    assert not db.is_away(DBAPIError("SELECT nothing", {}, ValueError()))
    assert not db.is_away(KeyError("message"))
