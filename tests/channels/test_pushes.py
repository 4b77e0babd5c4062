"""What comes to the address that Telegram pushes updates to."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.channels import desk
from tests.emulators import telegram
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from vink_chat import channels, preferences
from vink_chat.api import rest as doors
from vink_chat.channels.telegram import runtime
from vink_chat.channels.telegram.inbound.receiver import webhook_secret
from vink_chat.kit import db


async def test_a_push_that_is_too_large_is_told_so_and_a_strangers_nothing(sqlite_tables_url: str, bot: Telegram):
    async with desk.working(sqlite_tables_url, bot, public_url="https://chat.example.ru") as house:
        await prefer(preferences.Telegram(), webhook=True)
        await bot.until(lambda: bot.webhook.get("url"), "the webhook", seconds=15)
        app = FastAPI()
        app.include_router(doors.router)
        secret, name = webhook_secret(house.settings.secret, telegram.BOT["id"]), "x-telegram-bot-api-secret-token"

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat") as client:

            async def code(word: str, content: Any, **headers: str) -> int:
                answer = await client.post("/api/telegram", content=content, headers={name: word, **headers})
                return answer.status_code

            async def pieces() -> AsyncIterator[bytes]:
                yield b"[]"

            assert await code(secret, b"[]") == 200
            assert await code(secret, b"x" * 1_000_001) == 413
            assert await code(secret, b"", **{"content-length": "9" * 5000}) == 413
            assert await code(secret, pieces()) == 411
            assert [await code("guess", body) for body in (b"[]", b"x" * 1_000_001, pieces())] == [404] * 3


OLGA, PETR = 11, 12


async def test_a_webhook_takes_only_what_telegram_sends(sqlite_tables_url: str, bot: Telegram):
    address = {"public_url": "https://chat.example.ru"}
    async with desk.working(sqlite_tables_url, bot, **address) as house:
        await prefer(preferences.Telegram(), webhook=True)
        await bot.until(lambda: bot.webhook.get("url"), "the webhook", seconds=15)
        assert bot.webhook == {
            "url": "https://chat.example.ru/api/telegram",
            "secret_token": webhook_secret(house.settings.secret, telegram.BOT["id"]),
        }
        bot.person(PETR, "Пётр")
        bot.say(PETR, "/start")
        update = json.dumps(bot.updates.popleft()).encode()

        refused = [await channels.deliver(secret, update) for secret in ("", "guess", "ы")]
        taken = [await channels.deliver(bot.webhook["secret_token"], body) for body in (update, update, b"{", b"[]")]

        assert refused == [False] * 3
        assert taken == [True] * 4
        await bot.read(PETR, "Заявка отправлена")
        assert len(bot.texts(PETR)) == 1


async def _push_fault_is(words: str) -> None:
    async with asyncio.timeout(10):
        while True:
            async with db.reading() as tx:
                if (await channels.push_fault(tx)) == words:
                    return
            await asyncio.sleep(0.01)


async def test_while_telegram_refuses_to_push_the_bot_asks_by_itself(
    sqlite_tables_url: str, bot: Telegram, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runtime, "WEBHOOK_RETRY_SECONDS", 1.0)
    bot.fail("setWebhook", 2, code=400, description="Bad Request: bad webhook: unknown certificate")
    async with desk.working(sqlite_tables_url, bot, public_url="https://chat.example.ru"):
        await prefer(preferences.Telegram(), webhook=True)
        await bot.until(lambda: [one for one in bot.refusals if one[0] == "setWebhook"], "the refusal", seconds=15)
        bot.say(bot.person(PETR, "Пётр"), "/start")
        await bot.read(PETR, "Заявка отправлена")
        await _push_fault_is("Bad webhook: unknown certificate")

        await bot.until(lambda: bot.webhook.get("url"), "the webhook", seconds=15)
        bot.say(PETR, "/start")
        update = json.dumps(bot.updates.popleft()).encode()

        assert await channels.deliver(bot.webhook["secret_token"], update)
        await _push_fault_is("")
        names = [name for _, name, _ in bot.calls]
        assert "getUpdates" not in names[len(names) - names[::-1].index("setWebhook") :]
