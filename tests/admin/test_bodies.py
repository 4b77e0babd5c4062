"""What a stranger sends is not read to its end."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from vink_chat import operators
from vink_chat.kit.db import Database
from vink_chat.pages.admin import knowledge_files
from vink_chat.pages.staff import entrance

MEGABYTE = b"a" * 1_000_000
BEGINNINGS = {
    "/admin-files/knowledge": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
    ),
    "/auth/sign-in": ("application/x-www-form-urlencoded", b"login="),
    "/auth/accept": ("application/x-www-form-urlencoded", b"token="),
    "/auth/reset": ("application/x-www-form-urlencoded", b"token="),
}


@pytest.mark.parametrize("path", BEGINNINGS)
async def test_a_long_body_of_a_stranger_is_refused_before_it_is_read(database: Database, path: str):
    app, sent = FastAPI(), 0
    app.include_router(knowledge_files.router)
    app.include_router(entrance.router)
    kind, beginning = BEGINNINGS[path]

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield beginning
        for _ in range(30):
            sent += len(MEGABYTE)
            yield MEGABYTE

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat") as client:
        answer = await client.post(path, content=body(), headers={"content-type": kind})

    assert answer.status_code in {401, 413}
    assert sent <= len(MEGABYTE)


async def test_the_administrators_own_file_is_taken_in(database: Database):
    await operators.first_admin(database.transaction, "boss", "boss-secret-1")
    token = await operators.sign_in(database.transaction, "boss", "boss-secret-1")
    app = FastAPI()
    app.include_router(knowledge_files.router)
    pair = '{"request": [{"role": "user", "text": "Режете ли вы стекло?"}], "response": "Нет, только пластики."}'

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://chat", cookies={"vink_session": token}
    ) as client:
        answer = await client.post("/admin-files/knowledge", files={"file": ("pairs.jsonl", pair.encode())})

    assert answer.status_code == 303
    assert "added=1&" in answer.headers["location"]
