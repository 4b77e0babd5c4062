"""A visitor, two operators, the assistant and the clock act at random; the invariants hold after every step."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.makers import FOR_GOOD, Colleague, Visitor, hire
from vink_chat import conversations, handover, knowledge, operators
from vink_chat.answering import Answerer
from vink_chat.answering.provider import Prompt
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.answering.providers.scripted import Answer
from vink_chat.conversations import MOVES, Author, Conversation, Status, visitors
from vink_chat.events import ConversationMoved, MessagePosted
from vink_chat.jobs import Scheduler
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.kit.errors import VinkError
from vink_chat.operators import Presence

TEXTS = (
    "Чем отличается литая плёнка?",
    "Есть акрил?",
    "Какие есть баннеры?",
    "Позовите оператора",
    "Спасибо!",
    "У меня жалоба",
    "Какая погода на Марсе?",
    "Есть ли минимальная сумма заказа?",
    "да",
)
ROUNDS = (
    "alert_again",
    "offer_forms",
    "requeue_abandoned",
    "close_silent",
    "close_gone",
    "end_due",
    "sort_callbacks",
    "end_offers",
)
ANSWERS = ("Литая долговечнее [1].", "Не знаю такого.", "Я бот.", "")
PLACES: list[Path] = []


class Chat(RuleBasedStateMachine):
    """The life of one visitor."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
        self.now = self.clock.start()
        self.visitor = Visitor()
        self.sent: list[tuple[str, str]] = []
        self.events: list[Any] = []
        self.holder = Status.ASSISTED
        self.late = 0
        self.latest: UUID | None = None
        self.spoke = False

    @initialize()
    def opens(self) -> None:
        path = shutil.copy(PLACES[0], PLACES[0].with_name(f"{self.visitor.id}.db"))
        self.database = Database(f"sqlite:///{path}")
        self.database.listener = self.hear
        db.use(self.database)
        self.thought = asyncio.Event()
        self.answers = iter(ANSWERS * 1000)
        self.model = ScriptedProvider(otherwise=self.think)
        self.answerer = Answerer(self.model)
        self.thinking: set[asyncio.Task[None]] = set()
        self.operators: list[Colleague] = [self.run(hire(name, at_desk=False)) for name in ("Анна", "Борис")]
        self.desks = [self.run(one.opens_a_desk(FOR_GOOD)) for one in self.operators]
        self.rounds = Scheduler(self.answerer.answer)
        self.events.clear()

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.thinks_it_over()
            self.asks_the_assistant()
            self.thinks_it_over()
            conversation = self.conversation()
            assert conversation is None or not conversations.awaits_assistant(conversation)
            self.run(self.database.close())
        db.use(None)
        self.loop.close()
        self.clock.stop()

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def think(self, _: Prompt) -> Answer:
        return (self.thought, next(self.answers))

    def hear(self, events: Any) -> None:
        for event in events:
            self.events.append(event)
            if isinstance(event, ConversationMoved):
                self.holder = Status(event.after)
            if isinstance(event, MessagePosted) and event.conversation_id != self.latest:
                self.latest, self.spoke = event.conversation_id, False
            if isinstance(event, MessagePosted) and event.author == Author.ASSISTANT:
                assert self.holder in {Status.ASSISTED, Status.WAITING}, "the assistant talked over a person"
                assert self.holder is Status.ASSISTED or not self.spoke, "the assistant talked on after a person"
                self.spoke = False

    def conversation(self) -> Conversation | None:
        async def find() -> Conversation | None:
            async with db.reading() as tx:
                return await conversations.newest(tx, self.visitor.id)

        return self.run(find())

    @rule(text=st.sampled_from(TEXTS))
    def visitor_writes(self, text: str) -> None:
        if (found := self.conversation()) is None or found.status is Status.CLOSED:
            self.holder = Status.ASSISTED
        name = f"tab-{len(self.sent)}"
        self.run(self.visitor.writes(text, name))
        self.sent.append((name, text))
        self.asks_the_assistant()

    @rule()
    def visitor_stops_waiting(self) -> None:
        conversation = self.conversation()
        waited = conversation is not None and conversation.status is Status.WAITING
        attended = conversation is not None and conversation.status is Status.ATTENDED
        try:
            self.run(self.visitor.stops_waiting())
        except VinkError:
            assert attended
        else:
            after = self.conversation()
            assert not waited or (after is not None and after.reason is conversations.Reason.WITHDRAWN)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 100))
    def visitor_sends_again(self, which: int) -> None:
        name, text = self.sent[which % len(self.sent)]
        self.run(self.visitor.writes(text, name))

    @precondition(lambda self: (found := self.conversation()) is not None and found.status is Status.CLOSED)
    @rule(stars=st.integers(1, 5))
    def visitor_rates(self, stars: int) -> None:
        async def rate() -> None:
            async with db.transaction() as tx:
                await handover.rate(tx, self.visitor.id, stars)

        self.run(rate())
        after = self.conversation()
        assert after is not None
        assert after.rating == stars

    @rule()
    def visitor_leaves_contacts(self) -> None:
        """A visitor away with contacts is a callback; back on the page they are in the queue."""
        conversation = self.conversation()
        if conversation is None or conversation.status is not Status.WAITING:
            return
        asked = conversation.form_offered_at is not None

        async def leave() -> None:
            async with db.transaction() as tx:
                await visitors.describe(tx, conversation.id, name="", email="", phone="+7 903 123-45-67")

        async def sort(expected: bool) -> None:
            await self.rounds.sort_callbacks()
            found = await self.visitor.conversation()
            assert (found.callback_since is not None) is expected
            assert (found.form_offered_at is not None) is asked

        self.run(leave())
        self.now.shift(timedelta(minutes=6))
        self.run(sort(expected=True))

        async def return_to_page() -> None:
            async with db.transaction() as tx:
                await handover.mark_seen(tx, [self.visitor.id])

        if len(self.sent) % 2:
            self.run(return_to_page())
            self.run(sort(expected=False))

    @rule()
    def visitor_calls(self) -> None:
        if (found := self.conversation()) is None or found.status is Status.CLOSED:
            self.holder = Status.ASSISTED
        self.run(self.visitor.presses_the_button())

    @rule()
    def asks_the_assistant(self) -> None:
        """The assistant is woken, perhaps once more, and begins to answer."""
        if conversation := self.conversation():
            asked = len(self.model.prompts)
            task = self.loop.create_task(self.answerer.answer(conversation.id))
            self.thinking.add(task)
            # Until it answers, or has nothing to answer: the steps must not depend on the machine's speed.
            while not task.done() and len(self.model.prompts) == asked:
                self.run(asyncio.sleep(0.001))

    @rule()
    def thinks_it_over(self) -> None:
        """The model returns its answers, needed or not."""
        self.thought.set()
        if self.thinking:
            self.run(asyncio.wait(self.thinking))
        failed = [task.exception() for task in self.thinking if task.exception()]
        assert failed == []
        self.thinking.clear()
        self.thought.clear()

    @rule(
        who=st.integers(0, 1),
        verb=st.sampled_from(
            [
                *["claims"] * 3,
                "replies",
                "gives_back",
                "gives_back",
                "releases",
                "transfers",
                *["finishes"] * 3,
                "finishes_soon",
                "keeps_open",
                "resumes",
            ]
        ),
    )
    def operator_acts(self, who: int, verb: str) -> None:
        conversation = self.conversation()
        if conversation is None:
            return
        operator, colleague = self.operators[who], self.operators[1 - who]
        more = {"replies": ("Добрый день!",), "transfers": (colleague, "Возьмёшь?")}.get(verb, ())
        act: Callable[..., Awaitable[Any]] = getattr(operator, verb)
        holds = conversations.holds(conversation, operator.id)
        try:
            self.run(act(conversation.id, *more))
        except VinkError:
            assert not holds
        else:
            assert holds or verb in {"claims", "resumes"}
            self.spoke = self.spoke or verb == "replies"

    @rule(who=st.integers(0, 1))
    def desk_vanishes(self, who: int) -> None:
        """An operator whose desk is lost is away a little later, and holds nothing."""

        async def vanish() -> None:
            async with db.transaction() as tx:
                await operators.close_desks(tx, [self.desks[who]])
            self.now.shift(timedelta(seconds=80))
            async with db.transaction() as tx:
                await handover.leave_shift(tx, self.operators[who].id)
            async with db.reading() as tx:
                assert not (await operators.operator(tx, self.operators[who].id)).present

        self.run(vanish())
        conversation = self.conversation()
        assert conversation is None or not conversations.holds(conversation, self.operators[who].id)

    @rule(who=st.integers(0, 1))
    def desk_returns(self, who: int) -> None:
        async def come() -> None:
            async with db.transaction() as tx:
                await operators.open_desk(tx, self.desks[who], self.operators[who].id, FOR_GOOD)
            await self.operators[who].goes(Presence.HERE)

        self.run(come())

    @rule(minutes=st.sampled_from([1, 3, 11, 130, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.now.shift(timedelta(minutes=minutes))

    @rule(act=st.sampled_from(ROUNDS))
    def clock_strikes(self, act: str) -> None:
        before = len(self.run(self.visitor.texts("system")))
        self.run(getattr(self.rounds, act)())
        if act == "offer_forms":
            self.late += len(self.run(self.visitor.texts("system"))) - before

    @invariant()
    def one_holds_it(self) -> None:
        if not hasattr(self, "database") or (conversation := self.conversation()) is None:
            return
        assert (conversation.operator_id is not None) is (conversation.status is Status.ATTENDED)
        assert conversation.status is self.holder
        assert conversation.operator_id in {None, *(one.id for one in self.operators)}

    @invariant()
    def an_offer_is_made_only_to_who_can_answer(self) -> None:
        if not hasattr(self, "database") or (conversation := self.conversation()) is None:
            return
        assert conversation.offered_to is None or conversation.status is Status.WAITING
        self.run(self.rounds.end_offers())
        if (offered_to := self.run(self.visitor.conversation()).offered_to) is not None:

            async def present() -> bool:
                async with db.reading() as tx:
                    return await operators.is_present(tx, offered_to) and not await handover.held_by(tx, offered_to)

            assert self.run(present())

    @invariant()
    def every_move_has_one_notice(self) -> None:
        moves = [event for event in self.events if isinstance(event, ConversationMoved)]
        assert all(Status(event.after) in MOVES[Status(event.before)] for event in moves)
        spoken = [event for event in moves if event.reason != conversations.Reason.VISITOR_WROTE]
        # Only what the visitor sees, without notes.
        told = [one for one in self._reads() if one.author is Author.SYSTEM]
        heard = [one.client_id for one in told if (one.client_id or "").startswith("wait:")]
        assert len(heard) == len(set(heard)), "who waits was told the same twice"
        assert len(told) - len(heard) == len(spoken) + self.late

    def _reads(self) -> list[conversations.Message]:
        return self.run(self.visitor.reads()) if hasattr(self, "database") else []

    @invariant()
    def nothing_waits_unlisted(self) -> None:
        if not hasattr(self, "database") or (conversation := self.conversation()) is None:
            return

        async def listed() -> set[UUID]:
            async with db.reading() as tx:
                waiting, callbacks = await handover.queued(tx), await handover.callbacks(tx)
                assert all(one.callback_since for one in callbacks)
                return {found.id for found in (*waiting, *callbacks)}

        assert (conversation.id in self.run(listed())) is (conversation.status is Status.WAITING)
        assert not (conversation.status is Status.WAITING and conversations.awaits_assistant(conversation))

    @invariant()
    def every_message_is_there_once_and_in_order(self) -> None:
        if not hasattr(self, "database"):
            return
        messages = self.run(self.visitor.reads())
        own = [message for message in messages if message.author is Author.VISITOR]
        assert [(message.client_id, message.text) for message in own] == self.sent
        positions = [message.position for message in messages]
        assert positions == sorted(set(positions))


async def _with_knowledge(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    async with database.transaction() as tx:
        await knowledge.load_demo(tx)
    await database.close()


@pytest.mark.long
@pytest.mark.timeout(120)
def test_whatever_happens_a_conversation_stays_whole(sqlite_tables_url: str):
    path = Path(sqlite_tables_url.removeprefix("sqlite:///"))
    asyncio.run(_with_knowledge(path))
    PLACES[:] = [path]
    allowed = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Chat, settings=settings(max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=allowed)
    )
