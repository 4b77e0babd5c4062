"""Buttons stand where the thumb is: under the newest message, and nowhere once they do nothing."""

from typing import Any

from tests.channels.desk import handled, joins, tag, takes, waits
from tests.emulators.telegram import Message, Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status

OLGA, GROUP = 11, -1001


async def _forum(bot: Telegram) -> None:
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)


async def _topic(bot: Telegram, visitor: Visitor) -> int:
    def found() -> int:
        return next((thread for (_, thread), one in bot.topics.items() if one["name"].endswith(tag(visitor))), 0)

    return await bot.until(found, "the topic")


def _with_buttons(bot: Telegram, chat: int) -> list[Message]:
    return [one for one in bot.seen(chat) if one.buttons]


async def _stand(bot: Telegram, chat: int, *texts: str) -> None:
    """Wait until buttons stand under the messages that begin so, and under no others."""

    def shown() -> Any:
        found = _with_buttons(bot, chat)
        return len(found) == len(texts) and all(
            one.text.startswith(text) for one, text in zip(found, texts, strict=True)
        )

    await bot.until(shown, f"buttons under {texts}, not {[one.text for one in _with_buttons(bot, chat)]}")


async def test_the_buttons_go_down_with_the_conversation(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    for number in range(3):
        await anna.writes(f"сообщение {number}")
        await bot.read(OLGA, f"сообщение {number}")

    await _stand(bot, OLGA, f"Посетитель {tag(anna)}", f"{tag(anna)}: сообщение 2")
    newest = bot.seen(OLGA)[-1]
    await bot.answered(bot.press(OLGA, newest, "Завершить"))
    await bot.read(OLGA, "окончен")
    assert (await anna.conversation()).status is Status.CLOSED


async def test_nothing_dead_can_be_pressed_after_the_end(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")
    for words, answer in (("Шаблоны", "Какой ответ отправить?"), ("Черновик ассистента", "Черновик ассистента:")):
        await bot.answered(bot.press(OLGA, card, words))
        await bot.read(OLGA, answer)
    await anna.writes("И ещё")
    await bot.read(OLGA, "И ещё")

    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "окончен")

    await _stand(bot, OLGA)


async def test_in_a_topic_the_buttons_stand_under_the_newest_message(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    await bot.read(GROUP, "Ждут ответа, от", thread=await _topic(bot, anna))

    await anna.writes("Вы здесь?")
    await bot.read(GROUP, "Вы здесь?")
    await _stand(bot, GROUP, f"Посетитель {tag(anna)}", "Вы здесь?")
    await bot.answered(bot.press(OLGA, bot.seen(GROUP)[-1], "Взять"))

    await bot.until(lambda: "Завершить" in bot.seen(GROUP)[-1].buttons, "the buttons of who leads")
    bot.say(OLGA, "/finish", chat=GROUP, thread=await _topic(bot, anna))
    await bot.read(GROUP, "окончен")
    await _stand(bot, GROUP)


async def test_a_second_call_in_a_topic_brings_a_new_card_that_can_be_taken(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.answered(bot.press(OLGA, card, "Взять"))
    bot.say(OLGA, "/finish", chat=GROUP, thread=thread)
    await bot.read(GROUP, "окончен", thread=thread)
    before = len(bot.seen(GROUP, thread))

    await anna.writes("А доставка?")
    await house.settle()
    await anna.presses_the_button()
    fresh = await bot.until(
        lambda: next(
            (one for one in bot.seen(GROUP, thread)[before:] if one.text.startswith(f"Посетитель {tag(anna)}")), None
        ),
        "a card",
    )

    assert not fresh.silent
    await bot.until(lambda: bot.seen(GROUP, thread)[-1] is fresh and "Взять" in fresh.buttons, "its button at the end")
    await _stand(bot, GROUP, f"Посетитель {tag(anna)}")
    assert "А доставка?" in "".join(bot.texts(GROUP, thread)[before:])
    await bot.answered(bot.press(OLGA, fresh, "Взять"))
    await handled(bot)
    assert (await anna.conversation()).status is Status.ATTENDED


async def test_a_card_stands_alone_even_when_texts_wait_before_it(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.answered(bot.press(OLGA, card, "Взять"))
    bot.say(OLGA, "/finish", chat=GROUP, thread=thread)
    await bot.read(GROUP, "окончен", thread=thread)
    before = len(bot.seen(GROUP, thread))
    bot.fail("sendMessage", chat_id=GROUP, retry_after=1)

    await anna.writes("А доставка?")
    await house.settle()
    await anna.presses_the_button()
    await bot.until(lambda: any("Взять" in one.buttons for one in bot.seen(GROUP, thread)[before:]), "a card")

    *said, fresh = bot.seen(GROUP, thread)[before:]
    assert fresh.text.startswith(f"Посетитель {tag(anna)}")
    assert "А доставка?" in "".join(one.text for one in said)


async def test_who_was_chosen_is_not_chosen_again(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    await joins(bot, 12, "Пётр")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.answered(bot.press(OLGA, card, "Взять"))
    await bot.until(lambda: "Передать" in card.buttons, "the buttons")
    await bot.answered(bot.press(OLGA, card, "Передать"))
    menu = await bot.read(GROUP, "Кому передать")

    await bot.answered(bot.press(OLGA, menu, "Пётр"))

    await bot.until(lambda: not menu.buttons, "the menu's end")
