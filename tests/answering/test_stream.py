"""An answer shown while it is written: whole checked sentences, and what was read stays."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import preferences, topics
from vink_chat.answering import DRAFT_KIND, Ending
from vink_chat.answering.provider import Draft, Outcome, ProviderUnavailable
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Reason, Status
from vink_chat.kit import signals

QUESTION = "Чем отличается литая плёнка от каландрированной?"


class Tab(signals.Subscription):
    """A visitor's tab: everything its page was told to draw as a draft."""

    def __init__(self, topics: set[str]) -> None:
        super().__init__(topics)
        self.drafts: list[str] = []

    def put(self, kind: str, payload: object) -> None:
        if kind == DRAFT_KIND:
            self.drafts.append(str(payload))
        super().put(kind, payload)


@pytest.fixture
def anna(house: Runtime) -> Visitor:
    return Visitor()


@pytest.fixture
def tab(house: Runtime, anna: Visitor) -> Tab:
    topic = topics.visitor(anna.id)
    tab = Tab({topic})
    house.signals._listeners[topic].add(tab)
    return tab


@pytest.fixture
async def house(sqlite_tables_url: str, model: ScriptedProvider) -> AsyncIterator[Runtime]:
    async with houses.running(sqlite_tables_url, model) as house:
        await houses.prefer(preferences.Assistant(), streaming=True)
        yield house


