import asyncio
from datetime import timedelta

import pytest
import time_machine

from tests.operators.conftest import hire
from vink_chat import operators
from vink_chat.events import OperatorsChanged
from vink_chat.kit.clock import now
from vink_chat.kit.db import Database
from vink_chat.operators import (
    AccountStatus,
    AlreadyConfirmed,
    InvalidTelegram,
    LinkExpired,
    NothingToConfirm,
    OperatorView,
    Role,
    TelegramTaken,
)

ANNAS_TELEGRAM = 4_503_599_627_370_495  # 52 bits, the most there can be


async def token_for(database: Database, operator: OperatorView) -> str:
    async with database.transaction() as tx:
        return await operators.telegram_link_token(tx, operator.id)


async def link(database: Database, token: object, telegram_id: int) -> OperatorView:
    async with database.transaction() as tx:
        return await operators.link_telegram(tx, token, telegram_id)


async def test_an_account_is_linked_by_a_token_that_fits_telegrams_start(any_database: Database):
    anna = await hire(any_database, "anna")

    token = await token_for(any_database, anna)
    linked = await link(any_database, token, ANNAS_TELEGRAM)

    # Bot API: a start parameter is up to 64 of A-Z, a-z, 0-9, _ and -.
    assert len(token) <= 64
    assert token.replace("-", "").replace("_", "").isalnum()
    assert (linked.id, linked.telegram_id) == (anna.id, ANNAS_TELEGRAM)
    async with any_database.reading() as tx:
        assert await operators.by_telegram(tx, ANNAS_TELEGRAM) == linked
    with pytest.raises(LinkExpired):
        await link(any_database, token, ANNAS_TELEGRAM)

    async with any_database.transaction() as tx:
        await operators.unlink_telegram(tx, anna.id)
    async with any_database.reading() as tx:
        assert await operators.by_telegram(tx, ANNAS_TELEGRAM) is None


async def test_a_telegram_token_works_for_a_quarter_of_an_hour(database: Database):
    anna = await hire(database, "anna")
    with time_machine.travel(now(), tick=False) as clock:
        token = await token_for(database, anna)
        clock.shift(timedelta(minutes=15))

        with pytest.raises(LinkExpired):
            await link(database, token, 7)


async def test_one_telegram_account_serves_one_operator(any_database: Database):
    anna, boris = await hire(any_database, "anna"), await hire(any_database, "boris")
    tokens = [await token_for(any_database, one) for one in (anna, boris)]

    outcomes = await asyncio.gather(*(link(any_database, token, 7) for token in tokens), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["OperatorView", "TelegramTaken"]
    loser = anna if isinstance(outcomes[0], TelegramTaken) else boris
    with pytest.raises(TelegramTaken, match="уже связан с другим"):
        await link(any_database, await token_for(any_database, loser), 7)


async def test_who_writes_to_the_bot_waits_once_until_confirmed(any_database: Database):
    heard: list[object] = []
    any_database.listener = heard.extend

    async def write(name: str) -> OperatorView:
        async with any_database.transaction() as tx:
            return await operators.pending_from_telegram(tx, 7, name)

    waiting = await asyncio.gather(*(write("Глеб") for _ in range(4)))
    again = await write("Глеб, но иначе")

    assert {one.id for one in waiting} == {again.id}
    assert (again.name, again.status, again.role) == ("Глеб", AccountStatus.PENDING, Role.OPERATOR)
    assert set(heard) == {OperatorsChanged(again.id)}

    async with any_database.transaction() as tx:
        confirmed = await operators.confirm(tx, again.id, Role.OPERATOR)
    assert (confirmed.status, confirmed.can_sign_in) == (AccountStatus.ACTIVE, False)
    with pytest.raises(AlreadyConfirmed):
        async with any_database.transaction() as tx:
            await operators.confirm(tx, again.id, Role.ADMIN)


async def test_an_invitation_is_not_confirmed_for_its_owner(database: Database):
    async with database.transaction() as tx:
        await operators.invite(tx, "Анна")
        [anna] = await operators.operators(tx)

    with pytest.raises(NothingToConfirm):
        async with database.transaction() as tx:
            await operators.confirm(tx, anna.id)


async def test_who_waited_in_telegram_becomes_the_operator_they_link_with(database: Database):
    anna = await hire(database, "anna")
    async with database.transaction() as tx:
        await operators.pending_from_telegram(tx, 7, "anna_k")

    await link(database, await token_for(database, anna), 7)

    async with database.reading() as tx:
        [only] = await operators.operators(tx)
    assert (only.id, only.telegram_id) == (anna.id, 7)


async def test_an_operator_from_telegram_can_be_given_a_desk(database: Database):
    async with database.transaction() as tx:
        gleb = await operators.pending_from_telegram(tx, 7, "Глеб")
        await operators.confirm(tx, gleb.id)
        token = await operators.invite_again(tx, gleb.id)

    accepted = await operators.accept(database.transaction, token, "gleb", "пароль Глеба")

    assert (accepted.id, accepted.telegram_id, accepted.can_sign_in) == (gleb.id, 7, True)


@pytest.mark.parametrize("telegram_id", [0, -5, 2**53, 2**70, True, None, "7", 7.0, {}])
async def test_what_is_no_telegram_id_is_refused(database: Database, telegram_id: int):
    for verb in (
        lambda tx: operators.pending_from_telegram(tx, telegram_id, "Глеб"),
        lambda tx: operators.by_telegram(tx, telegram_id),
        lambda tx: operators.link_telegram(tx, "x", telegram_id),
    ):
        with pytest.raises(InvalidTelegram):
            async with database.transaction() as tx:
                await verb(tx)


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("  Глеб\n\x00 К. ", "Глеб К."),
        ("", "Без имени"),
        (None, "Без имени"),
        ("\u202e", "Без имени"),
        ("я" * 99, "я" * 80),
    ],
)
async def test_whatever_telegram_calls_a_person_becomes_a_name(database: Database, called: str, name: str):
    async with database.transaction() as tx:
        assert (await operators.pending_from_telegram(tx, 7, called)).name == name
