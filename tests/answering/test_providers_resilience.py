"""What happens when providers fail or hang."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, Fault, running
from vink_chat.answering.provider import (
    Draft,
    Outcome,
    Prompt,
    Provider,
    ProviderUnavailable,
    Role,
    Turn,
    Usage,
)
from vink_chat.answering.providers import (
    FallbackProvider,
    KnowledgeProvider,
    ScriptedProvider,
    YandexProvider,
    from_settings,
)
from vink_chat.config import Settings
from vink_chat.knowledge import Passage

PASSAGE = Passage(UUID(int=7), "Сколько стоит доставка?", "Триста рублей", "", 0.9)
TURNS = (Turn(Role.SYSTEM, "Правила"), Turn(Role.USER, "Доставка?"))
PROMPT = Prompt(TURNS, "Доставка?", (PASSAGE,), stream=True, seconds=5)
DOWN = ProviderUnavailable("down")


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running() as emulator:
        yield emulator


@pytest.fixture
async def yandex(emulator: Emulator) -> AsyncIterator[YandexProvider]:
    provider = YandexProvider(API_KEY, FOLDER, base_url=emulator.url)
    yield provider
    await provider.aclose()


async def drafts(provider: Provider, prompt: Prompt = PROMPT) -> list[Draft]:
    return [draft async for draft in provider.generate(prompt)]


async def last(provider: Provider, prompt: Prompt = PROMPT) -> Draft:
    return (await drafts(provider, prompt))[-1]


async def into(told: list[Draft], provider: Provider) -> None:
    async for draft in provider.generate(PROMPT):
        told.append(draft)  # noqa: PERF401  what was told before a failure must stay


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.GAUGE, Fault.HTML_502, Fault.RESET_EARLY, Fault.DEADLINE])
async def test_a_passing_trouble_is_outlived(emulator: Emulator, yandex: YandexProvider, fault: Fault):
    emulator.fail(fault, times=2)

    answer = await last(FallbackProvider([yandex], pause=0.01))

    assert answer.outcome is Outcome.COMPLETE
    assert answer.provider == "yandex"
    assert len(emulator.requests) == 3
    assert len({seen.headers["x-client-request-id"] for seen in emulator.requests}) == 3


async def test_three_attempts_then_the_next_provider(emulator: Emulator, yandex: YandexProvider):
    emulator.fail(Fault.UNAVAILABLE, times=9)

    answer = await last(FallbackProvider([yandex, KnowledgeProvider()], pause=0.01))

    assert (answer.text, answer.provider, answer.failed) == ("Триста рублей", "knowledge", ("yandex",))
    assert len(emulator.requests) == 3


@pytest.mark.parametrize("fault", [Fault.UNAUTHENTICATED, Fault.FOLDER_MISMATCH, Fault.OVERFLOW])
async def test_what_no_retry_helps_is_asked_once(emulator: Emulator, yandex: YandexProvider, fault: Fault):
    emulator.fail(fault, times=9)

    answer = await last(FallbackProvider([yandex, KnowledgeProvider()], pause=0.01))

    assert answer.provider == "knowledge"
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("fault", [Fault.ERROR_LATE, Fault.RESET_LATE, Fault.EOF_PARTIAL])
async def test_a_shown_text_is_not_begun_anew(emulator: Emulator, yandex: YandexProvider, fault: Fault):
    emulator.fail(fault)
    told: list[Draft] = []

    with pytest.raises(ProviderUnavailable):
        await into(told, FallbackProvider([yandex, ScriptedProvider("Да"), KnowledgeProvider(1.1)], pause=0.01))

    assert [draft.outcome for draft in told] == [Outcome.PARTIAL] * 3
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("fault", [Fault.ERROR_LATE, Fault.RESET_LATE, Fault.EOF_PARTIAL])
async def test_a_shown_text_that_breaks_off_is_followed_by_what_knowledge_surely_knows(
    emulator: Emulator, yandex: YandexProvider, fault: Fault
):
    emulator.fail(fault)
    told: list[Draft] = []

    await into(told, FallbackProvider([yandex, ScriptedProvider("Да"), KnowledgeProvider()], pause=0.01))

    assert [draft.provider for draft in told] == ["yandex"] * 3 + ["knowledge"]
    assert (told[-1].outcome, told[-1].failed) == (Outcome.COMPLETE, ("yandex",))


@pytest.mark.parametrize("outcome", [Outcome.FILTERED, Outcome.UNSURE, Outcome.UNKNOWN, Outcome.TRUNCATED])
async def test_a_withheld_answer_is_an_answer(outcome: Outcome):
    first = ScriptedProvider(Draft("", outcome, Usage(1, 2)))

    [answer] = await drafts(FallbackProvider([first, KnowledgeProvider()]))

    assert answer.outcome is outcome
    assert answer.provider == "scripted"


async def test_the_wish_to_wait_is_honoured(emulator: Emulator, yandex: YandexProvider):
    emulator.fail(Fault.RETRY_AFTER)

    await drafts(FallbackProvider([yandex], pause=0.01))

    first, second = emulator.requests
    assert second.at - first.at >= 1


async def test_a_wait_beyond_the_deadline_is_not_begun(emulator: Emulator, yandex: YandexProvider):
    emulator.fail(Fault.RETRY_AFTER)
    quick = Prompt(TURNS, passages=(PASSAGE,), seconds=0.9)
    began = time.monotonic()

    answer = await last(FallbackProvider([yandex, KnowledgeProvider()], pause=0.01), quick)

    assert time.monotonic() - began < 0.9
    assert answer.provider == "knowledge"
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("fault", [Fault.SILENCE_EARLY, Fault.SILENCE_LATE])
async def test_silence_ends_at_the_deadline(emulator: Emulator, yandex: YandexProvider, fault: Fault):
    emulator.fail(fault)
    began = time.monotonic()

    with pytest.raises(ProviderUnavailable, match="in time"):
        await drafts(FallbackProvider([yandex]), Prompt(TURNS, stream=True, seconds=0.4))

    assert 0.3 < time.monotonic() - began < 1.5


async def test_a_silent_provider_leaves_time_to_the_next(emulator: Emulator, yandex: YandexProvider):
    emulator.fail(Fault.SILENCE_EARLY)

    answer = await last(
        FallbackProvider([yandex, KnowledgeProvider()]), Prompt(TURNS, passages=(PASSAGE,), seconds=0.4)
    )

    assert answer.provider == "knowledge"


async def test_a_slow_reader_is_not_cut_off_by_the_deadline():
    provider = FallbackProvider([ScriptedProvider(("Да", "Да, есть"))])
    told: list[str] = []

    async for draft in provider.generate(Prompt(TURNS, stream=True, seconds=0.05)):
        told.append(draft.text)
        if len(told) == 1:
            await asyncio.sleep(0.1)

    assert told == ["Да", "Да, есть"]


async def test_a_provider_that_stops_midway_is_no_answer():
    with pytest.raises(ProviderUnavailable, match="ends before"):
        await drafts(FallbackProvider([ScriptedProvider(Draft("Да", Outcome.PARTIAL))], pause=0.001))


async def test_the_settings_name_the_chain(emulator: Emulator):
    def settings(**given: str) -> Settings:
        empty = {"yandex_api_key": "", "yandex_folder_id": "", "openai_base_url": "", "openai_model": ""}
        return Settings(**(empty | given))

    keys = {"yandex_api_key": API_KEY, "yandex_folder_id": FOLDER, "yandex_base_url": emulator.url}
    other = {"openai_base_url": emulator.url, "openai_model": f"gpt://{FOLDER}/yandexgpt", "openai_api_key": API_KEY}
    alone, one, both = (from_settings(settings(**given)) for given in ({}, keys, keys | other))

    assert (await last(alone)).provider == "knowledge"
    assert (await last(one)).provider == "yandex"
    emulator.fail(Fault.UNAUTHENTICATED)
    answer = await last(both)
    assert (answer.provider, answer.failed) == ("openai_compatible", ("yandex",))
    emulator.fail(Fault.UNAUTHENTICATED)
    assert (await last(both)).failed == ("yandex", "openai_compatible")

    for chain in (alone, one, both):
        await chain.aclose()
