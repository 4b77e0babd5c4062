"""One answer: read, close, ask, open again, look at the status anew, write.

No transaction is open while the model thinks. A run whose thread went on meanwhile (a new message, an operator who
stepped in, another run that was quicker) writes nothing but its own record.
"""

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from uuid import UUID

from vink_chat import conversations, handover, preferences
from vink_chat.answering import check, prompt, verdict
from vink_chat.answering.model import Ending, Run
from vink_chat.answering.provider import Draft, Outcome, Prompt, Provider, ProviderUnavailable, Usage
from vink_chat.answering.stream import Showing
from vink_chat.answering.task import Result, Task, read, since
from vink_chat.conversations import Author, Conversation, Reason
from vink_chat.kit import db

log = logging.getLogger(__name__)

_GRACE = 1.0


class Answerer:
    """The assistant of one process: one run at a time in a conversation, the newest wins."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._running: dict[UUID, tuple[int, asyncio.Task[None]]] = {}

    async def answer(self, conversation_id: UUID) -> None:
        """Answer what waits in a conversation; harmless when nothing does, and when called twice."""
        task = await read(conversation_id)
        if task is None:
            return
        position, _ = self._running.get(conversation_id, (0, None))
        if position >= task.position:
            # Woken twice for one message: the run in flight answers it.
            return
        self.drop(conversation_id)
        run = asyncio.create_task(self._run(task))
        self._running[conversation_id] = (task.position, run)
        try:
            await asyncio.wait({run})
        finally:
            if self._running.get(conversation_id) == (task.position, run):
                del self._running[conversation_id]
            run.cancel()
        if not run.cancelled():
            run.result()

    async def reconsider(self, conversation_id: UUID) -> None:
        """Stop a run in flight when its answer is not wanted any more."""
        if conversation_id not in self._running:
            return
        async with db.reading() as tx:
            fresh = await conversations.get(tx, conversation_id)
        position, _ = self._running.get(conversation_id, (0, None))
        if not conversations.awaits_assistant(fresh) or position < fresh.asked_position:
            self.drop(conversation_id)

    def drop(self, conversation_id: UUID) -> None:
        """Stop a run in flight."""
        _, running = self._running.pop(conversation_id, (0, None))
        if running:
            running.cancel()

    async def aclose(self) -> None:
        """Stop every run and let go of the provider."""
        for conversation_id in list(self._running):
            self.drop(conversation_id)
        await self._provider.aclose()

    async def _run(self, task: Task) -> None:
        result = verdict.before_model(task) or await self._ask(task)
        await _write(task, result)

    async def _ask(self, task: Task) -> Result:
        assistant = preferences.current(preferences.Assistant)
        material = prompt.Material(task.thread, task.passages, task.conversation.language)
        request = prompt.build(assistant, material)
        rules = check.Rules(assistant.refused_words, (assistant.persona, *assistant.rules))
        started = time.perf_counter()
        showing = Showing(task.conversation, rules)
        try:
            draft = await self._generate(request, showing)
        except (ProviderUnavailable, TimeoutError) as error:
            log.warning("No answer in conversation %s: %s", task.conversation.id, error)
            detail = str(error)[:500]
            return Result(reason=Reason.PROVIDER_DOWN, detail=detail, model_milliseconds=since(started))
        finally:
            showing.end()
        result = verdict.of(draft, task, rules, withdrawn=showing.withdrawn)
        return replace(result, model_milliseconds=since(started))

    async def _generate(self, request: Prompt, showing: Showing) -> Draft:
        draft = Draft("", Outcome.PARTIAL)
        # The provider keeps its own deadline; this one is for a provider that forgot.
        async with asyncio.timeout(request.seconds + _GRACE):
            async with contextlib.aclosing(self._provider.generate(request)) as drafts:
                if request.stream:
                    showing.begin()
                async for draft in drafts:
                    if request.stream and draft.outcome is Outcome.PARTIAL:
                        showing.show(draft)
        return draft


async def _write(task: Task, result: Result) -> None:
    async with db.transaction() as tx:
        fresh = await conversations.get(tx, task.conversation.id, lock=True)
        current = conversations.awaits_assistant(fresh) and fresh.asked_position == task.position
        result = _counted(fresh, result) if current else result
        run = _record(task, result)
        if not current:
            run.ending = Ending.SUPERSEDED
        elif result.reason is not Reason.NONE:
            await handover.request(tx, fresh, result.reason)
        else:
            fresh.answered_position = fresh.asked_position
            fresh.assistant_turns += 1
            await conversations.post(
                tx,
                fresh,
                Author.ASSISTANT,
                result.text,
                author_name=preferences.current(preferences.Assistant).name,
                sources=[{"title": one.title, "url": one.url} for one in result.cited],
                run_id=run.id,
            )
        run.milliseconds = task.milliseconds
        tx.session.add(run)


def _counted(fresh: Conversation, result: Result) -> Result:
    """Count answers that rest on nothing: one too many in a row is not shown, and a person is called."""
    if result.reason is not Reason.NONE or result.unsure is None:
        return result
    fresh.unsure_in_a_row = fresh.unsure_in_a_row + 1 if result.unsure else 0
    if fresh.unsure_in_a_row < preferences.current(preferences.Handover).low_confidence_in_a_row:
        return result
    detail = f"неуверенных ответов подряд: {fresh.unsure_in_a_row}"
    return replace(result, text="", reason=Reason.LOW_CONFIDENCE, detail=detail)


def _record(task: Task, result: Result) -> Run:
    usage: Usage = result.draft.usage
    return Run(
        conversation_id=task.conversation.id,
        position=task.position,
        ending=Ending.HANDED_OVER if result.reason is not Reason.NONE else Ending.ANSWERED,
        reason=result.reason.value,
        detail=result.detail,
        provider=result.draft.provider,
        model=result.draft.model,
        request_id=result.draft.request_id,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        model_milliseconds=result.model_milliseconds,
        passages=[
            {"id": str(one.id), "title": one.title, "score": round(one.score, 3), "cited": one in result.cited}
            for one in task.passages
        ],
    )