async def test_a_foreign_link_is_text_while_the_answer_grows_too(
    house: Runtime, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    begun = "Оплатите на https://evil.example/pay сразу. "
    model.add((begun, f"{begun}Спасибо. "))

    await anna.writes(QUESTION)
    await house.settle()

    assert tab.drafts
    assert [draft for draft in tab.drafts if draft and "`https://evil.example/pay`" not in draft] == []


async def test_only_whole_sentences_are_shown_and_the_draft_ends_empty(
    house: Runtime, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    model.add(("Литая", "Литая долговечнее [1]. Кала", "Литая долговечнее [1]. Каландр дешевле."))

    await anna.writes(QUESTION)
    await house.settle()

    assert tab.drafts == ["Литая долговечнее.", ""]
    assert await anna.texts("assistant") == ["Литая долговечнее. Каландр дешевле."]


async def test_a_draft_is_drawn_ten_times_a_second_at_most(
    house: Runtime, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    sentences = [f"Предложение [1] {number}. " for number in range(200)]
    model.add([*("".join(sentences[: end + 1]) for end in range(199)), "".join(sentences)])

    started = time.monotonic()
    await anna.writes(QUESTION)
    await house.settle()

    assert 2 <= len(tab.drafts) <= 2 + (time.monotonic() - started) * 10
    assert tab.drafts[-1] == ""


BEGUN = "Плёнка есть [1]. Бе"
FAILURES = [
    ((BEGUN, ProviderUnavailable("reset")), Reason.PROVIDER_DOWN),
    ((BEGUN, Draft("Не могу помочь с этим.", Outcome.FILTERED)), Reason.CHECK_FAILED),
    ((BEGUN, "Плёнка есть [1]. Я бот. Да", "Плёнка есть [1]. Я бот. Да."), Reason.CHECK_FAILED),
    ((BEGUN, Draft("Плёнка есть [1]. Берите", Outcome.UNKNOWN)), Reason.CHECK_FAILED),
    ((BEGUN, "Плёнка есть [1]. <b>Да</b>. Нет", "Плёнка есть [1]. <b>Да</b>. Нет."), Reason.CHECK_FAILED),
]


@pytest.mark.parametrize(("steps", "reason"), FAILURES)
async def test_what_was_read_stays_when_the_rest_fails_and_a_person_is_offered(
    model: ScriptedProvider, house: Runtime, tab: Tab, anna: Visitor, steps: tuple, reason: Reason
):
    model.add(steps, steps)

    await anna.writes(QUESTION)
    await house.settle()

    assert tab.drafts == ["Плёнка есть.", ""]
    kept = (await anna.reads())[-1]
    assert kept.text == "Плёнка есть.\n\nДоговорить не получилось. Позвать специалиста?"
    assert [reply["kind"] for reply in kept.quick_replies] == ["call"]
    assert (await anna.conversation()).status is Status.ASSISTED

    await anna.writes(QUESTION)
    await house.settle()

    conversation = await anna.conversation()
    assert (conversation.status, conversation.reason) == (Status.WAITING, reason)
    assert (await anna.texts("assistant"))[-1] == "Плёнка есть."
    assert [run.ending for run in await anna.runs()] == [Ending.CLARIFIED, Ending.HANDED_OVER]


async def test_of_an_answer_that_broke_off_only_the_rest_counts_as_not_shown(
    model: ScriptedProvider, house: Runtime, tab: Tab, anna: Visitor
):
    model.add((BEGUN, "Плёнка есть [1]. Я бот. Да", "Плёнка есть [1]. Я бот. Да."))

    await anna.writes(QUESTION)
    await house.settle()

    assert [run.withheld for run in await anna.runs()] == ["Я бот. Да."]


async def test_nothing_is_shown_before_it_is_known_what_the_answer_rests_on(
    model: ScriptedProvider, house: Runtime, tab: Tab, anna: Visitor
):
    model.add(
        ("Оперу знают все. Она", "Оперу знают все. Она хороша. Да", "Оперу знают все. Она хороша. Да."),
        ("Есть плёнка. Бе", "Есть плёнка. Берите литую [1]. Она", "Есть плёнка. Берите литую [1]. Она лучше."),
    )

    await anna.writes("Кто написал оперу про Онегина?")
    await house.settle()
    assert tab.drafts == []
    assert (await anna.texts("assistant"))[0].startswith("Не уверен")

    await anna.writes("А чем оклеить рояль?")
    await house.settle()
    assert tab.drafts == ["Есть плёнка. Берите литую.", ""]


async def test_a_beginning_that_fails_is_never_shown(model: ScriptedProvider, house: Runtime, tab: Tab, anna: Visitor):
    model.add(("Я не могу обсуждать эту тему. Да", "Я не могу обсуждать эту тему. Давайте."))

    await anna.writes(QUESTION)
    await house.settle()

    assert [text for text in tab.drafts if text] == []
    assert [run.reason for run in await anna.runs()] == [Reason.CHECK_FAILED]


async def test_a_draft_is_taken_off_when_an_operator_steps_in(
    house: Runtime, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    operator, never = await hire(), asyncio.Event()
    model.add(("Плёнка есть. Бе", never, "Плёнка есть. Берите."))
    await anna.writes(QUESTION)
    while not tab.drafts:
        await tab.next()

    await operator.claims((await anna.conversation()).id)
    await house.settle()

    assert tab.drafts == ["Плёнка есть.", ""]
    assert await anna.texts("assistant") == []


async def test_a_newer_message_takes_the_older_draft_off(
    house: Runtime, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    never = asyncio.Event()
    model.add(("Плёнка есть. Бе", never, "Плёнка есть. Берите."), "Баннер тоже есть [1].")
    await anna.writes(QUESTION)
    while not tab.drafts:
        await tab.next()

    await anna.writes("А баннер?")
    await house.settle()

    assert tab.drafts == ["Плёнка есть.", ""]
    assert await anna.texts("assistant") == ["Баннер тоже есть."]


async def test_a_run_of_another_process_is_dropped_by_signal(
    house: Runtime, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    never = asyncio.Event()
    model.add(("Плёнка есть. Бе", never, "Плёнка есть. Берите."))
    await anna.writes(QUESTION)
    while not tab.drafts:
        await tab.next()
    operator, listener, house.database.listener = await hire(), house.database.listener, None
    conversation = await operator.claims((await anna.conversation()).id)
    house.database.listener = listener

    # As it arrives from the process in which the operator pressed.
    house.signals._deliver("assistant", str(conversation.id), None)
    await house.settle()

    assert tab.drafts[-1] == ""
    assert await anna.texts("assistant") == []
