"""One run of the assistant: read the conversation, ask the model, check the status again, write the answer.

No transaction is open while the model thinks. If the thread went on meanwhile (a new message, an operator who stepped
in, a faster run), a run writes only its own record.
"""

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from vink_chat import conversations, handover, preferences
from vink_chat.answering import check, prompt, smalltalk, store, verdict, wording
from vink_chat.answering.active_run import ActiveRun, Result, is_still_wanted, load_run, milliseconds_since
from vink_chat.answering.errors import NothingToRetry
from vink_chat.answering.model import LONGEST_WITHHELD, Ending
from vink_chat.answering.provider import Provider, ProviderUnavailable, Usage, ask
from vink_chat.answering.stream import DraftDisplay
from vink_chat.conversations import Author, ConversationRow, Reason, Status
from vink_chat.events import QuestionPutAgain
from vink_chat.kit import db, event_loop
from vink_chat.kit.db import Transaction
from vink_chat.kit.errors import NotFound
from vink_chat.kit.words import say

log = logging.getLogger(__name__)


class Answerer:
    """The assistant of one process: at most one run per conversation; a newer run replaces an older one."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._running: dict[UUID, tuple[ActiveRun, asyncio.Task[None]]] = {}

    async def answer(self, conversation_id: UUID) -> None:
        """Answer the visitor's open question; safe to call twice, or when nothing is open."""
        # First let the visitor's message reach the open tabs.
        await event_loop.yield_to_ready_tasks()
        run = await load_run(conversation_id)
        if run is None:
            return
        before, _ = self._running.get(conversation_id, (None, None))
        if before and before.position >= run.position and before.waiting == run.waiting:
            # Woken twice for one message: the run in progress answers it.
            return
        self.drop(conversation_id)
        task = asyncio.create_task(self._run(run))
        self._running[conversation_id] = (run, task)
        try:
            await asyncio.wait({task})
        finally:
            if self._running.get(conversation_id) == (run, task):
                del self._running[conversation_id]
            task.cancel()
        if not task.cancelled():
            task.result()
        elif not run.recorded:
            await _write_superseded(run)

    async def recheck(self, conversation_id: UUID) -> None:
        """Stop the run in progress if its answer is no longer wanted."""
        if conversation_id not in self._running:
            return
        async with db.reading() as tx:
            fresh = await conversations.get_row(tx, conversation_id)
        run, _ = self._running.get(conversation_id, (None, None))
        if run and not is_still_wanted(run, fresh):
            self.drop(conversation_id)

    def drop(self, conversation_id: UUID) -> None:
        """Stop the run in progress."""
        _, task = self._running.pop(conversation_id, (None, None))
        if task:
            task.cancel()

    async def aclose(self) -> None:
        """Stop every run and close the provider."""
        for conversation_id in list(self._running):
            self.drop(conversation_id)
        await self._provider.aclose()

    async def _run(self, run: ActiveRun) -> None:
        assistant = preferences.current(preferences.Assistant)
        policy = prompt.answer_policy(assistant, run.passages)
        display = DraftDisplay(run, policy, grounded=verdict.needs_no_source(run))
        try:
            result = verdict.before_model(run, assistant) or await self._ask(run, policy, display)
            await _write(run, await _admitted(run, result))
        finally:
            display.end()

    async def _ask(self, run: ActiveRun, policy: check.Policy, display: DraftDisplay) -> Result:
        assistant = preferences.current(preferences.Assistant)
        prompt_input = prompt.PromptInput(run.thread, run.passages, run.conversation.language)
        started = time.perf_counter()
        if not run.waiting:
            display.announce_when_slow()
        try:
            request = prompt.build(assistant, prompt_input)
            # A visitor who waits for an operator is shown no unfinished answer: it might never be finished.
            request = replace(request, stream=request.stream and not run.waiting)
            if request.stream:
                display.begin()
            draft = await ask(self._provider, request, display.show if request.stream else None)
        except (ProviderUnavailable, TimeoutError) as error:
            log.warning("No answer for conversation %s: %s", run.conversation.id, error)
            result = Result(reason=Reason.PROVIDER_DOWN, detail=str(error)[:500], shown=display.shown)
        else:
            result = verdict.of(draft, run, policy, shown=display.shown, stopped=display.stopped)
        return replace(result, model_milliseconds=milliseconds_since(started))


async def _admitted(run: ActiveRun, result: Result) -> Result:
    """Count a call of an operator; beyond the limit, the visitor is told that nobody can be called now."""
    calls = not run.waiting and result.needs_operator(run.conversation.unsure_in_a_row)
    # Messages that ask for an operator in words were counted when they arrived.
    if not calls or any(map(handover.calls_person, run.unanswered_messages)):
        return result
    try:
        await handover.admit_handover(db.reading, run.conversation.visitor_id)
    except handover.TooManyCalls:
        return wording.with_call_limit_notice(result, run)
    return result


async def _write(run: ActiveRun, result: Result) -> None:
    async with db.transaction() as tx:
        fresh = await conversations.get_row(tx, run.conversation.id, lock=True)
        run_id, ending = uuid4(), Ending.SUPERSEDED
        if is_still_wanted(run, fresh) and run.waiting:
            ending = await _add(tx, fresh, result, run, run_id)
        elif is_still_wanted(run, fresh):
            result, ending = await _apply(tx, fresh, result, run, run_id)
        await store.keep(tx, id=run_id, ending=ending, **_record(run, result))
        # The reaction to this commit may cancel the run before it returns.
        run.recorded = True


