"""What the program, not a model, writes in the assistant's name: clarifying questions, offers, notices."""

from dataclasses import replace
from typing import Final

from vink_chat.answering import smalltalk
from vink_chat.answering.active_run import ActiveRun, Result
from vink_chat.conversations import QuickReply, ReplyKind
from vink_chat.kit.words import LANGUAGES, say

MIN_SUGGESTION_SCORE: Final = 0.16
"""The lowest score at which an article may be what the visitor meant."""
_MAX_SUGGESTIONS: Final = 3
_MAX_QUESTION_CHARS: Final = 200
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
_WHOLE_MESSAGES: Final = frozenset({_WITH_QUESTIONS, _WITH_ONE, _ALONE})


def with_call_limit_notice(result: Result, run: ActiveRun) -> Result:
    """Turn a call of an operator into a message that nobody can be called now."""
    line = called_too_often(run.conversation.language)
    text = f"{result.shown}\n\n{line}" if result.shown else line
    return replace(result, text=text, quick_replies=(), cited=(), stays_with_assistant=True)


def called_too_often(language: str) -> str:
    """Return the message for an address that called an operator too often."""
    return say(_CALLED_TOO_OFTEN, language)


def as_question(result: Result, run: ActiveRun) -> Result:
    """Turn a call of an operator into a question to the visitor."""
    language = run.conversation.language
    if result.shown:
        text = f"{result.shown}\n\n{unfinished(language)}"
        return replace(result, text=text, quick_replies=(_call(language),), stays_with_assistant=True)
    questions = nearest(run)
    line = say((_ALONE, _WITH_ONE, _WITH_QUESTIONS)[min(len(questions), 2)], language)
    return replace(
        result,
        text=result.text or line,
        quick_replies=(*questions, _call(language)),
        cited=(),
        stays_with_assistant=True,
    )


def offer(run: ActiveRun) -> tuple[QuickReply, ...]:
    """Return the buttons under small talk that offers to call an operator."""
    questions = nearest(run) if smalltalk.complains(run.question) else ()
    return (*questions, _call(run.conversation.language))


def nearest(run: ActiveRun) -> tuple[QuickReply, ...]:
    """Return up to three questions of the knowledge base that are close to the visitor's."""
    said = {message.text.strip().lower() for message in run.thread}
    # A visitor who complains about an answer is not offered the same answer again.
    passages = run.passages[1:] if smalltalk.complains(run.question) else run.passages
    titles = [passage.title for passage in passages if passage.score >= MIN_SUGGESTION_SCORE]
    near = [title for title in titles if title.strip().lower() not in said]
    return tuple(QuickReply(kind=ReplyKind.QUESTION.value, text=title) for title in near[:_MAX_SUGGESTIONS])


def unfinished(language: str) -> str:
    """Return the message after an answer that broke off while the visitor saw it being written."""
    return say(_UNFINISHED, language)


def is_one_question(text: str) -> bool:
    """Tell whether a model's text is just one short question: then it serves as the clarifying question."""
    return len(text) <= _MAX_QUESTION_CHARS and text.endswith("?") and not any(sign in text[:-1] for sign in ".!?\n")


def _call(language: str) -> QuickReply:
    return QuickReply(kind=ReplyKind.CALL.value, text=say("Позвать специалиста", language))


def cut_short(text: str, language: str) -> str:
    """Return a truncated answer, followed by how to get the rest."""
    return f"{text}\n\n{_truncation_notice(language)}"


def model_part(text: str) -> str:
    """Return the part of an assistant's message that a model may have written; empty if the program wrote it all."""
    for language in LANGUAGES:
        for ending in (_truncation_notice(language), unfinished(language), called_too_often(language)):
            text = text.removesuffix(ending).rstrip()
    ours = {say(sentence, language) for sentence in smalltalk.REPLIES | _WHOLE_MESSAGES for language in LANGUAGES}
    return "" if text in ours else text


def _truncation_notice(language: str) -> str:
    return say("Ответ вышел длинным. Напишите «дальше», и я продолжу.", language)
