"""A claim sets the same columns as any other move of that kind."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from tests.makers import Visitor, hire
from vink_chat.conversations import Conversation, Handoff, HandoffKind, Reason, Status
from vink_chat.conversations.lifecycle import move
from vink_chat.kit import db
from vink_chat.kit.db import Database

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
# Who claims is said beside the move; what the chat says at a claim changes the rest.
BESIDE = {"operator_id", "operator_name", "last_author", "last_at", "last_text", "queue_notice_id"}


async def _begins(status: Status) -> Visitor:
    """Begin a conversation in which every column that a move may set has a value."""
    anna = Visitor()
    await anna.writes("Есть ли акрил?")
    if status is Status.WAITING:
        await anna.presses_the_button()
    earlier = NOW - timedelta(minutes=7)
    async with db.transaction() as tx:
        row = await tx.session.get(Conversation, (await anna.conversation()).id)
        assert row is not None
        row.handoff = Handoff(HandoffKind.RELEASED, by="Борис")
        row.waiting_since = row.alerted_at = row.form_offered_at = row.promised_at = earlier
        row.ends_at = row.callback_since = row.offered_until = row.closed_at = earlier
        row.offered_to, row.offered_name = uuid4(), "Вера"
        row.asked_position, row.answered_position = 9, 3
        row.unsure_in_a_row, row.assistant_turns = 1, 4
        row.rating, row.rating_comment = 4, "Хорошо"
        row.led_by, row.led_until = uuid4(), earlier
        tx.session.add(row)
    return anna


@pytest.mark.parametrize(
    ("status", "reason"), [(Status.WAITING, Reason.BUTTON), (Status.ASSISTED, Reason.OPERATOR)], ids=str
)
async def test_a_claim_sets_what_the_lifecycle_says(any_database: Database, status: Status, reason: Reason):
    with time_machine.travel(NOW, tick=False):
        anna, olga = await _begins(status), await hire("Ольга")
        expected = await anna.conversation()
        assert expected.status is status
        move(expected, Status.ATTENDED, reason)

        await olga.claims(expected.id)

    claimed = await anna.conversation()
    assert claimed.model_dump(exclude=BESIDE) == expected.model_dump(exclude=BESIDE)
    assert (claimed.operator_id, claimed.operator_name) == (olga.id, "Ольга")
