"""An operator blocks a visitor for a while or for good, and lets them write again."""

from datetime import timedelta

import pytest
import time_machine

from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover
from vink_chat.conversations import Reason, Status, VisitorContext, visitors
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.operators import Presence
from vink_chat.pages.desk.reader import DeskReader

HOME = VisitorContext(address="203.0.113.7")


async def blocked(period: str = "day", context: VisitorContext | None = None) -> Visitor:
    """Return a blocked visitor; with ``context``, their address is blocked too."""
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.writes("Купите рекламу!", context=context or VisitorContext())
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await handover.block(
            tx, conversation.id, anna.id, anna.name, period=period, reason="Спам", address=context is not None
        )
    return visitor


async def test_who_is_blocked_may_neither_write_nor_call_and_the_conversation_is_over(any_database: Database):
    visitor = await blocked()

    found = await visitor.conversation()
    assert (found.status, found.reason) == (Status.CLOSED, Reason.BLOCKED)
    with pytest.raises(conversations.Blocked):
        await visitor.writes("Ещё реклама")
    with pytest.raises(conversations.Blocked):
        await visitor.presses_the_button()
    assert (await visitor.texts("visitor")) == ["Купите рекламу!"]


async def test_a_block_ends_by_itself(any_database: Database):
    visitor = await blocked("hour")

    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        await visitor.writes("Я исправился")

    assert (await visitor.texts("visitor"))[-1] == "Я исправился"


async def test_a_block_without_an_end_is_taken_back(any_database: Database):
    visitor = await blocked("always")
    with time_machine.travel(now() + timedelta(days=400), tick=False), pytest.raises(conversations.Blocked):
        await visitor.writes("Ещё реклама")

    async with db.transaction() as tx:
        await handover.unblock(tx, (await visitor.conversation()).id)

    await visitor.writes("Спасибо")


async def test_the_staff_read_who_blocked_until_when_and_why(any_database: Database):
    visitor, anna = await blocked("day"), await hire("Борис")
    conversation = await visitor.conversation()

    page = await DeskReader(conversation.id, anna.id, "ru", "Europe/Moscow").read(whole=True)

    assert page.visitor["blocked"].startswith("Заблокировано до ")
    assert page.visitor["blocked"].endswith(" · Анна · Спам")
    assert page.messages[-1]["aside"].startswith("Завершено: Анна")


@pytest.mark.parametrize("period", ["", "year", None, 5])
async def test_a_period_nobody_offers_is_refused(database: Database, period: object):
    anna, visitor = await hire("Анна"), Visitor()
    await visitor.writes("Здравствуйте")
    conversation = await visitor.conversation()

    with pytest.raises(handover.BadPeriod):
        async with db.transaction() as tx:
            await handover.block(tx, conversation.id, anna.id, anna.name, period=period, reason="")

    await visitor.writes("Я здесь")


async def test_from_a_blocked_address_nobody_opens_a_conversation_or_goes_on_with_one(any_database: Database):
    neighbour = Visitor()
    await neighbour.writes("Здравствуйте", context=HOME)
    await blocked(context=HOME)

    for visitor in (neighbour, Visitor()):
        with pytest.raises(conversations.Blocked):
            await visitor.writes("Ещё реклама", context=HOME)
        with pytest.raises(conversations.Blocked):
            async with db.transaction() as tx:
                await conversations.open_for(tx, visitor.secret, HOME)

    await Visitor().writes("А я из другого места", context=VisitorContext(address="203.0.113.8"))


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
    ],
)
async def test_an_address_is_what_the_limits_count_as_one(database: Database, first: str, second: str, is_same: bool):
    await blocked(context=VisitorContext(address=first))

    if is_same:
        with pytest.raises(conversations.Blocked):
            await Visitor().writes("Ещё реклама", context=VisitorContext(address=second))
    else:
        await Visitor().writes("Здравствуйте", context=VisitorContext(address=second))


async def test_the_block_of_an_address_ends_by_itself(any_database: Database):
    await blocked("hour", HOME)

    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        await Visitor().writes("Здравствуйте", context=HOME)


@pytest.mark.parametrize("by_whom", ["visitor", "address"])
async def test_an_address_is_let_in_again_by_itself_or_with_its_visitor(any_database: Database, by_whom: str):
    visitor = await blocked("always", HOME)

    async with db.transaction() as tx:
        if by_whom == "visitor":
            await handover.unblock_visitor(tx, visitor.id)
        else:
            await handover.unblock_address(tx, "203.0.113.7")

    await Visitor().writes("Здравствуйте", context=HOME)
    if by_whom == "address":
        with pytest.raises(conversations.Blocked):
            await visitor.writes("Ещё реклама", context=VisitorContext(address="203.0.113.8"))


@pytest.mark.parametrize(
    ("context", "refusal"),
    [
        (VisitorContext(), handover.AddressNotKept),
        (VisitorContext(address="10.0.0.1", shared_address=True), handover.SharedAddress),
    ],
)
async def test_an_address_that_is_unknown_or_a_proxys_is_not_blocked(
    database: Database, context: VisitorContext, refusal: type[Exception]
):
    with pytest.raises(refusal):
        await blocked(context=context)

    await Visitor().writes("Здравствуйте", context=context)


async def test_a_blocked_visitor_reads_until_when(database: Database):
    with time_machine.travel("2026-12-11T11:00:00+00:00", tick=False):
        visitor = await blocked("day", HOME)
        with pytest.raises(conversations.Blocked) as refusal:
            await visitor.writes("Ещё реклама", context=HOME)

    assert refusal.value.say("ru", zone="Europe/Moscow").startswith(
        "Отправка сообщений для вас закрыта до 12 декабря, 14:00."
    )
    assert "до " not in conversations.Blocked().say()


