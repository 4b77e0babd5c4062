"""What happens when answers crowd, and when a provider keeps failing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from uuid import UUID

import pytest

from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, running
from vink_chat.answering.provider import (
    Draft,
    Outcome,
    Prompt,
    Provider,
    ProviderMisconfigured,
    ProviderUnavailable,
    Role,
    Turn,
)
from vink_chat.answering.providers import (
    Breaker,
    FallbackProvider,
    KnowledgeProvider,
    ScriptedProvider,
    YandexProvider,
)
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


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def test_eight_generations_at_once_and_no_more(emulator: Emulator, yandex: YandexProvider):
    emulator.latency = 0.05
    chain = FallbackProvider([yandex])

    answers = await asyncio.gather(*(last(chain) for _ in range(24)))

    assert {answer.outcome for answer in answers} == {Outcome.COMPLETE}
    assert emulator.peak == 8
    assert len(emulator.requests) == 24


async def test_without_the_gate_the_vendor_refuses(emulator: Emulator, yandex: YandexProvider):
    emulator.latency = 0.05

    answers = await asyncio.gather(
        *(last(FallbackProvider([yandex], concurrency=24, attempts=1)) for _ in range(24)), return_exceptions=True
    )

    assert emulator.peak == 10
    assert sum(isinstance(answer, ProviderUnavailable) for answer in answers) == 14


async def test_when_the_gate_stays_full_knowledge_answers():
    chain = FallbackProvider(
        [ScriptedProvider(("Да", asyncio.Event(), "Да, есть")), KnowledgeProvider()], concurrency=1
    )

    async with aclosing(chain.generate(replace(PROMPT, seconds=60))) as thinking:
        await anext(thinking)
        answer = await asyncio.wait_for(last(chain, replace(PROMPT, seconds=0.3)), 5)

    assert (answer.outcome, answer.provider, answer.failed) == (Outcome.COMPLETE, "knowledge", ("scripted",))


async def test_a_place_at_the_gate_comes_back_from_a_reader_who_left():
    release = asyncio.Event()
    chain = FallbackProvider([ScriptedProvider(("Да", release, "Да, есть"), "Свободно")], concurrency=1)

    async with aclosing(chain.generate(PROMPT)) as told:
        await anext(told)

    assert (await last(chain)).text == "Свободно"


async def test_a_cancelled_answer_gives_its_place_back():
    scripted = ScriptedProvider((asyncio.Event(), "Никогда"), "Свободно")
    chain = FallbackProvider([scripted], concurrency=1)
    waiting = asyncio.create_task(last(chain))
    await scripted.asked()

    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await last(chain)).text == "Свободно"


async def test_a_crowd_at_the_gate_is_told_in_time():
    scripted = ScriptedProvider((asyncio.Event(), "Никогда"))
    chain = FallbackProvider([scripted], concurrency=1)
    waiting = asyncio.create_task(last(chain))
    await scripted.asked()

    with pytest.raises(ProviderUnavailable, match="at once"):
        await last(chain, Prompt(TURNS, seconds=0.05))

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_failing_provider_rests_and_is_tried_by_one():
    clock = Clock()
    scripted = ScriptedProvider(*[DOWN] * 6, otherwise="Снова здесь")
    chain = FallbackProvider([scripted, KnowledgeProvider()], pause=0.001, breaker=lambda: Breaker(clock=clock))

    await last(chain)
    await last(chain)
    assert len(scripted.prompts) == 5
    assert (await last(chain)).failed == ("scripted",)
    assert len(scripted.prompts) == 5

    clock.seconds += 31
    assert (await last(chain)).provider == "knowledge"
    assert len(scripted.prompts) == 6

    clock.seconds += 31
    assert (await last(chain)).text == "Снова здесь"
    assert (await last(chain)).text == "Снова здесь"


async def test_a_wrong_setting_rests_for_long():
    clock = Clock()
    scripted = ScriptedProvider(ProviderMisconfigured("no such key"), otherwise="Ключ исправлен")
    chain = FallbackProvider([scripted, KnowledgeProvider()], breaker=lambda: Breaker(clock=clock))

    await last(chain)
    clock.seconds += 299
    assert (await last(chain)).provider == "knowledge"
    clock.seconds += 2

    assert (await last(chain)).text == "Ключ исправлен"


async def test_one_too_long_question_rests_nobody():
    scripted = ScriptedProvider(*[ProviderUnavailable("too long", retryable=False)] * 9, otherwise="Да")
    chain = FallbackProvider([scripted, KnowledgeProvider()])

    for _ in range(9):
        assert (await last(chain)).provider == "knowledge"

    assert (await last(chain)).provider == "scripted"


async def test_when_every_provider_rests_nobody_is_asked():
    scripted = ScriptedProvider(ProviderMisconfigured("no such key"))
    chain = FallbackProvider([scripted])

    with pytest.raises(ProviderMisconfigured):
        await last(chain)
    with pytest.raises(ProviderUnavailable, match="rests"):
        await last(chain)

    assert len(scripted.prompts) == 1
