"""What was a defect of the replaced system, and must not come back."""

import asyncio
from uuid import uuid4

import pytest

from tests.api.conftest import Front, ends, says, thread
from vink_chat import conversations, preferences
from vink_chat.conversations import Author
from vink_chat.kit import db

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="message"%s\r\n\r\n%s\r\n--b--\r\n'

BAD_BODIES = {
    "no body at all": (JSON, b""),
    "an empty message": (JSON, b'{"message":""}'),
    "a blank message": (JSON, b'{"message":" \\n\\t "}'),
    "an invisible message": (JSON, '{"message":"\u200b\u2060"}'.encode()),
    "no message": (JSON, b"{}"),
    "null as message": (JSON, b'{"message":null}'),
    "null": (JSON, b"null"),
    "a number as message": (JSON, b'{"message":42}'),
    "true as message": (JSON, b'{"message":true}'),
    "an object as message": (JSON, b'{"message":{"text":"a"}}'),
    "an array as message": (JSON, b'{"message":["a"]}'),
    "malformed JSON": (JSON, b'{"message":"a"'),
    "an array": (JSON, b'["message"]'),
    "a string": (JSON, b'"message"'),
    "a deep array": (JSON, b"[" * 30_000),
    "NUL": (JSON, b'{"message":"a\\u0000b"}'),
    "a lone surrogate": (JSON, b'{"message":"a\\ud800b"}'),
    "cp1251": (JSON, '{"message":"Привет"}'.encode("cp1251")),
    "a BOM and UTF-16": (JSON, '{"message":"Привет"}'.encode("utf-16")),
    "4001 characters": (JSON, '{"message":"%s"}' % ("я" * 4001)),
    "4001 with a blank at the end": (JSON, '{"message":"%s "}' % ("я" * 4000)),
    "an empty form": (FORM, b""),
    "a form without message": (FORM, b"text=a"),
    "a form with an empty message": (FORM, b"message="),
    "a form in cp1251": (FORM, b"message=%CF%F0%E8"),
    "a form with NUL": (FORM, b"message=a%00b"),
    "a form of 200 fields": (FORM, b"&".join(b"message=a" for _ in range(200))),
    "a part with an empty message": (PARTS, PART % (b"", b"")),
    "a file": (PARTS, PART % (b'; filename="a.txt"', b"a")),
    "parts cut short": (PARTS, b"--b\r\nContent-Disp"),
    "parts without a boundary": ("multipart/form-data", PART % (b"", b"a")),
    "parts in a made-up script": (f"{PARTS}; charset=undefined", PART % (b"", b"a")),
    "parts with half a pair in UTF-7": (f"{PARTS}; charset=utf-7", PART % (b"", b"a+2AA-b")),
    "parts in cp1251": (PARTS, PART % (b"", "Привет".encode("cp1251"))),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_bad_body_is_refused_in_a_sentence_and_leaves_nothing(front: Front, database, name: str):
    kind, body = BAD_BODIES[name]

    answer = await front.send(body.encode() if isinstance(body, str) else body, kind)

    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["message"]
    assert answer.json()["message"].endswith(".")
    async with database.reading() as tx:
        assert await conversations.newest(tx, front.owner) is None
    assert await thread(database, front.owner) == []


@pytest.mark.parametrize("kind", [JSON, FORM, PARTS])
async def test_a_body_that_holds_more_than_a_message_is_not_read(front: Front, kind: str):
    answer = await front.send(b'{"message":"' + b"a" * 65_536 + b'"}', kind)

    assert (answer.status_code, answer.json()["message"]) == (413, "Слишком большой запрос: можно не больше 64 КБ.")


async def test_the_longest_message_is_accepted_in_any_script(front: Front, database):
    text = "𓀀" * conversations.LONGEST_MESSAGE

    answer = await front.ask({"message": text})

    assert answer.status_code == 201
    assert await thread(database, front.owner) == [text]


@pytest.mark.parametrize(
    "token", ["1", "1234567", "a" * 101, "токен-из-букв", "with space", "semi;colon", "ünïcödé-token"]
)
async def test_a_token_that_could_be_guessed_is_refused(front: Front, token: str):
    answer = await front.client.post("/api/v1/gpt", json={"message": "Да"}, headers=[(b"chat-token", token.encode())])

    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Токен не подходит")


async def test_looking_with_head_takes_nothing(front: Front, database):
    await front.ask({"message": "Где мой заказ?"})
    await says(database, front.owner, "В пути.", Author.OPERATOR)

    head = await front.client.head("/api/v1/message", headers={"chat-token": front.token})

    assert head.status_code == 200
    assert [one["message"] for one in await front.read()] == ["В пути."]


async def test_notes_and_other_visitors_messages_never_leak(front: Front, database):
    other = Front(front.client, str(uuid4()))
    for one in (front, other):
        await one.ask({"message": "Где мой заказ?"})
    await says(database, front.owner, "Клиент сердится", Author.OPERATOR, note=True)
    await says(database, other.owner, "Ваш заказ готов.", Author.OPERATOR)

    assert await front.read() == []
    assert [one["message"] for one in await other.read()] == ["Ваш заказ готов."]


async def test_of_two_reads_at_once_each_message_is_in_exactly_one(any_front: Front):
    await any_front.ask({"message": "Где мой заказ?"})

    for number in range(200):
        await says(db.current(), any_front.owner, str(number), Author.OPERATOR)

        one, other = await asyncio.gather(any_front.read(), any_front.read())

        assert [message["message"] for message in one + other] == [str(number)]


async def test_first_messages_at_once_are_all_taken_from_one_visitor(any_front: Front):
    for _ in range(3):
        newcomer = Front(any_front.client, str(uuid4()))

        answers = await asyncio.gather(*(newcomer.ask({"message": str(number)}) for number in range(8)))

        assert [answer.status_code for answer in answers] == [201] * 8
        async with db.reading() as tx:
            messages = await conversations.thread(tx, newcomer.owner)
        assert sorted(message.text for message in messages) == list("01234567")
        assert len({message.conversation_id for message in messages}) == 1


async def test_whoever_writes_too_fast_is_told_when_to_go_on(front: Front, database):
    limit = preferences.current(preferences.Limits).visitor_per_minute
    for _ in range(limit):
        await front.ask({"message": "Да"})

    refused = await front.ask({"message": "Да"})
    another = await Front(front.client, str(uuid4())).ask({"message": "Да"})

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["message"]
    assert refused.headers["access-control-allow-origin"] == "*"
    assert len(await thread(database, front.owner)) == limit
    assert another.status_code == 201


async def test_writing_too_fast_does_not_close_the_reading(front: Front, database):
    for _ in range(preferences.current(preferences.Limits).visitor_per_minute + 1):
        await front.ask({"message": "Да"})
    await says(database, front.owner, "Слышу вас.", Author.OPERATOR)

    assert [one["message"] for one in await front.read()] == ["Слышу вас."]


async def test_reading_has_limits_too(front: Front):
    many = preferences.current(preferences.Limits).visitor_per_minute * 20

    statuses = [
        (await front.client.get("/message", headers={"chat-token": front.token})).status_code for _ in range(many + 1)
    ]

    assert statuses == [200] * many + [429]


async def test_a_database_out_of_reach_is_said_without_its_words(front: Front):
    nowhere = db.Database("postgresql://vink:secret@127.0.0.1:1/shop")
    connected = db.current()
    db.use(nowhere)

    asked = await front.ask({"message": "Да"})
    read = await front.client.get("/message", headers={"chat-token": front.token})

    db.use(connected)
    await nowhere.close()
    for answer in (asked, read):
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert "127.0.0.1" not in answer.text


async def _limits(database, **changes: object) -> None:
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.validated(preferences.Limits, **changes))
        await preferences.cache.refresh(tx, preferences.Limits.key)


