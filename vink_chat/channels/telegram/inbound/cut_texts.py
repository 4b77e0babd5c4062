"""Long texts that an operator's Telegram cut into several messages: all parts go where the first one went.

Telegram says nothing of it. A part is known by what comes before: a message near the limit of 4,096 units, of the same
person in the same place, a moment ago. So the rest of a note cannot reach the visitor, and a refusal is said once.
"""

from typing import Final

from vink_chat import conversations
from vink_chat.channels.model import CutText, KeptText
from vink_chat.channels.telegram import store as links
from vink_chat.channels.telegram.inbound import addressee
from vink_chat.channels.telegram.inbound.context import Visit
from vink_chat.channels.telegram.inbound.updates import Said
from vink_chat.channels.telegram.split import LONGEST
from vink_chat.kit.db import Transaction

# Some clients cut at a word or a line before the limit.
_NEAR: Final = LONGEST * 3 // 4
_SECONDS: Final = 2


def may_be_cut(said: Said) -> bool:
    """Tell whether a message may be a part of a longer text, with more to come."""
    return said.length >= _NEAR and not said.edited


async def begun(tx: Transaction, said: Said, *, note: bool = False, **where: object) -> None:
    """Remember where a message went that may have more to come; nowhere, when nothing says where."""
    if may_be_cut(said):
        row = CutText(chat_id=said.chat_id, person=said.person.id, said_at=said.said_at, thread_id=said.thread_id)
        await tx.session.merge(row.model_copy(update={"note": note, **where}))


async def goes_on(visit: Visit, said: Said) -> bool:
    """Send a part after the one before it; false when it is none."""
    if not await links.has_cut_text(visit.tx, said.chat_id, said.person.id):
        return False
    row = await visit.tx.session.get(CutText, (said.chat_id, said.person.id))
    if row is None or said.edited:
        return False
    fits = row.thread_id == said.thread_id and 0 <= said.said_at - row.said_at <= _SECONDS and not said.media
    if fits:
        text = f"{addressee.NOTE}{said.text}" if row.note else said.text
        await _joined(visit, said, row, text)
    if fits and may_be_cut(said):
        row.said_at = said.said_at
        visit.tx.session.add(row)
    else:
        await visit.tx.session.delete(row)
    return fits


async def _joined(visit: Visit, said: Said, row: CutText, text: str) -> None:
    if row.question is not None:
        kept = KeptText(
            chat_id=said.chat_id, operator_id=visit.person.id, question=row.question, number=said.number, text=text
        )
        visit.tx.session.add(kept)
    elif row.conversation_id is not None:
        conversation = await conversations.get(visit.tx, row.conversation_id)
        await addressee.post(visit, conversation, text, said.number)
        await addressee.touched(visit, conversation.id, said.chat_id, said.number)
