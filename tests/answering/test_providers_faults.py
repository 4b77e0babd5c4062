"""What each fault of the vendor becomes."""

from collections.abc import AsyncIterator

import pytest

from tests.answering.asking import MODELS, STREAMS, TEXT, Make, drafts, into, prompt, yandex
from tests.emulators.yandexgpt import Emulator, Fault, running
from tests.emulators.yandexgpt_answers import CANNED, EMOJI, SEPARATED
from vink_chat.answering.provider import Draft, Outcome, ProviderMisconfigured, ProviderUnavailable


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running() as emulator:
        yield emulator


@STREAMS
@MODELS
@pytest.mark.parametrize(
    ("fault", "outcome", "text"),
    [
        (Fault.FILTER_START, Outcome.FILTERED, CANNED),
        (Fault.FILTER_LATE, Outcome.FILTERED, CANNED),
        (Fault.REFUSAL, Outcome.COMPLETE, CANNED),
        (Fault.EMPTY, Outcome.COMPLETE, ""),
        (Fault.TRUNCATED, Outcome.TRUNCATED, None),
        (Fault.UNKNOWN_STATUS, Outcome.UNKNOWN, None),
        (Fault.TOOL_CALLS, Outcome.UNKNOWN, None),
        (Fault.BROKEN_EMOJI, Outcome.COMPLETE, EMOJI),
        (Fault.LINE_SEPARATORS, Outcome.COMPLETE, SEPARATED),
        (Fault.SEVEN_BYTES, Outcome.COMPLETE, f"{TEXT} [1]"),
        (Fault.SINGLE_FRAME, Outcome.COMPLETE, f"{TEXT} [1]"),
        (Fault.EXTRA_FIELDS, Outcome.COMPLETE, f"{TEXT} [1]"),
    ],
)
async def test_an_odd_answer_ends_with_its_outcome(
    emulator: Emulator, make: Make, stream: bool, fault: Fault, outcome: Outcome, text: str | None
):
    provider = make(emulator)

    told = await drafts(provider, prompt(f"Доставка? #{fault}", stream=stream))
    await provider.aclose()

    assert told[-1].outcome is outcome
    assert text is None or told[-1].text == text
    assert not any("\ufffd" in draft.text for draft in told)
    assert all(draft.outcome is Outcome.PARTIAL for draft in told[:-1])


async def test_a_filtered_answer_replaces_what_was_shown(emulator: Emulator):
    provider = yandex(emulator)
    emulator.fail(Fault.FILTER_LATE)

    told = await drafts(provider, prompt())
    await provider.aclose()

    assert [draft.outcome for draft in told] == [Outcome.PARTIAL] * 3 + [Outcome.FILTERED]
    assert TEXT.startswith(told[2].text)
    assert not told[3].text.startswith(told[2].text)


@STREAMS
@MODELS
@pytest.mark.parametrize(
    ("fault", "kind", "retryable"),
    [
        (Fault.UNAUTHENTICATED, ProviderMisconfigured, False),
        (Fault.KEY_EXPIRED, ProviderMisconfigured, False),
        (Fault.PERMISSION_DENIED, ProviderMisconfigured, False),
        (Fault.FOLDER_MISMATCH, ProviderMisconfigured, False),
        (Fault.UNKNOWN_MODEL, ProviderMisconfigured, False),
        (Fault.UNIMPLEMENTED, ProviderMisconfigured, False),
        (Fault.ENVOY_ERROR, ProviderMisconfigured, False),
        (Fault.OVERFLOW, ProviderUnavailable, False),
        (Fault.ERROR_AT_200, ProviderUnavailable, False),
        (Fault.GAUGE, ProviderUnavailable, True),
        (Fault.HOURLY_RATE, ProviderUnavailable, True),
        (Fault.INTERNAL, ProviderUnavailable, True),
        (Fault.UNAVAILABLE, ProviderUnavailable, True),
        (Fault.DEADLINE, ProviderUnavailable, True),
        (Fault.HTML_502, ProviderUnavailable, True),
        (Fault.TEXT_502, ProviderUnavailable, True),
        (Fault.UNARY_ERROR, ProviderUnavailable, True),
        (Fault.ERROR_LATE, ProviderUnavailable, True),
        (Fault.RESET_EARLY, ProviderUnavailable, True),
        (Fault.RESET_LATE, ProviderUnavailable, True),
        (Fault.EOF_PARTIAL, ProviderUnavailable, True),
        (Fault.GARBAGE, ProviderUnavailable, True),
    ],
)
async def test_a_failed_call_says_whether_a_retry_helps(
    emulator: Emulator, make: Make, stream: bool, fault: Fault, kind: type[ProviderUnavailable], retryable: bool
):
    provider = make(emulator)
    told: list[Draft] = []

    with pytest.raises(ProviderUnavailable) as caught:
        await into(told, provider, prompt(f"Доставка? #{fault}", stream=stream))
    await provider.aclose()

    assert type(caught.value) is kind
    assert caught.value.retryable is retryable
    assert len(caught.value.request_id) == 36
    assert all(draft.outcome is Outcome.PARTIAL for draft in told)
