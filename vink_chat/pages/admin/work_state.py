"""What the assistant has to do, does, and could not do."""

from datetime import timedelta
from typing import TypedDict

import reflex as rx

from vink_chat import answering, preferences
from vink_chat.conversations import Conversation, Status, overview
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.errors import VinkError
from vink_chat.kit.words import say
from vink_chat.pages.admin.people_views import when
from vink_chat.pages.admin.words import words
from vink_chat.pages.staff.signed_in import SignedIn, an_id


class Job(TypedDict):
    """One line of a list.

    Attributes:
        can_retry: Whether the assistant may be asked once more.
    """

    id: str
    text: str
    about: str
    can_retry: bool
    href: str


class WorkDesk(SignedIn, rx.State):
    """The work of the assistant and what became of it."""

    running: list[Job] = []
    queued: list[Job] = []
    failed: list[Job] = []
    broken: list[Job] = []
    saved: str = ""

    @rx.event
    async def open(self):
        """Read the lists."""
        self.saved, self.refusal = "", ""
        try:
            await self._admin()
        except VinkError as refusal:
            return self._refuse(refusal)
        await self._read()
        return None

    @rx.event
    async def retry(self, conversation: str):
        """Put a question before the assistant once more."""
        self.saved = ""
        try:
            await self._admin()
            async with db.transaction() as tx:
                await answering.ask_again(tx, an_id(conversation))
        except VinkError as refusal:
            return self._refuse(refusal)
        self.saved, self.refusal = say("Ассистент ответит ещё раз в течение нескольких секунд", self._language()), ""
        await self._read()
        return None

    async def _read(self) -> None:
        language = self._language()
        moment = now()
        async with db.reading() as tx:
            owed = await overview.owed(tx)
            failures = await answering.failures(tx)
            broken = await overview.broken_promises(tx, moment)
        # Longer than one answer may take: its run is dead, and the rescue asks again.
        late = moment - timedelta(seconds=preferences.current(preferences.Assistant).answer_seconds)
        self.running = [_job(one, when(one.asked_at, language)) for one in owed if one.asked_at > late]
        self.queued = [_job(one, when(one.asked_at, language)) for one in owed if one.asked_at <= late]
        t = words(language)
        self.failed = [
            _job(
                conversation,
                f"{when(run.created_at, language)} · {t.get(f'reason_{run.reason}', run.reason)}: {run.detail}",
                can_retry=conversation.status is Status.WAITING,
            )
            for run, conversation in failures
        ]
        self.broken = [_job(one, when(one.promised_at, language)) for one in broken if one.promised_at]


def _job(conversation: Conversation, about: str, *, can_retry: bool = False) -> Job:
    return Job(
        id=str(conversation.id),
        text=conversation.last_text or "—",
        about=about,
        can_retry=can_retry,
        href=f"/desk?conversation={conversation.id}",
    )
