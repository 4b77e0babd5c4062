"""Who moved a conversation last, and why, in words for the staff."""

from typing import Final

from vink_chat.conversations import Handoff, HandoffKind
from vink_chat.kit.words import say

_KINDS: Final = {
    HandoffKind.TRANSFERRED: "{by} → {to}",
    HandoffKind.TAKEN_OVER: "Забрал(а): {to} · до этого: {by}",
    HandoffKind.RELEASED: "Вернул(а) в очередь: {by}",
    HandoffKind.UNANSWERED: "Вернулся в очередь: {by} не отвечает {minutes} мин",
    HandoffKind.ABSENT: "Вернулся в очередь: {by} не на связи",
    HandoffKind.DISABLED: "Вернулся в очередь: учётная запись отключена ({by})",
}


def handoff_words(handoff: Handoff | None, language: str) -> str:
    """Say on one line who moved a conversation and why; nothing when nobody did."""
    if handoff is None:
        return ""
    said = say(_KINDS[handoff.kind], language, by=handoff.by, to=handoff.to, minutes=handoff.minutes)
    return f"{said}: «{handoff.note}»" if handoff.note else said
