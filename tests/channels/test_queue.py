"""Who leads a conversation is told of those who wait, without a ring, and can take the next one."""

from datetime import timedelta

import pytest
import time_machine

from tests.channels.desk import BEGIN, INVITES, handled, invited, joins, tag, takes, waits
from tests.emulators.telegram import Message, Telegram
from tests.houses import prefer
from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover, operators, preferences
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status, visitors
from vink_chat.events import WaitChanged
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.operators import Presence

OLGA, PETR = 11, 12


async def busy(bot: Telegram, person: int = OLGA, name: str = "Ольга") -> Visitor:
    """Have an operator lead a conversation."""
    await joins(bot, person, name)
    visitor = await waits()
    await takes(bot, person, visitor)
    return visitor


async def goes_away(house: Runtime, visitor: Visitor) -> None:
    """Have a visitor who waits leave contacts, and then the page."""
    async with db.transaction() as tx:
        await handover.leave_contacts(tx, visitor.id, "Вера", "+7 903 123-45-67", "")
        card = await visitors.get(tx, visitor.id)
        card.seen_at -= timedelta(minutes=6)
        tx.session.add(card)
    await house.scheduler.sort_callbacks()


async def _told(bot: Telegram, *visitors: Visitor) -> Message:
    """Wait until exactly these visitors stand in the line of the queue."""

    def line() -> Message | None:
        lines = [one for one in bot.seen(OLGA) if one.text.startswith("Ещё ждут") or one.text.startswith("Ещё ждёт")]
        wanted = {f"Взять {tag(visitor)}" for visitor in visitors}
        return lines[0] if len(lines) == 1 and set(lines[0].buttons) == wanted else None

    return await bot.until(line, "the line of the queue")


async def test_who_is_busy_reads_without_a_ring_who_else_waits_and_takes_one(house: Runtime, bot: Telegram):
    await busy(bot)

    boris = await waits("Счёт на 50 листов ПВХ")
    line = await _told(bot, boris)
    vera = await waits()
    both = await _told(bot, boris, vera)

    assert line.silent
    assert both.silent
    assert not [text for text in bot.texts(OLGA)[-3:] if INVITES in text]
    await bot.answered(bot.press(OLGA, both, f"Взять {tag(boris)}"))
    await bot.read(OLGA, f"Посетитель {tag(boris)}")
    assert (await boris.conversation()).operator_name == "Ольга"
    await _told(bot, vera)


async def test_the_line_goes_when_a_colleague_took_the_last_one(house: Runtime, bot: Telegram):
    await busy(bot)
    boris = await waits()
    await _told(bot, boris)

    await joins(bot, PETR, "Пётр")
    await takes(bot, PETR, boris)

    await bot.until(lambda: not [text for text in bot.texts(OLGA) if text.startswith("Ещё ждёт")], "the line's end")


async def test_a_reminder_rings_at_the_busy_too(house: Runtime, bot: Telegram):
    await busy(bot)
    await prefer(preferences.Handover(), minutes_until_alert=1)
    boris = await waits()
    first = await _told(bot, boris)
    async with db.transaction() as tx:
        fresh = await conversations.get(tx, (await boris.conversation()).id)
        fresh.moved_at = fresh.moved_at.replace(year=2020)
        tx.session.add(fresh)

    async with db.transaction() as tx:
        await handover.alert_again(tx)

    await bot.until(lambda: first in bot.deleted, "the new line")
    assert not (await _told(bot, boris)).silent


async def test_the_line_rings_for_no_alarm_that_is_older_than_itself(house: Runtime, bot: Telegram):
    await busy(bot)
    await hire("Пётр")
    bot.say(OLGA, "/pause")
    await bot.read(OLGA, "Пауза")
    boris = await waits()
    await _alarmed(boris)

    bot.say(OLGA, "/resume")

    assert (await _told(bot, boris)).silent
    with time_machine.travel(now() + timedelta(minutes=2)):
        await _alarmed(boris)
    await bot.until(lambda: not [one for one in bot.seen(OLGA) if one.text.startswith("Ещё ждёт") and one.silent])
    assert not (await _told(bot, boris)).silent


async def test_who_becomes_free_is_invited_with_a_ring(house: Runtime, bot: Telegram):
    await busy(bot)
    boris = await waits()
    await _told(bot, boris)

    bot.say(OLGA, "/finish")

    assert not (await invited(bot, OLGA, boris)).silent
    await bot.until(lambda: not [text for text in bot.texts(OLGA) if text.startswith("Ещё ждёт")], "the line's end")
    assert "Вы" in await bot.answered(bot.press(OLGA, await invited(bot, OLGA, boris), BEGIN))


@pytest.mark.parametrize("command", ["/status", "/queue"])
async def test_the_queue_can_be_read_and_taken_from(house: Runtime, bot: Telegram, command: str):
    await busy(bot)
    boris = await waits("Счёт на 50 листов ПВХ")
    await _told(bot, boris)

    bot.say(OLGA, command)
    answer = await bot.read(OLGA, "Ждут: 1")

    assert f"{tag(boris)} · с " in answer.text
    await bot.answered(bot.press(OLGA, answer, f"Взять {tag(boris)}"))
    assert (await boris.conversation()).status is Status.ATTENDED
    assert await bot.answered(bot.press(OLGA, answer, f"Взять {tag(boris)}"))


async def test_of_two_who_take_from_the_line_one_wins(house: Runtime, bot: Telegram):
    await busy(bot)
    boris = await waits()
    line = await _told(bot, boris)
    await joins(bot, PETR, "Пётр")
    await takes(bot, PETR, boris)

    assert await bot.answered(bot.press_data(OLGA, line, f"w:0:{(await boris.conversation()).id.hex}")) == (
        "Уже взял(а) Пётр."
    )


