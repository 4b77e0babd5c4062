"""A bot that is removed from its group, topics that are deleted or closed: what is said meanwhile reaches operators."""

import pytest

from tests.channels.desk import BEGIN, INVITES, handled, invited, joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.channels import outbox
from vink_chat.conversations import Status
from vink_chat.kit import db, signals

OLGA, PETR, GROUP = 11, 12, -1001
LOST = "Бот не попадает в группу операторов"


async def _forum(bot: Telegram) -> None:
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)


async def _topic(bot: Telegram, visitor: Visitor) -> int:
    def found() -> int:
        return next((thread for (_, thread), one in bot.topics.items() if one["name"].endswith(tag(visitor))), 0)

    return await bot.until(found, "the topic")


async def _boss(bot: Telegram, number: int, name: str) -> None:
    person = await joins(bot, number, name)
    async with db.transaction() as tx:
        await operators.set_role(tx, person, operators.Role.ADMIN)


@pytest.mark.parametrize("told", [True, False])
async def test_while_the_bot_is_out_of_its_group_people_are_called_in_their_own_chats(
    house: Runtime, bot: Telegram, told: bool
):
    await _forum(bot)
    await _boss(bot, PETR, "Пётр")
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)
    await bot.read(GROUP, "Ждут ответа, от", thread=thread)

    bot.change_membership(GROUP, "kicked", tell=told)
    await anna.writes("Вы здесь?")

    await invited(bot, OLGA, anna)
    await bot.read(PETR, LOST)
    await anna.writes("Ау")
    await house.settle()
    assert len([text for text in bot.texts(PETR) if LOST in text]) == 1
    assert not [text for text in bot.texts(OLGA) if LOST in text]
    before = len(bot.texts(GROUP, thread))
    bot.change_membership(GROUP, "administrator")

    again = await bot.until(lambda: bot.texts(GROUP, thread)[before + 1 :], "the card and the transcript")
    assert all(words in again[0] for words in ("Нужен баннер", "Вы здесь?", "Ау"))
    await bot.until(lambda: not [one for one in bot.seen(OLGA) if one.buttons], "the withdrawal")


async def test_what_was_taken_while_the_bot_was_out_goes_on_in_the_topic(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)
    await bot.read(GROUP, "Ждут ответа, от", thread=thread)
    bot.change_membership(GROUP, "left")
    await takes(bot, OLGA, anna)
    bot.say(OLGA, "Сейчас посмотрю")
    await handled(bot)
    assert await anna.texts("operator") == ["Сейчас посмотрю"]
    before = len(bot.texts(GROUP, thread))

    bot.change_membership(GROUP, "administrator")

    await bot.read(OLGA, "Этот разговор теперь в своей теме.")
    await bot.until(lambda: "Сейчас посмотрю" in "".join(bot.texts(GROUP, thread)[before:]), "the transcript")
    await anna.writes("Спасибо")
    await bot.read(GROUP, "Спасибо", thread=thread)
    bot.say(OLGA, "Пожалуйста", chat=GROUP, thread=thread)
    await handled(bot)
    assert (await anna.texts("operator"))[-1] == "Пожалуйста"


async def test_a_group_without_topics_is_called_again_when_the_bot_is_back(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP, forum=False))
    anna = await waits()
    await bot.read(GROUP, INVITES)
    bot.change_membership(GROUP, "kicked")
    await handled(bot)
    before = len(bot.texts(GROUP))

    bot.change_membership(GROUP, "member")

    await bot.until(lambda: f"{INVITES} {tag(anna)}" in "".join(bot.texts(GROUP)[before:]), "the invitation")


async def test_a_topic_created_again_begins_with_what_was_said(house: Runtime, bot: Telegram):
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)
    await bot.read(GROUP, "Ждут ответа, от", thread=thread)

    bot.delete_topic(GROUP, thread)
    await anna.writes("Вы ещё здесь?")

    fresh = await bot.until(
        lambda: next((one for (_, one), topic in bot.topics.items() if topic["name"].endswith(tag(anna))), None)
    )
    transcript = await bot.read(GROUP, "Ждут ответа, от", thread=fresh)
    assert "Нужен баннер" in transcript.text
    assert "Вы ещё здесь?" in transcript.text
    assert bot.texts(GROUP, fresh)[0].startswith(f"Посетитель {tag(anna)}")


