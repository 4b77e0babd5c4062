"""The keyboards. A button carries at most 64 bytes: a letter and short numbers, looked up when it is pressed.

Bot API: InlineKeyboardButton, https://core.telegram.org/bots/api#inlinekeyboardbutton.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from vink_chat.channels.telegram import cards
from vink_chat.channels.telegram.bot import Markup
from vink_chat.conversations import AnyConversation, Status
from vink_chat.conversations.queue import QueueRow
from vink_chat.kit.words import say

_ROW: Final = 2
_SHORT: Final = 8
_LONGEST_NUMBER: Final = 18


class Act(StrEnum):
    """What a button does."""

    BEGIN = "b"
    TAKE = "t"
    CANNED = "c"
    ONE_CANNED = "o"
    DRAFT = "d"
    SEND_DRAFT = "s"
    DROP_DRAFT = "x"
    RETURN = "r"
    TRANSFER = "p"
    TRANSFER_TO = "q"
    HAND_OVER = "z"
    FINISH = "f"
    CLAIM = "w"
    ADDRESS = "a"
    FINISH_ONE = "g"
    HISTORY = "h"
    LET_IN = "y"
    TURN_AWAY = "n"
    KEEP_OPEN = "k"
    TAKE_OVER = "v"
    COMMAND = "m"


def data(act: Act, link_id: int, detail: str = "") -> str:
    """Return what a button carries."""
    return f"{act.value}:{link_id}:{detail}"


def parsed(text: str) -> tuple[Act, int, str]:
    """Return what a pressed button carried.

    Raises:
        ValueError: No button of this bot carries that.
    """
    letter, number, detail = text.split(":", 2)
    return Act(letter), row_number(number), detail


def row_number(text: str) -> int:
    """Return the number of a row that a button carried.

    Raises:
        ValueError: It is no number.
    """
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        raise ValueError(text)
    return int(text)


def short(name: str | UUID) -> str:
    """Return a short, stable name for a canned reply or a colleague."""
    return hashlib.sha256(str(name).encode()).hexdigest()[:_SHORT]


def inline(rows: list[list[tuple[str, str]]]) -> Markup:
    """Return a keyboard under a message, of (label, data)."""
    return {"inline_keyboard": [[{"text": label, "callback_data": carried} for label, carried in row] for row in rows]}


def invitation(link_id: int, language: str) -> Markup:
    """The one button of an invitation."""
    return inline([[(say("Взять", language), data(Act.BEGIN, link_id))]])


def take_over(conversation: AnyConversation, label: str) -> tuple[str, str]:
    """The button that takes a conversation from the operator who holds it now."""
    return label, data(Act.TAKE_OVER, 0, conversation.id.hex + short(conversation.operator_id or ""))


def card(conversation: AnyConversation, link_id: int, language: str, *, shared: bool) -> Markup | None:
    """The buttons of a conversation; none once it is over.

    Args:
        conversation: The conversation.
        link_id: Its link in the chat.
        language: The reader's language.
        shared: The chat is a topic of the group, where every operator may take it.
    """
    if conversation.status is Status.CLOSED:
        return None
    if conversation.status is not Status.ATTENDED:
        return inline([[(say("Взять", language), data(Act.TAKE, link_id))]]) if shared else None
    buttons = [
        (say("Шаблоны", language), data(Act.CANNED, link_id)),
        (say("Черновик ассистента", language), data(Act.DRAFT, link_id)),
        (say("Вернуть ассистенту", language), data(Act.RETURN, link_id)),
        (say("Передать", language), data(Act.TRANSFER, link_id)),
        *((words, data(Act.COMMAND, link_id, name)) for name, words in cards.commands(language).items()),
    ]
    if shared:
        buttons.append(take_over(conversation, say("Забрать", language)))
    return inline([buttons[at : at + _ROW] for at in range(0, len(buttons), _ROW)])


def history(link_id: int, language: str) -> Markup:
    """The button under the end of a long history."""
    return inline([[(say("Вся переписка", language), data(Act.HISTORY, link_id))]])


def ending(link_id: int, language: str) -> Markup:
    """The button that calls off the end of a conversation."""
    return inline([[(say("Отменить", language), data(Act.KEEP_OPEN, link_id))]])


def draft(link_id: int, row_mark: str, language: str) -> Markup:
    """The two buttons under the assistant's draft."""
    send = (say("Отправить", language), data(Act.SEND_DRAFT, link_id, row_mark))
    drop = (say("Не отправлять", language), data(Act.DROP_DRAFT, link_id, row_mark))
    return inline([[send, drop]])


def let_in(operator_id: UUID, language: str) -> Markup:
    """The two buttons that accept or reject an application."""
    yes = (say("Подтвердить", language), data(Act.LET_IN, 0, operator_id.hex))
    no = (say("Отклонить", language), data(Act.TURN_AWAY, 0, operator_id.hex))
    return inline([[yes, no]])


def at_work() -> Markup:
    """The keyboard of an operator on shift."""
    return {"keyboard": [["/finish", "/queue"], ["/pause", "/status"]]}


def off_work() -> Markup:
    """The keyboard of an operator off shift."""
    return {"keyboard": [["/start"]]}


def queue(waiting: Sequence[AnyConversation | QueueRow], language: str) -> Markup | None:
    """Return a button for each waiting conversation."""
    cells = [
        (
            say("Взять {tag}", language, tag=cards.tag(conversation.visitor_id)),
            data(Act.CLAIM, 0, conversation.id.hex),
        )
        for conversation in waiting
    ]
    return inline([cells[at : at + 2] for at in range(0, len(cells), 2)]) if cells else None
