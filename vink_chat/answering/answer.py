"""One answer: read, close, ask, open again, look at the status anew, write.

No transaction is open while the model thinks. A run whose thread went on meanwhile (a new message, an operator who
stepped in, another run that was quicker) writes nothing but its own record.
"""

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass, field
from uuid import UUID

from vink_chat import conversations, handover, knowledge, preferences
from vink_chat.answering import check, prompt, smalltalk
from vink_chat.answering.model import Ending, Run
from vink_chat.answering.provider import Draft, Outcome, Prompt, Provider, ProviderUnavailable, Usage
from vink_chat.answering.stream import Showing
from vink_chat.conversations import Author, Conversation, Message, Reason
from vink_chat.kit import db
from vink_chat.kit.words import say

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Task:
    """What one run set out to answer."""

    conversation: Conversation
    thread: list[Message]
    passages: tuple[knowledge.Passage, ...] = ()
    started: float = field(default_factory=time.perf_counter)

    @property
    def question(self) -> str:
        """The visitor's words since our last answer, as one text."""
        asked: list[str] = []
        for message in reversed(self.thread):
            if message.author is Author.VISITOR:
                asked.append(message.text)
            elif message.author is not Author.SYSTEM:
                break
        return "\n".join(reversed(asked))


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to: a text for the visitor, or a reason to call a person."""

    text: str = ""
    reason: Reason = Reason.NONE
    detail: str = ""
    draft: Draft = field(default_factory=lambda: Draft("", Outcome.UNKNOWN))
    cited: tuple[knowledge.Passage, ...] = ()
    model_milliseconds: int = 0


class Answerer:
    """The assistant of one process: one run at a time in a conversation, the newest wins."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._running: dict[UUID, asyncio.Task[None]] = {}

    async def answer(self, conversation_id: UUID) -> None:
        """Answer what waits in a conversation; harmless when nothing does, and when called twice."""
        self.drop(conversation_id)
        run = asyncio.create_task(self._run(conversation_id))
        self._running[conversation_id] = run
        try:
            await asyncio.wait({run})
        finally:
            if self._running.get(conversation_id) is run:
                del self._running[conversation_id]
            run.cancel()
        if not run.cancelled():
            run.result()

    def drop(self, conversation_id: UUID) -> None:
        """Stop a run in flight: its answer is not wanted any more."""
        if running := self._running.pop(conversation_id, None):
            running.cancel()

    async def aclose(self) -> None:
        """Stop every run and let go of the provider."""
        for conversation_id in list(self._running):
            self.drop(conversation_id)
        await self._provider.aclose()

    async def _run(self, conversation_id: UUID) -> None:
        task = await _read(conversation_id)
        if task is None:
            return
        result = _without_model(task) or await self._ask(task)
        await _write(task, result)

    async def _ask(self, task: Task) -> Result:
        assistant = preferences.current(preferences.Assistant)
        if not task.passages and assistant.only_knowledge:
            return Result(reason=Reason.LOW_CONFIDENCE, detail="в базе знаний ничего не нашлось")
        material = prompt.Material(task.thread, task.passages, task.conversation.language)
        request = prompt.build(assistant, material)
        rules = check.Rules(assistant.refused_words, (assistant.persona, *assistant.rules))
        started = time.perf_counter()
        showing = Showing(task.conversation.visitor_id, rules)
        try:
            draft = await self._generate(request, showing)
        except ProviderUnavailable as error:
            log.warning("No answer in conversation %s: %s", task.conversation.id, error)
            return Result(reason=Reason.PROVIDER_DOWN, detail=str(error)[:500], model_milliseconds=_since(started))
        finally:
            showing.end()
        return _judge(draft, task, rules, _since(started), withdrawn=showing.withdrawn)

    async def _generate(self, request: Prompt, showing: Showing) -> Draft:
        draft = Draft("", Outcome.PARTIAL)
        async with contextlib.aclosing(self._provider.generate(request)) as drafts:
            async for draft in drafts:
                if request.stream and draft.outcome is Outcome.PARTIAL:
                    showing.show(draft)
        return draft


async def _read(conversation_id: UUID) -> Task | None:
    async with db.reading() as tx:
        conversation = await conversations.get(tx, conversation_id)
        if not conversations.awaits_assistant(conversation):
            return None
        thread = await conversations.conversation_messages(tx, conversation_id, limit=100)
        task = Task(conversation, [message for message in thread if not message.note])
        task.passages = tuple(await knowledge.search(tx, task.question))
        return task


def _without_model(task: Task) -> Result | None:
    words = preferences.current(preferences.Handover).words
    if handover.wants_person(task.question):
        return Result(reason=Reason.WORDS, detail="посетитель просит человека")
    if handover.has_calling_word(task.question, words):
        return Result(reason=Reason.PREFERENCE, detail="слово из настроек")
    limit = preferences.current(preferences.Assistant).turn_limit
    if limit and task.conversation.assistant_turns >= limit:
        return Result(reason=Reason.TURN_LIMIT, detail=f"ответов: {limit}")
    return None


def _judge(draft: Draft, task: Task, rules: check.Rules, milliseconds: int, *, withdrawn: bool) -> Result:
    if draft.outcome is Outcome.UNSURE:
        polite = smalltalk.reply_to(task.question)
        if polite:
            return Result(text=say(polite, task.conversation.language), draft=draft, model_milliseconds=milliseconds)
        best = max((passage.score for passage in task.passages), default=0.0)
        detail = f"лучшая выдержка: {best:.2f}"
        return Result(reason=Reason.LOW_CONFIDENCE, detail=detail, draft=draft, model_milliseconds=milliseconds)
    fault = "показанное начало не прошло проверку" if withdrawn else check.fault_of(draft, rules)
    text, cited = prompt.citations(draft.text, task.passages)
    if not fault and not text:
        fault = "пустой ответ"
    if fault:
        return Result(reason=Reason.CHECK_FAILED, detail=fault, draft=draft, model_milliseconds=milliseconds)
    cited += [passage for passage in task.passages if str(passage.id) in draft.cited and passage not in cited]
    return Result(text=text, draft=draft, cited=tuple(cited), model_milliseconds=milliseconds)


async def _write(task: Task, result: Result) -> None:
    run = _record(task, result)
    async with db.transaction() as tx:
        fresh = await conversations.get(tx, task.conversation.id, lock=True)
        if not conversations.awaits_assistant(fresh) or fresh.asked_position != task.conversation.asked_position:
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
        run.milliseconds = _since(task.started)
        tx.session.add(run)


def _record(task: Task, result: Result) -> Run:
    usage: Usage = result.draft.usage
    return Run(
        conversation_id=task.conversation.id,
        position=task.conversation.asked_position,
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


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