@pytest.mark.shows("Limits.visitor_per_minute")
async def test_a_visitor_may_write_as_often_as_the_shop_says(front: Front, database):
    await _limits(database, visitor_per_minute=2)

    answers = [(await front.ask({"message": "Да"})).status_code for _ in range(3)]

    assert answers == [201, 201, 429]


@pytest.mark.shows("Limits.address_per_minute")
async def test_an_address_may_write_as_often_as_the_shop_says(front: Front, database):
    await _limits(database, address_per_minute=2)

    people = [Front(front.client, str(uuid4())) for _ in range(3)]

    assert [(await one.ask({"message": "Да"})).status_code for one in people] == [201, 201, 429]


@pytest.mark.shows("Limits.blocked_addresses")
async def test_a_blocked_address_is_told_so(front: Front, database):
    await _limits(database, blocked_addresses=["0.0.0.0/0"])

    assert (await front.ask({"message": "Да"})).status_code == 403


@pytest.mark.shows("Handover.reopen_hours")
@pytest.mark.parametrize(("hours", "conversations_then"), [(24, 1), (0, 2)])
async def test_what_ended_goes_on_for_as_long_as_the_shop_says(
    front: Front, database, hours: int, conversations_then: int
):
    async with database.transaction() as tx:
        await preferences.save(tx, preferences.Handover(reopen_hours=hours))
        await preferences.cache.refresh(tx, preferences.Handover.key)
    await front.ask({"message": "Да"})
    await ends(database, front.owner)

    await front.ask({"message": "И ещё"})

    async with database.reading() as tx:
        messages = await conversations.thread(tx, front.owner)
    asked = {message.conversation_id for message in messages if message.author is Author.VISITOR}
    assert len(asked) == conversations_then
