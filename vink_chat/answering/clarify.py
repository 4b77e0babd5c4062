"""What the program, not a model, writes in the assistant's name: clarifying questions, offers and endings."""

from dataclasses import replace
from typing import Final

from vink_chat.answering import smalltalk
from vink_chat.answering.task import Result, Task
from vink_chat.conversations import QuickReply, Reason, ReplyKind
from vink_chat.kit.words import LANGUAGES, say
from vink_chat.preferences import Handover, current

NEAR: Final = 0.16
"""The lowest score at which an article may be what the visitor meant."""
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

# Failures of knowledge or of the model; every other reason is somebody's decision.
_FAILURES: Final = frozenset({Reason.LOW_CONFIDENCE, Reason.CHECK_FAILED})


def may_clarify(result: Result) -> bool:
    """Tell whether a run that would call an operator may ask the visitor a question first."""
    weak = result.reason is Reason.PROVIDER_DOWN and result.draft.failed
    return bool(result.reason in _FAILURES or weak or result.shown)


def calls_person(result: Result, unsure_in_a_row: int) -> bool:
    """Tell whether a run calls an operator, given how many unsure answers came before it."""
    if result.reason is Reason.NONE or result.clarifies:
        return False
    return not may_clarify(result) or unsure_in_a_row + 1 >= current(Handover).low_confidence_in_a_row


def as_too_many_calls(result: Result, task: Task) -> Result:
    """Turn a call of an operator into a message that nobody can be called now."""
    line = called_too_often(task.conversation.language)
    text = f"{result.shown}\n\n{line}" if result.shown else line
    return replace(result, text=text, quick_replies=(), cited=(), clarifies=True)


def called_too_often(language: str) -> str:
    """Return the message for an address that called an operator too often."""
    return say(_CALLED_TOO_OFTEN, language)


def as_question(result: Result, task: Task) -> Result:
    """Turn a call of an operator into a question to the visitor."""
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
    """Return the buttons under small talk that offers to call an operator."""
    questions = nearest(task) if smalltalk.complains(task.question) else ()
    return (*questions, _call(task.conversation.language))


def nearest(task: Task) -> tuple[QuickReply, ...]:
    """Return up to three questions of the knowledge base that are close to the visitor's."""
    said = {message.text.strip().lower() for message in task.thread}
    # A visitor who complains about an answer is not offered the same answer again.
    passages = task.passages[1:] if smalltalk.complains(task.question) else task.passages
    titles = [passage.title for passage in passages if passage.score >= NEAR]
    near = [title for title in titles if title.strip().lower() not in said]
    return tuple(QuickReply(kind=ReplyKind.QUESTION.value, text=title) for title in near[:_MOST])


def unfinished(language: str) -> str:
    """Return the message after an answer that broke off while the visitor saw it being written."""
    return say(_UNFINISHED, language)


def is_one_question(text: str) -> bool:
    """Tell whether a model's text is just one short question: then it needs no clarifying question of ours."""
    return len(text) <= _LONGEST and text.endswith("?") and not any(sign in text[:-1] for sign in ".!?\n")


def _call(language: str) -> QuickReply:
    return QuickReply(kind=ReplyKind.CALL.value, text=say("Позвать специалиста", language))


def cut_short(text: str, language: str) -> str:
    """Return a truncated answer, followed by how to get the rest."""
    return f"{text}\n\n{_go_on(language)}"


def model_part(text: str) -> str:
    """Return the part of an assistant's message that a model may have written; empty if the program wrote it all."""
    for language in LANGUAGES:
        for ending in (_go_on(language), unfinished(language), called_too_often(language)):
            text = text.removesuffix(ending).rstrip()
    ours = {say(sentence, language) for sentence in smalltalk.REPLIES | LINES for language in LANGUAGES}
    return "" if text in ours else text


def _go_on(language: str) -> str:
    return say("Ответ вышел длинным. Напишите «дальше», и я продолжу.", language)
