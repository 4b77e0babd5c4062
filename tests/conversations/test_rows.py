"""Rows have the columns of their tables and cannot be changed."""

from typing import Any, get_type_hints

import pytest
from sqlmodel import SQLModel

from tests.makers import Visitor
from vink_chat import conversations
from vink_chat.conversations import Conversation, ConversationRow, Message, MessageRow, VisitorRow, visitors
from vink_chat.conversations import Visitor as VisitorTable
from vink_chat.kit import db
from vink_chat.kit.db import Database


@pytest.mark.parametrize(
    ("row", "table"),
    [(ConversationRow, Conversation), (MessageRow, Message), (VisitorRow, VisitorTable)],
    ids=["conversation", "message", "visitor"],
)
def test_a_row_has_the_columns_of_its_table_with_their_types(row: Any, table: type[SQLModel]):
    assert get_type_hints(row) == {name: get_type_hints(table)[name] for name in table.model_fields}


async def test_whoever_reads_quickly_reads_the_same_and_cannot_change_it(any_database: Database):
    anna = Visitor()
    written = await anna.writes("Есть ли акрил?", "first")
    conversation = await anna.conversation()

    async with db.reading() as tx:
        newest = await conversations.newest_row(tx, anna.id)
        again = await conversations.get_row(tx, conversation.id, lock=True)
        [said] = await conversations.thread(tx, anna.id)
        sent = await conversations.sent_before(tx, anna.id, "first")
        card = await visitors.get_row(tx, anna.id)
        known = await visitors.get(tx, anna.id)

    assert isinstance(newest, ConversationRow)
    assert newest == again
    assert newest._asdict() == conversation.model_dump()
    assert isinstance(said, MessageRow)
    assert said == written == sent
    assert isinstance(card, VisitorRow)
    assert card._asdict() == known.model_dump()
    for row, column in ((newest, "status"), (said, "text"), (card, "name")):
        with pytest.raises(AttributeError):
            setattr(row, column, "")
