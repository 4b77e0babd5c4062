"""Statements given to SQLite's driver at once say the same as through SQLAlchemy."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import SQLModel

from vink_chat import conversations
from vink_chat.conversations import Author
from vink_chat.kit.db import Database
from vink_chat.kit.prepared import Prepared


async def test_a_row_is_the_same_with_and_without_sqlalchemy(database: Database):
    table = SQLModel.metadata.tables["message"]
    values = {
        "id": uuid4(),
        "position": 7,
        "author": Author.OPERATOR,
        "text": "ёлка\n\u2028",
        "sources": [{"title": "Доставка", "url": "https://shop.test/1?a=б"}],
        "run_id": uuid4(),
        "created_at": datetime(2026, 2, 28, 23, 59, 59, 7, tzinfo=UTC),
        "edited_at": datetime(2026, 3, 1, tzinfo=UTC),
        "note": False,
    }
    async with database.transaction() as tx:
        asked = await conversations.receive(tx, conversations.new_secret(), "Вопрос")
        around = {"conversation_id": asked.conversation_id, "visitor_id": asked.visitor_id}
        await tx.rows(Prepared(table.insert()), **values, **around)

    async with database.reading() as tx:
        quick = await tx.rows(Prepared(select(table).order_by(table.c.position)))
        plain = await tx.rows(select(table).order_by(table.c.position))

    assert [tuple(row) for row in quick] == [tuple(row) for row in plain]
    assert {name: getattr(quick[-1], name) for name in values} == values
