"""«Не ждать»: a waiting visitor takes the call of a person back, and goes on with the assistant.

What they asked meanwhile and nobody answered is put before the assistant.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Author, Conversation, Reason, Status
from vink_chat.events import QuestionPutAgain
from vink_chat.handover import notice
from vink_chat.handover.card import question_in
from vink_chat.handover.errors import AlreadyJoined
from vink_chat.kit.clock import now
from vink_chat.kit.db import Transaction
from vink_chat.kit.words import say

# So long an operator's screen may still show the call.
_JUST_NOW: Final = timedelta(seconds=5)
_THREAD: Final = 40


async def withdraw(tx: Transaction, visitor_id: UUID) -> None:
    """Give a waiting visitor back to the assistant; where nobody waits, nothing happens.

    Raises:
        AlreadyJoined: A person was quicker.
    """
    newest = await conversations.newest(tx, visitor_id)
    if newest is None:
        return
    conversation = await conversations.get(tx, newest.id, lock=True)
    if conversation.status is Status.ATTENDED:
        raise AlreadyJoined(name=conversation.operator_name)
    if conversation.status is not Status.WAITING:
        return
    conversations.move(tx, conversation, Status.ASSISTED, Reason.WITHDRAWN)
    await notice.retire(tx, conversation)
    await conversations.record_withdrawal(tx, conversation)
    text = say("Хорошо, специалиста больше не ждём. Спрашивайте, я отвечу.", conversation.language)
    await conversations.post(tx, conversation, Author.SYSTEM, text)
    if unanswered := await _first_unanswered(tx, conversation):
        await conversations.reopen_question(tx, conversation, unanswered)
        tx.emit(QuestionPutAgain(conversation.id))


async def _first_unanswered(tx: Transaction, conversation: Conversation) -> int:
    """Return the place of the first message that asks something and was answered by nobody; 0 when there is none."""
    thread = await conversations.conversation_messages(tx, conversation.id, limit=_THREAD)
    ours = {Author.ASSISTANT, Author.OPERATOR}
    answered = max((one.position for one in thread if one.author in ours and not one.note), default=0)
    asking = (one for one in thread if one.author is Author.VISITOR and question_in(one.text))
    return next((one.position for one in asking if one.position > answered), 0)


def just_withdrawn(conversation: Conversation) -> bool:
    """Tell whether the call was taken back so lately that whoever presses «Взять» has not seen it."""
    return (
        conversation.status is Status.ASSISTED
        and conversation.reason is Reason.WITHDRAWN
        and now() - conversation.moved_at < _JUST_NOW
    )
