"""One run of the assistant while it goes on: its input, and its result."""

import re
import time
from dataclasses import dataclass, field
from uuid import UUID

from vink_chat import conversations, knowledge, preferences
from vink_chat.answering import smalltalk
from vink_chat.answering.provider import Draft, Outcome
from vink_chat.conversations import AnyConversation, Author, ConversationRow, DialogueMessage, QuickReply, Reason
from vink_chat.kit import db
from vink_chat.preferences import Handover

_THREAD_LIMIT = 100
# The word that a truncated answer asks the visitor to write, and what people write instead.
_CONTINUE_REQUEST = re.compile(
    r"(?:(?:и\s+)?(?:что\s+)?дальше|продолж(?:ай|айте|и|ите)|(?:go\s+on|continue|next|more))[\s.!?…»«\"]*",
    re.IGNORECASE,
)

# Failures of knowledge or of the model; every other reason is somebody's decision.
_FAILURES = frozenset({Reason.LOW_CONFIDENCE, Reason.CHECK_FAILED})


@dataclass(slots=True)
class ActiveRun:
    """The input of one run, and how far it is.

    Attributes:
        thread: Oldest first, without notes.
        passages: What the knowledge search found, best first.
        waiting: Whether the visitor is waiting for an operator.
        started: ``time.perf_counter()`` at the start, in seconds.
        recorded: Whether the run's record is already written; cancelling must not write a second one.
    """

    conversation: AnyConversation
    thread: list[DialogueMessage]
    passages: tuple[knowledge.Passage, ...] = ()
    waiting: bool = False
    started: float = field(default_factory=time.perf_counter)
    recorded: bool = False

    @property
    def position(self) -> int:
        """The position of the visitor's message that the run answers."""
        return self.conversation.asked_position

    @property
    def unanswered_messages(self) -> list[str]:
        """What the visitor wrote since the last answer, or since the assistant got the conversation back."""
        # While the visitor waits, ``answered_position`` has already moved past their messages: count from our last one.
        return self._written_after(self._last_of_ours() if self.waiting else self.conversation.answered_position)

    @property
    def messages_that_may_call(self) -> list[str]:
        """The messages that may call an operator: not those written before the visitor cancelled the call."""
        if self.conversation.reason is not Reason.WITHDRAWN:
            return self.unanswered_messages
        return self._written_after(max(self.conversation.answered_position, self._last_of_ours(Author.SYSTEM)))

    @property
    def question(self) -> str:
        """What the visitor wrote since the last answer, as one text."""
        return "\n".join(self.unanswered_messages)

    @property
    def search_query(self) -> str:
        """What to search for: the question, or the previous one if this one only reacts to its answer."""
        if not _refers_to_last_answer(self.question):
            return self.question
        earlier = (message.text for message in reversed(self.thread) if message.author is Author.VISITOR)
        return next((text for text in earlier if not _refers_to_last_answer(text)), self.question)

    @property
    def accepts_offer(self) -> bool:
        """Whether our last message offered to call an operator and the visitor agrees."""
        ours = next((message for message in reversed(self.thread) if message.author is not Author.VISITOR), None)
        return (
            ours is not None
            and conversations.offers_person(ours)
            and any(map(smalltalk.agrees, self.unanswered_messages))
        )

    def _last_of_ours(self, *authors: Author) -> int:
        ours = authors or (Author.ASSISTANT, Author.OPERATOR, Author.SYSTEM)
        return max((message.position for message in self.thread if message.author in ours), default=0)

    def _written_after(self, position: int) -> list[str]:
        visitors = (message for message in self.thread if message.author is Author.VISITOR)
        return [message.text for message in visitors if message.position > position]

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
    """The result of a run: a text for the visitor, or a reason to call an operator.

    Attributes:
        detail: Why an operator is called, for operators.
        grounded: Whether the answer is based on the knowledge base; small talk is not.
        quick_replies: Buttons under the text.
        shown: The part of a failed answer that the visitor saw being written.
        withheld: What the model wrote but the visitor is not shown.
        stays_with_assistant: The text asks the visitor a question, or says that nobody can be called now, instead of
            calling an operator.
    """

    text: str = ""
    reason: Reason = Reason.NONE
    detail: str = ""
    draft: Draft = field(default_factory=lambda: Draft("", Outcome.UNKNOWN))
    cited: tuple[knowledge.Passage, ...] = ()
    grounded: bool = False
    quick_replies: tuple[QuickReply, ...] = ()
    shown: str = ""
    withheld: str = ""
    stays_with_assistant: bool = False
    model_milliseconds: int = 0

    @property
    def may_clarify(self) -> bool:
        """Whether a run that would call an operator may ask the visitor a question first."""
        # The knowledge base was asked instead of the models that failed, but was unsure.
        all_models_failed = self.reason is Reason.PROVIDER_DOWN and bool(self.draft.failed)
        return self.reason in _FAILURES or all_models_failed or bool(self.shown)

    def needs_operator(self, unsure_in_a_row: int) -> bool:
        """Tell whether the run calls an operator, given how many unsure answers came before it."""
        if self.reason is Reason.NONE or self.stays_with_assistant:
            return False
        return not self.may_clarify or unsure_in_a_row + 1 >= preferences.current(Handover).low_confidence_in_a_row


async def load_run(conversation_id: UUID) -> ActiveRun | None:
    """Read the input of a run; None if there is nothing to answer."""
    async with db.reading() as tx:
        conversation = await conversations.get_row(tx, conversation_id)
        waiting = preferences.current(Handover).answers_while_waiting and conversations.may_answer_waiting(conversation)
        if not waiting and not conversations.awaits_assistant(conversation):
            return None
        run = ActiveRun(conversation, await conversations.dialogue(tx, conversation_id, _THREAD_LIMIT), waiting=waiting)
        if waiting and _operator_spoke_last(run.thread):
            return None
        run.passages = tuple(await knowledge.search(tx, run.search_query))
        return run


def is_still_wanted(run: ActiveRun, fresh: ConversationRow) -> bool:
    """Tell whether an answer is still wanted, given the conversation as it is now."""
    awaits = conversations.may_answer_waiting if run.waiting else conversations.awaits_assistant
    return awaits(fresh) and fresh.asked_position == run.position


def _operator_spoke_last(thread: list[DialogueMessage]) -> bool:
    """Tell whether an operator, not the assistant, answered last: then the assistant does not interfere."""
    authors = (message.author for message in reversed(thread))
    speakers = (author for author in authors if author in {Author.ASSISTANT, Author.OPERATOR})
    return next(speakers, None) is Author.OPERATOR


def _refers_to_last_answer(text: str) -> bool:
    return _CONTINUE_REQUEST.fullmatch(text.strip()) is not None or smalltalk.complains(text)


def milliseconds_since(started: float) -> int:
    """Return the milliseconds since a reading of ``time.perf_counter``."""
    return round((time.perf_counter() - started) * 1000)
