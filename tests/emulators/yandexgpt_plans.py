"""How one answer is told: its drafts, its last status, and how its body ends."""

from dataclasses import dataclass
from enum import StrEnum

from tests.emulators import yandexgpt_answers as answers
from tests.emulators.yandexgpt_faults import Fault

FINAL = "ALTERNATIVE_STATUS_FINAL"
PARTIAL = "ALTERNATIVE_STATUS_PARTIAL"
TRUNCATED = "ALTERNATIVE_STATUS_TRUNCATED_FINAL"
FILTER = "ALTERNATIVE_STATUS_CONTENT_FILTER"
TOOLS = "ALTERNATIVE_STATUS_TOOL_CALLS"
UNHEARD_OF = "ALTERNATIVE_STATUS_TOOL_CALL_PARSE_ERROR"


class Ending(StrEnum):
    """How the body ends."""

    CLEAN = "clean"
    ERROR = "error"
    RESET = "reset"
    SILENCE = "silence"


@dataclass
class Plan:
    """One answer as it will be told.

    Attributes:
        texts: Cumulative, the last one whole.
        status: Of the last frame.
        ending: How the body ends.
        piece: Bytes in one chunk of the body; zero keeps a frame whole.
        extra: Whether unknown fields are added everywhere.
        mute: Whether nothing is sent at all, not even headers.
    """

    texts: list[str]
    status: str = FINAL
    ending: Ending = Ending.CLEAN
    piece: int = 0
    extra: bool = False
    mute: bool = False


_ANSWERS = {
    Fault.BROKEN_EMOJI: answers.EMOJI,
    Fault.LINE_SEPARATORS: answers.SEPARATED,
    Fault.REFUSAL: answers.CANNED,
    Fault.EMPTY: "",
}
_STATUSES = {
    Fault.FILTER_START: FILTER,
    Fault.FILTER_LATE: FILTER,
    Fault.TOOL_CALLS: TOOLS,
    Fault.UNKNOWN_STATUS: UNHEARD_OF,
    Fault.ERROR_LATE: PARTIAL,
    Fault.RESET_EARLY: PARTIAL,
    Fault.RESET_LATE: PARTIAL,
    Fault.SILENCE_LATE: PARTIAL,
    Fault.EOF_PARTIAL: PARTIAL,
}
_ENDINGS = {
    Fault.ERROR_LATE: Ending.ERROR,
    Fault.RESET_EARLY: Ending.RESET,
    Fault.RESET_LATE: Ending.RESET,
    Fault.SILENCE_EARLY: Ending.SILENCE,
    Fault.SILENCE_LATE: Ending.SILENCE,
    Fault.SILENCE_AFTER: Ending.SILENCE,
}


def plan(answer: str, fault: Fault | None, *, max_tokens: int, before: int) -> Plan:
    """Lay out one answer.

    Args:
        answer: What the model would say if nothing went wrong.
        fault: What goes wrong.
        max_tokens: Where the answer is cut.
        before: Frames told before a late fault.
    """
    answer = _ANSWERS.get(fault, answer) if fault else answer
    if fault is Fault.TRUNCATED:
        max_tokens = min(max_tokens, answers.tokens(answer) // 2)
    cut = answers.tokens(answer) > max_tokens
    told = Plan(answers.growth(answer[: max_tokens * 3] if cut else answer), TRUNCATED if cut else FINAL)
    if fault:
        told.texts = _texts(told.texts, fault, before)
        told.status = _STATUSES.get(fault, told.status)
        told.ending = _ENDINGS.get(fault, Ending.CLEAN)
        told.piece = 7 if fault is Fault.SEVEN_BYTES else 0
        told.extra = fault is Fault.EXTRA_FIELDS
        told.mute = fault is Fault.SILENCE_EARLY
    return told


def _texts(texts: list[str], fault: Fault, before: int) -> list[str]:
    early = texts[: min(before, len(texts) - 1)]
    match fault:
        case Fault.FILTER_START | Fault.FILTER_LATE:
            return [*(early if fault is Fault.FILTER_LATE else []), answers.CANNED]
        case Fault.BROKEN_EMOJI:
            head = texts[-1].partition("🙂")[0]
            return [head, head + "\ufffd", *(text for text in texts if "🙂" in text)]
        case Fault.SINGLE_FRAME:
            return texts[-1:]
        case Fault.RESET_EARLY:
            return []
        case Fault.ERROR_LATE | Fault.RESET_LATE | Fault.SILENCE_LATE | Fault.EOF_PARTIAL:
            return early
        case _:
            return texts
