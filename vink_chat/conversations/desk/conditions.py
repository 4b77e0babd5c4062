"""What narrows a box of the desk, as SQL: the same moments and the same conversations that the overview counts."""

from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import col

from vink_chat.conversations.desk.boxes import Box, Only, Wanted
from vink_chat.conversations.model import Call, Conversation, Reason, Visitor
from vink_chat.conversations.overview.store import answered_alone


def of(wanted: Wanted) -> list[Any]:
    """Return the conditions on conversations and, when words are sought, their visitors."""
    conditions: list[Any] = [col(Conversation.operator_id) == wanted.operator_id] if wanted.box is Box.MINE else []
    if wanted.reason or wanted.only is Only.CALLED:
        called = [col(Call.conversation_id) == col(Conversation.id), *_within(wanted, col(Call.created_at))]
        if wanted.reason:
            called.append(col(Call.reason) == Reason(wanted.reason))
        conditions.append(exists().where(*called))
    elif wanted.only is Only.RATED:
        conditions += [col(Conversation.rating).is_not(None), *_within(wanted, col(Conversation.closed_at))]
    else:
        conditions += _within(wanted, col(Conversation.created_at))
    if wanted.only is Only.ASSISTANT:
        conditions.append(answered_alone())
    if wanted.words:
        places = (Conversation.last_text, Visitor.name, Visitor.email, Visitor.phone)
        # SQLite folds the case of Latin letters only.
        forms = {wanted.words, wanted.words.lower(), wanted.words.capitalize(), wanted.words.title()}
        conditions.append(or_(*(col(place).contains(form, autoescape=True) for place in places for form in forms)))
    return conditions


def _within(wanted: Wanted, moment: Any) -> list[Any]:
    begin = [moment >= wanted.since] if wanted.since else []
    return [*begin, moment < wanted.until] if wanted.until else begin
