"""What a site says about its visitor, and how much of it is believed."""

import hashlib
import hmac

import pytest

from tests.makers import Visitor
from vink_chat import conversations, preferences
from vink_chat.conversations import VisitorCard
from vink_chat.conversations.model import Visitor as Row
from vink_chat.kit import db
from vink_chat.kit.clock import now


async def told(visitor: Visitor, card: VisitorCard, **more: object) -> None:
    async with db.transaction() as tx:
        await conversations.introduce(tx, visitor.secret, card, **more)


async def known(visitor: Visitor) -> tuple[str, str, str] | None:
    async with db.reading() as tx:
        row = await tx.session.get(Row, visitor.id)
        return row and (row.name, row.email, row.phone)


async def test_a_card_is_kept_before_the_first_message_and_after(any_database):
    anna = Visitor()

    await told(anna, VisitorCard.of("Анна", "anna@example.ru", "+7 495 000-00-00"))
    await anna.writes("Здравствуйте")

    assert await known(anna) == ("Анна", "anna@example.ru", "+7 495 000-00-00")
    assert [message.position for message in await anna.reads()] == [1]


async def test_a_visitor_of_whom_nothing_is_said_leaves_no_row(database):
    nobody = Visitor()

    await told(nobody, VisitorCard(), page="https://shop.example/")

    assert await known(nobody) is None


async def test_anybodys_word_fills_gaps_and_a_signature_corrects(database):
    anna = Visitor()
    await told(anna, VisitorCard(name="Анна"))

    await told(anna, VisitorCard(name="Самозванка", email="anna@example.ru"))
    assert await known(anna) == ("Анна", "anna@example.ru", "")

    await told(anna, VisitorCard(name="Анна Петрова"), signed=True)
    assert await known(anna) == ("Анна Петрова", "anna@example.ru", "")


async def test_operators_see_the_page_the_visitor_is_on_now(database):
    anna = Visitor()
    await anna.writes("Здравствуйте")

    await told(anna, VisitorCard(), page="https://shop.example/cart\x00\n?a=1")

    assert (await anna.conversation()).page == "https://shop.example/cart ?a=1"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("Анна\n<b>", "нет", "звоните"), ("Анна <b>", "", "")),
        ((None, 7, ["+7"]), ("", "", "")),
        (("я" * 500, "a@b.ru", "84950000000"), ("я" * 200, "a@b.ru", "84950000000")),
        (("", "a@b.ru\nbcc: x@y.z", "+7 (495) 000-00-00"), ("", "", "+7 (495) 000-00-00")),
    ],
)
def test_a_card_is_cleaned(given: tuple[object, object, object], kept: tuple[str, str, str]):
    card = VisitorCard.of(*given)

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
    assert conversations.signature_holds(secret, user, signature, timeless=True) is holds
    assert not conversations.signature_holds(secret, user, signature)


def timed(user: str, moment: int | str) -> str:
    return f"{moment}.{hmac.new(SECRET.encode(), f'{user}:{moment}'.encode(), hashlib.sha512).hexdigest()}"


def test_a_signature_with_a_time_holds_for_a_day():
    present = int(now().timestamp())

    def holds(moment: int, user: str = "user-1") -> bool:
        return conversations.signature_holds(SECRET, user, timed("user-1", moment))

    assert holds(present)
    assert holds(present - 23 * 3600)
    assert holds(present + 240)
    assert not holds(present - 25 * 3600)
    assert not holds(present + 900)
    assert not holds(present, "user-2")
    assert not holds(present, f"user-1:{present}")


def test_a_signature_without_a_time_is_none_for_another_user_with_one():
    moment = int(now().timestamp())
    of_the_attacker = hmac.new(SECRET.encode(), f"victim:{moment}".encode(), hashlib.sha256).hexdigest()

    assert conversations.signature_holds(SECRET, f"victim:{moment}", of_the_attacker, timeless=True)
    assert not conversations.signature_holds(SECRET, "victim", f"{moment}.{of_the_attacker}", timeless=True)


@pytest.mark.parametrize("moment", ["", "-1", "1e9", "٣٣٣٣٣٣٣٣٣", "9" * 400, " 1700000000"])
def test_a_time_that_is_none_holds_nothing(moment: str):
    assert not conversations.signature_holds(SECRET, "user-1", timed("user-1", moment), timeless=True)


@pytest.mark.shows("Identity.timeless")
def test_who_signed_before_goes_on_and_who_begins_signs_with_a_time():
    assert preferences.Identity.model_validate({"secret": SECRET}).timeless
    assert not preferences.Identity.with_new_secret().timeless
