"""What the program, not a model, writes in the assistant's name: clarifying questions, offers and endings."""

from dataclasses import replace
from typing import Final

from vink_chat.answering import smalltalk
from vink_chat.answering.task import Result, Task
from vink_chat.conversations import QuickReply, Reason, ReplyKind
from vink_chat.kit.words import LANGUAGES, say
from vink_chat.preferences import Handover, current

NEAR: Final = 0.16
"""The score from which an article may be what was meant."""
_MOST: Final = 3
_LONGEST: Final = 200
_WITH_QUESTIONS: Final = (
    "Не уверен, что понял вас правильно. Может быть, вы об одном из этих вопросов? Или напишите подробнее."
)
_WITH_ONE: Final = "Не уверен, что понял вас правильно. Может быть, вы об этом? Или напишите подробнее."
_ALONE: Final = "Не уверен, что понял вас правильно. Напишите подробнее, о чём вопрос, или позовите специалиста."
_UNFINISHED: Final = "Договорить не получилось. Позвать специалиста?"
_CALLED_TOO_OFTEN: Final = (
    "Позвать специалиста сейчас не получится: с вашего адреса его зовут слишком часто. "
    "Попробуйте позже или спросите меня о чём-нибудь ещё."
)
LINES: Final = frozenset({_WITH_QUESTIONS, _WITH_ONE, _ALONE, _CALLED_TOO_OFTEN})

# Knowledge or the model was not up to it; whatever else calls a person was decided by somebody.
_FAILURES: Final = frozenset({Reason.LOW_CONFIDENCE, Reason.CHECK_FAILED})


def may_clarify(result: Result) -> bool:
    """Tell whether a run that would call a person may ask the visitor first."""
    weak = result.reason is Reason.PROVIDER_DOWN and result.draft.failed
    return bool(result.reason in _FAILURES or weak or result.shown)


def calls_person(result: Result, unsure_in_a_row: int) -> bool:
    """Tell whether a run calls a person, after so many answers before it that were not sure."""
    if result.reason is Reason.NONE or result.clarifies:
        return False
    return not may_clarify(result) or unsure_in_a_row + 1 >= current(Handover).low_confidence_in_a_row


def as_too_many_calls(result: Result, task: Task) -> Result:
    """Turn the call of a person into word that nobody can be called now."""
    line = called_too_often(task.conversation.language)
    text = f"{result.shown}\n\n{line}" if result.shown else line
    return replace(result, text=text, quick_replies=(), cited=(), clarifies=True)


def called_too_often(language: str) -> str:
    """Return what is said when a person was called too often from an address."""
    return say(_CALLED_TOO_OFTEN, language)


def as_question(result: Result, task: Task) -> Result:
    """Turn the call of a person into a question to the visitor."""
    language = task.conversation.language
    if result.shown:
        text = f"{result.shown}\n\n{unfinished(language)}"
        return replace(result, text=text, quick_replies=(_call(language),), clarifies=True)
    questions = nearest(task)
    line = say((_ALONE, _WITH_ONE, _WITH_QUESTIONS)[min(len(questions), 2)], language)
    return replace(
        result, text=result.text or line, quick_replies=(*questions, _call(language)), cited=(), clarifies=True
    )


def offer(task: Task) -> tuple[QuickReply, ...]:
    """Return the buttons under small talk that offers a person."""
    questions = nearest(task) if smalltalk.complains(task.question) else ()
    return (*questions, _call(task.conversation.language))


def nearest(task: Task) -> tuple[QuickReply, ...]:
    """Return up to three questions of the knowledge base that are near to what was asked."""
    said = {message.text.strip().lower() for message in task.thread}
    # Who says that an answer was no help is not offered the same answer again.
    passages = task.passages[1:] if smalltalk.complains(task.question) else task.passages
    near = [one.title for one in passages if one.score >= NEAR and one.title.strip().lower() not in said]
    return tuple(QuickReply(kind=ReplyKind.QUESTION.value, text=title) for title in near[:_MOST])


def unfinished(language: str) -> str:
    """Return what follows an answer that broke off while the visitor read it."""
    return say(_UNFINISHED, language)


def is_one_question(text: str) -> bool:
    """Tell whether a model's text is nothing but one short question: then it clarifies by itself."""
    return len(text) <= _LONGEST and text.endswith("?") and not any(sign in text[:-1] for sign in ".!?\n")


def _call(language: str) -> QuickReply:
    return QuickReply(kind=ReplyKind.CALL.value, text=say("Позвать специалиста", language))


def cut_short(text: str, language: str) -> str:
    """Return an answer that ended too early, with word of how to read on."""
    return f"{text}\n\n{_go_on(language)}"


def model_part(text: str) -> str:
    """Return the part of an assistant's message that a model may have written; empty when code wrote it all."""
    for language in LANGUAGES:
        for ending in (_go_on(language), unfinished(language), called_too_often(language)):
            text = text.removesuffix(ending).rstrip()
    known = smalltalk.REPLIES | LINES
    ours = {say(sentence, language) for sentence in known for language in LANGUAGES}
    return "" if text in ours else text


def _go_on(language: str) -> str:
    return say("Ответ вышел длинным. Напишите «дальше», и я продолжу.", language)
