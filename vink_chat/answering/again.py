"""Ask once more: a conversation the assistant could not answer goes back to it."""

from uuid import UUID

from vink_chat import conversations
from vink_chat.conversations import Author, Reason, Status
from vink_chat.events import QuestionPutAgain
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say


class NothingToRetry(VinkError):
    """A person holds the conversation, or it is over."""

    sentence = "Разговор уже ведёт специалист, или он завершён: повторять нечего."
    status = 409


async def ask_again(tx: Transaction, conversation_id: UUID) -> None:
    """Put the visitor's last question before the assistant again; nothing where it has been answered meanwhile.

    Raises:
        NotFound: There is no such conversation.
        NothingToRetry: A person holds it, or it is over.
    """
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status not in {Status.WAITING, Status.ASSISTED} or not conversation.asked_position:
        raise NothingToRetry
    if conversation.status is Status.WAITING:
        conversations.move(tx, conversation, Status.ASSISTED, Reason.RETURNED)
        text = say("Ассистент ещё раз посмотрит ваш вопрос.", conversation.language)
        await conversations.post(tx, conversation, Author.SYSTEM, text)
    elif not conversations.awaits_assistant(conversation):
        # Pressed twice: the first press has been answered.
        return
    first = min(conversation.answered_position + 1, conversation.asked_position)
    await conversations.reopen_question(tx, conversation, first)
    tx.emit(QuestionPutAgain(conversation.id))
