"""What one run sets out to answer, and what it comes to."""

import re
import time
from dataclasses import dataclass, field
from uuid import UUID

from vink_chat import conversations, knowledge, preferences
from vink_chat.answering import smalltalk
from vink_chat.answering.provider import Draft, Outcome
from vink_chat.conversations import AnyConversation, Author, ConversationRow, QuickReply, Reason, Said
from vink_chat.kit import db
from vink_chat.preferences import Handover

_THREAD = 100
# What the end of a long answer asks the visitor to write, and what people write instead.
_GO_ON = re.compile(
    r"(?:(?:и\s+)?(?:что\s+)?дальше|продолж(?:ай|айте|и|ите)|(?:go\s+on|continue|next|more))[\s.!?…»«\"]*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Task:
    """What one run sets out to answer.

    Attributes:
        thread: Oldest first, without notes.
        passages: What knowledge offers, best first.
        waiting: Whether the visitor waits for a person meanwhile.
        started: Seconds of a clock that only grows.
        recorded: Whether the run's record is written, so that it can be dropped without another.
    """

    conversation: AnyConversation
    thread: list[Said]
    passages: tuple[knowledge.Passage, ...] = ()
    waiting: bool = False
    started: float = field(default_factory=time.perf_counter)
    recorded: bool = False

    @property
    def position(self) -> int:
        """The place of the visitor's message the run answers."""
        return self.conversation.asked_position

    @property
    def asked(self) -> list[str]:
        """What the visitor wrote milliseconds_since the last answer, or milliseconds_since the assistant got the conversation back."""
        # What is asked while one waits counts as a person's to answer, and so as answered.
        return self._written_after(self._last_of_ours() if self.waiting else self.conversation.answered_position)

    @property
    def calling(self) -> list[str]:
        """What of it may call a person: not what was written before a call was taken back."""
        if self.conversation.reason is not Reason.WITHDRAWN:
            return self.asked
        return self._written_after(max(self.conversation.answered_position, self._last_of_ours(Author.SYSTEM)))

    @property
    def question(self) -> str:
        """What the visitor wrote milliseconds_since the last answer, as one text."""
        return "\n".join(self.asked)

    @property
    def search_query(self) -> str:
        """What knowledge is searched for: the question, or the one before where this one only speaks of its answer."""
        if not _is_about_answer(self.question):
            return self.question
        earlier = (one.text for one in reversed(self.thread) if one.author is Author.VISITOR)
        return next((text for text in earlier if not _is_about_answer(text)), self.question)

    @property
    def accepts_offer(self) -> bool:
        """Whether our side's last words offered a person, and the visitor says yes to that."""
        ours = next((one for one in reversed(self.thread) if one.author is not Author.VISITOR), None)
        return ours is not None and conversations.offers_person(ours) and any(map(smalltalk.agrees, self.asked))

    def _last_of_ours(self, *authors: Author) -> int:
        ours = authors or (Author.ASSISTANT, Author.OPERATOR, Author.SYSTEM)
        return max((one.position for one in self.thread if one.author in ours), default=0)

    def _written_after(self, position: int) -> list[str]:
        return [one.text for one in self.thread if one.author is Author.VISITOR and one.position > position]

    @property
    def confidence(self) -> float:
        """How well the best passage fits, 0.0 to 1.0."""
        return max((passage.score for passage in self.passages), default=0.0)

    @property
    def milliseconds(self) -> int:
        """How long the run has taken so far."""
        return milliseconds_since(self.started)


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to: a text for the visitor, or a reason to call a person.

    Attributes:
        detail: Why a person is called, for operators.
        sure: Whether the answer rests on what we know; small talk does not.
        quick_replies: Buttons under the text.
        shown: What the visitor saw growing before it failed.
        withheld: What the model wrote and the visitor is not shown.
        clarifies: The text asks the visitor instead of calling a person.
    """

    text: str = ""
    reason: Reason = Reason.NONE
    detail: str = ""
    draft: Draft = field(default_factory=lambda: Draft("", Outcome.UNKNOWN))
    cited: tuple[knowledge.Passage, ...] = ()
    sure: bool = False
    quick_replies: tuple[QuickReply, ...] = ()
    shown: str = ""
    withheld: str = ""
    clarifies: bool = False
    model_milliseconds: int = 0


async def read(conversation_id: UUID) -> Task | None:
    """Return what is to be answered in a conversation, or nothing."""
    async with db.reading() as tx:
        conversation = await conversations.glance_at(tx, conversation_id)
        waiting = preferences.current(Handover).answers_while_waiting and conversations.may_answer_waiting(conversation)
        if not waiting and not conversations.awaits_assistant(conversation):
            return None
        task = Task(conversation, await conversations.dialogue(tx, conversation_id, _THREAD), waiting=waiting)
        if waiting and _person_spoke(task.thread):
            return None
        task.passages = tuple(await knowledge.search(tx, task.search_query))
        return task


def is_still_wanted(task: Task, fresh: ConversationRow) -> bool:
    """Tell whether an answer is still is_still_wanted, by the conversation as it is now."""
    awaits = conversations.may_answer_waiting if task.waiting else conversations.awaits_assistant
    return awaits(fresh) and fresh.asked_position == task.position


def _person_spoke(thread: list[Said]) -> bool:
    """Tell whether an operator had the last word of our side: then the assistant keeps out of it."""
    speakers = (one.author for one in reversed(thread) if one.author in {Author.ASSISTANT, Author.OPERATOR})
    return next(speakers, None) is Author.OPERATOR


def _is_about_answer(text: str) -> bool:
    return _GO_ON.fullmatch(text.strip()) is not None or smalltalk.complains(text)


def milliseconds_since(started: float) -> int:
    """Return the milliseconds milliseconds_since a moment of ``time.perf_counter``."""
    return round((time.perf_counter() - started) * 1000)