async def _add(tx: db.Transaction, fresh: ConversationRow, result: Result, run: ActiveRun, run_id: UUID) -> Ending:
    """Give a waiting visitor an answer that is grounded, or acknowledge them once; nothing else changes."""
    if result.reason is not Reason.NONE or not result.grounded:
        if topic := _topic(run, result):
            await handover.acknowledge(tx, fresh, topic)
        return Ending.SILENT
    await _post(tx, fresh, result, run_id, say("{name}, пока ждём", fresh.language, name=_name(fresh.language)))
    return Ending.ANSWERED


def _topic(run: ActiveRun, result: Result) -> handover.Topic | None:
    """Return which acknowledgement a waiting visitor gets without an answer; thanks, or contacts alone, need none."""
    polite = smalltalk.reply_to(run.question)
    if polite and polite.closes:
        return None
    if polite or result.reason is Reason.WORDS or not any(map(str.isalnum, run.question)):
        return handover.Topic.PRESENCE
    return None if handover.only_contacts(run.question) else handover.Topic.QUESTION


async def _post(tx: db.Transaction, fresh: ConversationRow, result: Result, run_id: UUID, author: str) -> None:
    await conversations.post(
        tx,
        fresh,
        Author.ASSISTANT,
        result.text,
        author_name=author,
        sources=[{"title": passage.title, "url": passage.url} for passage in result.cited],
        quick_replies=result.quick_replies,
        run_id=run_id,
    )


def _name(language: str) -> str:
    return say(preferences.current(preferences.Assistant).name, language)


async def _apply(
    tx: db.Transaction, fresh: ConversationRow, result: Result, run: ActiveRun, run_id: UUID
) -> tuple[Result, Ending]:
    """Answer, ask the visitor a question, or call an operator; return what was done."""
    unsure = 0 if result.grounded else fresh.unsure_in_a_row
    if result.may_clarify and not result.stays_with_assistant:
        unsure = fresh.unsure_in_a_row + 1
        if unsure < preferences.current(preferences.Handover).low_confidence_in_a_row:
            result = wording.as_question(result, run)
    answers = result.stays_with_assistant or result.reason is Reason.NONE
    await conversations.record_assistant_turn(tx, fresh, answered=answers, unsure_in_a_row=unsure)
    text = result.text if answers else result.shown
    if text:
        said = replace(result, text=text)
        await _post(tx, fresh, said, run_id, preferences.current(preferences.Assistant).name)
    if answers:
        return result, Ending.CLARIFIED if result.stays_with_assistant else Ending.ANSWERED
    called = await conversations.get(tx, fresh.id, lock=True)
    await handover.request(tx, called, result.reason, run_id=None if text else run_id)
    return result, Ending.HANDED_OVER


async def _write_superseded(run: ActiveRun) -> None:
    with contextlib.suppress(NotFound):
        async with db.transaction() as tx:
            await conversations.get_row(tx, run.conversation.id)
            await store.keep(tx, id=uuid4(), ending=Ending.SUPERSEDED, **_record(run, Result()))


def _record(run: ActiveRun, result: Result) -> dict[str, Any]:
    usage: Usage = result.draft.usage
    failed = f"не ответили: {', '.join(result.draft.failed)}" if result.draft.failed else ""
    return {
        "conversation_id": run.conversation.id,
        "position": run.position,
        "reason": result.reason.value,
        "detail": " · ".join(part for part in (result.detail, failed) if part)[:500],
        "withheld": result.withheld[:LONGEST_WITHHELD],
        "provider": result.draft.provider,
        "model": result.draft.model,
        "request_id": result.draft.request_id,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "milliseconds": run.milliseconds,
        "model_milliseconds": result.model_milliseconds,
        "passages": [
            {
                "id": str(passage.id),
                "title": passage.title,
                "score": round(passage.score, 3),
                "cited": passage in result.cited,
            }
            for passage in run.passages
        ],
    }


async def ask_again(tx: Transaction, conversation_id: UUID) -> None:
    """Let the assistant try the visitor's last question again; do nothing if it has been answered meanwhile.

    Raises:
        NotFound: There is no such conversation.
        NothingToRetry: An operator holds it, or it is closed.
    """
    conversation = await conversations.get(tx, conversation_id, lock=True)
    if conversation.status not in {Status.WAITING, Status.ASSISTED} or not conversation.asked_position:
        raise NothingToRetry
    if conversation.status is Status.WAITING:
        conversations.move(tx, conversation, Status.ASSISTED, Reason.RETURNED)
        text = say("Ассистент ещё раз посмотрит ваш вопрос.", conversation.language)
        await conversations.post(tx, conversation, Author.SYSTEM, text)
    elif not conversations.awaits_assistant(conversation):
        # Pressed twice: the first press was answered.
        return
    first = min(conversation.answered_position + 1, conversation.asked_position)
    await conversations.reopen_question(tx, conversation, first)
    tx.emit(QuestionPutAgain(conversation.id))
