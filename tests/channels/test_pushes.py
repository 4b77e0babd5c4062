"""What comes to the address that Telegram pushes updates to."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi import FastAPI

from tests.channels import desk
from tests.emulators import telegram
from tests.emulators.telegram import Telegram
from tests.houses import prefer
from vink_chat import preferences
from vink_chat.api import rest as doors
from vink_chat.channels.telegram.inbound.receiver import webhook_secret


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
