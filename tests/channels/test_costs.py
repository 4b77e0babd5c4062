"""What a message costs on its way to Telegram and back: the outbox takes the quick way to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Engine, event

from tests.channels import desk
from tests.channels.desk import all_said, handled, joins, takes, waits
from tests.emulators.telegram import Telegram
from vink_chat.bootstrap import Runtime

OLGA = 11
# Putting a row, choosing what goes next, beginning it, and noting that it was done: what every call takes.
_EVERY_CALL: Final = ("INSERT INTO telegram_", "min(telegram_outgoing.id)", "SET tries=", "sent_at=?")


@contextmanager
def _slow_statements() -> Iterator[list[str]]:
    """Collect what goes to the database past the prepared statements."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


async def test_a_message_each_way_takes_the_quick_way_to_the_database(house: Runtime, bot: Telegram):
    await joins(bot, OLGA, "Ольга")
    anna = await waits()
    await takes(bot, OLGA, anna)

    with _slow_statements() as slow:
        await anna.writes("Сколько стоит лист?")
        await bot.read(OLGA, "Сколько стоит лист?")
        bot.say(OLGA, "Сорок рублей")
        await handled(bot)
        await all_said(OLGA)

    assert await anna.texts("operator") == ["Сорок рублей"]
    assert [one for one in slow if any(sign in one for sign in _EVERY_CALL)] == []


async def test_a_message_goes_each_way_once_on_every_database(any_url: str, bot: Telegram):
    async with desk.working(any_url, bot):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)

        await anna.writes("Сколько стоит лист?")
        await bot.read(OLGA, "Сколько стоит лист?")
        bot.say(OLGA, "Сорок рублей")
        await handled(bot)
        await all_said(OLGA)

        assert await anna.texts("operator") == ["Сорок рублей"]
        assert sum("Сколько стоит лист?" in text for text in bot.texts(OLGA)) == 1
