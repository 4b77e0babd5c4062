"""A colleague takes over from a holder who is not present, an administrator from any holder."""

import asyncio
from uuid import uuid4

import pytest

from tests.makers import Colleague, Visitor, hire
from vink_chat import conversations, handover, operators
from vink_chat.conversations import Handoff, HandoffKind, Status
from vink_chat.handover import AlreadyTaken, HolderPresent, NoOpenConversation
from vink_chat.kit import db
from vink_chat.kit.db import Database
from vink_chat.operators import AccountDisabled, Presence, Role, SignedIn
from vink_chat.operators.model import Operator
from vink_chat.pages.desk.reader import DeskReader


async def held_by(holder: Colleague) -> Visitor:
    visitor = Visitor()
    await visitor.presses_the_button()
    await holder.claims((await visitor.conversation()).id)
    return visitor


async def take_over(taker: Colleague, visitor: Visitor, holder: Colleague, role: Role = Role.OPERATOR) -> None:
    asking = SignedIn(taker.id, uuid4(), taker.name, role, Presence.HERE, "ru")
    conversation = await visitor.conversation()
    async with db.transaction() as tx:
        await handover.take_over(tx, conversation.id, asking, holder.id)


async def take_from(visitor: Visitor, who: Colleague, *, admin: bool = False) -> str:
    conversation = await visitor.conversation()
    return (await DeskReader(conversation.id, who.id, "ru", "UTC", admin=admin).read(whole=True)).head["take_from"]


async def test_a_login_of_who_takes_over_is_not_shown_to_the_visitor(any_database: Database):
    anna, boss = await hire("Анна"), await hire("Boss")
    async with db.transaction() as tx:
        account = await tx.session.get_one(Operator, boss.id)
        account.login = account.login_key = "boss"
    visitor = await held_by(anna)

    await take_over(boss, visitor, anna, Role.ADMIN)

    assert (await visitor.texts("system"))[-1] == "Разговор продолжит другой специалист."


async def test_a_colleague_takes_over_from_a_holder_who_is_away_and_everybody_reads_it(any_database: Database):
    anna, boris = await hire("Анна"), await hire("Борис")
    visitor = await held_by(anna)
    await anna.goes(Presence.AWAY)

    assert await take_from(visitor, boris) == str(anna.id)
    await take_over(boris, visitor, anna)

    conversation = await visitor.conversation()
    assert (conversation.status, conversation.operator_id) == (Status.ATTENDED, boris.id)
    assert conversation.handoff == Handoff(HandoffKind.TAKEN_OVER, by="Анна", to="Борис", from_id=anna.id)
    assert (await visitor.texts("system"))[-1] == "Разговор продолжит специалист: Борис."
    page = await DeskReader(conversation.id, anna.id, "ru", "UTC").read(whole=True)
    assert (page.head["holder"], page.head["moved"]) == ("Борис", "Забрал(а): Борис · до этого: Анна")
    assert page.head["take_from"] == ""
    async with db.reading() as tx:
        said = await conversations.conversation_messages(tx, conversation.id, limit=40)
    assert [one.text for one in said if one.note] == ["Забрал(а): Борис · до этого: Анна"]
    assert all("взят" not in text for text in await visitor.texts())


async def test_from_a_holder_who_is_present_only_an_administrator_takes_over(any_database: Database):
    anna, boris = await hire("Анна"), await hire("Борис")
    visitor = await held_by(anna)

    assert await take_from(visitor, boris) == ""
    with pytest.raises(HolderPresent, match="Анна на месте"):
        await take_over(boris, visitor, anna)
    assert (await visitor.conversation()).operator_id == anna.id

    assert await take_from(visitor, boris, admin=True) == str(anna.id)
    await take_over(boris, visitor, anna, Role.ADMIN)
    assert (await visitor.conversation()).operator_id == boris.id


async def test_of_two_who_take_over_together_one_wins_and_the_other_reads_who(any_database: Database):
    anna, boris, vera = await hire("Анна"), await hire("Борис"), await hire("Вера")
    visitor = await held_by(anna)

    said = await asyncio.gather(
        *(take_over(one, visitor, anna, Role.ADMIN) for one in (boris, vera)), return_exceptions=True
    )

    name = (await visitor.conversation()).operator_name
    assert sorted(map(str, said)) == sorted(["None", f"Уже взял(а) {name}."])
    assert [one for one in said if one is not None and not isinstance(one, AlreadyTaken)] == []
    assert sum("продолжит" in text for text in await visitor.texts("system")) == 1


async def test_what_waits_again_is_claimed_and_what_is_over_is_refused(any_database: Database):
    anna, boris = await hire("Анна"), await hire("Борис")
    visitor, other = await held_by(anna), await held_by(anna)
    await anna.releases((await visitor.conversation()).id)
    await anna.finishes((await other.conversation()).id)

    await take_over(boris, visitor, anna)
    with pytest.raises(NoOpenConversation):
        await take_over(boris, other, anna)

    assert (await visitor.conversation()).operator_id == boris.id


async def test_taking_over_stops_an_end_that_was_coming_and_asks_for_an_account_in_use(any_database: Database):
    anna, boris, fired = await hire("Анна"), await hire("Борис"), await hire("Вера")
    visitor = await held_by(anna)
    await anna.finishes_soon((await visitor.conversation()).id)
    async with db.transaction() as tx:
        await operators.set_presence(tx, anna.id, Presence.OFF)

    async with db.transaction() as tx:
        await handover.switch_off(tx, fired.id)
    with pytest.raises(AccountDisabled):
        await take_over(fired, visitor, anna)
    await take_over(boris, visitor, anna)

    conversation = await visitor.conversation()
    assert (conversation.ends_at, conversation.operator_id) == (None, boris.id)
