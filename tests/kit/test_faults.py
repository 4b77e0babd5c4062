"""What the database reports may stand in a log."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from vink_chat.kit.db import Database


async def test_a_fault_tells_nothing_of_what_was_to_be_stored(any_database: Database):
    statement = text("INSERT INTO no_such_table VALUES (:name)")
    async with any_database.reading() as tx:
        connection = await tx.session.connection()
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(statement, {"name": "Иван Секретный"})

    assert "no_such_table" in str(caught.value)
    assert "Секретный" not in str(caught.value)
