"""Who asks to be let in is known by more than a chosen name, and cannot flood the administrators."""

import pytest

from tests.channels.desk import handled, joins
from tests.emulators.telegram import Telegram
from vink_chat import operators
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db
from vink_chat.operators import AccountStatus

BOSS, OLGA, ANNA = 10, 11, 12


async def _boss(bot: Telegram) -> None:
    boss = await joins(bot, BOSS, "Анна Ковалёва")
    async with db.transaction() as tx:
        await operators.set_role(tx, boss, operators.Role.ADMIN)


async def _status(number: int) -> AccountStatus | None:
    async with db.reading() as tx:
        found = await operators.by_telegram(tx, number)
    return found.status if found else None


async def test_an_administrator_lets_somebody_in_from_telegram(house: Runtime, bot: Telegram):
    await _boss(bot)
    bot.say(bot.person(OLGA, "Ольга"), "/start")

    question = await bot.read(BOSS, f"@user{OLGA} ({OLGA}) хочет стать оператором. Имя: Ольга")
    assert "уже зовут" not in question.text
    await bot.answered(bot.press(BOSS, question, "Подтвердить"))

    await bot.read(OLGA, "Администратор подтвердил вас.")
    assert await _status(OLGA) is AccountStatus.ACTIVE
    await bot.until(lambda: "подтверждено" in question.text and not question.buttons, "the decision")


async def test_a_namesake_is_shown_as_one_and_can_be_turned_away(house: Runtime, bot: Telegram):
    await _boss(bot)
    bot.say(bot.person(ANNA, "анна  ковалёва"), "/start")

    question = await bot.read(BOSS, "Так уже зовут работающего оператора.")
    await bot.answered(bot.press(BOSS, question, "Отклонить"))

    assert await _status(ANNA) is None


@pytest.mark.parametrize("words", ["Подтвердить", "Отклонить"])
async def test_only_an_administrator_decides(house: Runtime, bot: Telegram, words: str):
    await _boss(bot)
    await joins(bot, OLGA, "Ольга")
    bot.say(bot.person(ANNA, "Вера"), "/start")
    question = await bot.read(BOSS, "хочет стать оператором")

    answer = await bot.answered(bot.press_data(OLGA, bot.say(OLGA, "/who"), question.buttons[words]))

    assert answer
    assert await _status(ANNA) is AccountStatus.PENDING
    assert question.buttons


async def test_strangers_cannot_fill_the_list(house: Runtime, bot: Telegram):
    for number in range(100, 130):
        bot.say(bot.person(number, f"Гость {number}"), "/start")
    await handled(bot)

    async with db.reading() as tx:
        assert len(await operators.operators(tx)) == 20
    await bot.read(129, "Сейчас заявок слишком много")

    async with db.transaction() as tx:
        assert await operators.dismiss_strangers(tx) == 20
    async with db.reading() as tx:
        assert await operators.operators(tx) == []
