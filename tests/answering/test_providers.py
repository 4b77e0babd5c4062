"""One contract for every provider."""

import logging
from collections.abc import AsyncIterator
from itertools import pairwise
from uuid import UUID

import pytest

from tests.answering.asking import (
    MODELS,
    STREAMS,
    TEXT,
    Make,
    compatible,
    drafts,
    prompt,
    quoting,
    scripted,
    yandex,
)
from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, running
from tests.emulators.yandexgpt_answers import GENERIC
from vink_chat.answering.provider import (
    Outcome,
    Prompt,
    ProviderMisconfigured,
    ProviderUnavailable,
    Role,
    Turn,
)
from vink_chat.answering.providers import KnowledgeProvider, YandexProvider
from vink_chat.knowledge import Passage


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running() as emulator:
        yield emulator


@STREAMS
@pytest.mark.parametrize("make", [yandex, compatible, scripted, quoting])
async def test_every_provider_tells_one_whole_answer(emulator: Emulator, make: Make, stream: bool):
    provider = make(emulator)

    told = await drafts(provider, prompt(stream=stream))
    await provider.aclose()

    assert told[-1].outcome is Outcome.COMPLETE
    assert told[-1].text.removesuffix(" [1]") == TEXT
    assert all(draft.outcome is Outcome.PARTIAL for draft in told[:-1])
    assert all(later.text.startswith(draft.text) for draft, later in pairwise(told))
    assert all(draft.model for draft in told)
    assert (len(told) > 2) == (stream and make is not quoting)


@MODELS
async def test_a_model_says_what_it_spent_and_under_which_number(emulator: Emulator, make: Make):
    provider = make(emulator)

    [told] = await drafts(provider, prompt(stream=False))
    await provider.aclose()

    assert told.usage.input_tokens > 20
    assert told.usage.output_tokens > 20
    assert len(told.request_id) == 36


async def test_yandex_is_asked_as_documented(emulator: Emulator):
    provider = yandex(emulator, model=f"gpt://{FOLDER}/yandexgpt/rc")
    turns = (Turn(Role.SYSTEM, "Правила"), Turn(Role.ASSISTANT, "  "), Turn(Role.USER, "Вопрос"))

    await drafts(provider, Prompt(turns, max_tokens=700, temperature=0.2))
    await provider.aclose()

    [seen] = emulator.requests
    assert seen.body == {
        "modelUri": f"gpt://{FOLDER}/yandexgpt/rc",
        "completionOptions": {"stream": False, "temperature": 0.2, "maxTokens": "700"},
        "messages": [{"role": "system", "text": "Правила"}, {"role": "user", "text": "Вопрос"}],
    }
    assert seen.headers["authorization"] == f"Api-Key {API_KEY}"
    assert seen.headers["x-data-logging-enabled"] == "false"
    assert len(seen.headers["x-client-request-id"]) == 36


async def test_an_iam_token_is_recognised(emulator: Emulator):
    emulator.issued.add("t1.token")
    provider = yandex(emulator, "t1.token\n")

    told = await drafts(provider, prompt())
    await provider.aclose()

    assert told[-1].outcome is Outcome.COMPLETE
    assert emulator.requests[0].headers["authorization"] == "Bearer t1.token"


async def test_a_final_answer_stands_though_the_connection_never_ends(emulator: Emulator):
    provider = yandex(emulator)

    told = await drafts(provider, prompt("Доставка? #silence-after"))
    await provider.aclose()

    assert told[-1].outcome is Outcome.COMPLETE


async def test_a_connection_serves_again(emulator: Emulator):
    provider = yandex(emulator)

    await drafts(provider, prompt())
    await drafts(provider, prompt())

    pool = provider._client._transport._pool
    assert len(pool.connections) == 1
    assert pool.connections[0].is_idle()
    await provider.aclose()


async def test_nobody_listens_at_the_address():
    provider = YandexProvider(API_KEY, FOLDER, base_url="http://127.0.0.1:9")

    with pytest.raises(ProviderUnavailable, match="ConnectError") as caught:
        await drafts(provider, prompt())
    await provider.aclose()

    assert caught.value.retryable


async def test_a_key_in_cyrillic_is_a_wrong_setting(emulator: Emulator):
    provider = yandex(emulator, "ключ")

    with pytest.raises(ProviderMisconfigured):
        await drafts(provider, prompt())
    await provider.aclose()

    assert emulator.requests == []


async def test_a_lone_surrogate_does_not_break_the_call(emulator: Emulator):
    provider = yandex(emulator)

    told = await drafts(provider, Prompt((Turn(Role.USER, "Привет \ud83d"),)))
    await provider.aclose()

    assert told[-1].text == GENERIC


async def test_the_log_has_ids_but_no_words_and_no_key(emulator: Emulator, caplog: pytest.LogCaptureFixture):
    provider = yandex(emulator)
    caplog.set_level(logging.DEBUG, "vink_chat")

    with pytest.raises(ProviderUnavailable) as caught:
        await drafts(provider, prompt("Мой пароль слон #folder-mismatch"))
    await provider.aclose()

    assert caught.value.request_id in caplog.text
    assert "слон" not in caplog.text
    assert API_KEY not in caplog.text
    assert "folder" in str(caught.value)


@pytest.mark.parametrize(("score", "outcome"), [(0.69, Outcome.UNSURE), (0.7, Outcome.COMPLETE)])
async def test_knowledge_quotes_only_when_sure(score: float, outcome: Outcome):
    passage = Passage(UUID(int=7), "Сколько?", "Сто **рублей**", "", score)

    [told] = await drafts(KnowledgeProvider(), Prompt((), passages=(passage,)))

    assert told.outcome is outcome
    assert told.text == ("Сто **рублей**" if outcome is Outcome.COMPLETE else "")
    assert told.cited == ((str(passage.id),) if outcome is Outcome.COMPLETE else ())
