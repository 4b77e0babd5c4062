"""A visitor comments on their rating of a closed conversation."""

import pytest
from sqlmodel import select

from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations.model import Rating
from vink_chat.events import ConversationRated
from vink_chat.kit import db
from vink_chat.kit.db import Database


async def _ended(visitor: Visitor, olga: Colleague) -> None:
    await visitor.presses_the_button()
    conversation_id = (await visitor.conversation()).id
    await olga.claims(conversation_id)
    await olga.finishes(conversation_id)


async def _rates(visitor: Visitor, stars: int, comment: object = None) -> None:
    async with db.transaction() as tx:
        await handover.rate(tx, visitor.id, stars)
        if comment is not None:
            await handover.comment(tx, visitor.id, comment)


async def _kept() -> list[tuple[int, str]]:
    async with db.reading() as tx:
        return [(row.stars, row.comment) for row in await tx.session.exec(select(Rating).order_by(Rating.stars))]


async def test_a_comment_stays_beside_its_stars_and_may_be_changed(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await _ended(anna, olga)
    events: list[object] = []
    any_database.listener = events.extend

    for comment in ("  Долго ждала\u202e,\r\nно помогли \x00", "Долго ждала,\nно помогли", "Всё хорошо"):
        await _rates(anna, 4, comment)
    await _rates(anna, 5)

    assert (await anna.conversation()).rating_comment == "Всё хорошо"
    assert await _kept() == [(5, "Всё хорошо")]
    # Stars, a comment, the same once more, another one, other stars.
    closed = await anna.conversation()
    assert events == [ConversationRated(closed.id, anna.id)] * 4


async def test_a_comment_is_of_one_end_and_stays_with_it(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await _ended(anna, olga)
    await _rates(anna, 2, "Не ответили")

    await _ended(anna, olga)

    assert (await anna.conversation()).rating_comment == ""
    await _rates(anna, 5)
    assert await _kept() == [(2, "Не ответили"), (5, "")]


@pytest.mark.parametrize("comment", ["", " \u200b\n", "ы" * 1001, None, 5, ["текст"], {"text": "текст"}])
async def test_what_is_no_comment_is_not_kept(any_database: Database, comment: object):
    anna, olga = Visitor(), await hire("Ольга")
    await _ended(anna, olga)
    await _rates(anna, 3)

    with pytest.raises((conversations.EmptyMessage, conversations.LongMessage, conversations.BadMessage)):
        async with db.transaction() as tx:
            await handover.comment(tx, anna.id, comment)

    assert await _kept() == [(3, "")]


async def test_only_who_gave_stars_to_what_is_over_comments(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await anna.presses_the_button()
    for refusal in (handover.StillOpen, handover.NotRated):
        with pytest.raises(refusal):
            async with db.transaction() as tx:
                await handover.comment(tx, anna.id, "Спасибо")
        conversation_id = (await anna.conversation()).id
        if refusal is handover.StillOpen:
            await olga.claims(conversation_id)
            await olga.finishes(conversation_id)

    assert await _kept() == []
