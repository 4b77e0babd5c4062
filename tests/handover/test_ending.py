"""The holder can undo the end of a conversation for some seconds; then it comes, even if their tab is closed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.makers import Colleague, Visitor, hire
from vink_chat import handover
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import HandoffKind, Reason, Status
from vink_chat.kit.clock import now

OVER = "Чат окончен."


async def _attended() -> tuple[Visitor, Colleague, Any]:
    visitor, anna = Visitor(), await hire("Анна")
    await visitor.writes("Здравствуйте")
    await visitor.presses_the_button()
    key = (await visitor.conversation()).id
    await anna.claims(key)
    return visitor, anna, key


async def _later(house: Runtime, seconds: float) -> None:
    with time_machine.travel(now() + timedelta(seconds=seconds), tick=False):
        await house.scheduler.end_due()


async def test_the_end_comes_after_some_seconds_and_once(any_house: Runtime):
    visitor, anna, key = await _attended()

    await anna.finishes_soon(key)
    await _later(any_house, 5)
    assert (await visitor.conversation()).status is Status.ATTENDED
    assert OVER not in await visitor.texts("system")
    for _ in range(2):
        await _later(any_house, 7)

    ended = await visitor.conversation()
    assert (ended.status, ended.reason) == (Status.CLOSED, Reason.FINISHED)
    assert (await visitor.texts("system")).count(OVER) == 1
    [said] = [one for one in await visitor.reads() if one.text == OVER]
    assert (said.author_name, said.operator_id) == (anna.name, anna.id)
    with pytest.raises(handover.NoOpenConversation):
        await anna.keeps_open(key)


async def test_who_thinks_better_of_it_keeps_the_conversation_open(any_house: Runtime):
    visitor, anna, key = await _attended()

    await anna.finishes_soon(key)
    await anna.keeps_open(key)
    await _later(any_house, 60)

    assert (await visitor.conversation()).status is Status.ATTENDED
    assert OVER not in await visitor.texts("system")


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (lambda visitor, anna, boris, key: visitor.writes("Ещё вопрос"), Status.ATTENDED),
        (lambda visitor, anna, boris, key: anna.replies(key, "И ещё одно"), Status.ATTENDED),
        (lambda visitor, anna, boris, key: anna.transfers(key, boris), Status.ATTENDED),
        (lambda visitor, anna, boris, key: anna.releases(key), Status.WAITING),
        (lambda visitor, anna, boris, key: anna.gives_back(key), Status.ASSISTED),
    ],
    ids=["the visitor writes", "the operator writes", "transfer", "release", "back to the assistant"],
)
async def test_what_is_done_meanwhile_takes_the_end_back(any_house: Runtime, act: Callable[..., Any], after: Status):
    visitor, anna, key = await _attended()
    boris = await hire("Борис")
    await anna.finishes_soon(key)

    await act(visitor, anna, boris, key)
    await _later(any_house, 60)

    assert (await visitor.conversation()).status is after
    assert OVER not in await visitor.texts("system")


async def test_a_note_leaves_the_end_as_it_is(any_house: Runtime):
    visitor, anna, key = await _attended()

    await anna.finishes_soon(key)
    await anna.replies(key, "Вопрос решён", note=True)
    await _later(any_house, 7)

    assert (await visitor.conversation()).status is Status.CLOSED


async def test_who_leaves_the_shift_lets_what_they_finished_end(any_house: Runtime):
    visitor, anna, key = await _attended()

    await anna.finishes_soon(key)
    async with any_house.database.transaction() as tx:
        await handover.release_all(tx, anna.id, HandoffKind.ABSENT)

    ended = await visitor.conversation()
    assert (ended.status, ended.reason) == (Status.CLOSED, Reason.FINISHED)
    assert (await visitor.texts("system"))[-1] == OVER


async def test_words_that_were_not_drawn_yet_are_read_first(any_house: Runtime):
    visitor, anna, key = await _attended()
    drawn = (await visitor.conversation()).asked_position
    await visitor.writes("Постойте!")

    with pytest.raises(handover.NewWords):
        await anna.finishes_soon(key, drawn)

    await _later(any_house, 60)
    assert (await visitor.conversation()).status is Status.ATTENDED
