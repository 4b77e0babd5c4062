"""Pressing something twice tells nobody anything twice."""

from datetime import timedelta

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations import visitors
from vink_chat.events import ConversationRated
from vink_chat.kit import db
from vink_chat.kit.db import Database


async def test_contacts_left_twice_are_noted_once_and_the_last_ones_count(any_database: Database):
    anna = Visitor()
    await anna.presses_the_button()
    before = len(await anna.texts("system"))

    for phone in ("+7 900 123-45-67", "+7 900 765-43-21"):
        async with db.transaction() as tx:
            await handover.leave_contacts(tx, anna.id, "Анна", phone, "")

    assert len(await anna.texts("system")) == before + 1
    async with db.reading() as tx:
        said = await conversations.conversation_messages(tx, (await anna.conversation()).id)
        visitor = await visitors.get_row(tx, anna.id)
    assert len([message for message in said if message.note]) == 1
    assert visitor.phone == "+7 900 765-43-21"


async def test_what_is_left_empty_in_the_form_stays_as_it_was_known(any_database: Database):
    anna = Visitor()
    await anna.presses_the_button()
    async with db.transaction() as tx:
        card = conversations.VisitorCard.of("Анна Петрова", "anna@vink.ru", "+7 900 765-43-21")
        await conversations.introduce(tx, anna.secret, card, signed=True)

    async with db.transaction() as tx:
        await handover.leave_contacts(tx, anna.id, "", "+7 900 123-45-67", "")

    async with db.reading() as tx:
        visitor = await visitors.get_row(tx, anna.id)
    assert (visitor.name, visitor.email, visitor.phone) == ("Анна Петрова", "anna@vink.ru", "+7 900 123-45-67")


async def test_contacts_sent_the_moment_somebody_takes_it_are_kept(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await anna.presses_the_button()
    await olga.claims((await anna.conversation()).id)

    async with db.transaction() as tx:
        await handover.leave_contacts(tx, anna.id, "Анна", "+7 900 123-45-67", "")

    async with db.reading() as tx:
        assert (await visitors.get_row(tx, anna.id)).phone == "+7 900 123-45-67"


async def test_the_same_stars_again_are_no_news_and_other_stars_count(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await anna.presses_the_button()
    conversation_id = (await anna.conversation()).id
    await olga.claims(conversation_id)
    await olga.finishes(conversation_id)
    events: list[object] = []
    any_database.listener = events.extend

    for stars in (5, 5, 3):
        async with db.transaction() as tx:
            await handover.rate(tx, anna.id, stars)

    assert len([event for event in events if isinstance(event, ConversationRated)]) == 2
    assert (await anna.conversation()).rating == 3


async def test_a_conversation_that_goes_on_is_rated_at_its_new_end(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await anna.presses_the_button()
    conversation_id = (await anna.conversation()).id
    await olga.claims(conversation_id)
    await olga.finishes(conversation_id)
    async with db.transaction() as tx:
        await handover.rate(tx, anna.id, 2)

    await anna.presses_the_button()
    await olga.claims(conversation_id)
    await olga.finishes(conversation_id)

    conversation = await anna.conversation()
    assert (conversation.id, conversation.rating) == (conversation_id, None)


async def test_the_button_reopens_within_the_window_only(any_database: Database):
    anna, olga = Visitor(), await hire("Ольга")
    await anna.presses_the_button()
    first = (await anna.conversation()).id
    await olga.claims(first)
    await olga.finishes(first)

    await anna.presses_the_button(reopen_within=timedelta(0))

    assert (await anna.conversation()).id != first
