"""Answer, or call an operator: pure rules, before the model is asked and after it has answered."""

from dataclasses import replace
from typing import Final

from vink_chat import handover, preferences
from vink_chat.answering import check, prompt, smalltalk, wording
from vink_chat.answering.active_run import ActiveRun, Result
from vink_chat.answering.provider import Draft, Outcome
from vink_chat.answering.providers import KnowledgeProvider
from vink_chat.answering.providers.knowledge import quotation
from vink_chat.conversations import Reason
from vink_chat.kit import links
from vink_chat.kit.words import say

_FROM_BASE: Final = "Ответ прервался. Вот что об этом есть в базе знаний:"
FITTING: Final = 0.3
"""A passage with a lower score has nothing to do with the question."""


def before_model(run: ActiveRun, assistant: preferences.Assistant) -> Result | None:
    """Return the result if no model is needed: a call of an operator, or small talk; else None."""
    words = preferences.current(preferences.Handover).words
    if any(handover.wants_person(text) for text in run.messages_that_may_call):
        return Result(reason=Reason.WORDS, detail="посетитель просит человека")
    if any(handover.has_calling_word(text, words) for text in run.messages_that_may_call):
        return Result(reason=Reason.PREFERENCE, detail="слово из настроек")
    if run.accepts_offer:
        return Result(reason=Reason.WORDS, detail="посетитель согласился позвать специалиста")
    if assistant.turn_limit and run.conversation.assistant_turns >= assistant.turn_limit:
        return Result(reason=Reason.TURN_LIMIT, detail=f"ответов: {assistant.turn_limit}")
    # A waiting visitor only gets grounded answers.
    unfounded = run.waiting and not quotation(run.passages)
    if unfounded or (assistant.only_knowledge and run.confidence < FITTING):
        return _small_talk(run) or Result(reason=Reason.LOW_CONFIDENCE, detail=_best(run))
    return None


def of(draft: Draft, run: ActiveRun, policy: check.Policy, *, shown: str = "", stopped: bool = False) -> Result:
    """Judge a final draft.

    Args:
        draft: The provider's final draft.
        run: The input of the run.
        policy: What the text is checked against.
        shown: The part that the visitor saw being written.
        stopped: Whether the next part failed the check and was not shown.
    """
    if draft.model == KnowledgeProvider.name and (polite := _small_talk(run, draft)):
        return polite
    if draft.outcome is Outcome.UNSURE:
        # If models failed before, the missing model is the reason, not missing knowledge.
        reason = Reason.PROVIDER_DOWN if draft.failed else Reason.LOW_CONFIDENCE
        return Result(reason=reason, detail=_best(run), draft=draft)
    # A quotation from the knowledge base does not continue a text that a model began.
    quoted = draft.model == KnowledgeProvider.name
    fault = "продолжение не прошло проверку" if stopped and not quoted else check.rejection_reason(draft, policy)
    text, cited = prompt.citations(draft.text, run.passages)
    if not fault and draft.outcome is Outcome.TRUNCATED:
        text = check.whole_sentences(text)
        fault = "" if text else "ответ оборвался"
        text = wording.cut_short(text, run.conversation.language)
    if not fault and not text:
        fault = "пустой ответ"
    written, text = text, links.confined(text, policy.trusted.allows)
    if fault:
        withheld = text.removeprefix(shown).strip() if shown else written
        return Result(reason=Reason.CHECK_FAILED, detail=fault, draft=draft, shown=shown, withheld=withheld)
    cited += [passage for passage in run.passages if str(passage.id) in draft.cited and passage not in cited]
    if not cited and not needs_no_source(run):
        question = text if wording.is_one_question(text) else ""
        withheld = "" if question else text
        return Result(text=question, reason=Reason.LOW_CONFIDENCE, detail=_best(run), draft=draft, withheld=withheld)
    if quoted and shown:
        text = f"{shown}\n\n{say(_FROM_BASE, run.conversation.language)}\n\n{text}"
    return Result(text=text, draft=draft, cited=tuple(cited), grounded=smalltalk.reply_to(run.question) is None)


def needs_no_source(run: ActiveRun) -> bool:
    """Tell whether an answer may be shown without a source: a passage fits, or it is small talk."""
    return run.confidence >= FITTING or smalltalk.reply_to(run.question) is not None


def _small_talk(run: ActiveRun, draft: Draft | None = None) -> Result | None:
    polite = smalltalk.reply_to(run.question)
    if not polite:
        return None
    result = Result(
        text=say(polite.text, run.conversation.language), quick_replies=wording.offer(run) if polite.offers else ()
    )
    return replace(result, draft=draft) if draft else result


def _best(run: ActiveRun) -> str:
    return f"лучшая выдержка: {run.confidence * 100:.0f}\u00a0%"
