"""What an administrator saves changes what the chat does; the fields of the looks are shown in tests/journeys."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import houses
from tests.makers import Visitor, hire
from vink_chat import answering, preferences
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import Author, Status
from vink_chat.operators import Presence

# A Monday, noon in Moscow.
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


async def _notice(visitor: Visitor) -> str:
    await visitor.presses_the_button()
    return (await visitor.texts("system"))[-1]


@pytest.mark.shows("Assistant.name")
async def test_answers_bear_the_assistants_name(house: Runtime):
    await houses.prefer(preferences.Assistant(), name="Вика")
    anna = Visitor()

    await anna.writes("Чем отличается литая плёнка от каландрированной?")
    await house.settle()

    [answer] = [message for message in await anna.reads() if message.author is Author.ASSISTANT]
    assert answer.author_name == "Вика"


@pytest.mark.shows("Assistant.persona", "Assistant.rules")
async def test_the_model_reads_the_persona_and_the_rules(house: Runtime):
    del house
    model = ScriptedProvider("Литая долговечнее [1].")
    assistant = preferences.Assistant(persona="Ты — Вика, знаток плёнок.", rules=("Пиши стихами.",))

    await answering.try_out("Чем отличается литая плёнка от каландрированной?", assistant, model)

    orders = model.prompts[0].turns[0].text
    assert orders.startswith("Ты — Вика, знаток плёнок.")
    assert "- Пиши стихами." in orders


@pytest.mark.shows("Notices.free")
async def test_the_notice_of_a_free_specialist_is_the_shops_own(house: Runtime):
    await houses.prefer(preferences.Handover(), notices={"free": "Бежим!"})
    await hire()

    assert await _notice(Visitor()) == "Бежим!"


@pytest.mark.shows("Notices.busy")
async def test_the_notice_of_busy_specialists_is_the_shops_own(house: Runtime):
    await houses.prefer(preferences.Handover(), notices={"busy": "Вы {place}-й."})
    await hire()
    await Visitor().presses_the_button()

    assert await _notice(Visitor()) == "Вы 2-й."


@pytest.mark.shows("Notices.nobody")
async def test_the_notice_of_an_empty_desk_is_the_shops_own(house: Runtime):
    await houses.prefer(preferences.Handover(), notices={"nobody": "Никого, ответим за {hours} ч."}, promised_hours=7)

    assert await _notice(Visitor()) == "Никого, ответим за 7 ч."


@pytest.mark.shows("Notices.closed")
async def test_the_notice_of_a_closed_shop_is_the_shops_own(house: Runtime, clock: time_machine.Traveller):
    clock.move_to(MONDAY + timedelta(hours=12))
    await houses.prefer(preferences.Hours(), enabled=True)
    await houses.prefer(preferences.Handover(), notices={"closed": "Спим."})

    assert await _notice(Visitor()) == "Спим."


@pytest.mark.shows("Notices.late", "Handover.minutes_until_form")
async def test_the_form_comes_after_the_shops_own_time_with_its_own_words(
    house: Runtime, clock: time_machine.Traveller
):
    await houses.prefer(preferences.Handover(), notices={"late": "Простите."}, minutes_until_form=3)
    await hire()
    anna = Visitor()
    await anna.presses_the_button()

    clock.shift(timedelta(minutes=2))
    await house.scheduler.offer_forms()
    assert "Простите." not in await anna.texts("system")
    clock.shift(timedelta(minutes=2))
    await house.scheduler.offer_forms()

    assert (await anna.texts("system"))[-1] == "Простите."


@pytest.mark.shows("Handover.low_confidence_in_a_row")
async def test_a_patient_shop_hands_over_later(house: Runtime):
    await houses.prefer(preferences.Handover(), low_confidence_in_a_row=4)
    anna = Visitor()

    for question in ("Какая погода на Марсе?", "Кто написал оперу про Онегина?", "Сколько лет Луне?"):
        await anna.writes(question)
        await house.settle()

    assert (await anna.conversation()).status is Status.ASSISTED


@pytest.mark.shows("Day.working", "Day.opens", "Day.closes", "Hours.zone")
@pytest.mark.parametrize("day", DAYS)
async def test_each_weekday_has_hours_of_its_own(house: Runtime, clock: time_machine.Traveller, day: str):
    noon = MONDAY + timedelta(days=DAYS.index(day))
    week = {name: {"working": name == day, "opens": "14:00", "closes": "15:30"} for name in DAYS}
    await houses.prefer(preferences.Hours(), enabled=True, zone="Asia/Yekaterinburg", week=week)
    await houses.prefer(preferences.Handover(), notices={"free": "Открыто", "nobody": "Открыто", "closed": "Закрыто"})
    await hire()

    seen = []
    for minutes in (-1, 0, 89, 90, 24 * 60):
        clock.move_to(noon + timedelta(minutes=minutes))
        anna = Visitor()
        seen.append(await _notice(anna))
        await (await hire(presence=Presence.OFF)).claims((await anna.conversation()).id)

    assert seen == ["Закрыто", "Открыто", "Открыто", "Закрыто", "Закрыто"], "14:00 there is 12:00 in Moscow"


@pytest.mark.shows("Hours.holidays")
async def test_a_holiday_is_no_working_day(house: Runtime, clock: time_machine.Traveller):
    del clock
    await houses.prefer(preferences.Hours(), enabled=True, holidays=[MONDAY.date()])
    await houses.prefer(preferences.Handover(), notices={"closed": "Праздник, до {opens}"})
    await hire()

    assert (await _notice(Visitor())).startswith("Праздник, до 3 марта")
