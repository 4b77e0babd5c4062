"""Those who wait see their number in the queue grow smaller, however the wait ahead of them ends."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.makers import Visitor, hire
from vink_chat import topics
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Status
from vink_chat.conversations.model import Conversation
from vink_chat.conversations.model import Visitor as Row
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.pages.visitor import places
from vink_chat.pages.visitor.places import PLACE_KIND

FIRST_SIGHT = timedelta(minutes=40)


@pytest.fixture
async def watched() -> AsyncIterator[set]:
    """The visitors whose pages are open here; their numbers are followed meanwhile."""
    here: set = set()
    task = asyncio.create_task(places.follow(lambda: here))
    yield here
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def number(heard: signals.Subscription, wanted: int) -> None:
    async with asyncio.timeout(20):
        while (await heard.next()).get(PLACE_KIND) != wanted:
            pass


async def test_a_wait_that_the_clock_ends_moves_up_who_is_behind(house: Runtime, watched: set):
    await hire("Анна")
    gone, here = Visitor(), Visitor()
    async with signals.current().subscribe(topics.visitor(here.id)) as heard:
        await gone.presses_the_button()
        watched.add(here.id)
        await here.presses_the_button()
        await number(heard, 2)
        async with db.transaction() as tx:
            row = await tx.session.get_one(Row, gone.id)
            row.seen_at = now() - FIRST_SIGHT
            conversation = await tx.session.get_one(Conversation, (await gone.conversation()).id)
            conversation.moved_at = now() - FIRST_SIGHT
            tx.session.add_all([row, conversation])

        await house.scheduler.close_gone()

        await number(heard, 1)
        assert (await gone.conversation()).status is Status.CLOSED
