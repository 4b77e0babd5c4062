"""How somebody becomes an operator in Telegram, comes to work and goes home."""

import asyncio

import pytest

from tests.channels import desk
from tests.channels.desk import INVITES, comes, handled, invited, joins, takes, waits
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from tests.makers import hire
from vink_chat import channels, operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.kit import db
from vink_chat.operators import AccountStatus, Presence

OLGA, PETR, GROUP = 11, 12, -1001


async def test_a_stranger_waits_for_the_administrator_and_is_answered_once(house: Runtime, bot: Telegram):
    bot.person(OLGA, "Ольга")

    bot.say(OLGA, "/start")
    await bot.read(OLGA, "Заявка отправлена")
    for text in ("/start", "Вы тут?", "/finish"):
        bot.say(OLGA, text)
    await handled(bot)

    async with db.reading() as tx:
        [person] = await operators.operators(tx)
    assert (person.status, person.name) == (AccountStatus.PENDING, "Ольга")
    assert len(bot.texts(OLGA)) == 1


async def test_who_only_writes_is_told_once_how_to_come_in(house: Runtime, bot: Telegram):
    bot.person(PETR, "Пётр")

    for text in ("Привет", "Ау", "/who"):
        bot.say(PETR, text)
    await handled(bot)

    await bot.read(PETR, "Чтобы стать оператором")
    assert len(bot.texts(PETR)) == 1
    async with db.reading() as tx:
        assert await operators.operators(tx) == []


async def test_a_confirmed_operator_goes_on_shift_and_is_told_that_he_waits_already(house: Runtime, bot: Telegram):
    olga = await comes(bot, OLGA, "Ольга")

    bot.say(OLGA, "/start")

    assert (await bot.read(OLGA, "Вы уже на смене.")).markup["keyboard"]
    async with db.reading() as tx:
        assert (await operators.operator(tx, olga)).presence is Presence.HERE


async def test_finish_without_a_conversation_ends_the_shift(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")

    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "Смена окончена.")
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "Смена уже закончена")

    async with db.reading() as tx:
        assert (await operators.operator(tx, olga)).presence is Presence.OFF


async def test_a_one_time_link_ties_an_account_of_the_browser(house: Runtime, bot: Telegram):
    anna = await hire("Анна", Presence.OFF)
    bot.person(OLGA, "Anna in Telegram")
    async with db.transaction() as tx:
        token = await operators.telegram_link_token(tx, anna.id)

    bot.say(OLGA, f"/start {token}")
    await bot.read(OLGA, "привязан к вашей учётной записи")
    bot.say(bot.person(PETR, "Пётр"), f"/start {token}")

    await bot.read(PETR, "Ссылка уже использована")
    async with db.reading() as tx:
        assert (await operators.operator(tx, anna.id)).telegram_id == OLGA


async def test_a_stranger_with_a_wrong_link_is_answered_once_and_may_come_in(house: Runtime, bot: Telegram):
    bot.person(PETR, "Пётр")

    for text in ("/start neverwas", "/start neverwas", "/start another"):
        bot.say(PETR, text)
    await handled(bot)
    await bot.read(PETR, "Ссылка уже использована")
    bot.say(PETR, "/start")

    await bot.read(PETR, "Заявка отправлена")
    assert len(bot.texts(PETR)) == 2


async def test_an_operator_with_a_wrong_link_is_told_each_time(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")

    for _ in range(2):
        bot.say(OLGA, "/start neverwas")

    await bot.until(lambda: len([text for text in bot.texts(OLGA) if "Ссылка уже использована" in text]) == 2)


async def test_an_operator_who_pauses_is_not_invited_until_he_resumes(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    bot.say(OLGA, "/pause")
    pause = await bot.read(OLGA, "Пауза")
    assert pause.text == "Пауза: приглашений не будет. Вернуться — /resume."

    anna = await waits()
    await house.settle()
    assert not [text for text in bot.texts(OLGA) if INVITES in text]
    bot.say(OLGA, "/resume")

    await invited(bot, OLGA, anna)


async def test_who_pauses_reads_in_his_language_that_the_invitation_is_withdrawn(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Olga")
    async with db.transaction() as tx:
        await operators.set_language(tx, olga, "en")
    await waits()
    call = await bot.read(OLGA, "Waiting for a person")

    bot.say(OLGA, "/pause")

    await bot.until(lambda: call.text == "The invitation is withdrawn: you get none now.", "the withdrawal")


async def test_who_comes_back_on_shift_is_invited_again(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    first = await invited(bot, OLGA, anna)

    bot.say(OLGA, "/finish")
    await bot.until(lambda: "Приглашение снято" in first.text and not first.buttons)
    bot.say(OLGA, "/start")

    await bot.until(lambda: len([one for one in bot.seen(OLGA) if INVITES in one.text]) == 1)
    await takes(bot, OLGA, anna)


async def test_status_who_and_help_answer_and_an_unknown_command_says_so(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    for command in ("/status", "/who", "/help@vink_desk_bot", "/order"):
        bot.say(OLGA, command)

    await bot.read(OLGA, "Вы на месте.")
    await bot.read(OLGA, "Ольга — ведёт: 1")
    await bot.read(OLGA, "/pause — отойти")
    await bot.read(OLGA, "Такой команды нет")


async def test_the_bot_sets_its_menu_in_both_languages(house: Runtime, bot: Telegram):
    await bot.until(lambda: {"", "ru", "en"} <= set(bot.commands))

    assert [one["command"] for one in bot.commands["ru"]] == [
        "start", "finish", "status", "queue", "priority", "pause", "resume", "who", "help",
    ]  # fmt: skip


async def test_an_operator_who_sends_a_link_to_the_group_is_no_stranger_there(house: Runtime, bot: Telegram):
    await prefer(preferences.Telegram(), group_id=bot.group(GROUP))
    await joins(bot, OLGA, "Ольга")

    bot.say(OLGA, "/start some-word", chat=GROUP)
    await bot.read(GROUP, "Вы уже на смене.")
    bot.say(OLGA, "/pause")
    await bot.read(OLGA, "Пауза")
    bot.say(OLGA, "/resume")
    await bot.read(OLGA, "Вы снова получаете приглашения.")

    assert len(bot.texts(GROUP)) == 1
    assert not [text for text in bot.texts(OLGA) if "подтвердил" in text]


async def _the_bot_is_called(name: str) -> None:
    async with asyncio.timeout(10):
        while True:
            async with db.reading() as tx:
                if await channels.bot_name(tx) == name:
                    return
            await asyncio.sleep(0.01)


async def test_a_token_telegram_knows_no_more_is_told_in_the_log_and_leaves_no_name(
    sqlite_tables_url: str, bot: Telegram, caplog: pytest.LogCaptureFixture
):
    async with desk.working(sqlite_tables_url, bot):
        await _the_bot_is_called("vink_desk_bot")
    bot.token = "9:another"

    async with desk.working(sqlite_tables_url, bot):
        await _the_bot_is_called("")

        await bot.until(lambda: "does not know this token: check VINK_TELEGRAM_TOKEN" in caplog.text, "the log line")
