"""The reason of a call stays visible, whoever gets the conversation, and so does who moved it."""

from datetime import timedelta

import pytest
import time_machine

from tests.makers import Colleague, Visitor, hire
from vink_chat import handover
from vink_chat.conversations import Conversation, Handoff, HandoffKind, Reason, Status
from vink_chat.kit import db
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.operators import AccountStatus, Role
from vink_chat.operators.model import Operator


async def held(visitor: Visitor, by: Colleague) -> Conversation:
    await visitor.writes("Где мой заказ?")
    await visitor.presses_the_button()
    conversation = await visitor.conversation()
    await by.claims(conversation.id)
    return conversation


async def test_a_transfer_keeps_the_reason_and_says_who_gave_it_to_whom(any_database: Database):
    visitor, anna, boris = Visitor(), await hire("Анна"), await hire("Борис")
    conversation = await held(visitor, anna)

    await anna.transfers(conversation.id, boris, "Просит счёт")

    found = await visitor.conversation()
    assert found.reason is Reason.BUTTON
    assert found.handoff == Handoff(HandoffKind.TRANSFERRED, by="Анна", to="Борис", note="Просит счёт")
    assert handover.handoff_words(found.handoff, "ru") == "Анна → Борис: «Просит счёт»"


async def test_a_release_keeps_the_reason_and_says_who_put_it_back(any_database: Database):
    visitor, anna = Visitor(), await hire("Анна")
    conversation = await held(visitor, anna)

    await anna.releases(conversation.id)

    found = await visitor.conversation()
    assert (found.status, found.reason) == (Status.WAITING, Reason.BUTTON)
    assert found.handoff == Handoff(HandoffKind.RELEASED, by="Анна")


async def test_what_the_clock_took_back_names_who_did_not_answer_and_for_how_long(any_database: Database):
    visitor, anna = Visitor(), await hire("Анна")
    conversation = await held(visitor, anna)

    with time_machine.travel(now() + timedelta(minutes=12), tick=False):
        async with db.transaction() as tx:
            assert await handover.requeue_abandoned(tx, conversation.id)

    found = await visitor.conversation()
    assert (found.status, found.reason) == (Status.WAITING, Reason.BUTTON)
    assert found.handoff == Handoff(HandoffKind.UNANSWERED, by="Анна", minutes=12)
    assert handover.handoff_words(found.handoff, "ru") == "Вернулся в очередь: Анна не отвечает 12 мин"


async def test_what_a_switched_off_account_held_says_whose_it_was(any_database: Database):
    visitor, anna = Visitor(), await hire("Анна")
    async with db.transaction() as tx:
        tx.session.add(
            Operator(name="Борис", role=Role.ADMIN, status=AccountStatus.ACTIVE, login_key="boris", password_hash="x")
        )
    await held(visitor, anna)

    async with db.transaction() as tx:
        await handover.switch_off(tx, anna.id)

    found = await visitor.conversation()
    assert (found.status, found.reason) == (Status.WAITING, Reason.BUTTON)
    assert found.handoff == Handoff(HandoffKind.DISABLED, by="Анна")


async def test_the_next_call_begins_without_what_was_said_of_the_one_before(any_database: Database):
    visitor, anna, boris = Visitor(), await hire("Анна"), await hire("Борис")
    conversation = await held(visitor, anna)
    await anna.transfers(conversation.id, boris)
    await boris.gives_back(conversation.id)

    await visitor.presses_the_button()

    assert (await visitor.conversation()).handoff is None


@pytest.mark.parametrize("kind", HandoffKind)
def test_every_handoff_is_said_in_both_languages(kind: HandoffKind):
    handoff = Handoff(kind, by="Анна", to="Борис", note="Счёт", minutes=5)

    said = {language: handover.handoff_words(handoff, language) for language in ("ru", "en")}

    assert all("Анна" in sentence for sentence in said.values())
    assert kind is HandoffKind.TRANSFERRED or said["ru"] != said["en"]


async def test_an_operator_who_stepped_in_unasked_is_a_reason_of_its_own(any_database: Database):
    visitor, anna = Visitor(), await hire("Анна")
    await visitor.writes("Где мой заказ?")
    conversation = await visitor.conversation()
    await anna.claims(conversation.id)

    await anna.releases(conversation.id)

    assert (await visitor.conversation()).reason is Reason.OPERATOR
