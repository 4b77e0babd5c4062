"""One answer: read, close, ask, open again, look at the status anew, write.

No transaction is open while the model thinks. A run whose thread went on meanwhile (a new message, an operator who
stepped in, another run that was quicker) writes nothing but its own record.
"""

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from vink_chat import conversations, handover, preferences
from vink_chat.answering import prompt, store, verdict
from vink_chat.answering.model import Ending
from vink_chat.answering.provider import Draft, Outcome, Prompt, Provider, ProviderUnavailable, Usage
from vink_chat.answering.stream import Showing
from vink_chat.answering.task import Result, Task, read, since
from vink_chat.conversations import Author, Reason
from vink_chat.kit import db, turns
from vink_chat.kit.errors import NotFound

log = logging.getLogger(__name__)

_GRACE = 1.0


class Answerer:
    """The assistant of one process: one run at a time in a conversation, the newest wins."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._running: dict[UUID, tuple[int, asyncio.Task[None]]] = {}

    async def answer(self, conversation_id: UUID) -> None:
        """Answer what waits in a conversation; harmless when nothing does, and when called twice."""
        # The message itself goes out to the tabs before anybody thinks about it.
        await turns.after_you()
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
        elif not task.recorded:
            await _write_superseded(task)

    async def reconsider(self, conversation_id: UUID) -> None:
        """Stop a run in flight when its answer is not wanted any more."""
        if conversation_id not in self._running:
            return
        async with db.reading() as tx:
            fresh = await conversations.glance_at(tx, conversation_id)
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
        result = verdict.before_model(task, preferences.current(preferences.Assistant)) or await self._ask(task)
        await _write(task, result)

    async def _ask(self, task: Task) -> Result:
        assistant = preferences.current(preferences.Assistant)
        material = prompt.Material(task.thread, task.passages, task.conversation.language)
        request = prompt.build(assistant, material)
        rules = prompt.rules(assistant, task.passages)
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
        fresh = await conversations.glance_at(tx, task.conversation.id, lock=True)
        current = conversations.awaits_assistant(fresh) and fresh.asked_position == task.position
        changes: dict[str, object] = {}
        if current and result.reason is Reason.NONE and result.unsure is not None:
            changes["unsure_in_a_row"] = unsure = fresh.unsure_in_a_row + 1 if result.unsure else 0
            result = _held_back(result, unsure)
        answered = current and result.reason is Reason.NONE
        if answered:
            changes |= {"answered_position": fresh.asked_position, "assistant_turns": fresh.assistant_turns + 1}
        if changes:
            await conversations.change(tx, fresh, **changes)
        run_id = uuid4()
        if answered:
            await conversations.post(
                tx,
                fresh,
                Author.ASSISTANT,
                result.text,
                author_name=preferences.current(preferences.Assistant).name,
                sources=[{"title": one.title, "url": one.url} for one in result.cited],
                run_id=run_id,
            )
        elif current:
            await handover.request(tx, await conversations.get(tx, fresh.id, lock=True), result.reason)
        ending = _ending(result) if current else Ending.SUPERSEDED
        await store.keep(tx, id=run_id, ending=ending, **_record(task, result))
        # What is heard of this commit may stop the run before it has come home.
        task.recorded = True


async def _write_superseded(task: Task) -> None:
    with contextlib.suppress(NotFound):
        async with db.transaction() as tx:
            await conversations.glance_at(tx, task.conversation.id)
            await store.keep(tx, id=uuid4(), ending=Ending.SUPERSEDED, **_record(task, Result()))


def _ending(result: Result) -> Ending:
    return Ending.HANDED_OVER if result.reason is not Reason.NONE else Ending.ANSWERED


def _held_back(result: Result, unsure: int) -> Result:
    """Hold back an answer that rests on nothing when too many before it did: a person is called instead."""
    if unsure < preferences.current(preferences.Handover).low_confidence_in_a_row:
        return result
    return replace(result, text="", reason=Reason.LOW_CONFIDENCE, detail=f"неуверенных ответов подряд: {unsure}")


def _record(task: Task, result: Result) -> dict[str, Any]:
    usage: Usage = result.draft.usage
    failed = f"не ответили: {', '.join(result.draft.failed)}" if result.draft.failed else ""
    return {
        "conversation_id": task.conversation.id,
        "position": task.position,
        "reason": result.reason.value,
        "detail": " · ".join(part for part in (result.detail, failed) if part)[:500],
        "provider": result.draft.provider,
        "model": result.draft.model,
        "request_id": result.draft.request_id,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "milliseconds": task.milliseconds,
        "model_milliseconds": result.model_milliseconds,
        "passages": [
            {"id": str(one.id), "title": one.title, "score": round(one.score, 3), "cited": one in result.cited}
            for one in task.passages
        ],
    }
