"""The emulated Bot API is as strict as Telegram."""

import asyncio

import httpx
import pytest

from tests.emulators import telegram
from tests.emulators.telegram import Pace, Telegram

OLGA, PETR, GROUP = 11, 12, -1001


async def test_the_emulator_is_as_strict_as_telegram(bot: Telegram):
    bot.person(OLGA, "Ольга")
    bot.person(PETR, "Пётр")
    mine = bot.say(OLGA, "привет")
    bot.updates.clear()
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y" * 65}]]}
    async with httpx.AsyncClient(base_url=bot.base_url + telegram.TOKEN, trust_env=False) as client:

        async def refused(method: str, **given: object) -> str:
            answer = (await client.post(f"/{method}", json=given)).json()
            return "" if answer["ok"] else f"{answer['error_code']} {answer['description']}"

        assert await refused("sendMessage", chat_id=OLGA, text=" ") == "400 Bad Request: message text is empty"
        assert await refused("sendMessage", chat_id=OLGA, text="😀" * 2049) == "400 Bad Request: message is too long"
        assert await refused("sendMessage", chat_id=99, text="x") == "400 Bad Request: chat not found"
        assert "can't initiate" in await refused("sendMessage", chat_id=PETR, text="x")
        assert "BUTTON_DATA_INVALID" in await refused("sendMessage", chat_id=OLGA, text="x", reply_markup=markup)
        assert "can't parse entities" in await refused("sendMessage", chat_id=OLGA, text="<b>", parse_mode="HTML")
        assert "thread not found" in await refused("sendMessage", chat_id=OLGA, text="x", message_thread_id=5)
        form = await client.post("/sendMessage", data={"chat_id": OLGA, "text": "123"})
        parts = await client.post("/SENDMESSAGE", files={"chat_id": (None, str(OLGA)), "text": (None, "два")})
        assert [form.json()["result"]["text"], parts.json()["result"]["text"]] == ["123", "два"]
        number = form.json()["result"]["message_id"]
        assert "not modified" in await refused("editMessageText", chat_id=OLGA, message_id=number, text="123")
        assert "can't be edited" in await refused("editMessageText", chat_id=OLGA, message_id=mine.number, text="1")
        press = bot.press_data(OLGA, mine, "x")
        assert await refused("answerCallbackQuery", callback_query_id=press) == ""
        assert "query is too old" in await refused("answerCallbackQuery", callback_query_id=press)
        assert await refused("nothing") == "404 Not Found"
        assert (await client.get(f"{bot.base_url}1:wrong/getMe")).status_code == 401
        bot.block(OLGA)
        assert "403 Forbidden" in await refused("sendMessage", chat_id=OLGA, text="x")

        bot.updates.clear()
        first = asyncio.create_task(refused("getUpdates", timeout=20))
        await bot.until(lambda: bot.poller)
        second = asyncio.create_task(refused("getUpdates", timeout=20))
        assert "409 Conflict: terminated" in await first
        bot.say(PETR, "ура")
        assert await second == ""


@pytest.mark.parametrize("pace", [Pace(group=3, group_window=2.0, chat_gap=0.2)])
async def test_the_emulator_counts_messages_and_says_how_long_to_wait(pace: Pace):
    bot = Telegram(pace=pace)
    async with (
        telegram.running(bot),
        httpx.AsyncClient(base_url=bot.base_url + telegram.TOKEN, trust_env=False) as client,
    ):
        bot.group(GROUP)
        answers = [await client.post("/sendMessage", json={"chat_id": GROUP, "text": "x"}) for _ in range(3)]
        codes, refused = [answer.status_code for answer in answers[:2]], answers[2].json()

    assert codes == [200, 429]
    assert refused["parameters"]["retry_after"] >= 1
    assert bot.early == 1
