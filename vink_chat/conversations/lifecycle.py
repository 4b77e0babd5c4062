"""The moves a conversation may make. Nobody sets a status but ``move`` and ``handover.claim``."""

from datetime import timedelta
from typing import Final

from vink_chat.conversations.errors import ForbiddenMove
from vink_chat.conversations.model import Author, Conversation, Reason, Status
from vink_chat.kit.clock import now

MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.ASSISTED: frozenset({Status.WAITING, Status.ATTENDED, Status.CLOSED}),
    Status.WAITING: frozenset({Status.ATTENDED, Status.ASSISTED, Status.CLOSED}),
    Status.ATTENDED: frozenset({Status.WAITING, Status.ASSISTED, Status.CLOSED, Status.ATTENDED}),
    Status.CLOSED: frozenset({Status.ASSISTED, Status.WAITING, Status.ATTENDED}),
}


def move(conversation: Conversation, after: Status, reason: Reason) -> Status:
    """Move a conversation and set what goes with its new status.

    Returns:
        The status before.

    Raises:
        ForbiddenMove: ``MOVES`` does not know this move.
    """
    before = conversation.status
    if after not in MOVES[before]:
        raise ForbiddenMove(before=before.value, after=after.value)
    moment = now()
    _note_who_led(conversation, after)
    conversation.status = after
    conversation.reason = reason
    conversation.moved_at = moment
    if before is not Status.ATTENDED or after not in {Status.WAITING, Status.ATTENDED}:
        conversation.waiting_since = None
        conversation.handoff = None
    if after is Status.WAITING:
        # Who was with a person and is put back keeps the place.
        conversation.waiting_since = conversation.waiting_since or moment
    conversation.alerted_at = None
    conversation.form_offered_at = None
    conversation.promised_at = None
    conversation.ends_at = None
    conversation.callback_since = None
    conversation.offered_to, conversation.offered_name, conversation.offered_until = None, "", None
    conversation.closed_at = moment if after is Status.CLOSED else None
    if after is not Status.ASSISTED:
        # Whatever was asked is now a person's to answer.
        conversation.answered_position = conversation.asked_position
    if after is Status.ASSISTED:
        conversation.unsure_in_a_row = 0
        conversation.assistant_turns = 0
    if after is not Status.ATTENDED:
        conversation.operator_id = None
    if before is Status.CLOSED:
        # The end is what is rated, and this was not the end.
        conversation.rating, conversation.rating_comment = None, ""
    return before


def _note_who_led(conversation: Conversation, after: Status) -> None:
    if conversation.status is Status.ATTENDED and after in {Status.CLOSED, Status.ASSISTED}:
        conversation.led_by, conversation.led_until = conversation.operator_id, now()


def may_answer_waiting(conversation: Conversation) -> bool:
    """Tell whether a waiting visitor wrote last: then the assistant may answer what it is sure of."""
    return conversation.status is Status.WAITING and conversation.last_author is Author.VISITOR


def awaits_assistant(conversation: Conversation) -> bool:
    """Tell whether the assistant owes the visitor an answer."""
    return conversation.status is Status.ASSISTED and conversation.answered_position < conversation.asked_position


def is_human(author: Author) -> bool:
    """Tell whether a person of ours wrote."""
    return author is Author.OPERATOR


def goes_on(newest: Conversation | None, reopen_within: timedelta) -> bool:
    """Tell whether a visitor's next message belongs to their newest conversation; if not, it opens another."""
    if newest is None or newest.status is not Status.CLOSED:
        return newest is not None
    return newest.closed_at is not None and now() - newest.closed_at <= reopen_within
