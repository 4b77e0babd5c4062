"""What a site says about its visitor, and how much of it is believed."""

import hashlib
import hmac

import pytest

from tests.makers import Visitor
from vink_chat import conversations, preferences
from vink_chat.conversations import Card
from vink_chat.conversations.model import Visitor as Row
from vink_chat.kit import db


async def told(visitor: Visitor, card: Card, **more: object) -> None:
    async with db.transaction() as tx:
        await conversations.introduce(tx, visitor.secret, card, **more)


async def known(visitor: Visitor) -> tuple[str, str, str] | None:
    async with db.reading() as tx:
        row = await tx.session.get(Row, visitor.id)
        return row and (row.name, row.email, row.phone)


async def test_a_card_is_kept_before_the_first_message_and_after(any_database):
    anna = Visitor()

    await told(anna, Card.of("Анна", "anna@example.ru", "+7 495 000-00-00"))
    await anna.writes("Здравствуйте")

    assert await known(anna) == ("Анна", "anna@example.ru", "+7 495 000-00-00")
    assert [message.position for message in await anna.reads()] == [1]


async def test_a_visitor_of_whom_nothing_is_said_leaves_no_row(database):
    nobody = Visitor()

    await told(nobody, Card(), page="https://shop.example/")

    assert await known(nobody) is None


async def test_anybodys_word_fills_gaps_and_a_signature_corrects(database):
    anna = Visitor()
    await told(anna, Card(name="Анна"))

    await told(anna, Card(name="Самозванка", email="anna@example.ru"))
    assert await known(anna) == ("Анна", "anna@example.ru", "")

    await told(anna, Card(name="Анна Петрова"), signed=True)
    assert await known(anna) == ("Анна Петрова", "anna@example.ru", "")


async def test_operators_see_the_page_the_visitor_is_on_now(database):
    anna = Visitor()
    await anna.writes("Здравствуйте")

    await told(anna, Card(), page="https://shop.example/cart\x00\n?a=1")

    assert (await anna.conversation()).page == "https://shop.example/cart ?a=1"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("Анна\n<b>", "нет", "звоните"), ("Анна <b>", "", "")),
        ((None, 7, ["+7"]), ("", "", "")),
        (("я" * 500, "a@b.c", "84950000000"), ("я" * 200, "a@b.c", "84950000000")),
        (("", "a@b.c\nbcc: x@y.z", "+7 (495) 000-00-00"), ("", "", "+7 (495) 000-00-00")),
    ],
)
def test_a_card_is_cleaned(given: tuple[object, object, object], kept: tuple[str, str, str]):
    card = Card.of(*given)

    assert (card.name, card.email, card.phone) == kept


SECRET = "s" * 43
GOOD = hmac.new(SECRET.encode(), b"user-1", hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("secret", "user", "signature", "holds"),
    [
        (SECRET, "user-1", GOOD, True),
        (SECRET, "user-1", GOOD.upper(), True),
        (SECRET, "user-2", GOOD, False),
        (SECRET, "user-1 ", GOOD, False),
        (SECRET, "user-1", GOOD[:-1], False),
        (SECRET, "user-1", "", False),
        (SECRET, "user-1", "ж" * 64, False),
        (SECRET, "user-1", None, False),
        (SECRET, 1, GOOD, False),
        (SECRET, "", hmac.new(SECRET.encode(), b"", hashlib.sha256).hexdigest(), False),
        ("", "user-1", hmac.new(b"", b"user-1", hashlib.sha256).hexdigest(), False),
    ],
)
def test_a_signature_holds_for_its_user_alone(secret: str, user: object, signature: object, *, holds: bool):
    assert conversations.signature_holds(secret, user, signature) is holds


def test_a_signed_user_has_one_secret_that_hangs_on_the_installation():
    one = conversations.signed_secret("installation", "user-1")

    assert one == conversations.signed_secret("installation", "user-1")
    assert conversations.is_secret(one)
    assert (
        len(
            {one, conversations.signed_secret("installation", "user-2"), conversations.signed_secret("other", "user-1")}
        )
        == 3
    )


def test_a_fresh_signing_secret_is_long_and_never_the_same():
    one, two = preferences.Identity.fresh(), preferences.Identity.fresh()

    assert len(one.secret) >= 43
    assert one != two