async def _led_in_a_topic(bot: Telegram) -> tuple[Visitor, int]:
    await _forum(bot)
    await joins(bot, OLGA, "Ольга")
    await joins(bot, PETR, "Пётр")
    anna = await waits("Нужен баннер")
    thread = await _topic(bot, anna)
    card = await bot.read(GROUP, f"Посетитель {tag(anna)}", thread=thread)
    await bot.answered(bot.press(OLGA, card, "Взять"))
    await bot.until(lambda: "Завершить" in card.buttons, "the buttons")
    return anna, thread


async def test_who_leads_a_conversation_ends_it_by_closing_its_topic(house: Runtime, bot: Telegram):
    anna, thread = await _led_in_a_topic(bot)

    bot.close_topic(OLGA, GROUP, thread)

    await bot.read(GROUP, "окончен", thread=thread)
    assert (await anna.conversation()).status is Status.CLOSED
    assert bot.topics[GROUP, thread]["closed"]
    await anna.presses_the_button()
    await bot.until(lambda: not bot.topics[GROUP, thread]["closed"], "the topic of the second call")


async def test_a_topic_somebody_else_closed_is_opened_again(house: Runtime, bot: Telegram):
    anna, thread = await _led_in_a_topic(bot)

    bot.close_topic(PETR, GROUP, thread)

    await bot.read(GROUP, "Тему закрыли, но разговор продолжается", thread=thread)
    await bot.until(lambda: not bot.topics[GROUP, thread]["closed"], "the reopening")
    assert (await anna.conversation()).status is Status.ATTENDED


async def test_who_waits_is_called_in_the_group_that_took_the_place_of_another(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(-500, forum=False))
    await joins(bot, OLGA, "Ольга")
    await joins(bot, PETR, "Пётр")
    first, second = await waits(), await waits("Позовите человека")
    old = {one.id: await bot.read(-500, f"{INVITES} {tag(one)}") for one in (first, second)}
    bot.migrate(-500, GROUP)
    await handled(bot)
    new = await bot.read(GROUP, f"{INVITES} {tag(first)}")

    # The old group's messages can still be scrolled to, and pressed.
    assert "Вы на связи" in await bot.answered(bot.press(OLGA, old[first.id], BEGIN))
    assert (await first.conversation()).operator_name == "Ольга"
    await bot.until(lambda: new.text == "Уже взял(а) Ольга." and not new.buttons, "the new one to be withdrawn")
    assert "Уже взял" in await bot.answered(bot.press(PETR, old[first.id], BEGIN))
    call = await bot.read(GROUP, f"{INVITES} {tag(second)}")
    assert "Вы на связи" in await bot.answered(bot.press(PETR, call, BEGIN))


async def test_an_invitation_on_its_way_while_its_group_moves_is_withdrawn_where_it_arrived(
    house: Runtime, bot: Telegram
):
    await prefer(preferences.Telegram(), group_id=bot.group(-500, forum=False))
    await joins(bot, OLGA, "Ольга")
    bot.fail("sendMessage", kind="hang_after", seconds=1, chat_id=-500)
    async with signals.current().subscribe(outbox.call_ended_signal(-500)) as calls:
        anna = await waits()
        await bot.read(-500, f"{INVITES} {tag(anna)}")

        bot.migrate(-500, GROUP)
        bot.say(OLGA, "Коллеги, мы переехали", chat=GROUP)
        call = await bot.read(GROUP, f"{INVITES} {tag(anna)}")
        await calls.next()

    assert "Вы на связи" in await bot.answered(bot.press(OLGA, call, BEGIN))
    await bot.until(lambda: call.text == "Уже взял(а) Ольга." and not call.buttons, "the invitation to be withdrawn")
