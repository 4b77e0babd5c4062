"""REST delivers every message to a visitor once, in order, and nothing else."""

import asyncio

import pytest

from vink_chat import conversations
from vink_chat.conversations import Author
from vink_chat.kit.db import Database

SECRET = "6f1d2c3b-aaaa-4bbb-8ccc-0123456789ab"


async def _says(database: Database, text: str, author: Author = Author.OPERATOR, *, note: bool = False) -> None:
    async with database.transaction() as tx:
        conversation = await conversations.newest(tx, conversations.visitor_id(SECRET))
        assert conversation is not None
        await conversations.post(tx, conversation, author, text, note=note)


async def _reads(database: Database) -> list[str]:
    async with database.transaction() as tx:
        return [message.text for message in await conversations.deliver(tx, conversations.visitor_id(SECRET))]


@pytest.fixture
async def asked(any_database: Database) -> Database:
    """A database in which a visitor has asked something."""
    async with any_database.transaction() as tx:
        await conversations.receive(tx, SECRET, "Где мой заказ?")
    return any_database


async def test_our_messages_are_handed_out_once_and_in_order(asked):
    for text in ("Один", "Два", "Три"):
        await _says(asked, text)

    assert await _reads(asked) == ["Один", "Два", "Три"]
    assert await _reads(asked) == []


async def test_notes_and_the_visitors_own_words_are_not_handed_out(asked):
    await _says(asked, "Посетитель сердится", note=True)

    async with asked.reading() as tx:
        waits = await conversations.has_undelivered(tx, conversations.visitor_id(SECRET))

    assert not waits
    assert await _reads(asked) == []


async def test_what_was_taken_back_is_handed_out_again(asked):
    await _says(asked, "Уже едет")
    async with asked.transaction() as tx:
        taken = await conversations.deliver(tx, conversations.visitor_id(SECRET))

    async with asked.transaction() as tx:
        await conversations.undeliver(tx, taken)

    assert await _reads(asked) == ["Уже едет"]


async def test_a_long_thread_is_handed_out_in_pieces_without_a_gap(asked):
    async with asked.transaction() as tx:
        conversation = await conversations.newest(tx, conversations.visitor_id(SECRET))
        for number in range(150):
            await conversations.post(tx, conversation, Author.OPERATOR, str(number))

    pieces = [await _reads(asked) for _ in range(3)]

    assert [len(piece) for piece in pieces] == [100, 50, 0]
    assert [int(text) for piece in pieces for text in piece] == list(range(150))


async def test_of_two_reads_at_once_each_message_is_in_exactly_one(asked):
    for number in range(200):
        await _says(asked, str(number))

        one, other = await asyncio.gather(_reads(asked), _reads(asked))

        assert sorted(one + other) == [str(number)]