async def test_of_two_blocks_the_later_end_is_told(database: Database):
    neighbour, anna = Visitor(), await hire("Анна")
    await neighbour.writes("Здравствуйте", context=HOME)
    visitor = await blocked("hour", HOME)
    conversation = await neighbour.conversation()
    async with db.transaction() as tx:
        await handover.block(tx, conversation.id, anna.id, anna.name, period="always", reason="", address=True)

    with pytest.raises(conversations.Blocked) as refusal:
        await visitor.writes("Ещё реклама", context=HOME)

    assert refusal.value.until is None


async def test_the_blocked_are_listed_until_their_block_ends(any_database: Database):
    home = await blocked("hour", HOME)
    other = await blocked("always")

    async with db.reading() as tx:
        listed = await handover.blocked(tx)
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        async with db.reading() as tx:
            later = await handover.blocked(tx)

    assert [one.id for one in listed.visitors] == [other.id, home.id]
    assert listed.newest == {one.id: (await one.conversation()).id for one in (home, other)}
    assert [(one.place, one.blocked_by, one.blocked_reason) for one in listed.addresses] == [
        ("203.0.113.7", "Анна", "Спам")
    ]
    assert ([one.id for one in later.visitors], later.addresses) == ([other.id], [])


async def test_the_staff_read_that_the_address_alone_is_blocked(database: Database):
    neighbour, boris = Visitor(), await hire("Борис")
    await neighbour.writes("Здравствуйте", context=HOME)
    await blocked("always", HOME)
    conversation = await neighbour.conversation()

    page = await DeskReader(conversation.id, boris.id, "ru", "Europe/Moscow").read(whole=True)

    assert page.visitor["blocked"] == "Заблокировано без срока · только адрес · Анна · Спам"
    assert page.visitor["no_address"] == ""


async def test_an_address_is_forgotten_when_its_visitor_was_not_seen_for_a_month(any_database: Database):
    visitor = Visitor()
    await visitor.writes("Здравствуйте", context=HOME)
    await blocked("week", VisitorContext(address="203.0.113.9"))

    async def kept(days: int) -> tuple[str, bool]:
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            async with db.transaction() as tx:
                await conversations.forget_addresses(tx)
            async with db.reading() as tx:
                found = await visitors.get(tx, visitor.id)
                return found.address, found.shared_address

    assert await kept(29) == ("203.0.113.7", False)
    assert await kept(31) == ("", False)


async def _blocks(anna: Colleague, visitor: Visitor, *, admin: bool = False) -> None:
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await handover.block(tx, conversation.id, anna.id, anna.name, period="day", reason="", admin=admin)


async def _held_by_boris() -> tuple[Colleague, Visitor]:
    boris, visitor = await hire("Борис"), Visitor()
    await visitor.writes("Где заказ?")
    await visitor.presses_the_button()
    await boris.claims((await visitor.conversation()).id)
    return boris, visitor


async def test_the_visitor_of_a_present_colleague_is_blocked_by_that_colleague_alone(any_database: Database):
    boris, visitor = await _held_by_boris()

    with pytest.raises(handover.HolderBlocks, match="Борис"):
        await _blocks(await hire("Анна"), visitor)
    assert (await visitor.conversation()).status is Status.ATTENDED
    await visitor.writes("Я ещё здесь")

    await _blocks(boris, visitor)
    assert (await visitor.conversation()).reason is Reason.BLOCKED


async def test_the_visitor_of_a_colleague_is_blocked_by_an_administrator_or_once_that_colleague_has_gone(
    any_database: Database,
):
    _, of_who_is_here = await _held_by_boris()
    boris, of_who_has_gone = await _held_by_boris()
    await boris.goes(Presence.AWAY)

    await _blocks(await hire("Вера"), of_who_is_here, admin=True)
    await _blocks(await hire("Анна"), of_who_has_gone)

    for visitor in (of_who_is_here, of_who_has_gone):
        assert (await visitor.conversation()).reason is Reason.BLOCKED


async def test_who_is_blocked_neither_rates_nor_is_introduced_nor_leaves_contacts(any_database: Database):
    visitor = await blocked()
    card = conversations.VisitorCard.of("Администратор чата", "x@y.ru", "+79991112233")

    for act in (
        lambda tx: handover.rate(tx, visitor.id, 1),
        lambda tx: conversations.introduce(tx, visitor.secret, card, page="https://evil.example", signed=False),
        lambda tx: handover.leave_contacts(tx, visitor.id, "Имя", "+79991112233", ""),
    ):
        with pytest.raises(conversations.Blocked):
            async with db.transaction() as tx:
                await act(tx)

    assert (await visitor.conversation()).rating is None
    async with db.reading() as tx:
        assert (await visitors.get_row(tx, visitor.id)).name == ""


async def test_a_conversation_with_who_is_blocked_is_not_taken_up_again(any_database: Database):
    visitor, anna = await blocked(), await hire("Анна")
    conversation = await visitor.conversation()

    with pytest.raises(handover.StillBlocked, match="разблокируйте"):
        await anna.resumes(conversation.id)
    assert (await visitor.conversation()).status is Status.CLOSED

    async with db.transaction() as tx:
        await handover.unblock(tx, conversation.id)
    await anna.resumes(conversation.id)
    assert (await visitor.conversation()).status is Status.ATTENDED
