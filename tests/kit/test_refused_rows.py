"""What the database refuses is told in the log, and whom it was about is not."""

import traceback
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Executable, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from vink_chat.conversations.model import Visitor
from vink_chat.kit.db import Database
from vink_chat.kit.prepared import Prepared

CONTACTS = {"name": "Иван", "email": "ivan@example.ru"}
NO_ROW: dict[str, Any] = {"secret_hash": None, **CONTACTS}
NEW_VISITOR = SQLModel.metadata.tables["visitor"].insert()


def _logged(error: BaseException) -> str:
    """Return what ``log.exception`` writes, with everything that led to it."""
    return "".join(traceback.format_exception(error))


def _told(text: str) -> Sequence[str]:
    return [value for value in CONTACTS.values() if value in text]


@pytest.mark.parametrize("statement", [NEW_VISITOR, Prepared(NEW_VISITOR)], ids=["plain", "prepared"])
async def test_a_refused_row_is_not_repeated_in_the_log(any_database: Database, statement: Executable | Prepared):
    with pytest.raises(DBAPIError) as refused:
        async with any_database.transaction() as tx:
            await tx.rows(statement, id=uuid4(), **NO_ROW)

    assert _told(_logged(refused.value)) == []


async def test_a_refused_object_is_not_repeated_in_the_log(any_database: Database):
    with pytest.raises(DBAPIError) as refused:
        async with any_database.transaction() as tx:
            tx.session.add(Visitor(id=uuid4(), **NO_ROW))

    assert _told(_logged(refused.value)) == []


async def test_what_was_asked_in_vain_is_not_repeated_in_the_log(any_database: Database):
    with pytest.raises(DBAPIError) as refused:
        async with any_database.transaction() as tx:
            await tx.rows(text("SELECT :name, :email FROM nowhere"), **CONTACTS)

    assert _told(_logged(refused.value)) == []
