"""Try settings out before they are saved: the same prompt, providers and checks, without a conversation."""

import time
from dataclasses import dataclass
from uuid import uuid4

from vink_chat import config, conversations, knowledge
from vink_chat.answering import prompt, verdict, wording
from vink_chat.answering.active_run import ActiveRun, Result, milliseconds_since
from vink_chat.answering.provider import Draft, Outcome, Prompt, Provider, ProviderUnavailable, ask
from vink_chat.answering.providers import from_settings
from vink_chat.conversations import Author, Conversation, DialogueMessage
from vink_chat.kit import db
from vink_chat.preferences import Assistant, Handover, current


@dataclass(frozen=True, slots=True)
class Trial:
    """What the assistant would do.

    Attributes:
        text: What the visitor would read; empty if an operator would be called.
        fault: Why the model's answer may not be shown, in a few words; empty if it may.
        asks: Whether ``text`` asks the visitor a question instead of calling an operator.
        passages: What the knowledge search found: titles and scores from 0.0 to 1.0, best first.
        milliseconds: From the question to the result.
    """

    text: str
    fault: str
    model: str
    passages: tuple[tuple[str, float], ...]
    milliseconds: int
    asks: bool = False


async def try_out(question: str, assistant: Assistant, provider: Provider | None = None, language: str = "ru") -> Trial:
    """Answer a question with settings that need not be saved; nothing is stored.

    Args:
        question: What a visitor might ask.
        assistant: The settings to try.
        provider: Used instead of the configured ones. A separate set of those is built, so that a wrong model name
            that is only being tried does not open the circuit breakers of the live ones.
        language: The language of the visitor's page.

    Raises:
        EmptyMessage: The question has no visible characters.
        LongMessage: More than 4,000 characters.
    """
    started = time.perf_counter()
    asked = conversations.clean_text(question)
    async with db.reading() as tx:
        passages = tuple(await knowledge.search(tx, asked))
    run = _trial_run(asked, passages, language)
    request = prompt.build(assistant, prompt.PromptInput(run.thread, passages, language))
    draft, fault = Draft("", Outcome.UNKNOWN), ""
    result = verdict.before_model(run, assistant)
    if not result:
        draft, fault = await _ask(request, provider)
        policy = prompt.answer_policy(assistant, passages)
        result = Result() if fault else verdict.of(draft, run, policy)
    if not fault and result.may_clarify and current(Handover).low_confidence_in_a_row > 1:
        result = wording.as_question(result, run)
    asks = result.stays_with_assistant
    text, fault = result.text if asks or not result.reason else "", fault or result.detail
    offered = tuple((passage.title, passage.score) for passage in passages)
    return Trial(text, fault, draft.model or draft.provider, offered, milliseconds_since(started), asks)


def _trial_run(asked: str, passages: tuple[knowledge.Passage, ...], language: str) -> ActiveRun:
    conversation = Conversation(visitor_id=uuid4(), language=language, asked_position=1)
    return ActiveRun(conversation, [DialogueMessage(1, Author.VISITOR, asked)], passages)


async def _ask(request: Prompt, provider: Provider | None) -> tuple[Draft, str]:
    """Return the last draft and why it is not final, or the final one and an empty reason."""
    asked = provider or from_settings(config.current())
    drafts = [Draft("", Outcome.PARTIAL)]
    try:
        return await ask(asked, request, drafts.append), ""
    except (ProviderUnavailable, TimeoutError) as error:
        return drafts[-1], str(error)[:300] or "модель не ответила вовремя"
    finally:
        if provider is None:
            await asked.aclose()
