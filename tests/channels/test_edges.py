"""What is easily done by mistake in Telegram reaches nobody it is not meant for, and is said to whoever did it."""

import pytest
import time_machine

from tests.channels.desk import INVITES, handled, joins, tag, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import Visitor
from vink_chat import preferences
from vink_chat.bootstrap import Runtime
from vink_chat.channels import store
from vink_chat.channels.model import Stranger, TelegramMessage
from vink_chat.channels.telegram import store as link_store
from vink_chat.kit import db
from vink_chat.kit.clock import now

OLGA, PETR, GROUP = 11, 12, -1001


async def _leads(bot: Telegram) -> Visitor:
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    return anna


async def test_a_keyboard_in_a_group_is_shown_to_whoever_is_answered(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP, forum=False), topics=False)
    await joins(bot, OLGA, "Ольга")

    asked = bot.say(OLGA, "/start", chat=GROUP)

    answer = await bot.read(GROUP, "Вы уже на смене")
    assert answer.markup
    assert answer.markup["selective"]
    assert answer.answers == asked.number


async def test_a_command_of_somebody_else_in_the_group_is_left_alone(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP), topics=True)
    await joins(bot, OLGA, "Ольга")

    bot.say(OLGA, "/deploy", chat=GROUP)
    bot.say(OLGA, "/deploy")
    await bot.read(OLGA, "Такой команды нет")

    assert not bot.texts(GROUP)


async def test_an_answer_to_an_invitation_in_a_group_is_not_lost_in_silence(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP, forum=False), topics=False)
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    call = await bot.read(GROUP, INVITES)

    bot.say(OLGA, "Здравствуйте!", chat=GROUP, answers=call.number)

    await bot.read(GROUP, "Отсюда посетителю не ответить")
    assert await anna.texts("operator") == []


async def test_a_command_put_into_an_old_message_does_not_reach_the_visitor(house: Runtime, bot: Telegram):
    anna = await _leads(bot)
    said = bot.say(OLGA, "Добрый день")
    await handled(bot)

    bot.edit(said, "/finish")

    await bot.read(OLGA, "Команда в исправленном сообщении не выполняется")
    assert await anna.texts("operator") == ["Добрый день"]


async def test_a_number_behind_a_slash_is_no_command(house: Runtime, bot: Telegram):
    anna = await _leads(bot)

    bot.say(OLGA, "/50 штук берите")
    await handled(bot)

    assert await anna.texts("operator") == ["/50 штук берите"]


@pytest.mark.parametrize("sends", [True, False])
async def test_what_is_forwarded_goes_to_the_visitor_only_after_a_question(house: Runtime, bot: Telegram, sends: bool):
    anna = await _leads(bot)

    bot.say(
        OLGA, "Скидка 40 % только своим", forward_origin={"type": "hidden_user", "sender_user_name": "x", "date": 1}
    )
    question = await bot.read(OLGA, "Кому отправить?")
    await bot.until(lambda: tag(anna) in question.buttons, "the buttons")
    assert await anna.texts("operator") == []
    await bot.answered(bot.press(OLGA, question, tag(anna) if sends else "Никому"))

    assert await anna.texts("operator") == (["Скидка 40 % только своим"] if sends else [])


async def test_who_asks_again_whether_they_are_let_in_is_answered_once_an_hour(house: Runtime, bot: Telegram):
    bot.person(PETR, "Пётр")
    for _ in range(3):
        bot.say(PETR, "/start")
    await handled(bot)
    await bot.read(PETR, "Заявка отправлена")
    assert len(bot.texts(PETR)) == 1

    with time_machine.travel(now().replace(year=now().year + 1)):
        bot.say(PETR, "/start")
        await bot.read(PETR, "Заявка ещё не подтверждена")
        bot.say(PETR, "/start")
        await handled(bot)

    assert len(bot.texts(PETR)) == 2


async def test_no_flood_of_strangers_makes_the_bot_talk(house: Runtime, bot: Telegram):
    async with db.transaction() as tx:
        tx.session.add_all([Stranger(id=number) for number in range(1000, 1000 + link_store.MAX_STRANGERS - 2)])

    for number in range(20, 25):
        bot.say(bot.person(number, f"Кто-то {number}"), "Купите рекламу")
    bot.say(bot.person(25, "Кто-то ещё"), "/start")
    await handled(bot)
    await house.settle()

    await bot.read(25, "заявок слишком много")
    assert len([one for one in bot.messages if "бот для операторов" in one.text]) == 2


async def test_which_message_is_which_is_forgotten_a_month_after_the_end(house: Runtime, bot: Telegram):
    anna = await _leads(bot)
    said = bot.say(OLGA, "Добрый день")
    await handled(bot)
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, f"Чат с посетителем {tag(anna)} окончен.")

    async with db.transaction() as tx:
        await store.forget(tx, now().replace(year=now().year - 1))
        assert await tx.session.get(TelegramMessage, (OLGA, said.number))
        await store.forget(tx, now().replace(year=now().year + 1))
        tx.session.expire_all()
        assert not await tx.session.get(TelegramMessage, (OLGA, said.number))
