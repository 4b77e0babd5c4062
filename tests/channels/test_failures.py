"""What Telegram refuses, forgets or never answers."""

import pytest
from sqlalchemy import text

from tests.channels import desk
from tests.channels.desk import handled, joins, notes, said, takes, waits
from tests.emulators import telegram
from tests.emulators.telegram import Pace, Telegram
from vink_chat import conversations, operators
from vink_chat.bootstrap import Runtime
from vink_chat.channels import Limits
from vink_chat.channels.telegram import errors, setup
from vink_chat.kit import db
from vink_chat.operators import Presence

OLGA, PETR, GROUP = 11, 12, -1001


async def test_a_message_refused_for_a_while_arrives_once_and_in_order(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 2, code=500)
    bot.fail("sendMessage", 1, kind="cut")

    sent = [f"сообщение {number}" for number in range(5)]
    for words in sent:
        await anna.writes(words)
    await bot.read(OLGA, sent[-1], seconds=20)

    assert said(bot, OLGA, anna).endswith("\n\n".join(sent))


async def test_retry_after_is_obeyed_to_the_second(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 1, retry_after=2)

    await anna.writes("первое")
    await anna.writes("второе")
    await bot.read(OLGA, "второе", seconds=15)

    assert bot.early == 0
    assert said(bot, OLGA, anna).endswith("первое\n\nвторое")
    refused, kept = [at for at, name, given in bot.calls if name == "sendMessage" and "первое" in given["text"]]
    assert kept - refused >= 2


async def test_a_lost_answer_is_the_one_case_of_a_double(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 1, kind="cut_after")

    await anna.writes("важное")
    await bot.read(OLGA, "важное")
    await anna.writes("следом")
    await bot.read(OLGA, "следом", seconds=15)

    assert said(bot, OLGA, anna).endswith("важное\n\nважное\n\nследом")


async def test_who_blocked_the_bot_leaves_the_shift_and_the_others_take_over(house: Runtime, bot: Telegram):
    olga = await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    await joins(bot, PETR, "Пётр")
    bot.block(OLGA)

    await anna.writes("Вы здесь?")

    await bot.read(PETR, "Ольга больше не получает сообщения")
    await takes(bot, PETR, anna)
    async with db.reading() as tx:
        assert (await operators.operator(tx, olga)).presence is Presence.OFF
    assert any("не доставлено" in note for note in await notes(anna))
    assert any("Вы здесь?" in words for words in bot.texts(PETR))


async def test_a_refused_message_is_noted_in_the_thread_and_holds_up_nothing(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.fail("sendMessage", 1, code=400, description="Bad Request: strange new rule")

    await anna.writes("раз")
    await anna.writes("два")

    await bot.read(OLGA, "два")
    assert [note for note in await notes(anna) if "trange new rule" in note]


async def test_a_broken_update_stops_nothing_behind_it(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    bot.update(message={"raw": 1})
    bot.update(message={"message_id": "x", "chat": None, "from": {"id": []}})
    bot.update(callback_query={"id": 5})
    bot.allowed = None
    bot.update(channel_post={"message_id": 1, "chat": {"id": -7, "type": "channel"}, "text": "канал"})
    bot.update(poll={"id": "1"})
    bot.say(OLGA, "дошло")

    await handled(bot)
    assert "дошло" in await anna.texts()


async def test_updates_that_come_twice_are_done_once(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    bot.say(OLGA, "один раз")
    again = dict(bot.updates[-1])
    await handled(bot)

    bot.updates.append(again)
    bot.stirred.set()
    await handled(bot)

    assert (await anna.texts("operator")).count("один раз") == 1


async def test_a_restart_loses_nothing_and_repeats_nothing(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        bot.fail("sendMessage", 1000, code=502)
        for number in range(3):
            await anna.writes(f"до перезапуска {number}")
    bot.faults.clear()
    bot.say(OLGA, "пока вас не было")

    async with desk.working(sqlite_tables_url, bot):
        await bot.read(OLGA, "до перезапуска 2")
        await handled(bot)

        assert said(bot, OLGA, anna).endswith("\n\n".join(f"до перезапуска {number}" for number in range(3)))
        assert await anna.texts("operator") == ["пока вас не было"]


async def test_what_a_crash_left_untold_is_told_at_the_next_start(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot) as house:
        await joins(bot, OLGA, "Ольга")
        # The process dies between the commit and its reactions.
        house.database.listener = None
        anna = await waits()

    async with desk.working(sqlite_tables_url, bot):
        await takes(bot, OLGA, anna)


async def test_the_real_limits_are_kept(sqlite_tables_url: str):
    async with telegram.running(Telegram(pace=Pace())) as bot, desk.working(sqlite_tables_url, bot, Limits()):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)
        for number in range(3):
            await anna.writes(f"сообщение {number}")
        await bot.read(OLGA, "сообщение 2", seconds=20)

        assert [code for _, code, _ in bot.refusals if code == 429] == []


async def test_the_post_goes_to_another_process_when_its_holder_leaves(postgres_tables_url: str, bot: Telegram):
    async with desk.working(postgres_tables_url, bot) as first:
        await bot.until(lambda: bot.poller, "the first polls")
        second = Runtime(first.settings, first.provider, desk.QUICK)
        await second.start()
        db.use(first.database)
        await joins(bot, OLGA, "Ольга")
        assert first.telegram
        await first.telegram.stop()

        bot.say(OLGA, "/status")
        await bot.read(OLGA, "Вы на месте.", seconds=20)
        assert [code for _, code, _ in bot.refusals if code == 409] == []
        await second.stop()
        db.use(first.database)


async def test_an_erased_conversation_leaves_no_words_in_the_outbox(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)
    await anna.writes("Мой телефон 555-12-34")
    await bot.read(OLGA, "555-12-34")
    conversation = await anna.conversation()

    async with db.transaction() as tx:
        await tx.session.delete(await conversations.get(tx, conversation.id))
    async with db.reading() as tx:
        left = (
            await tx.session.execute(text("SELECT count(*) FROM telegram_outgoing WHERE text LIKE '%555%'"))
        ).scalar()

    assert left == 0


async def test_setting_up_waits_as_long_as_telegram_says(monkeypatch: pytest.MonkeyPatch):
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(setup.asyncio, "sleep", sleep)
    troubles = [errors.RateLimited(37), errors.TemporaryFailure(), errors.RateLimited(5)]

    async def call() -> None:
        if troubles:
            raise troubles.pop(0)

    await setup._until_answered(call)

    assert pauses == [37, 1, 5]
