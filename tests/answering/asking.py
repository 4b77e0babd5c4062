"""What the tests of the providers ask, and whom."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator
from vink_chat.answering.provider import Draft, Prompt, Provider, Role, Turn
from vink_chat.answering.providers import KnowledgeProvider, OpenAIProvider, ScriptedProvider, YandexProvider
from vink_chat.knowledge import Passage

TEXT = "Доставка по городу бесплатная от трёх тысяч рублей, привозим с десяти до двадцати двух часов."
PASSAGE = Passage(UUID(int=7), "Сколько стоит доставка?", TEXT, "", 0.9)
SYSTEM = f"Ты консультант магазина.\nБАЗА ЗНАНИЙ:\n<<<\n[1] {PASSAGE.title}\n{TEXT}\n>>>"
QUESTION = "Сколько стоит доставка?"


def prompt(question: str = QUESTION, *, stream: bool = True) -> Prompt:
    turns = (Turn(Role.SYSTEM, SYSTEM), Turn(Role.USER, question))
    return Prompt(turns, question, (PASSAGE,), stream=stream)


def yandex(emulator: Emulator, api_key: str = API_KEY, model: str = "yandexgpt-lite/latest") -> YandexProvider:
    return YandexProvider(api_key, FOLDER, model, emulator.url)


def compatible(emulator: Emulator, api_key: str = API_KEY, model: str = "yandexgpt/latest") -> OpenAIProvider:
    return OpenAIProvider(emulator.url + "/v1", api_key, f"gpt://{FOLDER}/{model}", FOLDER)


def scripted(emulator: Emulator) -> ScriptedProvider:
    return ScriptedProvider((TEXT[:20], TEXT[:40], TEXT))


def quoting(emulator: Emulator) -> KnowledgeProvider:
    return KnowledgeProvider()


async def drafts(provider: Provider, asked: Prompt) -> list[Draft]:
    return [draft async for draft in provider.generate(asked)]


async def into(told: list[Draft], provider: Provider, asked: Prompt) -> None:
    async for draft in provider.generate(asked):
        told.append(draft)  # noqa: PERF401  what was told before a failure must stay


MODELS = pytest.mark.parametrize("make", [yandex, compatible])
STREAMS = pytest.mark.parametrize("stream", [False, True])
Make = Callable[[Emulator], Provider]
