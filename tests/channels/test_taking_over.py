"""«Забрать» in Telegram: an administrator takes a conversation from anybody, a colleague from who is not present."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.channels.desk import all_said, joins, tag, takes, waits
from tests.emulators.telegram import Message, Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status, visitors
from vink_chat.kit import db
from vink_chat.operators import Presence, Role
from vink_chat.operators.model import Operator

OLGA, PETR, GROUP = 11, 12, -1001


async def _becomes_administrator(operator_id: UUID) -> None:
    async with db.transaction() as tx:
        row = await tx.session.get(Operator, operator_id)
        assert row is not None
        row.role = Role.ADMIN
        tx.session.add(row)


async def _olga_leads(bot: Telegram) -> tuple[UUID, UUID, Visitor]:
    olga = await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    return olga, await joins(bot, PETR, "Пётр"), anna


async def _who(bot: Telegram, person: int) -> Message:
    bot.say(person, "/who")
    return await bot.read(person, "Ольга —")


async def test_an_administrator_takes_over_from_anybody(house: Runtime, bot: Telegram):
    _, petr, anna = await _olga_leads(bot)
    async with db.transaction() as tx:
        await visitors.describe(tx, (await anna.conversation()).id, name="Анна", email="", phone="")
    await _becomes_administrator(petr)
    listed = await _who(bot, PETR)

    words = await bot.answered(bot.press(PETR, listed, f"Забрать {tag(anna)}"))

    assert words == f"Вы на связи с посетителем {tag(anna)}"
    await bot.read(OLGA, f"Пётр забрал(а) разговор с посетителем {tag(anna)} · Анна.")
    await bot.read(PETR, f"Посетитель {tag(anna)}")
    bot.say(PETR, "Здравствуйте, я Пётр")
    await bot.until(lambda: bot.reactions, "it is there")
    assert await anna.texts("operator") == ["Здравствуйте, я Пётр"]


async def test_a_colleague_takes_over_only_from_who_is_not_present(house: Runtime, bot: Telegram):
    olga, petr, anna = await _olga_leads(bot)
    assert not (await _who(bot, PETR)).buttons
    async with db.transaction() as tx:
        await operators.set_presence(tx, olga, Presence.AWAY)

    bot.say(PETR, "/who")
    listed = await bot.read(PETR, "не на месте")
    await bot.answered(bot.press(PETR, listed, f"Забрать {tag(anna)}"))

    assert (await anna.conversation()).operator_id == petr


async def test_who_came_back_meanwhile_keeps_it(house: Runtime, bot: Telegram):
    olga, _, anna = await _olga_leads(bot)
    async with db.transaction() as tx:
        await operators.set_presence(tx, olga, Presence.AWAY)
    bot.say(PETR, "/who")
    listed = await bot.read(PETR, "не на месте")
    async with db.transaction() as tx:
        await operators.set_presence(tx, olga, Presence.HERE, in_telegram=True)
        await operators.telegram_works(tx, timedelta(seconds=60))

    words = await bot.answered(bot.press(PETR, listed, f"Забрать {tag(anna)}"))

    assert words == "Ольга на месте: забрать разговор может только администратор."
    assert (await anna.conversation()).operator_id == olga


async def test_of_two_who_press_the_second_is_told_who_was_first(house: Runtime, bot: Telegram):
    _, petr, anna = await _olga_leads(bot)
    vera = await joins(bot, 13, "Вера")
    for one in (petr, vera):
        await _becomes_administrator(one)
    lists = {person: await _who(bot, person) for person in (PETR, 13)}

    await bot.answered(bot.press(PETR, lists[PETR], f"Забрать {tag(anna)}"))
    words = await bot.answered(bot.press(13, lists[13], f"Забрать {tag(anna)}"))

    assert words == "Уже взял(а) Пётр."
    assert (await anna.conversation()).operator_id == petr


@pytest.mark.parametrize("admin", [True, False])
async def test_in_a_topic_the_button_stands_beside_the_others(house: Runtime, bot: Telegram, admin: bool):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    olga, petr = await joins(bot, OLGA, "Ольга"), await joins(bot, PETR, "Пётр")
    if admin:
        await _becomes_administrator(petr)
    anna = await waits("Нужен баннер")
    card = await bot.until(lambda: next((one for one in bot.seen(GROUP) if "Взять" in one.buttons), None), "the card")
    await bot.answered(bot.press(OLGA, card, "Взять"))
    await bot.until(lambda: "Забрать" in card.buttons, "the button")

    await bot.answered(bot.press(PETR, card, "Забрать"))

    conversation = await anna.conversation()
    assert (conversation.status, conversation.operator_id) == (Status.ATTENDED, petr if admin else olga)
    if admin:
        await bot.read(OLGA, f"Пётр забрал(а) разговор с посетителем {tag(anna)}.")
        await bot.until(lambda: "ведёт Пётр" in card.text, "the card")
        await all_said(GROUP)
        told = [text for text in bot.texts(GROUP) if "Пётр" in text and text != card.text]
        assert told == ["Чат (заметка):\nЗабрал(а): Пётр · до этого: Ольга"]
