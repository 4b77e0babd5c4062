"""How fast the bot speaks: messages go first, and what only tidies up neither delays them nor breaks a limit."""

import random

from tests.channels.desk import QUICK, joins, takes, waits, working
from tests.emulators.telegram import Telegram
from vink_chat.channels import Limits
from vink_chat.channels.telegram.outbound.sender import Call, CallPace

OLGA, GROUP = 11, -1001


async def test_taking_old_buttons_away_holds_up_no_message(sqlite_tables_url: str, bot: Telegram):
    slow = Limits(overall=QUICK.overall, chat_gap=2.0, group=QUICK.group)
    async with working(sqlite_tables_url, bot, slow):
        await joins(bot, OLGA, "Ольга")
        anna = await waits()
        await takes(bot, OLGA, anna)

        def bared() -> list[float]:
            return [at for at, name, _ in bot.calls if name == "editMessageReplyMarkup"]

        before = len(bared())
        await anna.writes("Первый вопрос")
        await bot.read(OLGA, "Первый вопрос")
        await bot.until(lambda: len(bared()) > before, "the buttons to go", seconds=20)
        tidied = bared()[-1]

        await anna.writes("Второй вопрос")
        await bot.read(OLGA, "Второй вопрос")

        sent = max(at for at, name, _ in bot.calls if name == "sendMessage")
        assert sent - tidied < slow.chat_gap / 2


def test_a_chat_never_gets_more_than_one_call_beyond_one_a_second():
    pace, luck, made = CallPace(Limits()), random.Random(3), list[float]()
    clock = told = 0.0
    while clock < 120:
        clock += luck.choice([0.01, 0.1, 0.4])
        message = luck.random() < 0.7
        call = Call.MESSAGE if message else Call.TIDY
        if pace.ready_at(OLGA, call) <= clock:
            pace.spend(OLGA, clock, call)
            made.append(clock)
            told += message

    assert told > 80
    for at, first in enumerate(made):
        for number, last in enumerate(made[at:], start=1):
            assert number <= (last - first) + 2 + 1e-6


def test_in_a_group_everything_counts_and_tidying_up_leaves_room():
    pace = CallPace(Limits(chat_gap=0.0))
    for number in range(14):
        assert pace.ready_at(GROUP, Call.TIDY) <= number
        pace.spend(GROUP, number, Call.TIDY)

    assert pace.ready_at(GROUP, Call.TIDY) == 60
    for number in range(14, 20):
        assert pace.ready_at(GROUP, Call.MESSAGE) <= number
        pace.spend(GROUP, number, Call.MESSAGE)
    assert pace.ready_at(GROUP, Call.MESSAGE) == 60
