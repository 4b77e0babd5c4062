"""Operators who cannot answer any more: switched off in the administration, or out of the bot's reach."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tests.channels import desk
from tests.channels.desk import handled, invited, joins, notes, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.makers import Colleague, Visitor
from vink_chat import handover, operators
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.kit import db
from vink_chat.operators import Presence

OLGA, PETR, VERA = 11, 12, 13
OFF = "Ваша учётная запись отключена."


@pytest.fixture
async def house(any_url: str, bot: Telegram) -> AsyncIterator[Runtime]:
    async with desk.working(any_url, bot) as house:
        yield house


async def _switch_off(operator_id: UUID) -> None:
    async with db.transaction() as tx:
        await handover.switch_off(tx, operator_id)


async def test_what_a_switched_off_operator_led_goes_to_the_others(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")
    anna, busy = await waits(), await waits()
    await takes(bot, OLGA, anna)
    await joins(bot, PETR, "Пётр")
    await takes(bot, PETR, busy)
    await joins(bot, VERA, "Вера")

    await _switch_off(olga)

    await bot.read(OLGA, OFF)
    for person in (PETR, VERA):
        await bot.read(person, f"Ольга больше не отвечает. Разговоры вернулись в очередь: {tag(anna)}.")
    await takes(bot, VERA, anna)
    assert (await anna.conversation()).operator_name == "Вера"


async def test_a_switched_off_operator_neither_reads_nor_writes_on(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    await _switch_off(olga)
    await bot.read(OLGA, OFF)
    await anna.writes("Вы ещё здесь?")
    bot.say(OLGA, "Я ещё напишу")
    bot.say(OLGA, "/status")
    await handled(bot)
    await house.settle()

    assert not [text for text in bot.texts(OLGA) if "ещё здесь" in text]
    assert bot.texts(OLGA).count(OFF) == 1
    assert "Я ещё напишу" not in await anna.texts()


async def test_what_had_not_gone_out_yet_does_not_reach_one_who_was_untied(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    card = await bot.read(OLGA, f"Посетитель {tag(anna)}")
    bot.fail("sendMessage", chat_id=OLGA, retry_after=2)
    await anna.writes("Тайное слово")
    await anna.writes("И ещё одно")
    await house.settle()

    async with db.transaction() as tx:
        await handover.unlink_telegram(tx, olga)

    await bot.read(OLGA, "вернулся в очередь")
    # The buttons go after everything else that the chat is sent.
    await bot.until(lambda: not card.buttons)
    assert not [text for text in bot.texts(OLGA) if "Тайное" in text or "ещё одно" in text]


async def test_who_is_switched_on_again_is_let_in_as_before(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")
    await _switch_off(olga)
    await bot.read(OLGA, OFF)

    async with db.transaction() as tx:
        await operators.enable(tx, olga)
    await bot.read(OLGA, "Администратор подтвердил вас.")
    bot.say(OLGA, "/start")
    await bot.read(OLGA, "Вы на смене. Приглашения придут сюда.")
    await invited(bot, OLGA, await waits())


async def _blocks_and_telegram_tells(bot: Telegram, anna: Visitor) -> None:
    person = bot.people[OLGA]
    bot.block(OLGA)
    bot.update(
        my_chat_member={
            "chat": bot.chat(OLGA), "from": person, "date": 1,
            "old_chat_member": {"user": person, "status": "member"},
            "new_chat_member": {"user": person, "status": "kicked"},
        }
    )  # fmt: skip


async def _blocks_and_nobody_tells(bot: Telegram, anna: Visitor) -> None:
    bot.block(OLGA)
    await anna.writes("Вы здесь?")


@pytest.mark.parametrize("how", [_blocks_and_telegram_tells, _blocks_and_nobody_tells])
async def test_what_somebody_led_who_blocked_the_bot_waits_again(house: Runtime, bot: Telegram, how):
    olga = await joins(bot, OLGA, "Ольга")
    anna, second = await waits(), await waits()
    for visitor in (anna, second):
        async with db.transaction() as tx:
            await handover.claim(tx, (await visitor.conversation()).id, olga, "Ольга")
    await bot.read(OLGA, f"Ждут ответа, от {tag(second)}")
    await joins(bot, PETR, "Пётр")

    await how(bot, anna)

    told = await bot.read(PETR, "Ольга больше не получает сообщения в Telegram.")
    assert {tag(anna), tag(second)} <= set(told.text.rstrip(".").replace(",", "").split())
    async with db.reading() as tx:
        assert (await operators.operator(tx, olga)).presence is Presence.OFF
    for visitor in (anna, second):
        assert (await visitor.conversation()).status is Status.WAITING
        assert "Вы остаётесь в очереди" in (await visitor.texts("system"))[-1]
        await invited(bot, PETR, visitor)


async def _is_noted(visitor: Visitor) -> None:
    async with asyncio.timeout(10):
        while True:
            if any("не доставлено" in note for note in await notes(visitor)):
                return
            await asyncio.sleep(0.01)


async def test_what_waited_for_somebody_who_blocks_the_bot_is_noted_in_the_thread(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", chat_id=OLGA, retry_after=30)
    await anna.writes("Вы здесь?")
    await bot.until(lambda: bot.refusals, "the refusal")

    await _blocks_and_telegram_tells(bot, anna)

    await _is_noted(anna)


async def test_nobody_hears_of_one_who_was_not_at_work_and_blocks_the_bot(house: Runtime, bot: Telegram):
    await joins(bot, PETR, "Пётр")
    await joins(bot, OLGA, "Ольга")
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "Смена окончена")
    bot.person(VERA, "Чужая")

    for person, words in ((OLGA, "/status"), (VERA, "/start")):
        bot.fail("sendMessage", chat_id=person, code=403, description="Forbidden: bot was blocked by the user")
        bot.say(person, words)
    await bot.until(lambda: len(bot.refusals) == 2, "the refusals")
    await handled(bot)
    bot.say(PETR, "/who")
    await bot.read(PETR, "свободен")

    assert not [text for text in bot.texts(PETR) if "больше не получает" in text]


@pytest.mark.parametrize("how", [_blocks_and_telegram_tells, _blocks_and_nobody_tells])
async def test_who_blocked_the_bot_works_on_at_a_desk_that_is_open_in_a_browser(house: Runtime, bot: Telegram, how):
    olga = await joins(bot, OLGA, "Ольга")
    await Colleague(olga, "Ольга").opens_a_desk()
    anna = await waits()
    async with db.transaction() as tx:
        await handover.claim(tx, (await anna.conversation()).id, olga, "Ольга")
    await bot.read(OLGA, f"Ждут ответа, от {tag(anna)}")
    await joins(bot, PETR, "Пётр")

    await how(bot, anna)
    await anna.writes("Ещё вопрос")
    await _is_noted(anna)

    async with db.reading() as tx:
        assert (await operators.operator(tx, olga)).presence is Presence.HERE
    assert (await anna.conversation()).operator_id == olga
    assert not [text for text in bot.texts(PETR) if "больше не получает" in text]


async def test_who_is_untied_from_telegram_reads_no_more(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    async with db.transaction() as tx:
        await handover.unlink_telegram(tx, olga)
    await bot.read(OLGA, "вернулся в очередь")
    await anna.writes("Тайное слово")
    bot.say(OLGA, "Ответ")
    await bot.read(OLGA, "Это бот для операторов")

    assert (await anna.conversation()).status is Status.WAITING
    assert not [text for text in bot.texts(OLGA) if "Тайное" in text]
    assert "Ответ" not in await anna.texts()
