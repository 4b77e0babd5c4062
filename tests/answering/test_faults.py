"""Every fault of the vendor ends in an answer, or with a person who knows why; none of it reaches the visitor."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests import houses
from tests.answering.test_stream import Tab
from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, Fault, running
from tests.emulators.yandexgpt_answers import CANNED
from tests.makers import Visitor
from vink_chat import preferences, topics
from vink_chat.answering import Ending, Run
from vink_chat.answering.providers import Breaker, FallbackProvider, KnowledgeProvider, YandexProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Message, Reason

QUESTION = "Чем отличается литая плёнка от каландрированной?"
ANSWER = "Литая плёнка тоньше и долговечнее. Каландрированная дешевле: её берут на год или два. Подскажу подробнее."
HARMLESS = {
    Fault.FLAKY, Fault.BROKEN_EMOJI, Fault.LINE_SEPARATORS, Fault.SEVEN_BYTES, Fault.SINGLE_FRAME, Fault.EXTRA_FIELDS,
    Fault.SILENCE_AFTER, Fault.TRUNCATED,
}  # fmt: skip
WITHHELD = {
    Fault.FILTER_START, Fault.FILTER_LATE, Fault.REFUSAL, Fault.EMPTY, Fault.TOOL_CALLS, Fault.UNKNOWN_STATUS,
}  # fmt: skip
NEVER_SEEN = ("не могу обсуждать", "Traceback", "error", "Error", "quota", "upstream", "<", "{", "\ufffd", "http")


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running(Emulator(parallel=100, answer=lambda _: ANSWER)) as emulator:
        yield emulator


def chain(emulator: Emulator, *behind: KnowledgeProvider) -> FallbackProvider:
    yandex = YandexProvider(API_KEY, FOLDER, "yandexgpt-lite/latest", emulator.url)
    # Breakers that never rest: here every fault must meet the provider itself.
    return FallbackProvider(
        [yandex, *behind], concurrency=100, pause=0.01, breaker=lambda: Breaker(10_000, rest=0.0, long_rest=0.0)
    )


async def ask_about_every_fault(house: Runtime) -> dict[Fault, tuple[Run, list[Message], list[str]]]:
    visitors, tabs = {fault: Visitor() for fault in Fault}, {}
    for fault, visitor in visitors.items():
        topic = topics.visitor(visitor.id)
        tabs[fault] = Tab({topic})
        house.signals._listeners[topic].add(tabs[fault])
    await asyncio.gather(*(visitor.writes(f"{QUESTION} #{fault}") for fault, visitor in visitors.items()))
    await house.settle()
    return {
        fault: ((await visitor.runs())[-1], await visitor.reads(), tabs[fault].drafts)
        for fault, visitor in visitors.items()
    }


def harmless(fault: Fault, streaming: bool) -> bool:
    # A whole answer whose body does not end has not come.
    return fault in HARMLESS and (streaming or fault is not Fault.SILENCE_AFTER)


def expected(fault: Fault, streaming: bool) -> Reason:
    if harmless(fault, streaming):
        return Reason.NONE
    return Reason.CHECK_FAILED if fault in WITHHELD else Reason.PROVIDER_DOWN


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streaming"])
async def test_every_fault_ends_in_an_answer_or_with_a_person(
    emulator: Emulator, sqlite_tables_url: str, streaming: bool
):
    async with houses.running(sqlite_tables_url, chain(emulator)) as house:
        await houses.prefer(preferences.Assistant(), streaming=streaming, answer_seconds=5)

        ended = await ask_about_every_fault(house)

    assert {fault: run.reason for fault, (run, _, _) in ended.items()} == {
        fault: expected(fault, streaming) for fault in Fault
    }
    for fault, (run, messages, drafts) in ended.items():
        # What was withheld is asked about first, and what was read stays; only a silent model calls a person at once.
        asks = fault in WITHHELD or any(drafts)
        ending = Ending.ANSWERED if harmless(fault, streaming) else Ending.CLARIFIED if asks else Ending.HANDED_OVER
        assert run.ending is ending, fault
        assert [message.author.value for message in messages] == [
            "visitor",
            "system" if ending is Ending.HANDED_OVER else "assistant",
        ], fault
        assert all(messages[1].text.startswith(text) for text in drafts), fault
        shown = [message.text for message in messages[1:]] + drafts
        assert [text for text in shown if any(sign in text for sign in (*NEVER_SEEN, CANNED))] == [], fault
        assert not drafts or drafts[-1] == "", fault
        assert all(text.endswith(tuple(".!?…:;")) for text in drafts if text), fault
    assert any(drafts for _, _, drafts in ended.values()) is streaming
    assert ended[Fault.SEVEN_BYTES][1][1].text == ANSWER
    assert ended[Fault.TRUNCATED][1][1].text.startswith("Литая плёнка тоньше и долговечнее.\n\n")


async def test_with_knowledge_behind_it_an_outage_is_not_even_noticed(emulator: Emulator, sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url, chain(emulator, KnowledgeProvider())) as house:
        await houses.prefer(preferences.Assistant(), answer_seconds=5)

        ended = await ask_about_every_fault(house)

    assert {fault for fault, (run, _, _) in ended.items() if run.reason != Reason.NONE} == WITHHELD


async def test_a_chosen_model_is_named_to_the_vendor(emulator: Emulator, sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url, chain(emulator)) as house:
        anna = Visitor()
        for model in ("yandexgpt/rc", f"gpt://{FOLDER}/yandexgpt-5.1/latest", ""):
            await houses.prefer(preferences.Assistant(), model=model)
            await anna.writes(QUESTION)
            await house.settle()

    assert [
        seen.body["modelUri"].rpartition(FOLDER)[2]
        for seen in emulator.requests
        if seen.body["messages"][-1]["text"] == QUESTION
    ] == [
        "/yandexgpt/rc",
        "/yandexgpt-5.1/latest",
        "/yandexgpt-lite/latest",
    ]
