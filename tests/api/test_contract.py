"""The contract of the replaced system, row by row: what stays as it was."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from tests.api.conftest import Front, calls_a_person, ends, says, thread
from tests.makers import hire
from vink_chat import conversations, handover
from vink_chat.conversations import Author

ASKING = ["/api/v1/gpt", "/api/v1/gpt/", "/gpt", "/gpt/"]
READING = ["/api/v1/message", "/api/v1/message/", "/message", "/message/"]
WITHOUT_TOKEN = '{"message":"Токен не был передан в заголовках"}'


@pytest.mark.parametrize("path", ASKING)
async def test_a_message_is_accepted(front: Front, database, path: str):
    answer = await front.ask({"message": "Где мой заказ?"}, path)

    assert (answer.status_code, answer.text) == (201, '{"message":"Успех"}')
    assert answer.headers["content-type"] == "application/json"
    assert await thread(database, front.owner) == ["Где мой заказ?"]


@pytest.mark.parametrize("headers", [{}, {"chat-token": ""}, {"chat-token": "  "}])
async def test_without_a_token_nothing_else_is_looked_at(front: Front, headers: dict[str, str]):
    answer = await front.client.post("/api/v1/gpt", content=b"{", headers=headers)

    assert (answer.status_code, answer.text) == (400, WITHOUT_TOKEN)


@pytest.mark.parametrize("name", ["chat-token", "CHAT-TOKEN", "Chat-Token", "chat_token"])
async def test_the_headers_name_may_be_written_in_several_ways(front: Front, database, name: str):
    answer = await front.client.post("/gpt", json={"message": "Да"}, headers={name: front.token})

    assert answer.status_code == 201
    assert await thread(database, front.owner) == ["Да"]


async def test_unknown_fields_are_passed_over(front: Front):
    assert (await front.ask({"message": "Да", "chat": 1, "user": "GPT"})).status_code == 201


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{"message":"Привет, Винк"}'),
        ("application/json; charset=utf-8", '{"message":"Привет, Винк"}'),
        ("application/x-www-form-urlencoded", "message=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82%2C+Винк"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="message"\r\n\r\nПривет, Винк\r\n--b--\r\n',
        ),
    ],
)
async def test_json_and_both_kinds_of_forms_are_read(front: Front, database, kind: str, body: str):
    answer = await front.send(body.encode(), kind)

    assert answer.status_code == 201
    assert await thread(database, front.owner) == ["Привет, Винк"]


@pytest.mark.parametrize("body", [b"hello", b"\xff\xfe\x00"])
async def test_another_type_of_body_is_named_in_the_refusal(front: Front, body: bytes):
    answer = await front.send(body, "text/plain")

    assert (answer.status_code, answer.text) == (
        415,
        '{"detail":"Неподдерживаемый тип данных \\"text/plain\\" в запросе."}',
    )


@pytest.mark.parametrize("headers", [{}, {"chat-token": "0b8f6c1e-6d0a-4f5e-9a51-3c8f2f7f6f10"}, {"chat-token": "1"}])
async def test_an_unknown_visitor_reads_an_empty_list(front: Front, headers: dict[str, str]):
    answer = await front.client.get("/api/v1/message", headers=headers)

    assert (answer.status_code, answer.text) == (200, '{"messages":[]}')


@pytest.mark.parametrize("path", READING)
async def test_answers_are_read_once_oldest_first(front: Front, database, path: str):
    await front.ask({"message": "Где мой заказ?"})
    await says(database, front.owner, "Ищу…", Author.ASSISTANT)
    await says(database, front.owner, "Заказ в пути.", Author.OPERATOR)

    first, second = await front.read(path), await front.read(path)

    assert [(one["message"], one["user"]) for one in first] == [("Ищу…", "GPT"), ("Заказ в пути.", "OPERATOR")]
    assert all(set(one) == {"message", "date_create", "user"} for one in first)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", one["date_create"]) for one in first)
    assert second == []


async def test_the_call_for_a_person_keeps_the_old_front_end_asking(front: Front, database):
    await front.ask({"message": "Позовите оператора"})
    await calls_a_person(database, front.owner)

    notice = (await front.read())[-1]

    assert notice["user"] == "OPERATOR"
    assert notice["message"]


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_end_of_a_chat_is_the_text_the_old_front_end_hides(front: Front, database, language: str):
    context = conversations.VisitorContext(language=language)
    async with database.transaction() as tx:
        await conversations.receive(tx, front.token, "Where is my order?", context=context)
    await ends(database, front.owner)

    (end,) = await front.read()

    assert (end["message"], end["user"]) == ("Чат окончен.", "OPERATOR")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/gpt", "OPTIONS, POST"),
        ("DELETE", "/gpt/", "OPTIONS, POST"),
        ("POST", "/api/v1/message", "GET, HEAD, OPTIONS"),
        ("PUT", "/message/", "GET, HEAD, OPTIONS"),
        ("PATCH", "/message", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_is_named_in_the_refusal(front: Front, method: str, path: str, allowed: str):
    answer = await front.client.request(method, path)

    assert (answer.status_code, answer.text) == (405, f'{{"detail":"Метод \\"{method}\\" не разрешен."}}')
    assert answer.headers["allow"] == allowed


async def test_conversations_over_rest_are_ordinary_ones(front: Front, database):
    await front.client.post(
        "/gpt",
        json={"message": "Да"},
        headers={"chat-token": front.token, "referer": "https://shop.example/cart", "user-agent": "Old front end"},
    )

    async with database.reading() as tx:
        conversation = await conversations.newest(tx, front.owner)

    assert conversation is not None
    assert (conversation.channel, conversation.page) == ("rest", "https://shop.example/cart")
    assert conversation.device == "Old front end"
    assert conversation.status is conversations.Status.ASSISTED


async def _block(database, front: Front, period: str, *, address: bool = False) -> None:
    anna = await hire("Анна")
    async with database.transaction() as tx:
        found = await conversations.newest(tx, front.owner)
        await handover.block(tx, found.id, anna.id, anna.name, period=period, reason="", address=address)


async def test_a_blocked_visitor_is_told_so(front: Front, database):
    await front.ask({"message": "Здравствуйте"})
    await _block(database, front, "always")

    answer = await front.ask({"message": "Да"})

    assert (answer.status_code, answer.json()["message"]) == (403, str(conversations.Blocked()))
    assert (await thread(database, front.owner))[-1] != "Да"


async def test_from_a_blocked_address_another_visitor_is_told_until_when_in_the_shops_time(front: Front, database):
    with time_machine.travel("2026-12-11T11:00:00+00:00", tick=False):
        await front.ask({"message": "Купите рекламу"})
        await _block(database, front, "day", address=True)

        answer = await Front(front.client, str(uuid4())).ask({"message": "Ещё реклама"})

    assert answer.status_code == 403
    assert answer.json()["message"].startswith("Отправка сообщений для вас закрыта до 12 декабря, 14:00 (Москва).")


@pytest.mark.parametrize("name", ["x-forwarded-for", "x-real-ip", "forwarded"])
async def test_the_address_of_a_proxy_nobody_named_is_not_blocked(front: Front, database, name: str):
    front.client.headers[name] = "203.0.113.7"
    await front.ask({"message": "Купите рекламу"})

    with pytest.raises(handover.SharedAddress):
        await _block(database, front, "day", address=True)

    assert (await Front(front.client, str(uuid4())).ask({"message": "Здравствуйте"})).status_code == 201


async def test_buttons_under_a_message_are_read_as_plain_text(front: Front, database):
    await front.ask({"message": "скока стоит доставка"})
    replies = [
        {"kind": "question", "text": "Как работает доставка?"},
        {"kind": "question", "text": "Отправляете ли вы заказы в регионы?"},
        {"kind": "call", "text": "Позвать специалиста"},
    ]
    async with database.transaction() as tx:
        conversation = await conversations.newest(tx, front.owner)
        await conversations.post(tx, conversation, Author.ASSISTANT, "Вы об этом?", quick_replies=replies)

    [message] = await front.read()

    assert message["user"] == "GPT"
    assert message["message"].split("\n") == [
        "Вы об этом?",
        "• Как работает доставка?",
        "• Отправляете ли вы заказы в регионы?",
        "Чтобы позвать специалиста, ответьте «да».",
    ]


async def test_who_asks_for_our_messages_counts_as_there(front: Front, database):
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as clock:
        await hire()
        await front.ask({"message": "Позовите оператора"})
        await calls_a_person(database, front.owner)
        clock.shift(timedelta(minutes=4))
        await front.read()
        clock.shift(timedelta(minutes=4))
        async with database.reading() as tx:
            assert list(await handover.places(tx)) == [front.owner]

        clock.shift(timedelta(minutes=2))
        async with database.reading() as tx:
            assert await handover.places(tx) == {}
