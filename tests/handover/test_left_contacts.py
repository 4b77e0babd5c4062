"""How a waiting visitor can be reached: by the form, or by contacts in their messages; and their consent."""

import pytest
from sqlmodel import select

from tests.makers import Visitor, hire
from vink_chat import conversations, handover
from vink_chat.bootstrap import Runtime
from vink_chat.conversations import VisitorCard
from vink_chat.conversations.model import Visitor as Row
from vink_chat.conversations.model import VisitorConsent
from vink_chat.handover.contacts import contacts_in
from vink_chat.kit import db


@pytest.mark.parametrize(
    ("text", "phone", "email"),
    [
        ("позвоните мне +7 903 123-45-67", "+7 903 123-45-67", ""),
        ("8(903)1234567, спасибо", "8(903)1234567", ""),
        ("мой номер 9031234567", "9031234567", ""),
        ("пишите на anna.p@example.ru.", "", "anna.p@example.ru"),
        ("anna@example.ru или +375 29 123-45-67", "+375 29 123-45-67", "anna@example.ru"),
        ("заказ 4821300975", "", ""),
        ("счёт 40702810500000012345", "", ""),
        ("нужно 1200 1500 листов", "", ""),
        ("https://shop.example/79031234567", "", ""),
        ("a@b", "", ""),
        ("1" * 4000, "", ""),
    ],
)
def test_a_number_and_an_address_are_found_in_a_message(text: str, phone: str, email: str):
    assert contacts_in(text) == VisitorCard(phone=phone, email=email)


@pytest.mark.parametrize(
    ("phone", "email", "refusal"),
    [
        ("", "", handover.BadContacts),
        ("12", "", handover.BadPhone),
        ("позвоните", "", handover.BadPhone),
        ("12", "anna@example.ru", handover.BadPhone),
        ("", "anna@ya", handover.BadEmail),
        ("+7 903 123-45-67", "anna@", handover.BadEmail),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(database, phone: str, email: str, refusal: type[Exception]):
    del database
    anna = Visitor()
    await anna.presses_the_button()

    with pytest.raises(handover.BadContacts) as refused:
        async with db.transaction() as tx:
            await handover.leave_contacts(tx, anna.id, "Анна", phone, email)

    assert type(refused.value) is refusal
    assert refused.value.field == ("email" if refusal is handover.BadEmail else "phone")


async def _card(visitor: Visitor) -> tuple[str, str]:
    async with db.reading() as tx:
        row = await tx.session.get_one(Row, visitor.id)
        return row.phone, row.email


async def test_a_number_written_while_waiting_becomes_the_visitors_and_is_thanked_for_once(any_house: Runtime):
    anna = Visitor()
    await anna.presses_the_button()

    for text in ("Мой телефон +7 903 123-45-67", "и почта anna@example.ru"):
        await anna.writes(text)
        await any_house.settle()

    assert await _card(anna) == ("+7 903 123-45-67", "anna@example.ru")
    assert sum("Мы сохранили контакты" in text for text in await anna.texts("system")) == 1


async def test_a_number_in_the_words_that_call_a_person_is_kept(house: Runtime):
    anna = Visitor()

    await anna.writes("позвоните мне +7 903 123-45-67")
    await house.settle()

    assert (await _card(anna))[0] == "+7 903 123-45-67"
    assert await anna.texts("system") == ["Спасибо! Мы сохранили контакты и ответим вам."]
    conversation = await anna.conversation()
    assert conversation.reason is conversations.Reason.CONTACTS_LEFT
    assert conversation.promised_at


async def test_a_number_in_the_words_that_call_a_present_person_changes_no_notice(house: Runtime):
    await hire()
    anna = Visitor()

    await anna.writes("позвоните мне +7 903 123-45-67")
    await house.settle()

    assert (await _card(anna))[0] == "+7 903 123-45-67"
    [notice] = await anna.texts("system")
    assert notice.startswith("Передаю вопрос специалисту.")


async def test_a_number_written_to_the_assistant_is_left_alone(house: Runtime):
    await hire()
    anna = Visitor()

    await anna.writes("Чем отличается литая плёнка от каландрированной? +7 903 123-45-67")
    await house.settle()

    assert await _card(anna) == ("", "")


async def test_a_consent_is_kept_once_for_each_wording(any_database):
    anna = Visitor()
    await anna.writes("Здравствуйте")

    for text in ("Согласен", "Согласен", "Согласен на всё"):
        async with any_database.transaction() as tx:
            await conversations.consent(tx, anna.id, text=text, policy_url="/policy", address="203.0.113.7")

    async with any_database.reading() as tx:
        kept = (await tx.session.exec(select(VisitorConsent))).all()
    assert sorted(one.text for one in kept) == ["Согласен", "Согласен на всё"]
    assert {(one.visitor_id, one.policy_url, one.address) for one in kept} == {(anna.id, "/policy", "203.0.113.7")}
    assert all(one.created_at for one in kept)
