"""What the overview counts, and what goes back to the assistant."""

from datetime import timedelta

import pytest
import time_machine

from tests.houses import prefer, running
from tests.makers import Visitor, hire
from vink_chat import answering, conversations, handover, preferences
from vink_chat.answering.providers import ScriptedProvider
from vink_chat.conversations import Author, Reason, Status, overview, queue
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.operators import Presence


async def _today() -> overview.Day:
    moment = now()
    async with db.reading() as tx:
        earlier, today = await overview.days(
            tx, [moment - timedelta(days=2), moment - timedelta(days=1), moment + timedelta(hours=1)]
        )
    assert earlier == overview.Day()
    return today


async def test_a_day_counts_who_answered_why_people_were_called_how_soon_and_how_well(any_database):
    anna = await hire("Анна")
    by_assistant, by_button, unanswered = Visitor(), Visitor(), Visitor()
    await by_assistant.writes("Сколько стоит доставка?")
    async with db.transaction() as tx:
        conversation = await conversations.newest(tx, by_assistant.id)
        await conversations.post(tx, conversation, Author.ASSISTANT, "Бесплатно от 10 000 рублей.")
    await by_button.presses_the_button()
    await unanswered.writes("Верните деньги")
    async with db.transaction() as tx:
        conversation = await conversations.newest(tx, unanswered.id)
        await handover.request(tx, conversation, Reason.WORDS)

    conversation_id = (await by_button.conversation()).id
    await anna.claims(conversation_id)
    await anna.replies(conversation_id, "Здравствуйте!")
    await anna.finishes(conversation_id)
    async with db.transaction() as tx:
        await handover.rate(tx, by_button.id, 4)

    today = await _today()
    assert (today.conversations, today.assistant) == (3, 1)
    assert (today.handed, today.called) == (2, {"button": 1, "words": 1})
    # Who waits still counts with the time waited so far.
    assert (len(today.waits), today.answered, today.waiting, today.missed) == (2, 1, 1, 0)
    assert 0 <= today.wait(0.5) < 60
    assert (today.ratings, today.stars) == (1, 4)


async def test_a_rating_stays_counted_when_its_visitor_writes_again(any_database):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.presses_the_button()
    conversation_id = (await visitor.conversation()).id

    for pressed in ((), (1, 3), (1, 5)):
        await anna.claims(conversation_id)
        await anna.finishes(conversation_id)
        for stars in pressed:
            async with db.transaction() as tx:
                await handover.rate(tx, visitor.id, stars)
        await visitor.writes("Ещё вопрос")

    today = await _today()
    assert (today.ratings, today.stars) == (2, 8)
    moment = now()
    for since, found in ((moment - timedelta(hours=1), [conversation_id]), (moment + timedelta(hours=1), [])):
        rated = queue.QueueQuery(queue.QueueTab.ALL, only=queue.OverviewFilter.RATED, since=since, ended=True)
        async with db.reading() as tx:
            assert [line.id for line in await queue.page(tx, rated)] == found


async def test_who_waits_counts_at_their_present_age_and_who_left_without_a_word_did_not_wait_to_see_it(any_database):
    anna, waits, left, answered = await hire("Анна"), Visitor(), Visitor(), Visitor()
    for visitor in (waits, left, answered):
        await visitor.presses_the_button()
    for visitor, minutes in ((answered, 0), (left, 5)):
        conversation_id = (await visitor.conversation()).id
        with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
            await anna.claims(conversation_id)
            if visitor is answered:
                await anna.replies(conversation_id, "Здравствуйте!")
            await anna.finishes(conversation_id)

    with time_machine.travel(now() + timedelta(minutes=20), tick=False):
        today = await _today()

    assert today.called == {"button": 3}
    assert (today.answered, today.waiting, today.missed) == (1, 1, 1)
    assert [round(wait / 60) for wait in today.waits] == [0, 5, 20]
    missed = queue.QueueQuery(
        queue.QueueTab.ALL, only=queue.OverviewFilter.MISSED, since=now() - timedelta(hours=1), ended=True
    )
    async with db.reading() as tx:
        assert [line.id for line in await queue.page(tx, missed)] == [(await left.conversation()).id]


async def test_a_word_after_the_next_call_does_not_answer_the_call_before(any_database):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.presses_the_button()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    await anna.gives_back(conversation_id)
    await visitor.presses_the_button()
    await anna.claims(conversation_id)
    await anna.replies(conversation_id, "Здравствуйте!")

    today = await _today()

    assert (today.called, today.answered, today.missed) == ({"button": 2}, 1, 1)


