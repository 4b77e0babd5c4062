"""The moves a conversation may make, and what each of them sets. A status is set here only."""

from datetime import timedelta
from typing import Final

from vink_chat.conversations.errors import ForbiddenMove
from vink_chat.conversations.model import Author, Conversation, Priority, Reason, Status
from vink_chat.conversations.rows import AnyConversation
from vink_chat.kit.clock import now

MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.ASSISTED: frozenset({Status.WAITING, Status.ATTENDED, Status.CLOSED}),
    Status.WAITING: frozenset({Status.ATTENDED, Status.ASSISTED, Status.CLOSED}),
    Status.ATTENDED: frozenset({Status.WAITING, Status.ASSISTED, Status.CLOSED, Status.ATTENDED}),
    Status.CLOSED: frozenset({Status.ASSISTED, Status.WAITING, Status.ATTENDED}),
}
# Whatever was started or promised in one status ends with it.
_ENDS_WITH_A_MOVE: Final = (
    "alerted_at",
    "form_offered_at",
    "promised_at",
    "ends_at",
    "callback_since",
    "offered_to",
    "offered_until",
)


def move(conversation: Conversation, after: Status, reason: Reason) -> Status:
    """Move a conversation and set what goes with its new status.

    Returns:
        The previous status.

    Raises:
        ForbiddenMove: ``MOVES`` does not know this move.
    """
    before = conversation.status
    for column, value in changes(conversation, after, reason).items():
        setattr(conversation, column, value)
    return before


def changes(conversation: AnyConversation, after: Status, reason: Reason) -> dict[str, object]:
    """Return what a move sets in a conversation, column by column; the caller adds the new holder.

    Raises:
        ForbiddenMove: ``MOVES`` does not know this move.
    """
    before, moment = conversation.status, now()
    if after not in MOVES[before]:
        raise ForbiddenMove(before=before.value, after=after.value)
    values: dict[str, object] = {
        "status": after,
        "reason": reason,
        "moved_at": moment,
        "closed_at": moment if after is Status.CLOSED else None,
        **dict.fromkeys(_ENDS_WITH_A_MOVE),
        "offered_name": "",
    }
    # A visitor with an operator, or put back by one, keeps their place in the queue; the handoff stays readable.
    if after is not Status.ATTENDED and (before, after) != (Status.ATTENDED, Status.WAITING):
        values |= {"waiting_since": None, "handoff": None}
    if after is Status.WAITING and values.get("waiting_since", conversation.waiting_since) is None:
        values["waiting_since"] = moment
    if before is Status.ATTENDED and after in {Status.CLOSED, Status.ASSISTED}:
        values |= {"led_by": conversation.operator_id, "led_until": moment}
    if after is Status.ASSISTED:
        values |= {"unsure_in_a_row": 0, "assistant_turns": 0}
    else:
        # An operator, not the assistant, is now to answer what was asked.
        values["answered_position"] = conversation.asked_position
    if after is not Status.ATTENDED:
        values["operator_id"] = None
    if before is Status.CLOSED:
        # A rating is given to the end of a conversation, and this was not the end.
        values |= {"rating": None, "rating_comment": ""}
        # What a visitor begins again is another matter; an operator who takes it up again goes on with the same one.
        values["priority"] = conversation.priority if after is Status.ATTENDED else Priority.NORMAL
    return values


def may_answer_waiting(conversation: AnyConversation) -> bool:
    """Tell whether a waiting visitor wrote last: the assistant may then give an answer it is sure of."""
    return conversation.status is Status.WAITING and conversation.last_author is Author.VISITOR


def awaits_assistant(conversation: AnyConversation) -> bool:
    """Tell whether the assistant owes the visitor an answer."""
    return conversation.status is Status.ASSISTED and conversation.answered_position < conversation.asked_position


def goes_on(newest: AnyConversation | None, reopen_within: timedelta) -> bool:
    """Tell whether a visitor's next message belongs to their newest conversation; otherwise it opens another one."""
    if newest is None or newest.status is not Status.CLOSED:
        return newest is not None
    return newest.closed_at is not None and now() - newest.closed_at <= reopen_within
