"""An answer shown while it is written: whole checked sentences, and nothing left of one that failed."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import preferences
from vink_chat.answering import DRAFT_KIND
from vink_chat.answering.provider import Draft, Outcome, ProviderUnavailable
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import House
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
def anna(house: House) -> Visitor:
    return Visitor()


@pytest.fixture
def tab(house: House, anna: Visitor) -> Tab:
    topic = signals.visitor_topic(anna.id)
    tab = Tab({topic})
    house.signals._listeners[topic].add(tab)
    return tab


@pytest.fixture
def model() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
async def house(sqlite_tables_url: str, model: ScriptedProvider) -> AsyncIterator[House]:
    async with houses.running(sqlite_tables_url, model) as house:
        await houses.prefer(preferences.Assistant(), streaming=True)
        yield house


async def test_a_foreign_link_is_text_while_the_answer_grows_too(
    house: House, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    begun = "Оплатите на https://evil.example/pay сразу. "
    model.add((begun, f"{begun}Спасибо. "))

    await anna.writes(QUESTION)
    await house.settle()

    assert tab.drafts
    assert [draft for draft in tab.drafts if draft and "`https://evil.example/pay`" not in draft] == []


async def test_only_whole_sentences_are_shown_and_the_draft_ends_empty(
    house: House, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    model.add(("Литая", "Литая долговечнее [1]. Кала", "Литая долговечнее [1]. Каландр дешевле."))

    await anna.writes(QUESTION)
    await house.settle()

    assert tab.drafts == ["Литая долговечнее.", ""]
    assert await anna.texts("assistant") == ["Литая долговечнее. Каландр дешевле."]


async def test_a_draft_is_drawn_ten_times_a_second_at_most(
    house: House, model: ScriptedProvider, anna: Visitor, tab: Tab
):
    sentences = [f"Предложение {number}. " for number in range(200)]
    model.add([*("".join(sentences[: end + 1]) for end in range(199)), "".join(sentences)])

    started = time.monotonic()
    await anna.writes(QUESTION)
    await house.settle()

    assert 2 <= len(tab.drafts) <= 2 + (time.monotonic() - started) * 10
    assert tab.drafts[-1] == ""


BEGUN = "Плёнка есть. Бе"
FAILURES = [
    ((BEGUN, ProviderUnavailable("reset")), Reason.PROVIDER_DOWN),
    ((BEGUN, Draft("Не могу помочь с этим.", Outcome.FILTERED)), Reason.CHECK_FAILED),
    ((BEGUN, "Плёнка есть. Я бот. Да", "Плёнка есть. Я бот. Да."), Reason.CHECK_FAILED),
    ((BEGUN, Draft("Плёнка есть. Берите", Outcome.UNKNOWN)), Reason.CHECK_FAILED),
    ((BEGUN, "Плёнка есть. <b>Да</b>. Нет", "Плёнка есть. <b>Да</b>. Нет."), Reason.CHECK_FAILED),
]


@pytest.mark.parametrize(("steps", "reason"), FAILURES)
async def test_what_fails_later_is_withdrawn(
    model: ScriptedProvider, house: House, tab: Tab, anna: Visitor, steps: tuple, reason: Reason
):
    model.add(steps)

    await anna.writes(QUESTION)
    await house.settle()

    assert tab.drafts == ["Плёнка есть.", ""]
    conversation = await anna.conversation()
    assert (conversation.status, conversation.reason) == (Status.WAITING, reason)
    assert await anna.texts("assistant") == []


async def test_a_beginning_that_fails_is_never_shown(model: ScriptedProvider, house: House, tab: Tab, anna: Visitor):
    model.add(("Я не могу обсуждать эту тему. Да", "Я не могу обсуждать эту тему. Давайте."))

    await anna.writes(QUESTION)
    await house.settle()

    assert [text for text in tab.drafts if text] == []
    assert (await anna.conversation()).reason is Reason.CHECK_FAILED


async def test_a_draft_is_taken_off_when_an_operator_steps_in(
    house: House, model: ScriptedProvider, anna: Visitor, tab: Tab
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
    house: House, model: ScriptedProvider, anna: Visitor, tab: Tab
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
    house: House, model: ScriptedProvider, anna: Visitor, tab: Tab
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
