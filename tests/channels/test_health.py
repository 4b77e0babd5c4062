"""A bot that does not work is seen, and nobody is named present who only it could reach."""

import asyncio

import pytest

from tests.channels.desk import joins, waits
from tests.emulators.telegram import Telegram
from vink_chat import channels
from vink_chat.bootstrap import Runtime
from vink_chat.channels import Health
from vink_chat.kit import db

OLGA = 11


async def _health(fault: str) -> Health:
    async with asyncio.timeout(20):
        while True:
            async with db.reading() as tx:
                found = await channels.health(tx)
            if found.fault == fault and found.heard_at:
                return found
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("code", "fault"), [(401, "token"), (409, "contested"), (502, "away")])
async def test_what_is_wrong_with_the_bot_is_known(house: Runtime, bot: Telegram, code: int, fault: str):
    bot.longest_poll = 0.2
    await joins(bot, OLGA, "Ольга")
    assert (await _health("")).waiting == 0

    bot.fail("getUpdates", 1000, code=code, description="Unauthorized")
    bot.fail("sendMessage", 1000, code=502)
    await waits()
    await bot.until(lambda: [one for one in bot.refusals if one[0] == "sendMessage"], "the refusal")
    found = await _health(fault)

    assert found.waiting == 1
    assert found.oldest
    bot.faults.clear()
    if fault != "token":
        # A wrong token is asked about seldom.
        await _health("")
