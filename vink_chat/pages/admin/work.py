"""The assistant's jobs: queued, running, and failed with the reason and a retry button."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict
from uuid import UUID

import reflex as rx

from vink_chat import answering, preferences, topics
from vink_chat.answering import Run
from vink_chat.components import button
from vink_chat.conversations import Conversation, Status, overview
from vink_chat.kit import db, signals
from vink_chat.kit.clock import now
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.admin import parts
from vink_chat.pages.admin.frame import AdminFrame, frame
from vink_chat.pages.admin.words import words
from vink_chat.pages.shared.formats import when
from vink_chat.pages.shared.panels import form_feedback, panel
from vink_chat.pages.staff.signed_in import SignedIn, parse_id, shows_refusals
from vink_chat.web import tabs

_MIN_SECONDS_BETWEEN_READS: Final = 0.5
_PREVIEW_CHARS: Final = 300


class Job(TypedDict):
    """One line of a list.

    Attributes:
        can_retry: Whether the assistant may be asked again.
    """

    id: str
    text: str
    about: str
    can_retry: bool
    href: str


class WorkState(SignedIn, rx.State):
    """The assistant's jobs and broken promises."""

    running: list[Job] = []
    queued: list[Job] = []
    failed: list[Job] = []
    broken: list[Job] = []
    saved: str = ""

    @rx.event
    @shows_refusals
    async def enter(self):
        """Check access, then follow the jobs."""
        self.saved, self.refusal = "", ""
        await self._admin()
        return WorkState.watch

    @rx.event(background=True)
    async def watch(self):
        """Refresh the lists whenever a conversation changes, while the session is valid."""
        return await tabs.lasting(self._watch)

    async def _watch(self):
        async with signals.current().subscribe(topics.QUEUE) as changes:
            while True:
                async with self:
                    try:
                        await self._admin(counts_as_activity=False)
                    except VinkError as refusal:
                        return self._refuse(refusal)
                    await self._read()
                    # Nothing announces that a task was started, or is late.
                    busy = bool(self.running or self.queued)
                await changes.next(quiet_after=_MIN_SECONDS_BETWEEN_READS if busy else None)
                # Coalesce a burst of changes into one read.
                await asyncio.sleep(_MIN_SECONDS_BETWEEN_READS)

    @rx.event
    @shows_refusals
    async def retry(self, conversation: str):
        """Ask the assistant to answer a question again."""
        self.saved = ""
        await self._admin()
        async with db.transaction() as tx:
            await answering.ask_again(tx, parse_id(conversation))
        self.saved, self.refusal = say("Ассистент ответит ещё раз в течение нескольких секунд", self._language()), ""

    async def _read(self) -> None:
        moment = now()
        async with db.reading() as tx:
            owed = await overview.owed(tx)
            failures = await answering.failures(tx)
            broken = await overview.broken_promises(tx, moment)
            asked = [(conversation.id, conversation.asked_position) for conversation in (*owed, *broken)]
            asked += [(conversation.id, run.position) for run, conversation in failures]
            questions = await overview.texts_at(tx, asked)
        # Later than one answer may take: its run is dead, and the rescue job asks again.
        late = moment - timedelta(seconds=preferences.current(preferences.Assistant).answer_seconds)
        language = self._language()

        def pending(conversation: Conversation, since: datetime | None) -> Job:
            question = questions.get((conversation.id, conversation.asked_position))
            return _job_of(conversation, question, when(since or moment, language))

        lists = {
            "running": [pending(row, row.asked_at) for row in owed if row.asked_at > late],
            "queued": [pending(row, row.asked_at) for row in owed if row.asked_at <= late],
            "failed": _failed(failures, questions, language),
            "broken": [pending(row, row.promised_at) for row in broken],
        }
        for name, jobs in lists.items():
            if getattr(self, name) != jobs:
                setattr(self, name, jobs)


def _failed(
    failures: Sequence[tuple[Run, Conversation]], questions: dict[tuple[UUID, int], str], language: str
) -> list[Job]:
    """Return the failed jobs; the newest of a waiting conversation can be retried."""
    t, jobs, newest = words(language), list[Job](), set[UUID]()
    for run, conversation in failures:
        about = f"{when(run.created_at, language)} · {t.get(f'reason_{run.reason}', run.reason)}: {run.detail}"
        can_retry = conversation.status is Status.WAITING and conversation.id not in newest
        newest.add(conversation.id)
        jobs.append(_job_of(conversation, questions.get((conversation.id, run.position)), about, can_retry=can_retry))
    return jobs


def _job_of(conversation: Conversation, question: str | None, about: str, *, can_retry: bool = False) -> Job:
    return Job(
        id=str(conversation.id),
        text=(question or conversation.last_text)[:_PREVIEW_CHARS] or "—",
        about=about,
        can_retry=can_retry,
        href=f"/desk?conversation={conversation.id}",
    )


t = AdminFrame.t


def work() -> rx.Component:
    """The page of the assistant's work."""
    return frame(
        "work",
        _list("running", WorkState.running),
        _list("queued", WorkState.queued),
        _list("failed", WorkState.failed),
        _list("broken", WorkState.broken),
        form_feedback(WorkState),
    )


def _list(name: str, jobs: Any) -> rx.Component:
    return panel(
        rx.fragment(t[f"work_{name}"], ": ", jobs.length()),
        rx.el.p(rx.cond(jobs.length() > 0, t[f"work_{name}_hint"], t["work_none"]), class_name=parts.SMALL),
        rx.el.ul(rx.foreach(jobs, _job), class_name="list-none m-0 p-0"),
        custom_attrs={"data-work": name},
    )


def _job(job: Job) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.a(job["text"], href=job["href"], class_name=parts.LINK + " break-words"),
            rx.el.p(job["about"], class_name=parts.SMALL),
            class_name="flex-1 min-w-0",
        ),
        rx.cond(job["can_retry"], button(t["retry"], on_click=WorkState.retry(job["id"]), classes="px-4 shrink-0")),
        class_name="flex items-start gap-3 py-2.5 border-t border-(--line)",
    )
