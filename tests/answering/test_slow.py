"""A silent or failing model: knowledge answers soon when it is sure, and the page says that it takes longer."""

import time
from collections.abc import AsyncIterator

import pytest

from tests import houses
from tests.emulators.yandexgpt import API_KEY, FOLDER, Emulator, Fault, running
from tests.makers import Visitor
from vink_chat import preferences, topics
from vink_chat.answering import SLOW_KIND
from vink_chat.answering.providers import Breaker, FallbackProvider, KnowledgeProvider, YandexProvider
from vink_chat.conversations import Status
from vink_chat.kit import signals

KNOWN = "Есть ли минимальная сумма заказа?"
UNKNOWN = "Кто написал оперу про Онегина?"


class Tab(signals.Subscription):
    """A visitor's tab: what its page was told of a slow answer, and when."""

    def __init__(self, topics: set[str]) -> None:
        super().__init__(topics)
        self.began = time.monotonic()
        self.told: list[tuple[str, float]] = []

    def put(self, kind: str, payload: object) -> None:
        if kind == SLOW_KIND:
            self.told.append((str(payload), time.monotonic() - self.began))
        super().put(kind, payload)


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running(Emulator(parallel=100)) as emulator:
        yield emulator


def chain(emulator: Emulator, first_draft_seconds: float) -> FallbackProvider:
    yandex = YandexProvider(API_KEY, FOLDER, "yandexgpt-lite/latest", emulator.url)
    return FallbackProvider([yandex, KnowledgeProvider()], first_draft_seconds=first_draft_seconds)


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streaming"])
@pytest.mark.parametrize("fault", [Fault.SILENCE_EARLY, Fault.INTERNAL, Fault.UNAVAILABLE])
async def test_of_what_knowledge_is_sure_nobody_waits_for_a_silent_or_failing_model(
    emulator: Emulator, sqlite_tables_url: str, fault: Fault, streaming: bool
):
    async with houses.running(sqlite_tables_url, chain(emulator, 0.5)) as house:
        await houses.prefer(preferences.Assistant(), streaming=streaming, answer_seconds=20)
        anna, began = Visitor(), time.monotonic()

        await anna.writes(f"{KNOWN} #{fault}")
        await house.settle()

        assert "минимальн" in (await anna.texts("assistant"))[0].lower()
        assert time.monotonic() - began < 4
        [run] = await anna.runs()
        assert (run.provider, run.detail) == ("knowledge", "не ответили: yandex")


TOLD = "Минимальной суммы заказа у нас нет [1]. Закажите любой объём, хоть один лист. Подскажу подробнее."


@pytest.mark.parametrize("fault", [Fault.SILENCE_LATE, Fault.RESET_LATE])
async def test_an_answer_that_stops_midway_is_soon_ended_from_the_base(sqlite_tables_url: str, fault: Fault):
    async with (
        running(Emulator(parallel=100, before=5, answer=lambda _: TOLD)) as emulator,
        houses.running(sqlite_tables_url, chain(emulator, 1.0)) as house,
    ):
        await houses.prefer(preferences.Assistant(), streaming=True, answer_seconds=20)
        anna, began = Visitor(), time.monotonic()

        await anna.writes(f"{KNOWN} #{fault}")
        await house.settle()

        assert time.monotonic() - began < 8
        shown, lead, rest = (await anna.texts("assistant"))[0].split("\n\n", 2)
        assert shown.startswith("Минимальной суммы заказа у нас нет.")
        assert lead == "Ответ прервался. Вот что об этом есть в базе знаний:"
        assert "минимальн" in rest.lower()
        [run] = await anna.runs()
        assert (run.provider, run.detail) == ("knowledge", "не ответили: yandex")


async def test_where_the_base_is_not_sure_an_answer_that_stops_midway_offers_a_person_soon(sqlite_tables_url: str):
    async with (
        running(Emulator(parallel=100, before=5, answer=lambda _: TOLD)) as emulator,
        houses.running(sqlite_tables_url, chain(emulator, 1.0)) as house,
    ):
        await houses.prefer(preferences.Assistant(), streaming=True, answer_seconds=20)
        anna, began = Visitor(), time.monotonic()

        await anna.writes(f"плёнка #{Fault.SILENCE_LATE}")
        await house.settle()

        assert time.monotonic() - began < 8
        [text] = await anna.texts("assistant")
        assert text.startswith("Минимальной суммы заказа у нас нет.")
        assert text.endswith("\n\nДоговорить не получилось. Позвать специалиста?")


async def test_a_model_that_is_only_slower_is_asked_again_next_time(emulator: Emulator, sqlite_tables_url: str):
    breaker = Breaker(1)
    yandex = YandexProvider(API_KEY, FOLDER, "yandexgpt-lite/latest", emulator.url)
    impatient = FallbackProvider([yandex, KnowledgeProvider()], first_draft_seconds=0.2, breaker=lambda: breaker)
    async with houses.running(sqlite_tables_url, impatient) as house:
        anna = Visitor()

        await anna.writes(f"{KNOWN} #{Fault.SILENCE_EARLY}")
        await house.settle()

        assert not breaker.resting


async def test_after_five_seconds_the_page_says_that_it_takes_longer(emulator: Emulator, sqlite_tables_url: str):
    async with houses.running(sqlite_tables_url, chain(emulator, 4.0)) as house:
        await houses.prefer(preferences.Assistant(), answer_seconds=8)
        anna, boris = Visitor(), Visitor()
        tab, other = (Tab({topics.visitor(one.id)}) for one in (anna, boris))
        for one in (tab, other):
            house.signals._listeners[next(iter(one.topics))].add(one)

        await anna.writes(f"{UNKNOWN} #{Fault.SILENCE_EARLY}")
        await boris.writes(f"{KNOWN} #{Fault.SILENCE_EARLY}")
        await house.settle()

        assert [word for word, _ in tab.told] == ["slow", ""]
        assert 4.5 < tab.told[0][1] < 6.4 <= tab.told[1][1]
        assert other.told == []
        assert len(await boris.texts("assistant")) == 1
        assert (await anna.conversation()).status is Status.ASSISTED
        assert not any("секунд" in text for text in await anna.texts())