async def test_who_is_on_a_pause_is_told_nothing_of_the_queue(house: Runtime, bot: Telegram):
    anna = await busy(bot)
    bot.say(OLGA, "/pause")
    await bot.read(OLGA, "Пауза")

    await waits()
    await anna.writes("Вы здесь?")
    await bot.read(OLGA, "Вы здесь?")
    await house.settle()
    await handled(bot)

    assert not [text for text in bot.texts(OLGA) if text.startswith("Ещё ждёт")]
    assert (await anna.conversation()).status is Status.ATTENDED


@pytest.mark.parametrize("command", ["/status", "/queue"])
async def test_who_is_to_be_called_back_stands_under_a_count_of_their_own(house: Runtime, bot: Telegram, command: str):
    await busy(bot)
    boris, vera = await waits(), await waits("Счёт на 50 листов ПВХ")
    await _told(bot, boris, vera)
    await goes_away(house, vera)
    await _told(bot, boris)

    bot.say(OLGA, command)
    answer = await bot.read(OLGA, "Перезвонить: 1")

    assert "Ждут: 1" in answer.text
    assert f"{tag(vera)} · Вера, +7 903 123-45-67 · с " in answer.text
    await bot.answered(bot.press(OLGA, answer, f"Взять {tag(vera)}"))
    assert (await vera.conversation()).status is Status.ATTENDED


async def test_who_begins_the_shift_gets_a_task_without_a_ring(house: Runtime, bot: Telegram):
    vera = await waits()
    await goes_away(house, vera)

    await joins(bot, OLGA, "Ольга")

    task = await invited(bot, OLGA, vera)
    assert "Перезвонить: Вера, +7 903 123-45-67" in task.text
    assert task.silent


async def _alarmed(visitor: Visitor) -> None:
    """Let a visitor have waited so long that everybody is alarmed."""
    await prefer(preferences.Handover(), minutes_until_alert=1)
    async with db.transaction() as tx:
        row = await conversations.get(tx, (await visitor.conversation()).id)
        row.moved_at = row.moved_at.replace(year=2020)
        tx.session.add(row)
    async with db.transaction() as tx:
        assert await handover.alert_again(tx) == 1


async def test_an_alarm_before_the_invitation_is_not_repeated_after_it(house: Runtime, bot: Telegram):
    vera = await waits()
    await _alarmed(vera)

    await joins(bot, OLGA, "Ольга")
    await takes(bot, OLGA, vera)

    assert not [text for text in bot.texts(OLGA) if "всё ещё ждёт" in text]


async def test_no_alarm_rings_for_who_is_only_to_be_called_back(house: Runtime, bot: Telegram):
    vera = await waits()
    await goes_away(house, vera)
    await joins(bot, OLGA, "Ольга")
    await invited(bot, OLGA, vera)
    async with db.transaction() as tx:
        row = await conversations.get(tx, (await vera.conversation()).id)
        # It rang while the visitor still waited, and this chat was not told yet.
        row.alerted_at = row.moved_at
        tx.session.add(row)
        tx.emit(WaitChanged(row.id, row.visitor_id))
    await house.settle()

    await takes(bot, OLGA, vera)

    assert not [text for text in bot.texts(OLGA) if "всё ещё ждёт" in text]


async def test_a_returning_visitor_rings_first_at_who_had_them(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    vera = await waits()
    await takes(bot, OLGA, vera)
    bot.say(OLGA, "/finish")
    await bot.read(OLGA, "окончен")
    await joins(bot, PETR, "Пётр")

    await vera.presses_the_button()

    first = await bot.until(lambda: [one for one in bot.seen(OLGA) if "сначала предложен вам" in one.text], "a call")
    assert not first[0].silent
    bot.say(PETR, "/queue")
    assert "сначала предложен: Ольга" in (await bot.read(PETR, tag(vera))).text
    assert not [text for text in bot.texts(PETR) if INVITES in text]
    async with db.transaction() as tx:
        row = await conversations.get(tx, (await vera.conversation()).id)
        row.offered_until = row.moved_at
        tx.session.add(row)
    await house.scheduler.end_offers()
    assert not (await invited(bot, PETR, vera)).silent


async def test_who_is_busy_reads_of_a_returning_visitor_when_the_offer_to_a_colleague_is_over(
    house: Runtime, bot: Telegram
):
    petr = Colleague(await joins(bot, PETR, "Пётр"), "Пётр")
    vera = await waits()
    await takes(bot, PETR, vera)
    await petr.finishes((await vera.conversation()).id)
    await bot.read(PETR, "окончен")
    async with db.transaction() as tx:
        await operators.set_presence(tx, petr.id, Presence.AWAY)
    await busy(bot)
    async with db.transaction() as tx:
        await operators.set_presence(tx, petr.id, Presence.HERE, in_telegram=True)
    await vera.presses_the_button()
    await bot.read(PETR, "сначала предложен вам")
    await house.settle()

    assert not [text for text in bot.texts(OLGA) if text.startswith("Ещё ждёт")]
    async with db.transaction() as tx:
        row = await conversations.get(tx, (await vera.conversation()).id)
        row.offered_until = row.moved_at
        tx.session.add(row)
    await house.scheduler.end_offers()

    await _told(bot, vera)


async def test_a_line_of_the_queue_bears_the_visitors_name(house: Runtime, bot: Telegram):
    await busy(bot)
    vera = await waits("Счёт на 50 листов ПВХ")
    async with db.transaction() as tx:
        await visitors.describe(tx, (await vera.conversation()).id, name="Вера", email="", phone="")
    await _told(bot, vera)

    bot.say(OLGA, "/queue")

    assert f"{tag(vera)} · Вера · с " in (await bot.read(OLGA, "Ждут: 1")).text