async def test_an_operator_who_steps_in_unasked_is_no_call_and_flatters_no_wait(any_database):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.writes("Сколько стоит доставка?")
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    await anna.replies(conversation_id, "Здравствуйте!")

    today = await _today()

    assert (today.called, today.stepped_in, today.waits, today.handed) == ({}, 1, [], 1)


async def test_what_is_so_now_is_counted_now(any_database):
    anna, visitor, assisted = await hire("Анна"), Visitor(), Visitor()
    await hire("Борис", Presence.OFF)
    await assisted.writes("Сколько стоит доставка?")
    await visitor.presses_the_button()

    async with db.reading() as tx:
        found = await overview.present(tx)

    assert (found.waiting, found.assisted) == (1, 1)
    assert found.longest_since == (await visitor.conversation()).waiting_since
    assert anna


async def test_the_longest_wait_is_that_of_somebody_who_is_still_there(any_database):
    await hire("Анна")
    left, stays = Visitor(), Visitor()
    for visitor in (left, stays):
        await visitor.presses_the_button()

    with time_machine.travel(now() + timedelta(minutes=30), tick=False):
        async with db.transaction() as tx:
            await handover.mark_seen(tx, [stays.id])
        async with db.reading() as tx:
            found = await overview.present(tx)

    assert (found.waiting, found.gone) == (2, 1)
    assert found.longest_since == (await stays.conversation()).waiting_since


def test_a_share_of_the_waits_is_the_nearest_rank():
    day = overview.Day(waits=[1.0, 2.0, 3.0, 4.0, 50.0])

    assert [day.wait(0.5), day.wait(0.9)] == [3.0, 50.0]
    assert overview.Day(waits=[5.0, 972.0]).wait(0.5) == 5.0
    assert overview.Day(waits=[*map(float, range(1, 11))]).wait(0.9) == 9.0
    assert overview.Day().wait(0.5) is None


async def test_a_failed_answer_is_listed_and_goes_back_to_the_assistant_once_more(sqlite_tables_url):
    async with running(sqlite_tables_url, ScriptedProvider(otherwise="Я бот.")) as house:
        await prefer(preferences.Handover(), low_confidence_in_a_row=1)
        visitor = Visitor()
        await visitor.writes("Что такое ПВХ?")
        await house.settle()
        async with db.reading() as tx:
            [(run, conversation)] = await answering.failures(tx)
        assert (run.reason, conversation.status) == ("check_failed", Status.WAITING)
        assert run.detail

        async with db.transaction() as tx:
            await answering.ask_again(tx, conversation.id)
            assert conversations.awaits_assistant(await conversations.get(tx, conversation.id))
        # At once: no round of the clock is needed.
        await house.settle()

        assert len(await visitor.runs()) == 2


async def test_pressed_twice_it_is_answered_once(sqlite_tables_url):
    async with running(sqlite_tables_url, ScriptedProvider("Я бот.", otherwise="Листовой пластик.")) as house:
        await prefer(preferences.Handover(), low_confidence_in_a_row=1)
        visitor = Visitor()
        await visitor.writes("Что такое ПВХ?")
        await house.settle()
        conversation_id = (await visitor.conversation()).id

        for _ in range(2):
            async with db.transaction() as tx:
                await answering.ask_again(tx, conversation_id)
            await house.settle()

        assert await visitor.texts("assistant") == ["Листовой пластик."]


async def test_a_conversation_a_person_holds_is_not_taken_away(database):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.presses_the_button()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)

    with pytest.raises(answering.NothingToRetry):
        async with db.transaction() as tx:
            await answering.ask_again(tx, conversation_id)


async def test_a_call_the_visitor_took_back_is_counted_apart(database):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.presses_the_button()
    await visitor.stops_waiting()
    await visitor.presses_the_button()
    conversation_id = (await visitor.conversation()).id
    await anna.claims(conversation_id)
    await anna.replies(conversation_id, "Добрый день!")

    async with db.reading() as tx:
        [day] = await overview.days(tx, [now() - timedelta(days=1), now() + timedelta(days=1)])

    assert (sum(day.called.values()), day.withdrawn, day.answered, day.missed) == (2, 1, 1, 0)
