"""What `/readyz` says while the database is away."""

from pathlib import Path

import pytest
from fastapi import Response

from vink_chat.api import rest
from vink_chat.kit import db


async def test_a_process_whose_database_answers_is_ready(any_database: db.Database):
    response = Response()

    assert await rest.ready(response) == {"status": "ok"}
    assert response.status_code == 200


@pytest.mark.parametrize("url", ["postgresql://nobody:x@127.0.0.1:1/none", "sqlite:///{folder}/broken.db"])
async def test_a_process_whose_database_is_away_says_so_calmly(tmp_path: Path, url: str):
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    try:
        database = db.Database(url.format(folder=tmp_path))
        db.use(database)
        response = Response()

        assert await rest.ready(response) == {"status": "unavailable", "reason": "the database does not answer"}
        assert response.status_code == 503
    finally:
        db.use(None)


async def test_a_process_that_has_not_connected_yet_is_not_ready():
    db.use(None)
    response = Response()

    assert await rest.ready(response) == {"status": "unavailable", "reason": "the chat is starting"}
    assert response.status_code == 503
